"""What a claim is: a fact, quantity, date, relation, quote or instruction to be checked, or an opinion, question, talk.

When in doubt a statement is checked: only what plainly states nothing about the world is passed over.
"""

import re

from groundwire.claims.advice import binds, gives_address, preferred, recommended, supposes
from groundwire.claims.lexicon import BE, FEELING, JUDGING, MONTHS, THINKING
from groundwire.claims.parse import Tree
from groundwire.claims.people import is_person_noun
from groundwire.claims.phrases import SUBJECTS, Part, quoted, subject_head
from groundwire.claims.split import Clause
from groundwire.model import Kind, Reason

_MONTHS = "|".join(MONTHS)
_MEASURED = r"(?!\s?(?:m?g|kg|m?l|k?cal|calories|k?W|watts?|euros?|dollars?|tablets?|units?|hours?|points?)\b)"
_DATE = re.compile(
    rf"\b(?:(?:{_MONTHS})\s+\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})"
    rf"|(?:1[0-9]|20)\d\d(?:s|–|-|\b){_MEASURED}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)\s+century|\d{{1,4}}\s+(?:BC|AD|BCE|CE)\b|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
)
_IN_MONTH = re.compile(rf"\b(?:in|since|until|by|of)\s+(?:{_MONTHS})\b")
_WITH_UNIT = re.compile(
    r"(?:[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:%|percent\b|(?:km|kg|cm|mm|m|mi|miles|million|billion)\b|°))", re.I
)
_DIGIT = re.compile(r"\d")
_DOSE = re.compile(r"[$€£¥]\s?\d|\d\s?(?:%|°|[A-Za-zµ]{1,12}\b)")
_NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|"
    r"million|billion|trillion|dozen|half|twice|third|quarter)\b",
    re.I,
)
_QUOTED = re.compile(r"[\"“«](?:[^\s\"”»]+\s+){3,200}[^\s\"”»]+[\"”»]")
_POLITE = re.compile(
    r"(?:sure|certainly|of course|absolutely|great question|good question|you're welcome|thank you|thanks|hello|hi|hey|"
    r"okay|ok|got it|understood|yes|no|sorry|apologies|my apologies|please note|great|happy to help|no problem|"
    r"hope (?:this|that) helps|(?:thanks|thank you) for [^.!?]{1,60}|good luck[^.!?]{0,60}|"
    r"have a (?:great|good|nice|lovely|wonderful|safe) [^.!?]{1,40}|in (?:summary|conclusion|short)|overall|"
    r"happy \w+ing(?: [^.!?]{1,40})?|bon (?:app[eé]tit|voyage)|buon appetito|"
    r"(?:(?:sure|certainly|of course|absolutely|okay|ok|yes|great|happy to help)\W{1,3})?"
    r"(?:here(?:'s|’s| is| are)|below (?:is|are)|the following (?:is|are)) "
    r"[^!?]{0,120}:)\W*\Z",
    re.I,
)
_LETTER = re.compile(
    r"(?:dear (?:(?:mr|mrs|ms|mx|dr|prof)\. )?[^.,!?:;]{1,60}[,:]|"
    r"(?:(?:with|many|kind|kindest|best|warm|warmest|my|all the) (?:[a-z]+ ){0,4}"
    r"(?:regards|wishes|thanks|greetings|gratitude|apologies|best)|yours(?: (?:sincerely|faithfully|truly))?|"
    r"sincerely(?: yours)?|respectfully|cheers),(?-i:(?:\s+(?:\[[^\]]{1,40}\]|&|and|of|the|[A-Z][\w.&'’-]*))*))\W*\Z",
    re.I,
)
_DISCLAIMER = re.compile(
    r"\W*(?:please note that )?(?:this|that|it|nothing (?:here|above)|the above|(?:this|the) information(?: above)?)"
    r" (?:is|does|are|should|was)(?:n['’]t| not)? [^.!?]{0,60}?\b"
    r"(?:(?:medical|legal|financial|tax|investment|professional)(?:,? (?:or |and )?(?:medical|legal|financial|tax"
    r"|investment|professional))* advice|a substitute for [^.!?]{0,60}(?:advice|lawyer|doctor|professional))\W*\Z",
    re.I,
)
_LEAD_IN = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|ok|well|great question|good question|yes|no)[,!] ", re.I
)
_ANSWERING = re.compile(
    r"(?:q|a|question|answer|(?:the )?(?:short|quick|brief|simple|direct) answer)(?: ?\d{1,2})?: +", re.I
)
_NOTE = re.compile(
    r"(?:(?:however|also|finally|additionally|but|and),? )?"
    r"(?:(?:please )?(?:note|remember|keep in mind|bear in mind|be aware|do(?:n['’]t| not) forget)"
    r"|what i can (?:tell you|say|add) is"
    r"|it(?: is|['’]s) (?:also )?(?:important|worth|useful|crucial|essential) (?:to (?:note|remember|mention)"
    r"|noting|remembering|mentioning)|it should (?:also )?be noted) that ",
    re.I,
)
_QUOTES = {'"': '"', "“": "”", "«": "»"}
_MARKS = '"“”«»'
_SELF = frozenset(("i", "we", "i'm", "we're"))
_SPOKEN_TO = frozenset(("you", "we", "i", "one"))
_MACHINES = frozenset(("ai", "model", "assistant", "chatbot", "bot"))
_HELPING = frozenset(("help", "assist", "provide", "support", "recommend", "advise", "mean"))
_WISHING = frozenset(("hope", "wish", "want", "make", "ensure"))
_GIVING_REASONS = frozenset(("because", "since", "as"))
_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
_TASTE = re.compile(rf"I (?:think|believe|feel)(?: that)? (?:the|my) (?:{'|'.join(sorted(JUDGING))})\b", re.I)
_ADVISING = frozenset(("should", "ought"))


