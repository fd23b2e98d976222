"""Secrets are masked before anything is stored: keys, tokens and passwords of the usual forms, character by character.

A mask is as long as what it hides, so that every offset into the text still holds.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

MASK = "*"

# What a secret of each kind begins with, and all of it. The beginnings are looked for first: that is a hundred times
# faster than the patterns, and nearly every report holds none.
_FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sk-", "rk-", "pk-"), r"\b[srp]k-[A-Za-z0-9_-]{16,}"),  # OpenAI, Anthropic, LiteLLM
    (("sk_", "rk_", "pk_", "whsec_"), r"\b(?:[srp]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}"),  # Stripe
    (("AKIA", "ASIA"), r"\bA[KS]IA[0-9A-Z]{16}\b"),  # AWS
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    (("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
    (("glpat-",), r"\bglpat-[A-Za-z0-9_-]{20,}"),
    (("xox",), r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    (("hooks.slack.com",), r"hooks\.slack\.com/services/[A-Za-z0-9/]{20,}"),
    (("AIza",), r"\bAIza[A-Za-z0-9_-]{35}"),
    (("ya29.",), r"\bya29\.[A-Za-z0-9_-]{20,}"),
    (("hf_",), r"\bhf_[A-Za-z0-9]{30,}"),
    (("npm_",), r"\bnpm_[A-Za-z0-9]{36}"),
    (("pypi-",), r"\bpypi-[A-Za-z0-9_-]{40,}"),
    (("SG.",), r"\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),  # SendGrid
    (("dop_v1_",), r"\bdop_v1_[0-9a-f]{64}"),
    (("eyJ",), r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),  # JSON Web Token
    (("-----BEGIN",), r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    (("earer ",), r"earer ([A-Za-z0-9._~+/=-]{16,})"),
    (("asic ",), r"asic ([A-Za-z0-9+/]{16,}={0,2})"),
    (("://",), r"://([^\s/:@]{1,100}:[^\s/@]{1,200})@"),  # a password in a URL
    (("AccountKey=",), r"AccountKey=([A-Za-z0-9+/=]{40,})"),  # Azure
)
_PATTERNS = tuple((starts, re.compile(pattern)) for starts, pattern in _FORMS)
# In JSON the letter of an escape such as \n may stand before a secret, where no word begins.
_IN_JSON = tuple((starts, re.compile(pattern.removeprefix(r"\b"))) for starts, pattern in _FORMS)

_NAMES = re.compile(
    r"^(?:.*[_-])?(?:api[_-]?key|key|token|access[_-]?token|secret|password|passwd|authorization|credentials?|cookie)$",
    re.IGNORECASE,
)
_NOT_SECRET = re.compile(r"^(?:max_|min_|.*_?tokens$)", re.IGNORECASE)


def may_hold_secrets(json_text: str) -> bool:
    """Whether a secret of any known form could be in the JSON. Cheap; when in doubt, True."""
    return any(any(start in json_text for start in starts) and form.search(json_text) for starts, form in _IN_JSON)


def masked(text: str) -> str:
    """The text with every secret in it hidden, as long as before."""
    for starts, pattern in _PATTERNS:
        if any(start in text for start in starts):
            text = pattern.sub(_hidden, text)
    return text


def _hidden(found: "re.Match[str]") -> str:
    """The match with its secret hidden: its group, where the form has one, else all of it."""
    start, end = (found.start(1), found.end(1)) if found.re.groups else found.span()
    whole, at = found[0], found.start()
    return whole[: start - at] + MASK * (end - start) + whole[end - at :]


def all_masked(value: Any) -> Any:
    """JSON data with every text in it masked."""
    return walked(value, masked)


def walked(value: Any, change: Callable[[str], str], leave: frozenset[str] = frozenset()) -> Any:
    """JSON data with every text in it changed, the keys of objects too; not what stands under a key in `leave`."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {
            change(str(key)) if key not in leave else key: item if key in leave else walked(item, change, leave)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [walked(item, change, leave) for item in value]
    return value


def without_secrets(request: Any) -> Any:
    """A request without secrets: also what stands under a name such as `api_key`, whatever it looks like."""
    if isinstance(request, Mapping):
        return {
            masked(str(key)): MASK * 3 if _names_a_secret(str(key), item) else without_secrets(item)
            for key, item in request.items()
        }
    if isinstance(request, list | tuple):
        return [without_secrets(item) for item in request]
    return masked(request) if isinstance(request, str) else request


def _names_a_secret(key: str, value: Any) -> bool:
    return isinstance(value, str) and bool(_NAMES.match(key)) and not _NOT_SECRET.match(key)
