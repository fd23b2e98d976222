"""The largest, the youngest, the first of its kind, and how many there are: decided where a pack says that is all."""

from pathlib import Path

import pytest
from tests.graph.conftest import STORES, Open
from tests.graph.test_sound import case

from groundwire.graph import GraphJudge, load
from groundwire.graph.packs import load_relations, shipped_relations
from groundwire.graph.relations import RelationBook
from groundwire.model import Finding, Label
from groundwire.values import compare

FACTS = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Eva rdfs:label "Eva Klein" ; :child :Tom, :Tim, :Ann .
:Tom rdfs:label "Tom Klein" ; :birthDate "1950-05-01" .
:Tim rdfs:label "Tim Klein" ; :birthDate "1952" .
:Ann rdfs:label "Ann Klein" ; :birthDate "1961-02-03" .
:Otto rdfs:label "Otto Hahn" ; :child :Ida, :Ivo .
:Ida rdfs:label "Ida Hahn" ; :birthDate "1950" .
:Ivo rdfs:label "Ivo Hahn" ; :birthDate "1950-03-04" .
:Karl rdfs:label "Karl Brandt" ; :child :Max, :Mia .
:Max rdfs:label "Max Brandt" ; :birthDate "1970" . :Mia rdfs:label "Mia Brandt" .
:Lima a :City ; rdfs:label "Lima" ; :country :Peru ; :population 10000000 ; :areaTotal 2672 .
:Cusco a :City ; rdfs:label "Cusco" ; :country :Peru ; :population 428000 ; :areaTotal 3850 .
:Puno a :City ; rdfs:label "Puno" ; :country :Peru ; :population 128000 ; :areaTotal 460 .
:Rimac a :River ; rdfs:label "Rimac" ; :country :Peru ; :population 20000000 .
:Arica a :City ; rdfs:label "Arica" ; :country :Chile ; :population 222000 .
:Iquique a :City ; rdfs:label "Iquique" ; :country :Chile .
:Quito a :City ; rdfs:label "Quito" ; :country :Ecuador ; :population 1700000 .
:Cuenca rdfs:label "Cuenca" ; :country :Ecuador ; :population 600000 .
:Manta rdfs:label "Manta" ; :country :Ecuador ; :population 1900000 .
:Lyon a :City ; rdfs:label "Lyon" ; :region :Rhone ; :population 500000 .
:Vienne a :City ; rdfs:label "Vienne" ; :region :Rhone ; :population 30000 .
:Rhone rdfs:label "Rhone" . :Ecuador rdfs:label "Ecuador" . :Peru rdfs:label "Peru" . :Chile rdfs:label "Chile" .
"""
PACK = """
relations:
  - {id: child, about: A child., names: [child], object: person, closed_world: true,
     phrases: ["{object} is a child of {subject}"]}
  - {id: country, about: The country of a place., names: [country], object: place, within: true, functional: true,
     closed_world: true, phrases: ["{subject} is in {object}"]}
  - {id: birth_date, about: A birthday., names: [birthDate], object: date, functional: true,
     most: [youngest], least: [oldest, eldest], phrases: ["{subject} was born on {object}"]}
  - {id: population, about: How many live there., names: [population], object: number,
     most: [most populous, largest, biggest], least: [smallest], phrases: ["the population of {subject} is {object}"]}
  - {id: area, about: How large it is., names: [areaTotal], object: number, most: [biggest],
     phrases: ["the area of {subject} is {object}"]}
  - {id: ceo, about: Who leads a firm., names: [ceo], object: person, per_time: true, closed_world: true,
     phrases: ["{object} is the CEO of {subject}"]}
