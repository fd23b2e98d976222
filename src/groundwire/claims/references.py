"""Noun phrases that take up what was said before: "the firm", "this law", "the former", "both", "This means that".

Each is named where one thing only can be meant, and kept as it stands where that is not sure.
"""

from collections.abc import Iterator
from typing import NamedTuple

from groundwire.claims.discourse import Discourse
from groundwire.claims.mentions import TIMES, Mention
from groundwire.claims.parse import Tree
from groundwire.claims.people import is_person_noun
from groundwire.claims.phrases import quoted
from groundwire.claims.pronouns import Names
from groundwire.claims.things import kind, kinds_in

POINTING = frozenset(("this", "that", "these", "those"))
"""Words that point to something said before."""

_OPENING = POINTING | {"the", "both"}
_SUBJECT = ("nsubj", "nsubjpass")
_TEXT = frozenset(
    ("article", "answer", "section", "list", "table", "page", "guide", "report", "post", "response", "way", "case")
)


class Reference(NamedTuple):
    """The tokens `start` to `end` (half-open) that take something up; `mention` is what, None where it is not sure.

    `name` stands in their place; empty where they stay.
    """

    start: int
    end: int
    name: str
    mention: Mention | None = None


def references(tree: Tree, own: dict[int, Mention], before: Discourse, names: Names) -> list[Reference]:
    """The references of one sentence, in order. `own` are its mentions by token."""
    return list(_References(tree, own, before, names).run())


class _References:
    def __init__(self, tree: Tree, own: dict[int, Mention], before: Discourse, names: Names) -> None:
        self.tree, self.own, self.before, self._names = tree, own, before, names

    def run(self) -> Iterator[Reference]:
        said = quoted(self.tree)
        for token, word in enumerate(self.tree.lowers):
            if word in _OPENING and token not in said and (found := self.at(token)) is not None:
                yield found

    def at(self, token: int) -> Reference | None:
        """The reference that begins with one of `_OPENING`."""
        tree, word = self.tree, self.tree.lowers[token]
        following = token + 1 if token + 1 < len(tree.tags) else token
        if word == "the" and tree.lowers[following] in ("former", "latter") and tree.deps[following] != "amod":
            return self.one_of_two(token, following)
        if word in ("both", "the") and (found := self.two(token, following)) is not None:
            return found
        if word in ("the", *POINTING) and tree.deps[token] == "det":
            return self.taken_up(token, tree.heads[token])
        if word in POINTING and tree.tags[token] == "DT" and tree.deps[token] != "det":
            below = {tree.deps[c] for c in tree.children[token]}
            return None if below & {"relcl", "acl", "prep"} else Reference(token, token + 1, "")
        return None

    # -- two things -------------------------------------------------------------------------------

    def pair(self, token: int, *, subject: bool) -> tuple[str, ...]:
        """The one pair that was spoken of just before, in this sentence or the last."""
        here = [m for at, m in self.own.items() if at < token]
        nearest = here if any(m.parts for m in here) else self.before.sentences[0] if self.before.sentences else ()
        pairs = {m.parts for m in nearest if m.parts and (m.subject or not subject)}
        return next(iter(pairs)) if len(pairs) == 1 else ()

    def one_of_two(self, token: int, following: int) -> Reference:
        parts = self.pair(token, subject=False)
        name = parts[self.tree.lowers[following] == "latter"] if parts else ""
        return Reference(token, following + 1, name)

    def two(self, token: int, following: int) -> Reference | None:
        """ "Both", "the two" and "the couple", as subjects."""
        tree, word = self.tree, self.tree.lowers[token]
        head = token if word == "both" else following
        if (
            (word == "the" and tree.lowers[following] not in ("two", "couple"))
            or tree.deps[head] not in _SUBJECT
            or following == token
        ):
            return None
        if tree.children[head] and any(tree.deps[c] in ("prep", "cc", "conj", "relcl") for c in tree.children[head]):
            return None
        parts = self.pair(token, subject=True)
        name = f"{'both ' if word == 'both' else ''}{parts[0]} and {parts[1]}" if parts else ""
        return Reference(token, head + 1, name)

    # -- one thing --------------------------------------------------------------------------------

    def taken_up(self, token: int, noun: int) -> Reference | None:
        """ "The firm" and "this law", and what they mean."""
        tree, pointing = self.tree, self.tree.lowers[token] in POINTING
        word = tree.lowers[noun]
        below = [c for c in tree.children[noun] if c != token and tree.deps[c] not in ("punct", "case")]
        says_more = any(tree.deps[c] in ("prep", "relcl", "acl", "conj", "appos", "poss", "nummod") for c in below)
        if tree.tags[noun] not in ("NN", "NNS") or noun < token or says_more or word in _TEXT | TIMES:
            return None
        if tree.deps[noun] in ("compound", "nmod", "attr", "npadvmod", "amod"):
            return None
        bare = noun == token + 1 and not below
        known = bool(kind(word)) or is_person_noun(word)
        if not pointing and not (bare and known):
            return None
        found = self.meant(token, word) if bare and tree.tags[noun] == "NN" else None
        if found is not None:
            return Reference(token, noun + 1, found.name, found)
        leads = tree.deps[tree.heads[noun] if tree.deps[noun] == "poss" else noun] in _SUBJECT
        return Reference(token, noun + 1, "") if pointing or (kind(word) and leads) else None

    def meant(self, token: int, word: str) -> Mention | None:
        """The one thing spoken of that may be called by this noun."""
        group = kind(word) or word
        here = [m for at, m in self.own.items() if at < token - 1]
        seen = [*reversed(here), *self.before.things]
        found: dict[str, Mention] = {}
        for mention in seen:
            if any(group in kinds_in(part) for part in mention.parts):
                return None
            fits = group in mention.kinds or self.is_headed(mention, word)
            if not mention.plural and fits and not (kind(word) and self.is_person(mention)):
                found.setdefault(mention.key, mention)
        if group == "company" and not found:
            found = self.organization()
        if len(found) != 1:
            return None
        mention = next(iter(found.values()))
        called = {kind(part) or part for part in mention.key.split()}
        says_more = (mention.named and len(called) > 1) or group not in called or self.is_headed(mention, word)
        return mention if mention.name and says_more else None

    def is_person(self, mention: Mention) -> bool:
        """Whether a name is a person's: Francis Church is no church."""
        start, end = mention.place
        if mention.person is not None or not mention.sentence:
            return bool(mention.person)
        return any(n.label == "PERSON" and n.start < end and start < n.end for n in self._names(mention.sentence))

    def is_headed(self, mention: Mention, word: str) -> bool:
        """Whether it was called so, and more was said of it: "the law of demand" is taken up by "this law"."""
        words = mention.key.split()
        if mention.named or not mention.name.lower().startswith("the "):
            return False
        group = kind(word) or word
        at = next((n for n, each in enumerate(words[:4]) if (kind(each) or each) == group), len(words))
        return words[at + 1 : at + 2] in (["of"], ["against"])

    def organization(self) -> dict[str, Mention]:
        """The subject of the last sentence, where the entity recogniser takes it, and nothing else, for a company."""
        nearest = self.before.sentences[0] if self.before.sentences else ()
        found = {}
        for mention in nearest:
            if not mention.named or mention.plural or mention.kinds or not mention.sentence:
                continue
            start, end = mention.place
            if any(n.label == "ORG" and n.start < end and start < n.end for n in self._names(mention.sentence)):
                found[mention.key] = mention
        return found if all(m.subject for m in found.values()) else {}
