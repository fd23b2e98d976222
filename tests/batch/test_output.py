"""The output is the record of how far an audit came: what it holds is done, what it does not is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from groundwire.batch import OutputFile
from groundwire.errors import InputError


def a_row(id: Any, **more: Any) -> dict[str, Any]:
    return {"id": id, "verdict": "clean", "score": 0.0, "claims": [], "revised": "Ä", **more}


def written(path: Path, *ids: Any, settings: str = "s") -> None:
    with OutputFile(str(path), settings=settings) as rows:
        for id in ids:
            rows.write(a_row(id))


def test_a_run_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, "a", 1)
    first = path.read_bytes()
    with OutputFile(str(path), settings="s") as rows:
        assert rows.done == {'"a"', "1"}
        assert rows.summary.before == 2
        assert rows.summary.verdicts == {"clean": 2}
        rows.write(a_row("b", verdict="flagged"))
    assert path.read_bytes().startswith(first)
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["a", 1, "b"]
    assert {json.loads(line)["settings"] for line in path.read_text().splitlines()} == {"s"}


def test_wherever_a_killed_run_was_cut_it_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, "a", "b")
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with OutputFile(str(path), settings="s") as rows:
            assert rows.done == ({'"a"'} if cut >= first else set())
            for id in ("a", "b"):
                if f'"{id}"' not in rows.done:
                    rows.write(a_row(id))
        assert path.read_bytes() == whole


def test_errors_of_an_earlier_run_still_count(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with OutputFile(str(path), settings="s") as rows:
        rows.write(a_row("a", verdict="unchecked", error="killed"))
    with OutputFile(str(path), settings="s") as rows:
        assert rows.summary.errors == 1
        assert rows.summary.exit_code == 2


def test_a_run_is_not_continued_under_other_settings(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, "a")
    before = path.read_bytes()
    with pytest.raises(InputError, match="row 1 was made under other settings"):
        OutputFile(str(path), settings="t")
    assert path.read_bytes() == before
    with OutputFile(str(path), settings="t", restart=True) as rows:
        assert not rows.done
    assert path.read_bytes() == b""


def test_a_row_without_settings_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps(a_row("a")) + "\n")
    with OutputFile(str(path), settings="t") as rows:
        assert rows.done == {'"a"'}


@pytest.mark.parametrize(
    "text",
    [
        "Dear diary\n",
        "Dear diary",
        '{"name": 1}\n',
        '{"a"',
        "[1]\n",
        '{"id": "a"}\n',
        "[" * 100_000 + "\n",
        '\n{"id": 1',
    ],
)
def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "diary.txt"
    path.write_text(text)
    with pytest.raises(InputError, match="line 1 is not one that an audit wrote"):
        OutputFile(str(path), settings="s")
    assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "out.jsonl"):
        with pytest.raises(InputError, match=r"cannot be written \((Is a|No such)") as refused:
            OutputFile(str(path), settings="s")
        assert "\n" not in str(refused.value)


def test_a_full_disk_is_one_line() -> None:
    rows = OutputFile("/dev/full", settings="s")
    with rows, pytest.raises(InputError, match="No space left"):
        rows.write(a_row("a"))
