"""What a graph has is put in place of what an answer says otherwise, as far as the graph bears it out."""

from pathlib import Path

import pytest

from groundwire import Groundwire

FACTS = """\
Hill_Academy\tcountry\tIndia
Hill_Academy\tcity\tBangalore
Hill_Academy\testablished\t1996
Lake_School\testablished\t1901
River_Town\tcountry\tIndia
Ada_Quill\toccupation\t"solo_singer"
Ada_Quill\trecordLabel\tNorth_Records
Ada_Quill\trecordLabel\tSouth_Records
Bo_Lark\trecordLabel\tWest_Records
Bo_Lark\toccupation\tPainter
Mast_Ltd.\towner\tBo_Lark
Dock_Works\towner\tMast_Ltd.
Pier_Works\towner\tAda_Quill
Tall_Man\theight\t"1.905"
France\tcontinent\tEurope
Old_School\tcountry\tFrance
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "facts.tsv"
    path.write_text(FACTS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def gw() -> Groundwire:
    return Groundwire()


@pytest.mark.parametrize(
    ("answer", "revised"),
    [
        # The street is not in the graph: the rest of the statement stays unchecked, and the country is right.
        (
            "Hill Academy is located on Quarry Lane in France.",
            "Hill Academy is located on Quarry Lane in India.",
        ),
        # Either of two makes it true; what the answer says is taken from neither.
        ("The record label of Ada Quill is West Records.", "The record label of Ada Quill is North Records."),
        # Values are written as words, and a day that nobody gave is not kept beside the right year.
        ("Ada Quill's occupation is painter.", "Ada Quill's occupation is solo singer."),
        ("Hill Academy was established in 1907-07-11.", "Hill Academy was established in 1996."),
        # The dot of a name goes with the name where it ends no sentence.
        ("Pier Works is owned by Mast Ltd. and old.", "Pier Works is owned by Ada Quill and old."),
    ],
)
def test_the_value_is_put_back_and_nothing_else(gw: Groundwire, graph: Path, answer: str, revised: str) -> None:
    report = gw.verify(answer, knowledge=str(graph))
    assert report.revised == revised
    assert report.verdict in ("flagged", "rewritten")


@pytest.mark.parametrize(
    "answer",
    [
        "Tall Man is 1.905m high.",  # one number, with its unit
        "Hill Academy is located in India.",
        "The record label of Ada Quill is South Records.",
    ],
)
def test_what_the_graph_has_is_left_alone(gw: Groundwire, graph: Path, answer: str) -> None:
    report = gw.verify(answer, knowledge=str(graph))
    assert report.revised == answer
    assert report.verdict == "clean"


def test_a_statement_known_in_part_is_not_called_supported(gw: Groundwire, graph: Path) -> None:
    answer = "Hill Academy is located on Quarry Lane in India."
    (claim,) = gw.verify(answer, knowledge=str(graph)).claims
    assert claim.verdict == "unchecked"
    (patch,) = gw.verify(answer.replace("India", "France"), knowledge=str(graph)).patches
    assert patch.accepted
    assert "the rest of the statement was not checked" in patch.reason


def test_under_removal_a_statement_known_in_part_goes(graph: Path) -> None:
    strict = Groundwire({"rules": ["strict"]})
    answer = "The city of Hill Academy is Bangalore. Hill Academy is located on Quarry Lane in France."
    report = strict.verify(answer, knowledge=str(graph))
    assert "Quarry" not in report.revised


def test_what_rules_do_not_let_leave_unchecked_is_not_left_by_an_edit(graph: Path, tmp_path: Path) -> None:
    rule = """
  - id: mine.{name}
    about: For this test.
    when: {when}
    do: {action}
    severity: high
    message: No.
"""
    rules = [("wrong", 'verdict == "contradicted"', "rewrite"), ("open", 'verdict == "unchecked"', "block")]
    pack = tmp_path / "mine.yaml"
    written = "".join(rule.format(name=name, when=when, action=action) for name, when, action in rules)
    pack.write_text(f"pack: mine\nabout: For this test.\nrules:{written}", encoding="utf-8")
    answer = "Hill Academy is located on Quarry Lane in France."
    report = Groundwire({"rules": [str(pack)]}).verify(answer, knowledge=str(graph))
    assert report.revised == answer
    assert "unchecked" in report.patches[0].reason
