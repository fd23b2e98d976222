"""Claims of what is no sentence: whole segments, table cells and JSON leaves, each with a statement made of it."""

import re

from groundwire.claims.json_leaves import Leaf
from groundwire.claims.kinds import stated_kind
from groundwire.claims.marked import Marked, joined, put_in
from groundwire.claims.segments import Segment
from groundwire.claims.truths import affirmed, truth
from groundwire.model import Claim, Kind, Reason, Span, Triple

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def passed_over(words: Marked, kind: Kind, reason: Reason = Reason.NOT_A_CLAIM) -> Claim:
    """A stretch of the answer that is not to be checked, and why."""
    return Claim(id="c", text=words.text, span=words.span, kind=kind, pieces=words.pieces, skipped=reason)


def whole(words: Marked) -> Claim:
    """A sentence as it stands."""
    kind = stated_kind(None, None, words.text)
    return Claim(id="c", text=words.text, span=words.span, kind=kind, pieces=words.pieces)


def of_cell(segment: Segment) -> Claim:
    """A table cell, with its row's first cell and its column's header: "The Capital of Australia is Sydney."."""
    cell, row, header = segment.words, segment.row, segment.header
    if row is None or not any(char.isalnum() for char in cell.text):
        return passed_over(cell, Kind.FACT)
    return _attribute(cell, header, row, "")


def of_leaf(segment: Segment) -> Claim:
    """A value of JSON, with the words of its path: "The capital of Australia is Sydney.".

    A null says that the answer has nothing to say, which no source backs or denies.
    """
    leaf = segment.leaf
    if leaf is None:
        return passed_over(segment.words, Kind.FACT)
    if leaf.word and leaf.value == "null":
        return passed_over(segment.words, Kind.FACT).model_copy(update={"pointer": leaf.pointer or None})
    keys = [_words(key) for key in leaf.keys if not key.isdigit()]
    value = truth(leaf.value)
    if value is not None and keys and keys[-1] and not leaf.keys[-1].isdigit():
        return _of_truth(segment, leaf, keys, value)
    name = put_in(keys[-1]) if keys else None
    owner = segment.row or (put_in(keys[-2]) if len(keys) > 1 else None)
    return _attribute(segment.words, name, owner, leaf.pointer)


def _of_truth(segment: Segment, leaf: Leaf, keys: list[str], value: bool) -> Claim:
    """True or false as a statement of whoever the object is about; none of its words are the answer's own.

    So nothing is put in the place of a truth value but another one.
    """
    if segment.row is not None:
        owner, plural = segment.row.text, False
    else:
        owner = f"The {keys[-2]}" if len(keys) > 1 and keys[-2] else ""
        plural = owner.endswith("s") and not owner.endswith("ss")
    text = affirmed(keys[-1], owner, plural, value)
    unresolved = ("It",) if text.startswith("It ") else ()
    return Claim(id="c", text=text, span=segment.words.span, pointer=leaf.pointer or None, unresolved=unresolved)


def of_label(value: Marked, name: str, owner: Marked) -> Claim:
    """What a label says of the one that its heading names: "The population of Rome is 2.8 million."."""
    return _attribute(value, put_in(name), owner, "")


def _words(key: str) -> str:
    return " ".join(_CAMEL.sub(" ", key).replace("_", " ").replace("-", " ").split())


def _attribute(value: Marked, name: Marked | None, owner: Marked | None, pointer: str) -> Claim:
    """As "The <name> of <owner> is <value>.", as far as name and owner are known."""
    parts: list[Marked] = []
    if name is not None and name.text:
        foreign = put_in(name.text)  # the header stands in another row: its words are not this claim's to change
        parts += [put_in("The "), foreign]
        if owner is not None:
            parts += [put_in(" of "), owner]
        parts.append(put_in(" are " if name.text.endswith("s") and not name.text.endswith("ss") else " is "))
    elif owner is not None:
        parts += [owner, put_in(": ")]
    words = joined([*parts, value, put_in("" if value.text[-1:] in ".!?" else ".")])
    kind = stated_kind(None, None, value.text)
    stated: tuple[Triple, ...] = ()
    if name is not None and owner is not None:
        stated = (_triple(name.text, owner, value),)
    claim = Claim(id="c", text=words.text, span=value.span, kind=kind, triples=stated, pieces=words.pieces)
    return claim.model_copy(update={"pointer": pointer or None})


def _triple(relation: str, owner: Marked, value: Marked) -> Triple:
    return Triple(
        subject=owner.text,
        relation=relation,
        object=value.text,
        subject_span=_span(owner),
        object_span=_span(value),
    )


def _span(words: Marked) -> Span | None:
    span = words.span
    return span if span.end - span.start == len(words.text) > 0 else None
