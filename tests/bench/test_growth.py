"""Growth: rows against the first one, and a plot that holds every point where it belongs."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from groundwire.bench import cli, growth, plot
from groundwire.config import Config
from groundwire.errors import InputError

SVG = "{http://www.w3.org/2000/svg}"


def test_rows_are_measured_against_the_first() -> None:
    said: list[str] = []
    found = growth.grow(Config(), said.append, times=1, contexts=(100, 400), answers=(20, 60))
    assert list(found) == ["context", "answer"]
    assert len(said) == 4
    for name, lengths in (("context", (100, 400)), ("answer", (20, 60))):
        first, last = found[name]
        assert [row["words"] for row in (first, last)] == pytest.approx(lengths, abs=25)
        assert first["times_the_words"] == first["times_the_ms"] == 1
        assert last["times_the_words"] == pytest.approx(last["words"] / first["words"])
        assert last["times_the_ms"] == pytest.approx(last["ms"] / first["ms"])
    assert found["answer"][1]["claims"] > found["answer"][0]["claims"]


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"words": words, "claims": 25, "ms": ms, "cpu_ms": ms, "times_the_words": words / 300, "times_the_ms": ms / 50}
        for words, ms in ((300, 50.0), (3_000, 100.0), (30_000, 400.0))
    ]
    monkeypatch.setattr(growth, "grow", lambda settings, progress: {"context": rows, "answer": rows})


@pytest.mark.usefixtures("grown")
def test_the_command_prints_and_draws(tmp_path: Path) -> None:
    picture = tmp_path / "growth.svg"
    printed = CliRunner().invoke(cli.app, ["latency", "--grow", "--plot", str(picture)])
    assert printed.exit_code == 0, printed.output
    assert "30,000 words" in printed.stdout
    assert "400.0" in printed.stdout
    assert ElementTree.parse(picture).getroot().tag == f"{SVG}svg"
    found = json.loads(CliRunner().invoke(cli.app, ["latency", "--grow", "--json"]).stdout)
    assert [row["times_the_ms"] for row in found["growth"]["answer"]] == [1, 2, 8]


def test_a_plot_without_growth_is_refused(tmp_path: Path) -> None:
    refused = CliRunner().invoke(cli.app, ["latency", "--plot", str(tmp_path / "x.svg")])
    assert isinstance(refused.exception, InputError)
    assert "--grow" in str(refused.exception)


def test_points_stand_where_their_numbers_say() -> None:
    drawn = plot.curves({"a <b>": [(10, 1), (100, 10), (1000, 100)], "flat": [(10, 5), (1000, 5)]}, across="x", up="y")
    root = ElementTree.fromstring(drawn)
    lines = [_places(line.get("points", "")) for line in root.iter(f"{SVG}polyline")]
    (start, middle, end), (left, right) = lines
    assert middle[0] - start[0] == pytest.approx(end[0] - middle[0], abs=0.2)
    assert start[1] - middle[1] == pytest.approx(middle[1] - end[1], abs=0.2) != 0
    assert left[1] == right[1]
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a <b>", "flat", "x", "y", "10", "1,000"} <= set(texts)
    for across, up in (place for line in lines for place in line):
        assert 0 <= across <= plot.WIDTH
        assert 0 <= up <= plot.HEIGHT
    guides = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert _places(str(guides[0]))[-1] == end  # the first line is linear


def _places(drawn: str) -> list[tuple[float, float]]:
    numbers: list[Any] = re.findall(r"[\d.]+", drawn)
    return [(float(across), float(up)) for across, up in zip(numbers[::2], numbers[1::2], strict=True)]


@pytest.mark.parametrize("points", [[], [(0, 1)], [(1, -1)]])
def test_a_logarithm_needs_numbers_above_0(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        plot.curves({"a": points}, across="x", up="y")
