"""Vocabularies document the units of their numbers; a graph may borrow the names and not the units."""

from pathlib import Path

import pytest

from groundwire.graph import GraphJudge, load
from groundwire.graph.packs import load_relations, shipped_relations
from groundwire.model import Case, Claim, Finding, Label, Piece, Span
from groundwire.values import compare

DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
FACTS = """\
<http://dbpedia.org/resource/Mount_Orl> <http://dbpedia.org/ontology/elevation> "3184.0"^^<{double}> .
<http://dbpedia.org/resource/Vesnia> <http://dbpedia.org/ontology/areaTotal> "83500000000.0"^^<{double}> .
<http://dbpedia.org/resource/Tarn_River> <http://dbpedia.org/ontology/length> "431000.0"^^<{double}> .
<http://dbpedia.org/resource/Long_Night> <http://dbpedia.org/ontology/runtime> "8040.0"^^<{double}> .
<http://dbpedia.org/resource/Ann_Reyes> <http://dbpedia.org/ontology/weight> "61000.0"^^<{double}> .
<http://dbpedia.org/resource/Lake_Ilm> <http://dbpedia.org/ontology/Lake/areaOfCatchment> "120"^^<{km2}> .
<http://dbpedia.org/resource/Mount_Kell> <https://schema.org/elevation> "1200" .
<http://dbpedia.org/resource/Mount_Ast> <http://own.example/elevation> "2750" .
<http://dbpedia.org/resource/Mount_Ulm> <http://own.example/elevationFt> "9022" .
<http://dbpedia.org/resource/Ferry_Hill> <http://own.example/length> "1980" .
""".format(double=DOUBLE, km2="http://dbpedia.org/datatype/squareKilometre")


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> GraphJudge:
    path = tmp_path_factory.mktemp("facts") / "facts.nt"
    path.write_text(FACTS, "utf-8")
    return GraphJudge([load(path)], compare=compare)


def look(judge: GraphJudge, text: str) -> Finding:
    claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
    return judge.judge([Case(claim, (), answer=text)])[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mount Orl is 3,184 metres high.", Label.SUPPORTED),
        ("Mount Orl is 3.184 km high.", Label.SUPPORTED),
        ("Mount Orl is 10,446 feet high.", Label.SUPPORTED),
        ("Mount Orl has an elevation of 3,184.", Label.SUPPORTED),
        ("Mount Orl is 2,184 metres high.", Label.CONTRADICTED),
        # The graph may have feet in spite of the documentation: the same number is neither right nor wrong.
        ("Mount Orl is 3,184 feet high.", Label.UNCHECKED),
        ("Vesnia covers 83,500 square kilometres.", Label.SUPPORTED),
        ("Vesnia covers 13,500 square kilometres.", Label.CONTRADICTED),
        ("The Tarn River is 431 kilometres long.", Label.SUPPORTED),
        ("The Tarn River is 341 kilometres long.", Label.CONTRADICTED),
        ("The runtime of Long Night is 134 minutes.", Label.SUPPORTED),
        ("Long Night runs 20 minutes longer than its sequel.", Label.UNCHECKED),
        ("Long Night runs 134 minutes longer than its sequel.", Label.UNCHECKED),
        ("Ann Reyes weighs 61 kg.", Label.SUPPORTED),
        ("The catchment of Lake Ilm has an area of 120 square kilometres.", Label.SUPPORTED),
        ("Mount Kell is 1.2 km high.", Label.SUPPORTED),
        # No vocabulary, no unit: the number alone is compared, and another in what may be the graph's unit is open.
        ("Mount Ast is 2,750 metres high.", Label.SUPPORTED),
        ("Mount Ast is 2,750 feet high.", Label.SUPPORTED),
        ("Mount Ast is 2.75 km high.", Label.UNCHECKED),
        ("Mount Ast is 1,750 metres high.", Label.CONTRADICTED),
        ("Ferry Hill is 1980 metres long.", Label.SUPPORTED),
        # The name's own unit is sure.
        ("Mount Ulm is 9,022 feet high.", Label.SUPPORTED),
        ("Mount Ulm is 2,750 metres high.", Label.SUPPORTED),
        ("Mount Ulm is 9,022 metres high.", Label.CONTRADICTED),
    ],
)
def test_bare_numbers_are_in_the_unit_that_is_documented(judge: GraphJudge, text: str, label: Label) -> None:
    assert look(judge, text).label is label


def test_a_number_is_cited_with_its_unit_and_corrected_only_in_its_own(judge: GraphJudge) -> None:
    finding = look(judge, "Mount Orl is 8,184 feet high.")
    assert finding.label is Label.CONTRADICTED
    assert "3184.0 metres" in finding.evidence[0].text
    assert finding.correction is None
    same = look(judge, "Mount Orl is 8,184 metres high.").correction
    assert same is not None
    assert same.new == "3,184"


def test_an_amount_of_something_else_is_no_match(judge: GraphJudge) -> None:
    assert look(judge, "Ann Reyes weighs 61,000 hours.").label is Label.UNCHECKED


def test_a_relation_has_its_documented_unit_in_every_spelling_of_its_iri() -> None:
    for name in ("http://dbpedia.org/ontology/elevation", "dbo:elevation", "https://schema.org/elevation"):
        assert shipped_relations().get(name).unit_of(None) == ("metres", False)
    for name in ("elevation", "http://dbpedia.org/property/elevation", "http://www.wikidata.org/prop/direct/P2044"):
        assert shipped_relations().get(name).unit_of(None) == (None, False)
    assert shipped_relations().get("elevation_ft").unit_of(None) == ("feet", True)


def test_units_of_a_pack_are_lists_of_names(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("relations: []\nunits:\n  feet: ['http://own.example/elevation']\n", "utf-8")
    assert load_relations([path]).get("http://own.example/elevation").documented == "feet"
    path.write_text("relations: []\nunits: {feet: elevation}\n", "utf-8")
    with pytest.raises(Exception, match=r"feet is not a list of texts"):
        load_relations([path])
