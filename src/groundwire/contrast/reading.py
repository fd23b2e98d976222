"""Sentences as the contrast judge reads them: their words, what each excludes, and which of them are denied."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from groundwire.contrast.forms import lemma
from groundwire.contrast.lexicon import NEGATED, SENSES, Sense

_LONG = 2000  # characters of a sentence; a longer one is no statement that a claim could be held against
_KEPT = 8192  # sentences read lately: the same ones come as evidence of every claim
_TOKEN = re.compile(r"\bn['’]t\b|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]")
_BREAK = re.compile(r"(?<=[\w)\]%'\"”’][.!?。])[\"'”’)\]]?\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")

_FUNCTION = frozenset(
    "a an the this that these those it its itself he she they him her hers his himself herself them their theirs "
    "themselves we us our ours you your yours i me my mine who whom whose which what where when why how there here and "
    "or but so if then as at by for from in into of off on onto out to within about between through during against "
    "again am is are was were be been being have has had having do does did doing done will would shall should can "
    "could may might must also too both such same very just quite rather really already still even yet ever only own "
    "s t d ll m re ve than each any some all every several many most few half part either one ones someone somebody "
    "anyone anybody everyone everybody people person thing something anything everything able etc up down whatsoever "
    "around along across upon while because since although though however therefore thus hence according".split()
)
# Function words that a set may exclude: they need not be found, and tell something only beside the same words.
_LIGHT = frozenset("before after above over below under beneath with without more less fewer".split())
_BE = frozenset("is are was were be been being am 's 're isn't aren't wasn't weren't ain't get gets got".split())
_NEGATORS = frozenset("not never no cannot without neither nor nobody nothing none unable non noone lacks lack".split())
_TO_DO = frozenset("fail fails failed failing refuse refuses refused refusing".split())  # "failed to", not "failed"
_PERMITTED = frozenset("allowed permitted authorized authorised".split())
_PROHIBITED = frozenset("prohibited forbidden banned prohibits forbids bans prohibit forbid ban disallowed".split())
_MAY = frozenset("may can could".split())
_MUST = frozenset("must shall".split())
_TURNS = frozenset(
    "but while whereas although though however because if unless when until than despite except instead".split()
)
_YET = {**dict.fromkeys("will would could might should shall".split(), "will"), **dict.fromkeys(_MAY, "may"), "to": "to"}
_AS_GOOD_AS_DONE = _TO_DO | _PERMITTED | {"able", "unable"}  # "failed to pay" did not pay
_SHARE = {"all": 3, "every": 3, "each": 3, "always": 3, "most": 2, "many": 1, "several": 1, "some": 1, "few": 0, "half": 1}
_NUMBERS = {word: str(n) for n, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}  # fmt: skip
# What is not denied as a whole: of such a sentence nothing is known.
_UNCLEAR = re.compile(
    r"\b(?:not|n['’]t|cannot)\s(?:only|just|merely|simply|solely|necessarily|all|every\w*|always|entirely|completely"
    r"|exclusively|until|one\b|what|the only|too|very|really|quite|much|just any|more|less|fewer|later|earlier|unlike\w*|un\w+|so\b|as\b|to mention|least|if|that|because|but)\b"
    r"|\b(?:but|or) (?:not|no|never)\b|\bit (?:is|was|isn['’]t|wasn['’]t)(?: not)? .{1,80}\b(?:that|who|which)\b"
    r"|(?:\bnot|n['’]t) (?:\w+ ){1,5}(?:too|very|much|only)\b"
    r"|\bno (?:doubt|question|wonder|matter|other|more|less|fewer|later|earlier|sooner|one else|exception)\b"
    r"|\b(?:or|if|whether|why|than)(?: or)? not\b|\bnothing (?:but|other)\b|\bnever (?:more|before|mind)\b"
    r"|\bcan(?:not|['’]t| not) (?:help|wait|but|be over\w*)\b|\b(?:hardly|barely|scarcely|nearly|almost)\b"
    r"|\b(?:den(?:y|ies|ied)|doubt(?:s|ed)?|refut\w+|false(?:ly)?|myth|rumou?r\w*|untrue|alleg\w+|suppos\w+"
    r"|disput\w+|debunk\w+|contrary to|instead of|rather than|as opposed to|unlike)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:only|except(?:ing)?|excluding|unless|if|provided|subject to|other than|apart from|until|as long as"
    r"|when|where|in case|at (?:his|her|its|their|the) discretion|(?:prior|written|express) (?:consent|permission|approval))\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:under (?:any|no) circumstances?|in any (?:case|way|event)|at all|whatsoever|ever|at any time|by any means)\b",
    re.IGNORECASE,
)
_HYPOTHETIC = re.compile(r"^\W*(?:if|whether|suppose|imagine|unless|had|were|should)\b", re.IGNORECASE)


class Item(NamedTuple):
    """A word at `text[at:end]`. `denied` where the sentence says it is not so.

    `light` is a function word that a set excludes: it need not be found elsewhere. `clause` counts commas and the like,
    `part` words as "but" and "if". `yet` is how it is not said to be so yet: "will", "may", "to".
    """

    at: int
    end: int
    key: str
    senses: tuple[Sense, ...]
    denied: bool
    light: bool
    name: bool
    clause: int
    part: int
    yet: str
    share: int | None  # how many of it: 3 all, 2 most, 1 some, 0 few; None where nothing is said


class Reading(NamedTuple):
    """A sentence. `may` and `must`: where it first says that something can or has to be."""

    text: str
    items: tuple[Item, ...]
    keys: frozenset[str]
    unclear: bool
    limited: bool
    may: int | None
    must: int | None
    forbids: bool
    only: bool  # it begins with "only": what it says, it says of nobody else


def cut(text: str) -> Iterator[str]:
    """The sentences of a passage, in order."""
    start = 0
    for stop in _BREAK.finditer(text):
        yield text[start : stop.start()]
        start = stop.end()
    yield text[start:]


def read(text: str) -> Reading | None:
    """Read one sentence; None where it is too long, or states nothing."""
    return _remembered(text) if len(text) <= _LONG else None


class _Word(NamedTuple):
    at: int
    end: int
    text: str  # in small letters, "n't" apart
    capital: bool
    denies: bool


def _words(text: str) -> Iterator[_Word]:
    for found in _TOKEN.finditer(text):
        word = found[0]
        small = word.lower().replace("’", "'")
        denies = small.endswith("n't")
        if denies:
            small = {"can't": "can", "won't": "will", "shan't": "shall"}.get(small, small[:-3])
        elif small.endswith("'s"):
            small = small[:-2]
        yield _Word(*found.span(), small or "not", word[0].isupper(), denies or small in _NEGATORS)


def _read(text: str) -> Reading | None:
    plain = _ABSOLUTE.sub(lambda found: " " * len(found[0]), text)
    words = list(_words(plain))
    if not words or _HYPOTHETIC.match(text) or "?" in text:
        return None
    items: list[Item] = []
    flip = False  # the next content word is denied
    back = 0  # how often the one before
    clause = part = 0
    forbids = False
    denials = 0
    share: int | None = None
    may = must = None
    for n, word in enumerate(words):
        small, following = word.text, words[n + 1].text if n + 1 < len(words) else ""
        before = {each.text for each in words[max(0, n - 3) : n]}
        part += small in _TURNS
        if not small[0].isalnum():
            clause += small in ",;:—–()"
            if small in "%$€£":
                items.append(_item(word, small, clause, part))
            continue
        if small == "longer" and n and words[n - 1].text in ("no", "any"):
            continue
        if small == "no" and not following[:1].isalpha():
            continue  # "No, it is", "No. 1"
        if word.denies or (small in _TO_DO and following == "to"):
            flip, denials = not flip, denials + 1
            if small in _NEGATORS or small in _TO_DO:
                continue
        if small in _MAY and not (word.capital and n):
            may = len(items) if may is None else may
        if small in _MUST:
            must = len(items) if must is None else must
        if small in _PERMITTED and before & _BE:
            may = len(items) if may is None else may
            if flip and following != "to":
                back, flip, forbids = back + 1, False, True
        elif small in _PROHIBITED:
            forbids = True
            passive = bool(before & _BE) and following not in ("from", "to")
            back, flip = back + passive, flip != (not passive)
        elif small in _SHARE and small not in ("always",):
            share = _SHARE[small]
        elif small in _LIGHT:
            items.append(_item(word, small, clause, part)._replace(light=True))
        elif small not in _FUNCTION or (small in ("up", "down") and _directs(words, n)):
            key = _NUMBERS.get(small, small.replace(",", "") if small[0].isdigit() else small)
            item = _item(word, key, clause, part)
            items.append(item._replace(
                share=share, denied=flip != (lemma(key) in NEGATED), yet=_yet(words, n)
            ))
            flip, share = False, None
        if back:
            verb = max((at for at in range(n) if words[at].text in _BE), default=n)  # "is expressly prohibited"
            end = next((at for at, item in enumerate(items) if item.at > words[verb].at), len(items))
            place = next((at for at in range(end - 1, -1, -1) if not items[at].light), None)
            if place is not None:
                items[place] = items[place]._replace(denied=items[place].denied != bool(back % 2))
            back = 0
    keys = frozenset(item.key for item in items if not item.light)
    limited = bool(_LIMIT.search(plain)) or (denials > 1 and any(word.text == "without" for word in words))
    unclear = flip or bool(_UNCLEAR.search(plain))  # "he could not": what he could not stands elsewhere
    return Reading(text, tuple(items), keys, unclear, limited, may, must, forbids, words[0].text == "only")


_remembered = lru_cache(maxsize=_KEPT)(_read)


def _item(word: _Word, small: str, clause: int, part: int) -> Item:
    key = lemma(small)
    senses = SENSES.get(key, ())
    if base := NEGATED.get(key):
        key = base
    return Item(word.at, word.end, key, senses, False, False, word.capital and word.at > 0, clause, part, "", None)


def _yet(words: Sequence[_Word], n: int) -> str:
    """How a word is not said to be so yet: by the function words right before it, "could not have been"."""
    for at in range(n - 1, max(0, n - 5) - 1, -1):
        word = words[at]
        if word.text == "to" and at and words[at - 1].text in _AS_GOOD_AS_DONE:
            return "may" if words[at - 1].text in _PERMITTED else ""
        if word.text in _YET:
            return _YET[word.text]
        if not word.denies and word.text not in _FUNCTION:
            break
    return ""


def _directs(words: Sequence[_Word], n: int) -> bool:
    """Whether an "up" or "down" says where something went: "was up", "up 12 %", "up by", "up from"."""
    following = words[n + 1].text if n + 1 < len(words) else ""
    return following[:1].isdigit() or following in ("$", "€", "£", "by", "from") or (n > 0 and words[n - 1].text in _BE)
