"""Whom and what one sentence speaks of, each with the name under which later sentences may mean it."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from groundwire.claims.lexicon import BE, MONTHS, PERSON_NOUNS
from groundwire.claims.parse import Tree
from groundwire.claims.people import gender_of, is_person_noun
from groundwire.claims.phrases import Phrases
from groundwire.claims.things import kind, kinds_in, singular

_LONGEST_NAME = 10  # tokens
_LONGEST_WORDS = 200  # code points of them: whatever points back to a thing has its name written in its place
_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_ATTACHED = ("compound", "npadvmod", "nmod", "amod", "quantmod")
_SUBJECT = ("nsubj", "nsubjpass")
_OBJECT = ("dobj", "dative")
_TYPES = frozenset(("type", "kind", "form", "sort", "one", "brand", "example", "piece"))
_MARRYING = frozenset(("married", "marries", "wed", "divorced"))
_PERSONAL = frozenset(("born", "married", "divorced", "educated"))
_COMPANIES = frozenset(("company", "firm", "corporation", "business"))
_BEING = frozenset((*BE, "became", "become", "becomes", "remains"))


class Mention(NamedTuple):
    """Someone or something spoken of.

    `name` is empty where nothing short says who or what it is; `person` and `gender` are None while nothing tells.
    `subject` is of a main clause, `acts` of any; `object` of a main clause, `fresh` where it is only brought up there;
    `inside` another subject ("the taste of it"); `named` by a proper name. `kinds` are what it has been said to be
    ("company"), `aliases` its other names, in small letters; `parts` are the two that "Anna and Bo" names. `place` is
    where the name stands in `sentence`, for the entity recogniser to be asked when it matters.
    """

    name: str
    key: str
    subject: bool = False
    acts: bool = False
    object: bool = False
    fresh: bool = False
    inside: bool = False
    named: bool = False
    plural: bool = False
    person: bool | None = None
    gender: str | None = None
    kinds: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    sentence: str = ""
    place: tuple[int, int] = (0, 0)

    def fits(self, person: bool | None, plural: bool, gender: str | None) -> bool:
        if self.plural != plural or (person is not None and self.person is not person):
            return False
        return gender is None or self.gender in (None, gender)


@lru_cache(maxsize=256)
def mentions(tree: Tree) -> Mapping[int, Mention]:
    """The mentions of a sentence by their head tokens, pronouns left out: whatever came before."""
    return MappingProxyType(_Mentions(tree).run())


def has_unknown(tree: Tree, until: int) -> bool:
    """Whether a name before the token `until` may be a person's or a thing's, for all that the sentence tells."""
    return any(mention.sentence and token < until for token, mention in mentions(tree).items())


def looks_back(tree: Tree) -> int:
    """The last pronoun, or "company", that may mean one of the names before it; -1 where there is none."""
    last = len(tree.tags) - 1
    while last >= 0 and tree.tags[last] not in ("PRP", "PRP$") and tree.lowers[last] not in _COMPANIES:
        last -= 1
    return last


def couples(tree: Tree, own: dict[int, Mention]) -> dict[int, Mention]:
    """The two of "Anna married Bo" and "Anna is married to Bo" as one mention, by the verb's token."""
    found: dict[int, Mention] = {}
    if _MARRYING.isdisjoint(tree.lowers):
        return found
    for verb in range(len(tree.tags)):
        if tree.lowers[verb] not in _MARRYING:
            continue
        subject = tree.child(tree.heads[verb] if tree.deps[verb] == "acomp" else verb, *_SUBJECT)
        to = next((c for c in tree.children[verb] if tree.lowers[c] == "to"), verb)
        other = tree.child(verb, "dobj") if to == verb else tree.child(to, "pobj")
        if subject is None or other is None or tree.child(verb, "neg") is not None:
            continue
        first, second = own.get(subject), own.get(other)
        if first is None or second is None or not (first.named and second.named and first.name and second.name):
            continue
        if not first.plural and not second.plural:
            name = f"{first.name} and {second.name}"
            parts = (first.name, second.name)
            found[verb] = Mention(name, name.lower(), subject=True, acts=True, plural=True, person=False, parts=parts)
    return found


