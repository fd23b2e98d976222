"""What a claim speaks of: the names, dates and numbers in its text, linked to the graph where it has them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from groundwire.graph.index import Grade, Hit
from groundwire.graph.names import FUNCTION_WORDS, Token, stem, tokenize
from groundwire.graph.relations import Phrase, Relation
from groundwire.graph.shortened import settled
from groundwire.graph.store import GraphStore, Node
from groundwire.model import Claim

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{4}[./]\d{1,2}[./]\d{1,2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b"
    rf"|\b{_DAY}(?: of)? {_MONTH},? \d{{4}}\b|\b{_MONTH} (?:the )?{_DAY},? \d{{4}}\b"
    rf"|\b{_MONTH},? \d{{4}}\b|\b{_DAY}(?: of)? {_MONTH}(?! ?\d)|\b(?:1[0-9]|20)\d{{2}}\b(?![.,]\d)"
)
# "1.905m" is a number with its unit; "3Arena" and "11th" are none.
_UNIT = r"(?:[kcmµn]?m|[kmµ]?g|[kMG]?Wh?|m?Ah|[kMG]?Hz|[kKMGT]B|k?cal|kJ|ft|mi|lbs?|oz|kph|mph|hp|bn|min|m[ls]|[hls])\b"
_NUMBER = re.compile(rf"(?<![\w.,/-])[-−+]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:[eE][-+]?\d+)?(?![-/.,]?\d|(?!{_UNIT})[^\W_])")
_UNIT_WORD = re.compile(r"[ -]?([^\W\d_]{1,20}|%|°[CF]?)(?:/[^\W\d_]{1,4}|²|³)?")
# What is written as a name is after a number, and is none: "8.6 Ah", "780 million US dollars".
_NO_NAME = re.compile(
    rf"[ -]?(?:(?:thousand|[mbtr]+illion|bn|mn) )?(?:{_UNIT}|[KV]\b|(?:EUR|USD|GBP|CHF|JPY|SEK|AUD|CAD|INR|CNY)\b"
    r"|(?:US|Australian|Canadian|Hong Kong|New Zealand|Swiss) (?:dollar|franc)s?\b)"
)
_UNIT_IN_BRACKETS = re.compile(r" ?\([^\W\d_][^()\d]{0,60}\)")
_CONNECTOR = frozenset(["and", "or", "both", "the", "a", "an", "as", "well", "also", "amp"])
_CLAUSES = frozenset({"where", "which", "while", "who", "whose", "whom", "but", "whilst"})
_CLAUSES_AND = _CLAUSES | {"and"}
_BREAK = re.compile(r"[.;:!?]\s")
_PARTICLES = "of the de la le du da di del della van von der den al el bin ibn y e dos das"
_NAME_PARTS = frozenset(_PARTICLES.split())
_SPANS = frozenset(["day", "days", "week", "weeks", "month", "months", "year", "years", "decade", "decades", "century"])
_MOST_MENTIONS = 60
_LONGEST_RUN = 12


@dataclass
class Mention:
    """A stretch of a claim (`text[start:end]`, tokens `first` to `last`) and the nodes it may name.

    `kind`: "name", "date" or "number". No nodes: a name that the graph does not have, or a value to compare.
    `elsewhere`: the words, where they stand not in the claim but `distance` sentences before it. `every`: all of the
    nodes are meant, not one of them, and nothing else of that name. `surname`: a lone surname, as others
    may have. `amount`: a number in digits that the claim has in words, with its unit where the words go that far.
    """

    start: int
    end: int
    first: int
    last: int
    kind: str
    nodes: tuple[Node, ...] = ()
    grade: int = Grade.EXACT
    group: int = 0
    elsewhere: str | None = None
    distance: int = 0
    every: bool = False
    surname: bool = False
    amount: str | None = None


@dataclass
class Reading:
    """A claim's tokens and mentions. Mentions that stand in one row ("A, B and C") share a `group`.

    `between[n]` are the tokens that stand before group n, up to the group before it; the last, after all groups.
    `spoken_for`: stems by which relations are said, so that they describe nothing else. `affirmed`: the places of a
    "not" by which a relation is said, and not denied.
    """

    text: str
    tokens: list[Token]
    mentions: list[Mention]
    stems: list[str] = field(default_factory=list)
    between: list[tuple[int, int]] = field(default_factory=list)
    possible: dict[str, list[Phrase]] = field(default_factory=dict)
    spoken_for: frozenset[str] = frozenset()
    affirmed: frozenset[int] = frozenset()

    def phrases(self, relation: Relation) -> list[Phrase]:
        """The phrases of a relation whose words all stand in the text, wherever."""
        known = self.possible.get(relation.id)
        if known is None:
            said = set(self.stems)
            known = [phrase for phrase in (*relation.phrases, *relation.wider) if said.issuperset(phrase.stems)]
            self.possible[relation.id] = known
        return known

    def unsure(self, mention: Mention) -> bool:
        """Whether the graph does not have the name, or only names that hold it."""
        return not mention.nodes or mention.grade == Grade.PART

    def words(self, mention: Mention) -> str:
        return self.text[mention.start : mention.end] if mention.elsewhere is None else mention.elsewhere

    def gap(self, number: int) -> list[str]:
        """The stems between group `number` - 1 and group `number`; before the first, and after the last."""
        first, last = self.between[number]
        return self.stems[first:last]

    def gap_words(self, number: int) -> list[str]:
        first, last = self.between[number]
        return [token.norm for token in self.tokens[first:last]]

    def left(self, group: int) -> list[str]:
        """What leads up to a group within its clause; where that is a mere "in" or "on", what led up to the last."""
        first, last = self.between[group]
        start = max((at for at in range(first, last) if self._breaks(at, _CLAUSES)), default=first)
        words = self.stems[start:last]
        if group and all(token.norm in FUNCTION_WORDS for token in self.tokens[first:last]):
            return [*self.left(group - 1), *self._common(group - 1), *words]
        return words if any(token.norm not in FUNCTION_WORDS for token in self.tokens[start:last]) else self.gap(group)

    def next_to(self, one: Mention, other: Mention) -> bool:
        """Whether one of two names follows the other, with nothing but common nouns between."""
        first, last = sorted((one.group, other.group))
        return first < last and all(self._common(group) for group in range(first + 1, last))

    def _common(self, group: int) -> list[str]:
        """The stems of a common noun that the graph has too, as a class: it belongs to "the largest city of"."""
        row = [mention for mention in self.mentions if mention.group == group]
        if len(row) != 1 or row[0].kind != "name" or not self.words(row[0]).islower():
            return []
        return self.stems[row[0].first : row[0].last]

    def right(self, group: int) -> list[str]:
        """What follows a group within its clause."""
        first, last = self.between[group + 1]
        # A break right after the group opens what is said of it: "A, the capital of B", "A, which is in B".
        end = next((at for at in range(first + 1, last) if self._breaks(at, _CLAUSES_AND)), last)
        return [*self.stems[first:end], *(self._common(group + 1) if end == last > first else ())]

    def _breaks(self, at: int, openers: frozenset[str]) -> bool:
        if self.tokens[at].norm in openers:
            return True
        return at > 0 and any(mark in self.text[self.tokens[at - 1].end : self.tokens[at].start] for mark in ",;:(")


def read_claim(claim: Claim, graph: GraphStore) -> Reading:
    """Find the mentions of a claim; what its triples call subject and object may be names, however they are spelt."""
    spans = [span for triple in claim.triples for span in (triple.subject_span, triple.object_span) if span]
    hints = [
        (span.start - piece.source + piece.at, span.end - piece.source + piece.at)
        for span in spans
        for piece in claim.pieces
        if piece.source <= span.start < span.end <= piece.source + piece.length
    ]
    return read(claim.text, graph, hints)


def read(text: str, graph: GraphStore, hints: Sequence[tuple[int, int]] = ()) -> Reading:
    """Find the mentions of a text. `hints`: stretches of it that may be misspelt names."""
    tokens = tokenize(text)
    found = list(_names(tokens, text, graph))
    values = [value for value in _values(tokens, text) if not any(_hides(name, value) for name in found)]
    found = [name for name in found if not any(_hides(value, name) for value in values)] + values
    found += _unknown_names(tokens, text, found, graph)
    units = [match.span() for value in values if (match := _NO_NAME.match(text, value.end)) is not None]
    found = [one for one in found if not any(start < one.start and one.end <= end for start, end in units)]
    found += _hinted(tokens, hints, found, graph)
    mentions = sorted(found, key=lambda mention: (mention.start, -mention.end))[:_MOST_MENTIONS]
    mentions = settled(_disjoint(mentions), tokens, text, graph)
    reading = Reading(text, tokens, mentions, [stem(token.norm) for token in tokens])
    _group(reading)
    return reading


def _names(tokens: list[Token], text: str, graph: GraphStore) -> Iterator[Mention]:
    for hit in graph.names.mentions(tokens, text):
        start, end = tokens[hit.first].start, tokens[hit.last - 1].end
        words = text[start:end]
        if hit.last - hit.first == 1 and (words.isdigit() or len(words) < 2):
            continue  # a lone number or letter is a value, not a name
        nodes: tuple[Node, ...] = hit.nodes  # type: ignore[assignment]
        end += _closing(text, start, end, {graph.full_name(node)[-1:] for node in nodes[:8]})
        yield Mention(start, end, hit.first, hit.last, "name", nodes, hit.grade)


def _closing(text: str, start: int, end: int, endings: set[str]) -> int:
    """1 where the mark after a name's last word belongs to the name: the bracket of "Yes (band)", the dot of "F.C."."""
    mark = text[end : end + 1]
    if mark == ")" and ")" in endings:
        return int(text.count("(", start, end) > text.count(")", start, end))
    # The last dot of a claim ends its sentence.
    return int(mark == "." and "." in endings and end + 1 < len(text))


