"""Numbers that a claim has in words, or in several parts, against the numbers of a graph."""

import pytest

from groundwire.graph import GraphJudge, load
from groundwire.graph.spoken import amounts
from groundwire.model import Case, Claim, Label, Piece, Span
from groundwire.values import compare

FACTS = [
    ("Ostadol", "half_life_hours", "9"),
    ("Ostadol", "maker", "Velm Pharma"),
    ("Tarvol", "half_life_hours", "2.5"),
    ("Dock Nine", "usb_c_ports", "3"),
    ("Dock Nine", "warranty_months", "36"),
    ("Dock Nine", "weight_g", "498"),
    ("High Court of Orl", "numberOfJudges", "11"),
    ("High Court of Orl", "founded_in", "1933"),
    ("High Court of Orl", "president", "Ann Reyes"),
    ("City Court of Orl", "numberOfJudges", "17"),
    ("City Court of Orl", "founded_in", "1920"),
    ("Ann Reyes", "type", "judge"),
    ("Kestrel Line", "flight_time_min", "75"),
    ("Long Line", "flight_time_min", "160"),
    ("Salt Film", "duration", "PT2H14M"),
    ("Salt Film", "director", "Ann Reyes"),
    ("MSc in Rocks", "durationYears", "2"),
]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> GraphJudge:
    path = tmp_path_factory.mktemp("facts") / "facts.tsv"
    path.write_text("".join("\t".join(fact) + "\n" for fact in FACTS), "utf-8")
    return GraphJudge([load(path)], compare=compare)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two and a half hours", ["2.5 hours"]),
        ("an hour and a quarter", ["1.25 hour"]),
        ("2 h 40 min", ["160 min"]),
        ("one hour and 52 minutes", ["112 minutes"]),
        ("two hours, fourteen minutes and five seconds", ["8045 seconds"]),
        ("half a kilogram", ["0.5 kilogram"]),
        ("three quarters of an hour", ["0.75 hour"]),
        ("two years and three months", ["27 months"]),
        ("five feet eleven inches", ["71 inches"]),
        ("one hundred and twenty-one judges", ["121"]),
        ("I am here, and a half is left", []),
        ("40 min 2 h", []),
        ("9 hours", []),
    ],
)
def test_amounts_in_words(text: str, said: list[str]) -> None:
    assert [one.amount for one in amounts(text)] == said


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ostadol has a half-life of nine hours.", Label.SUPPORTED),
        ("Ostadol has a half-life of seven hours.", Label.UNSUPPORTED),
        ("Ostadol has a half-life of nine minutes.", Label.UNSUPPORTED),
        ("Tarvol has a half-life of two and a half hours.", Label.SUPPORTED),
        ("Tarvol has a half-life of two hours and 30 minutes.", Label.SUPPORTED),
        ("Tarvol has a half-life of three and a half hours.", Label.UNSUPPORTED),
        ("The Kestrel Line takes an hour and a quarter.", Label.SUPPORTED),
        ("The Long Line takes 2 h 40 min.", Label.SUPPORTED),
        ("The Long Line takes 2 h 10 min.", Label.CONTRADICTED),
        ("The Long Line takes more than two and a half hours.", Label.SUPPORTED),
        ("Salt Film lasts two hours and 14 minutes.", Label.SUPPORTED),
        ("Salt Film lasts 134 minutes.", Label.SUPPORTED),
        ("Salt Film lasts one hour and 14 minutes.", Label.CONTRADICTED),
        ("Dock Nine has three USB-C ports.", Label.SUPPORTED),
        ("Dock Nine offers five USB-C ports.", Label.UNSUPPORTED),
        ("Dock Nine comes with a three-year warranty.", Label.SUPPORTED),
        ("Dock Nine weighs about half a kilogram.", Label.SUPPORTED),
        ("The High Court of Orl has eleven judges.", Label.SUPPORTED),
        ("The High Court of Orl has 11 judges.", Label.SUPPORTED),
        ("There are seventeen judges on the High Court of Orl.", Label.UNSUPPORTED),
        # Not how many it has, nor how much.
        ("Three judges of the High Court of Orl dissented.", Label.UNCHECKED),
        ("The High Court of Orl has three women judges.", Label.UNCHECKED),
        ("The High Court of Orl began thirteen years after the City Court of Orl.", Label.SUPPORTED),
        ("The High Court of Orl began twelve years after the City Court of Orl.", Label.CONTRADICTED),
        ("Tarvol has three times the half-life of Ostadol.", Label.CONTRADICTED),
        ("Ann Reyes directed Salt Film in one of the five studios.", Label.SUPPORTED),
        ("One of the two courts is the High Court of Orl.", Label.UNCHECKED),
    ],
)
def test_a_number_in_words_is_compared_where_a_fact_is_about_it(judge: GraphJudge, text: str, label: Label) -> None:
    claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
    (finding,) = judge.judge([Case(claim, (), answer=text)])
    assert finding.label is label


def test_a_word_is_corrected_alone_and_a_whole_amount_not_at_all(judge: GraphJudge) -> None:
    def fix(text: str) -> tuple[str, str] | None:
        claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
        found = judge.judge([Case(claim, (), answer=text)])[0].correction
        return (found.old, found.new) if found else None

    assert fix("Dock Nine offers five USB-C ports.") == ("five", "3")
    assert fix("The Long Line takes 2 h 10 min.") is None


def test_who_has_the_number_may_stand_before_the_claim(judge: GraphJudge) -> None:
    before, text = "The High Court of Orl was founded in 1933. ", "It has eleven judges."
    claim = Claim(
        id="c0", text=text, span=Span(len(before), len(before + text)), pieces=(Piece(0, len(before), len(text)),)
    )
    (finding,) = judge.judge([Case(claim, (), answer=before + text)])
    assert finding.label is Label.SUPPORTED