class _Mentions(Phrases):
    def run(self) -> dict[int, Mention]:
        tree = self.tree
        found = {}
        for token, tag in enumerate(tree.tags):
            if tag[:2] != "NN" or tree.deps[token] in _ATTACHED or tree.lowers[token] in TIMES:
                continue
            if tree.deps[token] == "attr" or not self.describes(token):  # a predicate may have the subject's name
                found[token] = self.mention(token)
        for token, mention in list(found.items()):
            if (same := self.predicate(token)) is None or not mention.subject:
                continue
            other = found.get(same)
            if other is not None and other.named and not mention.named and mention.name:
                # "The winner was Bo Ek.": by the name
                found[token] = other._replace(subject=True, acts=True, object=False, kinds=mention.kinds | other.kinds)
        return {t: mention for t, mention in found.items() if tree.deps[t] != "attr" or not self.describes(t)}

    def describes(self, token: int) -> bool:
        """Whether a noun says what somebody else in the sentence is, and brings up nobody: "a singer", "as a cook"."""
        tree = self.tree
        while tree.deps[token] == "conj":
            token = tree.heads[token]
        label, above = tree.deps[token], tree.heads[token]
        if label == "attr":
            return not self.is_there(token)
        if label == "pobj" and tree.lowers[above] == "of" and tree.lowers[tree.heads[above]] in _TYPES:
            return tree.deps[tree.heads[above]] == "attr"
        return label in ("appos", "oprd") or (label == "pobj" and tree.lowers[above] == "as")

    def mention(self, token: int) -> Mention:
        tree = self.tree
        named = tree.tags[token] in ("NNP", "NNPS")
        name = None if named else self.also_named(token)
        found = self.called(token, named) if name is None else self.described(token, name)
        acts = tree.deps[token] in _SUBJECT
        return found._replace(
            subject=acts and self.is_main(tree.heads[token]),
            acts=acts,
            object=self.is_object(token),
            fresh=found.named or self.is_fresh(token),
            inside=self.is_inside(token),
        )

    def called(self, token: int, named: bool) -> Mention:
        """What a noun or name says of whom it means."""
        tree = self.tree
        words = self.name_of(token, named)
        plural = self.plural(token, named)
        name = self.text(words, token) if words else ""
        person = False if plural else self.person(token, named)
        return Mention(
            name=name,
            key=_key(name) or f"{tree.lowers[token]} {tree.starts[token]}",
            named=named,
            plural=plural,
            person=person,
            gender=gender_of(name or tree.words[token]) if person is not False else None,
            kinds=self.kinds(token, name if named else ""),
            aliases=self.aliases(token) if named else frozenset(),
            parts=self.parts(token),
            sentence=tree.text if named and person is None else "",
            place=(tree.starts[token], tree.ends[token]),
        )

    def described(self, token: int, name: int) -> Mention:
        """ "His mother, Anna Berg": by the name, with what the noun says of her."""
        found, what = self.called(name, True), self.called(token, False)
        person = True if what.person else found.person
        return found._replace(person=person, gender=found.gender or what.gender, kinds=found.kinds | what.kinds)

    def is_main(self, verb: int) -> bool:
        """Whether a verb is a main clause's: nothing that hangs on a noun or is supposed or said."""
        tree = self.tree
        while tree.deps[verb] == "conj":
            verb = tree.heads[verb]
        return verb in tree.roots

    def is_inside(self, token: int) -> bool:
        """Whether it stands within a subject: the river of "the bridge over the river"."""
        tree = self.tree
        while tree.heads[token] != token:
            token = tree.heads[token]
            if tree.deps[token] in _SUBJECT:
                return True
        return False

    def is_object(self, token: int) -> bool:
        tree = self.tree
        if self.is_there(token) or self.is_agent(token):
            return True
        return tree.deps[token] in _OBJECT and self.is_main(tree.heads[token])

    def is_fresh(self, token: int) -> bool:
        """Whether a noun brings something up: "a fountain", "nerves"."""
        tree = self.tree
        determiner = tree.child(token, "det", "poss")
        if determiner is None:
            return tree.tags[token] == "NNS" or tree.child(token, "nummod") is not None
        return tree.lowers[determiner] in ("a", "an", "another", "some", "many", "several")

    def also_named(self, token: int) -> int | None:
        """The name set off behind a noun: Anna Berg of "his mother, Anna Berg"."""
        tree = self.tree
        name = tree.child(token, "appos")
        if name is None or tree.tags[name] != "NNP" or tree.tags[token] != "NN" or tree.child(name, "det", "conj"):
            return None
        return name if self.is_set_off(name) and tree.child(token, "conj") is None else None

    def is_agent(self, token: int) -> bool:
        above = self.tree.heads[token]
        return self.tree.deps[token] == "pobj" and self.tree.deps[above] == "agent"

    def is_there(self, token: int) -> bool:
        """Whether "there is" brings it up."""
        tree = self.tree
        return tree.deps[token] == "attr" and any(tree.tags[c] == "EX" for c in tree.children[tree.heads[token]])

    def predicate(self, token: int) -> int | None:
        """The noun that a subject is said to be."""
        tree = self.tree
        head = tree.heads[token]
        if tree.deps[token] not in _SUBJECT or tree.lowers[head] not in _BEING:
            return None
        return None if tree.child(head, "neg") is not None else tree.child(head, "attr")

    # -- names ------------------------------------------------------------------------------------

    def name_of(self, token: int, named: bool) -> list[int]:
        """The tokens that name it; none where these would not say enough."""
        tree = self.tree
        phrase = list(self.phrase(token))
        if any(tree.tags[t][:2] in ("PR", "WP", "WD", "WR") for t in phrase):
            return []
        before = [c for c in tree.children[token] if c < token and self.is_clause(c)]
        phrase = [t for t in phrase if t not in {u for c in before for u in tree.subtree(c)}]
        while phrase and tree.deps[phrase[0]] == "punct":
            phrase = phrase[1:]  # behind "Born in 1985, Rami"
        if named and tree.child(token, "conj") is None:
            numbered = tree.words[token] not in MONTHS and tree.tags[token + 1 : token + 2] == ("CD",)  # Lumo 3
            last = token + 1 if numbered and tree.heads[token + 1] == token else token
            phrase = [t for t in phrase if t <= last or tree.lowers[tree.heads[t]] == "of" or tree.lowers[t] == "of"]
        elif not named:
            if tree.lowers[token] in _VAGUE or any(
                tree.deps[c] in ("nummod", "predet", "quantmod") for c in tree.children[token]
            ):
                return []
            determiner = tree.child(token, "det")
            if determiner is not None and tree.lowers[determiner] not in (*_DEFINITE, "a", "an"):
                return []
            if any(tree.lowers[c] in _COUNTING for c in tree.children[token]):
                return []
            for clause in tree.children[token]:
                if tree.deps[clause] in ("relcl", "acl") and clause > token and not self.is_set_off(clause):
                    phrase = sorted({*phrase, *tree.subtree(clause)})
            if any(tree.tags[t] in ("PRP", "PRP$") for t in phrase):
                return []  # in a clause that belongs to the name
        while phrase and (tree.tags[phrase[-1]] == "POS" or not any(c.isalnum() for c in tree.words[phrase[-1]])):
            phrase.pop()
        whole = bool(phrase) and phrase == list(range(phrase[0], phrase[-1] + 1))
        quotes = sum(tree.tags[t] in ("``", "''") for t in phrase)
        few = len(phrase) <= _LONGEST_NAME
        return phrase if whole and few and not quotes % 2 and self.is_short(phrase) else []

    def is_short(self, words: list[int]) -> bool:
        return self.tree.ends[words[-1]] - self.tree.starts[words[0]] <= _LONGEST_WORDS

    def is_clause(self, token: int) -> bool:
        tree = self.tree
        is_participle = tree.tags[token] in ("VBN", "VBG") and tree.child(token, "prep", "npadvmod") is not None
        return tree.deps[token] in ("acl", "advcl", "relcl", "appos") or is_participle

    def text(self, words: list[int], token: int) -> str:
        """The name as it stands within a sentence: "the bank" of "The bank", and of "A bank" that did something."""
        tree = self.tree
        name = tree.text[tree.starts[words[0]] : tree.ends[words[-1]]]
        first = tree.lowers[words[0]]
        if first in ("a", "an") and tree.tags[self.verb_of(token)] == "VBD":
            return "the" + name[len(first) :]
        if tree.tags[words[0]] in ("NNP", "NNPS", "CD") or words[0] > 0 or name[1:2].isupper():
            return name
        return name if tree.tags[words[0]] == "JJ" else name[:1].lower() + name[1:]

    def verb_of(self, token: int) -> int:
        head = self.tree.heads[token]
        return next((c for c in self.tree.children[head] if self.tree.tags[c] == "VBD" and c < head), head)

    def aliases(self, token: int) -> frozenset[str]:
        """Other names in the same breath: "Ronaldo Lima, known as Ronaldo", "Ram Gopal Varma (RGV)"."""
        tree = self.tree
        found = set()
        for child in tree.children[token]:
            if child < token or tree.deps[child] not in ("acl", "appos"):
                continue
            inside = tree.subtree(child)
            if tree.deps[child] == "appos" and tree.tags[child] == "NNP" and tree.words[inside[0] - 1] == "(":
                found.add(tree.text[tree.starts[inside[0]] : tree.ends[child]].lower())
            if tree.deps[child] == "acl" and tree.lowers[child] in ("known", "called", "nicknamed", "dubbed"):
                name = next((t for t in inside if tree.tags[t] == "NNP" and tree.deps[t] in ("pobj", "oprd")), None)
                if name is not None:
                    found.add(tree.text[tree.starts[tree.subtree(name)[0]] : tree.ends[name]].lower())
        return frozenset(found)

    def plural(self, token: int, named: bool) -> bool:
        tree = self.tree
        if (more := tree.child(token, "conj")) is not None and tree.tags[more][:2] == "NN":
            return tree.child(token, "cc") is not None and tree.lowers[tree.child(token, "cc") or 0] in ("and", "&")
        return tree.tags[token] == "NNS" or (tree.tags[token] == "NNPS" and not named)

    def parts(self, token: int) -> tuple[str, ...]:
        """The two of "Anna and Bo"."""
        tree = self.tree
        more = tree.child(token, "conj")
        joint = tree.child(token, "cc")
        if more is None or joint is None or tree.lowers[joint] not in ("and", "&") or tree.child(more, "conj"):
            return ()
        if tree.tags[token][:2] != tree.tags[more][:2]:
            return ()
        off = {
            more,
            joint,
            *(c for c in tree.children[token] if tree.deps[c] in ("punct", "preconj", "relcl", "appos")),
        }
        first, second = tree.subtree(token, off), list(self.phrase(more))
        if not first or any(tree.tags[t] == "PRP$" for t in (*first, *second)) or len(first) + len(second) > 12:
            return ()
        if not (self.is_short(first) and self.is_short(second)):
            return ()
        if tree.deps[tree.heads[token]] in ("prep",) and any(t > token for t in first):
            return ()
        return self.text(first, token), self.text(second, more)

    # -- what it is -------------------------------------------------------------------------------

    def kinds(self, token: int, name: str) -> frozenset[str]:
        tree = self.tree
        nouns = [] if name else [token]
        nouns += [c for c in tree.children[token] if tree.deps[c] == "appos" and tree.tags[c] in ("NN", "NNS")]
        nouns += [c for c in tree.children[token] if tree.deps[c] in ("compound", "nmod") and tree.tags[c] == "NN"]
        if (what := self.predicate(token)) is not None:
            while what is not None:
                nouns.append(what)
                what = tree.child(what, "conj")
        found = set(kinds_in(name)) if name else set()
        for noun in nouns:
            found.update(self.kind(noun))
        return frozenset(found)

    def kind(self, noun: int) -> set[str]:
        tree = self.tree
        word = singular(tree.lowers[noun]) if tree.tags[noun] == "NNS" else tree.lowers[noun]
        if tree.lowers[max(noun - 2, 0) : noun + 1] == ("start", "-", "up"):
            word = "startup"
        if word in _TYPES and (of := tree.child(noun, "prep")) is not None and tree.lowers[of] == "of":
            inner = tree.child(of, "pobj")
            return set() if inner is None else self.kind(inner)
        return {kind(word) or word} if kind(word) or is_person_noun(word) else set()

    def person(self, token: int, named: bool) -> bool | None:
        """Whether a person is meant: by the noun, by what it is said to be, by what only people do; None: unknown."""
        tree = self.tree
        if not named:
            return is_person_noun(tree.lowers[token])
        what = self.predicate(token)
        if what is not None and any(tree.lowers[c] in ("based", "headquartered") for c in tree.children[what]):
            return False
        for noun in (what, tree.child(token, "appos")):
            while noun is not None:
                if tree.tags[noun] in ("NN", "NNP") and tree.lowers[noun] in PERSON_NOUNS:
                    return True
                noun = tree.child(noun, "conj")
        if tree.deps[token] in _SUBJECT and tree.lowers[tree.heads[token]] in _PERSONAL:
            return True
        if any(tree.deps[c] == "acl" and tree.lowers[c] == "born" for c in tree.children[token]):
            return True
        if what is not None and tree.lowers[what] != "maker" and (kinds := self.kind(what)):
            return any(is_person_noun(kind) for kind in kinds)
        return None


_COUNTING = frozenset(("many", "some", "several", "few", "most", "more", "all", "each", "every", "no", "any", "both"))


TIMES = frozenset(("year", "years", "month", "week", "day", "time", "season", "decade", "century", "point", "period"))
"""Nouns that say when, and bring up nothing."""

_VAGUE = frozenset(
    ("thing", "things", "people", "way", "ways", "reason", "reasons", "factor", "factors", "others", "lot")
)


def _key(name: str) -> str:
    words = name.lower().split()
    return " ".join(words[1:] if words[:1] and words[0] in ("the", "a", "an") else words)
