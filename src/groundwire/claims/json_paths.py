"""Whose a value of JSON is: the words of its path, from the object that has a name down to the value.

A name, a title or the like names its object. Items of an array that have none are told apart by a short value that
goes by the array's name, "day": 1 of "days", or by their number.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from groundwire.claims.completion import DONE
from groundwire.claims.json_leaves import Index, Leaf
from groundwire.claims.lexicon import STANDING
from groundwire.claims.marked import Marked, joined, put_in, taken
from groundwire.claims.things import kind, singular
from groundwire.claims.truths import truth

_LONGEST_NAME = 200
"""Code points of an object's name, which the claims of its other values have as well."""
_LONGEST_PATH = 4  # keys
_NAMES = ("name", "title", "subject", "entity", "label", "id")  # the best first
_CALLING = ("label", "id")  # which name an object, but are no answer to what it is
_PLACES = frozenset(
    ("country", "city", "town", "state", "province", "island", "river", "lake", "church", "building", "language")
)
_WRAPPING = frozenset(("data", "result", "results", "response", "answer", "output", "arguments", "parameters"))
_DOING = frozenset(("includes", "excludes", "contains", "requires", "provides", "accepts", "serves", "involves"))
_LINKING = frozenset(("from", "to", "in", "at", "on", "by", "with", "via", "since", "until", "for"))
_UNITS = {
    **{code: code.upper() for code in ("eur", "usd", "gbp", "chf")},
    **{unit: unit for unit in ("km", "kg", "cm", "mm", "mg", "ml", "miles", "years", "months", "weeks", "days")},
    **{unit: unit for unit in ("hours", "minutes", "seconds", "percent", "celsius")},
}
_MEASURES = frozenset(("km", "kg", "cm", "mm", "mg", "ml"))
_UNIT_KEYS = frozenset(("currency", "unit", "units"))
_AMOUNTS = frozenset(("amount", "value", "total", "quantity", "figure"))
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\b[A-Z][a-z]+ \d{1,2}\b(?!\d)|\b\d{1,2} [A-Z][a-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SENTENCE = re.compile(r"[A-Z\"“][^\n]*[.!]\Z")
_LONGEST_LABEL = 5  # words


class Path(NamedTuple):
    """How the statement of a value begins: "The <attribute> of <subject> <verb> …", or "<subject> <verb> …".

    `after` is a unit that follows the value. `thing` is what the value's object is in words, "" where nobody knows,
    and `key` what the value is of it: for true and false.
    """

    subject: Marked | None
    attribute: str
    verb: str
    after: str = ""
    thing: str = ""
    key: str = ""


class _Place(NamedTuple):
    """An object or array: below whose name it is, and by which keys; an item is told by its number or name."""

    owner: Marked | None = None
    steps: tuple[tuple[str, bool], ...] = ()  # words, and whether they tell an item


class _Named(NamedTuple):
    rank: int
    pointer: str
    words: Marked


def in_words(key: str) -> str:
    return " ".join(_CAMEL.sub(" ", key).replace("_", " ").replace("-", " ").split())


def paths(answer: str, leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, Path]]:
    """Each leaf with whose it is."""
    names, numbers = _names(answer, leaves)
    counts = Counter(leaf.pointer.rpartition("/")[0] for leaf in leaves if isinstance(leaf.keys[-1], Index))
    reader = _Paths(names, numbers, counts, any(leaf.keys[-1][:1].islower() for leaf in leaves))
    units = {
        leaf.pointer.rpartition("/")[0]: leaf.value
        for leaf in leaves
        if leaf.keys[-1].lower() in _UNIT_KEYS and not leaf.word and len(leaf.value) < _LONGEST_LABEL * 5
    }
    for leaf in leaves:
        yield leaf, reader.path(leaf, units.get(leaf.pointer.rpartition("/")[0], ""), _is_text(answer, leaf))


def _is_text(answer: str, leaf: Leaf) -> bool:
    return answer[leaf.start - 1 : leaf.start] == '"'


def _names(answer: str, leaves: Sequence[Leaf]) -> tuple[Mapping[str, _Named], Mapping[str, Leaf]]:
    """The objects' names by their pointers, and what numbers the items of arrays that have none."""
    names: dict[str, _Named] = {}
    numbers: dict[str, Leaf] = {}
    begun: set[str] = set()
    for leaf in leaves:
        above = leaf.pointer.rpartition("/")[0]
        first = above not in begun
        while above not in begun:
            begun.add(above)
            above = above.rpartition("/")[0]
        parent = leaf.pointer.rpartition("/")[0]
        if leaf.word or isinstance(leaf.keys[-1], Index):
            continue
        rank = _rank(leaf, first, _is_text(answer, leaf))
        if rank == len(_NAMES) + 1:
            numbers.setdefault(parent, leaf)
        elif 0 <= rank < names.get(parent, _Named(99, "", put_in(""))).rank:
            end = min(leaf.end, leaf.start + _LONGEST_NAME)
            if leaf.keys[-1].lower() == "title" and (colon := answer.find(": ", leaf.start + 2, end)) > 0:
                end = colon  # what follows says more of it
            words = taken(answer, ((leaf.start, end),))
            if words.text.strip():
                names[parent] = _Named(rank, leaf.pointer, words)
    return names, numbers


