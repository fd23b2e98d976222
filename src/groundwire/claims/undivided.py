"""A sentence kept whole: one claim, pronouns resolved, that states what each of its clauses states."""

from collections.abc import Iterator

from groundwire.claims.kinds import kind_of, stated_kind
from groundwire.claims.reading import Reading, unresolved
from groundwire.claims.render import render
from groundwire.claims.split import Clause, split
from groundwire.claims.triples import Stated, triples
from groundwire.model import Claim


def undivided(reading: Reading) -> Iterator[Claim]:
    """The sentence as its one claim; none where nothing is said. To be checked as soon as one clause of it is."""
    tree = reading.tree
    tokens = range(len(tree.tags))
    sentence = Clause(tree.roots[0], list(tokens), [], set(tokens))
    wording = reading.wording(sentence)
    rendered = render(tree, reading.words, sentence, wording.names)
    text = rendered.words.text
    if not any(char.isalnum() for char in text):
        return
    clauses = split(tree)
    kinds = [kind_of(tree, clause, text) for clause in clauses]
    stating = [clause for clause, (_, skipped) in zip(clauses, kinds, strict=True) if skipped is None]
    kind, skipped = (stated_kind(tree, sentence, text), None) if stating else kinds[0]
    stated = Stated(text, rendered.at, rendered.words.pieces)
    found = [triple for clause in stating for triple in triples(tree, clause, stated)]
    yield Claim(
        id="c",
        text=text,
        span=rendered.span,
        kind=kind,
        triples=tuple(dict.fromkeys(found)),
        pieces=rendered.words.pieces,
        skipped=skipped,
        unresolved=unresolved(rendered, wording) if skipped is None else (),
    )
