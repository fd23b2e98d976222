"""Documents from disk: what is read, and one line for what cannot be."""

from pathlib import Path

import pytest

from groundwire.errors import InputError
from groundwire.evidence import files, read_documents


def test_a_file_whatever_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "policy.pdf.log"
    path.write_bytes(b"\xef\xbb\xbfRate: 5 %\n")
    (document,) = read_documents(path)
    assert (document.source, document.text, document.speaks) == ("policy.pdf.log", "Rate: 5 %\n", True)
    assert document.uri == path.as_uri()


def test_a_folder_in_order_without_hidden_or_other_files(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/c.csv", ".hidden.txt", ".git/x.txt", "picture.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    assert [d.source for d in read_documents(str(tmp_path))] == ["a.txt", "b.md", "sub/c.csv"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (inside / "a.txt").write_text("a")
    (inside / "link.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "own.txt").symlink_to(inside / "a.txt")
    assert [d.source for d in read_documents(inside)] == ["a.txt", "own.txt"]


def test_what_cannot_be_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "latin.txt"
    bad.write_bytes(b"fine\ncaf\xe9\n")
    big = tmp_path / "big.txt"
    big.write_text("x" * 101)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr(files, "LARGEST", 100)
    for path, says in (
        (tmp_path / "none.txt", "No such file"),
        (bad, "latin.txt:2"),
        (big, "Over"),
        (empty, "No text file"),
        (Path("/dev/null"), "Not a regular file"),
        (Path("a\0b"), "No such file"),
    ):
        with pytest.raises(InputError) as caught:
            read_documents(path)
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)
