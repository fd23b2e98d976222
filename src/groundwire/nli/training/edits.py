"""Edits that keep a sentence true to its document, and swaps that do not.

Every function takes the random generator and the sentence and returns the new sentence, or None where it finds
nothing to do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from groundwire.nli.training.library import Entity

Edit = Callable[[random.Random, str], str | None]

_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_MONTH = "|".join(_MONTHS)
_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_MDY = re.compile(rf"\b({_MONTH}) (\d{{1,2}}),? (\d{{4}})\b")
_DMY = re.compile(rf"\b(\d{{1,2}}) ({_MONTH}),? (\d{{4}})\b")
_MONTH_END = re.compile(rf"(?:{_MONTH}) $")
_NUMBER = re.compile(r"(?<![\w.,-])[$£€]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")
_SMALL_WORD = re.compile(r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I)
_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b")
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]


_ASIDE = re.compile(r", (?:a|an|the|who|which|where|whose|also|one of|including|along with)\b[^,;]{3,80}, ")
_ENDING = re.compile(
    r"[,;] (?:which|who|where|while|although|though|because|but|and|with|including|when|making|after|as)\b"
)
_TWO_CLAUSES = re.compile(
    r"((?:The )?[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)*) (?:is|was|has|had)\b.*? and ((?:is|was|has|had)\b.+)$"
)


def _finish(text: str) -> str | None:
    text = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s{2,}", " ", text)).strip(" ,;")
    if len(text.split()) < 4:
        return None
    text = text[0].upper() + text[1:]
    return text if text[-1] in '.!?"”' else text + "."


# ---------------------------------------------------------------- what keeps the meaning, or says less


def drop_brackets(rng: random.Random, text: str) -> str | None:
    new = re.sub(r"\s*[(\[][^()\[\]]*[)\]]", "", text)
    return _finish(new) if new != text else None


def drop_opening(rng: random.Random, text: str) -> str | None:
    """In 1994, he won. → He won."""
    head, comma, rest = text.partition(", ")
    if (
        not comma
        or len(head.split()) > 8
        or not re.match(
            r"(In|On|At|After|During|By|From|Since|For|However|Also|Additionally|Moreover|Later|Then|Following|According)\b",
            head,
        )
    ):
        return None
    return _finish(rest)


def move_opening(rng: random.Random, text: str) -> str | None:
    """In 1994, he won. → He won in 1994."""
    head, comma, rest = text.partition(", ")
    if not comma or len(head.split()) > 6 or not re.match(r"(In|On|At|During|By|Since|For|From)\b", head):
        return None
    if "," in rest or not rest.endswith("."):
        return None
    return _finish(f"{rest[:-1]} {head[0].lower()}{head[1:]}.")


def open_with_tail(rng: random.Random, text: str) -> str | None:
    """He won in 1994. → In 1994, he won."""
    match = re.match(r"((?:He|She|It|They|The|His|Her)\b.*) ((?:in|on|during|at) [^,;]{3,30})\.$", text)
    if not match or "," in match[1]:
        return None
    body, tail = match[1], match[2]
    return _finish(f"{tail[0].upper()}{tail[1:]}, {body[0].lower()}{body[1:]}.")


def drop_aside(rng: random.Random, text: str) -> str | None:
    """Anna, who sings, left. → Anna left."""
    new = _ASIDE.sub(" ", text, count=1)
    return _finish(new) if new != text else None


def drop_ending(rng: random.Random, text: str) -> str | None:
    """Anna left, while Bo stayed. → Anna left."""
    cuts = [m.start() for m in _ENDING.finditer(text) if len(text[: m.start()].split()) >= 5]
    return _finish(text[: rng.choice(cuts)]) if cuts else None


def drop_second_clause(rng: random.Random, text: str) -> str | None:
    cuts = [
        m.start()
        for m in re.finditer(r",? and (?:was|is|has|had|were|are|he|she|it|they|also|then|later|the)\b", text)
        if len(text[: m.start()].split()) >= 5
    ]
    return _finish(text[: rng.choice(cuts)]) if cuts else None


def keep_second_clause(rng: random.Random, text: str) -> str | None:
    """Anna sang and was born in Rome. → Anna was born in Rome."""
    match = _TWO_CLAUSES.match(text)
    return _finish(f"{match[1]} {match[2]}") if match and "," not in match[2][:8] else None


def restyle_date(rng: random.Random, text: str) -> str | None:
    if match := _MDY.search(text):
        month, day, year = match[1], match[2], match[3]
    elif match := _DMY.search(text):
        day, month, year = match[1], match[2], match[3]
    else:
        return None
    style = rng.choice((f"{month} {day}, {year}", f"{day} {month} {year}", f"{month} {year}", year))
    if style == match[0]:
        style = f"{month} {year}"
    before, after = text[: match.start()], text[match.end() :]
    if style in (year, f"{month} {year}"):
        before = re.sub(r"\b([Oo])n $", lambda m: "In " if m[1] == "O" else "in ", before)
        if re.match(r",? ?[–-]", after) or re.search(r"[–-] ?$", before):
            return None
    return _finish(before + style + after)


def restyle_number(rng: random.Random, text: str) -> str | None:
    """12 ↔ twelve, 1,200,000 ↔ 1.2 million, 5% ↔ 5 percent."""
    if match := _SMALL_WORD.search(text):
        return _finish(text[: match.start()] + str(_SMALL.index(match[1].lower())) + text[match.end() :])
    if re.search(r"\d ?%", text):
        return _finish(re.sub(r"(\d) ?%", r"\1 percent", text))
    if "percent" in text:
        return _finish(re.sub(r"(\d) percent\b", r"\1%", text))
    for match in _NUMBER.finditer(text):
        digits = match[0].replace(",", "")
        if digits.isdigit() and int(digits) >= 1_000_000 and int(digits) % 10_000 == 0:
            return _finish(f"{text[: match.start()]}{int(digits) / 1e6:g} million{text[match.end() :]}")
        part_of_date = re.match(r" ?(?:%|:|,? \d{4})", text[match.end() :]) or _MONTH_END.search(text[: match.start()])
        if digits.isdigit() and 2 <= int(digits) <= 12 and not part_of_date:
            return _finish(text[: match.start()] + _SMALL[int(digits)] + text[match.end() :])
        if digits.isdigit() and int(digits) > 9999 and "," in match[0] and match[0][0].isdigit():
            return _finish(text[: match.start()] + digits + text[match.end() :])
    return None


_SAME = [
    ("film", "movie"), ("located", "situated"), ("began", "started"), ("large", "big"), ("received", "got"),
    ("died", "passed away"), ("approximately", "about"), ("also known as", "also called"), ("purchased", "bought"),
    ("children", "kids"), ("however,", "but"), ("numerous", "many"), ("several", "a number of"),
    ("founded", "established"),
    ("created", "made"), ("physician", "doctor"), ("automobile", "car"), ("stated", "said"), ("announced", "said"),
    ("prior to", "before"), ("residents", "inhabitants"), ("primarily", "mainly"), ("wrote", "authored"),
    ("United States", "US"), ("United Kingdom", "UK"), ("was born in", "is a native of"), ("currently", "now"),
    ("such as", "like"), ("resides in", "lives in"), ("portrayed", "played"), ("obtained", "got"),
    ("assisted", "helped"),
    ("required", "needed"), ("commonly", "often"), ("attempted", "tried"), ("constructed", "built"),
    ("near", "close to"),
    ("television", "TV"), ("due to", "because of"), ("more than", "over"), ("so-called", "what is called"),
    ("defeated", "beat"), ("husband", "spouse"), ("wife", "spouse"), ("company", "firm"), ("debuted", "premiered"),
    ("consists of", "is made up of"), ("ended", "finished"), ("show", "series"), ("important", "significant"),
]  # fmt: skip

_OPPOSITE = [
    ("increase", "decrease"), ("increased", "decreased"), ("rose", "fell"), ("higher", "lower"), ("more", "fewer"),
    ("most", "few"), ("all", "none"), ("before", "after"), ("first", "last"), ("largest", "smallest"), ("won", "lost"),
    ("oldest", "youngest"), ("older", "younger"), ("north", "south"), ("northern", "southern"), ("east", "west"),
    ("eastern", "western"), ("male", "female"), ("brother", "sister"), ("father", "mother"), ("son", "daughter"),
    ("husband", "wife"), ("early", "late"), ("major", "minor"), ("always", "never"), ("often", "rarely"),
    ("many", "few"), ("high", "low"), ("long", "short"), ("new", "old"), ("best", "worst"), ("began", "ended"),
    ("include", "exclude"), ("includes", "excludes"), ("including", "excluding"), ("support", "oppose"),
    ("supported", "opposed"), ("with", "without"), ("success", "failure"), ("successful", "unsuccessful"),
    ("positive", "negative"), ("positively", "negatively"), ("accepted", "rejected"), ("agreed", "refused"),
    ("gained", "lost"), ("improved", "worsened"), ("better", "worse"), ("above", "below"), ("under", "over"),
    ("public", "private"), ("domestic", "foreign"), ("rural", "urban"), ("married", "divorced"), ("alive", "dead"),
    ("born", "buried"), ("opened", "closed"), ("common", "rare"), ("hot", "cold"), ("up", "down"), ("left", "right"),
    ("same", "different"), ("only", "not the only"), ("can", "cannot"), ("may", "must"), ("former", "current"),
    ("American", "British"), ("English", "French"), ("German", "Italian"), ("strong", "weak"), ("full", "empty"),
    ("allowed", "forbidden"), ("known", "unknown"), ("buy", "sell"), ("bought", "sold"), ("wet", "dry"),
    ("at least", "at most"), ("more than", "less than"), ("both", "neither"), ("legal", "illegal"),
    ("likely", "unlikely"), ("effective", "ineffective"), ("actor", "director"), ("singer", "painter"),
    ("novel", "play"), ("album", "single"), ("daily", "weekly"), ("annual", "monthly"), ("million", "billion"),
    ("northwest", "southeast"), ("northeast", "southwest"), ("winter", "summer"), ("spring", "autumn"),
    ("reduce", "raise"), ("reduced", "raised"), ("accelerates", "slows"), ("easily", "hardly"), ("safe", "dangerous"),
    ("rise", "fall"), ("rises", "falls"), ("rising", "falling"), ("grew", "shrank"), ("raised", "lowered"),
    ("profit", "loss"), ("mandatory", "optional"), ("required", "optional"), ("permitted", "prohibited"),
    ("allowed", "prohibited"), ("once", "twice"), ("must", "need not"), ("approved", "rejected"), ("free", "paid"),
    ("tenant", "landlord"), ("buyer", "seller"), ("lender", "borrower"), ("employer", "employee"),
    ("plaintiff", "defendant"), ("customer", "supplier"), ("teacher", "student"), ("doctor", "patient"),
    ("rarely", "commonly"), ("never", "sometimes"), ("everyone", "nobody"), ("some", "all"), ("majority", "minority"),
    ("imports", "exports"), ("arrived", "departed"), ("joined", "left"), ("built", "demolished"),
    ("destroyed", "preserved"), ("created", "abolished"), ("succeeded", "failed"), ("passed", "failed"),
    ("victory", "defeat"), ("guilty", "innocent"), ("convicted", "acquitted"), ("possible", "impossible"),
    ("able", "unable"), ("complete", "incomplete"), ("dependent", "independent"), ("temporary", "permanent"),
    ("voluntary", "compulsory"), ("morning", "evening"), ("day", "night"), ("deep", "shallow"), ("heavy", "light"),
    ("wide", "narrow"), ("inside", "outside"), ("upper", "lower"), ("ancient", "modern"), ("expensive", "cheap"),
    ("rich", "poor"), ("fast", "slow"), ("quickly", "slowly"), ("popular", "unpopular"), ("simple", "complex"),
    ("easy", "difficult"), ("active", "inactive"), ("official", "unofficial"), ("liberal", "conservative"),
    ("Republican", "Democratic"), ("Catholic", "Protestant"), ("army", "navy"), ("uncle", "aunt"),
    ("nephew", "niece"), ("king", "queen"), ("mother", "sister"), ("father", "brother"), ("wife", "daughter"),
    ("husband", "brother"), ("against", "for"), ("until", "since"), ("maximum", "minimum"),
]  # fmt: skip


def _table(pairs: Sequence[tuple[str, str]], both_ways: bool) -> tuple[dict[str, list[str]], re.Pattern[str]]:
    table: dict[str, list[str]] = {}
    for one, other in pairs:
        table.setdefault(one, []).append(other)
        if both_ways:
            table.setdefault(other, []).append(one)
    words = sorted(table, key=len, reverse=True)
    return table, re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])")


_SAME_TABLE, _SAME_PATTERN = _table(_SAME, both_ways=False)
_OPPOSITE_TABLE, _OPPOSITE_PATTERN = _table(_OPPOSITE, both_ways=True)


def use_synonym(rng: random.Random, text: str) -> str | None:
    return _exchange(rng, text, _SAME_PATTERN, _SAME_TABLE)


def _exchange(rng: random.Random, text: str, pattern: re.Pattern[str], table: dict[str, list[str]]) -> str | None:
    hits = list(pattern.finditer(text))
    if not hits:
        return None
    hit = rng.choice(hits)
    return _finish(text[: hit.start()] + rng.choice(table[hit[0]]) + text[hit.end() :])


KEEPERS: tuple[Edit, ...] = (
    drop_brackets, drop_opening, move_opening, open_with_tail, drop_aside, drop_ending, drop_second_clause,
    keep_second_clause, restyle_date, restyle_number, use_synonym,
)  # fmt: skip


def rephrase(rng: random.Random, text: str, most: int = 3) -> str:
    """Apply up to `most` meaning-keeping edits."""
    for edit in rng.sample(KEEPERS, len(KEEPERS)):
        if most and (new := edit(rng, text)) and len(new.split()) >= 5:
            text, most = new, most - 1
    return text


def name_subject(rng: random.Random, text: str, name: str) -> str | None:
    """He won. → Ben Stiller won."""
    match = re.match(r"(He|She|It|His|Her|Its)\b", text)
    if not match or not name:
        return None
    return name + ("'s" if match[1] in ("His", "Her", "Its") else "") + text[match.end() :]


# ---------------------------------------------------------------- what does not


_COUNTED = (
    (_ORDINAL, _ORDINALS[:6]),
    (re.compile(rf"\b({_MONTH})\b(?= \d|,)|(?<=\d )\b({_MONTH})\b|(?<=in )({_MONTH})\b"), _MONTHS),
    (re.compile(r"\b(million|billion|thousand|hundred)\b"), ["million", "billion", "thousand"]),
)


def swap_number(rng: random.Random, text: str) -> str | None:
    hits: list[tuple[int, int, str]] = []
    for m in _NUMBER.finditer(text):
        sign = m[0][0] if m[0][0] in "$£€" else ""
        hits.append((m.start(), m.end(), sign + _other_number(rng, m[0].lstrip("$£€"))))
    for m in _SMALL_WORD.finditer(text):
        others = [w for w in _SMALL[2:] if w != m[1].lower()]
        near = _SMALL.index(m[1].lower()) - 2
        hits.append((m.start(), m.end(), rng.choice(others[max(0, near - 2) : near + 3])))
    for pattern, words in _COUNTED:
        hits += [
            (m.start(), m.end(), rng.choice([word for word in words if word != m[0]])) for m in pattern.finditer(text)
        ]
    if not hits:
        return None
    start, end, new = rng.choice(hits)
    return _finish(text[:start] + new + text[end:])


def _other_number(rng: random.Random, number: str) -> str:
    digits = number.replace(",", "")
    if "." in digits:
        places = len(digits.partition(".")[2])
        value = float(digits)
        new = value
        while f"{new:.{places}f}" == f"{value:.{places}f}":
            new = value * rng.choice((0.5, 0.8, 0.9, 1.1, 1.2, 1.5, 2, 10)) + rng.choice((0, 0.1, 1))
        return f"{new:.{places}f}"
    value_int = int(digits)
    if len(digits) == 4 and 1000 < value_int < 2100 and "," not in number:
        return str(value_int + rng.choice((-1, 1)) * rng.choice((1, 1, 2, 3, 5, 7, 10, 12, 20, 100)))
    options = {value_int + d for d in (-3, -2, -1, 1, 2, 3, 5, 10)} | {value_int * 2, value_int * 10}
    if value_int > 100:
        options = {round(value_int * f) for f in (0.1, 0.5, 0.8, 1.1, 1.3, 2, 10)} | {value_int + 1, value_int - 10}
        swapped = list(digits)
        rng.shuffle(swapped)
        if swapped[0] != "0":
            options.add(int("".join(swapped)))
    new_int = rng.choice(sorted(o for o in options if o > 0 and o != value_int))
    return f"{new_int:,}" if "," in number else str(new_int)


def swap_opposite(rng: random.Random, text: str) -> str | None:
    return _exchange(rng, text, _OPPOSITE_PATTERN, _OPPOSITE_TABLE)


_AUXILIARY = re.compile(r"\b(is|was|are|were|has|have|had|can|could|will|would|should|does|did|do)\b(?! not\b|n't)")


_NEGATED = (
    re.compile(r"\b(is|was|are|were|has|have|had|can|could|will|would|did|does|do|should) (?:not|never) "),
    re.compile(r"\bnever "),
)


def negate(rng: random.Random, text: str) -> str | None:
    """Say, or unsay, "not"."""
    for pattern in _NEGATED:
        if match := pattern.search(text):
            kept = match[1] + " " if match.lastindex else ""
            return _finish(text[: match.start()] + kept + text[match.end() :])
    hits = list(_AUXILIARY.finditer(text))
    if not hits:
        return None
    hit = hits[0] if rng.random() < 0.7 else rng.choice(hits)
    return _finish(text[: hit.end()] + rng.choice((" not", " not", " never")) + text[hit.end() :])


_HEDGE = re.compile(
    r"\b(may|might|could|can|reportedly|allegedly|probably|possibly|is expected to|are expected to|plans to)\b"
)


def overstate(rng: random.Random, text: str) -> str | None:
    """What may be → what will be."""
    match = _HEDGE.search(text)
    if not match:
        return None
    word = match[1]
    new = {"reportedly": "definitely", "allegedly": "certainly", "probably": "certainly", "possibly": "certainly"}.get(
        word, "has already started to" if word.endswith("to") else rng.choice(("will certainly", "must", "cannot"))
    )
    return _finish(text[: match.start()] + new + text[match.end() :])


def swap_name(
    rng: random.Random,
    text: str,
    names: Sequence[Entity],
    nearby: Sequence[tuple[str, str]],
    pool: dict[str, list[str]],
) -> str | None:
    """Put another name of the same type in a name's place; `nearby` holds (name, type) of the document itself."""
    usable = [(a, b, k) for a, b, k in names if b <= len(text) and text[a:b] and k in pool]
    if not usable:
        return None
    start, end, kind = rng.choice(usable)
    old = text[start:end]
    local = sorted({n for n, k in nearby if k == kind and n not in text and n not in old and old not in n})
    new = rng.choice(local if local and rng.random() < 0.7 else pool[kind])
    if new in text or old in new or new in old:
        return None
    return _finish(text[:start] + new + text[end:])


def swap_roles(rng: random.Random, text: str, names: Sequence[Entity]) -> str | None:
    """Anna beat Bo. → Bo beat Anna."""
    by_kind: dict[str, list[Entity]] = {}
    for name in names:
        by_kind.setdefault(name[2], []).append(name)
    options = [
        (one, two)
        for group in by_kind.values()
        for one, two in pairwise(group)
        if re.search(r"[a-z]{3,}", between := text[one[1] : two[0]])
        and not re.fullmatch(r"[\s,]*(?:and|or|,|&)?\s*", between)
        and text[one[0] : one[1]] != text[two[0] : two[1]]
    ]
    if not options:
        return None
    (a, b, _), (c, d, _) = rng.choice(options)
    return _finish(text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:])
