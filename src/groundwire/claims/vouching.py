"""A claim that a language model made, held against the sentence that it is said to come from.

What it may do: leave words out, put a name for a pronoun, say less at once. What it may not: change a number, a name or
a negation, turn names around, bring in words that nobody said. And the claims of a sentence together may leave
nothing out. Who does not keep to this is not believed: better spaCy's claims than claims of something else.
"""

import re
import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import Stemmer
from rapidfuzz import fuzz

from groundwire.claims.asking import Said
from groundwire.claims.lexicon import HEDGES, LINKING, PASSED
from groundwire.claims.marked import Marked, joined, put_in
from groundwire.model import Span

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)?|[^\W_]+")
_NEGATIONS = frozenset(("not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without"))
_TURNING = ("by", "than")  # without them, who did it or is more would be another one
_JOINING = frozenset(("and", "but", "while", "whereas"))
_POSSESSIVE = ("", "'s", "’s")
_NEARLY = 88  # of 100, how much of a quote must be found, letter by letter
_SHARED = 0.6  # how much of a claim's own words a sentence must have to be its source without a quote


class Word(NamedTuple):
    """A word of a text: `form` to compare it by, and where it stands. `kind`: "number", "name", "word", "" (passed)."""

    form: str
    start: int
    end: int
    kind: str


class _Stemmers(threading.local):
    """A stemmer keeps a buffer of its own, so threads do not share one."""

    def __init__(self) -> None:
        self.stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord


_stemmers = _Stemmers()


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        written = match[0].replace("’", "'")
        low = _folded(written).removesuffix("'s") or written
        if low.endswith("n't") or low == "cannot":
            low = "not"
        if low[0].isdigit():
            form, kind = low.replace(",", ""), "number"
        elif low in PASSED or (low in LINKING and found and found[-1].form in ("in", "for")):
            form, kind = low, ""
        else:
            form, kind = _stemmers.stem(low[:64]), "name" if written[0].isupper() else "word"
        found.append(Word(form, match.start(), match.end(), kind))
    return found


def _folded(word: str) -> str:
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return word.lower()


class Draft(NamedTuple):
    """A claim that was found in its sentence: its words with their places in the answer, and where it stands there."""

    words: Marked
    span: Span


class Source:
    """A sentence that claims may come from."""

    def __init__(self, sentence: Marked) -> None:
        self.sentence = sentence
        self.words = words_of(sentence.text)
        self.forms = [word.form for word in self.words]
        self._known = set(self.forms)

    def find(self, quote: Sequence[Word]) -> tuple[int, int] | None:
        """Where the quote stands, as a range of words, word for word."""
        forms = [word.form for word in quote]
        if not forms:
            return None
        for at in range(len(self.forms) - len(forms) + 1):
            if self.forms[at : at + len(forms)] == forms:
                return at, at + len(forms)
        return None

    def find_nearly(self, quote: Sequence[Word]) -> tuple[float, tuple[int, int]] | None:
        """Where something very like the quote stands, and how like it is."""
        sought, held = (" ".join(forms) for forms in ([word.form for word in quote], self.forms))
        if not sought or len(sought) > len(held) * 1.2:
            return None
        found = fuzz.partial_ratio_alignment(sought, held, score_cutoff=_NEARLY)
        if found is None:
            return None
        first = held.count(" ", 0, found.dest_start)
        last = held.count(" ", 0, max(found.dest_end - 1, found.dest_start))
        return found.score, (first, last + 1)

    def share(self, claim: Sequence[Word]) -> float:
        """How many of the claim's words that say something the sentence has. Its names may come from elsewhere."""
        said = [word for word in claim if word.kind in ("word", "number")]
        if len(said) < 2:
            said = [word for word in claim if word.kind]
        return sum(word.form in self._known for word in said) / len(said) if said else 0.0

    def fault_of(self, claim: Sequence[Word], around: set[str]) -> str | None:
        """Why the claim is not what this sentence says, if so. `around`: what is said or asked elsewhere."""
        own = [word for word in claim if word.form in self._known]
        for word in claim:
            if word.kind == "number" and word.form not in self._known:
                return "another number"
            if word.kind and word.form not in self._known and word.form not in around:
                return "words that nobody said"
        bound, here = _bound(claim), _bound(self.words)
        loose = {form for _, form in here - bound}
        if not bound <= here or any(word.form in loose for word in claim):
            return "another negation or doer"
        for kind in ("number", "name"):
            # By what the sentence takes a word for: where a claim begins, a name cannot be told by its capital.
            mine = {word.form for word in self.words if word.kind == kind}
            if not _in_order([w.form for w in own if w.form in mine], [f for f in self.forms if f in mine]):
                return "another order"
        return "another doer" if self._crosses([word.form for word in own if word.kind]) else None

    def _crosses(self, claim: Sequence[str]) -> bool:
        """Whether the claim goes from one statement of the sentence over into another, or turns its words round.

        "Profit fell and revenue rose" does not say that profit rose: "revenue" stands between "and" and "rose". And
        "causes ulcers and prevents strokes" does not say that ulcers are prevented. Names and numbers may move.
        """
        words = {word.form for word in self.words if word.kind == "word"}
        at = -1
        for form in claim:
            later = next((n for n in range(at + 1, len(self.forms)) if self.forms[n] == form), None)
            if later is None:
                if form in words:
                    return True
                continue
            between = self.words[at + 1 : later] if at >= 0 else []
            joint = max((n for n, word in enumerate(between) if word.form in _JOINING), default=None)
            if joint is not None and any(word.kind and word.form not in claim for word in between[joint:]):
                return True
            at = later
        return False

    def draft(self, text: str, claim: Sequence[Word], quote: Sequence[Word]) -> Draft:
        """The claim with the place of every character that is the sentence's own."""
        own: list[tuple[int, Marked]] = []
        matcher = SequenceMatcher(None, self.forms, [word.form for word in claim], autojunk=False)
        matched: list[int] = []
        for theirs, ours, size in matcher.get_matching_blocks():
            matched += range(theirs, theirs + size)
            for at in range(size):
                if at:  # what stands between two words, where it is the same
                    left, right = self.words[theirs + at - 1].end, claim[ours + at - 1].end
                    gap = self.sentence.cut(left, self.words[theirs + at].start)
                    if gap.text == text[right : claim[ours + at].start]:
                        own.append((right, gap))
                own += self._own(text, self.words[theirs + at], claim[ours + at])
        near = self.find_nearly(quote)
        return Draft(_written(text, own), self._span(self.find(quote) or (near and near[1]), matched))

    def _own(self, text: str, theirs: Word, ours: Word) -> Iterator[tuple[int, Marked]]:
        """One word and where it stands, if it is the same word: another form of it is not the answer's."""
        written, said = self.sentence.text[theirs.start : theirs.end], text[ours.start : ours.end]
        length = min(len(written), len(said))
        rest = max(written, said, key=len)[length:]
        if written[1:length] != said[1:length] or written[0].lower() != said[0].lower() or rest not in _POSSESSIVE:
            return
        first = int(written[0] != said[0])
        yield ours.start + first, self.sentence.cut(theirs.start + first, theirs.start + length)

    def _span(self, quoted: tuple[int, int] | None, matched: Sequence[int]) -> Span:
        """Where the claim stands in the answer: the quote, unless most of the claim stands elsewhere."""
        said = [at for at in matched if self.words[at].kind] or list(matched) or list(range(len(self.words)))
        if quoted is None or 2 * sum(quoted[0] <= at < quoted[1] for at in said) < len(said):
            quoted = min(said), max(said) + 1
        start, end = self.words[quoted[0]].start, self.words[quoted[1] - 1].end
        return self.sentence.cut(start, end).span


