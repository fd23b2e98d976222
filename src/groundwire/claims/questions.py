"""A question → the statement that its short answer completes: "How tall is it?" gives "It is … tall."."""

import re
from itertools import pairwise
from typing import NamedTuple

from groundwire.claims.inflection import past, present
from groundwire.claims.lexicon import BE, PREPOSITIONS
from groundwire.claims.marked import Marked, joined, put_in, small
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import SUBJECTS

_LONGEST_ANSWER = 12  # words
_LONGEST_REASON = 30
_LONGEST_ASKED = 10  # tokens from "which" to the verb
_HELPING = BE | {
    *("do", "does", "did", "have", "has", "had", "can", "could", "will", "would", "may", "might", "must", "shall"),
    "should",
}
_ASKING = frozenset(("who", "what", "which", "whose", "when", "where", "why", "how"))
_SHARES = frozenset(("much", "percentage", "percent", "share", "part", "proportion", "fraction", "portion"))
_DOING = ("do", "does", "did")
_SPEAKERS = frozenset(("you", "i", "we", "me", "us", "anyone", "someone", "anybody", "somebody"))
_SIZES = frozenset(
    ("tall", "long", "high", "deep", "wide", "thick", "old", "heavy", "big", "large", "fast", "far", "soon")
)
_MODALS = frozenset(("can", "could", "may", "might", "must", "shall", "should", "will", "would"))
_ALLOWING = frozenset(("can", "may", "must", "should"))  # with these, what "I" may do is what you may do
_TO_YOU = {"i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "myself": "yourself"}
_UNCOUNTED = frozenset(("money", "time", "longer", "more", "of"))
_PLACED = frozenset(("every", "each", "next", "last", "today", "tomorrow", "yesterday", "daily", "once", "twice"))
_REPEATED = re.compile(
    r"(?:(?:about|at least|at most|only|no more than) )?(?:every|each|once|twice|\w+ times|daily|weekly|monthly|yearly"
    r"|annually|hourly|never|always|rarely|seldom|sometimes|on \w+days|after (?:each|every)|before (?:each|every))\b",
    re.I,
)
_PERIODS = frozenset(("year", "month", "decade", "century", "season"))
_DAY = re.compile(r"[A-Z][a-z]+ \d{1,2}\b(?!\d)|\b\d{1,2} [A-Z][a-z]+")
_REASON = re.compile(r"(?:because|since|due|to|in order|owing|thanks|as a|for|so)\b", re.I)
_NUMBER = re.compile(
    r"(?:\W|about|around|approximately|roughly|nearly|almost|over|under|at|least|most|more|less|than|only|just|up|to|an?"
    r"|exactly|some)*(?:\d|(?:no|once|twice|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
    r"|thousand|million|billion|dozen|half)\b)",
    re.I,
)
_YES_OR_NO = re.compile(
    r"(?:not (?P<later>yet)|(?P<yes>yes|no)(?:[,—–-]? (?:it|he|she|they|there|this|that) (?:is|are|was|were|do|does"
    r"|did|has|have|had|can|could|will|would|may|might|must)(?P<not>n['’]t| not)?)?)[.!]*\Z",
    re.I,
)


class Frame(NamedTuple):
    """A question turned into a statement with a gap: `before` gap `after`.

    `asks` says what fills it: "what", "when", "where", "why", "whose", "number" or "size"; `noun` is what is counted
    or measured. Of a question that asks "whether", `before` is the statement and `after` its denial.
    """

    before: str
    after: str
    asks: str
    noun: str = ""


UNKNOWN = Frame("", "", "unknown")
"""A question of which no statement can be made: a short answer to it does not stand alone."""


def frame(tree: Tree) -> Frame | None:
    """The statement that answers a question: "What is the capital of Italy?" gives "The capital of Italy is …".

    None where nothing is asked.
    """
    if not tree.text.rstrip("\"'”’)* ").endswith("?"):
        return None
    return _framed(tree) or UNKNOWN


def _framed(tree: Tree) -> Frame | None:
    end = len(tree.tags)
    while end and not any(c.isalnum() for c in tree.words[end - 1]):
        end -= 1
    if end < 2:
        return None
    if tree.lowers[0] in _HELPING:
        return _whether(tree, end)
    at = 1 if tree.tags[0] in ("IN", "TO") else 0
    if tree.tags[at][0] != "W":
        return None
    verb = next((t for t in range(at + 1, min(end, at + _LONGEST_ASKED)) if tree.tags[t][:2] in ("VB", "MD")), None)
    return None if verb is None else _asked(_Question(tree, at, verb, end))


class _Question(NamedTuple):
    """A question's parts: "which" at `at`, its verb or auxiliary at `verb`, the last word before `end`."""

    tree: Tree
    at: int
    verb: int
    end: int

    @property
    def word(self) -> str:
        return self.tree.lowers[self.at]

    @property
    def head(self) -> int:
        """The word of what is asked for that hangs on the rest: "moons"."""
        return max(range(self.at, self.verb), key=lambda t: (self.tree.heads[t] >= self.verb, t))

    @property
    def phrase(self) -> list[str]:
        """What stands between the asking word and the verb: "many moons"."""
        return [self.tree.lowers[t] for t in range(self.at + 1, self.verb)]


def _asked(asked: _Question) -> Frame | None:
    tree, word, phrase = asked.tree, asked.word, asked.phrase
    if word in ("when", "where", "why") and phrase:
        return None
    if word not in ("who", "whom", "what", "which", "whose", "when", "where", "why", "how") or _asks_more(asked):
        return None
    asks, noun = _sought(asked)
    subject = _subject(tree, asked.verb, asked.end)
    if not asks or (subject and tree.lowers[subject[0]] in _SPEAKERS and not _is_rule(asked, subject)):
        return None
    if subject and word == "how" and noun == "far":
        subject = subject[: next((n for n, t in enumerate(subject) if tree.lowers[t] == "from"), len(subject))]
    if not subject:
        inverted = tree.lowers[asked.verb] in _MODALS and tree.deps[asked.head] not in SUBJECTS
        if inverted or asked.at or asks in ("when", "where", "why", "size") or tree.lowers[asked.verb] in _DOING:
            return None
        return Frame("", _text(tree, range(asked.verb, asked.end)), asks, noun)
    words = _inverted(tree, asked.verb, subject, asked.end)
    if words is None:
        return None
    gap = _gap(asked, words)
    before = " ".join(text for _, text in words[:gap])
    if asked.at:
        gap, before = len(words), " ".join([*(text for _, text in words), tree.lowers[0]])
        asks = "what" if asks in ("when", "where") else asks
    return Frame(before, " ".join(text for _, text in words[gap:]), asks, noun)


def _is_rule(asked: _Question, subject: list[int]) -> bool:
    """ "How much may I take?" asks for a rule; "What can you tell me?" asks somebody."""
    tree = asked.tree
    others = {tree.lowers[t] for t in range(asked.verb + 2, asked.end)}
    one = len(subject) == 1 and tree.lowers[subject[0]] in ("i", "we", "you")
    return one and tree.lowers[asked.verb] in _ALLOWING and not (tree.lowers[subject[0]] == "you" and "me" in others)


def _asks_more(asked: _Question) -> bool:
    """A choice, or a second question: a fragment does not fill one gap then."""
    words = [asked.tree.lowers[t] for t in range(asked.end)]
    joined = any(a in ("and", "or", "but") and b in _ASKING for a, b in pairwise(words))
    return joined or ("or" in words and "," in words)


def _sought(asked: _Question) -> tuple[str, str]:
    """What fills the gap, and the noun that goes with it; empty where that cannot be told."""
    tree, phrase = asked.tree, asked.phrase
    if phrase[:1] and phrase[0] in _SHARES and phrase[1:2] == ["of"]:
        return "number", _text(tree, range(asked.at + 2, asked.verb))
    if asked.word == "how":
        if phrase[:1] == ["many"] and len(phrase) > 1:
            return "number", _text(tree, range(asked.at + 2, asked.verb))
        if phrase[:1] == ["much"]:
            counted = len(phrase) > 1 and phrase[1] not in _UNCOUNTED
            return "number", f"of {_text(tree, range(asked.at + 2, asked.verb))}" if counted else ""
        if phrase == ["often"]:
            return "often", ""
        if len(phrase) != 1 or phrase[0] not in _SIZES:
            return "", ""
        if tree.lowers[asked.verb] in BE or (tree.lowers[asked.end - 1] == "be" and phrase[0] != "soon"):
            return "size", phrase[0]
        return "size", "far"  # it lasts six years, and not "long"
    if asked.word == "whose":
        return ("whose", _text(tree, range(asked.at + 1, asked.verb))) if phrase else ("", "")
    if phrase and phrase[-1] in _PERIODS:
        return "when", ""
    return (asked.word if asked.word in ("when", "where", "why") else "what"), ""


def _subject(tree: Tree, verb: int, end: int) -> list[int]:
    """The tokens of the subject that stands behind the verb or auxiliary at `verb`, without what follows it."""
    if tree.lowers[verb] not in _HELPING:
        return []
    if verb + 1 < end and tree.lowers[verb + 1] == "there" and tree.lowers[verb] in BE:
        return [verb + 1]
    labels = (*SUBJECTS, "attr") if tree.lowers[verb] in BE else SUBJECTS
    best: list[int] = []
    for token in range(verb + 1, end):
        inside = [t for t in tree.subtree(token) if t < end]
        noun = tree.tags[token][:2] in ("NN", "PR", "EX", "CD", "DT", "WP") or tree.deps[token] in SUBJECTS
        if noun and tree.deps[token] in labels and inside[0] == verb + 1 and len(inside) > len(best):
            best = list(range(inside[0], inside[-1] + 1))
    if best:
        return best
    if tree.lowers[verb] in _DOING:
        return _nouns(tree, verb, end)
    return _before_verb(tree, verb, end) if tree.lowers[verb] in _MODALS else []


def _before_verb(tree: Tree, verb: int, end: int) -> list[int]:
    """The words between "may" and its verb, where the parser saw no subject: "an adult" of "may an adult take"."""
    main = tree.heads[verb]
    nouns = all(tree.tags[t][:2] in ("DT", "JJ", "NN", "PR", "CD", "PO", "IN") for t in range(verb + 1, main))
    return list(range(verb + 1, main)) if verb + 1 < main < end and nouns else []


def _nouns(tree: Tree, verb: int, end: int) -> list[int]:
    """The words behind "does" that can be a subject, where the parser saw none: "the car" of "the car use"."""
    found: list[int] = []
    for token in range(verb + 1, end):
        if tree.tags[token][:2] not in ("DT", "JJ", "NN", "PR", "CD", "PO"):
            return found if tree.tags[token] == "VB" else []
        found.append(token)
    return found[:-1]


def _inverted(tree: Tree, verb: int, subject: list[int], end: int) -> list[tuple[int, str]] | None:
    """The statement's words in order, with their tokens: subject, verb, the rest."""
    rest = list(range(subject[-1] + 1, end))
    helper = tree.lowers[verb]
    if helper in _DOING:
        if not rest and len(subject) > 1:
            subject, rest = subject[:-1], subject[-1:]  # "did the Titanic sink", read as one noun phrase
        if not rest:
            return None
        main = next((t for t in rest[:3] if tree.tags[t] == "VB"), rest[0])
        form = tree.lowers[main]
        form = past(form) if helper == "did" else present(form) if helper == "does" else form
        done = [(t, form if t == main else tree.words[t]) for t in rest]
    else:
        form = "is" if helper in ("'s", "’s") else "are" if helper in ("'re", "’re") else tree.lowers[verb]
        done = [(verb, form), *((t, tree.words[t]) for t in rest)]
    who = _text(tree, subject)
    if who.lower() in _TO_YOU or who.lower() == "you":
        who = "you"
        done = [(t, _TO_YOU.get(word.lower(), word)) for t, word in done]
    return [(subject[-1], who), *_fused(tree, done)]


def _fused(tree: Tree, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Words that stand without a space between them ("Anna’s") as one."""
    found: list[tuple[int, str]] = []
    for token, text in words:
        if found and token == found[-1][0] + 1 and tree.ends[token - 1] == tree.starts[token]:
            found[-1] = (token, found[-1][1] + text)
        else:
            found.append((token, text))
    return found


def _gap(asked: _Question, words: list[tuple[int, str]]) -> int:
    """Where the answer goes among the statement's words."""
    tree = asked.tree
    role, above = tree.deps[asked.head], tree.heads[asked.head]
    if asked.word in ("when", "where", "why") or (asked.phrase and asked.phrase[-1] in {*_PERIODS, "times", "often"}):
        return len(words)
    main = next((n + 1 for n, (token, _) in enumerate(words) if token == tree.heads[asked.verb]), len(words))
    if asked.word == "how" and asked.phrase[0] in _SIZES:
        if tree.lowers[asked.verb] in _MODALS:
            return main
        return 2 if tree.lowers[asked.verb] in (*BE, *_DOING) else len(words)
    if tree.lowers[asked.verb] in BE and (tree.lowers[words[0][0]] == "there" or role in ("attr", "nsubj", "acomp")):
        return 2
    if role == "pobj" and _is_stranded(tree, words[-1][0]):
        return len(words)
    if role in ("dobj", "pobj"):
        return next((n + 1 for n, (token, _) in enumerate(words) if token == above), len(words))
    if tree.lowers[asked.verb] in _DOING and len(words) > 1 and not _is_stranded(tree, words[-1][0]):
        return 2
    return len(words)


def _is_stranded(tree: Tree, token: int) -> bool:
    return tree.tags[token] in ("IN", "RP", "TO")


def _whether(tree: Tree, end: int) -> Frame | None:
    """A question to be answered by yes or no."""
    words = {tree.lowers[t] for t in range(end)}
    subject = _subject(tree, 0, end)
    if not subject or words & {"or", "not", "n't", "n’t"} or tree.lowers[subject[0]] in _SPEAKERS:
        return None
    stated = _inverted(tree, 0, subject, end)
    rest = [t for t in range(subject[-1] + 1, end) if tree.lowers[t] != "ever"]
    if stated is None or not rest:
        return None
    verb = tree.lowers[0]
    yes = " ".join(text for _, text in stated if text.lower() not in ("any", "ever"))
    denied = "cannot" if verb == "can" else f"{verb} not"
    if tree.lowers[subject[0]] == "there" and tree.lowers[rest[0]] in ("any", "a", "an", "some"):
        denied, rest = f"{verb} no", rest[1:]
    no = f"{_text(tree, subject)} {denied} {_text(tree, rest)}"
    return Frame(yes, no, "whether")


def confirmed(question: Frame, text: str) -> str | None:
    """The statement that "Yes." or "No, it is not." makes of a question; None where `text` is something else."""
    match = _YES_OR_NO.match(text) if question.asks == "whether" else None
    if match is None:
        return None
    if match["later"] is not None:
        return f"{question.after[:1].upper()}{question.after[1:]} so far."
    said = question.before if match["yes"].lower() == "yes" else question.after
    if match["not"] is not None and match["yes"].lower() == "yes":
        return None
    return said[:1].upper() + said[1:] + "."


def answered(question: Frame, words: Marked, tree: Tree, *, marked: bool = False) -> Marked | None:
    """The fragment (parsed as `tree`) in the question's gap, or None where it is none or more than an answer.

    It may be longer where it is `marked` as the answer, by "A:".
    """
    text = words.text.rstrip(" .!")
    own = words.cut(0, len(text))
    longest = _LONGEST_REASON if marked or question.asks == "why" else _LONGEST_ANSWER
    if not text or len(text.split()) > longest or question.asks in ("whether", "unknown"):
        return None
    first = text.split()[0].lower()
    before, after = question.before, question.after
    is_name = tree.tags[0] in ("NNP", "NNPS") and first not in PREPOSITIONS
    if question.asks == "often":
        if not _REPEATED.match(text):
            return None
    elif question.asks in ("when", "where"):
        if first not in PREPOSITIONS | _PLACED and tree.tags[0] not in ("IN", "TO", "RB"):
            before += " on" if question.asks == "when" and _DAY.search(text) else " in"
    elif question.asks == "why":
        if not _REASON.match(text):
            return None
        before, after = f"{before} {after}".rstrip(), ""
    elif question.asks == "whose":
        after = f"{question.noun} {after}".rstrip()
        if not text.endswith(("'s", "’s", "s'", "s’")) and first not in ("his", "their", "its"):
            own = joined([own, put_in("’s")])
    elif question.asks in ("number", "size"):
        if not _NUMBER.match(text) and first not in ("since", "for", "until", "after", "within"):
            return None
        after = _counted(question, text, tree)
    if question.before and tree.tags[0] != "JJ" and not is_name:
        own = small(own)
    before = before[:1].upper() + before[1:]
    return joined([put_in(before + " " if before else ""), own, put_in((" " + after if after else "") + ".")])


def is_reason(tree: Tree) -> bool:
    """Whether a text with a verb is only a reason: "To cut costs.", "Because it lost money."."""
    if not tree.roots or not _REASON.match(tree.text):
        return False
    below = [tree.lowers[child] for child in tree.children[tree.roots[0]]]
    opens = tree.lowers[0]
    if tree.roots[0] == 0:
        return True
    return opens in below and (opens != "to" or tree.child(tree.roots[0], *SUBJECTS) is None)


def _counted(question: Frame, text: str, tree: Tree) -> str:
    """What follows the number: "moons in orbit", unless the answer says "two moons" itself, or counts in a unit."""
    said = [word.strip(",.~") for word in text.lower().split()]
    noun = question.noun
    last = noun.lower().split()[-1].rstrip("s") if noun else ""
    said_already = last in {word.rstrip("s") for word in said} or (noun == "times" and said[-1] in ("once", "twice"))
    is_share = noun.startswith("of ")
    names_unit = question.asks == "number" and not is_share and _ends_in_noun(tree)  # "1000 mg" are not tablets
    if noun == "far" or names_unit or (said_already and not is_share) or (is_share and noun.lower() in text.lower()):
        noun = ""
    elif noun == "old" and said[-1].replace(".", "").isdigit():
        noun = "years old"
    return f"{noun} {question.after}".strip()


def _ends_in_noun(tree: Tree) -> bool:
    """Whether a fragment ends in a noun that is no number: "1000 mg", "2 million" does not."""
    words = [t for t in range(len(tree.tags)) if any(c.isalnum() for c in tree.words[t])]
    return len(words) > 1 and tree.tags[words[-1]] in ("NN", "NNS") and not _NUMBER.match(tree.words[words[-1]])


def _text(tree: Tree, tokens: list[int] | range) -> str:
    """The tokens as they stand, with one space where others are left out."""
    parts = [
        tree.words[token] + (" " if at + 1 < len(tokens) and _spaced(tree, token, tokens[at + 1]) else "")
        for at, token in enumerate(tokens)
    ]
    return "".join(parts)


def _spaced(tree: Tree, left: int, right: int) -> bool:
    return right != left + 1 or tree.ends[left] < tree.starts[right]
