"""A verb that is said once for two: "Anna won three medals, and Bo two." says that Bo won two medals."""

from groundwire.claims.lexicon import CONDITIONAL, NOBODY, SELDOM
from groundwire.claims.marked import Marked, joined, put_in
from groundwire.claims.parse import Tree

_JOINING = frozenset(("and", "but", "while"))
_SUPPOSING = frozenset(("provided", "providing", "assuming", "if", "unless"))
_NUMERAL = ("CD", "$")


def gapped(tree: Tree, words: Marked) -> tuple[Marked, Marked] | None:
    """The two statements of such a sentence; None where it is none, or where it is not sure what was left out."""
    end = len(tree.tags)
    while end and not any(c.isalnum() for c in tree.words[end - 1]) and tree.words[end - 1] != "%":
        end -= 1
    verb = next((root for root in tree.roots if tree.tags[root].startswith("VB")), None)
    subject = None if verb is None else tree.child(verb, "nsubj", "nsubjpass")
    joint = _joint(tree, end)
    condition = words.cut(0, 0)
    if (supposed := _condition(tree, end)) < end:  # it holds of both
        condition = words.cut(tree.ends[supposed - 1], tree.ends[end - 1])
        end = supposed
    if set(tree.lowers[:end]) & (CONDITIONAL | NOBODY | SELDOM) or "neg" in tree.deps:
        return None  # what is supposed or denied of the one may not be so of the other
    if verb is None or subject is None or subject > verb or joint is None or joint[0] <= verb:
        return None
    cut, start = joint
    number = next((t for t in range(start, end) if tree.tags[t] in _NUMERAL), end)
    second = [t for t in range(start, number) if tree.words[t] != ","]
    link = second.pop() if second and tree.tags[second[-1]] == "IN" else None
    counted = _counted(tree, verb, cut, link)
    alike = bool(second) and (tree.tags[subject] == "NNP") == (tree.tags[second[-1]] == "NNP")
    if not alike or not _is_name(tree, second) or counted is None:
        return None
    if any(tree.tags[t][:2] in ("VB", "MD") for t in range(start, end)):
        return None
    if number == end or any(tree.tags[t] not in (*_NUMERAL, "NN", "NNS", "JJ", "RB", "IN") for t in range(number, end)):
        return None
    said = range(max(tree.subtree(subject)) + 1, verb + 1)
    noun = "" if any(tree.tags[t][:2] == "NN" or tree.tags[t] == "$" for t in range(number, end)) else counted
    return joined([words.cut(0, tree.ends[cut - 1]), condition, put_in(".")]), joined(
        [
            words.cut(tree.starts[second[0]], tree.ends[second[-1]]),
            put_in(" " + tree.text[tree.starts[said[0]] : tree.ends[said[-1]]] + " "),
            words.cut(tree.starts[number if link is None else link], tree.ends[end - 1]),
            put_in(noun),
            condition,
            put_in("."),
        ]
    )


def _condition(tree: Tree, end: int) -> int:
    """Where a condition behind a comma begins, ", provided that …"; `end` where there is none."""
    return next((t for t in range(1, end) if tree.lowers[t] in _SUPPOSING and tree.words[t - 1] == ","), end + 1) - 1


def _joint(tree: Tree, end: int) -> tuple[int, int] | None:
    """Where the first statement ends and the second begins: at its last "and", or semicolon."""
    for at in range(end - 1, 0, -1):
        if tree.lowers[at] in _JOINING or tree.words[at] == ";":
            cut = at - 1 if tree.words[at - 1] in (",", ";") else at
            return cut, at + 1
    return None


def _is_name(tree: Tree, tokens: list[int]) -> bool:
    """A name, or "the second"."""
    if not tokens:
        return False
    if all(tree.tags[t] in ("NNP", "NNPS") for t in tokens):
        return True
    rest = tokens[1:]
    return tree.lowers[tokens[0]] == "the" and bool(rest) and all(tree.tags[t][:2] in ("JJ", "NN") for t in rest)


def _counted(tree: Tree, verb: int, cut: int, link: int | None) -> str | None:
    """What the verb's object counts (" medals" of "three medals"), None where it counts nothing.

    With the preposition `link` it is what stands behind the same one: " years" of "is guaranteed for ten years".
    """
    things = list(tree.children[verb])
    if link is not None:
        same = [c for c in things if tree.deps[c] == "prep" and tree.lowers[c] == tree.lowers[link]]
        things = [t for c in same for t in tree.children[c] if tree.deps[t] == "pobj"]
    for thing in things:
        if thing < verb or thing >= cut or tree.deps[thing] not in ("dobj", "npadvmod", "attr", "pobj"):
            continue
        inside = [t for t in tree.subtree(thing) if t <= thing]
        numbers = [t for t in inside if tree.tags[t] in _NUMERAL]
        if numbers and not any(tree.tags[t][:2] == "NN" for t in inside if t < numbers[0]):  # "Windows 10" counts none
            rest = [t for t in inside if t > numbers[-1]]
            return tree.text[tree.ends[numbers[-1]] : tree.ends[thing]] if rest else ""
    return None
