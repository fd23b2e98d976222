"""Whom a pronoun means: the nearest subject before it that fits, or nobody when that is not sure.

What is remembered from sentence to sentence is small and holds no text of the answer but names, so that an answer can
be read on from any point. After Hobbs 1978 and Lappin & Leass 1994 in spirit: subjects before other mentions, near
before far, number and gender must agree.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from groundwire.claims.completion import Frame
from groundwire.claims.lexicon import BE, EMPTY_IT, PERSON_NOUNS
from groundwire.claims.marked import Marked, put_in
from groundwire.claims.parse import Name, Tree
from groundwire.claims.people import gender_of, is_person_noun
from groundwire.claims.phrases import Phrases
from groundwire.claims.split import Clause

Names = Callable[[str], tuple[Name, ...]]
_WINDOW = 4
_LONGEST_NAME = 8  # tokens
_LONGEST_WORDS = 200  # code points of them: whatever the pronouns mean is written in their place

_Form = tuple[bool | None, bool, str | None]
_FORMS: dict[str, _Form] = {  # pronoun: (person, plural, gender)
    "he": (True, False, "m"), "him": (True, False, "m"), "his": (True, False, "m"),
    "she": (True, False, "f"), "her": (True, False, "f"),
    "it": (False, False, None), "its": (False, False, None),
    "they": (None, True, None), "them": (None, True, None), "their": (None, True, None),
}  # fmt: skip
_DEFINITE = frozenset(("the", "this", "that", "its", "his", "her", "their"))


class Mention(NamedTuple):
    """Someone or something spoken of. `person` and `gender` are None while nothing tells.

    `place` is where the name stands in `sentence`, for the entity recogniser to be asked when it matters.
    """

    name: str
    key: str
    subject: bool
    plural: bool
    person: bool | None
    gender: str | None = None
    sentence: str = ""
    place: tuple[int, int] = (0, 0)

    def fits(self, person: bool | None, plural: bool, gender: str | None) -> bool:
        if self.plural != plural:
            return False
        if person is not None and self.person is not person:
            return False
        return gender is None or self.gender in (None, gender)


class Discourse(NamedTuple):
    """Who and what the last sentences spoke of, nearest sentence first.

    `frame` is the question, while nothing has answered it; `lead` what the items of a list complete.
    """

    sentences: tuple[tuple[Mention, ...], ...] = ()
    frame: Frame | None = None
    lead: str = ""


class Reading:
    """One sentence read with what came before in mind. `names` is asked for the names in a sentence."""

    def __init__(self, tree: Tree, before: Discourse, names: Names) -> None:
        self.tree, self.before, self._names = tree, before, names
        self._mentions: dict[int, Mention] = {}
        self._meant: dict[int, Mention] = {}
        for token, said in _said(tree):
            if isinstance(said, Mention):
                self._mentions[token] = self._merged(said)
            elif meant := self._meaning(token, *said):
                self._meant[token] = self._mentions[token] = meant

    def names_for(self, clause: Clause) -> Mapping[int, Marked]:
        """What to write in place of the clause's pronouns: of each that means somebody the first one, unless the
        clause names them itself."""
        found: dict[int, Marked] = {}
        tokens = clause.tokens
        said = {m.key for t, m in self._mentions.items() if t in tokens and t not in self._meant}
        for part in clause.parts:
            if not isinstance(part, int):
                continue
            if part in self._meant and self._meant[part].key not in said:
                meant = self._meant[part]
                said.add(meant.key)
                possessive = self.tree.tags[part] == "PRP$"
                ending = ("’" if meant.plural and meant.name.endswith("s") else "’s") if possessive else ""
                found[part] = put_in(meant.name + ending)
        return found

    def after(self, *, asked: bool = False) -> Discourse:
        """What the next sentence may look back to. `asked`: a question, heading or label, all of it the topic."""
        mentions = [self._mentions[t] for t in sorted(self._mentions)]
        own = tuple(dict.fromkeys(m._replace(subject=True) if asked and not m.subject else m for m in mentions))
        if not own:
            return self.before
        return self.before._replace(sentences=(own, *self.before.sentences)[:_WINDOW])

    # -- reading ----------------------------------------------------------------------------------

    def _merged(self, mention: Mention) -> Mention:
        """The same name again, or a part of it ("Curie" for "Marie Curie"), means the one it meant before."""
        words, last = _words(mention.key)
        for sentence in self.before.sentences:
            for earlier in sentence:
                others, other = _words(earlier.key)
                if other == last and earlier.plural == mention.plural and (words <= others or words >= others):
                    fuller = earlier if len(earlier.name) > len(mention.name) else mention
                    person = mention.person if mention.person is not None else earlier.person
                    gender = mention.gender or earlier.gender
                    return mention._replace(name=fuller.name, key=fuller.key, gender=gender, person=person)
        return mention

    def _known(self, mention: Mention) -> Mention:
        """The mention, with the entity recogniser asked where nothing else tells what it is."""
        if mention.person is not None or not mention.sentence:
            return mention
        start, end = mention.place
        labels = [n.label for n in self._names(mention.sentence) if n.start < end and start < n.end]
        return mention._replace(person=labels[0] == "PERSON" if labels else None, sentence="")

    def _meaning(self, token: int, person: bool | None, plural: bool, gender: str | None) -> Mention | None:
        for sentence in (self._earlier(token), *self.before.sentences):
            chosen, unsure = self._choice(sentence, person, plural, gender)
            if len(chosen) > 1 or (unsure and not chosen):
                return None
            if chosen:
                return self._taken_up(token, next(iter(chosen.values())), gender)
        return None

    def _choice(
        self, sentence: tuple[Mention, ...], person: bool | None, plural: bool, gender: str | None
    ) -> tuple[dict[str, Mention], bool]:
        """Who in a sentence may be meant, a subject before others; and whether somebody else may be.

        Asks for the names of what can make a difference only: each is dear to know.
        """
        if plural:  # what is one is not meant, whatever it is
            subjects = {m.key: m for m in sentence if m.subject}
            fitting = {m.key for m in sentence if m.fits(person, plural, gender)}
            return {key: m for key, m in subjects.items() if key in fitting}, False
        first = {m.key for m in sentence if m.subject}
        known = [self._known(m) if m.key in first else m for m in sentence]
        fitting = {m.key for m in known if m.key in first and m.fits(person, plural, gender)}
        if subjects := {m.key: m for m in known if m.subject and m.key in fitting}:
            return subjects, False
        known = [self._known(m) for m in known]
        unsure = any(m.person is None and not m.plural for m in known)
        return {m.key: m for m in known if m.fits(person, plural, gender)} if person else {}, unsure

    def _taken_up(self, token: int, meant: Mention, gender: str | None) -> Mention:
        tree = self.tree
        is_subject = tree.deps[token] in ("nsubj", "nsubjpass") or (meant.subject and tree.tags[token] == "PRP$")
        return meant._replace(gender=meant.gender or gender, subject=is_subject)

    def _earlier(self, token: int) -> tuple[Mention, ...]:
        """What this sentence named before the pronoun, outside its own clause when the pronoun is its subject."""
        tree = self.tree
        found = []
        for at, mention in self._mentions.items():
            if at >= token:
                continue
            if tree.tags[token] == "PRP" and tree.heads[at] == tree.heads[token]:
                continue
            found.append(mention)
        return tuple(found)


@lru_cache(maxsize=256)
def _said(tree: Tree) -> tuple[tuple[int, Mention | _Form], ...]:
    """What a sentence mentions, and which of its pronouns may mean somebody, by token: whatever came before."""
    shape = Phrases(tree)
    found: list[tuple[int, Mention | _Form]] = []
    quoted = False
    for token, tag in enumerate(tree.tags):
        if tag in ("``", "''"):
            quoted = tree.words[token] in "“‘«`" or (tree.words[token] not in "”’»" and not quoted)
        elif tag in ("PRP", "PRP$"):
            form = _FORMS.get(tree.lowers[token])
            if form and not quoted and not _is_empty(tree, token):  # whom a quotation means, only its source knows
                found.append((token, form))
        elif (
            tag[:2] == "NN"
            and tree.deps[token] not in ("compound", "npadvmod")
            and (mention := _mention(tree, token, shape))
        ):
            found.append((token, mention))
    return tuple(found)


@lru_cache(maxsize=4096)
def _words(key: str) -> tuple[frozenset[str], str]:
    """The words of a name, and the last of them."""
    words = key.split()
    return frozenset(words), words[-1] if words else ""


def _mention(tree: Tree, token: int, shape: Phrases) -> Mention | None:
    proper = tree.tags[token] in ("NNP", "NNPS")
    subject = tree.deps[token] in ("nsubj", "nsubjpass")
    determiner = tree.child(token, "det", "poss")
    definite = determiner is not None and tree.lowers[determiner] in _DEFINITE
    if not proper and not (subject and definite):
        return None
    if tree.deps[token] == "conj" or (tree.deps[token] in ("attr", "appos") and not subject):
        return None
    phrase = list(shape.phrase(token))
    if proper and tree.child(token, "conj") is None:
        phrase = [t for t in phrase if t <= token or tree.lowers[tree.heads[t]] == "of" or tree.lowers[t] == "of"]
    if not phrase or len(phrase) > _LONGEST_NAME or any(tree.tags[t] == "PRP$" for t in phrase):
        return None
    name = tree.text[tree.starts[phrase[0]] : tree.ends[phrase[-1]]]
    if len(name) > _LONGEST_WORDS:
        return None
    plural = shape.is_plural(phrase) and not (proper and tree.child(token, "conj") is None)
    person = False if plural else _person(tree, token, proper)
    place = (tree.starts[token], tree.ends[token])
    return Mention(name, name.lower(), subject, plural, person, gender_of(name), tree.text, place)


def _person(tree: Tree, token: int, proper: bool) -> bool | None:
    """Whether a person is meant: by what it is said to be, by the noun itself, or by its named entity."""
    if not proper:
        return is_person_noun(tree.lowers[token])
    head = tree.heads[token]
    what = tree.child(head, "attr") if tree.deps[token] == "nsubj" and tree.lowers[head] in BE else None
    for noun in (what, tree.child(token, "appos")):
        if noun is not None and tree.tags[noun] == "NN" and tree.lowers[noun] in PERSON_NOUNS:
            return True
    return None


def _is_empty(tree: Tree, token: int) -> bool:
    """The "it" of "it is important that" and "it is raining" means nothing."""
    head = tree.heads[token]
    if tree.lowers[token] != "it":
        return False
    if tree.deps[token] == "expl" or tree.lowers[head] in EMPTY_IT:
        return True
    if tree.lowers[head] not in BE:
        return False
    labels = {tree.deps[c] for c in tree.children[head] if c > head}
    said = tree.child(head, "acomp", "attr")
    inner = {tree.deps[c] for c in tree.children[said]} if said is not None else set()
    return bool(labels & {"ccomp", "xcomp", "advcl", "csubj"} or inner & {"relcl", "ccomp", "xcomp"})
