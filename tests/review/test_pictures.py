"""The pictures of the pages: each is shown in the README, they are small, and they can be taken again."""

import re
import struct
from pathlib import Path

import pytest
from tests.programs import program
from tests.review import pictures

README = Path(__file__).resolve().parents[2] / "README.md"
MOST = 300_000  # bytes, all together


def size(path: Path) -> tuple[int, int]:
    """Width and height, as a PNG's header has them."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program("chromium", "chromium-browser", "google-chrome", package="chromium")
    folder = tmp_path_factory.mktemp("pictures")
    pictures.main(folder)
    return folder


def test_the_readme_shows_them_all() -> None:
    shown = re.findall(r"\]\((src/groundwire/review/pictures/[\w.]+)\)", README.read_text("utf-8"))
    there = sorted(pictures.FOLDER.iterdir())
    assert sorted(README.parent / path for path in shown) == there
    assert [path.stem for path in there] == sorted(pictures.PICTURES)
    assert sum(path.stat().st_size for path in there) < MOST


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_they_can_be_taken_again(taken: Path, name: str) -> None:
    again = taken / f"{name}.png"
    assert size(again) == size(pictures.FOLDER / f"{name}.png") == (pictures.WIDTH, pictures.PICTURES[name][1])
    assert again.stat().st_size > 10_000, "an empty page"
