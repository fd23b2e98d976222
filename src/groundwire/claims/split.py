"""One parsed sentence → the clauses that each state one thing, as lists of its tokens with words put in between.

Split off: coordinated finite verb phrases, coordinated predicates of a copula, non-restrictive relative clauses,
appositives, participles, contrasting clauses. Left together: conditionals, what stands under a negation, "only",
"either … or", what someone is said to have said.
"""

from dataclasses import dataclass, field
from functools import cached_property

from groundwire.claims.hedges import denies, is_plain, nobody, shared, supposes, trailing
from groundwire.claims.lexicon import BE, CONDITIONAL, CONTRAST, FOLLOWING, KEEPING, SUFFERED
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import (
    SETTING_OFF,
    SUBJECTS,
    Part,
    Phrases,
    aside,
    lists,
    quoted,
    singled_out,
    subject_head,
    wavers,
)
from groundwire.claims.verbs import past

_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))


@dataclass
class Clause:
    """What one claim is made of. `own` are the tokens that are this claim's and no other's subject."""

    head: int
    parts: list[Part]
    subject: list[Part]
    own: set[int] = field(default_factory=set)
    written: dict[int, str] = field(default_factory=dict)  # tokens in another form: earning as "earned"

    @cached_property
    def tokens(self) -> set[int]:
        return {part for part in self.parts if isinstance(part, int)}


@dataclass
class _Work:
    """A clause to be cut out: `subject` and `lead` are put before it when it has none of its own."""

    head: int
    subject: list[Part] | None = None
    lead: tuple[Part, ...] = ()  # copula or auxiliaries, between subject and clause
    tail: tuple[Part, ...] = ()
    drop: frozenset[int] = frozenset()  # tokens left out (relative pronouns, conjunctions)
    swap: tuple[int, tuple[Part, ...]] | None = None  # a token, and what stands in its place
    extra: tuple[int, ...] = ()  # subtrees that the parser hung elsewhere
    copula: tuple[Part, ...] = ()  # where the head is a further predicate: the copula it shares
    front: tuple[Part, ...] = ()  # hedges that it shares
    written: dict[int, str] = field(default_factory=dict)
    stays: bool = False  # where it was too: what is said of it there is said nowhere else


def split(tree: Tree) -> list[Clause]:
    """The clauses of a sentence, in the order of their own words. At least one where there is a token."""
    return sorted(Splitter(tree).run(), key=lambda clause: min(clause.own, default=0))


