"""Does a claim say this relation of these two mentions? From 0 (no word of it) to 1 (a phrase of its pack)."""

from collections.abc import Container

from groundwire.graph.countries import country_of
from groundwire.graph.direction import backwards
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, relation_words, stem
from groundwire.graph.relations import Phrase, Relation
from groundwire.graph.units import stems_to_say

# Words that many relations' names share, and that alone say little.
_SHARED = """
name number date place title year location time area type start end first last code identifier member count
total amount kind value
"""
GENERIC = frozenset(stem(word) for word in _SHARED.split())
# What means the same in the names of relations, and is said of the same one of the two.
_SAMES = """
acquire buy purchase; assemble build construct erect; assist help support; begin start launch commence; choose select;
close end finish complete conclude; collaborate cooperate partner; comprise contain include hold; cost price;
deliver supply provide furnish; depict portray; devise invent; head lead manage run; dispatch send;
employ hire; finance fund sponsor; forbid ban prohibit; guard protect; host house accommodate;
instruct teach tutor; oppose rival; possess own; remedy cure heal; replace succeed; reside live dwell;
"""
_NEAR = {
    stem(form): frozenset(stem(each) for other in row.split() for each in (other, f"{other.rstrip('e')}ed"))
    for row in " ".join(_SAMES.split()).split(";")
    for word in row.split()
    for form in (word, f"{word.rstrip('e')}ed", f"{word}s")
}
_GENERIC_WEIGHT = 0.3
_BY_NAME = 0.85
_IMPLIED = 0.9
_FRONTED = 0.9
_BY_FUNCTION_WORD = 0.7
# What may stand in between and changes nothing: "who is also now in the".
_FILL = "the who which that also now currently originally still formerly previously once later"
_FILLERS = frozenset(_FILL.split())
_BESIDE_ANOTHER = "against alongside beside besides despite except opposite than unlike versus without"
_ASIDE = frozenset(_BESIDE_ANOTHER.split())
_PLACING = ("in", "from", "at", "of")
_PREDICATES = (("a",), ("an",), ("is",), ("was",))
_LONGEST_DESCRIPTION = 7
# What a place or thing may be without this being a relation to another, although relations are named so.
_KINDS_OF_THINGS = """
city town village country state county region province district place island river mountain lake building airport
university school company dish food book novel song band film ship car
"""
SORT_WORDS = frozenset(_KINDS_OF_THINGS.split())
SORTS = frozenset(stem(word) for word in SORT_WORDS)
COPULAS = frozenset(["is", "are", "was", "were", "be", "s"])
# What may stand between an owner and what it has, and changes neither: "its current capital", "their home ground".
_MODIFYING = """
and average best chief common current early entire famous final first football former full good great head home key
last late later latest lead leading local main maiden major mean minor most much musical national native notable
official old only or original other overall own present previous primary principal same second senior sole third total
traditional very well wellknown youth
"""
MODIFIERS = frozenset(_MODIFYING.split())
# What is said after these words is said of the name before them: "the mayor of Ulm, which lies in Germany".
_NEAREST = "which who whose whom where that when located situated based in at from on near"
_OF_THE_NEAREST = frozenset(_NEAREST.split())
# What is said of these is said of the whole.
_OF_A_WHOLE = "all copy crew half inhabitants most much one part people rest some"
_SHARES = frozenset(stem(word) for word in _OF_A_WHOLE.split())
_RELATIVE = frozenset(["who", "that", "which"])
_AND_SO_ON = frozenset(["and", "while", "whereas"])
_ANEW = frozenset(["the", "this", "its", "their", "it", "they", "one"])
_OPENERS = (
    "after alongside although as because before besides despite if like once since though unlike until when while"
)
_SUBORDINATE = frozenset(_OPENERS.split())
_BESIDE = frozenset(["against", "alongside", "beside", "behind", "besides", "opposite", "than", "unlike", "without"])
_VERBS = COPULAS | {"has", "have", "had"}


