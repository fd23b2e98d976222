"""What follows from several facts, from what the answer said before, and from what relation packs say of the logic."""

from pathlib import Path

import pytest

from groundwire.graph import GraphJudge, Literal
from groundwire.graph.fakes import graph_of
from groundwire.graph.packs import load_relations
from groundwire.model import Case, Claim, Finding, Label, Piece, Span
from groundwire.values import compare

FACTS: list[tuple[str, str, str | Literal]] = [
    ("Victor_Hugo", "birthPlace", "Besançon"),
    ("Besançon", "country", "France"),
    ("France", "capital", "Paris"),
    ("Germany", "capital", "Berlin"),
    ("Berlin", "country", "Germany"),
    ("Victor_Hugo", "deathDate", Literal("1885-05-22")),
    ("Marie_Curie", "occupation", "physicist"),
    ("physicist", "subClassOf", "scientist"),
    ("Marie_Curie", "child", "Irène_Joliot-Curie"),
    ("Marie_Curie", "child", "Ève_Curie"),
    ("Acme", "leader", "Ann_Smith"),
    ("Other_Works", "leader", "Bob_Jones"),
    ("Acme", "parentCompany", "Holding_One"),
    ("Holding_One", "parentCompany", "Holding_Two"),
    ("Ben_Nevis", "elevation", Literal("1345")),
    ("Emma_(novel)", "isbn", Literal("0-19-283416-5")),
    ("Elliot_See", "birthPlace", "Dallas"),
    ("Elliot_See", "birthDate", Literal("1927-07-23")),
    ("Alan_Bean", "birthPlace", "Wheeler"),
    ("Lake_Works", "operatingIncome", Literal("9")),
    ("Lake_Works", "revenue", Literal("100")),
]
PACK = """
relations:
  - {id: child, about: A child., names: [child], object: person, closed_world: true,
     phrases: ["{object} is a child of {subject}"]}
  - {id: isbn, about: A code., names: [isbn], compare: exact, functional: true,
     phrases: ["the ISBN of {subject} is {object}"]}
  - {id: elevation, about: A height., names: [elevation], object: number, unit: metres, compare: number,
     tolerance: 0.01, functional: true, phrases: ["{subject} is {object} high"]}
"""


@pytest.fixture(scope="module")
def judge() -> GraphJudge:
    return GraphJudge([graph_of(FACTS, name="atlas")], compare=compare)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> GraphJudge:
    path = tmp_path_factory.mktemp("packs") / "own.yaml"
    path.write_text(PACK, encoding="utf-8")
    return GraphJudge([graph_of(FACTS, name="atlas")], compare=compare, relations=load_relations([path]))


def look(judge: GraphJudge, text: str, before: str = "") -> Finding:
    start = len(before)
    claim = Claim(id="c", text=text, span=Span(start, start + len(text)), pieces=(Piece(0, start, len(text)),))
    (finding,) = judge.judge([Case(claim, (), None, before + text)])
    return finding


def test_a_way_of_three_facts_supports_and_is_cited(judge: GraphJudge) -> None:
    finding = look(judge, "The capital of the country where Victor Hugo was born is Paris.")
    assert finding.label is Label.SUPPORTED
    assert [step.object for step in finding.evidence[0].path] == ["Besançon", "France", "Paris"]


def test_a_way_that_leads_elsewhere_contradicts(judge: GraphJudge) -> None:
    finding = look(judge, "The capital of the country where Victor Hugo was born is Berlin.")
    assert finding.label is Label.CONTRADICTED
    assert finding.correction is not None
    assert finding.correction.new == "Paris"
    assert len(finding.evidence[0].path) == 3


def test_the_relation_of_another_is_not_the_places_own(judge: GraphJudge) -> None:
    assert look(judge, "Victor Hugo was born in the capital of France.").label is not Label.SUPPORTED
    assert look(judge, "Victor Hugo's brother was born in Berlin.").label is not Label.CONTRADICTED


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Victor Hugo was born on 3 May 1890.", Label.CONTRADICTED),  # after his death
        ("Victor Hugo was born on 26 February 1802.", Label.UNCHECKED),
        ("The operating profit of Lake Works was 9.", Label.SUPPORTED),
    ],
)
def test_orders_that_packs_state(judge: GraphJudge, text: str, label: Label) -> None:
    assert look(judge, text).label is label


def test_a_part_does_not_exceed_its_whole() -> None:
    facts: list[tuple[str, str, str | Literal]] = [("Lake Works", "revenue", Literal("100"))]
    judge = GraphJudge([graph_of(facts)], compare=compare)
    assert look(judge, "The operating profit of Lake Works was 250.").label is Label.CONTRADICTED
    assert look(judge, "The operating profit of Lake Works was 25.").label is not Label.CONTRADICTED


def test_a_class_holds_its_subclass(judge: GraphJudge) -> None:
    assert look(judge, "Marie Curie was a physicist.").label is Label.SUPPORTED
    assert look(judge, "Marie Curie was a scientist.").label is Label.SUPPORTED


