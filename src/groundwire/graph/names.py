"""How names are read: tokens, normal forms and word stems, the same for graphs and for claims.

Normal forms ignore case, diacritics, underscores, punctuation and possessives; initials lose their dots and spaces.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from rapidfuzz import fuzz

from groundwire.graph.countries import country_of, expanded

# Letters that Unicode does not decompose, as English keyboards write them.
_UNDECOMPOSED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARENTHESIS = re.compile(r"^(.{2,}?)\s*\([^()]*\)$")

_FUNCTION_WORDS = """
a an and are as at be been being by did do does for from had has have he her his i in into is it its itself of
on or s she than that the their them there they this those to under was we were what when where which while
who whom whose with you
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


_IRREGULAR = {
    "born": "birth", "wrote": "writ", "written": "writ", "led": "lead", "built": "build", "made": "mak",
    "died": "death", "dies": "death", "die": "death", "dead": "death", "dying": "death", "held": "hold",
    "won": "win", "winner": "win", "flew": "fl", "flown": "fl", "flight": "fl", "sang": "sing", "sung": "sing",
    "spoken": "speak", "spoke": "speak", "fought": "fight", "taught": "teach", "began": "begin", "begun": "begin",
    "ran": "run", "known": "know", "married": "marr", "marries": "marr", "marry": "marr", "marriage": "marr",
    "sold": "sell", "bought": "buy", "grew": "grow", "grown": "grow", "came": "come", "left": "leave",
    "wife": "spouse", "husband": "spouse", "children": "child", "founded": "found", "cities": "city",
    "countries": "country", "currencies": "currency", "supplier": "supply", "suppliers": "supply", "carrier": "carry",
    "carriers": "carry",
}  # fmt: skip
_SUFFIXES = (
    "ational", "atives", "ative", "ives", "ive", "ated", "ating", "ates", "ate", "ators", "ator", "ences", "ence",
    "ances", "ance", "ent", "ant", "ations", "ation", "ments", "ment", "ings", "ing", "ities", "ity", "ions", "ion",
    "ers", "ors", "ies", "ied", "er", "or", "ed", "es", "al", "s", "e", "y",
)  # fmt: skip


_ABBREVIATED = {
    "co": "company", "corp": "corporation", "ltd": "limited", "inc": "incorporated", "st": "saint", "mt": "mount",
    "ft": "fort", "univ": "university", "dept": "department", "bros": "brothers", "intl": "international",
}  # fmt: skip


class Token(NamedTuple):
    """One word of a text: its normal form, and where it stands (`text[start:end]`)."""

    norm: str
    start: int
    end: int


