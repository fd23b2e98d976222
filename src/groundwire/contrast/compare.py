"""Where a sentence says the opposite of a claim, or less than the claim does."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from groundwire.contrast.forms import lemma
from groundwire.contrast.lexicon import SENSES, Sense, Set, alike, opposed
from groundwire.contrast.passages import Statement
from groundwire.contrast.reading import Item, Reading

_NEAR = 2  # words on either side of the contrasting one in which its neighbour must stand
_FEW = 3  # a sentence of so few words may say of all what the claim says of one
_MOST = 8  # opposites of one word in a sentence that are looked at
_SPARE = 0.25  # the share of the claim's words that the sentence may lack, where all around the difference is the same
_ECHO = 0.6  # a sentence with this share of the claim's other words, and its own word, says what it says
_ANYBODY = "company firm group business bank club team city product service"
_GENERIC = frozenset(map(lemma, _ANYBODY.split()))
_SINCE = re.compile(r"\b(?:no longer|any ?more|any longer|not yet|still)\b", re.IGNORECASE)  # it may have changed
_DUTY = SENSES[lemma("mandatory")]


class Contrast(NamedTuple):
    """`said` are the claim's words, `against` the sentence's.

    `sure`: the sentence denies the claim; else it only says less, or the same of something else.
    """

    statement: Statement
    said: str
    against: str
    sure: bool


def contrasts(claim: Reading, known: Sequence[Statement]) -> Contrast | None:
    """The sentence that says the opposite of the claim, else one that says less; None where that is in doubt."""
    if claim.unclear or not claim.items:
        return None
    best: Contrast | None = None
    for statement in known:
        if statement.reading.unclear or not claim.keys & statement.reading.keys:
            continue
        pair = _Pair(claim, statement)
        for found in pair.found():
            if not (best and (best.sure or not found.sure)) and not _said_elsewhere(claim, found, known):
                best = found.contrast
        if best and best.sure:
            break
    return best


class _Found(NamedTuple):
    contrast: Contrast
    place: int  # of the claim's word
    holds: Callable[[Item, Item], bool]  # whether the claim's word is said by a word

    @property
    def sure(self) -> bool:
        return self.contrast.sure


class _Pair:
    """A claim and a sentence: where the words of the one stand in the other."""

    def __init__(self, claim: Reading, statement: Statement) -> None:
        self.claim, self.statement, self.sentence = claim, statement, statement.reading
        self.places = [_places(item, self.sentence) for item in claim.items]
        self.taken = {place for places in self.places for place in places}
        self.content = [n for n, item in enumerate(claim.items) if not item.light]

    def found(self) -> Iterator[_Found]:
        missing = [n for n in self.content if not self.places[n]]
        if len(missing) > len(self.content) / 2 + 1:
            return
        yield from self._opposites(missing)
        yield from self._denials(missing)
        if self._same(missing, None, None):
            yield from self._shares()
            yield from self._permissions()
        yield from self._duties(missing)
        yield from self._forbidden()
        yield from self._reserved(missing)

    def _opposites(self, missing: Sequence[int]) -> Iterator[_Found]:
        for n, item in enumerate(self.claim.items):
            if not item.senses or item.denied:
                continue
            for place, other, sense in islice(self._against(item), _MOST):
                if (
                    self._nowhere_near(n, place)
                    and self._same([each for each in missing if each != n], n, place)
                    and self._beside(n, place, sense)
                    and not self._differing(n)
                    and (self._asserted(item, other) or (item.yet, other.yet) == ("", "may"))
                ):
                    sure = sense.of is Set.OPPOSITE and not self.sentence.limited and item.yet == other.yet
                    yield self._say(n, self._words(place), sure, _says_it)

    def _nowhere_near(self, n: int, place: int) -> bool:
        """Whether the claim's own word is not in the sentence, or said of another: "A rose by 3 %, while B fell"."""
        if not self.places[n]:
            return True
        part = self.sentence.items[place].part
        apart = all(self.sentence.items[own].part != part for own in self.places[n])
        return apart and all(self._near(n, place, way) for way in (-1, 1))

    def _against(self, item: Item) -> Iterator[tuple[int, Item, Sense]]:
        """The words of the sentence that exclude one of the claim, and stand for no other of it."""
        for place, other in enumerate(self.sentence.items):
            if place in self.taken or other.denied or item.light != other.light:
                continue
            if sense := opposed(item.senses, other.senses):
                yield place, other, sense

    def _denials(self, missing: Sequence[int]) -> Iterator[_Found]:
        differing = self._differing(None)
        if len(differing) != 1:
            return
        n = differing[0]
        item, place = self.claim.items[n], self.places[n][0]
        denying = self.claim if item.denied else self.sentence
        if (
            not self._same(missing, n, place)
            or self._stray(place)
            or any(each.share is not None for each in denying.items)
        ):
            return
        if self.claim.forbids and self.sentence.forbids:
            return
        if item.denied and (self.claim.limited or (self.claim.may is not None and self.sentence.may is None)):
            return
        if not self._asserted(item, self.sentence.items[place]) or self._of_another(place):
            return
        if len(self.content) > 1 and not any(self._near(n, place, way) for way in (-1, 1)):
            k = self._next(n, -1)
            if k is None or 0 not in self.places[k]:  # "Tokens expire after an hour and cannot be renewed"
                return
        if not self._beyond(n, place, -1):
            return
        sure = not self.sentence.limited and not _SINCE.search(self.claim.text)
        yield self._say(n, self._words(place), sure, lambda mine, other: mine.denied == other.denied)

    def _shares(self) -> Iterator[_Found]:
        if self._differing(None):
            return
        for n in self.content:
            mine, places = self.claim.items[n].share, self.places[n]
            if mine is None or mine < 2 or len(places) != 1 or self.claim.items[n].denied:
                continue
            theirs = self.sentence.items[places[0]].share
            if theirs is not None and theirs < mine:
                yield self._say(
                    n, self._words(places[0]), False, lambda mine, other: (other.share or 3) >= (mine.share or 0)
                )

    def _permissions(self) -> Iterator[_Found]:
        """The sentence allows only within limits what the claim allows without any."""
        if self.claim.may is None or self.claim.limited or self.sentence.may is None or self._differing(None):
            return
        at = self.sentence.text.find(" only ")
        after = [place for place, item in enumerate(self.sentence.items) if item.at > at]
        if at >= 0 and not self.taken.intersection(after) and not any(item.denied for item in self.claim.items):
            n = self.content[-1]
            yield self._say(n, self.sentence.text, False, lambda mine, other: True)

    def _reserved(self, missing: Sequence[int]) -> Iterator[_Found]:
        """The sentence says of another what the claim says of one alone."""
        mine, theirs = self.claim.may, self.sentence.may
        if not self.claim.only or not mine or not theirs or " only " in f" {self.sentence.text.lower()} ":
            return
        others = [n for n in self.content if n >= mine]
        if len(others) < 2 or self._differing(None) or set(missing) != {n for n in self.content if n < mine}:
            return
        if all(any(place >= theirs for place in self.places[n]) for n in others):
            yield self._say(missing[0], self.sentence.text, True, lambda mine, other: False)

    def _duties(self, missing: Sequence[int]) -> Iterator[_Found]:
        """The sentence says that it can be, the claim that it has to."""
        may = self.sentence.may
        if may is None or self.sentence.must is not None or self.sentence.limited or self._differing(None):
            return
        if any(item.denied or alike(item.senses, _DUTY) for item in self.sentence.items):
            return
        duties = [n for n in missing if alike(self.claim.items[n].senses, _DUTY) and not self.claim.items[n].denied]
        if not duties and (self.claim.must is None or self.claim.may is not None):
            return
        rest = [n for n in missing if n not in duties]
        if rest or len(self.content) - len(duties) < 2:
            return
        if duties and not all(min(self.places[n]) < may for n in self.content if n not in duties):
            return
        yield self._say((duties or self.content)[0], self.sentence.text, False, _says_it)

    def _forbidden(self) -> Iterator[_Found]:
        """The sentence forbids altogether what the claim says may be done in one way."""
        if self.claim.may is None or not self.sentence.forbids or self.sentence.limited:
            return
        theirs = [place for place, item in enumerate(self.sentence.items) if not item.light]
        if len(theirs) > _FEW or not set(theirs) <= self.taken:
            return
        differing = self._differing(None)
        if len(differing) == 1:
            n = differing[0]
            yield self._say(n, self.sentence.text, True, lambda mine, other: mine.denied == other.denied)

    def _same(self, missing: Sequence[int], n: int | None, place: int | None) -> bool:
        """Whether the sentence speaks of what the claim does: has its words, but for those that it refers back to.

        `n` and `place` are where claim and sentence differ: what the sentence refers back to stands before.
        """
        found = [each for each in self.content if self.places[each]]
        if place is not None and not all(self._in_part(each, place) for each in found if each != n):
            return False
        if missing and not (n is not None and place is not None and self._without(missing, n, place, len(found))):
            return False
        return len(found) >= 2 or (len(found) == 1 and len(self.content) <= _FEW and self._short())

    def _without(self, missing: Sequence[int], n: int, place: int, found: int) -> bool:
        """Whether the sentence says the same without some words of the claim.

        It may refer back to them, or they are few, tell nothing apart and stand elsewhere than at the difference.
        """
        items = self.claim.items
        before = all(each < n and items[each].key in self.statement.before for each in missing)
        if before and len(missing) <= found and self._refers_back(place):
            return True
        telling = any(
            items[each].senses or not self.claim.text[items[each].at].islower() or self._next(n, way) == each
            for each in missing
            for way in (-1, 1)
        )
        ways = [way for way in (-1, 1) if self._next(n, way) is not None]
        return (
            not telling
            and len(self.claim.keys) == len(self.content)  # else it is open which of them stands there
            and len(missing) <= _SPARE * len(self.content)
            and found > 2
            and all(self._near(n, place, way) for way in ways)
        )

    def _in_part(self, n: int, place: int) -> bool:
        """Whether no "but" or "if" stands between a word of the claim and the place."""
        items = self.sentence.items
        return any(items[other].part == items[place].part for other in self.places[n])

    def _short(self) -> bool:
        """Whether the sentence is about nothing else than the claim's one word: "Pets are allowed only if ..."."""
        may = self.sentence.may
        return len(self.sentence.keys) <= _FEW or bool(may and self.taken.issuperset(range(may)))

    def _refers_back(self, place: int) -> bool:
        """Whether nothing else than what the claim names stands before the place: "It fell", "Net income fell"."""
        first = next((n for n in range(place) if n in self.taken), place)
        return all(
            item.light or item.key in _GENERIC or n in self.taken or (n > first and not item.name)
            for n, item in enumerate(self.sentence.items[:place])
        )

    def _differing(self, but: int | None) -> list[int]:
        """The words of the claim that the sentence has only denied, or only not denied, where the claim does not."""
        said = {(item.key, item.denied) for item in self.claim.items}
        return [
            n
            for n in self.content
            if n != but
            and self.places[n]
            and (self.claim.items[n].key, not self.claim.items[n].denied) not in said
            and all(self.sentence.items[place].denied != self.claim.items[n].denied for place in self.places[n])
        ]

    def _stray(self, place: int) -> bool:
        """Whether another word beside this one is denied, of which the claim says nothing: "found no trace of"."""
        clause = self.sentence.items[place].clause
        return any(
            item.denied and n not in self.taken and item.clause == clause for n, item in enumerate(self.sentence.items)
        )

    def _of_another(self, place: int) -> bool:
        """Whether a name that the claim has not stands before the place: it may be whom the sentence speaks of."""
        items = self.sentence.items
        first = min(self.taken, default=place)
        return any(
            items[n].name and n not in self.taken and not {n - 1, n + 1} & self.taken for n in range(first, place)
        )

    def _asserted(self, mine: Item, other: Item) -> bool:
        """Whether the sentence says that it is so, where the claim does, and not that it will or may be so."""
        ways = {mine.yet, other.yet}
        if ways == {"may", "should"}:
            return (mine if mine.yet == "should" else other).denied  # "should not be given" and "can be given"
        return len(ways) == 1 or (ways == {"", "may"} and self.claim.may is not None)

    def _beside(self, n: int, place: int, sense: Sense) -> bool:
        if self._stray(place) or self._of_another(place):
            return False
        if sense.of is Set.ROLE:
            near = range(max(0, place - 2), min(len(self.sentence.items), place + 3))
            if any(self.sentence.items[k].name and k not in self.taken and k != place for k in near):
                return False
            turned = not self._on(n, place, -1) and not self._on(
                n, place, 1
            )  # "A is the wife of B, B the husband of A"
            return not turned and any(
                self._close(k, place) for k in (self._next(n, -1), self._next(n, 1)) if k is not None
            )
        near_by = [self._near(n, place, way) for way in (-1, 1)]
        if self.claim.items[n].light:
            return all(near_by)
        if sense.of is Set.KIND and self.claim.items[n].key in self.statement.before:
            return False  # what it says, it may say of that
        return any(near_by) and all(self._beyond(n, place, way) for way in (-1, 1))

    def _next(self, n: int, way: int) -> int | None:
        n += way
        while 0 <= n < len(self.claim.items) and self.claim.items[n].light:
            n += way
        return n if 0 <= n < len(self.claim.items) else None

    def _near(self, n: int, place: int, way: int) -> bool:
        k = self._next(n, way)
        return k is not None and any(0 < (other - place) * way <= _NEAR for other in self.places[k])

    def _close(self, k: int, place: int) -> bool:
        return any(abs(other - place) <= _NEAR for other in self.places[k])

    def _on(self, n: int, place: int, way: int) -> bool:
        """Whether the claim's next word this way stands on this side too, or nowhere in the sentence."""
        k = self._next(n, way)
        return k is None or not self.places[k] or any((other - place) * way > 0 for other in self.places[k])

    def _beyond(self, n: int, place: int, way: int) -> bool:
        """Whether the claim's next two words this way stand on this side in the sentence too."""
        k = self._next(n, way)
        return self._on(n, place, way) and (k is None or not self.places[k] or self._on(k, place, way))

    def _words(self, place: int) -> str:
        return _around(self.sentence, place)

    def _say(self, n: int, said: str, sure: bool, holds: Callable[[Item, Item], bool]) -> _Found:
        return _Found(Contrast(self.statement, _around(self.claim, n), said, sure), n, holds)


