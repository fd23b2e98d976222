"""A provider's own words about its failure, as far as a client may have them.

Such a body may hold anything: the prompt, what the model had written so far, keys, names of hosts and files. A client
gets its type, code and parameter, which are single words, and one bounded line without what is not for it.
"""

import re
from collections.abc import Mapping
from typing import Any

from groundwire.gateway.leaving import WORD

LONGEST = 400  # characters

_LEFT_OUT = "[…]"

# In this order: what comes earlier may hold what comes later.
_PRIVATE = (
    re.compile(r"(?i)\b(?:bearer|basic)\s+\S{6,}"),
    re.compile(r"(?i)\b(?:api[-_ ]?key|token|password|secret|authorization)[\"']?\s*[:=]\s*[\"']?\S{6,}"),
    re.compile(r"\b(?:sk|pk|rk|gw|gsk|xai|key|AIza|ghp|hf)[-_*][\w*.-]{6,}"),
    re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://\S+"),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b"),
    re.compile(r"\[?(?:[0-9a-fA-F]{1,4}:){3,}[0-9a-fA-F:]+\]?(?::\d+)?"),
    # A host by its port, by what it is called inside a cluster, or by a domain of its own.
    re.compile(r"\b[\w-]+(?:\.[\w-]+)*:\d{2,5}\b"),
    re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:local|internal|lan|corp|svc|cluster|com|net|org|io|ai|dev|cloud)\b[\w.]*"),
    re.compile(r"(?<![\w.])(?:/[\w.@-]+){2,}|\b[A-Za-z]:\\\S+"),
    # What is long and quoted, or an object, is what somebody said or made.
    re.compile(r"\{.*\}|\[\s*[\[{\"'].*\]"),
    re.compile(r"\"[^\"]{40,}\"|'[^']{40,}'|`[^`]{40,}`|“[^”]{40,}”"),
    # Letters and figures without an end: a key, a hash, data.
    re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[\w-]{32,}\b"),
)


def line_of(message: str) -> str:
    """One line of at most 400 characters without keys, addresses, files, objects and long quotations."""
    line = message.strip().partition("\n")[0][: 4 * LONGEST]
    for private in _PRIVATE:
        line = private.sub(_LEFT_OUT, line)
    line = " ".join(line.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def fields_of(body: Mapping[str, Any] | None) -> dict[str, Any]:
    """`type`, `param`, `code` and `message` of an error body in OpenAI's shape, as far as they are there."""
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    if not isinstance(inner, Mapping):
        return {}
    found: dict[str, Any] = {
        name: inner[name] for name in ("type", "param", "code") if name in inner and _is_word(inner[name])
    }
    if isinstance(message := inner.get("message"), str) and message.strip():
        found["message"] = line_of(message)
    return found


def _is_word(value: Any) -> bool:
    """A name such as `messages[0].content`, a number, or nothing."""
    if isinstance(value, str):
        return len(value) <= 128 and bool(WORD.fullmatch(re.sub(r"\[\d+\]", "", value) or "x"))
    return value is None or isinstance(value, int)
