"""A clause → its atoms: one for each of its coordinated things, one for each time or place that it names.

Anna sang in Oslo and Bergen → Anna sang in Oslo, Anna sang in Bergen. An atom never says more than its clause: what is
negated, supposed, counted, compared or said by somebody stays whole, and so do pairs, alternatives and titles.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise, product
from typing import NamedTuple

from groundwire.claims.lexicon import BE, COLLECTIVE, FIXED, MIXING, MONTHS, NOBODY, SELDOM, TITLED, TOGETHER, UNITS
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import PLURAL, SUBJECTS, Part
from groundwire.claims.split import Clause
from groundwire.claims.verbs import third_person

_MOST = 40  # atoms of one clause; a longer list stays whole
_INSIDE = frozenset(("dobj", "pobj", "prep", "attr", "xcomp", "agent", "dative", "oprd", *SUBJECTS))
_NOUNS = ("NN", "CD", "PR")
_LISTED = frozenset(("dobj", "pobj", "nsubj", "nsubjpass"))
_WHOLE = frozenset(
    ("only", "if", "unless", "either", "or", "nor", "without", "than", "except", "whether", "almost", "nearly")
) | NOBODY | SELDOM  # fmt: skip
_TIME = re.compile(
    rf"(?:1\d|20)\d\ds?|(?:{'|'.join(MONTHS)}|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|century|decade)"
)
_OF_TIME = frozenset(("during", "since", "until", "till"))
_LOOSE = frozenset(("in", "at", "with", "for", "during"))  # behind something else, what they say can be left out
_OF_PLACE = frozenset(("in", "at", "near"))
_MARKS = frozenset(('"', "“", "”", "``", "''"))
_YEARS = re.compile(r"(?:1\d|20)\d\d(?:[-–—](?:\d{2,4}|present)?)?")
_IN_TITLES = frozenset(
    ("of", "the", "a", "an", "in", "on", "to", "for", "with", "from", "at", ":", "-", "–", "'s", "’s", "!", "?")
)
_ONE_TIME = ("from", "between")  # "from 1990 to 1995" is one time


Tokens = tuple[int, ...]


class _Slot(NamedTuple):
    """Where a clause names several things: the tokens of each, and what separates them."""

    options: tuple[Tokens, ...]
    joints: frozenset[int] = frozenset()
    subject: bool = False

    @property
    def all(self) -> set[int]:
        return {token for option in self.options for token in option} | self.joints


def atoms(tree: Tree, clause: Clause) -> list[Clause]:
    """The clause in atoms: the first keeps all that is shared, the others own what only they say."""
    if _stays_whole(tree, clause):
        return [clause]
    lists, circumstances = _slots(tree, clause)
    slots = [*lists, *circumstances]
    if not slots or sum(len(slot.options) for slot in slots) > _MOST:
        return [clause]
    first = [slot.options[0] for slot in slots]
    if respective := _respective(tree, clause, lists):
        slots = [*lists, *circumstances]
        chosen = [[*pair, *first[len(lists) :]] for pair in respective]
    else:
        chosen = [[*things, *first[len(lists) :]] for things in _combined(lists)]
    chosen += [[*first[: len(lists)], option] for slot in circumstances for option in slot.options[1:]]
    if len(chosen) > _MOST:
        return [clause]
    found: list[Clause] = []
    said: set[int] = set()
    for choice in chosen:
        found.append(_atom(tree, clause, slots, choice, said))
        said |= found[-1].own
    return found


def _combined(lists: list[_Slot]) -> list[list[Tokens]]:
    """One thing of each list at a time; where subjects do several things, each of them with each.

    Of other lists each thing is said once: of "albums and singles, including Emma and Persuasion" nobody knows which is
    which.
    """
    if len(lists) == 2 and lists[0].subject != lists[1].subject:
        return [list(things) for things in product(*(slot.options for slot in lists))]
    first = [slot.options[0] for slot in lists]
    others = [[*first[:at], option, *first[at + 1 :]] for at, slot in enumerate(lists) for option in slot.options[1:]]
    return [first, *others]


def alone(tree: Tree, clause: Clause) -> Tree:
    """The tree with each thing in the place of the one before it in a list, where that is not in the clause."""
    tokens = clause.tokens
    moved = [t for t in tokens if tree.deps[t] == "conj" and tree.heads[t] not in tokens and t != clause.head]
    if not moved:
        return tree
    heads, deps, left = list(tree.heads), list(tree.deps), set()
    for token in moved:
        first = tree.heads[token]
        while tree.deps[first] == "conj" and tree.heads[first] not in tokens:
            first = tree.heads[first]
        heads[token], deps[token] = tree.heads[first], tree.deps[first]
        if first not in tokens:
            left.add(first)
    for token in left:
        deps[token] = ""
    return tree.joined_by(heads)._replace(deps=tuple(deps))


def _slots(tree: Tree, clause: Clause) -> tuple[list[_Slot], list[_Slot]]:
    """The lists of the clause, and its circumstances; a list within a circumstance makes several of it."""
    lists = [*_titles(tree, clause)]
    for slot in _lists(tree, clause):
        if not any(slot.all & other.all for other in lists):
            lists.append(slot)
    found = _circumstances(tree, clause)
    if found is None:
        return lists, []
    options: list[Tokens] = []
    joints = set(found.joints)
    for option in found.options:
        inner = [slot for slot in lists if slot.all <= set(option)]
        if len(inner) > 1 or any(slot.all & set(option) and slot not in inner for slot in lists):
            return lists, []
        if inner:
            options += [_without(option, inner[0].all - set(kept)) for kept in inner[0].options]
            joints |= inner[0].joints
            lists.remove(inner[0])
        else:
            options.append(option)
    return lists, [_Slot(tuple(options), frozenset(joints))]


def _without(tokens: Tokens, gone: set[int]) -> Tokens:
    return tuple(token for token in tokens if token not in gone)


def _atom(tree: Tree, clause: Clause, slots: list[_Slot], choice: list[Tokens], said: set[int]) -> Clause:
    kept = {token for option in choice for token in option}
    gone = {token for slot in slots for token in slot.all} - kept
    parts: list[Part] = [part for part in clause.parts if not isinstance(part, int) or part not in gone]
    own = clause.own - gone - said or set(choice[-1]) & clause.own
    for slot, option in zip(slots, choice, strict=True):
        if option != slot.options[0] and (word := _determiner(tree, slot, option)) is not None:
            parts.insert(parts.index(option[0]), word)
    written = clause.written | (_agreement(tree, clause, parts) if any(slot.subject for slot in slots) else {})
    subject: list[Part] = [part for part in clause.subject if not isinstance(part, int) or part not in gone]
    return replace(clause, parts=parts, subject=subject, own=own, written=written)


def _respective(tree: Tree, clause: Clause, lists: list[_Slot]) -> list[tuple[Tokens, ...]]:
    """ "Rome and Oslo lie in Italy and Norway, respectively": the first with the first, the second with the second."""
    last = next((t for t in clause.tokens if tree.lowers[t] == "respectively"), None)
    if last is None or len(lists) != 2 or len(lists[0].options) != len(lists[1].options):
        return []
    lists[1] = lists[1]._replace(
        joints=lists[1].joints | {last} | ({last - 1} if tree.words[last - 1] == "," else set())
    )
    return list(zip(lists[0].options, lists[1].options, strict=True))


def _stays_whole(tree: Tree, clause: Clause) -> bool:
    words = {tree.lowers[token] for token in clause.tokens}
    return bool(words & (_WHOLE | TOGETHER)) or any(tree.deps[token] == "neg" for token in clause.tokens)


# -- coordinated things -------------------------------------------------------------------------------


def _lists(tree: Tree, clause: Clause) -> Iterator[_Slot]:
    tokens = clause.tokens
    for token in sorted(_reached(tree, clause.head, tokens)):
        label = tree.deps[token]
        tags = _NOUNS if label in _LISTED else ("IN", "TO") if label in ("prep", "agent") else ()
        found = [_list(tree, clause, token, tokens, tags)] if tags else []
        if tree.tags[token] == "NNS":
            adjectives = [c for c in tree.children[token] if tree.deps[c] == "amod"]
            found += [_list(tree, clause, adjective, tokens, ("JJ",)) for adjective in adjectives]
        yield from (slot for slot in found if slot is not None)


def _reached(tree: Tree, head: int, tokens: set[int]) -> set[int]:
    """The tokens of the clause that its verb says something of: not what is said, asked or supposed inside it."""
    found, stack = set(), [head]
    while stack:
        for child in tree.children[stack.pop()]:
            if child in tokens and tree.deps[child] in _INSIDE:
                found.add(child)
                stack.append(child)
    return found


def _titles(tree: Tree, clause: Clause) -> Iterator[_Slot]:
    """Titles in quotation marks or with their years, one after another: what the parser makes of them is of no use."""
    inside = sorted(clause.tokens)
    for items in (_quoted(tree, inside), _dated(tree, inside)):
        run: list[tuple[int, int]] = []
        for item in [*items, (-1, -1)]:
            between = [t for t in inside if run and run[-1][1] < t < item[0]]
            if run and (item[0] < 0 or any(tree.lowers[t] not in (",", "and") for t in between)):
                yield from _titled(tree, inside, run)
                run = []
            run.append(item)


def _titled(tree: Tree, inside: list[int], run: list[tuple[int, int]]) -> Iterator[_Slot]:
    joints = {t for t in inside if run[0][0] < t < run[-1][1] and not any(a <= t <= b for a, b in run)}
    if len(run) < 2 or not any(tree.lowers[t] == "and" for t in joints):
        return
    commas = {b - 1 for a, b in run if tree.words[b] in _MARKS and tree.words[b - 1] == ","}
    yield _Slot(
        tuple(tuple(t for t in inside if a <= t <= b and t not in commas) for a, b in run), frozenset(joints | commas)
    )


def _quoted(tree: Tree, inside: list[int]) -> list[tuple[int, int]]:
    marks = [t for t in inside if tree.words[t] in _MARKS]
    return [] if len(marks) % 2 else list(zip(marks[::2], marks[1::2], strict=True))


def _dated(tree: Tree, inside: list[int]) -> list[tuple[int, int]]:
    """ "Emma (1815)": the capitalised words before a year in brackets."""
    found: list[tuple[int, int]] = []
    tokens = set(inside)
    for mark in inside:
        if tree.words[mark] != "(" or not {mark + 1, mark + 2} <= tokens or tree.words[mark + 2] != ")":
            continue
        if not _YEARS.fullmatch(tree.words[mark + 1]):
            continue
        start = at = mark
        last = found[-1][1] if found else -1
        while (at := at - 1) in tokens and at > last:
            opens = tree.words[at][0].isupper() or tree.words[at][0].isdigit()
            if not opens and tree.lowers[at] not in _IN_TITLES:
                break
            start = at if opens else start
        if start < mark:
            found.append((start, mark + 2))
    return found


def _list(tree: Tree, clause: Clause, first: int, tokens: set[int], tags: tuple[str, ...]) -> _Slot | None:
    chain = [first]
    while (more := tree.child(chain[-1], "conj")) is not None and more in tokens:
        chain.append(more)
    if len(chain) == 1 or any(tree.tags[t][:2] not in tags for t in chain):
        return None
    is_subject = tree.deps[first] in SUBJECTS
    if _is_one_thing(tree, clause, chain) or (is_subject and not _may_be_shared_out(tree, clause, tokens)):
        return None
    options: list[Tokens] = []
    joints = {c for c in tree.children[first] if tree.deps[c] == "preconj"}
    for at, thing in enumerate(chain):
        off = {c for c in tree.children[thing] if tree.deps[c] in ("cc", "conj", "preconj")}
        off |= {c for c in tree.children[thing] if tree.deps[c] == "punct" and tree.words[c] in ",;" and c > thing}
        if at + 1 < len(chain):
            off |= {c for c in tree.children[thing] if c > chain[at + 1]}  # stands behind the list: said of all
        options.append(tuple(t for t in tree.subtree(thing, off) if t in tokens))
        if at + 1 < len(chain):
            joints |= set(range(options[-1][-1] + 1, tree.subtree(chain[at + 1])[0])) & tokens
    if any(set(one) & set(other) for one, other in combinations(options, 2)):
        return None
    return _Slot(tuple(options), frozenset(joints), is_subject)


def _is_one_thing(tree: Tree, clause: Clause, chain: list[int]) -> bool:
    """Pairs, mixtures, quantities and titles: "between A and B", "3 feet and 4 inches", "War and Peace"."""
    if FIXED & {tree.text[tree.starts[a] : tree.ends[b]].lower() for a, b in pairwise(chain)}:
        return True
    words = [tree.lowers[c] for t in chain for c in tree.children[t] if tree.deps[c] == "cc"]
    if not words or set(words) - {"and", "&"}:
        return True
    above = tree.heads[chain[0]]
    if tree.lowers[above] in MIXING or (tree.deps[above] == "prep" and tree.lowers[tree.heads[above]] in MIXING):
        return True
    if all(tree.lowers[t] in UNITS or tree.tags[t] == "CD" for t in chain):
        return True
    last = chain[-1]
    trailing = [
        c
        for c in tree.children[last]
        if c > last and (tree.deps[c] in ("relcl", "acl") or (tree.deps[c] == "prep" and tree.lowers[c] == "of"))
    ]
    bare = tree.child(last, "det", "poss", "nummod", "amod") is None and tree.tags[last] not in ("NNP", "NNPS")
    if trailing and bare:
        return True  # "the publisher and director of the paper": what follows belongs to both
    names = all(tree.tags[t] in ("NNP", "NNPS") for t in chain)
    if len(chain) == 2 and names and tree.words[tree.subtree(chain[1])[0] - 1] in ("and", "&"):
        ends = range(chain[0] + 1, tree.subtree(chain[1])[0])
        if "&" in words or tree.lowers[clause.head] in TITLED or tree.lowers[tree.heads[chain[0]]] in TITLED:
            return not any(tree.words[t] == "," for t in ends)
    return False


def _may_be_shared_out(tree: Tree, clause: Clause, tokens: set[int]) -> bool:
    """Whether what is said of several is said of each: not "met", "are partners", "is" (a title in the singular)."""
    head = clause.head
    verbs = [head, *(c for c in tree.children[head] if tree.deps[c] in ("aux", "auxpass"))]
    if tree.lowers[head] in COLLECTIVE or any(tree.tags[v] == "VBZ" or tree.lowers[v] == "was" for v in verbs):
        return False
    what = tree.child(head, "attr", "oprd")
    return not (what is not None and what in tokens)


def _determiner(tree: Tree, slot: _Slot, option: Tokens) -> int | None:
    """The article or possessive that a thing shares with the first of its list: "his looks and (his) voice"."""
    first = slot.options[0]
    heads = [t for t in option if tree.heads[t] not in option]
    lead = [t for t in first if tree.deps[t] in ("det", "poss") and tree.heads[t] in first]
    if slot.subject or not heads or not lead or tree.tags[heads[0]] not in ("NN", "NNS") or lead[0] != first[0]:
        return None
    return None if tree.child(heads[0], "det", "poss", "nummod") is not None else lead[0]


def _agreement(tree: Tree, clause: Clause, parts: list[Part]) -> dict[int, str]:
    """The verb in the singular, where one of several subjects is left and is not itself plural."""
    kept = {p for p in parts if isinstance(p, int)}
    subjects = [t for t in kept if tree.heads[t] not in kept or tree.deps[t] in SUBJECTS]
    subject = min((t for t in subjects if tree.tags[t][:2] in ("NN", "PR")), default=None)
    if subject is None or tree.tags[subject] in PLURAL:
        return {}
    head = clause.head
    verb = next((c for c in tree.children[head] if tree.deps[c] in ("aux", "auxpass") and c in kept), head)
    agrees = tree.tags[verb] == "VBP" or tree.lowers[verb] == "were"
    return {verb: third_person(tree.words[verb])} if agrees else {}


# -- times and places ---------------------------------------------------------------------------------


def _circumstances(tree: Tree, clause: Clause) -> _Slot | None:
    """The times and places of an event that has several: each is stated of it alone."""
    head, tokens = clause.head, clause.tokens
    if not tree.tags[head].startswith("VB") or tree.lowers[head] in BE or _is_measured(tree, clause):
        return None
    options: list[Tokens] = []
    glued = False
    for child in tree.children[head]:
        if child not in tokens or tree.deps[child] not in ("prep", "npadvmod"):
            continue
        words = tuple(t for t in tree.subtree(child) if t in tokens)
        while tree.words[words[-1]] == "," and len(words) > 1:
            words = words[:-1]
        if child < head:
            comma = words[-1] + 1
            if words[0] == min(tokens) and tree.words[comma] == "," and _is_circumstance(tree, child, words):
                options.append((*words, comma))
            continue
        if glued and tree.lowers[child] in ("to", "until", "till", "through") and options:
            options[-1] += words
            glued = False
            continue
        glued = tree.lowers[child] in _ONE_TIME
        far = words[0] > head + 1 and tree.lowers[child] in _LOOSE
        if far or _is_circumstance(tree, child, words):
            options.append(words)
    counted = [o for o in options if any(tree.tags[t] == "CD" and not _TIME.fullmatch(tree.words[t]) for t in o)]
    dated = [o for o in counted if any(_TIME.fullmatch(tree.words[t]) for t in o)]
    if len(options) < 2 or len(counted) - len(dated) > 1 or not clause.subject:
        return None  # "with 5 mg for 3 days" is one quantity
    commas = {t for option in options for t in (option[0] - 1, option[-1] + 1) if t in tokens}
    return _Slot(tuple(options), frozenset(t for t in commas if tree.words[t] == ","))


def _is_circumstance(tree: Tree, token: int, words: Tokens) -> bool:
    """Whether a phrase says when or where."""
    named = any(tree.tags[t] in ("NNP", "NNPS") for t in words)
    timed = any(_TIME.fullmatch(tree.words[t]) for t in words)
    if tree.deps[token] == "npadvmod":
        return timed
    word = tree.lowers[token]
    aged = word == "at" and any(tree.lowers[t] == "age" for t in words)
    return timed or aged or word in _OF_TIME or (word in _OF_PLACE and named)


def _is_measured(tree: Tree, clause: Clause) -> bool:
    """A count, a rank or a comparison holds for its time and place together."""
    head = clause.head
    core = [c for c in tree.children[head] if tree.deps[c] in ("dobj", "attr", "acomp", "xcomp", *SUBJECTS)]
    core += [c for c in tree.children[head] if tree.deps[c] in ("advmod", "npadvmod")]
    tags = {tree.tags[t] for c in core for t in tree.subtree(c) if t in clause.tokens}
    times = {t for c in core if tree.deps[c] == "npadvmod" for t in tree.subtree(c)}
    counted = any(
        tree.tags[t] == "CD" and t not in times and not _TIME.fullmatch(tree.words[t])
        for c in core
        for t in tree.subtree(c)
    )
    return counted or bool(tags & {"JJR", "JJS", "RBR", "RBS"})
