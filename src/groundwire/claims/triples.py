"""A clause → triples (subject, relation phrase, object) in its own words, for whoever compares facts."""

from collections.abc import Iterator
from typing import NamedTuple

from groundwire.claims.lexicon import BE, LINKING
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import subject_head
from groundwire.claims.split import Clause
from groundwire.model import Piece, Span, Triple, located

_AROUND = ' ,;:"“”'
_HELPERS = ("aux", "auxpass", "neg", "prt")


class Stated(NamedTuple):
    """The clause as it was written out: the claim's text, where each token stands in it, and where it comes from."""

    text: str
    at: dict[int, tuple[int, int]]
    pieces: tuple[Piece, ...]


def triples(tree: Tree, clause: Clause, stated: Stated) -> tuple[Triple, ...]:
    """Triples of the clause; spans point to the answer where the words are the answer's own."""
    found: dict[tuple[str, str, str, Span | None, Span | None], None] = {}
    for subject, relation, thing in _triples(tree, clause, stated):
        if subject and relation and thing and subject[1] <= len(stated.text):
            spans = _located(stated, *subject), _located(stated, *thing)
            found[stated.text[slice(*subject)], relation, stated.text[slice(*thing)], *spans] = None
    return tuple(
        [Triple(subject=s, relation=r, object=o, subject_span=one, object_span=other) for s, r, o, one, other in found]
    )


def _located(stated: Stated, start: int, end: int) -> Span | None:
    """The words' span; a capital letter put in at the start does not unsettle where the words are."""
    if (span := located(stated.pieces, start, end)) is not None:
        return span
    if start > 0 or end < 2 or not stated.text[0].isalpha():
        return None
    if (span := located(stated.pieces, 1, end)) is not None and span.start > 0:
        return Span(span.start - 1, span.end)
    return None


Place = tuple[int, int]


def _triples(tree: Tree, clause: Clause, stated: Stated) -> Iterator[tuple[Place | None, str, Place | None]]:
    subject_tokens = [part for part in clause.subject if isinstance(part, int)]
    if not subject_tokens:
        return
    subject = _place(stated, subject_tokens)
    tokens = clause.tokens
    verb = _verb(tree, clause, tokens)
    if verb is None:
        # "Paris is the capital": a copula was put in, and the head is the predicate.
        thing = [t for t in _inside(tree, clause.head, tokens) if t not in subject_tokens]
        relation = next((p for p in clause.parts if isinstance(p, str) and p in BE), "is")
        if tree.tags[clause.head] in ("VBN", "VBD"):
            done = f"{relation} {tree.lowers[clause.head]}"
            yield from _prepositional(tree, clause.head, done, subject, tokens, stated)
            return
        copulas = [p for p in clause.parts if isinstance(p, int) and tree.lowers[p] in BE and p not in subject_tokens]
        relation = tree.words[copulas[0]] if copulas and copulas[0] != clause.head else relation
        yield from _predicate(tree, clause.head, relation, subject, thing, tokens, stated)
        return
    group = _group(tree, verb, tokens, clause)
    for child in tree.children[verb]:
        if child not in tokens:
            continue
        label = tree.deps[child]
        if label in ("attr", "acomp", "oprd"):
            yield from _predicate(tree, child, group, subject, _inside(tree, child, tokens), tokens, stated)
            yield from _of_subject(tree, subject_head(tree, subject_tokens), child, tokens, stated)
        elif label in ("dobj", "dative"):
            for each in _each(tree, child, tokens):
                yield subject, group, _place(stated, each)
            yield from _prepositional(tree, child, f"{group} {tree.words[child]}", subject, tokens, stated)
    direct = tree.child(verb, "dobj")
    if direct is not None and direct in tokens:
        relation = f"{group} {_text(stated, _noun(tree, direct, tokens))}"
        yield from _prepositional(tree, verb, relation, subject, tokens, stated)
    else:
        yield from _prepositional(tree, verb, group, subject, tokens, stated)


def _predicate(
    tree: Tree, head: int, copula: str, subject: Place | None, thing: list[int], tokens: set[int], stated: Stated
) -> Iterator[tuple[Place | None, str, Place | None]]:
    """Canberra is the capital of Australia: once whole, and once with "is the capital of" as the relation."""
    yield subject, copula, _place(stated, thing)
    core = [t for t in thing if t <= head]
    if core and core == list(range(core[0], head + 1)):
        yield from _prepositional(tree, head, f"{copula} {_text(stated, core)}", subject, tokens, stated)


