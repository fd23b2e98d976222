"""Logprobs spell out what a model wrote: they leave beside a text only where they spell that text and no other."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# How servers write a token that is a piece of a character.
_PIECE = re.compile(r"(bytes:)?(\\x[0-9a-fA-F]{2})+")

# Ends of turns and the like, which servers list and do not say.
_SPECIAL = re.compile(r"\s*(<[^<>\s]{1,40}>\s*)*")

_OF_CHOICE = ("content", "refusal")


def spelled(logprobs: Any, message: Mapping[str, Any]) -> dict[str, Any] | None:
    """Those of a choice, with what belongs to them and no more; None where they spell another text than `message`."""
    if not isinstance(logprobs, Mapping):
        return None
    out: dict[str, Any] = {}
    for name in _OF_CHOICE:
        entries = logprobs.get(name)
        if name in logprobs and not entries:
            out[name] = entries if entries is None else []
        elif entries:
            if (kept := spelled_entries(entries, message.get(name))) is None:
                return None
            out[name] = kept
    return out


def spelled_entries(entries: Any, text: Any) -> list[dict[str, Any]] | None:
    """These tokens where they are the text, but for special tokens around it; else None."""
    if not isinstance(entries, list) or not isinstance(text, str) or not text:
        return None
    pieces = [_bytes(entry) for entry in entries]
    if any(piece is None for piece in pieces):
        return None
    said = b"".join(piece for piece in pieces if piece).decode("utf-8", "replace")
    if text not in said or not _SPECIAL.fullmatch(said.replace(text, "", 1)):
        return None
    return [_entry(entry) for entry in entries]


def spelled_words(logprobs: Mapping[str, Any], text: Any) -> dict[str, Any] | None:
    """Those of the older form, lists side by side, where their tokens are the text; else None."""
    tokens = logprobs.get("tokens")
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens) or "".join(tokens) != text:
        return None
    figures = {
        name: [value if isinstance(value, int | float) else None for value in given]
        for name in ("token_logprobs", "text_offset")
        if isinstance(given := logprobs.get(name), list)
    }
    others = logprobs.get("top_logprobs")
    top = [_others(each) for each in others] if isinstance(others, list) else None
    return {"tokens": tokens, **figures, "top_logprobs": top}


def _others(given: Any) -> dict[str, float] | None:
    if not isinstance(given, Mapping):
        return None
    return {token: value for token, value in given.items() if _is_piece(token) and isinstance(value, int | float)}


def _is_piece(token: str) -> bool:
    """Whether this can be one token: a piece of a word, so without a blank inside."""
    return len(token.split()) <= 1


def _bytes(entry: Any) -> bytes | None:
    """What a token says; None where its two forms say different things, or nothing that can be read."""
    if not isinstance(entry, Mapping) or not isinstance(token := entry.get("token"), str):
        return None
    own, raw = token.encode("utf-8", "replace"), entry.get("bytes")
    if raw is None:
        return own
    try:
        told = bytes(raw)
    except (TypeError, ValueError):
        return None
    same = told == own or told.decode("utf-8", "replace") == token or _PIECE.fullmatch(token)
    return told if same else None


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A token with its figure, and the others that might have stood there: pieces of words, so without a blank."""
    out = {name: entry[name] for name in ("token", "logprob", "bytes") if name in entry}
    if not isinstance(out.get("logprob"), int | float | None):
        out["logprob"] = None
    others = entry.get("top_logprobs")
    if isinstance(others, Sequence):
        known = [other for other in others if _bytes(other) is not None]
        out["top_logprobs"] = [_entry(other) for other in known if _is_piece(other["token"])]
    return out
