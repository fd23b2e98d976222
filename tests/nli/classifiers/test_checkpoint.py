"""Folders and Hub ids: what is read, what is refused and in which words, and that the network is left alone."""

import importlib.util
import shutil
import socket
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from safetensors.numpy import load_file, save_file
from tests.nli.tiny_models import PAIRS, change, export_onnx, save

from groundwire.errors import ModelError
from groundwire.nli import OnnxClassifier, TransformersModel, load_model
from groundwire.nli.classifiers.checkpoint import Checkpoint


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("saved") / "tiny", model_max_length=80)


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return shutil.copytree(saved, tmp_path / "tiny")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the Hub's."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """No network, and who asked for it."""
    asked: list[object] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        asked.append(arguments)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def put_in_cache(folder: Path, cache: Path, name: str) -> None:
    home = cache / f"models--{name.replace('/', '--')}"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text("0" * 40)
    shutil.copytree(folder, home / "snapshots" / ("0" * 40))


def refused(name: Path | str, *, warm: bool = False) -> str:
    """What is said when a model is named, or, to `warm` it, when it is first used."""
    model = load_model(name) if warm else None
    with pytest.raises(ModelError) as caught:
        load_model(name) if model is None else model.warm()
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_folder_needs_no_network(folder: Path, calls: list[object]) -> None:
    assert load_model(folder).predict(PAIRS).shape == (len(PAIRS), 3)
    assert not calls


def test_a_model_in_the_cache_needs_no_network(folder: Path, cache: Path, calls: list[object]) -> None:
    put_in_cache(folder, cache, "some-org/some-model")
    model = load_model("some-org/some-model")
    assert (model.name, model.max_length) == ("some-org/some-model", 80)
    assert (model.predict(PAIRS) == load_model(folder).predict(PAIRS)).all()
    assert model.version == load_model(folder).version
    assert not calls


def test_a_model_that_is_nowhere_is_asked_for_when_it_is_used(cache: Path, calls: list[object]) -> None:
    model = load_model("some-org/some-model")
    assert not calls
    with pytest.raises(ModelError, match="some-org/some-model: no such folder, and the Hub did not give it") as caught:
        model.warm()
    assert "\n" not in str(caught.value)


def test_labels_in_the_cache_are_looked_at_at_once(folder: Path, cache: Path, calls: list[object]) -> None:
    change(folder / "config.json", id2label={"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"})
    put_in_cache(folder, cache, "some-org/some-model")
    assert "LABEL_0, LABEL_1, LABEL_2" in refused("some-org/some-model")
    assert not calls