def greets(text: str) -> bool:
    """Whether a whole sentence is a pleasantry, an announcement or a disclaimer: "Sure!", "Here are three facts:"."""
    return any(form.match(text) for form in (_POLITE, _LETTER, _DISCLAIMER))


def answering(text: str) -> int:
    """The length of the mark before a question or an answer: "Q: ", "Answer: ", "Short answer: "."""
    match = _ANSWERING.match(text)
    return match.end() if match and match.end() < len(text) else 0


_SOURCES = re.compile(
    r"(?:sources?|references|citations|bibliography|further reading|works cited)(?: used| cited)?"
    r"(?::|\Z|(?-i:(?= [A-Z\[\d])))",
    re.I,
)


def cites(text: str) -> bool:
    """Whether a line heads a list of sources, or is one: "Sources", "References: …"."""
    return _SOURCES.match(text) is not None


def lead_in(text: str) -> int:
    """The length of what stands before a statement and states nothing: "Sure, ", "Note that "."""
    end = answering(text)
    for opening in (_LEAD_IN, _NOTE):
        match = opening.match(text, end)
        end = match.end() if match and match.end() < len(text) else end
    return end


def is_quotation(text: str) -> bool:
    """Whether all of a sentence is within one pair of quotation marks."""
    inner = text.rstrip(".")[1:-1]
    return text[:1] in _QUOTES and text.rstrip(".")[-1:] == _QUOTES[text[0]] and not set(inner) & set(_MARKS)


