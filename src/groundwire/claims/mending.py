"""Mistakes that a small parser makes often and that show: a thing joined to a verb, a verb joined to what it is not.

"in films, shows and theatre productions" has its shows joined to the verb; "became involved and founded a group" has
"founded" joined to "involved". Heads are set right where the words leave no doubt; the labels stay.
"""

from groundwire.claims.lexicon import MONTHS
from groundwire.claims.parse import Tree

_ALLOWING = frozenset(("permitting", "willing"))  # "and opens on Friday, weather permitting": only that hangs on it
_THINGS = frozenset(("dobj", "pobj", "conj", "attr", "appos"))


def mend(tree: Tree) -> Tree:
    """The tree with such heads set right; the same tree where there are none."""
    heads = list(tree.heads)
    for token, label in enumerate(tree.deps):
        head = heads[token]
        if label == "prep" and tree.deps[head] == "pobj" and token > head:
            thing = tree.child(token, "pobj")
            if tree.words[head] in MONTHS or (
                tree.lowers[token] == "on" and thing is not None and tree.words[thing] in MONTHS
            ):
                heads[token] = heads[heads[head]]  # "born on May 3, 1950, in Rome": not "3 May in Rome"
        if label == "advcl" and tree.lowers[token] in _ALLOWING:
            heads[token] = _last_before(tree, token)
            if (comma := tree.subtree(token)[0] - 1) > heads[token] and tree.words[comma] == ",":
                heads[comma] = heads[token]
        if label != "conj":
            continue
        if tree.tags[token][:2] == "NN" and tree.tags[head][:2] == "VB" and head < token:
            if not any(tree.deps[c] in ("nsubj", "nsubjpass", "aux", "cop") for c in tree.children[token]) and (
                before := _thing_before(tree, heads, token)
            ):
                heads[token] = before
        elif tree.tags[token][:2] == "NN" and _is_owned(tree, token) and not _is_owned(tree, head):
            above = heads[heads[head]]  # "his degree from Yale and his doctorate"
            if tree.deps[head] == "pobj" and tree.deps[above] in _THINGS and _is_owned(tree, above):
                heads[token] = above
        elif (
            tree.tags[token] in ("VBD", "VBZ") and tree.deps[head] in ("acomp", "attr") and tree.tags[head][:2] != "VB"
        ):
            heads[token] = heads[head]
    return tree if heads == list(tree.heads) or _turns(heads) else _with_heads(tree, heads)


def _last_before(tree: Tree, token: int) -> int:
    """The last of coordinated verbs before the subtree at `token`, which hangs on the first of them."""
    found = tree.heads[token]
    while (more := tree.child(found, "conj")) is not None and found < more < tree.subtree(token)[0]:
        found = more
    return found


def _turns(heads: list[int]) -> bool:
    """Whether some word would hang on itself by way of others."""
    sound: set[int] = set()
    for token in range(len(heads)):
        path: set[int] = set()
        while token not in sound and heads[token] != token:
            if token in path:
                return True
            path.add(token)
            token = heads[token]
        sound |= path
    return False


def _thing_before(tree: Tree, heads: list[int], token: int) -> int | None:
    """The thing that the words before the subtree at `token` end with, behind a comma or "and"."""
    at = tree.subtree(token)[0] - 1
    joints = 0
    while at >= 0 and tree.deps[at] in ("cc", "punct") and tree.lowers[at] in (",", "and", "or", "&"):
        at, joints = at - 1, joints + 1
    if not joints or at < 0 or tree.tags[at][:2] != "NN":
        return None
    # "bombings of embassies in Kenya, and the attack": of all that ends there, what is most like it.
    found: list[int] = []
    shape = _shape(tree, token)
    while tree.tags[at][:2] != "VB" and heads[at] != at and at != heads[token]:
        if tree.deps[at] in _THINGS and tree.tags[at][:2] == "NN":
            found.append(at)
        at = heads[at]
    likeness = {t: sum(x == y for x, y in zip(_shape(tree, t), shape, strict=True)) for t in found}
    best = max(likeness, key=lambda t: likeness[t], default=None)
    return best if best is not None and likeness[best] else None


def _is_owned(tree: Tree, noun: int) -> bool:
    return any(tree.tags[c] == "PRP$" for c in tree.children[noun])


def _shape(tree: Tree, noun: int) -> tuple[bool, bool]:
    """Whether it is a name, and whether it has an article or the like."""
    return tree.tags[noun] in ("NNP", "NNPS"), tree.child(noun, "det", "poss", "nummod") is not None


def _with_heads(tree: Tree, heads: list[int]) -> Tree:
    """The tree with other heads. Joints follow the thing that they stand before, as the parser has it elsewhere."""
    for token, label in enumerate(tree.deps):
        if label == "cc" and heads[token] == tree.heads[token]:
            after = next((t for t, h in enumerate(heads) if t > token and h != tree.heads[t] and h < token), None)
            if after is not None and heads[token] == tree.heads[after]:
                heads[token] = heads[after]
    return tree.joined_by(heads)