class Hub:
    """In the place of `snapshot_download`: gives what matches, from a folder."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.folder, self.target = folder, target
        self.asked: list[str] = []

    def __call__(self, name: str, *, local_files_only: bool = False, allow_patterns: Any = (), **_: Any) -> str:
        if local_files_only:
            raise OSError("not in the cache")
        self.target.mkdir(exist_ok=True)
        self.asked += allow_patterns
        for pattern in allow_patterns:
            for path in self.folder.glob(pattern):
                shutil.copy(path, self.target / path.name)
        return str(self.target)


def test_what_is_downloaded_is_what_is_needed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pytorch_model.bin", "modeling_own.py", "README.md"):
        (folder / name).write_text("")
    hub = Hub(folder, tmp_path / "got")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub)
    model = load_model("some-org/some-model")
    assert not hub.asked
    model.warm()
    got = {path.name for path in hub.target.iterdir()}
    assert got == {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


def test_weights_are_not_downloaded_for_a_model_that_cannot_be_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(folder / "config.json", model_type="own", auto_map={"AutoModelForSequenceClassification": "m.Own"})
    hub = Hub(folder, tmp_path / "got")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub)
    assert "code of its own" in refused("some-org/some-model", warm=True)
    assert not (hub.target / "model.safetensors").exists()


@pytest.mark.parametrize("name", ["./nowhere", "/no/where/at/all", "a/b/c", "~/nowhere", "nowhere/", "", "a..b/c"])
def test_what_is_neither_folder_nor_id_is_refused(name: str, calls: list[object]) -> None:
    line = refused(name)
    assert f'"{name}"' in line or name == ""
    assert all(word in line for word in ("builtin", "groundwire nli export", "org/model"))
    assert not calls


def test_a_folder_without_a_config_is_refused(tmp_path: Path) -> None:
    assert "no config.json" in refused(tmp_path)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, ("LABEL_0, LABEL_1, LABEL_2", "id2label")),
        ({"id2label": {"0": "LABEL_0"}}, ("one score",)),
        ({"architectures": ["BertForMaskedLM"]}, ("BertForMaskedLM", "sequence classification")),
        ({"model_type": "own", "auto_map": {"AutoConfig": "m.Own"}}, ("code of its own", "never")),
        ({"attn_implementation": "kernels-community/flash-attn"}, ("attn_implementation", "never")),
        ({"encoder": {"_attn_implementation": "some-org/kernel"}}, ("_attn_implementation", "never")),
        ({"quantization_config": {"quant_method": "mxfp4"}}, ("quantization_config", "never")),
        ({"max_position_embeddings": 8}, ("8 tokens", "16")),
    ],
    ids=[
        "no labels",
        "one score",
        "no classifier",
        "its own code",
        "a kernel",
        "a kernel inside",
        "quantised",
        "too short",
    ],
)
def test_a_config_that_will_not_do_is_refused_at_once(folder: Path, settings: Any, words: tuple[str, ...]) -> None:
    change(folder / "config.json", **settings)
    line = refused(folder)
    assert all(word in line for word in (str(folder), *words))


def test_code_that_is_not_needed_is_not_run(folder: Path) -> None:
    (folder / "own.py").write_text("raise SystemExit('this was run')")
    change(folder / "config.json", auto_map={"AutoModelForSequenceClassification": "own.Own", "AutoConfig": "own.Own"})
    assert load_model(folder).predict(PAIRS).shape == (len(PAIRS), 3)


def test_a_config_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text("{")
    assert "config.json cannot be read" in refused(folder)


def test_pickled_weights_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    line = refused(folder)
    assert all(word in line for word in ("model.safetensors", "Pickled", ".bin"))


def test_weights_in_parts_are_read(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    expected = load_model(folder).predict(PAIRS)
    (folder / "model.safetensors").unlink()
    names = sorted(weights)
    places: dict[str, str] = {}
    for number, part in enumerate((names[:10], names[10:]), 1):
        file = f"model-0000{number}-of-00002.safetensors"
        save_file({name: weights[name] for name in part}, folder / file, {"format": "pt"})
        places |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text("{}")
    change(folder / "model.safetensors.index.json", metadata={}, weight_map=places)
    model = load_model(folder)
    assert (model.predict(PAIRS) == expected).all()
    (folder / "model-00002-of-00002.safetensors").unlink()
    assert "not all the files" in refused(folder)


def test_a_head_that_was_never_trained_is_refused(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["classifier.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert "classifier.weight" in refused(folder, warm=True)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_damaged_files_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("{}")
    assert "tiny" in refused(folder, warm=True)


def test_a_folder_without_a_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert "tokenizer" in refused(folder)


def test_an_adapter_is_refused(folder: Path) -> None:
    (folder / "adapter_config.json").write_text("{}")
    assert "adapter" in refused(folder)


def test_without_the_extra_the_line_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundwire.nli.classifiers.transformers_model.find_spec", lambda name: None)
    for name in (folder, "some-org/some-model"):
        assert "pip install 'groundwire[torch]'" in refused(name)
    assert importlib.util.find_spec("torch")


def test_an_exported_graph_that_will_not_do_is_refused(folder: Path, tmp_path: Path) -> None:
    target = export_onnx(folder, tmp_path / "exported")
    change(target / "config.json", id2label={str(i): label for i, label in enumerate(("supported", "unsupported"))})
    assert "shape" in refused(target, warm=True)
    (target / "tokenizer.json").unlink()
    assert "no tokenizer.json" in refused(target)
    (target / "model.onnx").write_bytes(b"no graph")
    shutil.copy(folder / "tokenizer.json", target)
    assert "exported" in refused(target, warm=True)


def test_a_path_may_begin_at_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert load_model("~/tiny").version == load_model(folder).version
    assert TransformersModel("~/tiny").name == "tiny"
    with pytest.raises(ModelError, match=r"no model\.onnx"):
        OnnxClassifier(folder)


@pytest.mark.parametrize(
    ("config", "tokenizer", "length"),
    [
        ({"model_type": "bert", "max_position_embeddings": 512}, {"model_max_length": 512}, 512),
        ({"model_type": "bert", "max_position_embeddings": 512}, {}, 512),
        ({"model_type": "bert", "max_position_embeddings": 512}, {"model_max_length": 128}, 128),
        ({"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}, {"model_max_length": 512}, 512),
        ({"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}, {"model_max_length": 1e30}, 512),
        ({"model_type": "deberta-v2", "max_position_embeddings": 512}, {"model_max_length": 10**30}, 512),
        ({"model_type": "modernbert", "max_position_embeddings": 8192}, {"model_max_length": 8192}, 8192),
        ({"model_type": "modernbert", "max_position_embeddings": 8192}, {"model_max_length": 10**30}, 1024),
        ({"model_type": "qwen2", "max_position_embeddings": 131072}, {"model_max_length": 131072}, 1024),
        ({"model_type": "t5"}, {"model_max_length": 256}, 256),
        ({"model_type": "t5"}, {"model_max_length": 10**30}, 512),
        ({"model_type": "xlnet", "max_position_embeddings": -1}, {}, 1024),
    ],
)
def test_the_length_is_the_shorter_sane_one(
    tmp_path: Path, config: dict[str, Any], tokenizer: dict[str, Any], length: int
) -> None:
    for name, content in (("config.json", config), ("tokenizer_config.json", tokenizer)):
        (tmp_path / name).write_text("{}")
        change(tmp_path / name, **content)
    change(tmp_path / "config.json", id2label={"0": "entailment", "1": "not_entailment"})
    assert Checkpoint.read(tmp_path, "a-model").max_length == length