def kind_of(tree: Tree, clause: Clause, text: str) -> tuple[Kind, Reason | None]:
    """The kind of a clause whose claim reads `text`, and why it is not to be checked (None: it is)."""
    if text.rstrip("\"'”)* ").endswith("?"):
        return Kind.QUESTION, Reason.NOT_A_CLAIM
    subject = tree.child(clause.head, *SUBJECTS)
    # "Take 400 mg", "I can offer you 20 % off", "I am afraid that the bank is closed": a source can have it otherwise.
    stated = _DOSE.search(text) is not None or _states(tree, clause)
    head = clause.head
    if any(_declines(tree, at) for at in (head, *(c for c in tree.children[head] if tree.deps[c] == "ccomp"))):
        return Kind.OPINION, Reason.NOT_A_CLAIM
    if subject is None and not clause.subject and _commands(tree, clause):
        rule = not supposes(tree, head) and (stated or gives_address(text) or binds(tree, head))
        return Kind.INSTRUCTION, None if rule else Reason.NOT_A_CLAIM
    itself = subject is not None and subject not in quoted(tree) and _speaks_of_itself(tree, clause, subject)
    if not stated and (
        (itself and not recommended(tree, head)) or (_advises(tree, clause) and not _rules(tree, clause))
    ):
        return Kind.OPINION, Reason.NOT_A_CLAIM
    if (_judges(tree, clause) and not stated and not preferred(tree, head)) or _TASTE.match(text):
        return Kind.OPINION, Reason.NOT_A_CLAIM
    return stated_kind(tree, clause, text), None


def stated_kind(tree: Tree | None, clause: Clause | None, text: str) -> Kind:
    """What a statement turns on: words quoted, a date, a number, two names, or none of these."""
    if _QUOTED.search(text):
        return Kind.QUOTE
    digit = _DIGIT.search(text) is not None  # most texts have none, and then there is little to look for
    if ((digit and _DATE.search(text)) or _IN_MONTH.search(text)) and not (digit and _WITH_UNIT.search(text)):
        return Kind.DATE
    if digit or _NUMBER.search(text):
        return Kind.QUANTITY
    if tree is not None and clause is not None and _relates(tree, clause):
        return Kind.RELATION
    return Kind.FACT


def _commands(tree: Tree, clause: Clause) -> bool:
    head = clause.head
    helpers = {tree.lowers[c] for c in tree.children[head] if tree.deps[c] in ("aux", "auxpass", "mark")}
    if tree.tags[head] != "VB" or helpers - {"do"} or tree.tags[head + 1 : head + 2] == ("HYPH",):
        return False
    if any(tree.deps[c] == "ccomp" and c < head and tree.child(c, *SUBJECTS) for c in tree.children[head]):
        return False  # "The process is used to find, measure and mend": the parser took the wrong verb for the first
    aside = {c for c in tree.children[head] if tree.deps[c] in ("advcl", "prep", "npadvmod", "intj", "advmod", "ccomp")}
    opened = {t for c in aside for t in tree.subtree(c)}
    return not [t for t in clause.tokens if t < head and tree.tags[t][:2] in ("NN", "PR") and t not in opened]


def _speaks_of_itself(tree: Tree, clause: Clause, subject: int) -> bool:
    """What I and we feel, wish, offer or cannot do. What we sell, found or did is a statement like any other."""
    speaker, head = tree.lowers[subject], clause.head
    if speaker not in _SELF:
        return False
    thought = tree.child(head, "ccomp")
    if thought is not None and tree.lowers[head] in THINKING:  # "I think that Rome is the capital" can be checked
        inner = tree.child(thought, *SUBJECTS)
        return inner is None or tree.lowers[inner] in _SPOKEN_TO or _is_taste(tree, thought, inner)
    if tree.lowers[head] in FEELING or (tree.lowers[head] in THINKING and thought is None):
        return True
    thing = tree.child(head, "dobj")
    if thing is not None and tree.lowers[thing] in ("mistake", "mistakes", "error"):
        return True
    if tree.lowers[head] in BE or tree.lowers[head][1:] in ("m", "re"):
        if any(tree.lowers[c] == "here" for c in tree.children[head]):
            return True
        said = tree.child(head, "acomp", "attr")
        if said is not None and tree.child(head, "neg") is not None and is_person_noun(tree.lowers[said]):
            return True
        return said is not None and (tree.lowers[said] in FEELING or bool(_words_of(tree, said) & _MACHINES))
    helpers = [c for c in tree.children[head] if tree.deps[c] == "aux"]
    unable = tree.child(head, "neg") is not None
    return speaker[0] == "i" and (unable or any(tree.tags[c] == "MD" for c in helpers))


