"""The model that ships: its numbers, and that nothing but the pair decides them."""

import json
import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from groundwire.errors import DeadlineError, ModelError
from groundwire.nli import BuiltinModel, EntailmentModel, OnnxModel, load_model
from groundwire.nli.onnx_model import BUILTIN

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text("utf-8"))
PAIRS = [(row["premise"], row["hypothesis"]) for row in EXPECTED["rows"]]


@pytest.fixture(scope="module")
def model() -> BuiltinModel:
    return BuiltinModel(threads=1)


def test_it_gives_the_numbers_it_gave_when_it_was_exported(model: BuiltinModel) -> None:
    assert model.version == EXPECTED["version"]
    rows = model.predict(PAIRS)
    assert rows.dtype == np.float32
    # Processors without 8-bit dot products round differently in the third digit.
    np.testing.assert_allclose(rows, [row["probabilities"] for row in EXPECTED["rows"]], atol=0.03)


def test_it_is_a_model_and_its_rows_are_probabilities(model: BuiltinModel) -> None:
    assert isinstance(model, EntailmentModel)
    rows = model.predict([*PAIRS, ("", ""), ("", "a"), ("a", ""), ("🙂 𝔘 \ud800 \x00", "中文。"), ("x" * 9999, "x")])
    assert rows.shape == (len(PAIRS) + 5, 3)
    assert (rows >= 0).all()
    np.testing.assert_allclose(rows.sum(1), 1, atol=1e-5)
    assert model.predict([]).shape == (0, 3)


def test_a_pair_gets_the_same_numbers_in_any_company(model: BuiltinModel) -> None:
    alone = np.concatenate([model.predict([pair]) for pair in PAIRS])
    for seed in range(3):
        crowd = [*PAIRS, *((f"{p} {p}", h) for p, h in PAIRS), ("$ 9 ! " * 60, "Noise.")]
        order = list(range(len(crowd)))
        random.Random(seed).shuffle(order)
        rows = np.empty((len(crowd), 3), np.float32)
        rows[order] = model.predict([crowd[i] for i in order])
        np.testing.assert_allclose(rows[: len(PAIRS)], alone, atol=2e-6, rtol=0)


def test_a_long_premise_is_read_to_its_end(model: BuiltinModel) -> None:
    fact, claim = "The bridge over the Neva was opened in 1850.", "The bridge over the Neva was opened in 1850."
    filler = "The market opens at dawn and sells fish, bread and flowers. " * 60
    assert model.length(filler) > 2 * model.max_length
    without = model.predict([(filler, claim)])[0, 0]
    for premise in (f"{fact} {filler}", f"{filler} {fact} {filler}", f"{filler} {fact}"):
        assert model.predict([(premise, claim)])[0, 0] > without + 0.2


def test_a_hypothesis_that_does_not_fit_is_refused(model: BuiltinModel) -> None:
    with pytest.raises(ModelError, match="at most"):
        model.predict([PAIRS[0], ("A premise.", "word " * 300)])


def test_threads_do_not_disturb_each_other() -> None:
    model = BuiltinModel(threads=1)  # not warmed: loading is part of the race
    expected = BuiltinModel(threads=1).predict(PAIRS)
    with ThreadPoolExecutor(8) as pool:
        for rows in pool.map(lambda _: model.predict(PAIRS), range(24)):
            np.testing.assert_allclose(rows, expected, atol=2e-6, rtol=0)


def test_a_deadline_is_minded_between_batches(model: BuiltinModel) -> None:
    model.warm()
    began = time.monotonic()
    with pytest.raises(DeadlineError):
        model.predict([("word " * 200 + str(n), "A word.") for n in range(2000)], deadline=began + 0.05)
    assert time.monotonic() - began < 5
    assert model.predict(PAIRS[:1], deadline=time.monotonic() + 60).shape == (1, 3)


def test_what_ships_is_small_enough() -> None:
    assert sum(path.stat().st_size for path in BUILTIN.iterdir()) < 36_000_000


def test_the_card_and_the_config_name_the_same_model() -> None:
    config = json.loads((BUILTIN / "config.json").read_text("utf-8"))
    assert config["labels"] == ["entailment", "neutral", "contradiction"]
    assert config["sha256"] in (BUILTIN / "MODEL_CARD.md").read_text("utf-8")


@pytest.mark.parametrize(
    "broken", ["missing", "damaged", "other settings", "no config", "config is no JSON", "a field less"]
)
def test_files_that_are_not_right_are_refused_with_one_line(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(BUILTIN / name, folder / name)
    (folder / "model.onnx").symlink_to(BUILTIN / "model.onnx")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    match broken:
        case "missing":
            (folder / "tokenizer.json").unlink()
        case "damaged":
            (folder / "tokenizer.json").write_text("{}", "utf-8")
        case "other settings":
            (folder / "config.json").write_text(json.dumps({**config, "max_length": 999}), "utf-8")
        case "no config":
            (folder / "config.json").unlink()
        case "config is no JSON":
            (folder / "config.json").write_text("{", "utf-8")
        case "a field less":
            del config["calibration"]
            (folder / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelError) as caught:
        OnnxModel(folder).warm()
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_load_model_knows_the_built_in_one_and_folders(tmp_path: Path) -> None:
    assert load_model("builtin").version == load_model(str(BUILTIN)).version == EXPECTED["version"]
    with pytest.raises(ModelError, match=r"groundwire nli export"):
        load_model(str(tmp_path))
