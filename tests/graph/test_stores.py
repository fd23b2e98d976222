"""What every store promises, asked of all three."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.graph.conftest import STORES, Open
from tests.graph.test_judge import FACTS, claim, compare

from groundwire.graph import Fact, GraphJudge, GraphStore, Literal
from groundwire.graph.lookup import LookedUpNames
from groundwire.graph.names import local_name, tokenize, written
from groundwire.model import Case, Label

BASE = "http://example.org/"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
ALT = "<http://www.w3.org/2004/02/skos/core#altLabel>"
XSD = "http://www.w3.org/2001/XMLSchema#"

MORE = f"""
<{BASE}Australia> {LABEL} "Australien"@de .
<{BASE}Australia> {ALT} "Oz" .
<{BASE}Australia> {ALT} "Commonwealth of \\"Australia\\""@en .
<{BASE}Australia> {TYPE} <{BASE}Country> .
<{BASE}France> {TYPE} <{BASE}Country> .
<{BASE}Country> {LABEL} "country" .
<{BASE}Australia> <{BASE}founded> "1901-01-01"^^<{XSD}date> .
<{BASE}Australia> <{BASE}motto> "none\\nat all"@en-AU .
<{BASE}capital> {LABEL} "capital" .
_:x <{BASE}isPartOf> <{BASE}Australia> .
<{BASE}France> <{BASE}within> _:x .
"""


def iri(name: str) -> str:
    return BASE + name.replace(" ", "_").replace(",", "%2C")


@pytest.fixture(scope="module")
def facts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The judge's facts as RDF: every entity an IRI with a label."""
    lines, named = [], set()
    for subject, relation, object in FACTS:
        value = f'"{object.text}"' if isinstance(object, Literal) else f"<{iri(object)}>"
        lines.append(f"<{iri(subject)}> <{BASE}{relation}> {value} .")
        named |= {subject} if isinstance(object, Literal) else {subject, object}
    lines += [f'<{iri(name)}> {LABEL} "{written(name)}"@en .' for name in sorted(named)]
    path = tmp_path_factory.mktemp("facts") / "atlas.nt"
    path.write_text("\n".join(lines) + MORE, "utf-8")
    return path


@pytest.fixture(scope="module", params=STORES)
def store(request: pytest.FixtureRequest, opened: Open, facts_file: Path) -> GraphStore:
    return opened(request.param, facts_file)


def test_facts_about_a_subject(store: GraphStore) -> None:
    australia = set(store.facts_about(iri("Australia")))
    assert Fact(iri("Australia"), BASE + "capital", iri("Canberra")) in australia
    assert Fact(iri("Australia"), BASE + "founded", Literal("1901-01-01", XSD + "date")) in australia
    assert not [fact for fact in australia if local_name(fact.relation) == "label"]
    assert store.facts_about(iri("Nowhere")) == ()
    assert store.facts_about(Literal("Australia")) == ()
    assert store.facts_about('x> } ; DROP ALL ; { <y"') == ()


def test_facts_between_two_nodes_in_both_directions(store: GraphStore) -> None:
    fact = Fact(iri("Australia"), BASE + "capital", iri("Canberra"))
    assert store.facts_between(iri("Australia"), iri("Canberra")) == (fact,)
    assert store.facts_between(iri("Canberra"), iri("Australia")) == (fact,)
    assert store.facts_between(iri("Canberra"), iri("France")) == ()
    height = Literal("58.0 (metres)")
    assert len(store.facts_between(iri("Funchal_Airport"), height)) == 1
    assert len(store.facts_between(height, iri("Funchal_Airport"))) == 1


def test_what_points_to_a_node(store: GraphStore) -> None:
    assert store.subjects(BASE + "isPartOf", iri("Tasmania"), 5) == (iri("Hobart"),)
    assert store.subjects(BASE + "capital", iri("Tasmania"), 5) == ()
    assert set(store.facts_to(iri("Hobart"), 5)) == {Fact(iri("Errol_Flynn"), BASE + "birthPlace", iri("Hobart"))}
    assert len(store.facts_to(iri("Australia"), 1)) == 1
    assert store.roles(iri("Hobart")) == {BASE + "birthPlace"}
    assert store.roles(iri("Australia")) == {BASE + "isPartOf", BASE + "nationality"}
    assert store.roles(Literal("1909-06-20")) == {BASE + "birthDate"}
    assert store.roles(iri("Nowhere")) == frozenset()


