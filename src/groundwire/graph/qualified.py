"""Words that change what a claim says: a former, a second, a deputy mayor is not the mayor, and who may be is not."""

from collections.abc import Container, Iterator

from groundwire.graph.countries import country_of
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS
from groundwire.graph.wording import COPULAS, GENERIC, SORTS

# What is almost so, or only said, wished or expected to be so, or is nearby, or was given up, is not so.
_UNDOING = """
alleged allegedly almost apparently assumed barely believe believed believes could declined denied denies denying
disputed doubtful except expected failed falsely far hardly hoped hopes if instead intended maybe might mistakenly near
nearby nearly outside perhaps planned plans possibly potentially presumably probably proposed purportedly refused
reportedly resigned rumored rumoured scarcely shall should supposed supposedly thought thrice towards twice uncertain
unclear unless unlike unlikely wanted wants whether wished without wrongly
"""
_UNDONE = frozenset(_UNDOING.split())
# What a fact lets be, or asks for: "may weigh 7 kg", "should not be taken".
_ALLOWING = frozenset(["may", "shall", "should"])
_CLAIMING = frozenset(["claim", "claimed", "claims", "said", "say", "says"])
# "Went on to become", "used to be": what was so. Any other "to be" is what shall be so, or is said to be.
_SO = "came comes continued continues happened happens on out proved proves remained up used"
_TRULY = frozenset(_SO.split())
_INFINITIVES = frozenset(["be", "become", "have"])
FORMERLY = frozenset(["former", "formerly", "previous", "previously"])
_SHIFTING = frozenset(["formerly", "previously", "will"])
_NAMED = frozenset(["known", "called", "name", "named", "names", "titled"])
# What may stand before the noun of a relation and leaves it what it is.
_LEAVING = """
acclaimed actual and beautiful big birth both bustling busy celebrated central current currently direct established
existing famed famous federal following full great historic immediate important large late legendary lively local long
longtime main major many modern national native new notable now official old other own picturesque popular present
prestigious principal proud renowned respective same several small successful thriving total traditional true various
very vibrant well wellknown
"""
_HARMLESS = frozenset(_LEAVING.split())
_QUALIFYING = """
acting alleged aspiring assistant associate candidate co deputy designate elect ex fake former formerly future honorary
incoming intended interim next outgoing partial partially partly possible potential previous previously proposed
prospective temporary unofficial vice
"""
_OTHERWISE = frozenset(_QUALIFYING.split())
_AFTER = frozenset(["candidate", "designate", "elect", "nominee"])
_IN_ORDER = "first second third fourth fifth sixth seventh eighth ninth tenth last final"
_ORDINALS = frozenset(_IN_ORDER.split())
_COUNTED = "two three four five six seven eight nine ten eleven twelve"
_NUMERALS = frozenset(_COUNTED.split())
_SEVERAL = _NUMERALS | {"several", "many"}
_DETERMINERS = frozenset(["a", "an", "the", "its", "their", "his", "her", "whose", "as"])
_PARTS_OF_PLACES = """
central east eastern north northeast northeastern northern northwest northwestern south southeast southeastern southern
southwest southwestern west western
"""
_DIRECTIONS = frozenset(_PARTS_OF_PLACES.split())


def undone(reading: Reading, own: Container[str]) -> bool:
    """Whether the claim takes back what it says, or leaves it to others or to the future: "almost", "may", "denied".

    `own`: the words of what it states, which take nothing back. A question says nothing.
    """
    if reading.text.rstrip().endswith("?"):
        return True
    return any(
        reading.stems[at] not in own and _undoes(reading, at) and not _before_number(reading, at)
        for at in _outside(reading)
    )


def _undoes(reading: Reading, at: int) -> bool:
    norm, tokens = reading.tokens[at].norm, reading.tokens
    before = tokens[at - 1].norm if at else ""
    after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    if norm == "may":
        return reading.text[tokens[at].start] == "m"
    if norm == "would":
        return after in ("be", "have", "not")
    if norm == "to":
        return after in _INFINITIVES and before not in _TRULY
    if norm in ("formerly", "previously"):
        return after not in _NAMED
    if norm == "will":
        return before != "you" and after not in ("find", "see")  # "where you will find"
    if norm == "running":
        return after == "for"
    if norm in _CLAIMING:
        return after in ("that", "to")
    if norm in ("time", "times"):
        return before in _NUMERALS or before.isdigit()
    return norm in _UNDONE


