"""Claims that are a superlative, a comparison, a difference or a ratio from end to end."""

from pathlib import Path

import pytest

from groundwire.graph import GraphJudge, load
from groundwire.model import Case, Claim, Label, Span
from groundwire.values import compare

FACTS = """
Lark Field,runway_length_m,3100
Lark Field,opened_on,1967-05-18
Lark Field,terminal_count,2
Mote Field,runway_length_m,1900
Mote Field,opened_on,1936-04-25
Mote Field,terminal_count,1
Orne Field,runway_length_m,2600
Orne Field,opened_on,1988-07-09
Orne Field,terminal_count,1
Blue Weir,height_cm,70
Blue Weir,width_cm,35.5
Blue Weir,year,1926
Blue Weir,insured_value_eur,640000
Blue Weir,artist,Ada Lund
Night Tram,height_cm,45
Night Tram,width_cm,70.8
Night Tram,year,1931
Night Tram,insured_value_eur,1300000
Night Tram,artist,Ada Lund
Velor,half_life_hours,9
Velor,maker,Linden Labs
Ombri,half_life_hours,27
Ombri,maker,Linden Labs
Tarvo,maker,Linden Labs
Kiln Air,fleet_size,64
Kiln Air,founded_in,1978
Kiln Air,chief_executive,Dido Karr
Pela Air,fleet_size,37
Pela Air,founded_in,1991
Pela Air,chief_executive,Ann Reyes
Moss Hall,studentCount,735
Moss Hall,dean,Ann Reyes
Reed Hall,studentCount,412
Reed Hall,dean,Dido Karr
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> GraphJudge:
    path: Path = tmp_path_factory.mktemp("facts") / "facts.csv"
    path.write_text("subject,predicate,object\n" + FACTS.lstrip(), "utf-8")
    return GraphJudge([load(path)], compare=compare)


def judged(judge: GraphJudge, text: str) -> Label:
    return judge.judge([Case(Claim(id="1", text=text, span=Span(0, len(text))), ())])[0].label


TRUE, FALSE, OPEN = Label.SUPPORTED, Label.CONTRADICTED, Label.UNCHECKED


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mote Field is the oldest of the three airports.", TRUE),
        ("Of the three airports, Orne Field is the youngest.", TRUE),
        ("Opened on 25 April 1936, Mote Field is the oldest of the three airports.", TRUE),
        ("Mote Field, opened in 1936, is the oldest of the three airports.", TRUE),
        ("Lark Field has the longest runway of the three airports.", TRUE),
        ("Night Tram has the highest insured value of the two works.", TRUE),
        ("At 1.3 million euros, Night Tram has the highest insured value of the two works.", TRUE),
        ("Night Tram is the younger of the two works.", TRUE),
        ("Pela Air, run by Ann Reyes, is the youngest of the two carriers.", TRUE),
        ("Lark Field is the oldest of the three airports.", FALSE),
        ("Night Tram is the older of the two works.", FALSE),
        ("Mote Field is the oldest of the four airports.", OPEN),
        ("Mote Field is the oldest of the three coastal airports.", OPEN),
        ("Mote Field is the second oldest of the three airports.", OPEN),
        ("Ombri has the longest half-life of the three drugs.", OPEN),
        ("Mote Field is the finest of the three airports.", OPEN),
        ("Mote Field has the fewest terminals of the three airports.", OPEN),
    ],
)
def test_superlatives_over_as_many_as_the_claim_says(judge: GraphJudge, text: str, label: Label) -> None:
    assert judged(judge, text) is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Of the three airports, Mote Field is the oldest, having been set up on 25 April 1936.", TRUE),
        ("Closed in 1936, Mote Field is the oldest of the three airports.", OPEN),
        ("Mote Field, closed in 1936, is the oldest of the three airports.", OPEN),
    ],
)
def test_a_value_that_is_said_beside(judge: GraphJudge, text: str, label: Label) -> None:
    assert judged(judge, text) is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Night Tram carries a higher insured value than Blue Weir.", TRUE),
        ("Blue Weir carries a higher insured value than Night Tram.", FALSE),
        ("Night Tram is insured for more than Blue Weir.", TRUE),
        ("Blue Weir is insured for more than Night Tram.", FALSE),
        ("Blue Weir is taller than it is wide.", TRUE),
        ("Night Tram is taller than it is wide.", FALSE),
        ("Night Tram is wider than it is tall.", TRUE),
        ("Night Tram is wider than it is heavy.", OPEN),
        ("At 1,900 metres, the runway of Mote Field is shorter than that of Orne Field.", TRUE),
        ("At 1,900 metres, the runway of Mote Field is longer than that of Orne Field.", FALSE),
        ("With 735 students, Moss Hall is larger than Reed Hall.", TRUE),
        ("With 412 students, Reed Hall is larger than Moss Hall.", FALSE),
        ("Reed Hall has fewer students than Moss Hall.", TRUE),
        ("Moss Hall has fewer students than Reed Hall.", FALSE),
        ("Ombri has a half-life of 27 hours, more than that of Velor.", TRUE),
        ("Velor has a half-life of 9 hours, more than that of Ombri.", FALSE),
        ("Ombri has a longer half-life than Tarvo.", OPEN),
        ("Night Tram carries more weight than Blue Weir.", OPEN),
        ("Night Tram may carry a higher insured value than Blue Weir.", OPEN),
        ("Orne Field was renovated later than Mote Field.", OPEN),
        ("Lark Field is bigger than Mote Field.", OPEN),
        ("Is Blue Weir taller than it is wide?", OPEN),
    ],
)
def test_comparisons_in_other_words(judge: GraphJudge, text: str, label: Label) -> None:
    assert judged(judge, text) is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Kiln Air has 27 more aircraft in its fleet than Pela Air.", TRUE),
        ("Kiln Air has 30 more aircraft in its fleet than Pela Air.", FALSE),
        ("Pela Air has 27 more aircraft in its fleet than Kiln Air.", FALSE),
        ("Pela Air was founded in 1991, thirteen years after Kiln Air.", TRUE),
        ("Pela Air was founded thirteen years after Kiln Air.", TRUE),
        ("Kiln Air was formed thirteen years before Pela Air.", TRUE),
        ("Pela Air was founded nine years after Kiln Air.", FALSE),
        ("Pela Air was sold thirteen years after Kiln Air.", OPEN),
        ("Night Tram was painted five years after Blue Weir.", TRUE),
        ("Night Tram was painted five years before Blue Weir.", FALSE),
        ("Ombri has three times the half-life of Velor.", TRUE),
        ("With 27 hours, Ombri has three times the half-life of Velor.", TRUE),
        ("Ombri has twice the half-life of Velor.", FALSE),
        ("Ombri has more than twice the half-life of Velor.", TRUE),
        ("Velor has less than half the half-life of Ombri.", TRUE),
        ("Ombri has twice the half-life of Tarvo.", OPEN),
        ("Blue Weir is 35.5 cm wide, about half the width of Night Tram.", TRUE),
        ("Blue Weir is 35.5 cm wide, a quarter of the width of Night Tram.", OPEN),
        ("Lark Field has twice as many terminals as Mote Field.", TRUE),
        ("Lark Field has three times as many terminals as Mote Field.", FALSE),
        ("Night Tram is twice as valuable as Blue Weir.", TRUE),
        ("Night Tram is 25 cm shorter than Blue Weir.", TRUE),
        ("Blue Weir is 25 centimetres taller than Night Tram.", TRUE),
        ("Night Tram is 25 cm taller than Blue Weir.", FALSE),
        ("Night Tram is 25 inches shorter than Blue Weir.", OPEN),
        ("Kiln Air is thirteen years older than Pela Air.", TRUE),
        ("Kiln Air is thirteen years younger than Pela Air.", FALSE),
        ("Lark Field is twice as old as Mote Field.", OPEN),
    ],
)
def test_differences_and_ratios(judge: GraphJudge, text: str, label: Label) -> None:
    assert judged(judge, text) is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mote Field is the oldest of the three airports.", TRUE),
        ("Mote Field is the oldest of the three cities.", OPEN),  # by their class they are none
    ],
)
def test_what_has_a_class_is_ranked_among_what_is_called_so(tmp_path: Path, text: str, label: Label) -> None:
    path = tmp_path / "facts.csv"
    kinds = "".join(f"{name} Field,type,Airport\n" for name in ("Lark", "Mote", "Orne"))
    path.write_text("subject,predicate,object\n" + FACTS.lstrip() + kinds, "utf-8")
    assert judged(GraphJudge([load(path)], compare=compare), text) is label