def test_what_is_transitive_goes_on(judge: GraphJudge) -> None:
    assert look(judge, "Acme is a subsidiary of Holding Two.").label is Label.SUPPORTED


def test_an_office_is_held_one_at_a_time(judge: GraphJudge) -> None:
    assert look(judge, "Bob Jones was the leader of Acme in 1990.").label is not Label.CONTRADICTED
    assert look(judge, "Bob Jones is a former leader of Acme.").label is not Label.CONTRADICTED


def test_counts_need_a_closed_world(judge: GraphJudge, closed: GraphJudge) -> None:
    assert look(closed, "Marie Curie had two children.").label is Label.SUPPORTED
    assert look(closed, "Marie Curie had 2 children.").label is Label.SUPPORTED
    finding = look(closed, "Marie Curie had three children.")
    assert finding.label is Label.CONTRADICTED
    assert len(finding.evidence) == 2
    assert look(judge, "Marie Curie had three children.").label is not Label.CONTRADICTED


def test_what_a_closed_world_lacks_is_not_so(judge: GraphJudge, closed: GraphJudge) -> None:
    text = "Ann Smith is a child of Marie Curie."
    people = [("Ann_Smith", "child", "Bob_Jones"), ("Bob_Jones", "child", "Ann_Smith")]
    graph = graph_of([*FACTS, *people])
    assert (
        GraphJudge([graph], compare=compare, relations=closed._book).judge([_case(text)])[0].label is Label.CONTRADICTED
    )
    assert GraphJudge([graph], compare=compare).judge([_case(text)])[0].label is not Label.CONTRADICTED


def _case(text: str) -> Case:
    return Case(Claim(id="c", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),)), ())


def test_units_and_tolerance(closed: GraphJudge) -> None:
    assert look(closed, "Ben Nevis is 1,345 metres high.").label is Label.SUPPORTED
    assert look(closed, "Ben Nevis is 1350 metres high.").label is Label.SUPPORTED
    assert look(closed, "Ben Nevis is 1500 metres high.").label is Label.CONTRADICTED


def test_codes_are_compared_to_the_letter(closed: GraphJudge) -> None:
    assert look(closed, "The ISBN of Emma is 0-19-283416-5.").label is Label.SUPPORTED


@pytest.mark.parametrize(
    ("before", "text", "label"),
    [
        ("France is a republic. ", "Its capital is Paris.", Label.SUPPORTED),
        ("France is a republic. ", "The capital is Berlin.", Label.CONTRADICTED),
        ("Elliot See was an astronaut. ", "He was born in 1927.", Label.SUPPORTED),
        ("Elliot See was an astronaut. ", "See was born in Dallas.", Label.SUPPORTED),
        # Two may be meant, and the graph has different values for them: nothing is said.
        ("Elliot See met Alan Bean. ", "The pilot, born in 1927, was born in Paris.", Label.UNCHECKED),
        # What has a subject of its own is not said of another.
        ("Elliot See was an astronaut. ", "Jim Lovell was born in 1930.", Label.UNCHECKED),
        ("", "Its capital is Paris.", Label.UNCHECKED),
        # What was said before, rightly, does not excuse what is said now.
        ("The capital of France is Paris. ", "The capital of France is Lyon.", Label.CONTRADICTED),
    ],
)
def test_what_a_claim_leaves_unnamed_was_named_before(judge: GraphJudge, before: str, text: str, label: Label) -> None:
    assert look(judge, text, before).label is label


def test_a_capital_is_the_capital_of_one_country_only(judge: GraphJudge) -> None:
    graph = graph_of([*FACTS, ("Belgium", "largestCity", "Antwerp"), ("France", "largestCity", "Marseille")])
    finding = look(GraphJudge([graph], compare=compare), "The capital of Belgium is Paris.")
    assert finding.label in (Label.CONTRADICTED, Label.UNSUPPORTED)
    assert finding.correction is None


def test_what_only_follows_from_a_relation_supports_and_does_not_contradict(judge: GraphJudge) -> None:
    graph = graph_of([("France", "capital", "Paris"), ("Germany", "capital", "Berlin")])
    judge = GraphJudge([graph], compare=compare)
    assert look(judge, "Paris is in France.").label is Label.SUPPORTED
    assert look(judge, "Lyon is in France.").label is Label.UNCHECKED


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("domain: colour", "domain"),
        ("compare: smell", "compare"),
        ("tolerance: 2", "share"),
        ("unit: [m]", "text"),
        ("closed_world: perhaps", "true or false"),
        ("not_after: death", "list"),
    ],
)
def test_a_bad_field_names_its_place(tmp_path: Path, field: str, said: str) -> None:
    from groundwire.errors import KnowledgeError

    path = tmp_path / "pack.yaml"
    path.write_text(f"relations:\n  - {{id: a, about: b, {field}}}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"pack\.yaml:2") as caught:
        load_relations([path])
    assert said in str(caught.value)