def leaving(reading: Reading) -> frozenset[str]:
    """The stems of all words of a claim that by themselves make nothing else of what it says, nor take it back."""
    changing = _OTHERWISE | _ORDINALS | _NUMERALS | _AFTER | _UNDONE | _SHIFTING | _CLAIMING
    return frozenset(
        reading.stems[at]
        for at in _outside(reading)
        if reading.tokens[at].norm not in changing or reading.tokens[at].norm in _ALLOWING
    )


def elsewhen(reading: Reading, own: Container[str]) -> bool:
    """Whether the claim says what it does of another time, or another kind, than now: "will be", "former"."""
    tokens = [reading.tokens[at].norm for at in _outside(reading)]
    return not _SHIFTING.isdisjoint(tokens) or any(True for _ in qualified(reading, own))


def qualified(reading: Reading, own: Container[str], *, counted: bool = False) -> Iterator[int]:
    """The places of the words that make another thing of the noun by which a claim says a relation: "deputy mayor".

    `own`: the words of the relation. Before a noun with an article everything does so that is not known not to.
    `counted`: there are as many as the claim says.
    """
    outside = set(_outside(reading))
    for at in outside:
        said = reading.stems[at]
        if said not in own or said in GENERIC or said in SORTS or reading.tokens[at].norm in FUNCTION_WORDS:
            continue
        words = list(_leading(reading, at, own, outside))
        if counted:
            words = [word for word in words if reading.tokens[word].norm not in _NUMERALS]
        if _is_noun(reading, at, words):
            yield from (word for word in words if not _leaves(reading, word))
        else:
            yield from (word for word in words if _changes(reading, word))
        if at + 1 in outside and reading.tokens[at + 1].norm in _AFTER:
            yield at + 1


def _leading(reading: Reading, at: int, own: Container[str], outside: Container[int]) -> Iterator[int]:
    """The places of the words that stand before a word and go with it, the nearest first."""
    for before in range(at - 1, -1, -1):
        apart = reading.text[reading.tokens[before].end : reading.tokens[before + 1].start]
        if before not in outside or apart.strip(" -") or reading.tokens[before].norm in FUNCTION_WORDS:
            return
        if reading.stems[before] not in own:
            yield before


def _is_noun(reading: Reading, at: int, leading: list[int]) -> bool:
    """Whether a word is the noun of "the mayor of", "its mayor is" or "Ulm's mayor Ann"."""
    tokens, norm = reading.tokens, reading.tokens[at].norm
    first = min(leading, default=at)
    owned = any(one.last == first and _has(reading, one) for one in reading.mentions)
    if norm.endswith(("ed", "ing")) or not (owned or (first and tokens[first - 1].norm in _DETERMINERS)):
        return False
    after = at + 1
    while after < len(tokens) and reading.stems[after] in SORTS:  # "the capital city of"
        after += 1
    if after == len(tokens) or any(one.first == after for one in reading.mentions):
        return True
    return tokens[after].norm == "of" or tokens[after].norm in COPULAS


def _has(reading: Reading, mention: Mention) -> bool:
    return reading.text[mention.end : mention.end + 2].replace("’", "'") in ("'s", "' ")


def _leaves(reading: Reading, at: int) -> bool:
    norm = reading.tokens[at].norm
    return norm in _HARMLESS or reading.stems[at] in SORTS or country_of(norm) is not None


def _changes(reading: Reading, at: int) -> bool:
    norm = reading.tokens[at].norm
    if norm in FORMERLY and at + 1 < len(reading.tokens) and reading.tokens[at + 1].norm in _NAMED:
        return False  # a former name is a name
    return norm in _OTHERWISE or norm in _ORDINALS or norm in _NUMERALS


def narrowed(reading: Reading, mention: Mention, own: Container[str]) -> bool:
    """Whether only a part of what is named is meant, what lies beside it, or several: "southern Germany"."""
    at = mention.first - 1
    if at >= 0 and reading.tokens[at].norm in _SEVERAL:
        return True
    if at > 0 and reading.tokens[at].norm == "of":
        at -= 1
    return at >= 0 and reading.tokens[at].norm in _DIRECTIONS and reading.stems[at] not in own


def _outside(reading: Reading) -> list[int]:
    inside = {at for mention in reading.mentions for at in range(mention.first, mention.last)}
    return [at for at in range(len(reading.tokens)) if at not in inside]


def _before_number(reading: Reading, at: int) -> bool:
    return any(one.first == at + 1 and one.kind == "number" for one in reading.mentions)