def _around(reading: Reading, place: int) -> str:
    """The words around a place, as they stand there."""
    items = reading.items
    start = items[place - 1].at if place else 0
    end = items[place + 1].end if place + 1 < len(items) else len(reading.text)
    return reading.text[start:end].rstrip(" .")


def _places(item: Item, sentence: Reading) -> list[int]:
    """Where a sentence has the word, or one that says about the same."""
    return [
        n
        for n, other in enumerate(sentence.items)
        if other.light == item.light
        and (other.key == item.key or (item.senses and other.senses and alike(item.senses, other.senses)))
    ]


def _says_it(mine: Item, other: Item) -> bool:
    return not other.denied


def _said_elsewhere(claim: Reading, found: _Found, known: Sequence[Statement]) -> bool:
    """Whether a sentence of the evidence says what the claim says, with its own word."""
    mine = claim.items[found.place]
    others = {item.key for n, item in enumerate(claim.items) if n != found.place and not item.light}
    others &= found.contrast.statement.reading.keys
    beside = {item.key for item in claim.items[max(0, found.place - 1) : found.place + 2]} - {mine.key}
    kind = any(sense.of is Set.KIND for sense in mine.senses)
    for statement in known:
        if statement is found.contrast.statement:
            continue
        items = statement.reading.items
        places = [n for n in _places(mine, statement.reading) if found.holds(mine, items[n])]
        if not places:
            continue
        if len(others & statement.reading.keys) >= _ECHO * len(others):
            return True
        if kind and any(item.key in beside for n in places for item in items[max(0, n - 1) : n + 2]):
            return True  # "the blue square" is another than the red one
    return False
