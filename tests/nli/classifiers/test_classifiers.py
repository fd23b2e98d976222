"""Any transformers classifier, by transformers and by ONNX Runtime: its numbers, held against transformers alone."""

import itertools
import json
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from numpy.typing import NDArray
from tests.nli.tiny_models import KINDS, PAIRS, TEXTS, THREE, change, export_onnx, plainly, save
from typer.testing import CliRunner

from groundwire.errors import ModelError
from groundwire.nli import COLUMNS, EntailmentModel, OnnxClassifier, Thresholds, TransformersModel, load_model
from groundwire.nli.windows import combine, windows

LONG = " ".join(TEXTS * 5)


@pytest.fixture(scope="module", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One model of each kind, saved once."""
    return save(tmp_path_factory.mktemp("models") / request.param, request.param)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("bert") / "tiny")


@pytest.fixture(scope="module")
def exported(bert: Path) -> Path:
    return export_onnx(bert, bert.parent / "exported")


def copy(folder: Path, target: Path) -> Path:
    return shutil.copytree(folder, target)


def rearranged(rows: NDArray[np.float32], labels: tuple[str, ...]) -> NDArray[np.float32]:
    return rows[:, [labels.index(label) for label in COLUMNS]]


def test_it_gives_what_transformers_gives_pair_by_pair(folder: Path) -> None:
    model = load_model(folder)
    rows = model.predict(PAIRS)
    assert rows.dtype == np.float32
    assert rows.std(0).min() > 0.01, "the pairs of this test should differ"
    np.testing.assert_allclose(rows, rearranged(plainly(folder, PAIRS), THREE), atol=1e-5)


@pytest.mark.parametrize("labels", list(itertools.permutations(("Neutral", "CONTRADICTION", "entailment"))))
def test_labels_are_found_in_any_order(tmp_path: Path, labels: tuple[str, ...]) -> None:
    folder = save(tmp_path / "model", "bert", labels)
    expected = rearranged(plainly(folder, PAIRS[:3]), tuple(label.lower() for label in labels))
    np.testing.assert_allclose(load_model(folder).predict(PAIRS[:3]), expected, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_two_labels_never_contradict(tmp_path: Path, kind: str) -> None:
    folder = save(tmp_path / "model", kind, ("not_entailment", "entailment"))
    rows = load_model(folder).predict([*PAIRS, (LONG, TEXTS[1])])
    plain = plainly(folder, PAIRS)
    np.testing.assert_allclose(rows[:-1, :2], plain[:, ::-1], atol=1e-5)
    assert (rows[:, 2] == 0).all()


def test_a_pair_gets_the_same_numbers_in_any_company(folder: Path) -> None:
    model = TransformersModel(folder)
    pairs = [*PAIRS, (LONG, TEXTS[1]), ("", TEXTS[1]), (TEXTS[0], ""), ("🙂 \ud800 \x00", "中文。")]
    alone = np.concatenate([model.predict([pair]) for pair in pairs])
    np.testing.assert_allclose(alone.sum(1), 1, atol=1e-5)
    for seed in range(2):
        order = list(range(len(pairs)))
        random.Random(seed).shuffle(order)
        rows = np.empty_like(alone)
        rows[order] = model.predict([pairs[i] for i in order])
        np.testing.assert_allclose(rows, alone, atol=1e-5, rtol=0)
    assert model.predict([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        # Without a padding token it takes one row at a time.
        ("gpt2", {"n_embd": 32, "n_layer": 1, "n_head": 2, "n_positions": 96, "pad_token_id": None}),
        # It looks at the last token, padding or not.
        ("xlnet", {"d_model": 32, "n_layer": 1, "n_head": 2, "d_inner": 48}),
    ],
)
def test_a_model_that_padding_disturbs_reads_row_by_row(tmp_path: Path, kind: str, settings: dict[str, Any]) -> None:
    folder = save(tmp_path / "model", kind, bos_token_id=0, eos_token_id=2, **settings)
    model = TransformersModel(folder)
    np.testing.assert_allclose(model.predict(PAIRS), rearranged(plainly(folder, PAIRS), THREE), atol=1e-5)
    assert model._loaded().tokens == 0


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_a_long_premise_is_read_in_windows(tmp_path: Path, kind: str) -> None:
    folder = save(tmp_path / "model", kind)
    model = load_model(folder)
    assert model.max_length == 96
    assert model.length(LONG) > 3 * model.max_length
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    network = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    premise, claim = (tokenizer(text, add_special_tokens=False)["input_ids"] for text in (LONG, TEXTS[1]))
    between = [tokenizer.sep_token_id] * (2 if kind == "roberta" else 1)
    parts = []
    for part in windows(premise, 96 - 2 - len(between) - len(claim)):
        ids = [tokenizer.cls_token_id, *part, *between, *claim, tokenizer.sep_token_id]
        types = [0] * (len(ids) - len(claim) - 1) + [0 if kind == "roberta" else 1] * (len(claim) + 1)
        with torch.inference_mode():
            found = network(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])).logits
        parts.append(found[0].softmax(-1).numpy())
    assert len(parts) > 3
    expected = combine(np.stack(parts)[:, [THREE.index(label) for label in COLUMNS]])
    np.testing.assert_allclose(model.predict([(LONG, TEXTS[1])])[0], expected, atol=1e-5)


def test_a_hypothesis_that_does_not_fit_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="at most 48"):
        load_model(folder).predict([PAIRS[0], (TEXTS[0], LONG)])


@pytest.mark.parametrize(("kind", "separator"), [("bert", "[SEP]"), ("roberta", "</s>")])
def test_a_text_cannot_spell_out_a_separator(tmp_path: Path, kind: str, separator: str) -> None:
    folder = save(tmp_path / "model", kind)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = TransformersModel(folder)
    [row], _ = model._loaded().reader.rows([(f"a {separator} b", f"c {separator}")])
    assert row.ids.count(tokenizer.sep_token_id) == (3 if kind == "roberta" else 2)


def test_threads_do_not_disturb_each_other(bert: Path) -> None:
    model = TransformersModel(bert)  # not warmed: loading is part of the race
    expected = TransformersModel(bert).predict(PAIRS)
    with ThreadPoolExecutor(8) as pool:
        for rows in pool.map(lambda _: model.predict(PAIRS), range(16)):
            np.testing.assert_allclose(rows, expected, atol=1e-5, rtol=0)


def test_the_exported_graph_agrees_with_torch(bert: Path, exported: Path) -> None:
    model = load_model(exported)
    assert isinstance(model._model, OnnxClassifier)
    pairs = [*PAIRS, (LONG, TEXTS[1])]
    np.testing.assert_allclose(model.predict(pairs), load_model(bert).predict(pairs), atol=1e-5)
    alone = np.concatenate([OnnxClassifier(exported).predict([pair]) for pair in pairs])
    np.testing.assert_allclose(model.predict(pairs), alone, atol=1e-5)
    with pytest.raises(ModelError, match="at most"):
        model.predict([("", LONG)])


def test_a_graph_may_stand_in_a_folder_of_its_own(exported: Path, tmp_path: Path) -> None:
    folder = copy(exported, tmp_path / "model")
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    np.testing.assert_allclose(load_model(folder).predict(PAIRS), load_model(exported).predict(PAIRS), atol=1e-6)


def test_the_exported_graph_needs_no_torch(exported: Path) -> None:
    program = (
        "import sys\nsys.modules['torch'] = sys.modules['transformers'] = None\n"
        "from groundwire.nli import load_model\n"
        f"print(load_model({str(exported)!r}).predict([('a', 'b')]).shape)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1, 3)"


def test_nothing_is_loaded_before_it_is_used(bert: Path) -> None:
    program = (
        "import sys\nfrom groundwire.nli import load_model\n"
        f"model = load_model({str(bert)!r})\nmodel.version, model.max_length\n"
        "print([m for m in ('torch', 'transformers', 'tokenizers', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_what_decides_the_numbers(bert: Path, exported: Path, tmp_path: Path) -> None:
    model = load_model(bert)
    assert isinstance(model, EntailmentModel)
    versions = {model.version, load_model(exported).version}
    for number, name in enumerate(("config.json", "tokenizer.json", "model.safetensors")):
        folder = copy(bert, tmp_path / f"{number}")
        assert load_model(folder).version == model.version, "wherever it stands"
        (folder / name).write_bytes((folder / name).read_bytes() + b" ")
        versions.add(load_model(folder).version)
    assert len(versions) == 5
    assert all(len(version) == 64 for version in versions)


def test_files_that_change_between_hash_and_use_are_refused(bert: Path, tmp_path: Path) -> None:
    folder = copy(bert, tmp_path / "model")
    model = load_model(folder)
    assert model.version
    change(folder / "config.json", layer_norm_eps=0.5)
    with pytest.raises(ModelError, match="changed"):
        model.predict(PAIRS)


def test_it_has_a_name_and_plain_thresholds(bert: Path) -> None:
    assert load_model(bert).name == "tiny"
    assert Thresholds.of(load_model(bert)) == Thresholds(0.5, 0.5)


def test_the_eval_command_takes_it(bert: Path, tmp_path: Path) -> None:
    import gzip

    from groundwire.nli.training.cli import app

    with gzip.open(tmp_path / "pairs.tiny.jsonl.gz", "wt") as file:
        for premise, hypothesis in PAIRS[:4]:
            file.write(json.dumps({"premise": premise, "hypothesis": hypothesis, "label": "neutral"}) + "\n")
    done = CliRunner().invoke(app, ["eval", "--data", str(tmp_path), "--model", str(bert), "--json"])
    assert done.exit_code == 0, done.output
    assert '"pairs.tiny"' in done.output
