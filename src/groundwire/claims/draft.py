"""A claim before it has its number: what the parts of this room hand on, without a check of each field."""

from typing import NamedTuple

from groundwire.claims.marked import Marked
from groundwire.model import Claim, Kind, Piece, Reason, Span, Triple


class Draft(NamedTuple):
    """What a `Claim` says, but for its `id`."""

    text: str
    span: Span
    kind: Kind
    pieces: tuple[Piece, ...]
    triples: tuple[Triple, ...] = ()
    pointer: str | None = None
    skipped: Reason | None = None

    def claim(self, number: int) -> Claim:
        return Claim(
            id=f"c{number}",
            text=self.text,
            span=self.span,
            kind=self.kind,
            triples=self.triples,
            pointer=self.pointer,
            pieces=self.pieces,
            skipped=self.skipped,
        )


def draft(words: Marked, kind: Kind, *, span: Span | None = None, skipped: Reason | None = None) -> Draft:
    """Of words that state one thing; `span` where it is not the words' own."""
    return Draft(words.text, words.span if span is None else span, kind, words.pieces, skipped=skipped)
