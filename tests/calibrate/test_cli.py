"""`groundwire calibrate` as it is typed: the product's own way, with a model whose support stands in a table."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from groundwire.calibrate.cli import calibrate
from groundwire.client import Groundwire
from groundwire.config import Config
from groundwire.errors import GroundwireError
from groundwire.nli import FakeEntailment, QueuedModel

app = typer.Typer()
app.command()(calibrate)

NAMES = ["Anna", "Bruno", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jonas"]
THINGS = ["house", "garden", "boat", "horse", "farm"]
CONTEXT = "The river was cold. The road was long."
CLAIMS = [f"{name} sold the {thing}." for thing in THINGS for name in NAMES]
FIRST = {claim: (7 * n % 50 + 0.5) / 50 for n, claim in enumerate(CLAIMS)}
"""How much the first passage supports each. The more, the fewer are labelled faulty, and none entirely."""


def row(premise: str, hypothesis: str) -> tuple[float, float, float]:
    """One claim in five is supported by the other passage alone; one that is hardly supported is contradicted."""
    support = FIRST.get(hypothesis, 0.9)
    if CLAIMS.index(hypothesis) % 5 == 0 if hypothesis in FIRST else False:
        support = 0.97 if "road" in premise else 0.04
    against = 0.9 * (1 - support) if support < 0.2 else 0.1 * (1 - support)
    return support, 1 - support - against, against


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> FakeEntailment:
    fake = FakeEntailment(row)
    monkeypatch.setattr("groundwire.nli.load_model", lambda name, threads=None: QueuedModel(fake))
    return fake


def lines() -> list[dict[str, Any]]:
    return [
        {"id": n, "answer": claim, "context": CONTEXT.split(". "), "label": int((FIRST[claim] < 0.5) ^ (n % 8 == 1))}
        for n, claim in enumerate(CLAIMS)
    ]


def an_input(folder: Path, rows: Sequence[Any], name: str = "in.jsonl") -> Path:
    data = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--workers", "1"])


def test_what_is_promised_is_what_the_product_then_does(tmp_path: Path) -> None:
    out = tmp_path / "groundwire.yaml"
    out.write_text("mode: annotate  # for now\n")
    result = run(an_input(tmp_path, lines()), "--max-false-positives", "0.2", "-o", out, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert out.read_text().startswith("mode: annotate  # for now\n")
    assert found["n"] == 50
    assert 0.1 < found["false_positive_rate"]["value"] <= 0.2
    assert found["false_positive_rate"]["low"] < found["false_positive_rate"]["value"]

    gw = Groundwire(out)
    reports = [gw.verify(line["answer"], context=line["context"]) for line in lines()]
    for label, rate in ((0, "false_positive_rate"), (1, "detection_rate")):
        flags = [r.verdict == "flagged" for r, line in zip(reports, lines(), strict=True) if line["label"] == label]
        assert sum(flags) / len(flags) == found[rate]["value"]
    assert found["config"]["entailment"] == {
        "model": "builtin",
        "calibration": found["calibration"],
        "thresholds": {"supported": found["supported"], "contradicted": 0.5},
    }
    # The claim that only the second passage supports is supported, and its score says what the calibration makes of it.
    slope, intercept = found["calibration"]["slope"], found["calibration"]["intercept"]
    assert slope > 0
    assert reports[0].verdict == "clean"
    odds = slope * 3.4761 + intercept  # logit(0.97)
    assert reports[0].score == pytest.approx(1 / (1 + 2.718281828**odds), abs=1e-4)


def test_the_table_the_points_and_the_section(tmp_path: Path) -> None:
    result = run(an_input(tmp_path, lines(), "in.jsonl.gz"))
    assert result.exit_code == 0, result.output
    for words in ("answers", "50", "supported from", "clean answers flagged", "AUC", "calibration error", "20%"):
        assert words in result.stdout
    config = result.stdout[result.stdout.index("entailment:") :]
    (tmp_path / "printed.yaml").write_text(config)
    assert Config.load(tmp_path / "printed.yaml").entailment.thresholds.supported is not None


def test_a_bad_line_is_named_and_the_rest_counts(tmp_path: Path) -> None:
    given = lines()
    wrong: list[Any] = [
        "{oops",
        {"id": "x", "answer": "A."},
        {**given[3], "label": 0},
        {**given[4], "id": 99, "label": True},
    ]
    path = an_input(tmp_path, [*given, *wrong])
    result = run(path, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["n"] == 50
    said = result.stderr.splitlines()
    assert said[0].startswith(f"{path}:51: column 2: not JSON")
    assert said[1].startswith(f"{path}:52: label: missing. Expected 1 where the answer holds something")
    assert said[2] == f"{path}:53: id 3 is already that of line 4."
    assert said[3].startswith(f"{path}:54: label: this is true.")


def test_too_few_answers_are_refused_before_anything_is_run(tmp_path: Path, model: FakeEntailment) -> None:
    given = [line for line in lines() if line["label"] == 0 or line["id"] < 20]
    faulty = sum(line["label"] for line in given)
    result = run(an_input(tmp_path, given))
    assert isinstance(result.exception, GroundwireError)
    assert f"{faulty} have label 1. Expected at least 20 of either" in str(result.exception)
    nameless = [{**line, "label": "yes"} for line in lines()]
    result = run(an_input(tmp_path, nameless))
    assert '50 lines could not be read; the first is line 1: label: this is "yes".' in str(result.exception)
    assert model.calls == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/none.jsonl"], "none.jsonl: cannot be read (No such file or directory)."),
        (["{tmp}"], "cannot be read (Is a directory)."),
        (["{tmp}/torn.jsonl.gz"], "cannot be read (Compressed file ended"),
        (["{tmp}/in.jsonl", "-o", "{tmp}/none/groundwire.yaml"], "there is no such folder."),
        (["{tmp}/in.jsonl", "-o", "{tmp}/in.jsonl"], "in.jsonl"),
        (["{tmp}/in.jsonl", "--keep", "{tmp}/in.jsonl"], "Expected another file for --keep."),
        (["{tmp}/in.jsonl", "-c", "{tmp}/none.yaml"], "none.yaml"),
    ],
)
def test_what_cannot_begin_is_one_line(tmp_path: Path, model: FakeEntailment, arguments: list[str], said: str) -> None:
    before = an_input(tmp_path, lines()).read_bytes()
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(before)[:100])
    result = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert isinstance(result.exception, GroundwireError), result.output
    assert said in str(result.exception)
    assert "\n" not in str(result.exception)
    assert (tmp_path / "in.jsonl").read_bytes() == before
    assert model.calls == []


def test_a_share_that_cannot_be_reached_is_said_so(tmp_path: Path) -> None:
    clash = {"context": "The tower is 30 metres high.", "label": 0}
    given = [{"id": f"v{n}", "answer": f"The tower is {n + 40} metres high.", **clash} for n in range(10)]
    result = run(an_input(tmp_path, [*lines(), *given]), "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert not found["reached"]
    assert found["false_positive_rate"]["value"] >= 10 / 36
    assert result.stderr.startswith("No threshold flags at most 5.0% of the clean answers")
    assert found["notes"][-1] == result.stderr.splitlines()[-1]


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, model: FakeEntailment) -> None:
    path, rows = an_input(tmp_path, lines()), tmp_path / "rows.jsonl"
    whole = run(path, "--keep", rows, "--json")
    kept = rows.read_bytes().splitlines(keepends=True)
    assert len(kept) == 50
    rows.write_bytes(b"".join(kept[:30]) + kept[30][:20])
    model.calls.clear()
    again = run(path, "--keep", rows, "--json")
    assert again.stdout == whole.stdout
    asked = {hypothesis for call in model.calls for _, hypothesis in call}
    assert set(CLAIMS[:30]).isdisjoint(asked)
    assert set(CLAIMS[30:]) <= asked
    relabelled = [{**line, "label": 1 - line["label"]} for line in lines()]
    turned = run(an_input(tmp_path, relabelled), "--keep", rows, "--json")
    assert json.loads(turned.stdout)["auc"] == pytest.approx(1 - json.loads(whole.stdout)["auc"])


def test_support_that_says_the_opposite_leaves_the_calibration_alone(tmp_path: Path) -> None:
    given = [{**line, "label": int(FIRST[line["answer"]] >= 0.5)} for line in lines()]
    config = tmp_path / "groundwire.yaml"
    config.write_text("entailment: {calibration: {slope: 0.9, intercept: 0.1}, thresholds: {contradicted: 0.7}}\n")
    result = run(an_input(tmp_path, given), "-c", config, "--json")
    found = json.loads(result.stdout)
    assert found["calibration"] == {"slope": 0.9, "intercept": 0.1}
    assert found["config"]["entailment"]["thresholds"]["contradicted"] == 0.7
    assert "The calibration stays what it was" in result.stderr
