"""Which way round a claim has a fact, whom it names in a role, and what it describes instead of naming it."""

from pathlib import Path

import pytest
from tests.graph.conftest import STORES, Open

from groundwire.graph import GraphJudge, load
from groundwire.model import Case, Claim, Finding, Label, Piece, Span
from groundwire.values import compare

TRUE, NOT, FALSE, OPEN = Label.SUPPORTED, Label.UNSUPPORTED, Label.CONTRADICTED, Label.UNCHECKED
FACTS = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Ostreland rdfs:label "Ostreland" ; a :Country ; :capital :Quill ; :largestCity :Brume ; :currency :thaler .
:Quill rdfs:label "Quill" ; a :City ; :country :Ostreland ; :mayor :Ada .
:Brume rdfs:label "Brume" ; a :City ; :country :Ostreland ; :mayor :Ben .
:Hollow rdfs:label "Hollow" ; a :Town ; :country :Ostreland .
:thaler rdfs:label "thaler" . :Ada rdfs:label "Ada Thorn" ; :birthPlace :Hollow ; :worksIn :Vault .
:Ben rdfs:label "Ben Osk" ; :birthPlace :Brume ; :worksIn :Vault ; :reportsTo :Cleo .
:Cleo rdfs:label "Cleo Marsh" ; :headOf :Vault ; :worksIn :Vault ; :birthPlace :Quill .
:Dov rdfs:label "Dov Lind" ; :headOf :Annex ; :worksIn :Annex .
:Vault rdfs:label "Vault Lab" ; a :Lab ; :locatedInBuilding :East . :East rdfs:label "Harbour Building" .
:Annex rdfs:label "Annex Lab" ; a :Lab ; :locatedInBuilding :West . :West rdfs:label "Meadow Building" .
:Lorel rdfs:label "Lorel Pump" ; :suppliedBy :Fenwick ; :contains :Valve ; :successorOf :Orel ; :compatibleWith :Orel .
:Orel rdfs:label "Orel Pump" ; :suppliedBy :Garrick ; :contains :Seal .
:Valve rdfs:label "Kite Valve" ; :suppliedBy :Garrick . :Seal rdfs:label "Moth Seal" ; :suppliedBy :Garrick .
:Fenwick rdfs:label "Fenwick Works" ; :city :Quill . :Garrick rdfs:label "Garrick Works" ; :city :Brume .
:Sill rdfs:label "Sill River" ; :tributary :Ebb, :Wend . :Ebb rdfs:label "Ebb" . :Wend rdfs:label "Wend" .
:Rooks rdfs:label "Quill Rooks" ; :captain :Eli ; :homeGround :Park . :Park rdfs:label "Rook Park" .
:Eli rdfs:label "Eli Stone" ; :playsFor :Rooks ; :birthPlace :Brume . :Fay rdfs:label "Fay Reeve" ; :playsFor :Rooks .
:Terns rdfs:label "Brume Terns" ; :captain :Gus ; :homeGround :Lane . :Lane rdfs:label "Tern Lane" .
:Gus rdfs:label "Gus Vole" ; :playsFor :Terns ; :formerClub :Rooks .
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "land.ttl"
    path.write_text(FACTS, "utf-8")
    return path


@pytest.fixture(scope="module", params=STORES)
def judge(request: pytest.FixtureRequest, opened: Open, facts: Path) -> GraphJudge:
    return GraphJudge([opened(request.param, facts)], compare=compare)


@pytest.fixture(scope="module")
def in_memory(facts: Path) -> GraphJudge:
    return GraphJudge([load(facts)], compare=compare)


def look(judge: GraphJudge, text: str) -> Finding:
    claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
    return judge.judge([Case(claim, (), answer=text)])[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Quill is the capital of Ostreland.", TRUE),
        ("Ostreland's capital is Quill.", TRUE),
        ("Ostreland is the capital of Quill.", FALSE),
        ("Quill's capital is Ostreland.", FALSE),
        ("Ostreland is Quill's capital.", FALSE),
        ("Ostreland is not the capital of Quill.", OPEN),
        ("The Ebb is a tributary of the Sill River.", TRUE),
        ("The Sill River is a tributary of the Ebb.", NOT),
        ("The Lorel Pump is supplied by Fenwick Works.", TRUE),
        ("Fenwick Works supplies the Lorel Pump.", TRUE),
        ("Fenwick Works is the supplier of the Lorel Pump.", TRUE),
        ("Fenwick Works is supplied by the Lorel Pump.", NOT),
        ("The Lorel Pump supplies Fenwick Works.", NOT),
        ("Ben Osk reports to Cleo Marsh.", TRUE),
        ("Cleo Marsh reports to Ben Osk.", NOT),
        ("The Lorel Pump contains the Kite Valve.", TRUE),
        ("The Kite Valve contains the Lorel Pump.", NOT),
        ("The Lorel Pump is the successor of the Orel Pump.", TRUE),
        ("The Orel Pump is the successor of the Lorel Pump.", FALSE),
        # What goes both ways may be said either way round.
        ("The Orel Pump is compatible with the Lorel Pump.", TRUE),
        # A role is said with "is", not with what stands before the word alone.
        ("Quill is a city in the country of Ostreland.", TRUE),
        ("Quill is located within the country of Ostreland.", TRUE),
    ],
)
def test_a_fact_the_wrong_way_round_is_not_what_the_graph_has(judge: GraphJudge, text: str, label: Label) -> None:
    assert look(judge, text).label is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Eli Stone is the captain of Quill Rooks.", TRUE),
        ("Fay Reeve is the captain of Quill Rooks.", NOT),
        ("Quill Rooks are captained by Fay Reeve.", NOT),
        ("Fay Reeve is the captain of Brume Terns.", NOT),
        ("Cleo Marsh is the head of the Vault Lab.", TRUE),
        ("The head of the Vault Lab is Ben Osk.", NOT),
        ("Brume is the largest city of Ostreland.", TRUE),
        ("The largest city in Ostreland is Quill.", FALSE),
        ("Brume Terns' captain is Eli Stone.", FALSE),
        ("Fay Reeve is a member of Quill Rooks.", TRUE),
    ],
)
def test_another_in_a_role_of_one_is_flagged(judge: GraphJudge, text: str, label: Label) -> None:
    found = look(judge, text).label
    assert found is label or {found, label} == {NOT, FALSE}


