"""What a graph must not be said to support, although the words of its facts stand in the claim."""

from pathlib import Path

import pytest
from tests.graph.conftest import STORES, Open

from groundwire.graph import GraphJudge, load
from groundwire.graph.packs import load_relations, shipped_relations
from groundwire.graph.relations import RelationBook
from groundwire.graph.trace import trace
from groundwire.model import Case, Claim, Label, Piece, Span
from groundwire.values import compare

FACTS = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Max rdfs:label "Max Born" ; :birthPlace :Ulm ; :deathPlace :Berlin ; :spouse :Eva ; :child :Tom, :Tim ;
    :occupation :physicist ; :award :Nobel .
:Eva rdfs:label "Eva Klein" ; :birthPlace :Lyon .
:Tom rdfs:label "Tom Born" . :Tim rdfs:label "Tim Born" . :physicist rdfs:label "physicist" .
:Otto rdfs:label "Otto Hahn" ; :birthPlace :Paris ; :deathPlace :Ulm ; :parent :Karl .
:Karl rdfs:label "Karl Hahn" ; :birthPlace :Lyon ; :employer :Acme .
:Ulm rdfs:label "Ulm" ; :country :Germany ; :mayor :Gunter . :Gunter rdfs:label "Gunter Czisch" .
:Berlin rdfs:label "Berlin" ; :country :Germany . :Hamburg rdfs:label "Hamburg" ; :country :Germany .
:Paris rdfs:label "Paris" ; :country :France . :Lyon rdfs:label "Lyon" ; :country :France .
:Germany rdfs:label "Germany" ; :capital :Berlin ; :currency :Euro ; :leader :Olaf .
:France rdfs:label "France" ; :capital :Paris .
:Olaf rdfs:label "Olaf Scholz" ; :birthPlace :Hamburg . :Euro rdfs:label "Euro" .
:Nobel rdfs:label "Nobel Prize" .
:Acme rdfs:label "Acme Works" ; :ceo :Karl ; :parentCompany :One ; :numberOfEmployees 1002 ; :foundingYear "1950" .
:One rdfs:label "Holding One" ; :parentCompany :Two . :Two rdfs:label "Holding Two" .
"""
PACK = """
relations:
  - {id: child, about: A child., names: [child], object: person, closed_world: true,
     phrases: ["{object} is a child of {subject}"]}