def expressed(
    reading: Reading, relation: Relation, name: str, subject: Mention, object: Mention, *, wider: bool = True
) -> float:
    """How clearly the words around two mentions say that `subject` has `object` as its `relation`.

    `name` is what the graph calls the relation. `wider`: a wording of what follows from it will do.
    """
    if not _of_kind(relation.object, object.kind) or _of_another_clause(reading, relation, subject, object):
        return 0.0
    phrases = reading.phrases(relation)
    if not wider and relation.wider:
        phrases = [phrase for phrase in phrases if phrase in relation.phrases]
    own = relation.stems
    best = max((_phrase(reading, phrase, own, subject, object) for phrase in phrases), default=0.0)
    if relation.symmetric and best < 1:
        best = max(best, max((_phrase(reading, phrase, own, object, subject) for phrase in phrases), default=0.0))
    elif any(backwards(reading, each, subject, object) for each in {name, relation.id}):
        # Phrases know no "of" nor "in": "has its capital in" is found in "is the capital of".
        there = max((_phrase(reading, phrase, own, object, subject) for phrase in phrases), default=0.0)
        first = min(subject, object, key=lambda one: one.start)
        owned = reading.text[first.end : first.end + 2].replace("’", "'") == "'s"
        if best < 1 or there == 1 or owned:
            return 0.0
    if not relation.phrases and best < _BY_FUNCTION_WORD:
        best = _BY_FUNCTION_WORD * _predicated(reading, subject, object)
    if best == 1:
        return best
    return max(best, *(_BY_NAME * _named(reading, name, stems, subject, object) for stems in stems_to_say(name)))


def implied(reading: Reading, relation: Relation, name: str, mention: Mention, *, as_object: bool) -> float:
    """How clearly a claim says the relation of `mention` and something that it does not name: "Its capital is ..."."""
    if as_object and not _of_kind(relation.object, mention.kind):
        return 0.0
    left, right = reading.left(mention.group), reading.right(mention.group)
    for phrase in reading.phrases(relation):
        if phrase.exact is not None:
            continue
        if phrase.subject_first == as_object:  # the argument that is not named stands first
            before, after = (*phrase.before, *phrase.between), phrase.after
        else:
            before, after = phrase.before, (*phrase.between, *phrase.after)
        if _in_order(before, left) and _in_order(after, right):
            return _IMPLIED
    said = {*left, *right}
    return _BY_NAME * max(_share(stems, said) for stems in stems_to_say(name))


def _of_kind(wanted: str, kind: str) -> bool:
    """Whether a mention of this kind can be what the relation asks for."""
    if kind == "name":
        return wanted not in ("date", "number")
    return wanted not in ("person", "place", "organisation", "work")


def _phrase(reading: Reading, phrase: Phrase, own: frozenset[str], subject: Mention, object: Mention) -> float:
    first, second = (subject, object) if subject.start < object.start else (object, subject)
    if phrase.subject_first != (first is subject):
        return _FRONTED * _fronted(reading, phrase, first, second) if second is subject else 0.0
    if phrase.exact is not None:
        if phrase.exact[-1:] in _PREDICATES and _goes_on(reading, second):
            return 0.0
        if COPULAS.intersection(phrase.exact) and _anothers(reading, own, first, second):
            return 0.0
        return _BY_FUNCTION_WORD * _stands_alone(reading, phrase.exact, first, second)
    if phrase.marks and not set(phrase.marks) <= {token.norm for token in reading.tokens[first.last : second.first]}:
        return 0.0
    if "by" not in phrase.marks and _passive(reading, phrase, first, second):
        return 0.0
    if first.group == second.group:
        if phrase.between or not phrase.after:
            return 0.0
        between: list[str] = []
    elif first is subject:
        between = reading.left(second.group)
    else:
        between = reading.right(first.group)
    if not _in_order(phrase.between, between):
        return 0.0
    if phrase.before and not _in_order(phrase.before, reading.left(first.group)):
        return 0.0
    if phrase.after and not _in_order(phrase.after, reading.right(second.group)):
        return 0.0
    if _of_another(reading, phrase.stems, second) or _anothers(reading, {*own, *phrase.stems}, first, second):
        return 0.0
    aside = reading.tokens[second.first - 1 - (reading.tokens[second.first - 1].norm == "the")].norm
    if second.kind == "name" and aside in _ASIDE and stem(aside) not in phrase.stems:
        return 0.0  # who plays against Ajax does not play for it
    apart = second.group - first.group
    if not phrase.between and apart > 1 and not COPULAS & set(reading.gap_words(second.group)):
        return 0.0
    return 1.0 if apart <= 1 else 0.9


