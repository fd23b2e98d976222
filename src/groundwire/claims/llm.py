"""The extractor that asks a language model, and believes it only where its claims are the answer's own.

Everything is read with spaCy first. The model is then asked about the English sentences that state something, and
takes spaCy's place sentence by sentence, where what it says was found in the sentence and leaves nothing of it out.
So a model that fails, talks nonsense or obeys the text costs claims of its own, and never a sentence.
"""

import hashlib
import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from groundwire.claims.asking import LanguageModel, Said, parse, prompt
from groundwire.claims.discourse import Discourse
from groundwire.claims.extract import Read, SpacyExtractor, numbered
from groundwire.claims.language import ENGLISH
from groundwire.claims.parse import Name
from groundwire.claims.reading import Reading
from groundwire.claims.segments import Sort
from groundwire.claims.statements import spoken
from groundwire.claims.undivided import undivided
from groundwire.claims.vouching import Draft, leaves_out, vouch
from groundwire.errors import UpstreamError
from groundwire.model import Claim, Span

log = logging.getLogger("groundwire.claims")

_REVISION = "2"  # of what the model is told and of how its claims are checked
_PART = 1500  # code points that are asked about at once, and that are shown of what stands before
_AT_ONCE = 16
_REMEMBERED = 4096  # sentences
_SHARE = 0.5  # of the time until the deadline; the judges need the rest
_PROSE = (Sort.SENTENCE, Sort.ITEM, Sort.HEADING)


class LlmExtractor:
    """Claims by a language model, and spaCy's wherever it does not answer or cannot be believed.

    Safe to share between threads. `timeout` is how many seconds one call of `extract` may wait for the model; with a
    deadline, no more than half of what is left. `spacy` says how finely sentences are divided. A sentence is asked
    about once, as long as it is remembered, for the same question and the same text before it.
    """

    name = "llm"

    def __init__(self, model: LanguageModel, spacy: SpacyExtractor | None = None, *, timeout: float = 10) -> None:
        self.model, self.timeout = model, timeout
        self.spacy = spacy or SpacyExtractor()
        self.version = f"llm {_REVISION} {model.name}, spacy {self.spacy.version}"
        self._counts: Counter[str] = Counter()
        self._known: OrderedDict[bytes, tuple[Claim, ...] | None] = OrderedDict()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="groundwire-claims")

    @property
    def counts(self) -> Mapping[str, int]:
        """What became of what was asked, since the start.

        `asked`: questions to the model. `fallback.WHY`: questions without a usable reply, where WHY is `timeout`,
        `deadline` (there was no time to ask), `error`, `refusal`, `nonsense` (no JSON of the right form) or `empty`
        (no claims). `refused.WHY`: claims that are not what the answer says. `sentences`: those taken from the model;
        `left`: those that it was asked about and that were taken from spaCy. `remembered`: those not asked about again.
        """
        with self._lock:
            return dict(self._counts)

    def warm(self) -> None:
        """Load spaCy, and what it takes to ask the model. It is not asked."""
        self.spacy.warm()
        self.model.warm()

    def extract(
        self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
    ) -> tuple[Claim, ...]:
        read = self.spacy.by_segment(answer, question=question, since=since)
        made: Mapping[int, tuple[Claim, ...]] = {}
        try:
            made = self._made(answer, question, read, deadline)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the model's claims, there are spaCy's
            self._fell_back([f"error: {type(error).__name__}"])
        return numbered(claim for at, each in enumerate(read) for claim in made.get(at, each.claims))

    def _made(
        self, answer: str, question: str | None, read: Sequence[Read], deadline: float | None
    ) -> dict[int, tuple[Claim, ...]]:
        """The model's claims, by the number of the segment that they come from."""
        keys = _keys(answer, question, read)
        with self._lock:
            known = {at: self._known[key] for at, key in keys.items() if key in self._known}
        self._count({"remembered": len(known)})
        parts = list(_parts(answer, question, read, [at for at in keys if at not in known]))
        for part, said in zip(parts, self._ask(parts, deadline), strict=True):
            if said is not None:
                found = self._vouched(part, said)
                self._remember({keys[at]: claims for at, claims in found.items()})
                known |= found
        return {at: claims for at, claims in known.items() if claims is not None}

    # -- asking -------------------------------------------------------------------------------------

    def _ask(self, parts: Sequence["_Part"], deadline: float | None) -> list[tuple[Said, ...] | None]:
        """What the model says of each part, all asked at once; None where it says nothing that can be used."""
        if not parts:
            return []
        self.model.warm()  # not on the model's time
        now = time.monotonic()
        until = now + self.timeout
        if deadline is not None:
            until = min(until, now + (deadline - now) * _SHARE)
        if until <= now:
            self._fell_back(["deadline"] * len(parts))
            return [None] * len(parts)
        self._count({"asked": len(parts)})
        asked = [self._threads.submit(self._complete, part, until) for part in parts]
        wait(asked, timeout=until - now)
        heard = [_heard(reply) for reply in asked]
        self._fell_back([why for _, why in heard if why])
        return [None if why else said for said, why in heard]

    def _complete(self, part: "_Part", until: float) -> str:
        remaining = until - time.monotonic()
        if remaining <= 0:  # all threads were busy
            raise TimeoutError
        lines = [read.segment.words.text for read in part.lines]
        task, text = prompt(lines, before=part.before, question=part.question, granularity=self.spacy.granularity)
        return self.model.complete(task, text, timeout=remaining)

    def _fell_back(self, whys: Sequence[str]) -> None:
        """Count why the model was of no use, and say it in one line."""
        if whys:
            self._count(Counter(f"fallback.{why.partition(':')[0]}" for why in whys))
            log.warning("%s took no text apart (%s): spaCy did.", self.model.name, "; ".join(sorted(set(whys))))

    # -- believing ----------------------------------------------------------------------------------

    def _vouched(self, part: "_Part", said: Sequence[Said]) -> dict[int, tuple[Claim, ...] | None]:
        """The claims of every segment that was asked about; None where the model's are not to be taken."""
        vouched, refused = vouch(said, [read.segment.words for read in part.lines], part.before, part.question)
        found: dict[int, tuple[Claim, ...] | None] = {}
        for at in part.asked:
            words = part.lines[at - part.first].segment.words
            opening = len(words.text) - len(spoken(part.lines[at - part.first].segment).text)
            drafts = vouched.get(at - part.first, [])
            whole = drafts and not leaves_out(words, drafts, since=opening)
            claims = self._claims(drafts) if whole else ()
            # Where spaCy found something to check, there is something to check.
            found[at] = claims if any(claim.skipped is None for claim in claims) else None
        taken = sum(claims is not None for claims in found.values())
        counted = {f"refused.{why}": number for why, number in refused.items()}
        self._count(counted | {"sentences": taken, "left": len(found) - taken})
        return found

    def _claims(self, drafts: Sequence[Draft]) -> tuple[Claim, ...]:
        """What spaCy says of the kind and the triples of each claim."""
        found: dict[tuple[str, Span], Claim] = {}
        for tree, draft in zip(self.spacy.parser.parse([d.words.text for d in drafts]), drafts, strict=True):
            for claim in undivided(Reading(tree, draft.words, Discourse(), _no_names)):
                found.setdefault((claim.text, draft.span), claim.model_copy(update={"span": draft.span}))
        return tuple(sorted(found.values(), key=lambda claim: claim.span))

    # -- keeping ------------------------------------------------------------------------------------

    def _remember(self, claims: Mapping[bytes, tuple[Claim, ...] | None]) -> None:
        with self._lock:
            self._known.update(claims)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def _count(self, numbers: Mapping[str, int]) -> None:
        with self._lock:
            self._counts.update({what: number for what, number in numbers.items() if number})