def _rank(leaf: Leaf, first: bool, is_text: bool) -> int:
    """How well a value names its object, 0 best; -1 not at all."""
    key = leaf.keys[-1].lower()
    if key in _NAMES:
        return _NAMES.index(key)
    if len(leaf.value.split()) > _LONGEST_LABEL or not leaf.value.strip():
        return -1
    in_array = len(leaf.keys) > 1 and isinstance(leaf.keys[-2], Index)
    array = leaf.keys[-3].lower() if in_array and len(leaf.keys) > 2 else ""
    capital = is_text and leaf.value[:1].isupper() and truth(leaf.value) is None
    if array and singular(in_words(array)) == in_words(key):
        return len(_NAMES) if capital else len(_NAMES) + 1
    if first and capital:
        whole = len(leaf.keys) == 1 and key not in _PLACES  # the city of an event is not what the answer is about
        return len(_NAMES) if kind(key) and (whole or (in_array and not array)) else -1
    return -1


class _Paths:
    """`small` says that keys are written small, so that one with a capital is a name."""

    def __init__(
        self, names: Mapping[str, _Named], numbers: Mapping[str, Leaf], counts: Mapping[str, int], small: bool
    ) -> None:
        self.names, self.numbers, self.counts, self.small = names, numbers, counts, small
        self.places: dict[str, _Place] = {}

    def path(self, leaf: Leaf, unit: str, is_text: bool) -> Path:
        parent = leaf.pointer.rpartition("/")[0]
        named = self.names.get(parent)
        if named is not None and named.pointer == leaf.pointer:
            return self.naming(leaf, parent)
        place = self.place(parent, leaf.keys[:-1])
        if self.numbers.get(parent) is leaf:
            return Path(None, "", "")  # day 1 is day 1
        listed = isinstance(leaf.keys[-1], Index)
        key = "" if listed else in_words(leaf.keys[-1])
        about = _Place(place.owner, place.steps[:-1]) if listed and not _is_item(place) else place
        thing = _thing(about)
        told = Path(thing, "", "", thing=_begun(thing, about), key=key)
        if thing is not None and is_text and _SENTENCE.match(leaf.value) and len(leaf.value.split()) > _LONGEST_LABEL:
            return told._replace(verb=":")
        if (verb := _done(place, key.lower(), leaf.value)) and (owner := _thing(_Place(place.owner))) is not None:
            return Path(owner, "", verb)
        if listed:
            return self.listed(place, about, self.counts[parent])
        held = leaf.keys[-2:-1] if named is not None else ()
        role = in_words(held[0]) if held and not isinstance(held[0], Index) else ""
        if thing is not None and (verb := _verb(key.lower(), role if named is not None else None)):
            return told._replace(verb=verb)
        unit = unit if key.lower() in _AMOUNTS else ""
        return self.measured(place, told, "" if is_text or leaf.word else unit, number=not is_text and not leaf.word)

    def listed(self, place: _Place, about: _Place, count: int) -> Path:
        """One of a list of values."""
        key = place.steps[-1][0] if about is not place and place.steps else ""
        if key in _DOING:
            thing = _thing(about)
            return Path(thing, "", key, thing=_begun(thing, about))
        verb = "include" if key.endswith("s") and count > 1 else _is(key)
        return self.attribute(about, key, verb)._replace(key="")

    def measured(self, place: _Place, told: Path, unit: str, *, number: bool) -> Path:
        """A value with the unit that its key or its neighbour names: "price_eur": 240."""
        owner, steps = place
        key, low = told.key, told.key.lower()
        name, _, last = low.rpartition(" ")
        if number and last in _UNITS and name:
            key, unit = name, _UNITS[last]
        elif number and low in _MEASURES and told.subject is not None:
            return told._replace(verb="is", after=f" {low}")
        elif key.isdigit() and steps and not steps[-1][1]:  # {"revenue": {"2023": 5}}
            key, steps = f"{steps[-1][0]} {'in ' if len(key) == 4 else ''}{key}", steps[:-1]
        found = self.attribute(_Place(owner, steps), key, _is(key))
        return found._replace(after=f" {unit}" if unit else "", thing=told.thing, key=told.key)

    def naming(self, leaf: Leaf, parent: str) -> Path:
        """What a name says: the ceo of Acme is Ann, the products of Acme include the Lumo."""
        own = leaf.keys[-1].lower()
        key = in_words(leaf.keys[-1])
        if not parent:
            return Path(None, key, "is", key=key)
        place = self.place(parent.rpartition("/")[0], leaf.keys[:-2])
        holder = leaf.keys[-2]
        if own in _CALLING or (self.small and holder[:1].isupper()):
            return self.attribute(_below(place, holder, "", self.small), key, "is")
        if not isinstance(holder, Index):
            return self.attribute(_Place(place.owner, place.steps[:-1]), in_words(holder), "is")
        if place.steps and not place.steps[-1][1]:
            array = place.steps[-1][0]
            return self.attribute(_Place(place.owner, place.steps[:-1]), array, "include")
        return Path(place.owner, key, "is", key=key)

    def attribute(self, place: _Place, key: str, verb: str) -> Path:
        """ "The price per person of Lakes and Larches": the keys behind the last item as one, and what they are of."""
        owner, steps = place
        if owner is None and len(steps) > 1 and steps[0][0].lower() in _WRAPPING:
            steps = steps[1:]
        at = max((n + 1 for n, (_, is_item) in enumerate(steps) if is_item), default=0)
        if owner is None and not at and steps:
            at = 1  # the outermost key stands for whoever has no name
        said = " ".join([*(text for text, _ in steps[at:][-_LONGEST_PATH:]), key]).strip()
        rest = _Place(owner, steps[:at])
        thing = _thing(rest, article=False)
        return Path(thing, said, verb, thing=_begun(thing, rest), key=key)

    def place(self, pointer: str, keys: tuple[str, ...]) -> _Place:
        """The place of an object or array, found once."""
        missing: list[str] = []
        while pointer and pointer not in self.places:
            missing.append(pointer)
            pointer = pointer.rpartition("/")[0]
        root = self.names.get("")
        found = self.places[pointer] if pointer else _Place(root.words if root is not None else None)
        for below in reversed(missing):
            key = keys[below.count("/") - 1]
            named = self.names.get(below)
            number = self.numbers[below].value if below in self.numbers else ""
            found = _below(found, key, number, self.small) if named is None else _Place(named.words)
            self.places[below] = found
        return found