def _passive(reading: Reading, phrase: Phrase, first: Mention, second: Mention) -> bool:
    """Whether a claim has in the passive what the phrase has not: who is led by Ann does not lead her."""
    said = [token.norm for token in reading.tokens[first.last : second.first]]
    return any(
        word == "by" and reading.stems[first.last + at - 1] in phrase.between and not COPULAS.isdisjoint(said[:at])
        for at, word in enumerate(said)
        if at
    )


def _of_another_clause(reading: Reading, relation: Relation, subject: Mention, object: Mention) -> bool:
    """Whether two names stand in clauses that have nothing to do with each other, or are compared."""
    if object.kind != "name" or subject.elsewhere is not None or object.elsewhere is not None:
        return False
    first, second = (subject, object) if subject.start < object.start else (object, subject)
    at = second.first - 1
    while at > first.last and reading.tokens[at].norm in ("the", "that", "of", "in"):
        at -= 1
    if at >= first.last and reading.tokens[at].norm == "than" and "than" not in relation_words(relation.id):
        return True  # "A's ground is smaller than B"
    if reading.tokens[0].norm not in _SUBORDINATE:
        return False
    # "Before joining A, Ann played for B": of A the sentence says nothing more than that Ann joined it.
    return any(
        reading.text[reading.tokens[one.first - 1].end : one.start].strip() == ","
        for one in reading.mentions
        if first.last <= one.first < second.first and one.kind == "name"
    )


def _of_another(reading: Reading, own: tuple[str, ...], mention: Mention) -> bool:
    """Whether a relation of the mention stands before it: "born in the capital of Australia" is not in Australia."""
    at = _noun_of(reading, mention)
    if at is None:
        return False
    noun = reading.stems[at]
    return noun in reading.spoken_for and noun not in SORTS and noun not in own


def _anothers(reading: Reading, own: Container[str], first: Mention, second: Mention) -> bool:
    """Whether the claim is about something of a mention's: where Ann's brother was born, Ann was not."""
    if _possesses(reading, own, second):
        return True
    if _of_somebody(reading, own, first, second):
        return True
    return possessed(reading, own, first) and not _begins_anew(reading, first, second)


def _of_somebody(reading: Reading, own: Container[str], first: Mention, second: Mention) -> bool:
    """Whether a clause about somebody else stands between: "Ann lived with a man who was born in Ulm".

    What a name is said to be is itself: "Ann is a physicist who was born in Ulm", "Ann, a physicist who ...".
    """
    tokens = reading.tokens
    for at in range(first.last + 1, second.first):
        if tokens[at].norm not in _RELATIVE or any(one.last == at for one in reading.mentions):
            continue
        start = at - 1
        while start > first.last and tokens[start].norm not in FUNCTION_WORDS:
            start -= 1
        noun = {reading.stems[each] for each in range(start + 1, at)}
        if not noun or any(word in own for word in noun) or tokens[start].norm not in ("a", "an", "the"):
            continue
        if start > first.last and tokens[start - 1].norm not in (*COPULAS, "as", "of", "and"):
            return True
    return False


def possessed(reading: Reading, own: Container[str], mention: Mention) -> bool:
    """Whether what follows a mention is said of something that it has: "Ann's brother", "the brother of Ann"."""
    return _possesses(reading, own, mention) or _belongs(reading, own, mention)


