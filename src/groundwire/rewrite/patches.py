"""Patches on a text: which of them exclude each other, how they are applied, where a place goes when they are."""

from collections.abc import Iterable, Sequence

from groundwire.model import Patch, PatchKind, Span
from groundwire.rewrite.cut import breaks_behind


def apply(text: str, patches: Iterable[Patch], *, offset: int = 0) -> str:
    """The text with every accepted patch applied. `text` is the answer from `offset` on, spans index the answer.

    Of patches that overlap the first in the answer counts, then the longer, then the first given. Insertions at one
    place all count, in the order given, before an edit that starts there. Patches that do not lie wholly in the text
    are left out. Raises: ValueError when a patch does not fit the text: an edit in the wrong place must never go out.
    """
    pieces = []
    done = 0
    for patch in chosen(patches):
        start, end = patch.span.start - offset, patch.span.end - offset
        if start < 0 or end > len(text):
            continue
        if text[start:end] != patch.old:
            raise ValueError(f"the patch of claim {patch.claim} does not fit the answer at {patch.span.start}")
        pieces += [text[done:start], patch.new]
        done = end
    return "".join([*pieces, text[done:]])


def chosen(patches: Iterable[Patch]) -> list[Patch]:
    """The accepted patches that can be applied together, in the order of the answer."""
    kept: list[Patch] = []
    for patch in sorted((p for p in patches if p.accepted), key=_place):
        if not kept or not clashes(kept[-1], patch):
            kept.append(patch)
    return kept


def _place(patch: Patch) -> tuple[int, bool, int]:
    start, end = patch.span
    return start, end > start, -end


def clashes(one: Patch, other: Patch) -> bool:
    """Whether only one of the two can be applied."""
    if one.span == other.span:
        return one.span.start < one.span.end
    return one.span.overlaps(other.span)


def beside(patch: Patch, rival: Patch, answer: str) -> Patch | None:
    """`patch` without the white space that `rival` takes already; None when they share more than that.

    Two sentences that both go each take the space between them. Where the first stood at the start of a line, the
    second takes the space behind it instead.
    """
    start, end = patch.span
    shared = Span(max(start, rival.span.start), min(end, rival.span.end))
    both_cut = patch.kind is rival.kind is PatchKind.DELETE and not patch.new and not rival.new
    if not both_cut or shared.of(answer).strip() or shared == patch.span:
        return None
    if shared.start == start:
        start = shared.end
        if rival.old[-1:] == "\n":
            return _on(patch, Span(start, breaks_behind(answer, end)), answer)
        behind = rival.old[-1:].isspace() and not rival.old[:1].isspace()
        while behind and end < len(answer) and answer[end] in " \t":
            end += 1
    else:
        end = shared.start
    return _on(patch, Span(start, end), answer)


def _on(patch: Patch, span: Span, answer: str) -> Patch:
    return patch.model_copy(update={"span": span, "old": span.of(answer)})


def moved(span: Span, patches: Sequence[Patch]) -> Span:
    """Where a span of the answer lies once `patches` (those of `chosen`) are applied. What was deleted has no width."""
    return Span(_moved(span.start, patches, end=False), _moved(span.end, patches, end=True))


def _moved(place: int, patches: Sequence[Patch], *, end: bool) -> int:
    shift = 0
    for patch in patches:
        start, stop = patch.span
        if place < start or (place == start and (start < stop or not end)):
            break
        if place < stop:  # inside: a start moves to the start of the new words, an end to their end
            return start + shift + (len(patch.new) if end else 0)
        shift += len(patch.new) - (stop - start)
    return place + shift
