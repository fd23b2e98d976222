from pathlib import Path

import pytest

from groundwire.errors import KnowledgeError
from groundwire.graph import Fact, Literal, load

TURTLE = """@prefix : <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:au a :Country ; rdfs:label "Australien"@de, "Australia"@en ; skos:altLabel "Oz" ; :capital :cbr ;
  :founded "1901-01-01"^^xsd:date .
:cbr rdfs:label "Canberra" .
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_turtle_gives_labels_aliases_types_and_facts(tmp_path: Path) -> None:
    graph = load(write(tmp_path / "facts.ttl", TURTLE))
    australia = "http://example.org/au"
    assert graph.name == "facts"
    assert graph.label(australia) == "Australia"
    assert set(graph.aliases(australia)) == {"Oz", "Australien"}
    assert graph.types(australia) == {"http://example.org/Country"}
    assert graph.names.find("oz")[0] == australia
    dated = Fact(
        australia, "http://example.org/founded", Literal("1901-01-01", "http://www.w3.org/2001/XMLSchema#date")
    )
    assert dated in graph.facts_about(australia)
    assert graph.facts_between("http://example.org/cbr", australia)[0].relation == "http://example.org/capital"


def test_every_form_reads_the_same_fact(tmp_path: Path) -> None:
    triple = "<http://e/a> <http://e/knows> <http://e/b>"
    files = {
        "a.nt": f"{triple} .\n",
        "a.nq": f"{triple} <http://e/graph> .\n",
        "a.trig": f"<http://e/graph> {{ {triple} }}",
        "a.ttl": f"{triple} .",
        "a.jsonld": '{"@id": "http://e/a", "http://e/knows": {"@id": "http://e/b"}}',
        "b.json": '{"@context": {"knows": {"@id": "http://e/knows", "@type": "@id"}}, "@id": "http://e/a", "knows": "http://e/b"}',
        "a.rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<r:Description r:about="http://e/a"><e:knows r:resource="http://e/b"/></r:Description></r:RDF>',
        "a.tsv": "<http://e/a>\t<http://e/knows>\t<http://e/b>\n",
        "a.csv": "subject,predicate,object\nhttp://e/a,http://e/knows,http://e/b\n",
    }
    for name, text in files.items():
        graph = load(write(tmp_path / name, text))
        assert list(graph.facts()) == [Fact("http://e/a", "http://e/knows", "http://e/b")], name


def test_table_tells_values_from_entities(tmp_path: Path) -> None:
    rows = [
        "# a comment",
        "",
        'Q\tcode\t"KABI"',
        "Q\tlength\t2194.0",
        "Q\tspeed\t0.03 (kilometrePerSeconds)",
        'Q\tmotto\t"Vive \\"la\\" vie"@fr',
        'Q\topened\t"1999-01-02"^^xsd:date',
        "Q\tborn\t1970-05-06",
        "Q\tclub\t1._FC_Köln",
        'Q\tdish\t"Squeezed" or "smashed" chicken',
    ]
    objects = {fact.relation: fact.object for fact in load(write(tmp_path / "t.tsv", "\n".join(rows))).facts()}
    assert objects == {
        "code": Literal("KABI"),
        "length": Literal("2194.0"),
        "speed": Literal("0.03 (kilometrePerSeconds)"),
        "motto": Literal('Vive "la" vie', None, "fr"),
        "opened": Literal("1999-01-02", "xsd:date"),
        "born": Literal("1970-05-06", "xsd:date"),
        "club": "1._FC_Köln",
        "dish": Literal('"Squeezed" or "smashed" chicken'),
    }


def test_header_may_turn_the_columns_round(tmp_path: Path) -> None:
    graph = load(write(tmp_path / "t.csv", "object,relation,subject\nCanberra,capital,Australia\n"))
    assert list(graph.facts()) == [Fact("Australia", "capital", "Canberra")]


@pytest.mark.parametrize(
    ("name", "text", "where", "said"),
    [
        ("t.tsv", "a\tb\tc\na\tb\n", ":2", "2 columns"),
        ("t.tsv", "a\t\tc\n", ":1", "no relation"),
        ("t.tsv", 'a\tb\t"open\n', ":1", "does not end"),
        ("t.csv", 'a,b,"c\n', ":1", "comma-separated"),
        ("t.ttl", "<http://e/a> <http://e/b>\n  ?x .", ":2:", "Turtle"),
        ("t.jsonld", '{"@context": "https://schema.org/", "@id": "http://e/a", "name": "A"}', "", "@context"),
        ("t.docx", "", "", ".ttl"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, name: str, text: str, where: str, said: str) -> None:
    path = write(tmp_path / name, text)
    with pytest.raises(KnowledgeError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}{where}")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_and_bad_encoding(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load(tmp_path / "none.ttl")
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load(tmp_path / "none.tsv")
    (tmp_path / "bad.tsv").write_bytes(b"a\tb\t\xff\n")
    with pytest.raises(KnowledgeError, match="UTF-8"):
        load(tmp_path / "bad.tsv")


def test_empty_files_are_empty_graphs(tmp_path: Path) -> None:
    for name in ("t.ttl", "t.tsv", "t.csv", "t.nt"):
        assert len(load(write(tmp_path / name, ""))) == 0


def test_revision_is_of_the_content_not_of_its_order(tmp_path: Path) -> None:
    lines = ["a\tb\tc", "a\tb\td", "c\tlabel\tSea"]
    one = load(write(tmp_path / "one.tsv", "\n".join(lines)))
    other = load(write(tmp_path / "other.tsv", "\n".join(reversed(lines))))
    changed = load(write(tmp_path / "changed.tsv", "\n".join(lines).replace("Sea", "See")))
    assert one.revision == other.revision != changed.revision


def test_blank_nodes_keep_the_revision(tmp_path: Path) -> None:
    path = write(tmp_path / "t.ttl", "<http://e/a> <http://e/b> [ <http://e/c> 1 ] .")
    assert load(path).revision == load(path).revision
