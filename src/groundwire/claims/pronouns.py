"""Whom a pronoun means: the nearest subject before it that fits, or nobody when that is not sure.

What is remembered from sentence to sentence is small and holds no text of the answer but names, so that an answer can
be read on from any point. After Hobbs 1978 and Lappin & Leass 1994 in spirit: subjects before other mentions, near
before far, number and gender must agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from groundwire.claims.lexicon import BE, EMPTY_IT, PERSON_NOUNS
from groundwire.claims.marked import Marked, put_in
from groundwire.claims.parse import Name, Tree
from groundwire.claims.people import gender_of, is_person_noun
from groundwire.claims.phrases import Phrases
from groundwire.claims.questions import Frame
from groundwire.claims.split import Clause

Names = Callable[[str], tuple[Name, ...]]
_WINDOW = 4
_LONGEST_NAME = 8  # tokens

_FORMS = {  # pronoun: (person, plural, gender)
    "he": (True, False, "m"), "him": (True, False, "m"), "his": (True, False, "m"),
    "she": (True, False, "f"), "her": (True, False, "f"),
    "it": (False, False, None), "its": (False, False, None),
    "they": (None, True, None), "them": (None, True, None), "their": (None, True, None),
}  # fmt: skip
_DEFINITE = frozenset(("the", "this", "that", "its", "his", "her", "their"))


@dataclass(frozen=True)
class Mention:
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
    """One sentence read with what came before in mind."""

    def __init__(self, tree: Tree, words: Marked, before: Discourse, names: Names) -> None:
        self.tree, self.words, self.before, self._names = tree, words, before, names
        self._mentions: dict[int, Mention] = {}
        self._meant: dict[int, Mention] = {}
        self._read()

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
        own = tuple(dict.fromkeys(replace(m, subject=True) if asked and not m.subject else m for m in mentions))
        if not own:
            return self.before
        return self.before._replace(sentences=(own, *self.before.sentences)[:_WINDOW])

    # -- reading ----------------------------------------------------------------------------------

    def _read(self) -> None:
        tree = self.tree
        shape = Phrases(tree)
        quoted = False
        for token in range(len(tree.tags)):
            tag = tree.tags[token]
            if tag in ("``", "''"):
                quoted = tree.word(token) in "“‘«`" or (tree.word(token) not in "”’»" and not quoted)
            elif tag in ("PRP", "PRP$"):
                if quoted:
                    continue  # whom a quotation means, only its source knows
                form = _FORMS.get(tree.lower(token))
                if form and not self._is_empty(token) and (meant := self._meaning(token, *form)):
                    self._meant[token] = self._mentions[token] = meant
            elif (
                tag[:2] == "NN"
                and tree.deps[token] not in ("compound", "npadvmod")
                and (mention := self._mention(token, shape))
            ):
                self._mentions[token] = mention

    def _mention(self, token: int, shape: Phrases) -> Mention | None:
        tree = self.tree
        proper = tree.tags[token] in ("NNP", "NNPS")
        subject = tree.deps[token] in ("nsubj", "nsubjpass")
        determiner = tree.child(token, "det", "poss")
        definite = determiner is not None and tree.lower(determiner) in _DEFINITE
        if not proper and not (subject and definite):
            return None
        if tree.deps[token] == "conj" or (tree.deps[token] in ("attr", "appos") and not subject):
            return None
        phrase = list(shape.phrase(token))
        if not proper or tree.child(token, "conj") is not None:
            pass
        else:
            phrase = [t for t in phrase if t <= token or tree.lower(tree.heads[t]) == "of" or tree.lower(t) == "of"]
        if not phrase or len(phrase) > _LONGEST_NAME or any(tree.tags[t] == "PRP$" for t in phrase):
            return None
        name = tree.text[tree.starts[phrase[0]] : tree.ends[phrase[-1]]]
        plural = shape.is_plural(phrase) and not (proper and tree.child(token, "conj") is None)
        person = False if plural else self._person(token, proper)
        place = (tree.starts[token], tree.ends[token])
        return self._merged(Mention(name, name.lower(), subject, plural, person, gender_of(name), tree.text, place))

    def _merged(self, mention: Mention) -> Mention:
        """The same name again, or a part of it ("Curie" for "Marie Curie"), means the one it meant before."""
        words = set(mention.key.split())
        for earlier in (m for sentence in self.before.sentences for m in sentence):
            others = set(earlier.key.split())
            if earlier.plural != mention.plural or not (words <= others or words >= others):
                continue
            if earlier.key.split()[-1] == mention.key.split()[-1]:
                fuller = earlier if len(earlier.name) > len(mention.name) else mention
                person = mention.person if mention.person is not None else earlier.person
                gender = mention.gender or earlier.gender
                return replace(mention, name=fuller.name, key=fuller.key, gender=gender, person=person)
        return mention

    def _person(self, token: int, proper: bool) -> bool | None:
        """Whether a person is meant: by what it is said to be, by the noun itself, or by its named entity."""
        tree = self.tree
        if not proper:
            return is_person_noun(tree.lower(token))
        head = tree.heads[token]
        what = tree.child(head, "attr") if tree.deps[token] == "nsubj" and tree.lower(head) in BE else None
        for noun in (what, tree.child(token, "appos")):
            if noun is not None and tree.tags[noun] == "NN" and tree.lower(noun) in PERSON_NOUNS:
                return True
        return None

    def _known(self, mention: Mention) -> Mention:
        """The mention, with the entity recogniser asked where nothing else tells what it is."""
        if mention.person is not None or not mention.sentence:
            return mention
        start, end = mention.place
        labels = [n.label for n in self._names(mention.sentence) if n.start < end and start < n.end]
        return replace(mention, person=labels[0] == "PERSON" if labels else None, sentence="")

    def _is_empty(self, token: int) -> bool:
        """The "it" of "it is important that" and "it is raining" means nothing."""
        tree = self.tree
        head = tree.heads[token]
        if tree.lower(token) != "it":
            return False
        if tree.deps[token] == "expl" or tree.lower(head) in EMPTY_IT:
            return True
        if tree.lower(head) not in BE:
            return False
        labels = {tree.deps[c] for c in tree.children[head] if c > head}
        said = tree.child(head, "acomp", "attr")
        inner = {tree.deps[c] for c in tree.children[said]} if said is not None else set()
        return bool(labels & {"ccomp", "xcomp", "advcl", "csubj"} or inner & {"relcl", "ccomp", "xcomp"})

    def _meaning(self, token: int, person: bool | None, plural: bool, gender: str | None) -> Mention | None:
        tree = self.tree
        for sentence in (self._earlier(token), *self.before.sentences):
            mentions = [self._known(mention) for mention in sentence]
            fitting = {m.key: m for m in mentions if m.fits(person, plural, gender)}
            subjects = {m.key: m for m in mentions if m.subject and m.key in fitting}
            chosen = subjects or (fitting if person else {})
            unsure = any(m.person is None and not m.plural and not plural for m in mentions) and not subjects
            if len(chosen) > 1 or (unsure and not chosen):
                return None
            if chosen:
                meant = next(iter(chosen.values()))
                is_subject = tree.deps[token] in ("nsubj", "nsubjpass") or (
                    meant.subject and tree.tags[token] == "PRP$"
                )
                return replace(meant, gender=meant.gender or gender, subject=is_subject)
        return None

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
