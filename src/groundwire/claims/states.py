"""Claims of what is no sentence: whole segments, table cells and JSON leaves, each with a statement made of it."""

from groundwire.claims.json_leaves import Index, Leaf
from groundwire.claims.json_paths import Path
from groundwire.claims.kinds import stated_kind
from groundwire.claims.marked import Marked, begun, joined, put_in
from groundwire.claims.segments import Segment
from groundwire.claims.truths import affirmed, truth
from groundwire.model import Claim, Kind, Reason, Span, Triple

_SOURCES = frozenset(("sources", "references", "citations", "sources_checked", "sources_used", "sources_cited"))


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
    path = segment.path or Path(None, "", "")
    asks = leaf.value.rstrip().endswith("?")
    if asks or not (path.attribute or path.verb) or _names_sources(leaf):
        kind = Kind.QUESTION if asks else Kind.FACT
        return passed_over(segment.words, kind).model_copy(update={"pointer": leaf.pointer or None})
    value = truth(leaf.value)
    if value is not None and path.key:
        return _of_truth(segment.words, path, leaf.pointer, value)
    return _of_path(segment.words, path, leaf.pointer)


def _names_sources(leaf: Leaf) -> bool:
    """Whether it says where the answer is from: a list of sources that stands by itself."""
    return len(leaf.keys) == 2 and leaf.keys[0].lower() in _SOURCES and isinstance(leaf.keys[1], Index)


def _of_truth(words: Marked, path: Path, pointer: str, value: bool) -> Claim:
    """True or false as a statement of whoever the object is about; none of its words are the answer's own.

    So nothing is put in the place of a truth value but another one.
    """
    plural = path.thing.startswith("The ") and path.thing.endswith("s") and not path.thing.endswith("ss")
    text = affirmed(path.key, path.thing, plural and " of " not in path.thing, value)
    unresolved = ("It",) if text.startswith("It ") else ()
    return Claim(id="c", text=text, span=words.span, pointer=pointer or None, unresolved=unresolved)


def _of_path(value: Marked, path: Path, pointer: str) -> Claim:
    """As "The <attribute> of <subject> is <value>." or "<subject> <verb> <value>."."""
    stands = not path.attribute and path.verb == ":"
    if path.subject is None or path.attribute:
        claim = _attribute(value, put_in(path.attribute), path.subject, pointer, path.verb, path.after)
    elif stands and path.subject.text in value.text:  # a sentence that says itself whom it is about
        claim = whole(value)
    else:
        first = path.thing[:1]
        capital = path.thing[1:] == path.subject.text[1:] and path.thing != path.subject.text
        subject = begun(path.subject, first) if capital else path.subject
        after = path.after + ("" if (value.text + path.after)[-1:] in ".!?" else ".")
        words = joined([subject, put_in(("" if stands else " ") + path.verb + " "), value, put_in(after)])
        triples = () if stands else (_triple(path.verb, path.subject, value),)
        kind = stated_kind(None, None, value.text)
        claim = Claim(id="c", text=words.text, span=value.span, kind=kind, triples=triples, pieces=words.pieces)
    return claim.model_copy(update={"pointer": pointer or None})


def of_label(value: Marked, name: str, owner: Marked) -> Claim:
    """What a label says of the one that its heading names: "The population of Rome is 2.8 million."."""
    return _attribute(value, put_in(name), owner, "")


def _attribute(
    value: Marked, name: Marked | None, owner: Marked | None, pointer: str, verb: str = "", after: str = ""
) -> Claim:
    """As "The <name> of <owner> is <value>.", as far as name and owner are known."""
    parts: list[Marked] = []
    if name is not None and name.text:
        foreign = put_in(name.text)  # the header stands in another row: its words are not this claim's to change
        parts += [put_in("The "), foreign]
        if owner is not None:
            parts += [put_in(" of "), owner]
        plural = name.text.endswith("s") and not name.text.endswith("ss")
        parts.append(put_in(f" {verb or ('are' if plural else 'is')} "))
    elif owner is not None:
        parts += [owner, put_in(": ")]
    stop = "" if (value.text + after)[-1:] in ".!?" else "."
    words = joined([*parts, value, put_in(after + stop)])
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