def _written(text: str, own: Iterable[tuple[int, Marked]]) -> Marked:
    """The text with its stretches that are the sentence's own, which come in order."""
    parts: list[Marked] = []
    done = 0
    for at, words in own:
        parts += [put_in(text[done:at]), words]
        done = at + len(words.text)
    return joined([*parts, put_in(text[done:])])


def vouch(
    said: Iterable[Said], lines: Sequence[Marked], before: str, question: str | None
) -> tuple[dict[int, list[Draft]], Counter[str]]:
    """The claims that are what a line says, by the number of the line; and why the others are not, counted.

    A claim may take names from what stands before its line, from `before` and from the question.
    """
    sources = [Source(line) for line in lines]
    known = {word.form for word in words_of(f"{question or ''}\n{before}")}
    around = list(accumulate((set(source.forms) for source in sources), set.union, initial=known))[1:]
    found: defaultdict[int, list[Draft]] = defaultdict(list)
    refused: Counter[str] = Counter()
    line = 0
    for each in said:
        claim, quote = words_of(each.text), words_of(each.quote)
        at = _placed(claim, quote, sources, line)
        if at is None:
            refused["not found"] += 1
        elif fault := sources[at].fault_of(claim, around[at]):
            refused[fault] += 1
        else:
            found[at].append(sources[at].draft(each.text, claim, quote))
            line = at
    return found, refused


def leaves_out(line: Marked, drafts: Iterable[Draft], *, since: int = 0) -> bool:
    """Whether a line, from the character `since` on, says something that none of its claims says."""
    said = {word.form for draft in drafts for word in words_of(draft.words.text)}
    return any(word.kind and word.start >= since and word.form not in said for word in words_of(line.text))


def _placed(said: Sequence[Word], quote: Sequence[Word], sources: Sequence[Source], after: int) -> int | None:
    """The number of the sentence that a claim comes from: by its quote, else by its words. None: from no one.

    Of several that have the quote word for word, the first from `after` on.
    """
    having = [at for at, source in enumerate(sources) if source.find(quote)]
    if having:
        return next((at for at in having if at >= after), having[0])
    like = [(found[0], -at) for at, source in enumerate(sources) if (found := source.find_nearly(quote))]
    if like:
        return -max(like)[1]
    share, at = max(((source.share(said), -at) for at, source in enumerate(sources)), default=(0.0, 0))
    return -at if share >= _SHARED else None


@cache
def _unsure() -> frozenset[str]:
    """What makes a statement less than certain, as `Word.form` has it."""
    return frozenset(_stemmers.stem(word) for word in (*HEDGES, "may", "might", "could", "if", "unless", "only"))


def _bound(words: Sequence[Word]) -> set[tuple[str, str]]:
    """What stands under a negation, a hedge or an "if", behind "by" and "than": the next word that says something."""
    found = set()
    for at, word in enumerate(words):
        if word.form in _NEGATIONS or word.form in _TURNING or word.form in _unsure():
            mark = "not" if word.form in _NEGATIONS else word.form
            found.add((mark, next((later.form for later in words[at + 1 :] if later.kind), "")))
    return found


def _in_order(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether `few` come in `many` one after another; the same word may come again."""
    rest = iter(many)
    return all(any(form == other for other in rest) for form in dict.fromkeys(few))
