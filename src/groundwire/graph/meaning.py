"""Which relation a claim states, by what it means: for claims that no wording and no word of a name decides.

Relations that the graph has of what a claim names are said in the claim's own words ("The room of Three Herons is
Cabinet A."), and an entailment model is asked whether the claim follows. So only the relation is found out; whether
the graph has this fact, or another, is compared as ever.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from groundwire.errors import ModelError
from groundwire.graph.denials import denials
from groundwire.graph.readings import Said, Statement, statements

if TYPE_CHECKING:
    from groundwire.graph.links import Linker

Entails = Callable[[Sequence[tuple[str, str]], float | None], Sequence[float]]
"""The probability, for each pair of premise and hypothesis, that the premise entails the hypothesis.

The number is the moment of `time.monotonic()` after which nobody waits for it, None where there is none.
"""

_MOST_PAIRS = 40
# From which probability on a claim says what a statement does: the graph's own fact; another value than the graph
# has; another name than it has, which may be meant in many more ways.
_FACT, _VALUE, _NAME = 0.35, 0.5, 0.6
_CLEARLY = 0.8
_IN_PART = 0.3
"""How likely a statement alone must be, where only several together say what the claim does, if it is no fact."""
_EVEN = 0.03
"""Where two relations are meant as likely as this, the one that the graph has is taken."""
_AHEAD = 0.1
"""How much likelier a fact must be than the same the other way round, or with objects that changed places."""


class Meant(NamedTuple):
    """How clearly a claim says relations of its mentions, by the measure of `wording`.

    `affirmed`: a "not" in it belongs to what the facts say, and denies nothing: "should not be taken" of what is
    contraindicated.
    """

    said: Mapping[Said, float] = {}
    affirmed: bool = False


class _Likely(NamedTuple):
    chance: float
    statement: Statement


def meant(linker: "Linker", entails: Entails, until: float | None = None) -> Meant:
    """What the claim says of its mentions. Raises: what `entails` does; ModelError for what is no probability."""
    asked = list(statements(linker))[:_MOST_PAIRS]
    if not asked:
        return Meant()

    def ask(sentences: Sequence[str], claim: str) -> Sequence[float]:
        chances = entails([(sentence, claim) for sentence in sentences], until)
        if len(chances) != len(sentences) or not all(0 <= chance <= 1 for chance in chances):
            raise ModelError("the entailment model's probabilities are none")  # as NaN, which would pass for unlikely
        return chances

    found = _said(linker, asked, lambda sentences: ask(sentences, linker.reading.text))
    if not denials(linker.reading):
        return Meant(found)
    affirmed = _affirmed(linker)
    if found and not _named(linker).difference(*((said.subject, said.object) for said in found)):
        # What is denied, and follows as it stands, is said by a relation that denies or limits; and then it follows
        # less without its "not".
        told = " ".join(each.sentence for each in asked if each.said in found and not each.turned)
        if ask([told], linker.reading.text)[0] > ask([told], affirmed)[0] + _AHEAD:
            return Meant(found, affirmed=True)
    return Meant(_said(linker, asked, lambda sentences: ask(sentences, affirmed)))


def _said(
    linker: "Linker", asked: Sequence[Statement], ask: Callable[[Sequence[str]], Sequence[float]]
) -> dict[Said, float]:
    chances = ask([each.sentence for each in asked])
    ranked = sorted(map(_Likely, chances, asked), key=lambda likely: -likely.chance - _EVEN * likely.statement.known)
    found = {likely.statement.said: likely.chance for likely in _alone(ranked)}
    whole = _whole(_named(linker), ranked)
    if len(whole) > 1:
        others, swapped = list(_otherwise(whole, ranked)), list(_swapped(whole, ranked))
        ways = [whole, *others, *swapped]
        chances = list(ask([" ".join(likely.statement.sentence for likely in way) for way in ways]))
        chances[0] += _EVEN * all(likely.statement.known for likely in whole)
        best = max(range(len(ways)), key=lambda at: chances[at])
        sure = best > 0 or chances[0] >= max(chances[len(others) + 1 :], default=0.0) + _AHEAD
        for likely in whole if best or not sure else ():
            found.pop(likely.statement.said, None)
        if sure and chances[best] >= max(_least(likely.statement) for likely in ways[best]):
            for likely in ways[best]:
                if likely.statement.known or likely.chance >= _IN_PART or chances[best] >= _CLEARLY:
                    found[likely.statement.said] = max(chances[best], found.get(likely.statement.said, 0.0))
    return {said: 0.9 if chance >= _CLEARLY else 0.6 for said, chance in found.items()}


def _least(statement: Statement) -> float:
    return _FACT if statement.known else _VALUE if statement.value else _NAME


def _alone(ranked: Sequence[_Likely]) -> Iterator[_Likely]:
    """What alone says what the claim does: for each object the likeliest, where it is likely enough."""
    turned = {each.said.turned: chance for chance, each in ranked if each.turned}
    seen: set[int] = set()
    for likely in ranked:
        chance, statement = likely
        if statement.turned or statement.said.object in seen:
            continue
        seen.add(statement.said.object)
        if chance >= max(_least(statement), turned.get(statement.said, 0.0) + _AHEAD):
            yield likely


def _whole(named: set[int], ranked: Sequence[_Likely]) -> list[_Likely]:
    """The likeliest statements that speak of all that is named, facts before others; none, where some is left."""
    chosen: list[_Likely] = []
    left = set(named)
    for likely in sorted(ranked, key=lambda likely: (not likely.statement.known, -likely.chance)):
        said = likely.statement.said
        if not likely.statement.turned and said.object in left:
            chosen.append(likely)
            left -= {said.object, said.subject}
    return chosen if not left else []


def _otherwise(whole: Sequence[_Likely], ranked: Sequence[_Likely]) -> Iterator[list[_Likely]]:
    """The same with another statement about one object, the likeliest that is no fact."""
    others = [likely for likely in ranked if not likely.statement.known and not likely.statement.turned]
    for at, (_, one) in enumerate(whole):
        for likely in others:
            if likely.statement.said.object == one.said.object and likely is not whole[at]:
                yield [*whole[:at], likely, *whole[at + 1 :]]
                break


def _swapped(whole: Sequence[_Likely], ranked: Sequence[_Likely]) -> Iterator[list[_Likely]]:
    """The same with two objects that changed places."""
    by_said = {likely.statement.said: likely for likely in ranked}
    for at, (_, one) in enumerate(whole):
        for then, (_, other) in enumerate(whole[at + 1 :], at + 1):
            here = by_said.get(one.said._replace(object=other.said.object))
            there = by_said.get(other.said._replace(object=one.said.object))
            if here and there and one.said.relation != other.said.relation:
                yield [*whole[:at], here, *whole[at + 1 : then], there, *whole[then + 1 :]]


def _named(linker: "Linker") -> set[int]:
    """Where the names and values of the claim stand, common nouns left out."""
    return {
        mention.start
        for mention in linker.reading.mentions
        if mention.elsewhere is None and (mention.kind != "name" or not linker.reading.words(mention).islower())
    }


def _affirmed(linker: "Linker") -> str:
    """The claim without its "not": which relation it denies is asked as if it affirmed it."""
    reading, text = linker.reading, linker.reading.text
    for at in reversed(denials(reading)):
        token = reading.tokens[at]
        text = f"{text[: token.start]}{text[token.end :].lstrip(' ')}"
    return text
