"""The training loop: resumable, seeded, on a fixed budget of time or of pairs."""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import gzip
import json
import math
import os
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from groundwire.nli.training.corpora import ENTAILMENT, Pair
from groundwire.nli.training.mixture import Mixture, load_sources
from groundwire.nli.training.network import build
from groundwire.nli.training.start import load_start


def load_config(path: Path | None = None) -> dict[str, Any]:
    """Read a recipe; without a path, `builtin.toml`. One that `extends` a recipe of this folder gives what differs."""
    recipes = resources.files(__package__)
    read = tomllib.loads((path or recipes.joinpath("builtin.toml")).read_text("utf-8"))
    while base := read.pop("extends", None):
        read = _merged(tomllib.loads(recipes.joinpath(base).read_text("utf-8")), read)
    return read


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`base` with the values of `changes`, table by table."""
    merged = dict(base)
    for key, value in changes.items():
        inner = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merged(base[key], value) if inner else value
    return merged


def build_mixture(config: dict[str, Any], data_dir: Path) -> Mixture:
    """Read the corpora and prepare the makers of document pairs."""
    mix = config["mixture"]
    sources = load_sources(data_dir, mix, config["seed"])
    makers: dict[str, Any] = {}
    if mix.get("made"):
        from groundwire.nli.training.synthesis import makers_for

        makers = makers_for(sources, mix["made"], config)
    return Mixture(sources, makers, mix.get("made_from_round", 0), config["seed"])


def prepare(config: dict[str, Any], data_dir: Path, out_dir: Path) -> None:
    """Write the rounds of the mixture to `out_dir/rounds`, where one can look at what the model will see."""
    folder = out_dir / "rounds"
    wanted = [folder / f"{index:03}.jsonl.gz" for index in range(config["mixture"]["rounds"])]
    if all(path.exists() for path in wanted):
        return
    folder.mkdir(parents=True, exist_ok=True)
    mixture = build_mixture(config, data_dir)
    for index, path in enumerate(wanted):
        part = path.with_suffix(".part")
        with gzip.open(part, "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(asdict(pair)) + "\n" for pair in mixture.round(index))
        part.replace(path)


def read_round(out_dir: Path, index: int) -> list[Pair]:
    """Read one round that `prepare` wrote."""
    with gzip.open(out_dir / "rounds" / f"{index:03}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_pair(**json.loads(line)) for line in lines]


def _pair(wrong: Sequence[Sequence[int]] | None = None, **fields: Any) -> Pair:
    return Pair(**fields, wrong=None if wrong is None else tuple((start, end) for start, end in wrong))


class Batcher:
    """Turns rounds of pairs into batches of one length bucket, within a budget of tokens."""

    def __init__(self, tokenizer: Any, tokens: int, pairs: int, max_length: int) -> None:
        self._tokenizer = tokenizer
        self._tokens = tokens
        self._pairs = pairs
        self._max_length = max_length

    def batches(self, rows: Sequence[Pair], rng: random.Random) -> Iterator[dict[str, Any]]:
        """Yield batches of tensors in random order; a pair that is too long loses the end of its premise."""
        import torch

        self._tokenizer.enable_truncation(self._max_length, strategy="only_first")
        self._tokenizer.no_padding()
        rows = [r for r in rows if len(r.hypothesis) < 4 * self._max_length // 3]
        encoded = self._tokenizer.encode_batch([(r.premise, r.hypothesis) for r in rows])
        order = sorted(range(len(rows)), key=lambda i: (len(encoded[i].ids), rng.random()))
        groups: list[list[int]] = []
        for i in order:
            longest = len(encoded[i].ids)
            if not groups or len(groups[-1]) >= min(self._pairs, max(4, self._tokens // longest)):
                groups.append([])
            groups[-1].append(i)
        rng.shuffle(groups)
        for group in groups:
            width = max(len(encoded[i].ids) for i in group)
            ids = torch.zeros(len(group), width, dtype=torch.long)
            mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
            doubts = torch.full_like(ids, UNKNOWN)
            for row, i in enumerate(group):
                n = len(encoded[i].ids)
                ids[row, :n] = torch.tensor(encoded[i].ids)
                mask[row, :n] = 1
                types[row, :n] = torch.tensor(encoded[i].type_ids)
                doubts[row, :n] = torch.tensor(doubted(rows[i], encoded[i]))
            labels = torch.tensor([rows[i].label for i in group])
            yield {
                "inputs": {"input_ids": ids, "attention_mask": mask, "token_type_ids": types},
                "labels": labels,
                "doubts": doubts,
            }


UNKNOWN = -1


def doubted(pair: Pair, encoded: Any) -> list[int]:
    """For each token 1 where the premise does not say it, 0 where it does, `UNKNOWN` where nobody knows."""
    if pair.label != ENTAILMENT and not pair.wrong:
        return [UNKNOWN] * len(encoded.ids)
    wrong = () if pair.label == ENTAILMENT else pair.wrong or ()
    return [
        int(any(start < b and a < end for start, end in wrong)) if kind and b > a else UNKNOWN
        for kind, (a, b) in zip(encoded.type_ids, encoded.offsets, strict=True)
    ]


def doubt_loss(logits: Any, doubts: Any) -> Any:
    """Sum over the pairs of the mean negative log-likelihood of their known tokens, (n, length) both.

    In a pair that has doubted tokens they weigh as much as all others together: they are few.
    """
    import torch

    costs = torch.nn.functional.binary_cross_entropy_with_logits(
        logits.float(), doubts.clamp(min=0).float(), reduction="none"
    )
    wrong, right = ((costs * side).sum(1) / side.sum(1).clamp(min=1) for side in (doubts == 1, doubts == 0))
    return ((wrong + right) * (1 - 0.5 * (doubts == 1).any(1).float())).sum()


def pair_loss(logits: Any, labels: Any) -> Any:
    """Sum of negative log-likelihoods; `UNSUPPORTED` is neutral or contradiction."""
    import torch

    logs = torch.log_softmax(logits.float(), -1)
    either = torch.logsumexp(logs[:, ENTAILMENT + 1 :], -1, keepdim=True)
    return -torch.cat([logs, either], -1).gather(1, labels[:, None]).sum()


def learning_rate(share: float, peak: float, warmup: float) -> float:
    """Linear warm-up, then a cosine to zero; `share` is the used part of the budget, 0 to 1."""
    if share < warmup:
        return peak * max(share, 1e-3) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (share - warmup) / (1 - warmup))))


def train(config: dict[str, Any], data_dir: Path, out_dir: Path, dev_dir: Path | None = None) -> Path:
    """Train, or go on training, and return the checkpoint.

    `out_dir` gets `checkpoint.pt` (weights, their average, optimiser, position), `training.log` (JSON lines) and
    `config.json`. With `dev_dir` a small sample of its pairs is measured now and then; it is never trained on.
    """
    import torch

    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / "config.json").write_text(json.dumps(config, indent=1), "utf-8")
    torch.manual_seed(config["seed"])
    prepare(config, data_dir, out_dir)
    run = _Run(config, out_dir)
    run.log(event="start", round=run.round, pairs=run.pairs, elapsed_s=round(run.elapsed))
    while run.share < 1:
        rows = read_round(out_dir, run.round % config["mixture"]["rounds"])
        rng = random.Random(f"{config['seed']}:batches:{run.round}")
        for index, batch in enumerate(run.batcher.batches(rows, rng)):
            if index < run.step_in_round:
                continue
            run.step(batch)
            if run.share >= 1:
                break
            if run.due("checkpoint_s"):
                run.save()
            if dev_dir is not None and run.due("evaluate_s"):
                from groundwire.nli.training.evaluate import quick_look

                run.log(event="dev", **quick_look(run.average, run.tokenizer, dev_dir))
        run.round, run.step_in_round = run.round + 1, 0
    run.save()
    run.log(event="end", pairs=run.pairs, steps=run.steps, elapsed_s=round(run.elapsed))
    return out_dir / "checkpoint.pt"


class _Run:
    """What a checkpoint holds, and one step of it."""

    def __init__(self, config: dict[str, Any], out_dir: Path) -> None:
        import copy

        import torch
        from tokenizers import Tokenizer

        self.plan = config["schedule"]
        self.path = out_dir / "checkpoint.pt"
        self.log_path = out_dir / "training.log"
        weights, tokenizer = load_start(config["encoder"])
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        batch = config["batch"]
        self.batcher = Batcher(self.tokenizer, batch["tokens"], batch["pairs"], batch["max_length"])
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        network = config["network"]
        self._doubt_weight = network["doubt_weight"]
        self.model = build(weights, heads=network["heads"], early=network["early"], doubt=self._doubt_weight > 0).to(
            self.device
        )
        self._early_weight = network["early_weight"]
        self.model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.average = copy.deepcopy(self.model).eval().requires_grad_(False)
        # Gradients are taken in a copy in bfloat16, filled anew each step: a fifth faster on a CPU than autocast.
        self._half = copy.deepcopy(self.model).to(torch.bfloat16)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self._halves = [p for p in self._half.parameters() if p.requires_grad]
        self._averaged = [
            a for a, p in zip(self.average.parameters(), self.model.parameters(), strict=True) if p.requires_grad
        ]
        head = [p for n, p in self.model.named_parameters() if not n.startswith("encoder.")]
        body = [p for n, p in self.model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
        self.optimiser = torch.optim.AdamW(
            [{"params": body, "peak": self.plan["learning_rate"]},
             {"params": head, "peak": self.plan["head_learning_rate"]}],
            lr=0.0, weight_decay=self.plan["weight_decay"], betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self.round = self.step_in_round = self.steps = self.pairs = self.tokens = 0
        self.elapsed = 0.0
        self._losses: list[float] = []
        self._pool = ThreadPoolExecutor(self.plan["threads"])
        self._clock = self._last_log = time.monotonic()
        self._marks = {"checkpoint_s": time.monotonic(), "evaluate_s": time.monotonic()}
        if self.path.exists():
            self._load()

    @property
    def share(self) -> float:
        """The used part of the budget, 0 to 1."""
        if self.plan.get("budget_pairs"):
            return float(min(1.0, self.pairs / self.plan["budget_pairs"]))
        return float(min(1.0, self.elapsed / self.plan["budget_s"]))

    def step(self, batch: dict[str, Any]) -> None:
        import torch

        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.share, group["peak"], self.plan["warmup"])
        with torch.no_grad():
            torch._foreach_copy_(self._halves, self.trained)
        total = len(batch["labels"])
        parts = range(0, total, -(-total // self.plan["threads"]))
        width = parts.step
        done = list(self._pool.map(lambda at: self._gradients(batch, at, at + width), parts))
        gradients = done[0][1]
        for _, more in done[1:]:
            torch._foreach_add_(gradients, more)
        torch._foreach_div_(gradients, total)
        for parameter, gradient in zip(self.trained, gradients, strict=True):
            parameter.grad = gradient
        torch.nn.utils.clip_grad_norm_(self.trained, self.plan["clip"])
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        decay = min(self.plan["average"], (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            torch._foreach_lerp_(self._averaged, self.trained, 1 - decay)
        self.step_in_round += 1
        self.pairs += len(batch["labels"])
        self.tokens += batch["inputs"]["input_ids"].numel()
        self._losses.append(sum(loss for loss, _ in done) / total)
        now = time.monotonic()
        self.elapsed += now - self._clock
        self._clock = now
        if now - self._last_log > 60:
            self._last_log = now
            self.log(
                event="step", steps=self.steps, round=self.round, pairs=self.pairs, elapsed_s=round(self.elapsed),
                loss=round(sum(self._losses) / len(self._losses), 4),
                lr=round(self.optimiser.param_groups[0]["lr"], 7),
                pairs_per_s=round(self.pairs / max(1.0, self.elapsed), 1), tokens=self.tokens,
            )  # fmt: skip
            self._losses.clear()

    def _gradients(self, batch: dict[str, Any], start: int, stop: int) -> tuple[float, Any]:
        """Loss and gradients of a part of a batch, on one thread.

        Parts side by side wait for each other once a step; threads inside one operation would wait at every
        operation, which costs most of the machine when something else runs on it.
        """
        import torch

        torch.set_num_threads(1)
        inputs = {k: v[start:stop].to(self.device) for k, v in batch["inputs"].items()}
        logits, *more = self._half(**inputs)
        labels = batch["labels"][start:stop].to(self.device)
        last = loss = pair_loss(logits, labels)
        if self._doubt_weight:
            loss = loss + self._doubt_weight * doubt_loss(more.pop(), batch["doubts"][start:stop].to(self.device))
        for early in more:
            loss = loss + self._early_weight * pair_loss(early, labels)
        return float(last.detach()), [g.float() for g in torch.autograd.grad(loss, self._halves)]

    def due(self, what: str) -> bool:
        if time.monotonic() - self._marks[what] < self.plan[what]:
            return False
        self._marks[what] = time.monotonic()
        return True

    def save(self) -> None:
        import torch

        state = {
            "model": self.model.state_dict(), "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            **{k: getattr(self, k) for k in ("round", "step_in_round", "steps", "pairs", "tokens", "elapsed")},
        }  # fmt: skip
        torch.save(state, self.path.with_suffix(".part"))
        os.replace(self.path.with_suffix(".part"), self.path)

    def _load(self) -> None:
        import torch

        state = torch.load(self.path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state.pop("model"))
        self.average.load_state_dict(state.pop("average"))
        self.optimiser.load_state_dict(state.pop("optimiser"))
        for key, value in state.items():
            setattr(self, key, value)

    def log(self, **fields: Any) -> None:
        with self.log_path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(fields) + "\n")