@pytest.mark.parametrize(
    "text",
    [
        "Before joining Brume Terns, Gus Vole played for Quill Rooks.",
        "Unlike Brume Terns, Quill Rooks play at home.",
        "The home ground of Quill Rooks is smaller than Tern Lane.",
        "The capital of Ostreland has fewer inhabitants than Brume.",
        "Eli Stone plays alongside Fay Reeve.",
        "The captain of Quill Rooks plays alongside Fay Reeve.",
        # One fact of the name inside a description says nothing of what is described.
        "The firm that bought Quill Rooks plays at Rook Park.",
        "The firm that bought Fenwick Works is in Brume.",
        # The graph calls a birthplace a town, not a country.
        "The country where Ada Thorn was born is led by Ben Osk.",
        "The pump that contains a part from Garrick Works is supplied by Fenwick Works.",
    ],
)
def test_what_is_not_said_of_a_name_is_not_held_against_it(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label is OPEN


@pytest.mark.parametrize(
    ("text", "label", "cited"),
    [
        ("The supplier of the Lorel Pump is in Quill.", TRUE, 2),
        ("The company that supplies the Lorel Pump is based in Brume.", FALSE, 2),
        ("The company that supplies the Orel Pump also supplies the Kite Valve.", TRUE, 2),
        ("The company that supplies the Lorel Pump also supplies the Kite Valve.", NOT, 2),
        ("The lab that Dov Lind heads is in the Meadow Building.", TRUE, 2),
        ("The lab that Dov Lind heads is in the Harbour Building.", NOT, 2),
        ("The lab headed by Dov Lind is in the Harbour Building.", NOT, 2),
        ("The country whose capital is Quill uses the thaler.", TRUE, 2),
        ("The city where Eli Stone was born has Ben Osk as its mayor.", TRUE, 2),
        ("The mayor of Quill was born in Hollow.", TRUE, 2),
        ("Quill's mayor was born in Brume.", FALSE, 2),
        ("Quill Rooks' captain was born in Brume.", TRUE, 2),
        # Where it only says what it is called, the relation itself is meant.
        ("The supplier of the Lorel Pump is Fenwick Works.", TRUE, 1),
        ("Brume Terns' home ground is in Rook Park.", FALSE, 1),
        # Garrick Works supplies three parts: which is meant is not known.
        ("The part that Garrick Works supplies contains the Moth Seal.", OPEN, None),
    ],
)
def test_what_a_claim_describes_is_looked_up(judge: GraphJudge, text: str, label: Label, cited: int | None) -> None:
    found = look(judge, text)
    assert found.label is label
    assert cited is None or sum(len(one.path) for one in found.evidence) == cited


def test_who_is_called_by_a_part_of_the_name_is_never_ruled_out(in_memory: GraphJudge) -> None:
    """It may be another Stone. An endpoint does not find parts of names."""
    assert look(in_memory, "Eli Stone was born in Quill.").label is FALSE
    assert look(in_memory, "Stone was born in Quill.").label is NOT
    assert look(in_memory, "Stone was born in Brume.").label is TRUE


def test_what_is_wrong_of_a_thing_described_is_corrected_where_it_stands(judge: GraphJudge) -> None:
    text = "The mayor of Quill was born in Brume."
    found = look(judge, text)
    assert found.label is FALSE
    assert found.explanation.endswith("(The mayor of Quill is Ada Thorn).")
    assert found.correction is not None
    span = found.correction.span
    assert text[: span.start] + found.correction.new + text[span.end :] == "The mayor of Quill was born in Hollow."


def test_a_fact_whose_relation_ends_in_a_preposition_is_cited_as_a_sentence(judge: GraphJudge) -> None:
    head, report = "Cleo Marsh is the head of the Vault Lab.", "Ben Osk reports to Cleo Marsh."
    assert look(judge, head).evidence[0].text == "Cleo Marsh is the head of Vault Lab."
    assert look(judge, report).evidence[0].text == report
