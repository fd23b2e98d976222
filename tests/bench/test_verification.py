"""The figures come from what was found: a verifier that is known gives figures that can be counted by hand."""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from tests.bench.test_sets import a_set
from tests.review.reports import a_report
from typer.testing import CliRunner

from groundwire.bench import cli, swaps, verification
from groundwire.config import Config
from groundwire.errors import GroundwireError, InputError
from groundwire.model import Outcome, Report
from groundwire.nli import FakeEntailment, QueuedModel


class KnownGroundwire:
    """Flags what says "wrong", scores it 0.9, and puts "right" in its place; what says "odd" it does not know."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.queue = QueuedModel(FakeEntailment())
        self.pipeline = SimpleNamespace(judges=(SimpleNamespace(), SimpleNamespace(model=self.queue)))

    def warm(self) -> None:
        pass

    def verify(self, answer: str, **given: Any) -> Report:
        self.queue.predict([("right", answer), ("right", "always the same")])
        if "broken" in answer:
            raise RuntimeError("out of order")
        verdict = Outcome.UNCHECKED if "odd" in answer else Outcome.FLAGGED if "wrong" in answer else Outcome.CLEAN
        report = a_report(answer=answer, verdict=verdict)
        score = {Outcome.FLAGGED: 0.9, Outcome.CLEAN: 0.1, Outcome.UNCHECKED: 0.5}[verdict]
        return report.model_copy(update={"score": score, "revised": answer.replace("wrong", "right")})


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("groundwire.client")
    module.__dict__["Groundwire"] = KnownGroundwire
    monkeypatch.setitem(sys.modules, "groundwire.client", module)


def ignore(_: int) -> None:
    pass


def answers_set(folder: Path) -> Path:
    words = [("wrong", 1), ("wrong", 1), ("right", 1), ("odd", 1), ("right", 0), ("wrong", 0)]
    return a_set(
        folder,
        "answers.mine.jsonl.gz",
        [{"id": n, "answer": word, "context": "right", "label": label} for n, (word, label) in enumerate(words)],
    )


def test_answers(tmp_path: Path) -> None:
    found = verification.figures(
        verification.answers(answers_set(tmp_path), Config(), limit=None, workers=1, progress=ignore)
    )
    assert found["n"] == 6
    assert found["faulty_flagged"] == 0.5
    assert found["clean_flagged"] == 0.5
    assert found["balanced_accuracy"] == 0.5
    assert found["auc"] == pytest.approx((2 * 1.5 + 0.5 + 1) / 8)
    assert found["calibration_error"] == pytest.approx((3 * abs(0.9 - 2 / 3) + 2 * abs(0.1 - 1 / 2) + abs(0.5 - 1)) / 6)
    assert found["claims"] == 1
    assert found["entailment_pairs"] == pytest.approx((3 + 1) / 6), "three different answers; the rest is in the cache"
    assert found["overlap_auc"] == pytest.approx((2 * 1.5 + 2 * 0.5) / 8)
    assert found["ms"] >= 0


def test_a_failure_is_not_left_out_of_the_figures(tmp_path: Path) -> None:
    path = a_set(tmp_path, "answers.x.jsonl", [{"answer": "broken", "context": "", "label": 0}])
    with pytest.raises(GroundwireError, match=r"example 1 \('broken'\): RuntimeError: out of order"):
        verification.answers(path, Config(), limit=None, workers=1, progress=ignore)


def test_swaps(tmp_path: Path) -> None:
    examples = [
        {"id": "0+", "answer": "It is right."},
        {"id": "0-", "answer": "It is wrong.", "spans": [[6, 11]]},  # restored
        {"id": "1+", "answer": "It is Rome."},
        {"id": "1-", "answer": "It is Oslo.", "spans": [[6, 10]]},  # missed
        {"id": "2+", "answer": "All wrong, here."},  # a false alarm, and a true text changed
        {"id": "2-", "answer": "All wrong, there.", "spans": [[11, 16]]},  # changed outside of the span
        {"id": "3-", "answer": "without its twin", "spans": [[0, 1]]},
    ]
    texts = a_set(tmp_path, "graph.x.answers.jsonl", list(examples))
    found = swaps.figures(texts, tmp_path / "g.tsv", Config(), limit=None, workers=1, progress=ignore)
    assert found["n"] == 3
    assert found["swapped_flagged"] == pytest.approx(2 / 3)
    assert found["true_flagged"] == pytest.approx(1 / 3)
    assert found["restored"] == pytest.approx(1 / 3)
    assert found["changed_elsewhere"] == pytest.approx(1 / 3)
    assert found["true_changed"] == pytest.approx(1 / 3)
    assert found["swapped_unchecked"] == 0
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_swaps_by_category_and_relation() -> None:
    def pair(category: str, relation: str, verdict: Outcome) -> swaps.Pair:
        checked = verification.Checked(Outcome.CLEAN, 0.0, 1.0, 2, "true", 1.0, 0, linked=1)
        swapped = {"answer": "false", "spans": [[0, 5]], "category": category, "triple": ["s", relation, "o"]}
        return swaps.Pair({"answer": "true"}, swapped, checked, checked._replace(verdict=verdict))

    pairs = [
        pair("City", "capital", Outcome.FLAGGED),
        pair("City", "country", Outcome.CLEAN),
        pair("Food", "country", Outcome.CLEAN),
    ]
    by_category = swaps.by(pairs, "category")
    assert list(by_category) == ["City", "Food"]
    assert by_category["City"]["swapped_flagged"] == 0.5
    assert by_category["City"]["claims_linked"] == 0.5
    assert swaps.by(pairs, "relation")["capital"]["balanced_accuracy"] == 1


def test_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    class Model:
        def predict(self, pairs: list[tuple[str, str]]) -> Any:
            likeliest = {"e": [0.8, 0.1, 0.1], "n": [0.1, 0.8, 0.1], "c": [0.1, 0.1, 0.8]}
            return np.array([likeliest[hypothesis] for _, hypothesis in pairs])

    monkeypatch.setattr("groundwire.nli.load_model", lambda name, threads: Model(), raising=False)
    said = [
        ("e", "entailment", 1),
        ("n", "contradiction", 0),
        ("c", "unsupported", 1),
        ("n", "unsupported", 1),
        ("n", "supported", 0),
    ]
    pairs = [{"premise": "p", "hypothesis": hypothesis, "label": label} for hypothesis, label, _ in said]
    path = a_set(tmp_path, "pairs.x.jsonl.gz", list(pairs))
    found = verification.pairs(path, Config(), limit=None, progress=ignore)
    assert found["accuracy"] == sum(right for _, _, right in said) / len(said)
    # One of "e" is entailed and 0.8 said so; of the four others, one is "supported" and 0.1 said so of each.
    assert found["calibration_error"] == pytest.approx((0.2 + 4 * abs(0.1 - 1 / 4)) / 5)
    path = a_set(tmp_path, "pairs.y.jsonl.gz", [{"premise": "p", "hypothesis": "e", "label": "perhaps"}])
    with pytest.raises(GroundwireError, match='"perhaps" is not a label'):
        verification.pairs(path, Config(), limit=None, progress=ignore)


def test_the_commands_print_tables_and_json(tmp_path: Path) -> None:
    answers_set(tmp_path)
    found = CliRunner().invoke(cli.app, ["verification", "--data", str(tmp_path), "--json"])
    figures = json.loads(found.stdout)
    assert figures["answers"]["mine"]["n"] == figures["answers_mean"]["n"] == figures["answers_together"]["n"] == 6
    assert figures["machine"]["cores"] >= 1
    table = CliRunner().invoke(cli.app, ["verification", "--data", str(tmp_path), "--set", "mine"])
    assert table.exit_code == 0
    assert "mine" in table.stdout
    assert "50.0%" in table.stdout
    assert "onnxruntime" in table.stdout
    # So narrow beside "mine" that sets with long names and large figures have room within 160 columns too.
    assert max(len(line.rstrip()) for line in table.stdout.splitlines()[:-1]) <= 130
    wrong = CliRunner().invoke(cli.app, ["verification", "--data", str(tmp_path), "--set", "yours"])
    assert isinstance(wrong.exception, InputError)
    assert str(wrong.exception) == '--set: there is no "yours". Expected one of: answers.mine.'


def test_an_undefined_figure_is_null_and_a_dash(tmp_path: Path) -> None:
    a_set(tmp_path, "answers.one.jsonl", [{"answer": "right", "context": "", "label": 0}])
    found = CliRunner().invoke(cli.app, ["verification", "--data", str(tmp_path), "--json"])
    assert json.loads(found.stdout)["answers"]["one"]["auc"] is None
    assert " - " in CliRunner().invoke(cli.app, ["verification", "--data", str(tmp_path)]).stdout


def test_latency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundwire.bench.latency.HELP", ("-c", "print('usage')"))
    found = CliRunner().invoke(cli.app, ["latency", "-n", "2", "--starts", "1", "--rival", "0", "--json"])
    figures = json.loads(found.stdout)
    assert 0 < figures["import_s"] < 60
    assert 0 < figures["import_cpu_s"] <= figures["import_s"] * 1.5
    assert figures["help_s"] > 0
    assert figures["help_cpu_s"] > 0
    assert figures["answer"]["answers"] == 2
    assert 200 <= figures["answer"]["answer_words"] < 225
    assert figures["answer"]["cpu_p50_ms"] >= 0
    assert figures["answer"]["p50_ms"] <= figures["answer"]["p99_ms"]
    assert figures["answer"]["stages_p50_ms"] == {"claims": 12.345678901234567}
