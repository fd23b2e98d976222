"""One segment of prose, parsed, with what came before in mind → its claims, and what the next one may look back to."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from groundwire.claims.atoms import alone, atoms
from groundwire.claims.completion import attribute, dated, label, of_whom
from groundwire.claims.discourse import LABEL, Discourse
from groundwire.claims.gaps import gapped
from groundwire.claims.kinds import answering, cites, greets, is_quotation, kind_of, lead_in
from groundwire.claims.leads import LONGEST, SOURCES, Lead, Opening, completed, fills, opening
from groundwire.claims.lexicon import CONDITIONAL, SECTIONS
from groundwire.claims.lifetimes import lifetime, without_lifetime
from groundwire.claims.marked import Marked, joined, put_in
from groundwire.claims.mending import mend
from groundwire.claims.mentions import Mention
from groundwire.claims.parse import Tree
from groundwire.claims.pronouns import Names
from groundwire.claims.questions import answered, frame, is_reason
from groundwire.claims.reading import Reading, unresolved
from groundwire.claims.render import render
from groundwire.claims.segments import Segment, Sort
from groundwire.claims.split import Clause, split
from groundwire.claims.states import of_label, passed_over, whole
from groundwire.claims.triples import Stated, triples
from groundwire.claims.undivided import undivided
from groundwire.model import Claim, Kind, Span

Granularity = Literal["sentence", "clause", "atomic"]
"""How finely sentences are divided: not at all, into clauses that each state one thing, or further."""

Parse = Callable[[str], Tree]

# Whatever an unknown label may name: "it" and "they" do not look past it.
_LABELLED = tuple(
    Mention("", f"label {number}", subject=True, acts=True, plural=plural, person=False)
    for number, plural in enumerate((False, True))
)


_NUMBERED = re.compile(
    r"(?:day|week|month|year|step|part|phase|stage|option|chapter|section|lesson|round) \d{1,3}\b", re.I
)
_TAG = re.compile(
    r", (?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)(?:n['’]t| not)? "
    r"(?:it|he|she|they|we|there)\?\Z",
    re.I,
)
"""What makes a question of a statement: "Rome is old, isn't it?"."""


def spoken(segment: Segment) -> Marked:
    """A sentence without the interjection or the label it opens with."""
    words = segment.words
    if tag := _TAG.search(words.text):
        words = words.cut(0, tag.start())
    return words.cut(max(_label(segment)[1], lead_in(words.text)), len(words.text))


def _label(segment: Segment) -> tuple[str, int]:
    """The label of a line such as "Rome: It is old.", where a sentence follows it."""
    named = segment.sort is not Sort.HEADING and not answering(segment.words.text)
    name, rest = label(segment.words.text) if named else ("", 0)
    return (name, rest) if name and segment.words.text[-1:] in ".!?" and segment.words.text[rest].isupper() else ("", 0)


class Statements:
    """Reads segments one by one. `parse` and `names` give the parse and the named entities of a text."""

    def __init__(self, parse: Parse, names: Names, granularity: Granularity) -> None:
        self._parse, self._names, self._granularity = parse, names, granularity

    def said(self, segment: Segment) -> Marked:
        """The sentence as it is to be parsed: brackets that are claims of their own are taken out of it."""
        return spoken(segment) if self._granularity == "sentence" else without_lifetime(spoken(segment))

    def read(self, segment: Segment, tree: Tree, discourse: Discourse) -> tuple[list[Claim], Discourse]:
        """The claims of a segment whose `said` words were parsed as `tree`, in the order of the answer."""
        before = discourse.at(segment.level if segment.sort is Sort.ITEM else None, segment.block)
        before = self._labelled(segment, before._replace(frame=None))
        reading = Reading(tree, self.said(segment), before, self._names)
        if segment.sort is Sort.HEADING and not is_statement(tree):
            below = reading.under(segment.level) if segment.level else discourse  # a table's head names no topic
            if segment.level and (begun := opening(tree, heads=True)) is not None and begun.takes != "noun":
                below = below._replace(leads=(_lead(begun, segment, reading),))
            if cites(segment.words.text):
                below = below._replace(leads=(SOURCES,))
            return [passed_over(segment.words, Kind.FACT)], below._replace(frame=frame(tree) or discourse.frame)
        if before.speaker and is_quotation(segment.words.text):
            claim = whole(joined([put_in(f"{before.speaker} said: "), segment.words]))
            return [claim.model_copy(update={"kind": Kind.QUOTE})], before
        if tree.text.rstrip("\"'”)* ").endswith("?"):
            return [passed_over(segment.words, Kind.QUESTION)], reading.after()._replace(frame=frame(tree))
        after = reading.after()._replace(speaker=reading.speaker())
        begun = opening(tree) if tree.text.endswith(":") else None
        if begun is not None:
            after = after._replace(leads=(*after.leads, _lead(begun, segment, reading)))
        if greets(segment.words.text):
            return [passed_over(segment.words, Kind.OPINION)], after._replace(frame=discourse.frame)
        if self._is_source(segment, tree, before):
            heads = segment.sort is not Sort.ITEM
            return [passed_over(segment.words, Kind.FACT)], after._replace(leads=(SOURCES,)) if heads else after
        if (made := self._completed(segment, reading, discourse, begun)) is not None:
            return made, after
        if begun is not None and not begun.stated:
            return [passed_over(segment.words, Kind.FACT)], after
        if _is_label(segment, tree, discourse):
            return [passed_over(segment.words, Kind.FACT)], discourse
        if not _has_verb(tree):
            return [_fragment(segment, answers=discourse.frame is not None)], after
        claims = self._stated(reading) or [whole(segment.words)]
        claims += self._lifetime(segment, before)
        claims = sorted(claims, key=lambda claim: claim.span)
        if lead_in(segment.words.text):  # "Note that" stands and falls with what is to be noted
            first = claims[0]
            claims[0] = first.model_copy(update={"span": Span(segment.words.span.start, first.span.end)})
        return claims, after

    def _is_source(self, segment: Segment, tree: Tree, before: Discourse) -> bool:
        """Whether a line names sources, or heads their list; one that says something of them is no such line."""
        if _has_verb(tree):
            return False
        listed = segment.sort is Sort.ITEM and before.leads[-1:] == (SOURCES,)
        return listed or (segment.sort is Sort.SENTENCE and cites(segment.words.text))

    def answer(self, words: Marked, own: Marked, before: Discourse) -> tuple[list[Claim], Discourse]:
        """A short answer, `own`, as the statement `words` that the question makes of it."""
        reading = Reading(self._parse(words.text), words, before, self._names)
        claims = list(self._claims(reading))
        claim = claims[0] if len(claims) == 1 else whole(words)
        return [claim.model_copy(update={"span": own.span})], reading.after()

    def _stated(self, reading: Reading) -> list[Claim]:
        """The claims of a sentence; of one that leaves a verb out, those of the two that it is short for."""
        parts = gapped(reading.tree, reading.words) if self._granularity != "sentence" else None
        if parts is None:
            return list(self._claims(reading))
        found: list[Claim] = []
        before = reading.before
        for part in parts:
            reading = Reading(self._parse(part.text), part, before, self._names)
            found += self._claims(reading)
            before = reading.after()
        return found

    def _lifetime(self, segment: Segment, before: Discourse) -> Iterator[Claim]:
        """What the bracket behind a name states, which `said` leaves out."""
        for stated, place in lifetime(spoken(segment)) if self._granularity != "sentence" else ():
            for claim in self._claims(Reading(self._parse(stated.text), stated, before, self._names)):
                yield claim.model_copy(update={"span": place})

    def _claims(self, reading: Reading) -> Iterator[Claim]:
        if self._granularity == "sentence":
            return undivided(reading)
        tree = mend(reading.tree)
        clauses: Iterable[Clause] = split(tree)
        if self._granularity == "atomic":
            clauses = (atom for clause in clauses for atom in atoms(tree, clause))
        return _claims(tree, reading, clauses)

    def _labelled(self, segment: Segment, before: Discourse) -> Discourse:
        """With a label as what its line is about, where it is a name; else as something that may be meant by "it"."""
        name = _label(segment)[0]
        if not name:
            return before
        named = Reading(self._parse(name), put_in(name), before, self._names).under(LABEL)
        if named.topics and named.topics[-1][0] == LABEL:
            return named
        return before._replace(sentences=(_LABELLED, *before.sentences))

    # -- what is no sentence ----------------------------------------------------------------------

    def _completed(
        self, segment: Segment, reading: Reading, discourse: Discourse, begun: Opening | None
    ) -> list[Claim] | None:
        """The claim of a fragment, completed by its list's lead, by the question, by its label or by its heading."""
        words, tree, before = segment.words, reading.tree, reading.before
        lead = before.leads[-1] if segment.sort is Sort.ITEM and before.leads else None
        opens = begun is not None and (not begun.ending or tree.tags[tree.roots[0]] == "IN")  # "in rare cases:"
        if lead and fills(lead, tree) and not opens:
            claim = whole(completed(lead, words, tree))
            return [claim.model_copy(update={"unresolved": lead.unresolved})]
        asked = discourse.frame
        answers = asked and (_is_short(tree) or (asked.asks == "why" and is_reason(tree)))
        if asked and answers:
            reply = spoken(segment)  # with the brackets that would be no claims of their own here
            parsed = tree if reply.text == tree.text else self._parse(reply.text)
            if full := answered(asked, reply, parsed, marked=answering(words.text) > 0):
                return self.answer(full, words, before)[0]
        if is_statement(tree):
            return None
        name, rest = label(words.text) if not answering(words.text) else ("", 0)
        owner = before.owner()
        if name:
            return self._of_label(words, name, rest, tree, discourse.at(0, 0).owner())
        if owner is not None and (said := of_whom(tree, reading.words, put_in(owner.name))) is not None:
            return self.answer(said, words, before)[0]
        return None

    def _of_label(self, words: Marked, name: str, rest: int, tree: Tree, owner: Mention | None) -> list[Claim] | None:
        """The claim of a line such as "Population: 2.8 million" or "Marie Curie: Born in Warsaw."."""
        value = words.cut(rest, len(words.text))
        stated = [t for t in range(len(tree.tags)) if tree.text == value.text or tree.starts[t] >= rest]
        if owner is not None and not any(tree.tags[t].startswith("VB") or tree.tags[t] == "MD" for t in stated):
            if named := attribute(name, value.text):
                return [of_label(value, named, put_in(owner.name))]
            if (said := dated(name, value, put_in(owner.name))) is not None:
                return self.answer(said, words, Discourse())[0]
        if tree.text == value.text:  # the label was cut off, and no sentence is left
            labels = [entity.label for entity in self._names(name)]
            if labels == ["PERSON"] and (said := of_whom(tree, value, words.cut(0, len(name)))) is not None:
                return self.answer(said, words, Discourse())[0]
            return [whole(words)]
        return None


def _is_label(segment: Segment, tree: Tree, discourse: Discourse) -> bool:
    """Whether a bold line heads what follows, and is no answer: "Troubleshooting", "Day 1 – Old Town"."""
    text = segment.words.text
    if not segment.bold or not segment.block or discourse.frame or discourse.leads or text[-1] in ".!?:":
        return False
    words = text.split()
    if _NUMBERED.match(text) or SECTIONS & {word.lower() for word in words}:
        return True
    common = all(word.islower() for word in words[1:]) and not any(tag in ("NNP", "CD") for tag in tree.tags[1:])
    return common and not is_statement(tree) and (len(words) > 1 or text.endswith("ing"))


def _fragment(segment: Segment, *, answers: bool) -> Claim:
    """Words without a verb. Where they answer a question that no statement was made of, they do not stand alone."""
    claim = whole(segment.words)
    alone = not answers or segment.sort is not Sort.SENTENCE or ":" in claim.text
    return claim if alone else claim.model_copy(update={"unresolved": (claim.text.rstrip(".!"),)})


def _lead(begun: Opening, segment: Segment, reading: Reading) -> Lead:
    """What the items below complete, where the segment opens a list."""
    tree = reading.tree
    clause = Clause(tree.roots[0], list(begun.tokens), [], set(begun.tokens))
    wording = reading.wording(clause)
    rendered = render(tree, reading.words, clause, wording.names)
    text = rendered.words.text.rstrip(".")
    left = unresolved(rendered, wording)
    level = segment.level if reading.before.item == segment.block else -1
    above = reading.before.leads
    if above and segment.sort is Sort.ITEM and not begun.stated and above[-1].takes == "noun":
        text = completed(above[-1], put_in(text), tree).text.rstrip(".") + (":" if begun.ending else "")
        left = (*above[-1].unresolved, *left)
    else:
        text += begun.ending
    return Lead(level, text, begun.takes, left) if len(text) <= LONGEST else Lead(level, "", "")


def is_statement(tree: Tree) -> bool:
    """Whether there is a finite verb with a subject."""
    return any(
        tree.tags[root].startswith("VB") and any(tree.deps[c] in ("nsubj", "nsubjpass") for c in tree.children[root])
        for root in tree.roots
    )


def _has_verb(tree: Tree) -> bool:
    return any(tag.startswith("VB") or tag == "MD" for tag in tree.tags)


def _is_short(tree: Tree) -> bool:
    """Whether there is no verb, or only in a condition: "20 euros, or nothing if you are a member"."""
    supposed = {
        inner
        for token, label in enumerate(tree.deps)
        if label == "advcl" and any(tree.lowers[c] in CONDITIONAL for c in tree.children[token])
        for inner in tree.subtree(token)
    }
    return not any((tag[:2] == "VB" or tag == "MD") and t not in supposed for t, tag in enumerate(tree.tags))


def _claims(tree: Tree, reading: Reading, clauses: Iterable[Clause]) -> Iterator[Claim]:
    for clause in clauses:
        wording = reading.wording(clause)
        rendered = render(tree, reading.words, clause, wording.names)
        text = rendered.words.text
        if not any(char.isalnum() for char in text):
            continue
        kind, skipped = kind_of(tree, clause, text)
        pieces = rendered.words.pieces
        checked = skipped is None
        yield Claim(
            id="c",
            text=text,
            span=rendered.span,
            kind=kind,
            triples=triples(alone(tree, clause), clause, Stated(text, rendered.at, pieces)) if checked else (),
            pieces=pieces,
            skipped=skipped,
            unresolved=unresolved(rendered, wording) if checked else (),
        )
