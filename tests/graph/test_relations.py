from collections.abc import Iterator
from pathlib import Path

import pytest

from groundwire import strict_yaml
from groundwire.errors import KnowledgeError
from groundwire.graph import Literal
from groundwire.graph.fakes import graph_of
from groundwire.graph.mentions import read
from groundwire.graph.names import relation_key
from groundwire.graph.packs import load_relations, shipped_relations
from groundwire.graph.relations import Example, Relation
from groundwire.graph.wording import expressed


def examples() -> Iterator[tuple[Relation, Example]]:
    for relation in shipped_relations():
        for example in relation.examples:
            yield relation, example


def test_every_relation_that_ships_has_an_example_and_says_what_it_means() -> None:
    relations = list(shipped_relations())
    assert len(relations) > 100
    assert all(relation.examples and relation.about and relation.phrases for relation in relations)
    assert all(relation.inverse is None or shipped_relations().inverse(relation) for relation in relations)


@pytest.mark.parametrize(
    ("relation", "example"), [pytest.param(*pair, id=f"{pair[0].id}-{pair[1].object}") for pair in examples()]
)
def test_examples_say_their_relation(relation: Relation, example: Example) -> None:
    value = relation.object in ("date", "number")
    graph = graph_of([(example.subject, relation.id, Literal(example.object) if value else example.object)])
    reading = read(example.text, graph)
    start, end = example.text.index(example.subject), example.text.rindex(example.object)
    subject = next(mention for mention in reading.mentions if mention.start <= start < mention.end)
    object = next(mention for mention in reading.mentions if mention.start <= end < mention.end)
    assert expressed(reading, relation, relation.id, subject, object) >= 0.7


def phrases() -> Iterator[tuple[Relation, str]]:
    for path in sorted((Path(__file__).parents[2] / "rules" / "relations").glob("*.yaml")):
        for entry in strict_yaml.read(path, KnowledgeError).data["relations"]:
            for text in entry["phrases"]:
                yield shipped_relations().get(entry["id"]), text


@pytest.mark.parametrize(
    ("relation", "text"), [pytest.param(*pair, id=f"{pair[0].id}-{pair[1]}") for pair in phrases()]
)
def test_every_phrase_says_its_relation_of_the_examples_names(relation: Relation, text: str) -> None:
    example = relation.examples[0]
    value = relation.object in ("date", "number")
    graph = graph_of([(example.subject, relation.id, Literal(example.object) if value else example.object)])
    said = text.replace("{subject}", example.subject).replace("{object}", example.object)
    reading = read(f"{said}.", graph)
    start = text.replace("{object}", example.object).index("{subject}")
    end = text.replace("{subject}", example.subject).index("{object}")
    subject = next(mention for mention in reading.mentions if mention.start <= start < mention.end)
    object = next(mention for mention in reading.mentions if mention.start <= end < mention.end)
    assert expressed(reading, relation, relation.id, subject, object) >= 0.6


def test_no_two_relations_go_by_one_name() -> None:
    found: dict[str, str] = {}
    for relation in shipped_relations():
        for key in {relation_key(name) for name in (relation.id, *relation.names)}:
            assert found.setdefault(key, relation.id) == relation.id


def test_an_unknown_relation_is_read_by_its_name() -> None:
    graph = graph_of([("Ariane", "launchVehicleOf", "Rosetta")])
    reading = read("Ariane was the launch vehicle of Rosetta.", graph)
    relation = shipped_relations().get("launchVehicleOf")
    assert expressed(reading, relation, "launchVehicleOf", *reading.mentions) > 0.6
    other = read("Ariane admired Rosetta.", graph)
    assert expressed(other, relation, "launchVehicleOf", *other.mentions) == 0


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        ("relations: 3", "list"),
        ("relations:\n  - id: a\n", "without id or about"),
        ("relations:\n  - {id: a, about: b, colour: red}\n", "colour"),
        ("relations:\n  - {id: a, about: b, functional: maybe}\n", "true or false"),
        ("relations:\n  - {id: a, about: b, object: colour}\n", "person"),
        ("relations:\n  - {id: a, about: b, phrases: ['{subject} is red']}\n", "{object}"),
        ("relations:\n  - {id: a, about: b, examples: [x]}\n", "example"),
        ("relations: [", "YAML"),
    ],
)
def test_a_bad_pack_names_the_place(tmp_path: Path, pack: str, said: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(pack, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_relations([path])
    assert str(caught.value).startswith(f"{path}:")
    assert said in str(caught.value)