def test_what_a_node_is_and_is_called(store: GraphStore) -> None:
    australia = iri("Australia")
    assert store.types(australia) == {BASE + "Country"}
    assert store.types(Literal("x")) == frozenset()
    assert store.label(australia) == store.full_name(australia) == "Australia"
    assert store.label(BASE + "Country") == "country"
    assert {"Oz", 'Commonwealth of "Australia"'} <= set(store.aliases(australia))
    assert "Australia" not in store.aliases(australia)
    assert store.label(BASE + "No_label_(here)") == "No label"
    assert store.full_name(BASE + "No_label_(here)") == "No label (here)"
    assert store.label(Literal("58.0 (metres)")) == "58.0 (metres)"


def test_what_has_a_relation(store: GraphStore) -> None:
    assert len(store.having(BASE + "capital", 9)) == 3
    assert set(store.having(BASE + "capital", 2)) < set(store.having(BASE + "capital", 3))
    assert store.having(BASE + "nothing", 3) == ()


def test_how_a_relation_is_spread(store: GraphStore) -> None:
    assert store.spread(BASE + "capital") == (3, 3)
    assert store.spread(BASE + "nothing") == (0, 0)
    assert {"capit", "birth"} <= store.vocabulary


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Errol Flynn was born in Hobart.", ["Errol Flynn", "Hobart"]),
        ("Oz is a country, said VICTOR HUGO's friend.", ["Oz", "country", "VICTOR HUGO"]),
        ('The Commonwealth of "Australia" is in Tasmania.', ["Commonwealth of Australia", "Tasmania"]),
        ('Who wrote "Middlemarch"} SELECT * {?a ?b ?c', ["Middlemarch"]),
        ("Nothing is known here.", []),
        ("An Australian met a French friend.", ["Australian", "French"]),
        ("", []),
    ],
)
def test_names_in_a_text(store: GraphStore, text: str, names: list[str]) -> None:
    tokens = tokenize(text)
    hits = list(store.names.mentions(tokens, text))
    found = [text[tokens[hit.first].start : tokens[hit.last - 1].end] for hit in hits]
    assert [" ".join(token.norm for token in tokenize(name)) for name in found] == [name.lower() for name in names]
    assert all(hit.nodes for hit in hits)


def test_words_that_are_part_of_names(opened: Open, facts_file: Path) -> None:
    names = opened("disk", facts_file).names
    assert isinstance(names, LookedUpNames)
    assert names.part_of_names("flynn")
    assert not names.part_of_names("nobody")


def test_find_takes_one_whole_name(store: GraphStore) -> None:
    assert store.names.find("Errol Flynn")[0] == iri("Errol_Flynn")
    assert store.names.find("Oz")[0] == iri("Australia")
    assert store.names.find("Nobody at all") == ()


def test_revision_is_a_hash(store: GraphStore) -> None:
    assert len(store.revision) == 64


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The capital of Australia is Canberra.", Label.SUPPORTED),
        ("Errol Flynn was born in Tasmania.", Label.SUPPORTED),
        ("Errol Flynn was born in 1909.", Label.SUPPORTED),
        ("George Eliot wrote Middlemarch.", Label.SUPPORTED),
        ("Sydney is not the capital of Australia.", Label.SUPPORTED),
        ("The capital of Australia is Sydney.", Label.CONTRADICTED),
        ("Errol Flynn was born in 1919.", Label.CONTRADICTED),
        ("Canberra is not the capital of Australia.", Label.CONTRADICTED),
        ("Middlemarch was written by Victor Hugo.", Label.UNSUPPORTED),
        ("Bananas are yellow.", Label.UNCHECKED),
        ("Canberra is a lovely town.", Label.UNCHECKED),
    ],
)
def test_the_judge_says_the_same_of_all_stores(store: GraphStore, text: str, label: Label) -> None:
    judge = GraphJudge([store], compare=compare)
    (finding,) = judge.judge([Case(claim(text), ())])
    assert finding.label is label, finding.explanation
    assert [finding] == judge.judge([Case(claim(text), ())])


def test_threads_share_a_store(store: GraphStore) -> None:
    judge = GraphJudge([store], compare=compare)
    texts = [
        "The capital of Australia is Canberra.",
        "The capital of Australia is Sydney.",
        "Errol Flynn was born in 1909.",
    ]
    expected = [judge.judge([Case(claim(text), ())])[0] for text in texts]
    fresh = GraphJudge([store], compare=compare)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: fresh.judge([Case(claim(text), ())])[0], texts * 8))
    assert found == expected * 8
