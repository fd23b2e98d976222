"""Things that a claim describes and does not name: "the company that owns A", "the director of B", "C's capital".

The description is looked up by one relation. What the claim says then is checked of the thing that it means.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from groundwire.graph.index import Grade
from groundwire.graph.links import MOST_FACTS
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, name_stems, stem, tokenize
from groundwire.graph.others import THINGS
from groundwire.graph.relations import RelationBook
from groundwire.graph.store import Fact, GraphStore
from groundwire.graph.wording import COPULAS, SORTS
from groundwire.model import Claim, Evidence, Piece

_MOST_RELATIONS = 40
_MOST_ENDS = 2
_LONGEST_NOUN = 4
_RELATIVE = frozenset(["that", "which", "who", "whose", "where"])
_AUXILIARY = COPULAS | {"has", "have", "had", "been", "did", "does", "do"}
_AFTER_A_VERB = frozenset(["at", "by", "for", "from", "in", "of", "on", "to", "with"])
# With these a description goes on, or somebody is named.
_NO_VERBS = """
about after and as at before by called during for from if in named of on or over since than that the to under until
when where which while who whom whose with
"""
_GOING_ON = frozenset(_NO_VERBS.split())
_PLACED = frozenset(["based", "built", "held", "located", "set", "situated"])
_PLACES = re.compile(r" (?:is|are|was|were) (?:(?:based|found|located|set|situated) )?(?:at|in|on)\b")
_NAMING = frozenset(["called", "named", "namely"])
# Only what the graph calls so is one: a birthplace need not be a country.
_WIDE = frozenset(stem(word) for word in ["country", "state", "region", "province", "continent", "county", "district"])
_ANYBODY = frozenset(
    stem(word)
    for word in ["actor", "man", "one", "organisation", "organization", "people", "person", "place", "thing", "woman"]
)


class Meant(NamedTuple):
    """What a description that ends at `end` of the claim means, and what the graph has that says so."""

    end: int
    name: str
    cited: tuple[Evidence, ...]


class _Form(NamedTuple):
    """A description around the name `inner`. `verbs`: the words of the relation follow that name."""

    inner: Mention
    sort: str | None
    verbs: bool
    sentence: Callable[[int, str], Iterator[str]]


def may_describe(text: str) -> bool:
    """Whether a claim can open with a description at all, by its first words."""
    return text[:4].lower() == "the " or "'" in text[:80].replace("’", "'")


def places(text: str, meant: Meant, cited: Sequence[Evidence]) -> bool:
    """Whether a claim says where something is, by the very fact that says what it is: "A's headquarters are in B"."""
    told = {one.path for one in meant.cited}
    return _PLACES.match(text, meant.end) is not None and any(one.path in told for one in cited)


def without(claim: Claim, meant: Meant) -> Claim:
    """A claim with the name of what is meant in the place of its description."""
    text, shift = meant.name + claim.text[meant.end :], len(meant.name) - meant.end
    pieces = []
    for piece in claim.pieces:
        cut = max(0, meant.end - piece.at)
        if cut < piece.length:
            pieces.append(Piece(piece.at + cut + shift, piece.source + cut, piece.length - cut))
    return claim.model_copy(update={"text": text, "pieces": tuple(pieces), "triples": ()})


def described(
    reading: Reading, graph: GraphStore, book: RelationBook, states: Callable[[str], tuple[Evidence, ...]]
) -> tuple[bool, Meant | None]:
    """Whether a claim opens with a description in a clause of its own, and what that or another description means.

    `states(sentence)` gives what the graph has that bears out a plain sentence, or nothing. What is one of several, or
    of another sort than the claim says, is not known.
    """
    form = _clause(reading) or _participle(reading) or _role(reading) or _owned(reading)
    if form is None or len(form.inner.nodes) != 1:
        return form is not None and form.sort is not None and not _named_at_the_end(reading), None
    in_clause = form.sort is not None and not _named_at_the_end(reading)
    found: dict[str, tuple[Meant, Fact]] = {}
    for ends, fact in islice(_relations(graph, form.inner), _MOST_RELATIONS):
        end = _end(reading, book, form, fact)
        if end is None or not _says_something(reading, end):
            continue
        for node in ends:
            name = graph.label(node)
            cited = next(filter(None, map(states, form.sentence(end, name))), ())
            if cited and graph.names.find(name) == (node,):
                found.setdefault(node, (Meant(reading.tokens[end - 1].end, name, cited), fact))
        if len(found) > 1:
            return in_clause, None
    if len(found) != 1:
        return in_clause, None
    ((node, (meant, fact)),) = found.items()
    return in_clause, meant if form.sort is None or _may_be(graph, book, node, fact, form.sort) else None


def _clause(reading: Reading) -> _Form | None:
    """ "The company that owns A", "the ward that A heads", "the town where A was born", "the land whose king is A"."""
    tokens, text = reading.tokens, reading.text
    at = next((n for n, token in enumerate(tokens[: _LONGEST_NOUN + 2]) if token.norm in _RELATIVE), 0)
    if at < 2 or tokens[0].norm != "the" or tokens[at - 1].norm in FUNCTION_WORDS - _AFTER_A_VERB:
        return None
    if any(m.first < at and _proper(reading, m) for m in reading.mentions):
        return None  # "the Ajax that" is named
    lead = tokens[at - 1].norm if tokens[at - 1].norm in _AFTER_A_VERB else ""  # "the club for which A plays"
    sort = tokens[at - 2 if lead else at - 1].norm
    inner = next((m for m in reading.mentions if m.first > at and _proper(reading, m)), None)
    if inner is None or sort in FUNCTION_WORDS:
        return None
    relative, begin = tokens[at].norm, tokens[at].end
    if relative == "whose":
        return _Form(inner, sort, False, lambda end, name: iter([f"{name}'s{text[begin : inner.end]}."]))
    direct = all(token.norm in ("the", "dr", "mr", "mrs", "ms") for token in tokens[at + 1 : inner.first])
    if not direct:
        if relative == "where" or lead:
            return None
        return _Form(inner, sort, False, lambda end, name: iter([f"{name}{text[begin : inner.end]}."]))
    places = ("in", "at") if relative == "where" else (lead,)

    def sentences(end: int, name: str) -> Iterator[str]:
        for place in places:
            yield f"{text[begin : tokens[end - 1].end].strip()} {place} {name}.".replace("  ", " ")

    return _Form(inner, sort, True, sentences)


def _participle(reading: Reading) -> _Form | None:
    """ "The company founded by A", "the film based on A"."""
    tokens, text = reading.tokens, reading.text
    at = next((n for n, token in enumerate(tokens[: _LONGEST_NOUN + 2]) if token.norm in ("by", "in", "on", "at")), 0)
    inner = next((m for m in reading.mentions if m.first > at and _proper(reading, m)), None)
    if (
        at < 3
        or tokens[0].norm != "the"
        or inner is None
        or any(m.first < at for m in reading.mentions if m is not inner and _proper(reading, m))
    ):
        return None
    if tokens[at].norm != "by" and tokens[at - 1].norm not in _PLACED:
        return None
    if any(token.norm in FUNCTION_WORDS for token in tokens[1:at]) or any(
        t.norm != "the" for t in tokens[at + 1 : inner.first]
    ):
        return None
    begin = tokens[at - 1].start
    return _Form(inner, tokens[at - 2].norm, False, lambda end, name: iter([f"{name} is {text[begin : inner.end]}."]))


def _role(reading: Reading) -> _Form | None:
    """ "The director of A"."""
    tokens, text = reading.tokens, reading.text
    if tokens[0].norm != "the":
        return None
    at = next((n for n, token in enumerate(tokens[: _LONGEST_NOUN + 2]) if token.norm in FUNCTION_WORDS and n), 0)
    if at < 2 or tokens[at].norm != "of":
        return None
    inner = next((m for m in reading.mentions if m.first > at), None)
    if inner is None or not _proper(reading, inner) or any(t.norm != "the" for t in tokens[at + 1 : inner.first]):
        return None
    role = f"{text[0].lower()}{text[1 : inner.end]}"
    return _Form(inner, None, False, lambda end, name: iter([f"{text[: inner.end]} is {name}.", f"{name} is {role}."]))


def _owned(reading: Reading) -> _Form | None:
    """ "A's capital"."""
    inner = reading.mentions[0] if reading.mentions else None
    if inner is None or any(token.norm != "the" for token in reading.tokens[: inner.first]):
        return None
    if not _proper(reading, inner) or reading.text[inner.end : inner.end + 2].replace("’", "'") not in ("'s", "' "):
        return None

    def sentences(end: int, name: str) -> Iterator[str]:
        yield f"{reading.text[: reading.tokens[end - 1].end]} is {name}."

    return _Form(inner, None, True, sentences)


def _proper(reading: Reading, mention: Mention) -> bool:
    return mention.kind == "name" and bool(mention.nodes) and not reading.words(mention).islower()


def _relations(graph: GraphStore, inner: Mention) -> Iterator[tuple[Sequence[str], Fact]]:
    """Each relation of a thing in either direction, with one fact of it and what it leads to, two things at most."""
    (node,) = inner.nodes
    leading: dict[str, list[Fact]] = {}
    for fact in graph.facts_about(node)[:MOST_FACTS]:
        if isinstance(fact.object, str):
            leading.setdefault(fact.relation, []).append(fact)
    for facts in leading.values():
        yield [str(fact.object) for fact in facts[:_MOST_ENDS]], facts[0]
    for role in sorted(graph.roles(node)):
        subjects = graph.subjects(role, node, _MOST_ENDS)
        if subjects:
            yield subjects, Fact(subjects[0], role, node)


def _end(reading: Reading, book: RelationBook, form: _Form, fact: Fact) -> int | None:
    """The token after a description in which the claim says the relation of this fact; None where no word says it."""
    words = _words(book, fact)
    if not form.verbs:
        before = {reading.stems[at] for at in range(form.inner.first)}
        return None if words.isdisjoint(before) else form.inner.last
    at, tokens = form.inner.last, reading.tokens
    while at < len(tokens) and tokens[at].norm in _AUXILIARY:
        at += 1
    begin = at
    while at < len(tokens) and reading.stems[at] in words and tokens[at].norm not in FUNCTION_WORDS:
        at += 1
    if at == begin:
        return None
    return at + 1 if form.sort and at < len(tokens) and tokens[at].norm in _AFTER_A_VERB else at


def _words(book: RelationBook, fact: Fact) -> set[str]:
    relation = book.get(fact.relation)
    words = {*relation.stems, *name_stems(fact.relation)}
    for known in (relation, book.inverse(relation)):
        words.update(word for phrase in (known.phrases if known else ()) for word in phrase.stems)
    return words


def _says_something(reading: Reading, end: int) -> bool:
    """Whether a verb follows a description, and more than the name of what it means."""
    tokens, text = reading.tokens, reading.text
    if end + 1 >= len(tokens) or text[tokens[end - 1].end : tokens[end].start].strip():
        return False
    if tokens[end].norm in _GOING_ON or any(m.first == end and _proper(reading, m) for m in reading.mentions):
        return False
    return tokens[end].norm not in COPULAS or not _names_one(reading, end + 1)


def _names_one(reading: Reading, at: int) -> bool:
    """Whether a name follows a copula, perhaps with a title before it: "is Ann", "was the painter Ann"."""
    if any(token.norm in _NAMING for token in reading.tokens[at:]):
        return True
    while at < len(reading.tokens) and reading.tokens[at].norm in ("a", "an", "the", "also", "now", "currently"):
        at += 1
    row = [m for m in reading.mentions if m.first >= at]
    if len(row) > 1 and row[0].first == at and reading.words(row[0]).islower() and row[1].first == row[0].last:
        at, row = row[1].first, row[1:]
    # A name that the graph does not have is one too; "is French" names nobody.
    named = bool(row) and row[0].first == at and row[0].kind == "name" and not reading.words(row[0]).islower()
    return named and row[0].grade != Grade.ADJECTIVE


def _named_at_the_end(reading: Reading) -> bool:
    """Whether a claim only says what the thing is called: "the company that owns A is B"."""
    last = reading.mentions[-1] if reading.mentions else None
    if last is None or last.last < len(reading.tokens) or last.kind != "name":
        return False
    at = last.first - 1
    while at > 0 and reading.tokens[at].norm in ("the", "called", "named"):
        at -= 1
    return reading.tokens[at].norm in COPULAS


def _may_be(graph: GraphStore, book: RelationBook, node: str, fact: Fact, sort: str) -> bool:
    """Whether a thing may be called what the claim calls it: by the graph, or because hardly anything is said so."""
    word = stem(sort)
    called = {each for kind in graph.types(node) for each in name_stems(kind)}
    if word in called or word in _words(book, fact):
        return True
    if word in SORTS and called & SORTS:
        return False  # a town is no country
    if word in _WIDE:
        return False
    if word in SORTS or word in THINGS or word in _ANYBODY:
        return True
    called.update(each for role in graph.roles(node) for each in name_stems(role))
    for known in graph.facts_about(node)[:MOST_FACTS]:
        called.update(stem(token.norm) for token in tokenize(graph.label(known.object)))
        called.update(name_stems(known.relation))  # who plays is a player
    return word in called
