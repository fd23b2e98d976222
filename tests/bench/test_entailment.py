"""Pairs a second: the rival is the same encoder, and what is printed is what was measured."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.bench.test_sets import a_set
from typer.testing import CliRunner

from groundwire.bench import cli, cross_encoder, entailment
from groundwire.config import Config
from groundwire.errors import GroundwireError
from groundwire.nli import BuiltinModel
from groundwire.nli import onnx_model as builtin

PAIR = ("The museum in the old town opened its doors in 1994.", "The museum opened in 1995.")


def ignore(_: str) -> None:
    pass


def test_pairs_are_different_ones_and_always_the_same() -> None:
    pairs = entailment.prose_pairs(700)
    assert len(set(pairs)) == 700
    assert pairs == entailment.prose_pairs(700)
    lengths = [len(premise.split()) for premise, _ in pairs]
    assert min(lengths) < 20 < 40 < max(lengths)


def test_pairs_of_a_folder(tmp_path: Path) -> None:
    rows: list[object] = [{"premise": f"p{n % 3}", "hypothesis": "h", "label": "neutral"} for n in range(9)]
    a_set(tmp_path, "pairs.fever.jsonl.gz", rows)
    assert sorted(entailment.read_pairs(tmp_path, 100)) == [("p0", "h"), ("p1", "h"), ("p2", "h")]


def test_without_the_rival_our_own_figure_is_still_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_encoder, "NEEDED", ("torch_that_is_not_there",))
    monkeypatch.setattr(entailment, "memory", lambda: {"verifier_mb": 123.0, "model_mb": 45.0})
    printed = CliRunner().invoke(cli.app, ["entailment", "--pairs", "5"])
    assert printed.exit_code == 0, printed.output
    assert "pairs a second" in printed.stdout
    assert "pip install 'groundwire[bench]'" in printed.stdout
    assert "123 MB" in printed.stdout
    found = json.loads(CliRunner().invoke(cli.app, ["entailment", "--pairs", "5", "--json"]).stdout)
    assert found["pairs"] == 5
    assert found["ours"]["pairs_per_second"] == pytest.approx(1000 / found["ours"]["ms_per_pair"])
    assert "torch_that_is_not_there" in found["rival_missing"]
    assert "ratio" not in found


def test_every_turn_scores_every_pair_anew_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, list[int]] = {"ours": [], "rival": []}

    def score(pairs: Sequence[Any]) -> Any:
        asked["rival"].append(len(pairs))

    predict = BuiltinModel.predict

    def counted(model: BuiltinModel, pairs: Sequence[Any], **options: Any) -> Any:
        asked["ours"].append(len(pairs))
        return predict(model, pairs, **options)

    monkeypatch.setattr(cross_encoder, "missing", lambda: None)
    monkeypatch.setattr(cross_encoder, "build", lambda threads, batch, max_length: score)
    monkeypatch.setattr(BuiltinModel, "predict", counted)
    found = entailment.measure(Config(), entailment.prose_pairs(20), ignore)
    assert sum(asked["ours"]) == sum(asked["rival"]) == 16 + 3 * 20
    assert found["ratio"] == pytest.approx(found["rival"]["ms_per_pair"] / found["ours"]["ms_per_pair"])


def test_memory_is_that_of_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entailment, "LOADS", {"model": "kept = b'x' * 50_000_000"})
    assert 40 < entailment.memory()["model_mb"] < 70
    monkeypatch.setattr(entailment, "LOADS", {"model": "import nosuchthing"})
    with pytest.raises(GroundwireError, match="nosuchthing"):
        entailment.memory()


def test_the_rival_is_the_same_encoder() -> None:
    """Where torch is installed, its states are those of the built-in model; where it is not, that is said."""
    absent = cross_encoder.missing()
    assert (absent is None) == all(find_spec(name) for name in cross_encoder.NEEDED)
    if absent is not None:
        assert "pip install" in absent
        return
    weights, heads = cross_encoder.encoder_weights(builtin.BUILTIN)
    shape = cross_encoder.shape(weights, heads)
    model = BuiltinModel()
    (row,), _ = model._parts().reader.rows([PAIR])
    ids, kinds = np.array([row.ids]), np.array([row.types])
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
    ours, layers = _states(given)
    rival = _torch_states(weights, shape, given)[layers]
    assert np.corrcoef(ours.ravel(), rival.ravel())[0, 1] > 0.99
    rows = cross_encoder.build(1, 2, model.max_length)([PAIR, PAIR, PAIR])
    assert rows.shape == (3, 3)


def _states(given: dict[str, Any]) -> tuple[Any, int]:
    """What comes out of the last layer of model.onnx, and how many layers that is."""
    import onnxruntime
    from onnx import TensorProto, helper, load

    graph = load(str(builtin.BUILTIN / "model.onnx"))
    norms = [node.output[0] for node in graph.graph.node if node.op_type == "LayerNormalization"]
    graph.graph.output.append(helper.make_tensor_value_info(norms[-1], TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run([norms[-1]], given)[0], len(norms) // 2


def _torch_states(weights: dict[str, Any], shape: dict[str, int], given: dict[str, Any]) -> list[Any]:
    from importlib import import_module

    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    network = transformers.BertModel(transformers.BertConfig(**shape), add_pooling_layer=False).eval()
    network.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    with torch.no_grad():
        out = network(**{name: torch.from_numpy(value) for name, value in given.items()}, output_hidden_states=True)
    return [states.numpy() for states in out.hidden_states]