def _values(tokens: list[Token], text: str) -> list[Mention]:
    found = [(match.start(), match.end(), "date") for match in _DATE.finditer(text)]
    for match in _NUMBER.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end, _ in found):
            bracket = _UNIT_IN_BRACKETS.match(text, match.end())
            found.append((match.start(), bracket.end() if bracket else match.end(), "number"))
    mentions = []
    for start, end, kind in found:
        inside = [at for at, token in enumerate(tokens) if token.start < end and start < token.end]
        if inside:
            mentions.append(Mention(start, end, inside[0], inside[-1] + 1, kind))
    return mentions


def with_unit(reading: Reading, mention: Mention) -> Iterator[str]:
    """A number with the words after it, where its unit may stand: one, two and three of them, then none."""
    end, number = mention.end, mention.amount or reading.text[mention.start : mention.end]
    for _ in range(3):
        unit = _UNIT_WORD.match(reading.text, end)
        if unit is None or unit.group(1).lower() in ("and", "or", "in", "the", "is", "was", "which", "with"):
            break
        end = unit.end()
        yield number + reading.text[mention.end : end]
    yield number


def measured_against(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether a claim only measures one thing by another: "wider than the Tern", "painted ten years after the Pact"."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    words = [token.norm for token in reading.tokens[first.last : second.first]]
    after = any(word in ("after", "before") and before in _SPANS for before, word in pairwise(words))
    return after or "than" in words or words.count("as") > 1


def _hides(outer: Mention, inner: Mention) -> bool:
    """Whether one mention takes the words of another: the longer one does, a name where they are equal."""
    if outer.first >= inner.last or inner.first >= outer.last:
        return False
    longer, shorter = outer.last - outer.first, inner.last - inner.first
    if longer == shorter:
        # A date in words is compared, even where the graph has these very words as a value.
        name = outer if outer.kind == "name" else inner
        return outer is name if any(isinstance(node, str) for node in name.nodes) else outer is not name
    return longer > shorter


def _unknown_names(tokens: list[Token], text: str, known: list[Mention], graph: GraphStore) -> list[Mention]:
    """Capitalised names that the index did not have as they stand: misspelt ones, and ones it does not know."""
    taken: dict[int, Mention] = {at: mention for mention in known for at in range(mention.first, mention.last)}
    found = []
    for first, last in _capitalised(tokens, text):
        inside = [taken.get(at) for at in range(first, last)]
        if inside[0] is not None and all(mention is inside[0] for mention in inside):
            continue
        hit = _misspelt(tokens, first, last, graph)
        if hit is None:
            _overlong(tokens, last, [mention for mention in inside if mention], graph)
        if hit is not None:
            start, end = tokens[hit.first].start, tokens[hit.last - 1].end
            found.append(Mention(start, end, hit.first, hit.last, "name", hit.nodes, hit.grade))  # type: ignore[arg-type]
        elif not any(inside) and not (first == 0 and last == 1 and not graph.names.part_of_names(tokens[0].norm)):
            words = {stem(token.norm) for token in tokens[first:last] if last - first == 1 or len(token.norm) > 1}
            if not words or not words <= graph.vocabulary:  # "ISBN", "USB-C": words of a relation, not a name
                nodes = graph.names.holding(tokens[first:last])
                start, end = tokens[first].start, tokens[last - 1].end
                found.append(Mention(start, end, first, last, "name", nodes, Grade.PART))  # type: ignore[arg-type]
    return found


def _overlong(tokens: list[Token], last: int, inside: list[Mention], graph: GraphStore) -> None:
    """A known name at the head of a longer one means the longer, which is not known: London Stock Exchange.

    Words of relations and sorts of things may follow a name: "Apollo 11 Mission".
    """
    end = inside[-1] if inside else None
    if end is None or end.kind != "name" or end.last >= last:
        return
    rest = tokens[end.last : last]
    if all(stem(token.norm) in graph.vocabulary for token in rest) or any(token.norm.isdigit() for token in rest):
        return
    end.nodes, end.grade = (), Grade.PART
    end.last, end.end = last, tokens[last - 1].end


def _hinted(
    tokens: list[Token], hints: Sequence[tuple[int, int]], known: list[Mention], graph: GraphStore
) -> Iterator[Mention]:
    sure = {at for mention in known if mention.nodes for at in range(mention.first, mention.last)}
    for start, end in dict.fromkeys(hints):
        inside = [at for at, token in enumerate(tokens) if start <= token.start and token.end <= end]
        if inside and not sure & set(inside) and (hit := _misspelt(tokens, inside[0], inside[-1] + 1, graph)):
            first, last = tokens[hit.first], tokens[hit.last - 1]
            yield Mention(first.start, last.end, hit.first, hit.last, "name", hit.nodes, hit.grade)  # type: ignore[arg-type]


def _misspelt(tokens: list[Token], first: int, last: int, graph: GraphStore) -> Hit | None:
    """The name that a capitalised run spells, a title before it left out if need be."""
    if last - first > _LONGEST_RUN:
        return None
    starts = range(first, max(first + 1, min(first + 3, last - 1)))
    return next((hit for at in starts if (hit := graph.names.misspelt(tokens, at, last)) is not None), None)


def _capitalised(tokens: list[Token], text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(tokens):
        if not _upper(tokens[at], text):
            at += 1
            continue
        last = end = at + 1
        while end < len(tokens) and (_upper(tokens[end], text) or tokens[end].norm in _NAME_PARTS):
            if not text[tokens[end - 1].end : tokens[end].start].strip(" .-–'’"):
                end += 1
                if _upper(tokens[end - 1], text):
                    last = end
            else:
                break
        yield at, last
        at = last


def _upper(token: Token, text: str) -> bool:
    return text[token.start].isupper() and not (token.norm in FUNCTION_WORDS and token.norm != "us")


def _disjoint(mentions: list[Mention]) -> list[Mention]:
    """Overlaps resolved: what is misspelt but longer takes the place of what lies in it."""
    kept: list[Mention] = []
    for mention in mentions:
        if kept and mention.first < kept[-1].last:
            if mention.last - mention.first > kept[-1].last - kept[-1].first:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def regroup(reading: Reading, mentions: Sequence[Mention]) -> None:
    """Gives a reading other mentions than it had."""
    reading.mentions, reading.between = sorted(mentions, key=lambda one: one.start), []
    _group(reading)


def _group(reading: Reading) -> None:
    group, end = 0, 0
    for at, mention in enumerate(reading.mentions):
        joined = at > 0 and all(token.norm in _CONNECTOR for token in reading.tokens[end : mention.first])
        joined = joined and mention.kind == reading.mentions[at - 1].kind
        joined = joined and not _BREAK.search(reading.text, reading.mentions[at - 1].end, mention.start)
        if not joined:
            reading.between.append((end, mention.first))
            group = len(reading.between) - 1
        mention.group = group
        end = mention.last
    reading.between.append((end, len(reading.tokens)))