"""
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
BORN, LAND = "Max Born was a physicist. ", "Germany is large. "


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RelationBook:
    path = tmp_path_factory.mktemp("packs") / "own.yaml"
    path.write_text(PACK, "utf-8")
    return RelationBook([*shipped_relations(), *load_relations([path])])


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "atlas.ttl"
    path.write_text(FACTS, "utf-8")
    return path


@pytest.fixture(scope="module")
def judge(facts: Path, book: RelationBook) -> GraphJudge:
    return GraphJudge([load(facts)], compare=compare, relations=book)


def case(text: str, before: str = "") -> Case:
    start = len(before)
    claim = Claim(id="c", text=text, span=Span(start, start + len(text)), pieces=(Piece(0, start, len(text)),))
    return Case(claim, (), None, before + text)


def label(judge: GraphJudge, text: str, before: str = "") -> Label:
    (finding,) = judge.judge([case(text, before)])
    return finding.label


# A way of facts is said only where the claim says every step, in its order, and nothing besides.
WAYS = [
    "The mayor of Max Born's birthplace hated Gunter Czisch.",
    "Olaf Scholz, a leader born in a country, admired Max Born.",
    "The capital of the country where Max Born was born is twinned with Berlin.",
    "The enemy of the capital of the country where Max Born was born is Berlin.",
    "Berlin is the country of the capital where Max Born was born.",
    "Max Born was born in Berlin, the capital of a country.",
    "Max Born was born in the capital of Germany.",
    "The mayor of the country where Max Born was born is Gunter Czisch.",
    "Otto Hahn's grandparent was born in Lyon.",
    "Otto Hahn is the parent of an employee of Acme Works.",
    "Otto Hahn's employer is the parent of Acme Works.",
    "Acme Works employs the friend of the parent of Otto Hahn.",
    "Karl Hahn owns a subsidiary of Holding One.",
]
# Whom a claim leaves unnamed, the answer need not have named before.
UNNAMED = [
    (BORN, "My neighbour was born in Ulm."),
    (BORN, "A friend of mine was born in Ulm."),
    (BORN, "Nobody was born in Ulm."),
    (BORN, "Everyone was born in Ulm."),
    (BORN, "Many were born in Ulm."),
    (BORN, "Some people were born in Ulm."),
    (BORN, "His brother was born in Ulm."),
    (BORN, "His wife was born in Ulm."),
    (BORN, "Her mother died in Berlin."),
    (BORN, "The teacher was born in Ulm."),
    (BORN, "Ulm is where my neighbour was born."),
    (BORN, "Ulm is where his brother was born."),
    (LAND, "Its neighbour's capital is Berlin."),
    (LAND, "The capital of its neighbour is Berlin."),
    (LAND, "Another country has its capital in Berlin."),
]
# What is said of someone's brother is not said of him.
ANOTHERS = [
    "Max Born's brother was born in Ulm.",
    "Max Born’s elder brother was born in Ulm.",
    "Max Born's old and much loved elder brother was born in Ulm.",
    "Max Born's widow died in Berlin.",
    "The brother of Max Born was born in Ulm.",
    "A friend of the late Max Born was born in Ulm.",
    "A friend of Max Born's was born in Ulm.",
    "The brother of Max Born is a physicist.",
    "Max Born and his brother were born in Ulm.",
    "Max Born lived with a man who was born in Ulm.",
    "Ulm is where Max Born's brother was born.",
    "Ulm is the birthplace of Max Born's brother.",
    "Ulm is the birthplace of the brother of Max Born.",
    "Eva Klein is the spouse of Max Born's brother.",
    "Eva Klein is the sister of the spouse of Max Born.",
    "Germany's neighbour uses the Euro as currency.",
    "The currency of Germany's neighbour is the Euro.",
    "Acme Works' rival belongs to parent company Holding One.",
]
# Two is two: not more than two, nor twenty-two.
COUNTS = [
    "Max Born had more than two children.",
    "Max Born had at least three children.",
    "Max Born had fewer than two children.",
    "Max Born had over two children.",
    "Max Born had almost two children.",
    "Max Born had twenty two children.",
    "Max Born had twenty-two children.",
    "Max Born had one hundred and two children.",
    "Max Born had 1,002 children.",
    "Max Born had 2.2 children.",
    "Max Born had two or three children.",
    "Max Born had two children too many.",
    "Max Born had two children by his second wife.",
    "Max Born had two children who died young.",
    "Max Born had two children each year.",
    "Max Born's brother had two children.",
    "The brother of Max Born had two children.",
    "Max Born taught two children.",
    "Max Born's two children were born in Ulm.",
    "Acme Works has more than 1002 employees.",
    "Acme Works has over 1,002 employees.",
    "Acme Works has fewer than 1,002 employees.",
    "Acme Works was founded before 1950.",
]
# What leads there in two steps is no direct parent.
DIRECT = [
    "Acme Works is a direct subsidiary of Holding Two.",
    "Acme Works is directly owned by Holding Two.",
    "The immediate parent company of Acme Works is Holding Two.",
    "Holding Two is the direct parent company of Acme Works.",
]
# A "not" counts for the clause that it stands in.
NOTS = [
    "Max Born, who was not born in Ulm, died in Berlin.",
    "Max Born, not a rich man, was born in Lyon.",
    "Max Born, who did not like cheese, was born in Lyon.",
    "Max Born was born in Lyon, which is not large.",
    "Max Born was born not only in Lyon.",
    "Max Born was born in Lyon and did not die in Ulm.",
    "Max Born was not born in Lyon and died in Paris.",
    "Max Born was not happy to be born in Lyon.",
    "Max Born was born in Lyon, not in Ulm.",
    "Not everyone knows that Max Born was born in Lyon.",
    "It is not true that Max Born was born in Ulm.",
    "Nobody doubts that Max Born was born in Lyon.",
    "Paris, not far from Lyon, is the capital of Germany.",
    "Max Born was almost born in Ulm.",
    "Max Born denied that he was born in Ulm.",
    "Max Born was hardly born in Ulm.",
    "Max Born was born near Ulm.",
]
# A word more, and it is another thing, another time, or not so.
QUALIFIED = [
    "Berlin is a former capital of Germany.",
    "Berlin was formerly the capital of Germany.",
    "Berlin will be the capital of Germany.",
    "Berlin is to become the capital of Germany.",
    "Berlin is the future capital of Germany.",
    "Berlin is the proposed capital of Germany.",
    "The second capital of Germany is Berlin.",
    "Berlin is Germany's second capital.",
    "Second capital of Germany is Berlin.",
    "Berlin is the only capital of Germany.",
    "Berlin is one of the three capitals of Germany.",
    "The economic capital of Germany is Berlin.",
    "Berlin is the fashion capital of Germany.",
    "Berlin is the economic capital city of Germany.",
    "Berlin is the capital of southern Germany.",
    "Germany's former currency is the Euro.",
    "Germany plans to use the Euro as its currency.",
    "Max Born won the Nobel Prize twice.",
    "Max Born won the Nobel Prize 3 times.",
    "Max Born won three Nobel Prizes.",
    "Max Born may have been born in Ulm.",
    "Max Born might have been born in Ulm.",
    "Perhaps Max Born was born in Ulm.",
    "Max Born is said to have been born in Ulm.",
    "Max Born was supposed to be born in Ulm.",
    "Max Born was nearly born in Ulm.",
    "Max Born would have been born in Ulm.",
    "Max Born claims that he was born in Ulm.",
    "Max Born was born south of Ulm.",
    "If Max Born was born in Ulm, he was a physicist.",
    "Was Max Born born in Ulm?",
    "Eva Klein is the second wife of Max Born.",
    "Eva Klein is the former wife of Max Born.",
    "Eva Klein will marry Max Born.",
    "Karl Hahn is the acting CEO of Acme Works.",
    "Karl Hahn is the deputy CEO of Acme Works.",
    "Karl Hahn is CEO-designate of Acme Works.",
    "Karl Hahn is the next CEO of Acme Works.",
    "Karl Hahn is running for CEO of Acme Works.",
    "Karl Hahn resigned as CEO of Acme Works.",
    "Acme Works is partly owned by Holding One.",
]
# Of another thing or time the graph says nothing: nor does it by what it has of this one.
ANOTHER_TIME = [
    "Hamburg is a former capital of Germany.",
    "Hamburg was formerly the capital of Germany.",
    "Hamburg will be the capital of Germany.",
    "The second capital of Germany is Hamburg.",
    "Second capital of Germany is Hamburg.",
    "Berlin is not the second capital of Germany.",
    "Berlin will not be the capital of Germany.",
    "Otto Hahn will be the CEO of Acme Works.",
    "Max Born may not have been born in Ulm.",
]


@pytest.mark.parametrize("text", [*WAYS, *ANOTHERS, *COUNTS, *DIRECT, *NOTS, *QUALIFIED])
def test_what_the_graph_does_not_say_is_not_supported(judge: GraphJudge, text: str) -> None:
    assert label(judge, text) is not Label.SUPPORTED


@pytest.mark.parametrize("text", [*QUALIFIED, *ANOTHER_TIME])
def test_what_is_said_of_another_kind_or_time_is_not_contradicted(judge: GraphJudge, text: str) -> None:
    assert label(judge, text) is not Label.CONTRADICTED


@pytest.mark.parametrize(("before", "text"), UNNAMED)
def test_what_is_said_of_somebody_else_is_not_supported(judge: GraphJudge, before: str, text: str) -> None:
    assert label(judge, text, before) not in (Label.SUPPORTED, Label.CONTRADICTED)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("", "The capital of the country where Max Born was born is Berlin."),
        ("", "Berlin is the capital of the country where Max Born was born."),
        ("", "Max Born's country of birth has the Euro as its currency."),
        ("", "The leader of the country where Max Born was born is Olaf Scholz."),
        ("", "The mayor of Max Born's birthplace is Gunter Czisch."),
        ("", "Max Born's wife was born in Lyon."),
        ("", "The birthplace of the spouse of Max Born is Lyon."),
        ("", "Max Born married someone who was born in Lyon."),
        ("", "Otto Hahn's parent works for Acme Works."),
        ("", "Max Born is a physicist who was born in Ulm."),
        ("", "The physicist Max Born was born in Ulm."),
        ("", "The capital of Germany is Berlin and its currency is the Euro."),
        (BORN, "He was born in Ulm."),
        (BORN, "Born in Ulm."),
        (LAND, "The capital is Berlin."),
        (LAND, "Its current capital is Berlin."),
        (LAND, "Berlin is the capital of that country."),
        (LAND, "Its capital is not Paris."),
        ("", "Max Born had two children."),
        ("", "Max Born had exactly 2 children, and died in Berlin."),
        ("", "Max Born, who had only two children, died in Berlin."),
        ("", "Acme Works has 1,002 employees."),
        ("", "Acme Works has at least 1,002 employees."),
        ("", "Acme Works has more than 1,000 employees."),
        ("", "Acme Works is a subsidiary of Holding Two."),
        ("", "Acme Works is a direct subsidiary of Holding One."),
        ("", "Max Born was never born in Lyon."),
        ("", "Max Born wasn't actually born in Lyon."),
        ("", "Max Born was not born in Lyon and died in Berlin."),
        ("", "Paris is not the capital of Germany."),
        ("", "Berlin is the current capital of Germany."),
        ("", "Berlin became the capital of Germany."),
        ("", "Berlin is the capital and largest city of Germany."),
        ("", "Berlin is the vibrant capital city of Germany."),
        ("", "Berlin is the proud and beautiful capital of Germany."),
        ("", "Max Born won the Nobel Prize."),
        ("", "Max Born went on to have a child named Tom Born."),
        ("", "Max Born, who would later win the Nobel Prize, was born in Ulm."),
        ("", "Max Born was born in May in Ulm."),
        ("", "Karl Hahn was the CEO of Acme Works."),
        ("", "Karl Hahn used to be the CEO of Acme Works."),
    ],
)
def test_what_the_graph_does_say_still_is(judge: GraphJudge, before: str, text: str) -> None:
    assert label(judge, text, before) is Label.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "Max Born, not a rich man, was born in Lyon.",
        "Max Born was born in Lyon, which is not large.",
        "Max Born was not born in Ulm.",
        "Max Born did not have two children.",
        "Max Born had 1,002 children.",
        "Max Born, a former soldier, was born in Lyon.",
        "Max Born was probably born in Lyon.",
        "Hamburg is the current capital of Germany.",
    ],
)
def test_what_the_graph_excludes_is_contradicted_whatever_else_is_denied(judge: GraphJudge, text: str) -> None:
    assert label(judge, text) is Label.CONTRADICTED


@pytest.mark.parametrize("store", STORES)
def test_a_listing_that_was_cut_short_decides_nothing_by_what_it_lacks(
    store: str, opened: Open, book: RelationBook, tmp_path: Path
) -> None:
    few, many = [f"Child Number{at}" for at in range(5)], [f"Child Number{at}" for at in range(2_100)]
    children = (
        [("Max Born", name) for name in many] + [("Eva Klein", name) for name in few] + [("Tom Hahn", "Tim Hahn")]
    )
    lines = [f"<{_iri(one)}> <http://example.org/child> <{_iri(child)}> ." for one, child in children]
    lines += [f'<{_iri(name)}> <{LABEL}> "{name}" .' for name in sorted({name for pair in children for name in pair})]
    path = tmp_path / "many.nt"
    path.write_text("\n".join(lines), "utf-8")
    judge = GraphJudge([opened(store, path)], compare=compare, relations=book)
    assert label(judge, "Eva Klein had 5 children.") is Label.SUPPORTED
    assert label(judge, "Eva Klein had 6 children.") is Label.CONTRADICTED
    assert label(judge, "Tim Hahn is a child of Eva Klein.") is Label.CONTRADICTED
    for number in (399, 400, 2_000, 2_100, 2_101):
        assert label(judge, f"Max Born had {number} children.") is Label.UNCHECKED
    assert label(judge, "Tim Hahn is a child of Max Born.") is Label.UNCHECKED
    assert label(judge, "Child Number2099 is a child of Max Born.") is Label.SUPPORTED


def _iri(name: str) -> str:
    return f"http://example.org/{name.replace(' ', '_')}"


def test_a_trace_shows_what_decided(facts: Path) -> None:
    graph = load(facts)
    found = trace(case("The capital of the country where Max Born was born is Berlin."), graph, compare)
    assert found.finding.label is Label.SUPPORTED
    agreed = [fact.object.label for fact in found.facts if fact.compared == "agrees" and fact.stated > 0.6]
    assert agreed == [step.object for step in found.finding.evidence[0].path] == ["Ulm", "Germany", "Berlin"]
    found = trace(case("He was born in Ulm.", BORN), graph, compare)
    assert [fact.object.label for fact in found.facts if fact.compared == "agrees"] == ["Ulm"]
