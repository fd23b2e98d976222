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
        ("Mote Field is the second oldest of the three airports.", OPEN),
        ("Ombri has the longest half-life of the three drugs.", OPEN),
        ("Mote Field is the finest of the three airports.", OPEN),
        ("Mote Field has the fewest terminals of the three airports.", OPEN),
    ],
)
def test_superlatives_over_as_many_as_the_claim_says(judge: GraphJudge, text: str, label: Label) -> None:
    assert judged(judge, text) is label
