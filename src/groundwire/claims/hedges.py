"""What makes a statement less than certain, and whose it is: a part that is split off must not lose it."""

from collections.abc import Iterable

from groundwire.claims.lexicon import ACCOUNTS, HEDGES, NOBODY, SELDOM
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import SUBJECTS, Part


def shared(tree: Tree, head: int, token: int) -> tuple[int, ...]:
    """The tokens of `head`'s hedges that hold of the clause at `token` as well, which is split off from it.

    "Reportedly, Anna moved and Bo stayed" says both by report, "Anna reportedly moved and Bo stayed" only one.
    """
    if _hedges(tree, token):
        return ()
    own = tree.child(token, *SUBJECTS)
    before = tree.child(head, *SUBJECTS) if own is not None and tree.tags[own][:1] != "W" else token
    unsure = any(tree.tags[c] == "MD" for c in tree.children[token])
    found: list[int] = []
    for child in _hedges(tree, head):
        if child >= (token if before is None else before) or (unsure and tree.deps[child] == "advmod"):
            continue
        words = tree.subtree(child)
        found += words
        if words[-1] + 1 < len(tree.tags) and tree.words[words[-1] + 1] == ",":
            found.append(words[-1] + 1)
    return tuple(found)


def trailing(tree: Tree, token: int) -> tuple[int, ...]:
    """The source named behind the last of coordinated clauses: ", according to the WHO"."""
    while (more := tree.child(token, "conj")) is not None:
        token = more
    for child in tree.children[token]:
        words = tree.subtree(child)
        if child > token and tree.lowers[words[0]] == "according" and tree.words[words[0] - 1] == ",":
            return (words[0] - 1, *words)
    return ()


def is_plain(tree: Tree, copula: int) -> bool:
    """Whether "is" says that it is: no negation, no "may be"."""
    return not any(tree.deps[c] == "neg" or tree.tags[c] == "MD" for c in tree.children[copula])


def denies(tree: Tree, token: int) -> bool:
    """Whether a word takes back what it stands by: not, never, no longer, rarely."""
    longer = tree.lowers[token] == "longer" and tree.child(token, "neg") is not None
    return longer or tree.deps[token] == "neg" or tree.lowers[token] in SELDOM


def supposes(tree: Tree, token: int) -> bool:
    """Whether what looks like a verb opens a condition: "and the chain for two, provided that it is oiled"."""
    return tree.lowers[token] in ("provided", "providing", "assuming") and tree.child(token, "ccomp") is not None


def nobody(tree: Tree, parts: Iterable[Part]) -> bool:
    """Whether a subject is none or few: "No doctor examined him and signed it" says neither of anybody."""
    return any(isinstance(part, int) and tree.lowers[part] in NOBODY for part in parts)


def _hedges(tree: Tree, head: int) -> list[int]:
    return [child for child in tree.children[head] if child != head and _is_hedge(tree, child)]


def _is_hedge(tree: Tree, token: int) -> bool:
    if tree.deps[token] == "advmod":
        return tree.lowers[token] in HEDGES
    if tree.deps[token] not in ("prep", "advcl"):
        return False
    what = tree.child(token, "pobj")
    return tree.lowers[token] == "according" or (what is not None and tree.lowers[what] in ACCOUNTS)