def _is(key: str) -> str:
    return "are" if key.endswith("s") and not key.endswith("ss") else "is"


def _verb(key: str, role: str | None) -> str:
    """The words for a key that is a verb or a preposition; `role` is what someone named is, None where nobody is."""
    if key in _DOING:
        return key
    if key == "since" and role:
        return f"has been {role} since"
    return f"is {key}" if key in _LINKING else ""


def _done(place: _Place, key: str, value: str) -> str:
    """The words for what was done to someone: "founded": 1978, "founded": {"place": "Oslo"}, "written_by"."""
    words = key.split()
    steps = [text.lower() for text, _ in place.steps]
    if not steps and words and (words[0] in DONE or words[0] in STANDING):
        if len(words) == 2 and words[1] in _LINKING:
            return f"{'is' if words[0] in STANDING else 'was'} {key}"
        if len(words) == 1 and key in DONE:
            return f"was {key} {'on' if _DAY.search(value) else 'in'}"
    if len(steps) == 1 and steps[0] in DONE and key in ("year", "date", "place", "location", "city", "country"):
        return f"was {steps[0]} {'on' if _DAY.search(value) else 'in'}"
    return "was founded by" if steps == ["founded", "founders"] else ""


def _is_item(place: _Place) -> bool:
    return not place.steps or place.steps[-1][1]


def _begun(thing: Marked | None, place: _Place) -> str:
    """An object as a sentence begins with it."""
    if thing is None:
        return ""
    return thing.text[:1].upper() + thing.text[1:] if place.steps else thing.text


def _below(place: _Place, key: str, number: str, small: bool) -> _Place:
    """The place of what stands under `key` without a name."""
    owner, steps = place
    if isinstance(key, Index):
        array = steps[-1][0] if steps and not steps[-1][1] else ""
        told = f"{singular(array) if array else 'item'} {number or int(key) + 1}"
        return _Place(owner, (*(steps[:-1] if array else steps), (told, True)))
    if small and key[:1].isupper():
        return _Place(put_in(in_words(key)))
    if not in_words(key):
        return place
    return _Place(owner, (*steps, (in_words(key), False)))


def _thing(place: _Place, *, article: bool = True) -> Marked | None:
    """An object in words: "day 1 of Lakes and Larches", "the revenue of Acme", "Acme"."""
    owner, steps = place
    words: list[str] = []
    told = ""
    for text, is_item in steps[-_LONGEST_PATH:]:
        if is_item:
            told = " of ".join(filter(None, (text, " ".join(words), told)))
            words = []
        else:
            words.append(text)
    if words:
        told = ("the " if article else "") + " of ".join(filter(None, (" ".join(words), told)))
    if not told:
        return owner
    return put_in(told) if owner is None else joined([put_in(f"{told} of "), owner])
