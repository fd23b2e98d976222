"""Claims that people wrote against claims that were found: which of them say the same.

Two claims are alike by their words (`likeness`) or because each entails the other; `pairing` then matches one to one.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import Stemmer

from groundwire.model import Claim

LIKE = 0.5
"""The likeness from which on two claims are taken to say the same."""

NEAR = 0.3
"""The likeness from which on it is worth asking a model whether they do."""

FUNCTION_WORDS = frozenset(
    word
    for line in (
        "a an the this that these those there here some any each every all both no",
        "he him his she her hers it its they them their theirs i me my we us our you your who whom whose which what",
        "is are was were be been being am has have had having do does did doing will would shall should can could may",
        "might must not s t d ll re ve",
        "of in on at by for from to with as into onto over under about between among during after before since until",
        "through within without against per via up out off",
        "and or but nor so yet than then when where while if because although though however also",
    )
    for word in line.split()
)
"""Words that are not counted: articles, pronouns, auxiliaries, prepositions, conjunctions."""

_WORD = re.compile(r"\w+")
_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[tuple[int, int]]:
    """Where the content words of a text stand: runs of letters, digits and _ that are no function words."""
    return [match.span() for match in _WORD.finditer(text) if match[0].lower() not in FUNCTION_WORDS]


@lru_cache(maxsize=65_536)
def content(text: str) -> frozenset[str]:
    """The content words of a text, in small letters and cut to their stems (Snowball English: "films" is "film")."""
    return frozenset(_stemmer.stemWords([text[start:end].lower() for start, end in words(text)]))


def likeness(one: str, other: str) -> float:
    """Token F1, 0 to 1: twice the shared `content` words by the sum of both; a word counts once. 0 without any."""
    mine, theirs = content(one), content(other)
    both = len(mine & theirs)
    return 2 * both / (len(mine) + len(theirs)) if both else 0.0


Pairs = dict[tuple[int, int], float]
"""From the places of a human and a found claim to how alike they are."""


def pairing(alike: Mapping[tuple[int, int], float]) -> Pairs:
    """Match one to one: as many of the pairs in `alike` as can be, and of those matchings one of the most alike."""
    import networkx as nx

    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    for (human, found), weight in sorted(alike.items()):
        graph.add_edge(("human", human), ("found", found), weight=round(weight * 1000))  # whole: no rounding, no drift
    matched: Pairs = {}
    for edge in nx.max_weight_matching(graph, maxcardinality=True):
        (_, found), (_, human) = sorted(edge)
        matched[human, found] = alike[human, found]
    return dict(sorted(matched.items()))


_FORMS = {
    **dict.fromkeys(("he", "him", "his"), ("he", "his")),
    **dict.fromkeys(("she", "her", "hers"), ("she", "her")),
    **dict.fromkeys(("it", "its"), ("it", "its")),
    **dict.fromkeys(("they", "them", "their", "theirs"), ("they", "their")),
}
_COPULA = re.compile(r"(.*?)((?:\s+(?:is|are|was|were))?\s*)\Z", re.DOTALL)


def pronoun(text: str) -> str | None:
    """The first personal pronoun of a text as a subject: "he", "she", "it", "they"."""
    said = (_FORMS.get(word.lower()) for word in _WORD.findall(text))
    return next((forms[0] for forms in said if forms), None)


def facing(claim: Claim, who: str | None) -> str:
    """The found claim's text as it is compared with a human claim that has the pronoun `who`.

    People often left "he" where the extractor put a name in for it. That is no fault of the extractor's: the name, a
    stretch of the text that the answer does not have there, is read as that pronoun. A name that people wrote and the
    extractor did not find is a difference like any other.
    """
    if who is None:
        return claim.text
    done = 0
    for piece in (*claim.pieces, None):
        end = piece.at if piece else len(claim.text)
        name = _COPULA.match(claim.text, done, end)
        if name and content(name[1]) and _is_apart(claim.text, done, end):
            form = _FORMS[who][name[1].rstrip("s").endswith(("’", "'"))]
            start = done + len(name[1]) - len(name[1].lstrip())
            form = form.capitalize() if start == 0 else form
            return f"{claim.text[:start]}{form}{claim.text[name.end(1) :]}"
        done = piece.at + piece.length if piece else end
    return claim.text


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether the stretch is whole words, and no capital letter put in at the start of one."""
    return not (text[start - 1 : start].isalnum() or (text[end - 1 : end].isalnum() and text[end : end + 1].isalnum()))
