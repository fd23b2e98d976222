import gzip
import json
from pathlib import Path

import pytest

from groundwire.bench import sets, swaps
from groundwire.errors import InputError


def a_set(folder: Path, name: str, examples: list[object]) -> Path:
    path = folder / name
    text = "".join(json.dumps(example) + "\n" for example in examples)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_sets_are_found_by_kind_and_name(tmp_path: Path) -> None:
    for name in ("answers.b.jsonl.gz", "answers.a.jsonl", "pairs.c.jsonl.gz", "answers.txt"):
        a_set(tmp_path, name, [])
    assert list(sets.find(tmp_path, "answers")) == ["a", "b"]
    assert sets.find(tmp_path, "answers", ["b"]) == {"b": tmp_path / "answers.b.jsonl.gz"}
    with pytest.raises(InputError, match=r"no answers called c\. Expected one of: a, b\."):
        sets.find(tmp_path, "answers", ["c"])
    with pytest.raises(InputError, match="is no folder"):
        sets.find(tmp_path / "none", "answers")


def test_a_sample_is_always_the_same_and_in_order(tmp_path: Path) -> None:
    path = a_set(tmp_path, "answers.a.jsonl.gz", [{"n": number} for number in range(100)])
    numbers = [example["n"] for example in sets.read(path, ["n"], 10)]
    assert len(numbers) == 10
    assert numbers == sorted(numbers) != list(range(10))
    assert sets.read(path, ["n"], 10) == sets.read(path, ["n"], 10)
    assert len(sets.read(path, ["n"], 1000)) == len(sets.read(path, ["n"])) == 100


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl", b'{"n": 1}\n{"m": 1}\n', "a.jsonl:2: something is missing. Expected an object with n."),
        ("a.jsonl", b"{\n", "a.jsonl:1: not JSON. Expected an object with n."),
        ("a.jsonl", b"\xff\n", "a.jsonl: cannot be read"),
        ("a.jsonl.gz", b'{"n": 1}\n', "a.jsonl.gz: cannot be read (Not a gzipped file"),
        (
            "a.jsonl.gz",
            gzip.compress(b'{"n": 1}\n' * 1000, mtime=0)[:40],
            "a.jsonl.gz: cannot be read (Compressed file ended",
        ),
    ],
)
def test_a_set_that_is_none_is_one_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        sets.read(path, ["n"])
    assert str(refused.value).startswith(f"{tmp_path}/{said}")
    assert "\n" not in str(refused.value)


def test_texts_need_their_graph(tmp_path: Path) -> None:
    texts = a_set(tmp_path, "graph.dev.answers.jsonl.gz", [])
    with pytest.raises(InputError, match=r"graph\.dev\.graph\.tsv: is not there"):
        swaps.find(tmp_path)
    (tmp_path / "graph.dev.graph.tsv").touch()
    assert swaps.find(tmp_path) == swaps.find(tmp_path, ["dev"]) == {"dev": (texts, tmp_path / "graph.dev.graph.tsv")}


@pytest.mark.parametrize(
    ("revised", "within"),
    [
        ("In Oslo, and Oslo, it is.", True),
        ("In , and , it is.", True),
        ("In Bergen, and Rome, it is.", True),
        ("In Rome, and Rome, it is.", True),
        ("In Oslo, and Oslo, it was.", False),
        ("On Oslo, and Oslo, it is.", False),
        ("In Oslo, or Oslo, it is.", False),
        ("", False),
        ("In , it is.", False),
    ],
)
def test_what_was_changed_within_the_spans(revised: str, within: bool) -> None:
    text = "In Rome, and Rome, it is."
    assert swaps.only_within(text, [[13, 17], [3, 7]], revised) is within


def test_without_spans_nothing_may_change() -> None:
    assert swaps.only_within("abc", [], "abc")
    assert not swaps.only_within("abc", [], "abcd")
