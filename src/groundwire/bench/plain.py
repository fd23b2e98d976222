"""The rival: the loop that one would write first. Every sentence of the answer against every one of the context.

transformers and torch, float32, a batch for each sentence of the answer. The network has the shape of the built-in
model and its tokenizer; its weights are random, because weights do not change what a pass costs.
"""

import time
from collections.abc import Callable
from importlib import import_module
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import Any

from groundwire.bench import prose
from groundwire.bench.figures import percentile

Progress = Callable[[str], None]


def available() -> bool:
    """Whether the extra `torch` is installed."""
    return find_spec("torch") is not None and find_spec("transformers") is not None


def one_answer(threads: int, times: int, progress: Progress) -> dict[str, Any]:
    """Milliseconds for one answer: p50 over `times`, after one short pass that is not counted."""
    compare = _model(threads)
    compare(["Warm."] * 8, "Warm.")
    taken: list[float] = []
    pairs = 0
    for seed in range(times):
        progress(f"the plain loop, answer {seed + 1}/{times}")
        answer, context = prose.sentences(prose.answer(seed)), prose.sentences(prose.context(seed))
        began = time.perf_counter()
        for sentence in answer:
            compare(context, sentence)
        taken.append((time.perf_counter() - began) * 1000)
        pairs += len(answer) * len(context)
    return {"answers": times, "pairs": pairs / times, "p50_ms": percentile(taken, 0.5)}


def _model(threads: int) -> Callable[[list[str], str], Any]:
    # By name, because transformers' own types differ from release to release.
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    torch.set_num_threads(threads)
    with as_file(files("groundwire.nli") / "builtin" / "tokenizer.json") as path:
        tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(path), pad_token="[PAD]")  # noqa: S106
    shape = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
        num_labels=3,
    )
    model = transformers.BertForSequenceClassification(shape).eval()

    def compare(premises: list[str], hypothesis: str) -> Any:
        batch = tokenizer(
            premises, [hypothesis] * len(premises), padding=True, truncation=True, max_length=512, return_tensors="pt"
        )
        with torch.no_grad():
            return model(**batch).logits.softmax(-1).numpy()

    return compare
