"""Two things of a claim compared by what the graph knows of both: older, heavier, more goals, released before."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from groundwire.graph.amounts import BARE_NUMBER, DURATION
from groundwire.graph.denials import denials
from groundwire.graph.links import Link, Linker
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, name_stems
from groundwire.graph.orders import Breach
from groundwire.graph.periods import over
from groundwire.graph.relations import Relation
from groundwire.graph.statements import DATE
from groundwire.graph.store import Fact
from groundwire.graph.wording import COPULAS, GENERIC, MODIFIERS

_MORE = "more greater higher larger bigger longer heavier"
_LESS = "fewer less lower smaller shorter lighter"
_AMOUNTS = {**dict.fromkeys(_MORE.split(), True), **dict.fromkeys(_LESS.split(), False)}
_BEFORE = {"before": False, "after": True, "earlier": False, "later": True, "sooner": False}
_BY_HOW_MUCH = "a bit considerably even far little lot much rather significantly slightly somewhat still way"
_DEGREES = frozenset(_BY_HOW_MUCH.split())
_HAVING = frozenset(["has", "have", "had", "with", "holds", "got", "there"])
_LEADING = frozenset(["the", "a", "an", "this"])
_IRREGULAR = {"elder": "eldest", "further": "farthest", "farther": "farthest"}
_DOUBLED = re.compile(r"(.{2,}?)(?:ier|er)")

_LASTING = ("duration", "runtime", "running_time")  # what lasts is longer by its duration, if it has one

Sense = tuple[Relation, bool]
"""A relation by which two things are compared, and whether the first has the larger value."""


class Comparison(NamedTuple):
    """ "Ann is older than Ben", from `start` to `end`: by which relations, or by those whose names have these stems.

    `dates`: what is compared are days.
    """

    one: Mention
    other: Mention
    senses: tuple[Sense, ...]
    nouns: frozenset[str]
    more: bool
    dates: bool
    start: int
    end: int


class Compared(NamedTuple):
    """The facts that bear out comparisons, what they rule out, and the stems of the words that they bear out."""

    links: list[Link]
    wrong: list[Breach]
    words: frozenset[str]


def compared(linker: Linker) -> Compared:
    """Comparisons of two things of which the graph has the values.

    Each is borne out, or ruled out, where all relations that may be meant say so. Where a value is missing, where there
    are several, or where two are equal as far as they are known, nothing is said.
    """
    links: list[Link] = []
    wrong: list[Breach] = []
    words: set[str] = set()
    if linker.reading.text.rstrip().endswith("?") or denials(linker.reading):
        return Compared(links, wrong, frozenset())
    for said in _comparisons(linker):
        verdicts = list(_verdicts(linker, said))
        facts = [fact for _, pair in verdicts for fact in pair]
        if verdicts and all(right for right, _ in verdicts):
            for at, fact in enumerate(facts):
                ends = (said.other, said.one) if at % 2 else (said.one, said.other)
                links.append(Link((fact,), *ends, 1.0))
            words.update(linker.reading.stems[said.start : said.end])
        elif verdicts and not any(right for right, _ in verdicts):
            tokens = linker.reading.tokens[said.start : said.end]
            text = linker.reading.text[tokens[0].start : tokens[-1].end]
            known = " and ".join(linker.graph.label(fact.object) for fact in facts[:2])
            wrong.append(Breach(f'"{text}"', tuple(facts), f"the values are {known}"))
    return Compared(links, wrong, frozenset(words))


def _comparisons(linker: Linker) -> Iterator[Comparison]:
    reading = linker.reading
    tokens = [token.norm for token in reading.tokens]
    for at, word in enumerate(tokens):
        ends = _ends(reading, at) if word in ("than", "before", "after") else None
        if ends is None or any(len(end.nodes) != 1 or reading.unsure(end) for end in ends):
            continue
        one, other = ends
        said = [place for place in range(one.last, at) if tokens[place] not in _DEGREES]
        if word != "than":
            verb = frozenset(reading.stems[place] for place in said if tokens[place] not in FUNCTION_WORDS)
            if verb:
                yield Comparison(one, other, (), verb, _BEFORE[word], True, one.last, at + 1)
        elif said and tokens[said[-1]] in _BEFORE:  # "released earlier than"
            verb = frozenset(reading.stems[place] for place in said[:-1] if tokens[place] not in FUNCTION_WORDS)
            if verb:
                yield Comparison(one, other, (), verb, _BEFORE[tokens[said[-1]]], True, said[-1], at + 1)
        elif (found := _by(linker, one, other, said, at)) is not None:
            yield found


def _ends(reading: Reading, at: int) -> tuple[Mention, Mention] | None:
    """What stands before and after the word that compares, where the claim is about these two and goes no further."""
    tokens, names = reading.tokens, [one for one in reading.mentions if one.kind == "name"]
    before = [one for one in names if one.last <= at]
    after = at + 1
    while after < len(tokens) and tokens[after].norm in ("the", "that", "those", "of"):
        after += 1
    other = next((one for one in names if at < one.first <= after), None)
    if other is None or not before:
        return None
    one = before[0]
    for named in before[1:]:  # "Kelmar Rovers are an older club": a sort of thing is no name
        if named.first <= one.last or reading.words(named)[:1].isupper():
            return None
    apart = reading.text[reading.tokens[one.first - 1].end : one.start] if one.first else ""
    lead = one.first - (one.first > 0 and tokens[one.first - 1].norm in _LEADING)
    fresh = lead == 0 or "," in reading.text[tokens[lead - 1].end : tokens[lead].start] or "," in apart
    of = one.first - 1 if one.first and tokens[one.first - 1].norm == "of" else lead - 1
    if not fresh and not (of >= 0 and tokens[of].norm == "of"):
        return None
    if other.last != len(tokens) or reading.text[other.end :].strip(" .!'’s"):
        return None
    return one, other


def _by(linker: Linker, one: Mention, other: Mention, said: Sequence[int], than: int) -> Comparison | None:
    """What "than" compares two names by, from the words between the first of them and it."""
    reading = linker.reading
    tokens = [token.norm for token in reading.tokens]
    lead = [at for at in range(one.first) if tokens[at] not in FUNCTION_WORDS and tokens[at] not in MODIFIERS]
    of = one.first > 0 and any(tokens[at] == "of" for at in range(max(0, one.first - 2), one.first))
    at = next((at for at in said if _amount(tokens, at) is not None or _senses(linker, tokens, at)[0]), None)
    if at is None:
        return None
    own = reading.text[one.end : one.end + 2].replace("’", "'") == "'s"
    rest = [place for place in said if place > at]
    before = [place for place in said if place < at]
    more = _amount(tokens, at)
    if of or own:  # "the price of A is higher than that of B", "A's price is higher than B's"
        places = lead if of else [place for place in before if tokens[place] not in FUNCTION_WORDS]
        nouns = frozenset(reading.stems[place] for place in places)
        if more is None or rest or not nouns or (of and not all(tokens[place] in COPULAS for place in before)):
            return None
        return Comparison(one, other, (), nouns, more, False, at, than + 1)
    senses, taken = _senses(linker, tokens, at)
    plain = [place for place in before if tokens[place] not in COPULAS and tokens[place] not in _LEADING]
    rest = [place for place in rest if place >= at + taken]
    if senses and not plain and (not rest or (len(rest) == 1 and tokens[at - 1] in _LEADING)):
        return Comparison(one, other, tuple(senses), frozenset(), True, False, at, than + 1)
    nouns = frozenset(reading.stems[place] for place in rest if tokens[place] not in FUNCTION_WORDS)
    verb = {reading.stems[place] for place in plain if tokens[place] not in _HAVING and tokens[place] != "been"}
    if more is None or not nouns:
        return None
    return Comparison(one, other, (), nouns | verb, more, False, at, than + 1)


def _amount(tokens: Sequence[str], at: int) -> bool | None:
    return _AMOUNTS.get(tokens[at])


def _senses(linker: Linker, tokens: Sequence[str], at: int) -> tuple[list[Sense], int]:
    """What a comparative ranks by, as the packs have its superlative, and how many words it is: "more expensive"."""
    known = linker.book.superlatives
    if tokens[at] in ("more", "less") and at + 1 < len(tokens):
        most = known.get(("most", tokens[at + 1]), [])
        return [(relation, up is (tokens[at] == "more")) for relation, up in most], 2 if most else 1
    word, found = tokens[at], _DOUBLED.fullmatch(tokens[at])
    if found is None:
        return [], 1
    lasting = [(linker.book.get(name), word == "longer") for name in _LASTING if word in ("longer", "shorter")]
    forms = (_IRREGULAR.get(word, ""), f"{word[:-1]}st", f"{word[:-2]}est")
    return [*(sense for form in dict.fromkeys(forms) for sense in known.get((form,), [])), *lasting], 1


def _verdicts(linker: Linker, said: Comparison) -> Iterator[tuple[bool, tuple[Fact, Fact]]]:
    """What each relation says that may be meant, and of which both have a value."""
    mine, theirs = (_values(linker, end) for end in (said.one, said.other))
    for name in mine:
        ups = list(_meant(linker, name, said))
        if name not in theirs or not ups:
            continue
        (parts, fact), (others, known) = mine[name], theirs[name]
        if said.dates and not all(DATE.fullmatch(linker.graph.label(each.object)) for each in (fact, known)):
            continue
        order = next(((one > other) for one, other in zip(parts, others, strict=False) if one != other), None)
        if order is None:
            return  # "as old as" at least as far as it is known
        for up in dict.fromkeys(ups):
            yield order is up, (fact, known)


def _meant(linker: Linker, name: str, said: Comparison) -> Iterator[bool]:
    """Whether the first has the larger value in a relation that the comparison may mean, if it may."""
    relation = linker.book.get(name)
    own = {*name_stems(name), *relation.stems}
    for sense, up in said.senses:
        if sense.id == relation.id or (not relation.phrases and _called(sense, name)):
            yield up
    if said.nouns:
        wide = own | {word for phrase in relation.phrases for word in phrase.stems} if said.dates else own
        telling = [word for word in said.nouns if word not in GENERIC]
        is_date = relation.object == "date" or not relation.phrases
        if telling and wide.issuperset(said.nouns) and (is_date or not said.dates):
            yield said.more


def _called(sense: Relation, name: str) -> bool:
    """Whether a relation that no pack names is called so by its words: weight_g is a weight."""
    words = set(name_stems(name))
    return any(words >= (told := set(name_stems(one))) and bool(told) for one in (sense.id, *sense.names))


def _values(linker: Linker, mention: Mention) -> dict[str, tuple[tuple[float, ...], Fact]]:
    """The number or date that something has by each relation, where it has one only."""
    found: dict[str, list[tuple[tuple[float, ...], Fact]]] = {}
    for fact in linker.facts_of(mention) if linker.whole(mention) else ():
        parts = parts_of(linker.graph.label(fact.object).strip())
        if not over(linker.graph.periods(fact)):
            found.setdefault(fact.relation, []).append((parts, fact) if parts else ((), fact))
    return {name: known[0] for name, known in found.items() if len(known) == 1 and known[0][0]}


def parts_of(label: str) -> tuple[float, ...] | None:
    """A number, a length of time in seconds, or the parts of a date; None for anything else."""
    if DATE.fullmatch(label):
        return tuple(float(part) for part in label.split("-"))
    if label[1:] and (length := DURATION.fullmatch(label)) is not None:
        days, hours, minutes, seconds = (float(part or 0) for part in length.groups())
        return (((days * 24 + hours) * 60 + minutes) * 60 + seconds,)
    number = BARE_NUMBER.fullmatch(label)
    return (float(label.replace(",", "")),) if number else None