def _possesses(reading: Reading, own: Container[str], mention: Mention) -> bool:
    """Whether the mention's own thing follows, and none of the words of the relation: "Ann's elder brother"."""
    after = reading.text[mention.end : mention.end + 2].replace("’", "'")
    plural = after == "' " and reading.text[mention.end - 1] == "s" and reading.text[mention.start - 1] not in "'‘’"
    if after != "'s" and not plural:
        return False
    tokens, at = reading.tokens, mention.last
    while at < len(tokens) and (tokens[at].norm in MODIFIERS or tokens[at].norm[0].isdigit()):
        at += 1
    if at == len(tokens) or tokens[at].norm in FUNCTION_WORDS or tokens[at].norm in _FILLERS:
        return False  # "Ann's a physicist"
    if any(one.first <= at < one.last for one in reading.mentions):
        return False
    # "Ann's favourite genre is": what is the genre's is Ann's. "Ann's brother died": what is the brother's is not.
    named = at + 2 < len(tokens) and reading.stems[at + 1] in own and tokens[at + 2].norm in COPULAS
    return reading.stems[at] not in own and not named


def _belongs(reading: Reading, own: Container[str], mention: Mention) -> bool:
    """Whether what goes on is said of what belongs to the mention: "the brother of Ann was born in Ulm"."""
    row = [one for one in reading.mentions if one.group == mention.group]
    at = _noun_of(reading, row[0]) if mention.kind == "name" else None
    if at is None or any(reading.stems[near] in own for near in (at - 1, at) if near >= 0):
        return False
    if reading.stems[at] in _SHARES or reading.stems[at] in SORTS or reading.stems[at] in GENERIC:
        return False
    after = [token.norm for token in reading.tokens[row[-1].last : row[-1].last + 4]]
    if not after or after[0] in _OF_THE_NEAREST or after[-2:] == ["of", "which"]:
        return False
    if after[0].endswith("ed") and after[1:2] == ["by"]:
        return False
    return after[0] != "with" or _ANEW.isdisjoint(after[1:2])


def _begins_anew(reading: Reading, first: Mention, second: Mention) -> bool:
    """Whether a clause with a subject of its own stands between: "the capital of Turkey is Ankara, and its leader"."""
    begin = max(one.last for one in reading.mentions if one.group == first.group)
    for at in range(begin + 1, second.last):
        mark = reading.text[reading.tokens[at - 1].end : reading.tokens[at].start]
        if reading.tokens[at - 1].norm not in _AND_SO_ON and not any(stop in mark for stop in ".;:"):
            continue
        named = next((one for one in reading.mentions if one.first == at), None)
        after = reading.tokens[named.last : named.last + 1] if named else []
        if reading.tokens[at].norm in _ANEW or (after and after[0].norm in _VERBS):
            return True
    return False


def _noun_of(reading: Reading, mention: Mention) -> int | None:
    """The place of the noun that the mention tells more of: "brother" in "the brother of the late Ann"."""
    at = mention.first - 1
    while at > 0 and (reading.tokens[at].norm in ("the", "a", "an") or reading.tokens[at].norm in MODIFIERS):
        at -= 1
    if at < 1 or reading.tokens[at].norm != "of" or reading.tokens[at - 1].norm in FUNCTION_WORDS:
        return None
    return None if any(one.first < at <= one.last for one in reading.mentions) else at - 1


def _goes_on(reading: Reading, mention: Mention) -> bool:
    """Whether a noun follows that the mention only describes: "is a rock musician" calls no one a rock."""
    if mention.last >= len(reading.tokens) or country_of(reading.tokens[mention.first].norm):
        return False  # a Russian writer is Russian
    word = reading.tokens[mention.last]
    apart = reading.text[mention.end : word.start]
    return apart.isspace() and word.norm not in FUNCTION_WORDS


def _predicated(reading: Reading, subject: Mention, object: Mention) -> bool:
    """Whether the claim says that the subject is (a) so-and-so: how English says colour, status or trade."""
    if object.kind != "name" or reading.words(object)[:1].isupper() or _goes_on(reading, object):
        return False
    if _anothers(reading, (), subject, object):
        return False
    said = [token.norm for token in reading.tokens[subject.last : object.first] if token.norm not in _FILLERS]
    return bool(said) and said[0] in COPULAS and said[1:] in ([], ["a"], ["an"])