def fold(text: str) -> str:
    """Case, diacritics and apostrophes taken away."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return plain.translate(_UNDECOMPOSED).replace("'", "").replace("’", "").replace("`", "")


def tokenize(text: str) -> list[Token]:
    """The words of a text in normal form; runs of initials ("J. V.", "F.C.") become one token."""
    tokens: list[Token] = []
    initials = False
    for match in _WORD.finditer(text):
        word, start, end = match.group(), match.start(), match.end()
        if len(word) > 2 and word[-1] in "sS" and word[-2] in "'’`":
            word, end = word[:-2], end - 2
        norm = fold(word)
        if not norm:
            continue
        norm = _ABBREVIATED.get(norm, norm)
        single = len(word) == 1 and word.isalpha()
        if single and initials and text[tokens[-1].end : start] in (".", ". "):
            tokens[-1] = Token(tokens[-1].norm + norm, tokens[-1].start, end)
        else:
            tokens.append(Token(norm, start, end))
        initials = single and text[end : end + 1] == "."
    return tokens


@lru_cache(maxsize=65536)
def normal(name: str) -> str:
    """The normal form of a name: its tokens, one space between."""
    return " ".join(token.norm for token in tokenize(name.replace("_", " ")))


def local_name(identifier: str) -> str:
    """The last part of an IRI, percent signs decoded; anything else as it is."""
    if "://" in identifier or identifier.startswith("urn:"):
        tail = re.split(r"[/#:]", identifier.rstrip("/#"))[-1]
        return unquote(tail) or identifier
    return identifier


def written(name: str) -> str:
    """A name as a person writes it: no underscores, no disambiguation in brackets at its end."""
    spaced = " ".join(name.replace("_", " ").split())
    bracket = _PARENTHESIS.match(spaced)
    return bracket.group(1) if bracket else spaced


# "English language" is called English, "Native Americans in the United States" are called Native Americans.
_SAID_WITHOUT = (" language",)
TITLES = frozenset(["dame", "doctor", "dr", "lady", "lord", "miss", "mr", "mrs", "ms", "prof", "professor", "sir"])
_LONGEST_JOINED = 16  # "ELA-3" is also written ELA3
_SET_APART = re.compile(r"(\S+ \S+) in (?:the )?[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?$")


def variants(name: str) -> tuple[str, ...]:
    """Shorter forms under which a name is met: without brackets, subtitle or title, the head before a comma."""
    spaced = " ".join(name.replace("_", " ").split())
    short = [written(spaced)]
    if ", " in short[0]:
        short.append(short[0].split(", ")[0])
    if ": " in short[0]:
        short.append(short[0].split(": ", 1)[1])
    if short[0].endswith(_SAID_WITHOUT):
        short.append(short[0].rsplit(" ", 1)[0])
    if (where := _SET_APART.match(short[0])) is not None:
        short.append(where.group(1))
    head, _, rest = short[0].partition(" ")
    # A surname alone may be anybody's; "Lord of the Rings" is no title.
    if fold(head.rstrip(".")) in TITLES and " " in rest and fold(rest.split()[0]) not in FUNCTION_WORDS:
        short.append(rest)
    if "-" in short[0] and len(short[0]) <= _LONGEST_JOINED:
        short.append(short[0].replace("-", ""))
    short += [form[4:] for form in (spaced, *short) if form[:4].lower() == "the "]
    return tuple(dict.fromkeys(form for form in short if form != spaced and len(form) > 2))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A crude stem that brings a relation's name and the verb for it together: publisher, published → publish."""
    word = _IRREGULAR.get(word, word)
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not (suffix == "s" and word[-2] == "s"):
                word = word[: -len(suffix)]
                break
        else:
            break
    return word


# Compounds in the names of relations, which claims write apart: birthplace, fullname, youthclub.
_COMPOUND = re.compile(r"^(\w{4,})(name|place|date|year|number|code|title|type|size|club|team|style)$")


@lru_cache(maxsize=8192)
def relation_words(name: str) -> tuple[str, ...]:
    """A relation's name as words: birthPlace, birth_place, ex:birthPlace → birth, place."""
    spaced = _CAMEL.sub(" ", local_name(name)).replace("_", " ")
    words = [token.norm for token in tokenize(spaced)]
    return tuple(part for word in words for part in _COMPOUND.sub(r"\1 \2", word).split())


@lru_cache(maxsize=4096)
def name_stems(name: str) -> tuple[str, ...]:
    """The stems of the words in a relation's name that say something: not "of", not a unit in brackets."""
    bare = name.split("(")[0].strip("_ ") or name
    stems = (stem(word) for word in relation_words(bare) if word not in FUNCTION_WORDS and len(word) > 1)
    return tuple(dict.fromkeys(word for word in stems if not word.isdigit()))


def relation_key(name: str) -> str:
    """What two spellings of one relation have in common: birthPlace, birth place, BIRTH_PLACE → birthplace."""
    return "".join(char for char in fold(local_name(name)) if char.isalnum())


_NEAR = 84.0


@lru_cache(maxsize=65536)
def same_name(claimed: str, known: str) -> bool:
    """Whether two names may well be one: words left out, initials, or a spelling that is a letter or two off."""
    one, other = expanded(normal(claimed)), expanded(normal(written(known)))
    if one == other:
        return True
    words, others = set(one.split()) - FUNCTION_WORDS, set(other.split()) - FUNCTION_WORDS
    if words and others and (words <= others or others <= words):
        return True
    if other in {country_of(word) for word in one.split()} or one in {country_of(word) for word in other.split()}:
        return True
    if len(one) > 1 and "".join(word[0] for word in other.split() if word not in FUNCTION_WORDS).startswith(one):
        return True
    if [char for char in one if char.isdigit()] != [char for char in other if char.isdigit()]:
        return False
    return min(len(one), len(other)) >= 5 and fuzz.ratio(one, other) >= _NEAR
