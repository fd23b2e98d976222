"""How many facts of a relation a claim says that something has."""

from pathlib import Path

import pytest
from tests.graph.conftest import STORES, Open

from groundwire.graph import GraphJudge
from groundwire.graph.packs import load_relations, shipped_relations
from groundwire.graph.relations import RelationBook
from groundwire.model import Case, Claim, Label, Piece, Span
from groundwire.values import compare

FACTS = """\
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:ilm rdfs:label "Ilm Works" ; :product :tarn, :orl, :velm .
:tarn a :Lamp ; rdfs:label "Tarn" . :orl a :Lamp ; rdfs:label "Orl" . :velm a :Chair ; rdfs:label "Velm" .
:kell rdfs:label "Kell Works" ; :parentCompany :ilm . :ast rdfs:label "Ast Works" ; :parentCompany :ilm .
:rovers rdfs:label "Kelmar Rovers" ; :won :cup87, :cup03, :league19 ; :captain :ann ; :playerCount 25 .
:city rdfs:label "Orl City" ; :won :cup11 .
:cup87 rdfs:label "Coast Cup 1987" . :cup03 rdfs:label "Coast Cup 2003" . :cup11 rdfs:label "Coast Cup 2011" .
:league19 rdfs:label "Hill League 2019" . :ann rdfs:label "Ann Reyes" .
:film rdfs:label "Salt Film" ; :actor :ann, :bob, :cem . :bob rdfs:label "Bob Adeyemi" . :cem rdfs:label "Cem Demir" .
:drug rdfs:label "Ostadol" ; :sideEffect :nausea, :rash ; :manufacturedBy :ilm ; a :Medicine .
:drug2 rdfs:label "Tarvol" ; :manufacturedBy :ilm ; a :Medicine .
:nausea rdfs:label "nausea" . :rash rdfs:label "rash" .
:act1 rdfs:label "Honey Act" ; a :Statute ; :administeredBy :min . :act2 rdfs:label "Port Act" ; a :Statute ;
  :administeredBy :min . :act3 rdfs:label "Quiet Order" ; a :Decree ; :administeredBy :min .
:min rdfs:label "Ministry of Transport" .
:ward1 rdfs:label "Heart Ward" ; a :Ward ; :locatedInWing :north . :ward2 rdfs:label "Lung Ward" ; a :Ward ;
  :locatedInWing :north . :north rdfs:label "North Wing" .
"""
RIGHT = [
    "Ilm Works has two subsidiaries.",
    "Ilm Works has exactly 2 subsidiaries.",
    "Ilm Works has at least two subsidiaries.",
    "Ilm Works has three products in the catalogue.",
    "Ilm Works makes two of the medicines.",
    "Ilm Works manufactures two medicines.",
    "Ostadol has two listed side effects.",
    "Two side effects are listed for Ostadol.",
    "There are two side effects of Ostadol.",
    "Three actors are credited in Salt Film.",
    "Kelmar Rovers won the Coast Cup twice.",
    "Kelmar Rovers have won the Coast Cup two times.",
    "Two of the statutes are administered by the Ministry of Transport.",
    "The Ministry of Transport administers two of the statutes.",
    "One of the statutes is administered by the Ministry of Transport.",
    "There are two wards in the North Wing.",
    "The North Wing houses two wards.",
]
OTHERWISE = [
    "Ilm Works has four subsidiaries.",
    "Ilm Works has more than two subsidiaries.",
    "Ostadol has three known side effects.",
    "Four actors are credited in Salt Film.",
    "Kelmar Rovers won the Coast Cup three times.",
    "The Ministry of Transport administers three of the statutes.",
    "There are three wards in the North Wing.",
    "Ilm Works makes three of the medicines.",
]
# More is said than how many there are, or something else; or there may be more than the graph has.
OPEN = [
    "Ilm Works has two subsidiaries in Norway.",
    "Ilm Works has three subsidiaries in Norway.",
    "Ilm Works has four foreign subsidiaries.",
    "Ilm Works has at most two subsidiaries.",
    "Ilm Works has about three subsidiaries.",
    "Ilm Works does not have three subsidiaries.",
    "Ilm Works may have three subsidiaries.",
    "Does Ilm Works have three subsidiaries?",
    "Ostadol has three side effects in common with other pills.",
    "Three actors left Salt Film.",
    "Ilm Works has two subsidiaries and three factories.",
    "Ilm Works closed two wards.",
    "Kelmar Rovers had five wins.",
    "Kelmar Rovers won the Coast Cup three times as often.",
    "The Ministry of Transport administers two of the six statutes.",
    "The three subsidiaries of Ilm Works are large.",
    "Three engineers work for Ilm Works.",
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "facts.ttl"
    path.write_text(FACTS, "utf-8")
    return path


@pytest.fixture(scope="module")
def judge(path: Path, opened: Open) -> GraphJudge:
    return GraphJudge([opened("memory", path)], compare=compare)


def label(judge: GraphJudge, text: str) -> Label:
    claim = Claim(id="c0", text=text, span=Span(0, len(text)), pieces=(Piece(0, 0, len(text)),))
    return judge.judge([Case(claim, (), answer=text)])[0].label


@pytest.mark.parametrize("text", RIGHT)
def test_as_many_as_the_graph_has_are_supported(judge: GraphJudge, text: str) -> None:
    assert label(judge, text) is Label.SUPPORTED


@pytest.mark.parametrize("text", OTHERWISE)
def test_another_number_is_unsupported(judge: GraphJudge, text: str) -> None:
    assert label(judge, text) is Label.UNSUPPORTED


@pytest.mark.parametrize("text", OPEN)
def test_what_is_no_count_of_all_stays_open(judge: GraphJudge, text: str) -> None:
    assert label(judge, text) is Label.UNCHECKED


def test_another_number_is_contradicted_where_the_graph_has_all(path: Path, opened: Open, tmp_path: Path) -> None:
    (pack := tmp_path / "own.yaml").write_text(
        "relations:\n  - {id: sideEffect, about: An effect., names: [side effect], closed_world: true}\n", "utf-8"
    )
    book = RelationBook([*shipped_relations(), *load_relations([pack])])
    judge = GraphJudge([opened("memory", path)], compare=compare, relations=book)
    assert label(judge, "Ostadol has three listed side effects.") is Label.CONTRADICTED
    assert label(judge, "Ostadol has at most two side effects.") is Label.SUPPORTED


@pytest.mark.parametrize("store", STORES)
def test_counts_are_the_same_in_every_store(store: str, path: Path, opened: Open) -> None:
    judge = GraphJudge([opened(store, path)], compare=compare)
    assert label(judge, "Ilm Works has two subsidiaries.") is Label.SUPPORTED
    assert label(judge, "Ilm Works makes three of the medicines.") is Label.UNSUPPORTED


def test_what_leads_to_a_thing_is_counted_only_where_all_of_it_is_looked_at(tmp_path: Path, opened: Open) -> None:
    lines = [f"<http://e/Firm{at}> <http://e/parentCompany> <http://e/Ilm_Works> ." for at in range(450)]
    (path := tmp_path / "many.nt").write_text("\n".join(lines), "utf-8")
    judge = GraphJudge([opened("memory", path)], compare=compare)
    assert label(judge, "Ilm Works has 450 subsidiaries.") is Label.UNCHECKED
    assert label(judge, "Ilm Works has 400 subsidiaries.") is Label.UNCHECKED