def _declines(tree: Tree, head: int) -> bool:
    """ "I can't help with that, since it is forbidden", "I am not a lawyer, so ask one": all of it is talk."""
    speaker = tree.child(head, *SUBJECTS)
    if speaker is None or tree.words[speaker] != "I" or speaker in quoted(tree) or tree.child(head, "neg") is None:
        return False
    said = tree.child(head, "attr")
    return tree.lowers[head] in _HELPING or (said is not None and is_person_noun(tree.lowers[said]))


def _states(tree: Tree, clause: Clause) -> bool:
    """Whether part of the clause is a statement: "You should know that aspirin thins the blood"."""
    for token in clause.tokens:
        if tree.deps[token] not in ("ccomp", "advcl") or tree.lowers[tree.heads[token]] in _WISHING:
            continue
        subject = tree.child(token, *SUBJECTS)
        helpers = [t for t in tree.children[token] if tree.deps[t] in ("aux", "auxpass")]
        finite = any(tree.tags[t] in _FINITE for t in (token, *helpers))
        if subject is None or not finite or tree.lowers[subject] in _SPOKEN_TO or _is_taste(tree, token, subject):
            continue
        mark = tree.child(token, "mark")
        if tree.deps[token] == "ccomp" and (mark is None or tree.lowers[mark] == "that"):
            return True
        if mark is not None and tree.lowers[mark] in _GIVING_REASONS:
            return True
    return False


def _words_of(tree: Tree, token: int) -> set[str]:
    return {tree.lowers[t] for t in tree.subtree(token)}


def _advises(tree: Tree, clause: Clause) -> bool:
    """What somebody spoken to should do; what a drug or a user should do is a rule that a source may have."""
    subject = _subject(tree, clause)
    if subject is not None and tree.lowers[subject] not in _SPOKEN_TO:
        return False
    helpers = {tree.lowers[c] for c in tree.children[clause.head] if tree.deps[c] == "aux"}
    return bool(helpers & _ADVISING)


def _rules(tree: Tree, clause: Clause) -> bool:
    """Whether what you should do is a rule, "take it with food", and none that we should have."""
    subject = _subject(tree, clause)
    return (subject is None or tree.lowers[subject] not in _SELF) and binds(tree, clause.head)


def _subject(tree: Tree, clause: Clause) -> int | None:
    """The noun or pronoun that the clause is about, its own or the one that it shares with the clause before it."""
    own = tree.child(clause.head, *SUBJECTS)
    return subject_head(tree, clause.subject) if own is None and _named(clause.subject) else own


def _named(parts: list[Part]) -> bool:
    return any(isinstance(part, int) for part in parts)


def _judges(tree: Tree, clause: Clause) -> bool:
    if any(part in ("is", "are", "was", "were") for part in clause.parts if isinstance(part, str)):
        return False
    return _has_judging(tree, clause.head) and not (_DIGIT.search(tree.text) or _NUMBER.search(tree.text))


def _is_taste(tree: Tree, head: int, subject: int) -> bool:
    """Whether what somebody thinks is a taste: "that the best language is Java"."""
    return _has_judging(tree, head) or any(
        tree.lowers[c] in JUDGING for c in tree.children[subject] if tree.deps[c] == "amod"
    )


def _has_judging(tree: Tree, head: int) -> bool:
    """Whether the predicate is a matter of taste: "is beautiful", "is a great choice"; not "good at", "good for"."""
    for label in ("acomp", "attr"):
        at = tree.child(head, label)
        if at is None:
            continue
        if tree.lowers[at] in JUDGING and label == "acomp":
            return tree.child(at, "prep") is None
        if label == "attr" and tree.tags[at] == "NN" and tree.child(at, "prep") is None:
            return any(tree.lowers[c] in JUDGING for c in tree.children[at] if tree.deps[c] == "amod") and not any(
                tree.tags[t] in ("NNP", "CD") for t in tree.subtree(at)
            )
    return False


def _relates(tree: Tree, clause: Clause) -> bool:
    """A name on either side of the verb."""
    names = [t for t in clause.tokens if tree.tags[t] in ("NNP", "NNPS")]
    return any(t < clause.head for t in names) and any(t > clause.head for t in names)
