"""A graph on disk: made in steps, broken off and gone on with, never half of one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundwire.errors import KnowledgeError
from groundwire.graph import Fact, Literal, import_graph, importing, load
from groundwire.graph.disk import DiskGraph
from groundwire.graph.loading import read_facts
from groundwire.graph.statements import Statement

ODD: list[Statement] = [
    ("Yes_(band)", "genre", "Progressive rock"),
    ("50% off", "a relation with spaces", "[bracket]"),
    ("日本", "capital", "東京"),
    ("http://e/x<y>", "p", "http://e/ok"),
    ("urn:groundwire:name:odd", "p", "_private"),
    ("Q", "motto", Literal('Vive "la"\n\tvie', None, "fr")),
    ("Q", "born", Literal("1970-05-06", "xsd:date")),
    ("Q", "tag", Literal("no such language", None, "not a language!")),
    ("Q", "empty", Literal("")),
]


def write(path: Path, facts: list[tuple[str, str, str]]) -> Path:
    path.write_text("".join("\t".join(fact) + "\n" for fact in facts), "utf-8")
    return path


def test_every_name_and_value_comes_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "read_facts", lambda path: iter(ODD))
    source = write(tmp_path / "odd.tsv", [])
    import_graph([source], tmp_path / "g")
    found = set(DiskGraph(tmp_path / "g").facts())
    expected = {Fact(*fact) for fact in ODD}
    lost_tag = Fact("Q", "tag", Literal("no such language", None, "not a language!"))
    assert found == (expected - {lost_tag}) | {Fact("Q", "tag", Literal("no such language"))}


def test_what_memory_finds_disk_finds(tmp_path: Path) -> None:
    facts = [(f"Person_{at}_Smith", "birthPlace", f"Town number {at % 7}") for at in range(50)]
    facts += [("The Big Café (Paris)", "city", "Paris, Texas"), ("Q5", "label", '"Ada Lovelace"')]
    source = write(tmp_path / "f.tsv", facts)
    import_graph([source], tmp_path / "g")
    disk, memory = DiskGraph(tmp_path / "g"), load(source)
    exact = ("Person 7 Smith", "Town number 3", "big cafe", "the Big Cafe", "Paris")
    for name in (*exact, "Town numbr 3", "Ada Lovelase", "Q5", "x"):
        assert set(disk.names.find(name)) == set(memory.names.find(name)), name
    assert len(disk) == len(facts)


def test_an_import_that_broke_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = write(tmp_path / "one.tsv", [("a", "p", "b"), ("_:x", "p", "a")])
    two = write(tmp_path / "two.tsv", [("c", "p", "d"), ("_:x", "p", "c")])
    out, read = tmp_path / "g", read_facts
    opened: list[str] = []

    def broken(path: Path) -> Iterator[Statement]:
        opened.append(path.name)
        yield next(read(path))
        if path == two:
            raise KeyboardInterrupt
        yield from list(read(path))[1:]

    monkeypatch.setattr(importing, "read_facts", broken)
    with pytest.raises(KeyboardInterrupt):
        import_graph([one, two], out)
    with pytest.raises(KnowledgeError, match="import was not finished"):
        DiskGraph(out)

    def whole(path: Path) -> Iterator[Statement]:
        opened.append(path.name)
        yield from read(path)

    monkeypatch.setattr(importing, "read_facts", whole)
    found = import_graph([one, two], out)
    assert opened == ["one.tsv", "two.tsv", "two.tsv"]
    assert (found.files, found.skipped, found.facts) == (2, 1, 4)  # the blank nodes of two files are two
    assert import_graph([one, two], tmp_path / "whole").revision == found.revision
    written = (out / "names.sqlite").stat().st_mtime_ns
    again = import_graph([one, two], out)
    assert (again.skipped, again.facts, again.revision) == (2, 4, found.revision)
    assert (out / "names.sqlite").stat().st_mtime_ns == written


def test_broken_off_while_names_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path / "one.tsv", [("a b", "p", "b c")])
    monkeypatch.setattr(importing, "_FINISH", "this is no SQL {length}")
    with pytest.raises(KnowledgeError, match="cannot be written"):
        import_graph([source], tmp_path / "g")
    monkeypatch.undo()
    assert import_graph([source], tmp_path / "g").skipped == 1
    assert DiskGraph(tmp_path / "g").names.find("a b") == ("a b",)


def test_files_are_added_and_changes_are_noticed(tmp_path: Path) -> None:
    one, two = (
        write(tmp_path / "one.tsv", [("a", "p", "b")]),
        write(tmp_path / "two.tsv", [("a", "p", "b"), ("b", "p", "c")]),
    )
    first = import_graph([one], tmp_path / "g")
    second = import_graph([two], tmp_path / "g")
    assert (first.facts, second.facts) == (1, 2)
    assert first.revision != second.revision
    write(one, [("a", "p", "x"), ("y", "p", "z")])
    with pytest.raises(KnowledgeError, match="has changed since it was taken in"):
        import_graph([one], tmp_path / "g")
    assert import_graph([one], tmp_path / "g", restart=True).facts == 2


def test_revision_is_of_the_facts(tmp_path: Path) -> None:
    facts = [("a", "p", "b"), ("c", "label", '"Sea"'), ("c", "p", "b")]
    one = import_graph([write(tmp_path / "one.tsv", facts)], tmp_path / "g1")
    other = import_graph([write(tmp_path / "other.tsv", facts[::-1] + facts)], tmp_path / "g2")
    assert one.revision == other.revision


def test_a_restart_deletes_what_an_import_wrote_and_nothing_else(tmp_path: Path) -> None:
    source, out = write(tmp_path / "one.tsv", [("a", "p", "b")]), tmp_path / "g"
    import_graph([source], out)
    assert import_graph([source], out, restart=True).facts == 1
    elsewhere = tmp_path / "elsewhere"
    import_graph([source], elsewhere)
    before = sorted(path.name for path in elsewhere.rglob("*"))

    def refused(path: Path, said: str) -> None:
        held = {each: each.read_bytes() for each in out.rglob("*") if each.is_file()}
        with pytest.raises(KnowledgeError, match=said) as caught:
            import_graph([source], out, restart=True)
        assert str(path) in str(caught.value)
        assert {each: each.read_bytes() for each in out.rglob("*") if each.is_file()} == held

    for mine in (out / "thesis.txt", out / "triples" / "notes.txt"):
        mine.write_text("years of work")
        refused(mine, "was not written by an import")
        mine.unlink()
    (out / "names.sqlite.new").symlink_to(elsewhere / "names.sqlite")
    refused(out / "names.sqlite.new", "is a link")
    (out / "names.sqlite.new").unlink()
    for path in (out / "triples").iterdir():
        path.unlink()
    (out / "triples").rmdir()
    (out / "triples").symlink_to(elsewhere / "triples")
    refused(out / "triples", "is a link")
    linked = tmp_path / "linked"
    linked.symlink_to(elsewhere)
    with pytest.raises(KnowledgeError, match="is a link"):
        import_graph([source], linked, restart=True)
    assert sorted(path.name for path in elsewhere.rglob("*")) == before


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda out: out.write_text("x"), "is there, and is no graph"),
        (lambda out: (out.mkdir(), (out / "mine.txt").write_text("x")), "is there, and is no graph"),
        (lambda out: (out.mkdir(), (out / "groundwire.json").write_text("{")), "cannot be read"),
        (lambda out: (out.mkdir(), (out / "groundwire.json").write_text('{"version": 9, "files": {}}')), "version 9"),
    ],
)
def test_nothing_of_others_is_overwritten(tmp_path: Path, make: object, said: str) -> None:
    assert callable(make)
    make(tmp_path / "g")
    with pytest.raises(KnowledgeError, match=said):
        import_graph([write(tmp_path / "one.tsv", [("a", "p", "b")])], tmp_path / "g")


def test_a_bad_file_is_one_line_and_leaves_no_graph(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("<http://e/a> <http://e/b>\n  ?x .")
    with pytest.raises(KnowledgeError, match=r"bad\.ttl:2:"):
        import_graph([bad], tmp_path / "g")
    with pytest.raises(KnowledgeError, match="not finished"):
        DiskGraph(tmp_path / "g")
    with pytest.raises(KnowledgeError, match="cannot be read"):
        import_graph([tmp_path / "none.ttl"], tmp_path / "other")
    with pytest.raises(KnowledgeError, match="this is no graph"):
        DiskGraph(tmp_path)


def test_a_damaged_graph_is_one_line(tmp_path: Path) -> None:
    import_graph([write(tmp_path / "one.tsv", [("a", "p", "b")])], tmp_path / "g")
    (tmp_path / "g" / "names.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 99)
    with pytest.raises(KnowledgeError, match=r"names\.sqlite: cannot be read"):
        DiskGraph(tmp_path / "g").names.find("a")
    manifest = json.loads((tmp_path / "g" / "groundwire.json").read_text())
    assert manifest["complete"] is True


def test_a_node_that_much_points_to_has_all_its_roles(tmp_path: Path) -> None:
    facts = [(f"e{at}", "country", "Hub") for at in range(1_500)] + [("a", "zz", "Hub")]
    import_graph([write(tmp_path / "f.tsv", facts)], tmp_path / "g")
    graph = DiskGraph(tmp_path / "g")
    assert graph.roles("Hub") == {"country", "zz"}
    assert len(graph.facts_to("Hub", 10)) == 10


def test_a_name_that_thousands_have_is_not_gone_through_for_every_claim(tmp_path: Path) -> None:
    many = [(f"Springfield, County {at:05}", "country", "Elsewhere") for at in range(3_000)]
    many += [(f"Shelbyville, County {at}", "country", "Elsewhere") for at in range(10)]
    import_graph([write(tmp_path / "f.tsv", many)], tmp_path / "g")
    names = DiskGraph(tmp_path / "g").names
    assert len(names.find("Springfield")) == 1_001
    assert len(names.find("Shelbyville")) == 10
    assert names.find("Springfield, County 02999") == ("Springfield, County 02999",)
