"""The phrases of a parsed sentence: subjects, noun phrases, what is plural, what is set off."""

from collections.abc import Iterable
from functools import lru_cache

from groundwire.claims.lexicon import STANDING
from groundwire.claims.parse import Tree

Part = int | str
"""A token of the sentence, or words to put in."""

SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj", "csubjpass")
SETTING_OFF = frozenset((",", "(", "–", "—", "--"))
_OPENING, _CLOSING = frozenset("“«„`"), frozenset("”»")
_MARKS = frozenset('"“”«»„')
PLURAL = ("NNS", "NNPS")


class Phrases:
    """Reads phrases off a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def subject(self, head: int) -> tuple[int, ...]:
        """The tokens of the clause's subject, without clauses that hang on it."""
        at = self.tree.child(head, *SUBJECTS)
        return self.phrase(at) if at is not None else ()

    def phrase(self, noun: int) -> tuple[int, ...]:
        """A noun phrase without relative clauses, appositives and participles set off behind it."""
        tree = self.tree
        off = {c for c in tree.children[noun] if tree.deps[c] in ("relcl", "appos", "acl") and c > noun}
        off -= {c for c in off if tree.deps[c] == "appos" and not self.is_set_off(c)}
        off |= {c for c in tree.children[noun] if c > noun and tree.deps[c] == "prep" and any(o < c for o in off)}
        words = _without_brackets(tree, tree.subtree(noun, off))
        if noun not in words:
            words = tree.subtree(noun, off)
        while words[-1] != noun and tree.deps[words[-1]] == "punct" and tree.words[words[-1]] in SETTING_OFF:
            words.pop()
        return tuple(words)

    def is_set_off(self, token: int) -> bool:
        """Whether a comma, bracket or dash stands before the subtree."""
        first = self.tree.subtree(token)[0]
        return first > 0 and self.tree.words[first - 1] in SETTING_OFF

    def is_plural(self, tokens: Iterable[Part]) -> bool:
        words = [t for t in tokens if isinstance(t, int)]
        if any(self.tree.deps[t] == "conj" and self.tree.heads[t] in words for t in words):
            return True
        inside = set(words)
        heads = [t for t in words if self.tree.heads[t] not in inside]
        return bool(heads) and (
            self.tree.tags[heads[0]] in PLURAL or self.tree.lowers[heads[0]] in ("they", "we", "you", "these", "those")
        )

    def helpers(self, token: int) -> list[int]:
        return [c for c in self.tree.children[token] if self.tree.deps[c] in ("aux", "auxpass")]

    def above(self, token: int) -> set[int]:
        found = set()
        while self.tree.heads[token] != token:
            token = self.tree.heads[token]
            found.add(token)
        return found

    def is_past(self, head: int) -> bool:
        tree = self.tree
        return tree.tags[head] == "VBD" or any(
            tree.tags[c] == "VBD" or tree.lowers[c] in ("has", "have") for c in self.helpers(head)
        )

    def shares_object(self, first: int, token: int) -> bool:
        """Whether two verbs side by side have one object: "grinds and polishes lenses" is no "grinds"."""
        tree = self.tree
        alike = token == first + 2 and tree.tags[first] == tree.tags[token] and tree.lowers[first + 1] in ("and", "or")
        after = [c for c in tree.children[first] if c > token and tree.deps[c] in ("dobj", "prep", "xcomp", "ccomp")]
        return alike and not after and tree.child(token, "dobj") is not None

    def shared_object(self, first: int, token: int) -> tuple[int, ...]:
        """What hangs on the second verb and belongs to the first as well; nothing where more verbs follow."""
        tree = self.tree
        if any(tree.deps[c] == "conj" and c > token for c in (*tree.children[first], *tree.children[token])):
            return ()
        return tuple(c for c in tree.children[token] if c > token and tree.deps[c] != "punct")

    def is_participle(self, root: int) -> bool:
        """Whether a participle was read as the main verb: "The cup, awarded since 2005, goes to a cook"."""
        tree = self.tree
        follower = tree.child(root, "conj")
        subject = tree.child(root, "nsubj", "nsubjpass")
        if tree.tags[root] not in ("VBD", "VBN") or subject is None or subject > root or follower is None:
            return False
        joined = tree.child(root, "cc") is not None or self.helpers(root) or tree.child(follower, *SUBJECTS) is not None
        return not joined and tree.words[root - 1] == "," and tree.words[follower - 1] == ","

    def named(self, noun: int) -> tuple[Part, ...]:
        """The noun phrase as it would be taken up again: "a book" becomes "The book"."""
        words = self.phrase(noun)
        if self.tree.lowers[words[0]] in ("a", "an"):
            return ("The", *words[1:])
        return words

    def copula(self, participle: int, subject: list[Part]) -> str:
        plural = self.is_plural(subject)
        if self.tree.lowers[participle] in STANDING:
            return "are" if plural else "is"
        return "were" if plural else "was"

    def chain_start(self, token: int, stop: int) -> int:
        while self.tree.deps[token] == "conj" and token != stop:
            token = self.tree.heads[token]
        return token

    def is_listed(self, first: int, token: int) -> bool:
        """Whether "and" stands somewhere in the list."""
        at: int | None = self.chain_start(first, -1)
        while at is not None:
            if self.tree.child(at, "cc") is not None:
                return True
            at = self.tree.child(at, "conj")
        return False


