"""The facts that a claim's mentions have in common: what of it the graph confirms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from groundwire.graph.amounts import (
    DURATION,
    Compare,
    close,
    compare_values,
    is_amount,
    is_difference,
    is_telling,
    limit_of,
    plain_value,
)
from groundwire.graph.denials import NEGATIONS, denials, denied
from groundwire.graph.meaning import Meant
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, name_stems, normal, same_name, stem, tokenize, written
from groundwire.graph.others import called, may_stand_for, no_such_sort
from groundwire.graph.readings import NOWHERE, Said
from groundwire.graph.relations import Relation, RelationBook
from groundwire.graph.spoken import hear
from groundwire.graph.store import Fact, GraphStore, Literal, Node
from groundwire.graph.wording import expressed, implied

MOST_FACTS = 400
"""Facts of one subject that are looked at for one claim."""
MOST_NODES = 8
"""Things of one name that are looked at for one claim."""
_FARTHEST = 4
_AROUND = "in of within the a city town village state region province county district department area country"
_PLACED = frozenset(_AROUND.split())
_AT_ONCE = frozenset(stem(word) for word in ["direct", "directly", "immediate", "immediately"])
STATED = 0.6
"""A claim that says a relation this clearly, or more so, states it."""
_HINTED = 0.25
"""How clearly a relation is said by some word of its name: enough where it alone has the value that the claim says."""


@dataclass(frozen=True)
class Link:
    """A fact that ties `subject` to `object`; `path` has it, and the places in between where it goes through some.

    `object` is None where the object's words stand in the claim without being a mention. `spelt`: the claim says the
    whole path, in its order; one that it does not may account for its words, but never supports it. `counted`: it is
    one of as many as the claim says.
    """

    path: tuple[Fact, ...]
    subject: Mention
    object: Mention | None
    said: float
    spelt: bool = True
    counted: bool = False

    @property
    def stated(self) -> bool:
        """Whether the claim states it."""
        return self.said >= STATED and self.spelt


class Linker:
    """Finds the links of one reading in one graph."""

    def __init__(
        self,
        reading: Reading,
        graph: GraphStore,
        book: RelationBook,
        compare: Compare,
        before: Sequence[Mention] = (),
        meant: Meant | None = None,
    ) -> None:
        self.reading, self.graph, self.book, self.compare = reading, graph, book, compare
        self.before, self.meant = before, meant.said if meant else {}
        reading.spoken_for = book.stems
        self.ranked: frozenset[str] = frozenset()  # the stems of superlatives that the graph bears out
        self._facts: dict[int, list[Fact]] = {}
        self._whole: dict[int, bool] = {}
        self._said: dict[tuple[str, int, int, bool], float] = {}
        self.named = [mention for mention in reading.mentions if mention.nodes]
        hear(self)
        self.links = [*self._direct(), *self._values(), *self._places(), *self._onward(), *self._in_words()]
        self.links += self._nearly()
        self.links = self._rows(self.links)
        self.links += self._recalled()
        reading.affirmed = frozenset(denials(reading) if meant and meant.affirmed else self._affirmed())

    def _affirmed(self) -> Iterator[int]:
        """The places of a "not" that belongs to what a fact says: "must not be combined with"."""
        for link in self.links:
            known = self.book.get(link.path[0].relation)
            phrases = self.reading.phrases(known) if link.object and link.stated else ()
            if link.object and any(not NEGATIONS.isdisjoint(phrase.between) for phrase in phrases):
                yield from denied(self.reading, link.subject, link.object, self.words_of(link.path))

    def explained(self) -> set[int]:
        """The mentions, by `id`, that a fact ties to another."""
        return {id(mention) for link in self.links for mention in (link.subject, link.object) if mention is not None}

    def forget(self) -> None:
        """Forgets what the claim says of its mentions, which have changed."""
        self._said.clear()

    def measured(self, fact: Fact) -> bool:
        """Whether it is known in what unit a fact's number is."""
        node = fact.object
        unit, _ = self.book.get(fact.relation).unit_of(node.datatype if isinstance(node, Literal) else None)
        return unit is not None or is_amount(self.compare, plain_value(self.graph.label(node)))

    def anchored(self, mention: Mention) -> bool:
        """Whether a fact ties the mention to one before it, outside its row: it is more than a subject of its own."""
        return any(
            other is not None and other.group != mention.group and other.start < mention.start
            for link in self.links
            for one, other in ((link.subject, link.object), (link.object, link.subject))
            if one is mention
        )

    def said(self, fact: Fact, subject: Mention, object: Mention, *, wider: bool = True) -> float:
        """How clearly the claim states the fact's relation of these two mentions, in either wording of it.

        `wider`: or states what follows from it.
        """
        key = (fact.relation, id(subject), id(object), wider)
        if key not in self._said:
            relation = self.book.get(fact.relation)
            said = self._wording(relation, fact.relation, subject, object, wider)
            inverse = self.book.inverse(relation)
            if inverse is not None and said < 1:
                said = max(said, self._wording(inverse, inverse.id, object, subject, wider))
            if subject.elsewhere is None and object.elsewhere is None:
                said = max(said, self.meant.get(Said(fact.relation, subject.start, object.start), 0.0))
            self._said[key] = said
        return self._said[key]

    def means(self, relation: str, subject: Mention, object: Mention | None) -> bool:
        """Whether it was by what the claim means that this relation was found in it."""
        return Said(relation, subject.start, NOWHERE if object is None else object.start) in self.meant

    def _wording(self, relation: Relation, name: str, subject: Mention, object: Mention, wider: bool) -> float:
        if subject.elsewhere is None and object.elsewhere is None:
            return expressed(self.reading, relation, name, subject, object, wider=wider)
        named = object if object.elsewhere is None else subject
        return implied(self.reading, relation, name, named, as_object=named is object)

    def agrees(self, mention: Mention, fact: Fact) -> bool | None:
        """Whether a value or unknown name of the claim is a fact's object; None where the two cannot be compared."""
        node, relation = fact.object, self.book.get(fact.relation)
        known = self.graph.label(node)
        if relation.compare == "exact":
            return normal(self.reading.words(mention)) == normal(known) or (None if mention.kind == "name" else False)
        if mention.kind == "name":
            return same_name(self.reading.words(mention), known) or None
        if not isinstance(node, Literal) and not known[:1].isdigit() and not DURATION.fullmatch(known):
            return None
        unit, sure = relation.unit_of(node.datatype if isinstance(node, Literal) else None)
        verdict = compare_values(self.compare, self.reading, mention, known, unit, sure=sure)
        return verdict or self._near(mention, known, relation) or verdict

    def _near(self, mention: Mention, known: str, relation: Relation) -> bool:
        near = close(self.reading.words(mention), known, relation.tolerance)
        return near and not limit_of(self.reading, mention)

    def _direct(self) -> Iterator[Link]:
        for at, one in enumerate(self.named):
            for other in self.named[at + 1 :]:
                for fact in self.facts_between(one, other):
                    forth = fact.subject in one.nodes and fact.object in other.nodes
                    subject, object = (one, other) if forth else (other, one)
                    yield Link((fact,), subject, object, self.said(fact, subject, object))

    def facts_between(self, one: Mention, other: Mention) -> list[Fact]:
        ends = product(one.nodes[:MOST_NODES], other.nodes[:MOST_NODES])
        found = [fact for pair in ends for fact in self.graph.facts_between(*pair)]
        for end in (one, other):
            if end.every:  # won in 2021 and in 2022: of each there is to be a fact
                tied = {(fact.relation, node) for fact in found for node in (fact.subject, fact.object)}
                found = [fact for fact in found if all((fact.relation, node) in tied for node in end.nodes)]
        return list(dict.fromkeys(found))

    def _values(self) -> Iterator[Link]:
        values = [one for one in self.reading.mentions if one.kind != "name" and not is_difference(self.reading, one)]
        for subject in self.named if values else ():
            for mention in values:
                facts = [fact for fact in self.facts_of(subject) if self.agrees(mention, fact)]
                for fact in facts:
                    said = self.said(fact, subject, mention)
                    if len(facts) == 1 and said >= _HINTED and is_telling(self.reading.words(mention)):
                        said = max(said, STATED)
                    yield Link((fact,), subject, mention, said)

    def _places(self) -> Iterator[Link]:
        """A place inside a place: born in Hobart is born in Australia."""
        for subject in self.named:
            for fact in self.facts_of(subject):
                relation = self.book.get(fact.relation)
                if not relation.nested:
                    continue
                for path in self.around(fact.object):
                    for object in self.named:
                        if object is not subject and path[-1].object in object.nodes:
                            said = self.said(fact, subject, object)
                            yield Link((fact, *path), subject, object, said)

    def _onward(self) -> Iterator[Link]:
        """What a transitive relation leads to in a few steps: an owner's owner, an ancestor."""
        if not _AT_ONCE.isdisjoint(self.reading.stems):
            return  # "directly", "its immediate parent": one step is meant
        for subject in self.named:
            for fact in self.facts_of(subject):
                relation = self.book.get(fact.relation)
                if not relation.transitive:
                    continue
                for path in self.around(fact.object, relation):
                    for object in self.named:
                        if object is not subject and path[-1].object in object.nodes:
                            yield Link((fact, *path), subject, object, self.said(fact, subject, object))

    def around(self, place: Node, along: Relation | None = None) -> list[tuple[Fact, ...]]:
        """The ways from a place to the places that hold it; or those `along` one relation."""
        ways: list[tuple[Fact, ...]] = []
        frontier: list[tuple[Node, tuple[Fact, ...]]] = [(place, ())]
        seen = {place}
        while frontier:
            node, path = frontier.pop(0)
            for fact in self.graph.facts_about(node)[:MOST_FACTS] if len(path) < _FARTHEST else ():
                relation = self.book.get(fact.relation)
                if fact.object not in seen and (relation.within if along is None else relation.id == along.id):
                    seen.add(fact.object)
                    ways.append((*path, fact))
                    frontier.append((fact.object, (*path, fact)))
        return ways

    def _in_words(self) -> Iterator[Link]:
        """Objects whose words stand in the claim, though not as their name: "a physicist", "Prime Minister"."""
        tied = {node for mention in self.named for node in mention.nodes}
        for subject in self.named:
            said = {
                word
                for at, word in enumerate(self.reading.stems)
                if not subject.first <= at < subject.last and word not in FUNCTION_WORDS
            }
            for fact in self.facts_of(subject):
                if fact.object in tied:
                    continue
                label = self.graph.label(fact.object)
                words = _content(label)
                if words and words <= said and (_may_stand_apart(label) or label in self.reading.text):
                    if self._differs(fact):
                        continue
                    said_so = self.meant.get(Said(fact.relation, subject.start, NOWHERE), 0.5)
                    yield Link((fact,), subject, self._mention_in(words, subject), said_so)

    def _differs(self, fact: Fact) -> bool:
        """Whether the claim has a fact's number with another unit."""
        digits = self.graph.label(fact.object).strip()
        same = [one for one in self.reading.mentions if one.kind == "number" and self.reading.words(one) == digits]
        return bool(same) and all(self.agrees(one, fact) is False for one in same)

    def _nearly(self) -> Iterator[Link]:
        """Names that are short for the object of a fact, or a letter off."""
        explained = self.explained()
        for mention in self.reading.mentions:
            if mention.kind != "name" or mention.every or id(mention) in explained:
                continue
            words = self.reading.words(mention)
            shorter = set(normal(words).split())
            for subject in self.named:
                if subject is mention:
                    continue
                for fact in self.facts_of(subject):
                    label = self.graph.label(fact.object)
                    said = self.said(fact, subject, mention) if same_name(words, label) else 0.0
                    if said and (not mention.nodes or (said >= 0.6 and shorter <= set(normal(label).split()))):
                        yield Link((fact,), subject, mention, said)

    def _rows(self, links: list[Link]) -> list[Link]:
        """Places in one row are said in one go: "lies in Bangalore, Karnataka, India" says three facts."""
        stated = {
            (id(link.subject), group)
            for link in links
            if link.object is not None and link.said >= STATED and self.book.get(link.path[0].relation).nested
            for group in self.row_of(link.object)
        }
        return [
            replace(link, said=STATED)
            if link.object is not None
            and link.said < STATED
            and (id(link.subject), link.object.group) in stated
            and self.book.get(link.path[0].relation).within
            else link
            for link in links
        ]

    def row_of(self, place: Mention) -> Iterator[int]:
        """The groups that go on from a place to the places around it: "in the Karnataka region of India"."""
        if place.elsewhere is None:
            yield place.group
            after = self.reading.gap_words(place.group + 1)
            if after and after[-1] in ("in", "of", "within", "the") and _PLACED.issuperset(after):
                yield place.group + 1

    def _recalled(self) -> Iterator[Link]:
        """Facts that tie what the claim names to what the answer named before it, nearest first."""
        stated = {id(end) for link in self.links if link.said >= STATED for end in (link.subject, link.object)}
        for mention in self.reading.mentions:
            if id(mention) in stated or (self.reading.unsure(mention) and mention.kind == "name"):
                continue
            for distance in dict.fromkeys(other.distance for other in self.before):
                near = [other for other in self.before if other.distance == distance]
                found = [link for other in near for link in self._recall(other, mention)]
                if found:
                    yield from found
                    break

    def _recall(self, other: Mention, mention: Mention) -> Iterator[Link]:
        if self.reading.words(mention).endswith(f", {other.elsewhere}"):
            return  # that New York holds Buffalo, New York, says nothing of what the claim says
        for fact in self.facts_between(other, mention) if mention.nodes else ():
            subject, object = (other, mention) if fact.subject in other.nodes else (mention, other)
            if self.may_lack(fact.relation, mention, other):
                said = self.said(fact, subject, object)
                if said >= STATED:
                    yield Link((fact,), subject, object, said)
        if mention.kind == "name":
            return
        for fact in self.facts_of(other):
            if self.agrees(mention, fact) and self.may_lack(fact.relation, mention, other):
                said = self.said(fact, other, mention)
                rivals = [rival for rival in self.before if rival.distance == other.distance and rival is not other]
                if said >= STATED and not any(self.has(rival, fact.relation) for rival in rivals):
                    yield Link((fact,), other, mention, said)

    def has(self, mention: Mention, relation: str) -> bool:
        """Whether the graph has a relation, by whatever name, for what a mention may mean, or may have it."""
        known = self.book.get(relation).id
        found = any(self.book.get(fact.relation).id == known for fact in self.facts_of(mention))
        return found or not self.whole(mention)

    def whole(self, mention: Mention) -> bool:
        """Whether `facts_of` has all of the graph's facts: only then does it count what is not among them."""
        whole = self._whole.get(id(mention))
        if whole is None:
            whole = self._whole[id(mention)] = len(mention.nodes) <= MOST_NODES and all(
                self.graph.complete(node) and len(self.graph.facts_about(node)) <= MOST_FACTS for node in mention.nodes
            )
        return whole

    def may_have(self, mention: Mention, relation: Relation) -> bool:
        """Whether what is named can be a subject of the relation, by what else the graph says of it."""
        if relation.domain == "thing":
            return True
        kinds = {self.book.get(fact.relation).domain for fact in self.facts_of(mention)} - {"thing"}
        return not kinds or relation.domain in kinds

    def may_lack(self, relation: str, mention: Mention, other: Mention) -> bool:
        """Whether `mention` may be said of something that the claim does not name, such as `other`.

        What has a subject of its own is said of that: of another only within one sentence, where the graph knows the
        subject and has no such relation for it ("... the party, which was led by ...").
        """
        own = [one for one in self.reading.mentions if one.group != mention.group and one.kind == "name"]
        ahead = [one for one in own if one.group < mention.group]
        if any(self.has(one, relation) for one in ahead):
            return False
        fact = Fact("", relation, "")
        things = [one for one in own if one not in ahead and any(isinstance(node, str) for node in one.nodes)]
        if any(self.said(fact, one, mention) >= STATED for one in things):
            return False
        if ahead and (other.distance or any(self.reading.unsure(one) for one in ahead)):
            return False
        if no_such_sort(self.reading, mention, self.facts_of(other)):
            return False
        known = called(self.graph, self.book, other, self.facts_of(other))
        return may_stand_for(self.reading, mention, self.words_of((fact,)), known)

    def words_of(self, path: Sequence[Fact]) -> set[str]:
        """The stems by which a claim may say what a path of facts does."""
        words: set[str] = set()
        for fact in path:
            relation = self.book.get(fact.relation)
            words.update(relation.stems, name_stems(fact.relation))
            for known in (relation, self.book.inverse(relation)):
                for phrase in self.reading.phrases(known) if known else ():
                    words.update(phrase.stems)
        return words

    def apart(self, mention: Mention) -> bool:
        """Whether a mention repeats what sets another's name apart: Ardmore Airport (New Zealand), in New Zealand."""
        words = _stems(self.reading.words(mention))
        return any(
            other is not mention and words < _stems(self.graph.full_name(node))
            for other in self.named
            for node in other.nodes[:MOST_NODES]
        )

    def _mention_in(self, words: frozenset[str], subject: Mention) -> Mention | None:
        for mention in self.reading.mentions:
            named = {stem for stem in self.reading.stems[mention.first : mention.last] if stem not in FUNCTION_WORDS}
            if mention is not subject and named and named <= words:
                return mention
        return None

    def facts_of(self, mention: Mention) -> list[Fact]:
        """The facts about all that a mention may name, as far as they are looked at."""
        facts = self._facts.get(id(mention))
        if facts is None:
            facts = [fact for node in mention.nodes[:MOST_NODES] for fact in self.graph.facts_about(node)[:MOST_FACTS]]
            self._facts[id(mention)] = facts
        return facts


@lru_cache(maxsize=16384)
def _may_stand_apart(label: str) -> bool:
    """Whether a name's words may be said in any order. Not 3.0.1, which is not 3.1.0, nor Cabinet A."""
    words = [token.norm for token in tokenize(written(label))]
    return not any(char.isdigit() for char in label) and words[-1:] != [] and words[-1] not in FUNCTION_WORDS


@lru_cache(maxsize=16384)
def _stems(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in normal(name).split())


@lru_cache(maxsize=16384)
def _content(label: str) -> frozenset[str]:
    words = [token.norm for token in tokenize(written(label))]
    return frozenset(stem(word) for word in words if word not in FUNCTION_WORDS)