"""


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


def look(judge: GraphJudge, text: str) -> Finding:
    (finding,) = judge.judge([case(text)])
    return finding


RIGHT = [
    "Ann Klein is the youngest child of Eva Klein.",
    "Eva Klein's youngest child is Ann Klein.",
    "The youngest child of Eva Klein was Ann Klein.",
    "Tom Klein was Eva Klein's oldest child.",
    "Tom Klein is the eldest of Eva Klein's children.",
    "Tom Klein is the eldest of the three children of Eva Klein.",
    "Lima is the largest city of Peru.",
    "The largest city in Peru is Lima.",
    "Lima is the most populous city in Peru.",
    "Puno is Peru's smallest city.",
    "Eva Klein has more than two children.",
    "Eva Klein has at least three children.",
    "Eva Klein has fewer than four children.",
    "Eva Klein had no more than three children.",
]
WRONG = [
    "Tim Klein is the youngest child of Eva Klein.",
    "Eva Klein's eldest child is Ann Klein.",
    "Cusco is the largest city in Peru.",
    "Lima is the smallest city of Peru.",
    "Eva Klein has more than three children.",
    "Eva Klein has over three children.",
    "Eva Klein has at least 4 children.",
    "Eva Klein had fewer than three children.",
    "Eva Klein has no fewer than four children.",
    "Eva Klein has no more than two children and a dog.",
]
# No pack says that these are all, a value is missing, two meanings disagree, or the claim says something else.
OPEN = [
    "Lyon is the largest city of Rhone.",
    "Vienne is the largest city of Rhone.",
    "Arica is the largest city in Chile.",
    "Iquique is the largest city in Chile.",
    "Quito is the largest city of Ecuador.",
    "Lima is the biggest city of Peru.",
    "Cusco is the biggest city of Peru.",
    "Ivo Hahn is the youngest child of Otto Hahn.",
    "Ida Hahn is the youngest child of Otto Hahn.",
    "Max Brandt is the youngest child of Karl Brandt.",
    "Max Brandt is the eldest child of Karl Brandt.",
    "Tom Klein is the eldest of Eva Klein's two children.",
    "Tim Klein is the second oldest child of Eva Klein.",
    "Tom Klein is one of the oldest children of Eva Klein.",
    "Tom Klein is the eldest grandchild of Eva Klein.",
    "Tom Klein is the oldest living child of Eva Klein.",
    "Tom Klein may be the oldest child of Eva Klein.",
    "Tom Klein is almost the oldest child of Eva Klein.",
    "Tom Klein is the oldest child of Eva Klein's brother.",
    "Tom Klein's friend is the oldest child of Eva Klein.",
    "Tom Klein is the oldest child of Eva Klein and Otto Hahn.",
    "Tom Klein is not the oldest child of Eva Klein.",
    "Is Tom Klein the oldest child of Eva Klein?",
    "Tim Klein is the oldest child of Eva Klein?",
    "Tom Klein is the tallest child of Eva Klein.",
    "Lima was the largest city of Peru.",
    "Lima will be the largest city of Peru.",
    "Lima is the largest city of Peru by area.",
    "Lima is the largest port of Peru.",
    "Lima is the largest port city of Peru.",
    "Lima is the second largest city of Peru.",
    "Lima is the largest city of southern Peru.",
    "Lima is the largest city of Peru and Chile.",
    "Lima is the largest.",
    "Lima is the largest of the three.",
    "Eva Klein has three or four children.",
    "Eva Klein has three daughters.",
    "Eva Klein has three children by her second husband.",
    "Eva Klein's brother has three children.",
    "Eva Klein taught more than two children.",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_comes_first_of_all_is_supported(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label is Label.SUPPORTED


@pytest.mark.parametrize("text", WRONG)
def test_what_another_exceeds_is_contradicted(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label is Label.CONTRADICTED


@pytest.mark.parametrize("text", OPEN)
def test_what_the_graph_cannot_rank_is_neither(judge: GraphJudge, text: str) -> None:
    assert look(judge, text).label not in (Label.SUPPORTED, Label.CONTRADICTED)


@pytest.mark.parametrize("text", [*RIGHT, *WRONG])
def test_nothing_is_ranked_where_the_world_is_open_and_only_what_is_known_is_counted(
    facts: Path, text: str, tmp_path: Path
) -> None:
    (path := tmp_path / "open.yaml").write_text(PACK.replace("closed_world: true", "closed_world: false"), "utf-8")
    judge = GraphJudge([load(facts)], compare=compare, relations=load_relations([path]))
    known = text in ("Eva Klein has more than two children.", "Eva Klein has at least three children.")
    assert (look(judge, text).label is Label.SUPPORTED) is known
    assert look(judge, text).label is not Label.CONTRADICTED


def test_a_superlative_cites_what_it_was_compared_by(judge: GraphJudge) -> None:
    finding = look(judge, "Lima is the largest city of Peru.")
    cited = [(step.subject, step.relation, step.object) for evidence in finding.evidence for step in evidence.path]
    assert cited == [
        ("Lima", "country", "Peru"),
        ("Lima", "population", "10000000"),
        ("Cusco", "population", "428000"),
    ]
    finding = look(judge, "Cusco is the largest city in Peru.")
    assert "not the largest city" in finding.explanation
    assert {evidence.path[0].subject for evidence in finding.evidence} == {"Cusco", "Lima"}


@pytest.mark.parametrize("store", STORES)
def test_every_store_ranks(store: str, opened: Open, facts: Path, book: RelationBook) -> None:
    judge = GraphJudge([opened(store, facts)], compare=compare, relations=book)
    assert look(judge, "Ann Klein is the youngest child of Eva Klein.").label is Label.SUPPORTED
    assert look(judge, "Lima is the largest city of Peru.").label is Label.SUPPORTED
    assert look(judge, "Cusco is the largest city in Peru.").label is Label.CONTRADICTED
    assert look(judge, "Quito is the largest city of Ecuador.").label is Label.UNCHECKED


DATED = """subject,relation,object,start,end
Acme Works,ceo,Karl Hahn,2010,2015-06-30
Acme Works,ceo,Eva Klein,2015-07-01,
Acme Works,ceo,Ina Wolf,1980,1990
Acme Works,ceo,Ina Wolf,2005,2009
Holding One,ceo,Otto Brandt,2001,2004
Holding One,ceo,Max Born,,
"""


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ina Wolf was the first CEO of Acme Works.", Label.SUPPORTED),
        ("The first CEO of Acme Works was Ina Wolf.", Label.SUPPORTED),
        ("Karl Hahn was the first CEO of Acme Works.", Label.CONTRADICTED),
        ("Otto Brandt was the first CEO of Holding One.", Label.UNCHECKED),
        ("Max Born was the first CEO of Holding One.", Label.UNCHECKED),
        ("Ina Wolf was the first female CEO of Acme Works.", Label.UNCHECKED),
        ("Ina Wolf was the first German CEO of Acme Works.", Label.UNCHECKED),
        ("Ina Wolf was the second CEO of Acme Works.", Label.UNCHECKED),
    ],
)
def test_the_first_of_all_is_who_began_first(text: str, label: Label, book: RelationBook, tmp_path: Path) -> None:
    (path := tmp_path / "firms.csv").write_text(DATED, "utf-8")
    assert look(GraphJudge([load(path)], compare=compare, relations=book), text).label is label