def lists(tree: Tree, noun: int, token: int) -> bool:
    """Whether what was read as an appositive is the next of a list: "a screen, a keyboard, a mouse and a cable".

    Of a name, "a singer, a dancer and an actor" may say what it is.
    """
    inside = tree.subtree(token)
    words = [tree.lowers[t] for t in inside]
    in_list = "," in words and not {"and", "or"}.isdisjoint(words[words.index(",") :])
    last = inside[-1] + 1
    goes_on = [tree.lowers[t] for t in range(last, min(last + 2, len(tree.tags)))] == [",", "or"]
    if tree.words[token] == "%" or tree.lowers[token] in ("c.", "ca.", "b.", "d.", "fl."):
        return True  # "rejected by the members, 60% to 40%", "the gates (c. 1240)"
    return tree.tags[noun] in ("NN", "NNS") and (in_list or goes_on or _is_counted(tree, noun, token))


def _is_counted(tree: Tree, noun: int, token: int) -> bool:
    """Whether a counted thing stands beside another in a list: "new tools, two fixes"."""
    if tree.child(token, "nummod") is None or tree.child(token, "det", "poss") is not None:
        return False
    return tree.child(noun, "det", "poss") is None and tree.tags[tree.roots[0]][:2] != "VB"


def aside(tree: Tree, token: int) -> tuple[int, int]:
    """Where a phrase stands that is set off before a coordinated verb: "and, unlike most, has a pool"; (0, 0): nowhere.

    The first is its first comma, the second the token behind its last one.
    """
    verb = min(token, *(c for c in tree.children[token] if tree.deps[c] in ("aux", "auxpass", "neg")), token)
    first = next((t for t in range(verb - 2, 0, -1) if tree.words[t] == ","), 0)
    if not first or tree.words[verb - 1] != "," or tree.lowers[first - 1] not in ("and", "but", "yet"):
        return 0, 0
    tops = [t for t in range(first + 1, verb - 1) if not first < tree.heads[t] < verb - 1 or tree.heads[t] == t]
    is_phrase = len(tops) == 1 and tree.deps[tops[0]] in ("prep", "advmod", "npadvmod")
    return (first, verb) if is_phrase else (0, 0)


def wavers(tree: Tree, verb: int, pronoun: int, noun: int) -> bool:
    """Whether ", which" may mean something else than the noun before it: all that was said, or what the noun is of."""
    if tree.lowers[pronoun].endswith("ever"):
        return True  # "10 euros, or 2 %, whichever is higher": it picks one of them
    if tree.lowers[pronoun] != "which" or tree.deps[pronoun] not in SUBJECTS or tree.heads[pronoun] != verb:
        return False
    agrees = next((c for c in tree.children[verb] if tree.deps[c] in ("aux", "auxpass")), verb)
    singular = tree.tags[agrees] == "VBZ" or tree.lowers[agrees] == "was"
    plural = tree.tags[agrees] == "VBP" or tree.lowers[agrees] == "were"
    above = (
        tree.heads[tree.heads[noun]] if tree.deps[noun] == "pobj" and tree.lowers[tree.heads[noun]] == "of" else noun
    )
    either = tree.tags[noun] in ("NN", "NNS") and above != noun and tree.tags[above] == tree.tags[noun]
    return either or (tree.tags[noun] in PLURAL and singular) or (tree.tags[noun] in ("NN", "NNP") and plural)


def singled_out(tree: Tree, noun: int) -> bool:
    """ "The only word used for it", "the first man who flew": without what follows, it would say something else."""
    return any(tree.lowers[c] in ("only", "first", "last") or tree.tags[c] == "JJS" for c in tree.children[noun])


@lru_cache(maxsize=256)
def quoted(tree: Tree) -> frozenset[int]:
    """The tokens within quotation marks."""
    found, inside = set(), False
    for token, tag in enumerate(tree.tags):
        word = tree.words[token]
        if tag in ("``", "''") or word in _MARKS:
            inside = word in _OPENING or (word not in _CLOSING and not inside)
        elif inside:
            found.add(token)
    return frozenset(found)


def _without_brackets(tree: Tree, tokens: list[int]) -> list[int]:
    kept, inside = [], False
    for token in tokens:
        word = tree.words[token]
        inside = (inside or word == "(") and not (inside and word == ")")
        if not inside and word != ")":
            kept.append(token)
    return kept


def subject_head(tree: Tree, subject: Iterable[Part]) -> int:
    """The noun that a subject's other words hang on."""
    words = [part for part in subject if isinstance(part, int)]
    inside = set(words)
    return next((t for t in words if tree.heads[t] not in inside), words[0])
