"""Tells source material in a message from what its writer asks for.

A message may hold an article, a question about it and how to answer. Only the article is evidence whose silence
counts; a remark of the writer's own ("My order number is 5521.") is evidence too, but its silence says nothing.
"""

import re
from enum import Enum
from typing import NamedTuple

from groundwire.evidence.sentences import Sentence, Shape, sentences

MATERIAL_WORDS = 25  # this many words that state something make a message source material
_LABELLED_WORDS = 2  # under a label ("Context:") a few are enough
_CHARACTERS = 4000  # of a sentence, what is looked at


class Prose(NamedTuple):
    """What a message is made of.

    `evidence` is the message with all else blanked, character for character, so that spans into it are spans into
    the message; empty where nothing is stated. `speaks`: it is source material. `asks` is the question or the
    instruction, in the writer's words.
    """

    evidence: str
    speaks: bool
    asks: str


class _Part(Enum):
    MATERIAL = "material"
    REMARK = "remark"  # of the writer's own, in the first person
    ASKING = "asking"
    LABEL = "label"
    NOISE = "noise"  # greetings, code


_SOURCE_LABEL = re.compile(
    r"(?:[#>*_\-=\[(<]{1,8}\s?)?"
    r"(?:here (?:is|are) (?:the|my|a|an|some)\s|(?:the|given|use the|based on the)\s)?(?:following\s|provided\s)?"
    r"(?:context|contexts|document|documents|article|passage|passages|source|sources|background|reference|references"
    r"|text|transcript|dialogue|conversation|excerpt|excerpts|information|facts|evidence|knowledge|data|report|email"
    r"|search results?|retrieved (?:documents|passages)|content|contract|policy|summary of facts|notes)"
    r"(?:\s(?:information|text|above|below|documents?|passages?))?"
    r"(?:\s?[#\[(]?\s?[0-9a-z]{1,3}[\])]?)?(?:[*_=\-]{0,4}\s?:|[>\])*_=\-]{1,8}(?=\s|$)|[*_=\-]{0,8}$)",
    re.IGNORECASE,
)
_ASKING_LABEL = re.compile(
    r"(?:[#>*_\-=\[(<]{1,8}\s?)?"
    r"(?:user(?:'s)? )?(?:question|query|instructions?|task|request|answer|your answer|prompt|response|rules|output"
    r"|claim|statement|summary)(?:\s?[0-9]{1,3})?(?:[*_=\-]{0,4}\s?:|[>\])*_=\-]{1,8}(?=\s|$))",
    re.IGNORECASE,
)
_CLOSING_TAG = re.compile(r"</[a-zA-Z_][\w.-]{0,40}>|-{3,}$|={3,}$|\"{3}$|'{3}$")
_IMPERATIVE_WORDS = (
    "act add analyse analyze answer apply arrange ask assess assist assume avoid be begin bring calculate check choose "
    "cite classify clean come compare compose compute confirm consider continue convert copy correct count create "
    "critique debug decide define describe design determine develop discuss do draft draw edit elaborate ensure "
    "estimate evaluate examine expand explain extract fetch fill find fix focus follow format generate get give go "
    "guess help identify ignore imagine implement improve include infer inform interpret keep let list look make "
    "match mention name never note only organize outline output paraphrase perform pick plan please predict prefer "
    "prepare present pretend prioritize produce proofread propose provide put rank rate read recommend refer reformat "
    "refuse remember remove rephrase replace reply report respond return review revise rewrite role-play say search "
    "select send show simplify solve speak specify start state stay stick stop suggest summarise summarize take talk "
    "tell think track translate treat try turn use verify write don't always"
)
_IMPERATIVE = frozenset(_IMPERATIVE_WORDS.split())
_OPENERS = re.compile(
    r"(?:you are |you're |you will |you must |you should |you may |you can |you do |you have |you help |you never "
    r"|you always |your |you |can you|could you|would you|will you|i want you|i need you|i'd like you"
    r"|i would like you|i would like to|i want to|i'd like to|i need to know|based on |given the |given this "
    r"|using the |using only |according to the (?:context|text|passage|document|article)s? ?(?:above|below|,)|from the "
    r"(?:context|text|passage|document|article)|in your |when (?:you|answering|responding|asked|a user|the user)"
    r"|if (?:you|the user|a user|asked|the answer|the question|there is no|no )|below is |below are "
    r"|the (?:user|assistant|following is)|the following|the (?:answer|response|output|essay|reply|summary|tone"
    r"|result|email|letter|poem|story|article|text|code|function) (?:should|must|needs|has to)"
    r"|(?:it|this|they|responses?|answers?|replies) (?:should|must|needs to|has to|have to)"
    r"|what |who |whom |whose |which |when |where |why |how |is it |are there |is there |do you |does )",
    re.IGNORECASE,
)
_TO_THE_MODEL = re.compile(
    r"\b(?:assistant|chatbot|language model|your (?:answers?|responses?|reply|replies|output|task|job|role)"
    r"|the user(?:'s)?|step by step|as an ai|i (?:want|need) you to)\b",
    re.IGNORECASE,
)
_BELIEF = re.compile(
    r"(?:i|we)(?:'ve|'m| am| was| have)? (?:also )?(?:think|thought|believe|believed|guess|suppose|assume|heard|read"
    r"|told|wonder|wondering|doubt|feel|imagine|suspect|unsure|not sure|sure)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"(?:i|i'm|i've|i'd|i'll|my|mine|we|we're|we've|our|me)\b", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|thanks|thank you|good (?:morning|afternoon|evening|day)|cheers|sorry|ok|okay|great|sure|yes|no"
    r"|bye|goodbye|perfect|awesome|nice|cool|lol|welcome)\b",
    re.IGNORECASE,
)