class Splitter(Phrases):
    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self.queue: list[_Work] = [self.main(root) for root in tree.roots]
        self.found: list[Clause] = []
        self.quoted = quoted(tree)  # what somebody said is one statement, whoever said it

    def main(self, root: int) -> _Work:
        if not self.is_participle(root):
            return _Work(root)
        verb = self.copula(root, list(self.subject(root)))
        return _Work(root, drop=frozenset((root - 1,)), written={root: f"{verb} {self.tree.words[root]}"})

    def run(self) -> list[Clause]:
        while self.queue:
            self.cut(self.queue.pop(0))
        return self.found

    def cut(self, work: _Work) -> None:
        tree = self.tree
        off: set[int] = set(work.drop)
        stack = [work.head, *work.extra]
        seen: list[int] = []
        while stack:
            at = stack.pop()
            seen.append(at)
            for child in tree.children[at]:
                if child not in off:
                    self.consider(child, work, off)
            stack.extend(c for c in tree.children[at] if c not in off and self.enters(c))
        tokens = tree.subtree(work.head, off)
        for more in work.extra:
            tokens += tree.subtree(more, off)
        own = sorted(set(tokens))
        body: list[Part] = []
        for token in own:
            body.extend(work.swap[1] if work.swap and work.swap[0] == token else (token,))
        subject = self.subject_of(work)
        parts = [*work.front, *(work.subject or ()), *work.lead, *body, *work.tail]
        if work.swap:
            own = [token for token in own if token != work.swap[0]]
        self.found.append(Clause(work.head, parts, subject, set(own), work.written))

    def enters(self, token: int) -> bool:
        """Whether to look for clauses inside: not in what is supposed, said or asked."""
        label = self.tree.deps[token]
        if label in ("ccomp", "csubj", "csubjpass", "parataxis"):
            return False
        return not (label == "advcl" and self.marks(token) & CONDITIONAL)

    def marks(self, token: int) -> set[str]:
        labels = ("mark", "advmod")
        return {self.tree.lowers[c] for c in self.tree.children[token] if self.tree.deps[c] in labels}

    def consider(self, token: int, work: _Work, off: set[int]) -> None:
        """Cut the subtree at `token` off into a clause of its own, where that is safe."""
        cutter = _CUTTERS.get(self.tree.deps[token]) if token not in self.quoted else None
        if cutter and (new := cutter(self, token, work, off)):
            self.hedge(token, new, work)
            self.take_along(token, new, off)
            self.queue.append(new)
            if new.stays:
                return
            off.add(token)
            off.update(new.extra)
            off.update(self.around(token))

    def hedge(self, token: int, new: _Work, work: _Work) -> None:
        """Leave no part of the sentence more certain than the whole."""
        if self.tree.deps[token] in ("conj", "advcl", "prep") or self.is_predicate(self.tree.heads[token], work):
            new.front = (*work.front, *shared(self.tree, work.head, token))
        if self.tree.deps[token] == "conj":
            work.tail = work.tail or trailing(self.tree, token)

    def take_along(self, token: int, new: _Work, off: set[int]) -> None:
        """Begin a coordinated verb's clause with the phrase before it, whichever verb the parser hung it on."""
        first, end = aside(self.tree, token) if self.tree.deps[token] == "conj" else (0, 0)
        if end:
            words = range(first + 1, end)
            new.front = (*(part for part in new.front if part not in words), *words)
            new.drop |= frozenset(words)
            off.update(range(first - 1, end))

    def around(self, token: int) -> set[int]:
        """The conjunction and commas that set the subtree off."""
        tree = self.tree
        inside = tree.subtree(token)
        left, right = inside[0], inside[-1]
        found = set()
        at = left - 1
        while at >= 0 and (tree.deps[at] in ("cc", "punct") and tree.words[at] in _JOINING):
            found.add(at)
            at -= 1
        after = right + 1
        if after < len(tree.tags) and tree.words[after] in (",", ")", "–", "—", "-") and found:
            opener = min((tree.words[f] for f in found if tree.deps[f] == "punct"), default="")
            if opener and (tree.words[after] != "," or tree.deps[token] in ("relcl", "appos", "acl", "advcl")):
                found.add(after)
        return found

    # -- subjects ---------------------------------------------------------------------------------

    def subject_of(self, work: _Work) -> list[Part]:
        return list(self.subject(work.head)) if work.subject is None else work.subject

    # -- what may be cut off ----------------------------------------------------------------------

    def conjunct(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        tree, first = self.tree, self.tree.heads[token]
        if self.kept_together(first, token):
            return None
        if self.shares_object(first, token):
            things = self.shared_object(first, token) if first == work.head else ()
            if not things:
                return None
            work.extra += things
            off |= {c for t in things for c in tree.children[t] if tree.deps[c] == "relcl"}
        head = self.chain_start(token, work.head)
        if head == work.head and work.copula:
            return self.predicate(token, first, work)
        if tree.deps[head] in ("attr", "acomp") and tree.heads[head] == work.head:
            return self.predicate(token, head, work)
        if head != work.head or not _is_verbal(tree.tags[token]) or supposes(tree, token):
            return None
        if tree.child(token, *SUBJECTS) is not None:
            return _Work(token)
        subject = self.subject_of(work)
        if not subject or nobody(tree, subject):
            return None
        # "directed by Lee and starring Ann"; but who was injured and recovering has not recovered
        plays = tree.lowers[token] in _PLAYING and self.is_past(work.head)
        if tree.tags[token] == "VBG" and not self.helpers(token) and (work.head in work.written or plays):
            return _Work(token, subject, written={token: past(tree.words[token])})
        lead = self.auxiliaries(token, work)
        return None if lead is None else _Work(token, subject, lead)

    def kept_together(self, first: int, token: int) -> bool:
        """Alternatives, negations, conditionals and pairs are one statement."""
        tree = self.tree
        low, high = min(first, token), max(first, token)
        for at in (*tree.children[first], *tree.children[token]):
            word = tree.lowers[at]
            if tree.deps[at] in ("cc", "preconj") and word in KEEPING:
                return True
            if denies(tree, at) and at < high and tree.child(token, *SUBJECTS) is None:
                # "He never came back, and retired": behind a comma something else begins.
                apart = {",", "and"} <= {tree.lowers[t] for t in range(low, high)}
                if not (apart and tree.tags[token] in _FINITE):
                    return True
            if tree.deps[at] == "advcl" and tree.heads[at] == first and self.marks(at) & CONDITIONAL:
                return True
            if word == "only" and low - 3 <= at <= high:
                return True
        return False

    def auxiliaries(self, token: int, work: _Work) -> tuple[Part, ...] | None:
        """The auxiliaries that a coordinated verb shares with the first; None where it cannot stand alone."""
        tree, head = self.tree, work.head
        tag = tree.tags[token]
        if tag == "VBD" and tree.lowers[token] in SUFFERED and tree.child(head, "auxpass") is not None:
            tag = "VBN"
        elif tag == "VBN" and tree.child(token, "dobj") is not None and tree.lowers[token] not in SUFFERED:
            tag = "VBD" if not self.helpers(head) else tag  # "It was the first jet and entered service"
        if tag in _FINITE or any(tree.tags[c] in _FINITE for c in self.helpers(token)):
            return ()
        shared: tuple[Part, ...] = tuple(c for c in self.helpers(head) if c < head) or work.lead
        if not shared:
            return () if tag == "VBN" and tree.tags[head] == "VBD" else None
        if tag == tree.tags[head]:
            own = [tree.lowers[c] for c in self.helpers(token)]
            return tuple(c for c in shared if isinstance(c, str) or tree.lowers[c] not in own)
        if tag == "VBN" and tree.lowers[head] in BE and tree.tags[head] in _FINITE:
            return (head,)
        return None

    def predicate(self, token: int, first: int, work: _Work) -> _Work | None:
        """A further predicate of a copula: an actor *and a singer*."""
        tree = self.tree
        subject = self.subject_of(work)
        same = tree.tags[token][:2] == tree.tags[first][:2] and tree.tags[token][:2] in ("NN", "JJ")
        same = same and not nobody(tree, subject) and not any(denies(tree, c) for c in tree.children[work.head])
        copula = work.copula or (*(c for c in self.helpers(work.head) if c < work.head), work.head)
        verb = copula[-1]
        if not subject or not same or self.is_plural(subject) or isinstance(verb, str) or tree.lowers[verb] not in BE:
            return None
        lead = list(copula)
        shared_rest = any(
            tree.deps[c] == "prep" and c > token and tree.lowers[c] == "of" and "VBN" not in tree.tags[token:c]
            for c in tree.children[first]
        )
        if shared_rest or not self.is_listed(first, token):
            return None  # "the publisher and director of the paper"; "Wilson Township, Alpena County"
        determiner = tree.child(token, "det", "poss", "nummod")
        shared = tree.child(first, "det")
        if determiner is None and tree.tags[token] == "NN" and (shared is not None or work.copula):
            if shared is None or tree.lowers[shared] in ("a", "an"):
                lead.append("an" if tree.lowers[tree.subtree(token)[0]][:1] in "aeiou" else "a")
            else:
                lead.append(shared)
        return _Work(token, subject, tuple(lead), copula=copula)

    def relative(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        tree, noun = self.tree, self.tree.heads[token]
        inside = tree.subtree(token)
        pronoun = next((t for t in inside[:6] if tree.tags[t] in ("WDT", "WP", "WP$", "WRB")), None)
        if pronoun is None or tree.tags[noun][:2] not in ("NN", "CD", "PR"):
            return None
        subject = self.subject_of(work)
        if inside[0] > 0 and tree.words[inside[0] - 1] in SETTING_OFF:
            if wavers(tree, token, pronoun, noun):
                return None
            antecedent: list[Part] = list(self.named(noun))
        elif self.is_predicate(noun, work) and subject and tree.lowers[subject_head(tree, subject)] not in _POINTING:
            antecedent = list(subject)
        else:
            return None
        return self.resolved_relative(token, pronoun, antecedent)

    def is_predicate(self, noun: int, work: _Work) -> bool:
        tree = self.tree
        if noun == work.head and work.copula:
            return True
        if tree.deps[noun] != "attr" or tree.heads[noun] != work.head or tree.lowers[work.head] not in BE:
            return False
        if singled_out(tree, noun):
            return False
        return is_plain(tree, work.head)  # who is not the man who did it, did nothing

    def resolved_relative(self, token: int, pronoun: int, antecedent: list[Part]) -> _Work | None:
        tree = self.tree
        role, above = tree.deps[pronoun], tree.heads[pronoun]
        gone = frozenset((pronoun,))
        if role in SUBJECTS and above == token:
            return _Work(token, antecedent, drop=gone)
        if tree.tags[pronoun] == "WP$" and (first := tree.subtree(token)[0]) == pronoun:
            return _Work(token, [], swap=(first, (*antecedent, "’s")))
        if role == "dobj" and above == token and tree.child(token, *SUBJECTS) is not None:
            return _Work(token, drop=gone, tail=tuple(antecedent)) if tree.subtree(token)[-1] == token else None
        if role == "pobj" and tree.deps[above] == "prep" and tree.heads[above] == token and above < token:
            return _Work(token, drop=frozenset((pronoun, above)), tail=(above, *antecedent))
        if role == "pobj" and tree.child(token, *SUBJECTS) in self.above(pronoun):
            return _Work(token, [], swap=(pronoun, tuple(antecedent)))
        if tree.tags[pronoun] == "WRB" and tree.lowers[pronoun] == "where":
            place = tree.heads[tree.heads[token]]
            if tree.deps[place] == "prep" and tree.lowers[place] in ("in", "at", "on"):
                return _Work(token, drop=gone, tail=(place, *antecedent))
        return None

    def appositive(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        tree, noun = self.tree, self.tree.heads[token]
        inside = tree.subtree(token)
        if tree.tags[token][:2] != "NN" or tree.tags[noun][:2] != "NN" or inside[0] == 0 or token < noun:
            return None
        if tree.words[inside[0] - 1] not in SETTING_OFF or tree.child(token, "case") is not None:
            return None
        if lists(tree, noun, token):
            return None
        determined = tree.child(token, "det", "poss") is not None
        if tree.tags[token] in ("NNP", "NNPS") and not determined:
            definite = tree.child(noun, "det", "poss")
            if tree.tags[noun] not in ("NN", "NNS") or definite is None or inside[0] - 2 != noun:
                return None
            if tree.deps[definite] != "poss" and tree.deps[noun] not in SUBJECTS:
                return None  # "in the Paisa region, Colombia"
        elif not determined and len(inside) < 2:
            return None
        phrase = self.phrase(noun)
        if tree.child(noun, "conj") is not None and tree.child(noun, "conj") in phrase:
            return None
        plural = self.is_plural(phrase)
        if not plural and tree.tags[token] in ("NNP", "NNPS") and tree.child(token, "conj") is not None:
            return None  # "his wife, Ann, and two sons": a list
        return _Work(token, list(self.named(noun)), ("are" if plural else "is",))

    def participle(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        tree, noun = self.tree, self.tree.heads[token]
        if tree.tags[token] not in ("VBN", "VBD") or tree.child(token, "mark", *SUBJECTS) is not None:
            return None  # "a bike that Acme launched" is a relative clause
        inside = tree.subtree(token)
        set_off = inside[0] > 0 and tree.words[inside[0] - 1] in SETTING_OFF
        subject = self.subject_of(work)
        if self.is_predicate(noun, work) and subject:
            antecedent = list(subject)
            # "an actor born in 1949, in Pensacola": what follows belongs to the participle.
            extra = tuple(c for c in tree.children[noun] if c > inside[-1] and tree.deps[c] in ("prep", "npadvmod"))
        elif set_off and (owner := self.described(token, noun, inside, work)):
            antecedent, extra = owner, ()
        else:
            return None
        return _Work(token, antecedent, (self.copula(token, antecedent),), extra=extra)

    def described(self, token: int, noun: int, inside: list[int], work: _Work) -> list[Part]:
        """Whom a participle behind a comma describes: the noun it stands by, or the subject."""
        tree = self.tree
        subject = self.subject_of(work)
        if noun in subject or (inside[0] - 2 == noun and not any(tree.tags[t] == "PRP$" for t in inside)):
            return list(self.named(noun))
        predicate = tree.child(work.head, "attr")
        of_predicate = predicate is not None and noun in tree.subtree(predicate)
        return subject if of_predicate or any(tree.lowers[t] in ("his", "her") for t in inside) else []

    def adverbial(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        tree = self.tree
        if tree.heads[token] != work.head:
            return None
        has_subject = tree.child(token, *SUBJECTS) is not None
        marks = [c for c in tree.children[token] if tree.deps[c] == "mark"]
        inside = tree.subtree(token)
        commas = inside[0] == 0 or tree.words[inside[0] - 1] in SETTING_OFF
        if has_subject and len(marks) == 1 and tree.lowers[marks[0]] in CONTRAST and commas:
            return _Work(token, drop=frozenset(marks))
        bare = not marks and not has_subject and not self.helpers(token) and tree.child(token, "advmod", "neg") is None
        opens = inside[0] == 0 or tree.lowers[token] in SUFFERED
        if tree.tags[token] == "VBN" and bare and commas and inside[0] == token and opens:
            if tree.lowers[token] in FOLLOWING:
                return None
            subject = self.subject_of(work)
            return _Work(token, subject, (self.copula(token, subject),)) if subject else None
        if tree.tags[token] == "VBG" and bare and commas and inside[0] == token > work.head:
            subject = self.subject_of(work)
            following = tree.lowers[token] in FOLLOWING and not self.is_done(token)
            if not subject or following or not is_plain(tree, work.head):
                return None
            if self.is_past(work.head):
                return _Work(token, subject, written={token: past(tree.words[token])})
            return _Work(token, subject, ("are" if self.is_plural(subject) else "is",))
        return None

    def is_done(self, token: int) -> bool:
        """ "making 93 appearances", not "making it worse"."""
        thing = self.tree.child(token, "dobj")
        return self.tree.lowers[token] == "making" and thing is not None and self.tree.lowers[thing].startswith(_MADE)

    def before_or_after(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        """ "He taught before moving to Rome": he moved. The whole stays: only it says which was first."""
        tree = self.tree
        doing = tree.child(token, "pcomp")
        if tree.heads[token] != work.head or doing is None or tree.lowers[token] not in ("before", "after"):
            return None
        subject = self.subject_of(work)
        if not subject or not is_plain(tree, work.head) or not self.is_past(work.head):
            return None
        if tree.child(doing, *SUBJECTS, "neg") is not None:
            return None
        if tree.tags[doing] == "VBG":
            return _Work(doing, subject, written={doing: past(tree.words[doing])}, stays=True)
        being = next((c for c in self.helpers(doing) if tree.lowers[c] == "being"), None)
        if being is None:
            return None
        return _Work(doing, subject, written={being: "were" if self.is_plural(subject) else "was"}, stays=True)

    def parallel(self, token: int, work: _Work, off: set[int]) -> _Work | None:
        """A clause before or behind a semicolon."""
        tree = self.tree
        if tree.heads[token] != work.head or tree.child(token, *SUBJECTS) is None:
            return None
        low, high = sorted((token, work.head))
        between = any(tree.words[at] == ";" for at in range(low, high))
        return _Work(token) if between and tree.child(token, "mark") is None else None


_CUTTERS = {
    "conj": Splitter.conjunct,
    "relcl": Splitter.relative,
    "appos": Splitter.appositive,
    "acl": Splitter.participle,
    "advcl": Splitter.adverbial,
    "ccomp": Splitter.parallel,
    "parataxis": Splitter.parallel,
    "prep": Splitter.before_or_after,
}
_PLAYING = frozenset(("starring", "featuring"))
_MADE = ("appearance", "debut", "contribution", "start")
_POINTING = frozenset(("it", "this", "that", "there", "these", "those"))
_JOINING = frozenset((",", ";", "and", "but", "yet", "(", "–", "—", "-", "as", "well", ":"))


def _is_verbal(tag: str) -> bool:
    return tag.startswith("VB") or tag == "MD"
