"""Whether a claim can be understood alone: word lists and three rules, no parse; the same for people's claims."""

import re

from groundwire.bench.matching import FUNCTION_WORDS

_WORD = re.compile(r"\w+")
_PRONOUNS = frozenset(("he", "him", "his", "she", "her", "hers", "it", "its", "they", "them", "their", "theirs"))
_SUBJECTS = frozenset(("he", "she", "it", "they"))
_POINTING = frozenset(("this", "that", "these", "those"))
_OPENING = frozenset(
    (
        *("in", "on", "at", "by", "for", "from", "to", "with", "as", "during", "after", "before", "since", "until"),
        *("through", "throughout", "despite", "of", "over"),
    )
)
_EMPTY_IT = re.compile(
    r"it\b(?:['’]s| is| was| has been| will be| may be| can be)?(?: not)?"
    r"(?: \w+)? (?:that|to|who|which|seems?|seemed|appears?|appeared|rains?|rained|snows?|takes?|took)\b",
    re.IGNORECASE,
)


def is_self_contained(claim: str) -> bool:
    """False for a claim with a pronoun that nothing in the claim can explain.

    That is (1) he, she, it, they and their other forms, with no content word but numbers before it: "He was born",
    "Some of his films"; (2) he, she, it or they directly behind the comma of an opening phrase: "In Paris, she sang";
    (3) this, that, these or those as the first word, or behind such a comma: "This was a success", "This film won".
    The "it" of "it is known that" and "it seems" is empty and needs no explanation. A pronoun behind a noun is taken
    to mean that noun, so the share is an upper bound.
    """
    found = list(_WORD.finditer(claim))
    explained = False
    for place, word in enumerate(found):
        said = word[0].lower()
        opens = place == 0 or _behind_opening(claim, found[0], word)
        if said in _POINTING and opens:
            return False
        if said in _PRONOUNS and not (said == "it" and _EMPTY_IT.match(claim, word.start())):
            if not explained or (said in _SUBJECTS and opens):
                return False
        elif said not in FUNCTION_WORDS and said not in _OPENING and not said[0].isdigit():
            explained = True
    return True


def _behind_opening(claim: str, first: re.Match[str], word: re.Match[str]) -> bool:
    before = claim[: word.start()].rstrip()
    return first[0].lower() in _OPENING and before.endswith(",") and before.count(",") == 1
