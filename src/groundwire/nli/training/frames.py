"""Pairs made from frames: statements of offices, shops, clinics and courts, and what follows from them.

What is in `frames.toml` is filled with names and numbers that are drawn anew each time. What one document denies is
what another one says, so that no statement is right or wrong by itself.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from typing import Any

from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, NEUTRAL, UNSUPPORTED, Pair, Spans
from groundwire.nli.training.library import Library
from groundwire.nli.training.written import unmarked

_SLOT = re.compile(r"\{(\w+?)(\d?)\}")
_MARK = re.compile(r"[\[\]]")
SOURCE = "made.stated"


class Frames:
    """Makes pairs from the frames, with sentences of a library between them now and then."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @cached_property
    def _read(self) -> tuple[Mapping[str, list[str]], Mapping[str, list[dict[str, Any]]]]:
        text = resources.files(__package__).joinpath("frames.toml").read_text("utf-8")
        held = tomllib.loads(text)
        fields: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for frame in held["frame"]:
            fields[frame["field"]].append(frame)
        return held["slots"], fields

    def stated(self, rng: random.Random, count: int) -> list[Pair]:
        return [self._one(rng) for _ in range(count)]

    def _one(self, rng: random.Random) -> Pair:
        slots, fields = self._read
        chosen, *others = rng.sample(fields[rng.choice(sorted(fields))], rng.choice((2, 3, 4, 5, 6, 7)))
        said, claim, label = self._denied(rng, chosen) if rng.random() < 0.16 else self._spoken(rng, chosen)
        filled: dict[str, str] = {}
        sentences = [_filled(rng, said, slots, filled)[0]]
        text, wrong = _filled(rng, claim, slots, filled)
        sentences += [_filled(rng, rng.choice(frame["says"]), slots, {})[0] for frame in others]
        if label == NEUTRAL and rng.random() < 0.3:  # the document does not speak of it at all
            sentences.pop(0)
            text, wrong = _filled(rng, rng.choice(chosen["true"]), slots, filled)
        if rng.random() < 0.15:
            sentences += rng.choice(self._library.documents)[: rng.choice((1, 2))]
        rng.shuffle(sentences)
        return Pair(" ".join(sentences), text, label, SOURCE, wrong or None)

    def _spoken(self, rng: random.Random, frame: dict[str, Any]) -> tuple[str, str, int]:
        """What a document says, a claim, and the label of the claim."""
        parts = (("true", ENTAILMENT), ("says", ENTAILMENT), ("false", CONTRADICTION), ("silent", NEUTRAL))
        part, label = rng.choices(parts, (34, 10, 38, 18))[0]
        return rng.choice(frame["says"]), rng.choice(frame[part]), label

    def _denied(self, rng: random.Random, frame: dict[str, Any]) -> tuple[str, str, int]:
        """The same where the document says what it denied, or left open, in others."""
        part = rng.choice(("false", "silent"))
        said = _MARK.sub("", rng.choice(frame[part]))
        if part == "false" and rng.random() < 0.5:
            return said, rng.choice(frame["true"] + frame["says"]), UNSUPPORTED
        return said, said, ENTAILMENT


def _filled(rng: random.Random, text: str, slots: Mapping[str, list[str]], filled: dict[str, str]) -> tuple[str, Spans]:
    """The statement with its slots filled, alike where `filled` knows them, and where its marked words stand."""

    def value(match: re.Match[str]) -> str:
        if match[0] not in filled:
            taken = {other for name, other in filled.items() if _name(name) == match[1]}
            filled[match[0]] = rng.choice([option for option in slots[match[1]] if option not in taken])
        return filled[match[0]]

    plain, spans = unmarked(_SLOT.sub(value, text))
    return plain[:1].upper() + plain[1:], spans


def _name(slot: str) -> str:
    match = _SLOT.fullmatch(slot)
    return match[1] if match else slot
