"""The documents and claims that were written for training: `written/*.txt`.

A document begins with `=== what kind of text it is`, its text follows, then one claim a line: `+` is borne out by the
document, `-` is contradicted by it, `?` goes beyond it. Square brackets in a claim mark the words that are wrong, or
that nothing supports.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, NEUTRAL, Pair, Spans

CORPUS = "written"
"""The name under which a recipe asks for these pairs; they are in the package, not in the folder of data."""

_LABELS = {"+ ": ENTAILMENT, "- ": CONTRADICTION, "? ": NEUTRAL}


def written_pairs(beginning: str = "") -> list[Pair]:
    """Return every claim with its document, of the files whose names begin so.

    Raises: FileNotFoundError when there is none; ValueError naming file and line where a text is not of the form above.
    """
    folder = resources.files(__package__).joinpath(CORPUS)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".txt"))
    wanted = [name for name in names if name.startswith(beginning)]
    if not wanted:
        raise FileNotFoundError(f"{CORPUS}/{beginning}: no such documents; there are {', '.join(names)}")
    source = f"{CORPUS}/{beginning}" if beginning else CORPUS
    return [pair for name in wanted for pair in parsed(folder.joinpath(name).read_text("utf-8"), name, source)]


def parsed(text: str, name: str, source: str) -> Iterator[Pair]:
    """The pairs of one file, which `name` names in what is said of its faults."""
    document: list[str] = []
    claims = False
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith("==="):
            document, claims = [], False
        elif line[:2] in _LABELS:
            if not document:
                raise ValueError(f"{name}:{number}: a claim without a document; begin one with ===")
            claims = True
            claim, wrong = unmarked(line[2:].strip())
            label = _LABELS[line[:2]]
            if (label == ENTAILMENT) == bool(wrong):
                raise ValueError(f"{name}:{number}: [ ] mark what is wrong: none in +, some in - and ?")
            yield Pair("\n".join(document), claim, label, source, wrong or None)
        elif line and claims:
            raise ValueError(f"{name}:{number}: text behind the claims; begin a document with ===")
        elif line:
            document.append(line)


def unmarked(text: str) -> tuple[str, Spans]:
    """The text without its square brackets, and where what they held stands in it (code points).

    Raises: ValueError when they do not pair.
    """
    plain = ""
    spans: list[tuple[int, int]] = []
    for at, part in enumerate(text.split("[")):
        held, bracket, rest = part.partition("]")
        if bool(bracket) != (at > 0) or "]" in rest:
            raise ValueError(f"the square brackets in {text!r} do not pair")
        if bracket:
            spans.append((len(plain), len(plain) + len(held)))
        plain += held + rest
    return plain, tuple(spans)
