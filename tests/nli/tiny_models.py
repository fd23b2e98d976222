"""Random classifiers with tiny tokenizers of their own, saved as transformers saves them."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXTS = [
    "The shop opens at nine on Monday, and it closes at six.",
    "It opens at nine.",
    "The bridge over the Neva was opened in 1850 by the Tsar.",
    "A bridge was built in Paris; nobody saw it.",
    "Refunds are paid within 14 days of the return.",
    "Refunds take 90 days.",
]
PAIRS = [(premise, hypothesis) for premise in TEXTS for hypothesis in TEXTS[1::2]]
THREE = ("contradiction", "entailment", "neutral")
KINDS = ("bert", "roberta", "deberta-v2", "modernbert")

_SHAPE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}
_SPECIAL = {
    "bert": ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"),
    "deberta-v2": ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"),
    "modernbert": ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"),
    "roberta": ("<s>", "</s>", "<pad>", "<unk>", "<mask>"),
}


def save(folder: Path, kind: str = "bert", labels: tuple[str, ...] = THREE, **settings: Any) -> Path:
    """Write a random model of a kind to a folder and return it. `settings` go into its config."""
    torch.manual_seed(len(kind) + len(labels))
    tokenizer = _tokenizer(kind if kind in KINDS else "roberta", settings.pop("model_max_length", None))
    sizes = {"vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id}
    places = {"max_position_embeddings": 98 if kind == "roberta" else 96} if kind in KINDS else {}
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}
    config = _config(kind, {**_SHAPE, **sizes, **places, **names, **settings}, tokenizer)
    classifiers: Any = transformers.AutoModelForSequenceClassification
    model = classifiers.from_config(config)
    for name, weight in model.named_parameters():
        if "LayerNorm" not in name and "norm" not in name:
            torch.nn.init.normal_(weight, std=0.3)  # so that every token counts and the labels differ
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def change(path: Path, **settings: Any) -> None:
    """Change settings in a JSON file; None takes one away."""
    content = {**json.loads(path.read_text("utf-8")), **settings}
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), "utf-8")


def plainly(folder: Path, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
    """What transformers alone gives, pair by pair: probabilities (len(pairs), labels) in the model's own order."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        rows = [model(**tokenizer(*pair, return_tensors="pt")).logits[0].softmax(-1).numpy() for pair in pairs]
    return np.stack(rows)


def export_onnx(folder: Path, target: Path) -> Path:
    """Export a saved model as the Hub's exports do, and return the folder `target` of files that need no torch."""
    target.mkdir()
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.ones(2, 7, dtype=torch.long)
    axes = {name: {0: "batch", 1: "length"} for name in names} | {"logits": {0: "batch"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's: of the newer exporter, which wants another library
        torch.onnx.export(
            model,
            (ids, ids, ids * 0),
            str(target / "model.onnx"),
            input_names=names,
            output_names=["logits"],
            dynamic_axes=axes,
            dynamo=False,
        )
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (target / name).write_bytes((folder / name).read_bytes())
    return target


def _config(kind: str, settings: dict[str, Any], tokenizer: Any) -> Any:
    own: dict[str, dict[str, Any]] = {
        "roberta": {"type_vocab_size": 1, "bos_token_id": tokenizer.cls_token_id},
        "deberta-v2": {
            "relative_attention": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_buckets": 16,
            "position_biased_input": False,
            "type_vocab_size": 0,
            "norm_rel_ebd": "layer_norm",
        },
        "modernbert": {
            "local_attention": 16,
            "cls_token_id": tokenizer.cls_token_id,
            "sep_token_id": tokenizer.sep_token_id,
            "bos_token_id": tokenizer.cls_token_id,
            "eos_token_id": tokenizer.sep_token_id,
        },
    }
    return transformers.AutoConfig.for_model(kind, **{**settings, **own.get(kind, {})})


def _tokenizer(kind: str, model_max_length: int | None) -> Any:
    cls, sep, pad, unknown, mask = _SPECIAL[kind]
    tokenizer = _trained(kind)
    pair = {"roberta": f"{cls} $A {sep} {sep} $B {sep}", "modernbert": f"{cls} $A {sep} $B {sep}"}
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{cls} $A {sep}",
        pair=pair.get(kind, f"{cls}:0 $A:0 {sep}:0 $B:1 {sep}:1"),
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (cls, sep)],
    )
    inputs = ["input_ids", "token_type_ids", "attention_mask"]
    fast: Any = transformers.PreTrainedTokenizerFast
    return fast(
        tokenizer_object=tokenizer,
        cls_token=cls,
        sep_token=sep,
        pad_token=pad,
        unk_token=unknown,
        mask_token=mask,
        model_input_names=inputs if kind in ("bert", "deberta-v2") else [inputs[0], inputs[2]],
        **({} if model_max_length is None else {"model_max_length": model_max_length}),
    )


def _trained(kind: str) -> Any:
    """WordPiece, byte-level BPE or Unigram, as the models of that kind have."""
    cls, sep, pad, unknown, mask = _SPECIAL[kind]
    special = [cls, pad, sep, unknown, mask] if kind == "roberta" else [pad, unknown, cls, sep, mask]
    if kind == "bert":
        tokenizer = Tokenizer(models.WordPiece(unk_token=unknown))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer: Any = trainers.WordPieceTrainer(vocab_size=150, special_tokens=special, show_progress=False)
    elif kind == "deberta-v2":
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.decoder = decoders.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=120, special_tokens=special, unk_token=unknown, show_progress=False
        )
    else:
        tokenizer = Tokenizer(models.BPE(unk_token=unknown))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(vocab_size=350, special_tokens=special, show_progress=False,
                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet())  # fmt: skip
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer
