"""What a claim says that the graph says otherwise: a relation of a known subject, with another object in its place."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from groundwire.graph.amounts import BARE_NUMBER, in_place, is_difference
from groundwire.graph.countries import one_in_other
from groundwire.graph.direction import identified
from groundwire.graph.links import MOST_NODES, STATED, Linker
from groundwire.graph.mentions import Mention, measured_against
from groundwire.graph.names import FUNCTION_WORDS, normal
from groundwire.graph.qualified import elsewhen
from groundwire.graph.relations import Relation
from groundwire.graph.store import Fact, Literal, Node
from groundwire.graph.truths import is_adjective, is_said, truth_of
from groundwire.graph.unheard import known_as, roles_of, unheard_of
from groundwire.graph.when import standing

# A relation is taken as functional from the data alone when this many subjects have hardly ever two objects.
_ENOUGH_SUBJECTS = 20
_HARDLY_EVER = 1.05
CLEARLY = 0.9
_BY_ITS_NAME = 0.85
_NOT_SURE = 0.5
_ANY_KIND = frozenset({"thing", "name"})
_KINDS = ("person", "place", "organisation", "work")
_RANGE = re.compile(r"\s*(?:-|–|—|to|until|till|and)\s*")
_SEASON = re.compile(r"\d{4}[-–—/]\d{4}")
_TIMES_PAST = "former formerly previous previously past then until ex once"
_PAST = frozenset(_TIMES_PAST.split())
_PLACED = frozenset({"in", "within", "of", "the"})
_OF_COUNTRIES = ("nationality", "country")


@dataclass(frozen=True)
class Clash:
    """`object` stands where the graph has one of `facts` for `subject`.

    `said`: how clearly the claim states the relation. `fits`: the graph has `object` in this role elsewhere, or it is
    of the type of the true ones. `alike`: it is at least of the kind that the relation asks for. `exclusive`: another
    object than the true one cannot be. `held`: a true object is also in the claim. `proper`: its words are a name or a
    value, no common noun. `unknown`: the graph does not have the name. `anchored`: other facts of the claim tie the
    subject. `truth`: the fact that the claim should state, the likeliest where there are several; `way`: the facts that
    lead to it.
    """

    subject: Mention
    object: Mention
    relation: Relation
    facts: tuple[Fact, ...]
    said: float
    fits: bool
    alike: bool
    exclusive: bool
    held: bool
    proper: bool
    unknown: bool
    anchored: bool
    truth: Fact | None
    way: tuple[Fact, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the graph contradicts the claim, and does not only lack what it says."""
        if self.held or self.said < STATED:
            return False
        if self.relation.closed_world and self.said >= CLEARLY and self.alike:
            return True
        if not self.exclusive:
            return False
        if not self.fits and (self.said < CLEARLY or self.relation.nested):
            return False
        return self.alike or (self.relation.functional and not self.relation.nested)

    @property
    def doubtful(self) -> bool:
        """Whether the claim says what the graph ought to have, and has not."""
        if self.unknown:
            return self.said >= CLEARLY and not self.relation.nested and self.relation.object not in ("name", "thing")
        if self.held and self.relation.functional and not self.relation.nested:
            return False
        if self.fits:
            return self.proper or (self.said >= STATED and self.relation.object in ("name", "thing"))
        return self.proper and self.said >= STATED

    @property
    def weight(self) -> float:
        """How likely this clash is what the claim gets wrong, against the other clashes of the same words."""
        ahead = 0 <= self.subject.start < self.object.start
        near = 0.0 if self.subject.elsewhere else 1 / (1 + abs(self.subject.group - self.object.group))
        stated = 2 * self.said + self.fits + 0.5 * self.exclusive - 1.5 * self.held
        return stated + 0.7 * self.anchored + 0.4 * ahead + 0.2 * near


def clashes(linker: Linker) -> list[Clash]:
    """The weightiest clash of each mention that no fact explains, the weightiest first."""
    explained = linker.explained()
    found = []
    for mention in linker.reading.mentions:
        if linker.apart(mention) or describes(linker, mention) or _in_range(linker, mention):
            continue
        candidates = [clash for subject in linker.named for clash in _between(linker, subject, mention)]
        if id(mention) not in explained:
            candidates += _recalled(linker, mention)
        if not candidates:
            lone = [subject for subject in linker.named if subject is not mention]
            candidates = [clash for subject in lone for clash in _unheard_of(linker, subject, mention)]
        if id(mention) in explained:
            # It is tied to what follows it only: still, what leads up to it may be wrong.
            candidates = [
                # A tied name is edited only where it cannot be right.
                clash if clash.certain else replace(clash, truth=None)
                for clash in candidates
                if _misplaced(linker, clash) or _beside(linker, clash)
            ]
        if candidates:
            found.append(_its_own(linker, max(candidates, key=lambda clash: clash.weight)))
    # What is said of a name that is wrong itself cannot be held against it.
    wrong = {id(clash.object) for clash in found if clash.certain or clash.doubtful}
    blamed = [clash for clash in found if id(clash.subject) not in wrong] or found
    return sorted(blamed, key=lambda clash: (-clash.weight, clash.object.start))


def _its_own(linker: Linker, clash: Clash) -> Clash:
    """The clash, without a truth where what it says is so of another name of the answer: it may be about that."""
    if clash.truth is not None and any(
        other is not clash.subject and other is not clash.object and _has(linker, other, clash)
        for other in (*linker.named, *linker.before)
    ):
        return replace(clash, truth=None)
    return clash


def _has(linker: Linker, other: Mention, clash: Clash) -> bool:
    if clash.object.nodes:
        known = (linker.book.get(fact.relation) for fact in linker.facts_between(other, clash.object))
        return any(clash.relation.id in (relation.id, relation.inverse) for relation in known)
    return any(
        linker.book.get(fact.relation).id == clash.relation.id and linker.agrees(clash.object, fact)
        for fact in linker.facts_of(other)
    )


def _misplaced(linker: Linker, clash: Clash) -> bool:
    clearly = clash.said >= (STATED if clash.relation.within else CLEARLY)
    stated = clearly and clash.fits and _free(linker, clash)
    before = clash.subject.group == clash.object.group - 1
    return stated and before and not linker.anchored(clash.object)


def _beside(linker: Linker, clash: Clash) -> bool:
    """Whether what ties the object is beside the point: Sydney is in Australia, but no claim of a capital says that."""
    clearly = clash.said >= (_BY_ITS_NAME if clash.proper else CLEARLY)
    if not clearly or not _free(linker, clash):
        return False
    named = clash.proper and identified(linker.reading, clash.facts[0].relation, clash.subject, clash.object)
    if not (clash.alike or clash.certain or named):
        return False
    return not any(link.said >= STATED for link in linker.links if clash.object in (link.subject, link.object))


def _free(linker: Linker, clash: Clash) -> bool:
    """Whether no true object takes the place of the wrong one: none, one beside it in its row, or one around it."""
    if not clash.held:
        return True
    held = [
        link.object
        for link in linker.links
        if link.subject is clash.subject and link.path[0] in clash.facts and len(link.path) == 1 and link.object
    ]
    if clash.relation.within:
        # In London, England: London may be there, unless the graph knows where it is.
        placed = any(linker.around(node) for node in clash.object.nodes[:MOST_NODES])
        return placed and all(object.start > clash.object.start for object in held)
    return not clash.relation.functional and all(object.group == clash.object.group for object in held)


def _between(linker: Linker, subject: Mention, object: Mention) -> Iterator[Clash]:
    if subject is object or not known_as(linker, subject) or is_adjective(linker, subject):
        return
    in_part = linker.reading.unsure(subject) or subject.surname
    groups: dict[str, list[Fact]] = {}
    for fact in linker.facts_of(subject):
        groups.setdefault(linker.book.get(fact.relation).id, []).append(fact)
    whole = linker.whole(subject)
    for name, facts in groups.items():
        # What a listing that was cut short lacks may be so. What there is one of only, it has.
        clash = _clash(linker, subject, object, facts) if whole or linker.book.get(name).functional else None
        if clash is not None and in_part:
            # Who is called by a part of the name may be somebody else: it is never ruled out.
            sure = subject.surname or (clash.said >= _BY_ITS_NAME and clash.fits)
            clash = replace(clash, exclusive=False, truth=None) if sure else None
        if clash is not None:
            yield clash


def _recalled(linker: Linker, object: Mention) -> list[Clash]:
    """What the answer named before the claim has another object in the relation that the claim states."""
    for distance in dict.fromkeys(other.distance for other in linker.before):
        near = [other for other in linker.before if other.distance == distance]
        found = [
            clash
            for subject in near
            for clash in _between(linker, subject, object)
            if clash.said >= STATED
            and clash.fits
            and linker.may_have(subject, clash.relation)
            and linker.may_lack(clash.facts[0].relation, object, subject)
            and not _farther_out(linker, subject, clash)
        ]
        if found:
            count = Counter(clash.relation.id for clash in found)
            lone = [clash for clash in found if count[clash.relation.id] == 1]
            return lone or [replace(found[0], truth=None, exclusive=False)]
    return []


def _farther_out(linker: Linker, subject: Mention, clash: Clash) -> bool:
    """Whether the claim is right of a place that holds the subject: who leads Sri Lanka leads "there"."""
    holding = [way[-1].object for node in subject.nodes[:MOST_NODES] for way in linker.around(node)]
    return any(
        linker.book.get(fact.relation).id == clash.relation.id
        for place in holding
        for node in clash.object.nodes[:MOST_NODES]
        for fact in linker.graph.facts_between(place, node)
    )


def _unheard_of(linker: Linker, subject: Mention, object: Mention) -> Iterator[Clash]:
    for found in unheard_of(linker, subject, object):
        yield Clash(
            subject=subject,
            object=object,
            relation=found.relation,
            facts=found.facts,
            said=found.said,
            fits=True,
            alike=True,
            exclusive=found.exclusive,
            held=False,
            proper=any(char.isupper() for char in linker.reading.words(object)),
            unknown=False,
            anchored=id(subject) in linker.explained(),
            truth=None,
        )


def _clash(linker: Linker, subject: Mention, object: Mention, facts: list[Fact]) -> Clash | None:
    relation = linker.book.get(facts[0].relation)
    verdicts = [linker.agrees(object, fact) for fact in facts]
    if any(verdicts) or (object.kind != "name" and False not in verdicts):
        return None
    if object.kind == "name" and all(_is_value(linker, fact.object) for fact in facts):
        return None
    if not _of_its_kind(linker, relation, object) or (relation.nested and _narrowed(linker, subject, object, facts)):
        return None
    if subject.elsewhere is None and _in_one_breath(linker, subject, object):
        return None
    if object.kind == "name" and measured_against(linker.reading, subject, object):
        return None
    said = max(linker.said(fact, subject, object, wider=relation.within) for fact in facts)
    if said < STATED and relation.within and _in_row(linker, subject, object):
        said = STATED
    if said and _taken(linker, subject, object, relation):
        said = min(said, _NOT_SURE)
    if is_adjective(linker, object) and (relation.id not in _OF_COUNTRIES or not said):
        return None
    if any(one_in_other(linker.reading.words(object), linker.graph.label(fact.object)) for fact in facts):
        return None
    in_role = object.kind != "name" or (not linker.reading.unsure(object) and fits(linker, object, facts))
    if not said and not (in_role and object.kind == "name"):
        return None
    words = linker.reading.words(object)
    held = standing(linker, subject, object, facts) if object.kind != "date" else None
    otherwise = held == [] or elsewhen(
        linker.reading, linker.words_of(facts[:1])
    )  # a former capital is another than the capital
    return Clash(
        subject=subject,
        object=object,
        relation=relation,
        facts=tuple(facts),
        said=said,
        fits=in_role,
        alike=in_role or any(role.object == relation.object in _KINDS for role in roles_of(linker, object)),
        exclusive=not otherwise
        and (relation.functional if held else _exclusive(linker, relation, facts))
        and _agreed(linker, subject, facts),
        held=any(is_said(linker, subject, fact) for fact in facts),
        proper=any(char.isupper() or char.isdigit() for char in words),
        unknown=object.kind == "name" and linker.reading.unsure(object),
        anchored=id(subject) in linker.explained(),
        truth=None if otherwise else _in_its_unit(linker, object, truth_of(linker, subject, object, held or facts)),
    )


def _in_its_unit(linker: Linker, object: Mention, truth: Fact | None) -> Fact | None:
    """A fact, unless its number would be wrong with the claim's unit."""
    if truth is None or object.kind != "number":
        return truth
    unit, _ = linker.book.get(truth.relation).unit_of(getattr(truth.object, "datatype", None))
    known = f"{linker.graph.label(truth.object)} {unit or ''}".strip()
    return None if in_place(linker.compare, linker.reading, object, known) is False else truth


def _in_row(linker: Linker, subject: Mention, object: Mention) -> bool:
    """Whether a place stands in one row with another that the claim gives the subject: "is in Dallas, Texas"."""
    return any(
        link.subject is subject
        and link.object is not None
        and link.object is not object
        and link.said >= STATED
        and linker.book.get(link.path[0].relation).nested
        and object.group in linker.row_of(link.object)
        for link in linker.links
    )


def _taken(linker: Linker, subject: Mention, object: Mention, relation: Relation) -> bool:
    """Whether the words that would state it state another fact: "plays in League One in Peru", "in Peru's League One".

    Only where that is no place: a place may stand within the next.
    """
    reading = linker.reading
    if object.kind != "name" or subject.elsewhere is not None or object.elsewhere is not None:
        return False
    owned = reading.text[object.end : object.end + 2].replace("’", "'") in ("'s", "' ")
    for link in linker.links:
        known = linker.book.get(link.path[0].relation)
        if link.subject is not subject or not link.stated or not link.object or known.nested or known.id == relation.id:
            continue
        if owned and link.object.first == object.last:
            return True
        if link.object.group == object.group - 1:
            own, (first, last) = linker.words_of(link.path), reading.between[object.group]
            places = range(first, last)
            if all(reading.tokens[at].norm in FUNCTION_WORDS or reading.stems[at] in own for at in places):
                return True
    return False


def _of_its_kind(linker: Linker, relation: Relation, object: Mention) -> bool:
    """Whether what is named can be an object of the relation: a person is no team. True where nothing is known."""
    if relation.object in _ANY_KIND:
        return True
    roles = list(roles_of(linker, object))
    if roles and linker.reading.words(object).islower() and all(role.id != relation.id for role in roles):
        return False  # a colour is no stadium
    kinds = {role.object for role in roles} - {"thing"}
    return not kinds or relation.object in kinds


def describes(linker: Linker, mention: Mention) -> bool:
    """Whether a common noun only says what the name behind it is: "the musician Tom Waits"."""
    words = linker.reading.words(mention)
    # The first word of a sentence has its capital for that. A country's adjective claims something.
    common = words[:1].islower() or (mention.start == 0 and words[1:].islower() and not is_adjective(linker, mention))
    if mention.kind != "name" or not common:
        return False
    return any(
        other.first == mention.last and other.nodes and linker.reading.text[mention.end : other.start].isspace()
        for other in linker.reading.mentions
    )


def _in_range(linker: Linker, mention: Mention) -> bool:
    """Whether a date opens a range, or is the next year of a season: "from 1961 to 1964", "the season 2014-2015"."""
    if mention.kind != "date":
        return is_difference(linker.reading, mention)
    text, explained = linker.reading.text, linker.explained()
    for other in linker.reading.mentions:
        if other.kind == "date" and other.start >= mention.end and _RANGE.fullmatch(text[mention.end : other.start]):
            return True
        if id(other) in explained and _SEASON.fullmatch(text[other.start : mention.end]) and other.end < mention.start:
            return int(text[other.start : other.end]) + 1 == int(text[mention.start : mention.end])
    return False


def _in_one_breath(linker: Linker, subject: Mention, object: Mention) -> bool:
    """Whether two mentions are only named together: "Manhattan and Brooklyn"."""
    if subject.group != object.group:
        return False
    first, second = sorted((subject, object), key=lambda mention: mention.start)
    return any(token.norm in ("and", "or") for token in linker.reading.tokens[first.last : second.first])


def _narrowed(linker: Linker, subject: Mention, object: Mention, facts: list[Fact]) -> bool:
    """Whether a place only says where the true one is: "Dallas, Texas", in a graph that knows Dallas."""
    if subject.elsewhere is not None:
        return False
    rows = [object.group]
    if set(linker.reading.gap_words(object.group)) <= _PLACED:
        rows.append(object.group - 1)
    return any(
        link.object is not None and link.object.group in rows and link.object.start < object.start
        for link in linker.links
        if link.subject is subject and link.path[0] in facts
    )


def _is_value(linker: Linker, node: Node) -> bool:
    if not isinstance(node, Literal):
        return False
    return BARE_NUMBER.fullmatch(node.text) is not None or (node.text[:1].isdigit() and " " not in normal(node.text))


def fits(linker: Linker, object: Mention, facts: list[Fact]) -> bool:
    """Whether the graph has what the claim names in the same role elsewhere, or among the true objects' types."""
    relation = linker.book.get(facts[0].relation)
    if any(role.id == relation.id for role in roles_of(linker, object)):
        return True
    types = {kind for node in object.nodes for kind in linker.graph.types(node)}
    return bool(types & {kind for fact in facts for kind in linker.graph.types(fact.object)})


def _exclusive(linker: Linker, relation: Relation, facts: list[Fact]) -> bool:
    if relation.per_time and _at_another_time(linker):
        return False
    if relation.functional:
        return True
    labels = {normal(linker.graph.label(fact.object)) for fact in facts}
    subjects, count = linker.graph.spread(facts[0].relation)
    return len(labels) == 1 and subjects >= _ENOUGH_SUBJECTS and count <= _HARDLY_EVER * subjects


def _at_another_time(linker: Linker) -> bool:
    """Whether a claim speaks of a time of its own: who was in office in 2015 need not be who is."""
    reading = linker.reading
    dated = any(mention.kind == "date" for mention in reading.mentions)
    return dated or any(token.norm in _PAST for token in reading.tokens)


def _agreed(linker: Linker, subject: Mention, facts: list[Fact]) -> bool:
    """Whether all that the subject's name may mean have the relation: one of another kind may well have the object."""
    having = {fact.subject for fact in facts}
    looked_at = subject.nodes[:MOST_NODES]
    known = all(node in having or not linker.graph.facts_about(node) for node in looked_at)
    return known and len(looked_at) == len(subject.nodes)