def _fronted(reading: Reading, phrase: Phrase, object: Mention, subject: Mention) -> bool:
    """Whether the object opens the sentence with what is said of the subject: "Born in Hobart, Errol Flynn ..."."""
    if phrase.before or not phrase.between or object.group > subject.group:
        return False
    row = [one for one in reading.mentions if one.group == object.group]
    if object.group == subject.group and row[:2] != [object, subject]:
        return False
    apart = reading.text[object.end : subject.start] if subject.group <= object.group + 1 else ""
    lead = reading.gap(object.group)
    return apart.strip() == "," and _in_order(phrase.between, lead) and not phrase.after


def _stands_alone(reading: Reading, words: tuple[str, ...], first: Mention, second: Mention) -> bool:
    """Whether only these function words stand between two mentions, or a description that ends in them.

    "is from" stands in "is from the" and in "is a dish from", but not in "is the enemy of": what only one can be is a
    relation of its own.
    """
    said = [token.norm for token in reading.tokens[first.last : second.first] if token.norm not in _FILLERS]
    if not words:
        return first.last == second.first
    if tuple(said) == tuple(word for word in words if word not in _FILLERS):
        return True
    if (
        first.group == second.group
        or words[-1] not in _PLACING
        or said[-1:] != [words[-1]]
        or len(said) > _LONGEST_DESCRIPTION
    ):
        return False
    inner = said[:-1]
    if inner[:1] and inner[0] in COPULAS:
        inner = inner[1:]
    # What the graph has a name for describes: "is a food producer from".
    kinds = {
        token.norm
        for one in reading.mentions
        if words[-1] != "of" and first.last <= one.first < second.first and reading.words(one).islower()
        for token in reading.tokens[one.first : one.last]
    }
    return inner[:1] in (["a"], ["an"]) and all(word in kinds or _describes(reading, word) for word in inner[1:])


def _describes(reading: Reading, word: str) -> bool:
    return word not in FUNCTION_WORDS and (stem(word) in SORTS or stem(word) not in reading.spoken_for)


def _by_preposition(name: str) -> bool:
    return relation_words(name)[-1:] in (("for",), ("in",), ("at",), ("of",), ("to",), ("by",), ("on",))


def _named(reading: Reading, name: str, words: tuple[str, ...], subject: Mention, object: Mention) -> float:
    if not words or subject.group == object.group or _of_another(reading, words, object):
        return 0.0
    first, second = (subject, object) if subject.start < object.start else (object, subject)
    if _anothers(reading, words, first, second):
        return 0.0
    if second.first - first.last > 1 and reading.tokens[second.first - 1].norm in _BESIDE and _by_preposition(name):
        return 0.0  # who plays alongside Ann plays for nobody by that name
    said = {*reading.left(object.group), *reading.right(object.group)}
    said.update(reading.stems[object.first : object.last])  # "uses the English language", "has a V12 engine"
    if subject.group < object.group:
        said.update(reading.left(subject.group))
    return _share(words, said)


def tells(words: tuple[str, ...], said: set[str]) -> bool:
    """Whether the words that say something in a relation's name are all there."""
    telling = [word for word in words if word not in GENERIC]
    return bool(telling) and said.issuperset(telling)


def _share(words: tuple[str, ...], said: set[str]) -> float:
    """How much of a relation's name is said; the words that many names have in common count little."""
    said = said.union(word for word in words if not said.isdisjoint(_NEAR.get(word, ())))
    weights = [(_GENERIC_WEIGHT if word in GENERIC else 1.0, word in said) for word in words]
    return sum(weight for weight, there in weights if there) / sum(weight for weight, _ in weights) if words else 0.0


def _in_order(words: tuple[str, ...], said: list[str]) -> bool:
    rest = iter(said)
    return all(word in rest for word in words)
