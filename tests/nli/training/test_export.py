"""From a network in torch to ONNX files and back: the numbers stay."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from tests.nli.tiny_models import PAIRS, save
from transformers import BertConfig, BertModel

from groundwire.nli import OnnxModel
from groundwire.nli.onnx_model import content_hash
from groundwire.nli.training.export import _stretches, stages_before
from groundwire.nli.training.network import build, layer_count
from groundwire.nli.training.start import dequantised, load_start, start_path, trained

LAYERS, HEADS = 3, 2


@pytest.fixture(scope="module")
def weights() -> dict[str, Any]:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=400, hidden_size=32, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    for name, weight in model.named_parameters():
        if "LayerNorm" not in name:
            torch.nn.init.normal_(weight, std=0.2)
    return {name: value.numpy() for name, value in model.state_dict().items() if name != "embeddings.position_ids"}


def exported(
    weights: dict[str, Any], folder: Path, *, early: int, quantised: bool, doubt: bool = False
) -> tuple[OnnxModel, Any]:
    """A folder as `groundwire nli export` writes it, and the network in torch."""
    torch.manual_seed(1)
    network = build(weights, heads=HEADS, early=early, doubt=doubt).eval()
    if doubt:
        for parameter in network.doubt.parameters():
            torch.nn.init.normal_(parameter)
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    for file, graph in _stretches(state, {"heads": HEADS, "early": early}, quantised).items():
        onnx.save(graph, str(folder / file))
    save(folder / "classifier", "bert")  # for its tokenizer
    (folder / "tokenizer.json").write_bytes((folder / "classifier" / "tokenizer.json").read_bytes())
    plain = {"temperature": 1.0, "bias": [0.0, 0.0, 0.0]}
    config: dict[str, Any] = {
        "name": "tiny", "max_length": 64, "calibration": plain, "thresholds": {"supported": 0.5},
        **({"early": {"calibration": plain, "sure": [0.0, 1.0]}} if early else {}), "doubts": doubt,
    }  # fmt: skip
    files = [p.read_bytes() for n in ("model.onnx", "rest.onnx", "tokenizer.json") if (p := folder / n).exists()]
    config["sha256"] = content_hash(config, *files)
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return OnnxModel(folder), network


def by_torch(network: Any, model: OnnxModel, place: int) -> Any:
    rows, _ = model._parts().reader.rows(PAIRS)
    found = []
    for row in rows:
        ids = torch.tensor([row.ids])
        with torch.no_grad():
            logits = network(ids, torch.ones_like(ids), torch.tensor([row.types]))[place]
        found.append(logits.softmax(-1)[0].numpy())
    return np.array(found)


@pytest.mark.parametrize("doubt", [False, True])
@pytest.mark.parametrize(("early", "quantised", "apart"), [(0, False, 1e-5), (2, False, 1e-5), (2, True, 0.05)])
def test_the_files_give_what_the_network_gives(
    weights: dict[str, Any], tmp_path: Path, early: int, quantised: bool, apart: float, doubt: bool
) -> None:
    model, network = exported(weights, tmp_path, early=early, quantised=quantised, doubt=doubt)
    np.testing.assert_allclose(model.predict(PAIRS), by_torch(network, model, 0), atol=apart)


@pytest.mark.parametrize("early", [0, 2])
def test_the_words_that_the_network_doubts_are_named(weights: dict[str, Any], tmp_path: Path, early: int) -> None:
    model, network = exported(weights, tmp_path, early=early, quantised=False, doubt=True)
    rows, counts = model._parts().reader.rows(PAIRS)
    start = 0
    for (premise, claim), count in zip(PAIRS, counts, strict=True):
        places = model._parts().reader.offsets(claim)
        found = []
        for row in rows[start : start + count]:
            ids = torch.tensor([row.ids])
            with torch.no_grad():
                doubts = network(ids, torch.ones_like(ids), torch.tensor([row.types]))[-1]
            found.append(doubts.sigmoid()[0, -1 - len(places) : -1].numpy())
        start += count
        expected = {claim[a:b] for (a, b), doubt in zip(places, np.min(found, 0), strict=True) if doubt >= 0.5}
        (named,) = model.doubted([(premise, claim)])
        words = " ".join(claim[a:b] for a, b in named)
        assert all(token in words for token in expected if token.isalnum())
        assert bool(named) == any(token.isalnum() for token in expected)


def test_pairs_that_the_early_head_is_sure_of_end_there(weights: dict[str, Any], tmp_path: Path) -> None:
    model, network = exported(weights, tmp_path, early=2, quantised=False)
    last, early = by_torch(network, model, 0), by_torch(network, model, 1)
    low, high = np.quantile(early[:, 0], (0.3, 0.7))
    assert model.early is not None
    model.early = {**model.early, "sure": [float(low), float(high)]}
    ends = (early[:, 0] <= low) | (early[:, 0] >= high)
    assert 0 < ends.sum() < len(ends)
    np.testing.assert_allclose(model.predict(PAIRS), np.where(ends[:, None], early, last), atol=1e-5)
    alone = np.concatenate([model.predict([pair]) for pair in PAIRS])
    np.testing.assert_allclose(model.predict(PAIRS), alone, atol=1e-6)


def test_training_starts_from_a_folder(tmp_path: Path) -> None:
    folder = save(tmp_path / "start", "bert")
    found, tokenizer = load_start(str(folder))
    assert tokenizer == folder / "tokenizer.json"
    assert layer_count(found) == 2
    build(found, heads=2)


def test_training_starts_from_the_average_of_another_run(weights: dict[str, Any], tmp_path: Path) -> None:
    folder = save(tmp_path / "start", "bert")
    network = build(weights, heads=HEADS, early=2)
    torch.save({"average": network.state_dict()}, tmp_path / "checkpoint.pt")
    (tmp_path / "config.json").write_text(json.dumps({"encoder": str(folder)}), "utf-8")
    found, tokenizer = load_start(str(tmp_path / "checkpoint.pt"))
    assert tokenizer == folder / "tokenizer.json"
    again = build(found, heads=HEADS, early=2)
    assert all(torch.equal(value, network.state_dict()[name]) for name, value in again.state_dict().items())


def test_a_run_may_keep_shares_of_other_runs(weights: dict[str, Any], tmp_path: Path) -> None:
    ended = build(weights, heads=HEADS, early=2).state_dict()
    start = save(tmp_path / "start", "bert")
    keep: dict[str, float] = {}
    for run, shift in (("one", 0.0), ("two", 2.0), ("three", 4.0)):
        (tmp_path / run).mkdir()
        torch.save({"average": {k: v + shift for k, v in ended.items()}}, tmp_path / run / "checkpoint.pt")
        recipe: dict[str, Any] = {"encoder": str(start), "schedule": {"keep": keep if run == "three" else {}}}
        (tmp_path / run / "config.json").write_text(json.dumps(recipe), "utf-8")
        keep[str(tmp_path / run / "checkpoint.pt")] = 0.25
    kept = trained(tmp_path / "three" / "checkpoint.pt")
    assert kept.keys() == ended.keys()
    for key, value in ended.items():
        np.testing.assert_allclose(kept[key], value.float().numpy() + 2.5, atol=1e-5)
    recipe["schedule"]["keep"] = dict.fromkeys(keep, 0.6)
    (tmp_path / "three" / "config.json").write_text(json.dumps(recipe), "utf-8")
    with pytest.raises(ValueError, match=r"shares in keep come to 1\.[28]"):
        trained(tmp_path / "three" / "checkpoint.pt")


def test_int8_weights_become_floats_again(tmp_path: Path) -> None:
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(0)
    held: list[Any] = []
    truth: dict[str, Any] = {}

    def keep(stored_as: str, value: Any) -> None:
        scale = np.float32(np.abs(value).max() / 127)
        parts = {"quantized": np.rint(value / scale).astype(np.int8), "scale": scale, "zero_point": np.int8(0)}
        held.extend(numpy_helper.from_array(np.asarray(part), f"{stored_as}_{name}") for name, part in parts.items())

    for table, rows in (("word", 11), ("position", 7), ("token_type", 2)):
        name = f"embeddings.{table}_embeddings.weight"
        truth[name] = rng.normal(size=(rows, 4)).astype(np.float32)
        keep(f"bert.{name}", truth[name])
    query = truth["encoder.layer.0.attention.self.query.weight"] = rng.normal(size=(4, 4)).astype(np.float32)
    keep("onnx::MatMul_9", query.T)
    bias = truth["encoder.layer.0.attention.self.query.bias"] = rng.normal(size=4).astype(np.float32)
    held.append(numpy_helper.from_array(bias, "bert.encoder.layer.0.attention.self.query.bias"))
    node = helper.make_node(
        "MatMulInteger", ["x", "onnx::MatMul_9_quantized"], ["y"],
        name="/bert/encoder/layer.0/attention/self/query/MatMul_quant",
    )  # fmt: skip
    ins = [helper.make_tensor_value_info("x", TensorProto.INT8, [1, 4])]
    outs = [helper.make_tensor_value_info("y", TensorProto.INT32, [1, 4])]
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(helper.make_graph([node], "bert", ins, outs, held)), str(path))
    found = dequantised(path)
    assert set(found) == set(truth)
    for name, value in truth.items():
        np.testing.assert_allclose(found[name], value, atol=np.abs(value).max() / 120)


def test_what_is_no_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="neither package:path nor a file or folder"):
        start_path(str(tmp_path / "nothing"))
    with pytest.raises(FileNotFoundError, match="the package 'no_such_package' is not installed"):
        start_path("no_such_package:model.onnx")


def test_the_weights_come_out_again_and_training_goes_on_from_them(weights: dict[str, Any], tmp_path: Path) -> None:
    _, network = exported(weights, tmp_path, early=2, quantised=True)
    found, _ = load_start(str(tmp_path))
    again = build(found, heads=HEADS, early=2).eval()
    for name, value in network.state_dict().items():
        if value.dtype == torch.float32:
            apart = float((again.state_dict()[name] - value).abs().max())
            assert apart <= float(value.abs().max()) / 100, name


def test_an_export_knows_the_runs_before_it(tmp_path: Path) -> None:
    for name, encoder, seconds in (("one", "some:encoder", 600), ("two", str(tmp_path / "one" / "checkpoint.pt"), 120)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "checkpoint.pt").write_bytes(b"")
        (folder / "config.json").write_text(json.dumps({"encoder": encoder}), "utf-8")
        steps = [{"event": "start"}, {"event": "step", "pairs": 90, "steps": 3, "elapsed_s": seconds}]
        (folder / "training.log").write_text("".join(json.dumps(line) + "\n" for line in steps), "utf-8")
    one = {"from": "some:encoder", "pairs": 90, "steps": 3, "minutes": 10}
    two = {"from": "one/checkpoint.pt", "pairs": 90, "steps": 3, "minutes": 2}
    assert stages_before(str(tmp_path / "two" / "checkpoint.pt")) == [one, two]
    assert stages_before(str(save(tmp_path / "start", "bert"))) == []
