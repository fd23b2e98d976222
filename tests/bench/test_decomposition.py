"""A few claims that can be counted by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.bench.test_sets import a_set
from typer.testing import CliRunner

from groundwire.bench import cli, decomposition
from groundwire.bench.side_by_side import rows
from groundwire.claims import FakeExtractor
from groundwire.errors import InputError
from groundwire.model import Claim, Kind, Reason

TEXT = "Marie Curie was a physicist born in Warsaw. She won two prizes [1]. What a life! Rome is old."
CLAIMS = ["Marie Curie was a physicist.", "Marie Curie was born in Warsaw.", "She won prizes.", "Radium glows."]


class KnownModel:
    """Knows that a claim entails itself, and that who won two prizes won prizes, and the other way round."""

    name, version, max_length = "known", "1", 512
    asked = 0

    def length(self, text: str) -> int:
        return len(text)

    def predict(self, pairs: Sequence[tuple[str, str]], *, deadline: float | None = None) -> Any:
        self.asked += len(pairs)
        same = [one == other or {one, other} == {"She won prizes.", "She won two prizes."} for one, other in pairs]
        one_way = [other == CLAIMS[1] for _, other in pairs]
        sure = [0.9 if each or half else 0.2 for each, half in zip(same, one_way, strict=True)]
        return np.array([[p, 1 - p, 0] for p in sure], np.float32)


class Opinionated(FakeExtractor):
    """One claim a sentence; thinks that "What a life!" is an opinion."""

    def extract(
        self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
    ) -> tuple[Claim, ...]:
        return tuple(
            claim.model_copy(update={"kind": Kind.OPINION, "skipped": Reason.NOT_A_CLAIM})
            if claim.text.startswith("What")
            else claim
            for claim in super().extract(answer, question=question, since=since)
        )


def ignore(_: int) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    a_set(tmp_path, "decomposition.mine.jsonl.gz", [{"id": 1, "text": TEXT, "claims": CLAIMS}])
    return tmp_path


def taken(folder: Path) -> list[decomposition.Taken]:
    samples = decomposition.read(folder / "decomposition.mine.jsonl.gz", None)
    return decomposition.take_apart(samples, Opinionated(), ignore)


def test_the_three_forms_of_a_set(tmp_path: Path) -> None:
    examples: list[object] = [
        {"text": "a", "claims": ["x", "y", "x"]},
        {"response": "b", "claims": [{"claim": "x", "label": "supported"}]},
        {
            "sentence": "c",
            "segmentations": [
                {"is_reference": False, "propositions": ["x"]},
                {"is_reference": True, "propositions": ["y"]},
            ],
        },
        {"sentence": "d", "segmentations": [{"propositions": ["z"]}, {"propositions": ["y"]}]},
        {"text": "nobody wrote claims for it", "claims": []},
    ]
    found = decomposition.read(a_set(tmp_path, "decomposition.x.jsonl", examples), None)
    assert [tuple(each) for each in found] == [("a", ("x", "y")), ("b", ("x",)), ("c", ("y",)), ("d", ("z",))]


@pytest.mark.parametrize(
    "example",
    [
        {"claims": ["x"]},
        {"text": "a"},
        {"text": 1, "claims": []},
        {"text": "a", "claims": [1]},
        {"text": "a", "claims": "x"},
        {"text": "a", "claims": [{"label": "supported"}]},
        {"sentence": "a", "segmentations": []},
        {"sentence": "a", "segmentations": ["x"]},
    ],
)
def test_an_example_that_is_none_is_one_line(tmp_path: Path, example: object) -> None:
    path = a_set(tmp_path, "decomposition.x.jsonl", [example])
    with pytest.raises(InputError, match=r'decomposition\.x\.jsonl: something is missing in .* "claims" or "segm'):
        decomposition.read(path, None)


def test_figures_by_words(folder: Path) -> None:
    found = decomposition.figures(taken(folder))
    assert found["n"] == 1
    assert found["total"] == 3
    assert found["per_sentence"] == 3 / 4
    # The first sentence takes one of two, the second "She won prizes."; "Radium glows." and "Rome is old." are left.
    assert found["word_recall"] == 2 / 4
    assert found["word_precision"] == found["word_recall"] * 4 / 3
    assert found["word_f1"] == pytest.approx(2 * 2 / 7)
    assert np.isnan(found["entailment_recall"])
    assert found["self_contained"] == pytest.approx(2 / 3)
    assert found["coverage"] == 1
    assert found["passed_over"] == pytest.approx(1 / 11), (
        "life, of Marie Curie physicist born Warsaw won two prizes ..."
    )
    assert found["ms"] > 0


def test_what_no_piece_holds_is_not_covered(folder: Path) -> None:
    class Half(Opinionated):
        def extract(
            self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
        ) -> tuple[Claim, ...]:
            return super().extract(answer)[1:]

    samples = decomposition.read(folder / "decomposition.mine.jsonl.gz", None)
    found = decomposition.figures(decomposition.take_apart(samples, Half(), ignore))
    assert found["coverage"] == pytest.approx(5 / 10)


def test_figures_by_entailment(folder: Path) -> None:
    model = KnownModel()
    compared = decomposition.compare(taken(folder), model, ignore)
    found = decomposition.figures(compared)
    assert model.asked == 2 * 3, "both ways: the first sentence with two human claims, the second with one"
    # That she was born in Warsaw follows from the first sentence, but not the other way round.
    assert found["entailment_recall"] == 1 / 4
    assert found["entailment_precision"] == 1 / 3
    assert found["entailment_f1"] == pytest.approx(2 / 7)


def test_people_have_a_row(folder: Path) -> None:
    row = decomposition.of_people(taken(folder))
    assert row["total"] == 4
    assert row["per_sentence"] == 1
    assert row["self_contained"] == 3 / 4
    assert np.isnan(row["word_recall"])
    assert row.keys() == decomposition.figures(taken(folder)).keys()


def test_side_by_side(folder: Path) -> None:
    [each] = decomposition.compare(taken(folder), KnownModel(), ignore)
    table = rows(each)
    assert {row["human"] for row in table[:4]} == set(CLAIMS)
    assert [row["found"] for row in table if row["same"]] == ["She won two prizes."]
    assert [row["human"] for row in table if row["human"] and not row["found"]][-1] == "Radium glows."
    assert [row["found"] for row in table if not row["human"]] == ["Rome is old."]
    assert sum(row["likeness"] is not None for row in table) == 2


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, ["claims", *arguments])


def test_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundwire.nli.load_model", lambda name, threads: KnownModel(), raising=False)
    a_set(folder, "decomposition.more.jsonl", [{"text": "Rome is old.", "claims": ["Rome is old."]}])
    found = json.loads(run("--data", str(folder), "--json", "--show", "1").stdout)
    assert found["machine"]["cores"] >= 1
    assert set(found["claims"]) == {"mine", "more"}
    for of_set in (*found["claims"].values(), found["claims_mean"]):
        assert set(of_set) == {"people", "atomic", "clause", "sentence", "splitter"}
    assert found["claims"]["more"]["clause"]["entailment_f1"] == 1
    assert found["claims"]["more"]["people"]["word_f1"] is None
    assert found["claims_mean"]["people"]["n"] == 2
    assert found["claims_mean"]["people"]["total"] == 5
    assert found["shown"]["more"] == [
        {
            "text": "Rome is old.",
            "rows": [{"human": "Rome is old.", "found": "Rome is old.", "likeness": 1.0, "same": True}],
        }
    ]
    # The finer extractor finds both that she was a physicist and where she was born.
    mine = found["claims"]["mine"]
    assert mine["clause"]["word_recall"] > mine["splitter"]["word_recall"]


def test_the_command_prints_tables(folder: Path) -> None:
    shown = run("--data", str(folder), "-x", "splitter", "--quick", "--show", "1", "--set", "mine")
    assert shown.exit_code == 0
    assert "mine, splitter" in shown.stdout
    assert "mine, spacy" not in shown.stdout
    assert "Radium glows." in shown.stdout
    assert "onnxruntime" in shown.stdout
    assert max(len(line.rstrip()) for line in shown.stdout.splitlines()[:-1]) <= 160


def test_what_is_not_there_is_one_line(folder: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (("--set", "yours"), "no decomposition called yours. Expected one of: mine."),
        (("-x", "yours"), '--extractor: there is no "yours". Expected one of: atomic, clause, sentence, splitter.'),
    ):
        wrong = run("--data", str(folder), "--quick", *arguments)
        assert isinstance(wrong.exception, InputError)
        assert said in str(wrong.exception)
    (tmp_path / "empty").mkdir()
    empty = run("--data", str(tmp_path / "empty"), "--quick")
    assert str(empty.exception).endswith("holds no data sets. Expected decomposition.NAME.jsonl.gz.")