def _of_subject(
    tree: Tree, noun: int, thing: int, tokens: set[int], stated: Stated
) -> Iterator[tuple[Place | None, str, Place | None]]:
    """The capital of Australia is Sydney; Australia's capital is Sydney: what is said of Australia."""
    value = _place(stated, _inside(tree, thing, tokens))
    for child in tree.children[noun]:
        if tree.deps[child] == "poss" and tree.tags[child] not in ("PRP$", "WP$"):
            owner = [t for t in _inside(tree, child, tokens) if tree.deps[t] != "case"]
            middle = [t for t in _inside(tree, noun, tokens) if child < t <= noun and t not in tree.subtree(child)]
            yield _place(stated, owner), _text(stated, middle), value
        elif tree.deps[child] == "prep" and tree.lowers[child] == "of":
            owner_head = tree.child(child, "pobj")
            if owner_head is not None:
                middle = [t for t in _inside(tree, noun, tokens) if t <= noun and tree.deps[t] != "det"]
                yield _place(stated, _inside(tree, owner_head, tokens)), f"{_text(stated, middle)} of", value


def _prepositional(
    tree: Tree, head: int, relation: str, subject: Place | None, tokens: set[int], stated: Stated
) -> Iterator[tuple[Place | None, str, Place | None]]:
    for prep in tree.children[head]:
        if prep in tokens and tree.deps[prep] in ("prep", "agent", "dative"):
            thing = tree.child(prep, "pobj")
            if thing is not None and thing in tokens and tree.lowers[thing] not in LINKING:
                for each in _each(tree, thing, tokens):
                    yield subject, f"{relation} {tree.lowers[prep]}", _place(stated, each)
        elif prep in tokens and tree.deps[prep] == "npadvmod" and prep > head:
            yield subject, relation, _place(stated, _noun(tree, prep, tokens))


def _verb(tree: Tree, clause: Clause, tokens: set[int]) -> int | None:
    head = clause.head
    has_helper = any(isinstance(part, str) and part in BE for part in clause.parts)
    return head if tree.tags[head].startswith(("VB", "MD")) and not has_helper else None


def _group(tree: Tree, verb: int, tokens: set[int], clause: Clause) -> str:
    """The verb with its auxiliaries, negation and particle: "was not born", "carried out"."""
    own = [c for c in tree.children[verb] if tree.deps[c] in _HELPERS and c in tokens]
    borrowed = [
        part
        for part in clause.parts
        if isinstance(part, int)
        and tree.deps[part] in ("aux", "auxpass")
        and tree.heads[part] != verb
        and part not in clause.own
        and part not in clause.subject
    ]
    return " ".join(clause.written.get(t, tree.words[t]) for t in [*borrowed, *sorted([*own, verb])])


def _inside(tree: Tree, token: int, tokens: set[int]) -> list[int]:
    return [t for t in tree.subtree(token) if t in tokens]


def _noun(tree: Tree, token: int, tokens: set[int]) -> list[int]:
    """A noun phrase up to where another preposition than "of" begins to say something else."""
    off = {
        c
        for c in tree.children[token]
        if (tree.deps[c] == "prep" and tree.lowers[c] != "of") or tree.deps[c] in ("relcl", "acl")
    }
    return [t for t in tree.subtree(token, off) if t in tokens]


def _each(tree: Tree, token: int, tokens: set[int]) -> Iterator[list[int]]:
    """Coordinated objects one by one; alternatives together."""
    chain = [token]
    while (more := tree.child(chain[-1], "conj")) is not None and more in tokens:
        chain.append(more)
    joining = {tree.lowers[c] for t in chain for c in tree.children[t] if tree.deps[c] in ("cc", "preconj")}
    if len(chain) == 1 or joining - {"and", "&", "both"}:
        yield _noun(tree, token, tokens)
        # "the label Alligator Records" by its name too, "Madison, Wisconsin" by its first part too
        name = tree.child(token, "appos")
        if name is not None and name in tokens and tree.tags[name] in ("NNP", "NNPS"):
            set_off = tree.words[min(tree.subtree(name)) - 1] == ","
            yield [t for t in _noun(tree, token, tokens) if t <= token] if set_off else _noun(tree, name, tokens)
        return
    for at, thing in enumerate(chain):
        off = {c for c in tree.children[thing] if tree.deps[c] in ("cc", "conj", "preconj", "punct")}
        off |= set(chain[at + 1 :])
        own = set(tree.subtree(thing, off))
        yield [t for t in _noun(tree, thing, tokens) if t in own]


def _place(stated: Stated, tokens: list[int]) -> Place | None:
    places = [stated.at[t] for t in tokens if t in stated.at]
    if not places:
        return None
    start, end = min(places)[0], max(places)[1]  # no two of them overlap
    while end > start and (
        stated.text[end - 1] in _AROUND or (stated.text[end - 1] == "." and end == len(stated.text))
    ):
        end -= 1
    while start < end and stated.text[start] in _AROUND:
        start += 1
    return (start, end) if end > start else None


def _text(stated: Stated, tokens: list[int]) -> str:
    place = _place(stated, tokens)
    return stated.text[slice(*place)] if place else ""
