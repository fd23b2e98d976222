"""Two passages read one after the other."""

from groundwire.model import Evidence, Line


def read_together(one: Evidence, two: Evidence) -> str:
    """The premise of both: what they share in their document, overlap and headings, is said once."""
    if not one.lines and not two.lines:
        return f"{one.text.rstrip()} {two.text[_overlap(one, two) :].lstrip()}"
    return " ".join([one.premise.rstrip(), *_new(one, two)])


def _new(one: Evidence, two: Evidence) -> list[str]:
    """The lines of `two` that `one` has not said, by their places in the document."""
    if one.source != two.source or one.span is None or two.span is None:
        return [two.premise.lstrip()]
    said = {(line.start, line.end) for line in one.lines}
    new: list[str] = []
    for start, end, text in two.lines or (Line(*two.span, two.text),):
        if (start, end) in said or (one.span.start <= start and end <= one.span.end):
            continue
        shared = one.span.end - start if one.span.start <= start < one.span.end else 0
        if shared and len(text) == end - start:  # the document's own words, of which the first ones were said
            text = text[shared:].lstrip()
        new.append(text)
    return new


def _overlap(one: Evidence, two: Evidence) -> int:
    """Characters at the start of `two` that `one` ends with, by their spans."""
    if one.source != two.source or one.span is None or two.span is None:
        return 0
    shared = max(0, one.span.end - two.span.start)
    return shared if one.text.endswith(two.text[:shared]) else 0