def read_prose(text: str) -> Prose:
    """Sort the sentences of a message. Linear in its length; raises nothing.

    What follows a label such as "Context:" or `<document>` is material until a label such as "Question:", a closing
    tag or the questions at the end. Elsewhere a sentence is material when it states something and neither asks,
    nor instructs, nor speaks in the first person.
    """
    found = list(sentences(text))
    parts, labelled = _sort(text, found)
    words = dict.fromkeys(_Part, 0)
    under_label = 0
    for sentence, part, inside in zip(found, parts, labelled, strict=True):
        count = len(text[sentence.start : sentence.end].split())
        words[part] += count
        if inside and part is _Part.MATERIAL:
            under_label += count
    speaks = words[_Part.MATERIAL] >= MATERIAL_WORDS or under_label >= _LABELLED_WORDS
    stated = (_Part.MATERIAL, _Part.REMARK)
    evidence = _keep(text, [s for s, part in zip(found, parts, strict=True) if part in stated])
    asked = [s for s, part in zip(found, parts, strict=True) if part is _Part.ASKING]
    return Prose(evidence, speaks, _asked(text, asked))


def _sort(text: str, found: list[Sentence]) -> tuple[list[_Part], list[bool]]:
    parts: list[_Part] = []
    labelled: list[bool] = []
    inside = asking = False
    for sentence in found:
        words = text[sentence.start : min(sentence.end, sentence.start + _CHARACTERS)].replace("’", "'")
        part: _Part | None = None
        if _CLOSING_TAG.match(words):
            inside, part = False, _Part.LABEL
        elif label := _ASKING_LABEL.match(words):
            inside, asking = False, True
            part = _Part.ASKING if words[label.end() :].strip() else _Part.LABEL
        elif label := _SOURCE_LABEL.match(words):
            inside, asking = True, False
            if not words[label.end() :].strip():
                part = _Part.LABEL
        elif sentence.gap >= 2:
            asking = False
        if part is None:
            part = _Part.ASKING if asking and not inside else _Part.MATERIAL if inside else _plain(words, sentence)
        parts.append(part)
        labelled.append(inside)
    _trim(text, found, parts)
    return parts, labelled


def _trim(text: str, found: list[Sentence], parts: list[_Part]) -> None:
    """The questions and instructions that end a message are the writer's, also without a label before them."""
    for place in range(len(found) - 1, -1, -1):
        sentence = found[place]
        words = text[sentence.start : min(sentence.end, sentence.start + _CHARACTERS)].replace("’", "'")
        if parts[place] is not _Part.MATERIAL or _SOURCE_LABEL.match(words):
            return
        if _plain(words, sentence) is not _Part.ASKING:
            return
        parts[place] = _Part.ASKING


def _plain(words: str, sentence: Sentence) -> _Part:
    """What a sentence is that no label introduces."""
    bare = words.lstrip("#>*-_ \t\"'“‘(•0123456789.)")
    first = bare.split(None, 1)[0].lower().strip(",.:;!") if bare.strip() else ""
    if sentence.shape is Shape.CODE or not first:
        return _Part.NOISE
    if words.rstrip("\"'”’*_) ").endswith(("?", "？")) or _BELIEF.match(bare):
        return _Part.ASKING
    if sentence.shape is Shape.ROW:
        return _Part.MATERIAL
    if first in _IMPERATIVE or _OPENERS.match(bare) or _TO_THE_MODEL.search(words):
        return _Part.ASKING
    if _GREETING.match(bare) and len(bare.split()) < 8:
        return _Part.NOISE
    if len(bare.split()) < 3 and sentence.shape in (Shape.SENTENCE, Shape.ITEM):
        return _Part.NOISE
    if sentence.shape is Shape.HEADING or (words.endswith(":") and len(words) < 80):
        return _Part.LABEL
    return _Part.REMARK if _FIRST_PERSON.match(bare) else _Part.MATERIAL


def _keep(text: str, kept: list[Sentence]) -> str:
    """The text with all but the sentences blanked; line breaks in the place of what goes keep its sides apart."""
    if not kept:
        return ""
    pieces: list[str] = []
    last = 0
    for sentence in kept:
        between = text[last : sentence.start]
        pieces.append(between if not between.strip() else "\n" * len(between))
        pieces.append(text[sentence.start : sentence.end])
        last = sentence.end
    pieces.append("\n" * (len(text) - last))
    return "".join(pieces)


def _asked(text: str, asked: list[Sentence]) -> str:
    """The question in the writer's words, its label left out; instructions only where nothing is asked."""
    said = [" ".join(text[s.start : s.end].split()) for s in asked]
    said = [words[label.end() :].strip() if (label := _ASKING_LABEL.match(words)) else words for words in said]
    questions = [words for words in said if words.endswith("?")]
    return " ".join(questions or said)