class _Part(NamedTuple):
    """Lines to ask about together: segments from the number `first` on, of which those in `asked` are to be answered.

    The others between them (headings, questions) are shown, so that the model sees what is spoken of.
    """

    first: int
    lines: Sequence[Read]
    asked: Sequence[int]
    before: str
    question: str | None


def _parts(answer: str, question: str | None, read: Sequence[Read], asked: Sequence[int]) -> Iterator[_Part]:
    while asked:
        start = read[asked[0]].segment.start
        here = [at for at in asked if read[at].segment.end - start <= _PART] or asked[:1]
        lines = read[here[0] : here[-1] + 1]
        yield _Part(here[0], lines, here, answer[max(0, start - _PART) : start].strip(), question and question[-_PART:])
        asked = asked[len(here) :]


def _keys(answer: str, question: str | None, read: Sequence[Read]) -> dict[int, bytes]:
    """What a segment that the model is to be asked about is remembered by: all that stands up to its end."""
    digest = hashlib.blake2b((question or "").encode("utf-8", "surrogatepass") + b"\0", digest_size=16)
    done, found = 0, {}
    for at, each in enumerate(read):
        segment = each.segment
        if segment.sort in _PROSE and each.language == ENGLISH and any(c.skipped is None for c in each.claims):
            digest.update(answer[done : segment.end].encode("utf-8", "surrogatepass"))
            done = segment.end
            found[at] = digest.digest()
    return found


def _heard(reply: "Future[str]") -> tuple[tuple[Said, ...], str]:
    """The claims of a reply, and why there are none."""
    if not reply.done():
        reply.cancel()
        return (), "timeout"
    error = reply.exception()
    if isinstance(error, TimeoutError) or (isinstance(error, UpstreamError) and error.status == 504):
        return (), "timeout"
    if error is not None:
        return (), f"error: {error}" if isinstance(error, UpstreamError) else f"error: {type(error).__name__}"
    if not reply.result().strip():
        return (), "refusal"
    try:
        said = parse(reply.result())
    except (ValueError, RecursionError):
        return (), "nonsense"
    return said, "" if said else "empty"


def _no_names(text: str) -> tuple[Name, ...]:
    return ()
