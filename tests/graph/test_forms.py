"""Tables with an entity a row, GraphML, node-link JSON, Wikidata's entities: what they say, what is refused."""

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from groundwire.errors import KnowledgeError
from groundwire.graph import Literal, files, load
from groundwire.graph.loading import read_facts

WD, WDT = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/direct/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ALIAS = "http://www.w3.org/2004/02/skos/core#altLabel"
XSD = "http://www.w3.org/2001/XMLSchema#"


def read(path: Path, text: str | bytes) -> set[Any]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return set(read_facts(path))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", 'city,country,population,opened,code\nHobart,Australia|Tasmania,247068,1999-01-02,"""7|8"""\n'),
        (
            "t.tsv",
            "# towns\ncity\tcountry\tpopulation\topened\tcode\n"
            'Hobart\tAustralia | Tasmania\t247068\t1999-01-02\t"7|8"\n',
        ),
    ],
)
def test_a_table_with_an_entity_a_row(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path / name, text) == {
        ("Hobart", "country", "Australia"),
        ("Hobart", "country", "Tasmania"),
        ("Hobart", "population", Literal("247068")),
        ("Hobart", "opened", Literal("1999-01-02", "xsd:date")),
        ("Hobart", "code", Literal("7|8")),
    }


def test_which_kind_of_table_it_is(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert read(path, "id,label,capital\nQ1,Oz,Canberra\n") == {("Q1", "label", "Oz"), ("Q1", "capital", "Canberra")}
    assert read(path, "entity,attribute,value\nOz,capital,Canberra\n") == {("Oz", "capital", "Canberra")}
    assert read(path, "Oz,capital,Canberra\nOz,size,3\n") == {
        ("Oz", "capital", "Canberra"),
        ("Oz", "size", Literal("3")),
    }
    assert read(path, "country,capital\nOz,Canberra\nFrance,\n") == {("Oz", "capital", "Canberra")}
    assert read(path, "country,capital\n") == set()


def test_labels_in_a_table_name_its_entities(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,name,alias,capital\nQ1,Australia,Oz|Down Under,Canberra\n")
    graph = load(path)
    assert (graph.label("Q1"), graph.aliases("Q1")) == ("Australia", ("Oz", "Down Under"))


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a,b,c,d\n1,2,3,4,5\n", ":2", "5 columns"),
        ("a,b,c,d\n ,2,3,4\n", ":2", "no entity"),
        ("a,b,b,d\n", ":1", 'column 3 is "b", and no other may be'),
        ("a,,c,d\n", ":1", "column 2 is not named"),
        ("Oz,3,4,5\n", ":1", 'column 2 is "3"'),
        ("alone\n", ":1", "1 column."),
    ],
)
def test_what_is_no_table_of_entities(tmp_path: Path, text: str, where: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read(tmp_path / "t.csv", text)
    assert str(caught.value).startswith(f"{tmp_path / 't.csv'}{where}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("edges", ["edges", "links"])
@pytest.mark.parametrize("directed", [nx.MultiDiGraph, nx.DiGraph, nx.Graph])
def test_networkx_both_ways(tmp_path: Path, edges: str, directed: type[Any]) -> None:
    network: Any = directed()
    network.add_node("au", label="Australia", area=7.7, island=True)
    network.add_edge("au", "cbr", relation="capital")
    network.add_edge("au", "syd", type="largest city", since=1788)
    expected = {
        ("au", "label", Literal("Australia")),
        ("au", "area", Literal("7.7")),
        ("au", "island", Literal("true")),
        ("au", "capital", "cbr"),
        ("au", "largest city", "syd"),
    }
    nx.write_graphml(network, tmp_path / "g.graphml")
    assert set(read_facts(tmp_path / "g.graphml")) == expected
    for indent in (None, 2):
        text = json.dumps(nx.node_link_data(network, edges=edges), indent=indent)
        assert read(tmp_path / "g.json", text) == expected


def test_an_edge_key_is_a_relation_where_nothing_else_is(tmp_path: Path) -> None:
    network: Any = nx.MultiDiGraph()
    network.add_edge("a", "b", "knows")
    assert read(tmp_path / "g.json", json.dumps(nx.node_link_data(network, edges="edges"))) == {("a", "knows", "b")}


def snak(kind: str, value: Any, rank: str = "normal", **more: Any) -> dict[str, Any]:
    found = {"snaktype": "value", "datavalue": {"type": kind, "value": value}, **more}
    return {"mainsnak": found, "rank": rank, "type": "statement"}


def time(text: str, precision: int) -> dict[str, Any]:
    return snak("time", {"time": text, "precision": precision, "calendarmodel": WD + "Q1985727"})


def item(number: int, rank: str = "normal") -> dict[str, Any]:
    return snak("wikibase-entityid", {"entity-type": "item", "id": f"Q{number}", "numeric-id": number}, rank)


ADAMS: dict[str, Any] = {
    "type": "item",
    "id": "Q42",
    "labels": {"en": {"language": "en", "value": "Douglas Adams"}, "de": {"language": "de", "value": "D. Adams"}},
    "descriptions": {"en": {"language": "en", "value": "English writer"}},
    "aliases": {"en": [{"language": "en", "value": "DNA"}], "fr": [{"language": "fr", "value": "Dougie"}]},
    "claims": {
        "P19": [item(350)],
        "P569": [time("+1952-03-11T00:00:00Z", 11)],
        "P571": [time("+1979-10-00T00:00:00Z", 10), time("-0043-00-00T00:00:00Z", 9), time("+1900-00-00T00:00:00Z", 7)],
        "P2048": [
            snak("quantity", {"amount": "+1.96", "unit": WD + "Q11573"}),
            snak("quantity", {"amount": "-3", "unit": "1"}),
        ],
        "P27": [item(1, "deprecated"), item(145, "preferred"), item(2)],
        "P1559": [snak("monolingualtext", {"text": "Douglas", "language": "en"})],
        "P214": [snak("string", "113230702", datatype="external-id")],
        "P18": [snak("string", "a.jpg", datatype="commonsMedia")],
        "P40": [{"mainsnak": {"snaktype": "somevalue"}, "rank": "normal"}],
        "P625": [snak("globecoordinate", {"latitude": 1, "longitude": 2})],
        "P281": [snak("string", "CB2", datatype="string")],
    },
}
PROPERTY = {
    "type": "property",
    "id": "P19",
    "labels": {"en": {"language": "en", "value": "place of birth"}},
    "claims": {},
}
EXPECTED = {
    (LABEL, Literal("Douglas Adams", None, "en")),
    (ALIAS, Literal("DNA", None, "en")),
    (WDT + "P19", WD + "Q350"),
    (WDT + "P569", Literal("1952-03-11", XSD + "date")),
    (WDT + "P571", Literal("1979-10", XSD + "gYearMonth")),
    (WDT + "P571", Literal("-0043", XSD + "gYear")),
    (WDT + "P2048", Literal("1.96 (metre)")),
    (WDT + "P2048", Literal("-3")),
    (WDT + "P27", WD + "Q145"),
    (WDT + "P1559", Literal("Douglas", None, "en")),
    (WDT + "P281", Literal("CB2")),
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Q42.json", json.dumps({"entities": {"Q42": ADAMS}})),
        ("Q42.json", json.dumps({"entities": {"Q42": ADAMS}}, indent=1)),
        ("one.json", json.dumps(ADAMS)),
        ("one.json", "\n" + json.dumps(ADAMS, indent=1)),
        ("list.json", json.dumps([PROPERTY, ADAMS])),
        ("dump.json", f"[\n{json.dumps(PROPERTY)},\n{json.dumps(ADAMS)}\n]\n"),
        ("dump.jsonl", f"{json.dumps(ADAMS)}\n\n{json.dumps(PROPERTY)}\n"),
        ("dump.json.gz", gzip.compress(f"[\n{json.dumps(ADAMS)},\n{json.dumps(PROPERTY)}\n]\n".encode(), mtime=0)),
    ],
)
def test_entities_of_wikidata(tmp_path: Path, name: str, text: str | bytes) -> None:
    assert read(tmp_path / name, text) == {(WD + "Q42", relation, value) for relation, value in EXPECTED}


def test_an_entity_without_labels_or_claims(tmp_path: Path) -> None:
    empty: dict[str, Any] = {"id": "Q1", "labels": [], "aliases": [], "claims": []}
    assert read(tmp_path / "e.json", json.dumps({"entities": {"Q1": {**empty, "claims": {}}}})) == set()


@pytest.mark.parametrize(
    ("name", "text", "where", "said"),
    [
        ("g.graphml", "<graphml><graph", ":1:", "Expected GraphML"),
        ("g.graphml", "<html></html>", "", "Expected GraphML"),
        (
            "g.json",
            '{"nodes": [{"id": "a"}, {"id": "b"}], "edges": [{"source": "a", "target": "b"}]}',
            "",
            "which relation",
        ),
        ("g.json", '{"nodes": [{"name": "a"}], "edges": [{"source": "a"}]}', "", '"nodes" with "id"'),
        ("g.json", '{"a": 1}', "", "this is JSON, but no graph"),
        ("g.json", "[1, 2]", "", "this is JSON, but no graph"),
        ("g.json", '{"a":\n tru}', ":2:2", "Expecting value"),
        ("g.json", '[\n{"id": "Q1", "claims": {}},\n{"id"\n]', ":3:", "delimiter"),
        ("g.json", '[\n{"id": "Q1", "claims": {"P1": 3}}\n]', ":2", "Q1 cannot be read"),
        ("g.jsonl", '{"id": "Q1", "claims": {}}\n{"no": 1}\n', ":2", "this is no entity"),
        ("g.json", "[" * 100_000, ":1", ""),
        ("t.csv.gz", "a,b,c\n", "", "cannot be unpacked"),
        ("t.docx.gz", "", "", "no known form"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, name: str, text: str, where: str, said: str) -> None:
    path = tmp_path / name
    with pytest.raises(KnowledgeError) as caught:
        read(path, text)
    assert str(caught.value).startswith(f"{path}{where}")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_form_may_be_packed(tmp_path: Path) -> None:
    for name, text in (
        ("a.nt.gz", "<http://e/a> <http://e/b> <http://e/c> ."),
        ("a.tsv.gz", "http://e/a\thttp://e/b\thttp://e/c"),
    ):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
        graph = load(tmp_path / name)
        assert graph.name == "a"
        assert list(graph.facts()) == [("http://e/a", "http://e/b", "http://e/c")]
    (tmp_path / "cut.nt.gz").write_bytes(gzip.compress(b"<http://e/a> <http://e/b> <http://e/c> .\n" * 99)[:-20])
    with pytest.raises(KnowledgeError, match="cannot be unpacked"):
        load(tmp_path / "cut.nt.gz")


def test_no_entity_of_xml_reaches_a_file_or_blows_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    head = f'<!DOCTYPE g [<!ENTITY x SYSTEM "file://{secret}">]>'
    graph = '<graph edgedefault="directed"><node id="&x;"/></graph>'
    text = f'{head}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{graph}</graphml>'
    with pytest.raises(KnowledgeError) as caught:
        read(tmp_path / "g.graphml", text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("whole.json.gz", b"{%s}"),  # one line
        ("whole.json.gz", b'{\n"nodes": [],%s}'),
        ("dump.json.gz", b"[\n%s\n]"),
        ("lines.jsonl.gz", b'{"id": "Q1", "labels": {}}\n%s\n'),
        ("a.tsv.gz", b"a\tb\t%s\n"),
        ("a.csv.gz", b"a,b,%s\n"),
        ("a.graphml.gz", b"<graphml><graph>%s</graph></graphml>"),
    ],
)
def test_what_unpacks_to_more_than_can_be_held_is_noticed_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: bytes
) -> None:
    monkeypatch.setattr(files, "MOST_READ", 50_000)
    bomb = tmp_path / name
    bomb.write_bytes(gzip.compress(text.replace(b"%s", b" " * 20_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(KnowledgeError, match="too large"):
            load(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
