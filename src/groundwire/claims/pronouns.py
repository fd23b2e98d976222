"""Whom a pronoun means: the nearest main subject before it that fits, or nobody when that is not sure.

After Hobbs 1978 and Lappin & Leass 1994 in spirit: subjects before other mentions, near before far, number and gender
must agree. A wrong name is worse than none, so a rival that fits as well, an object just brought up, or another person
in the sentence that is not what the answer is about, leaves a pronoun as it is.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from groundwire.claims.discourse import Discourse
from groundwire.claims.lexicon import BE, EMPTY_IT
from groundwire.claims.mentions import Mention
from groundwire.claims.parse import Name, Tree
from groundwire.claims.phrases import quoted
from groundwire.claims.things import is_collective

Names = Callable[[str], tuple[Name, ...]]


class Form(NamedTuple):
    """What a pronoun says of whom it means; None where it does not tell."""

    group: str
    person: bool | None
    plural: bool
    gender: str | None


_HE, _SHE = Form("he", True, False, "m"), Form("she", True, False, "f")
_IT, _THEY = Form("it", False, False, None), Form("they", None, True, None)
FORMS = {
    **dict.fromkeys(("he", "him", "his"), _HE),
    **dict.fromkeys(("she", "her", "hers"), _SHE),
    **dict.fromkeys(("it", "its"), _IT),
    **dict.fromkeys(("they", "them", "their", "theirs"), _THEY),
}
"""Pronouns by their small letters. What ends in "self" means somebody in its own clause."""

_SUBJECT = ("nsubj", "nsubjpass")
_FOUND_TO_BE = frozenset(("make", "makes", "made", "making", "find", "finds", "found", "consider", "keep", "think"))
_CAUSES = frozenset(("due", "because", "why", "when", "how"))
_ANYBODY = frozenset(("someone", "somebody", "anyone", "anybody", "everyone", "everybody", "person", "individual"))
_EVENTS = frozenset(("happen", "happened", "occur", "occurs", "occurred", "mean", "means", "meant", "depends"))


class Pronouns:
    """The pronouns of one sentence. `own` are the sentence's mentions by token; those of its pronouns are added."""

    def __init__(self, tree: Tree, own: dict[int, Mention], before: Discourse, names: Names) -> None:
        self.tree, self.own, self.before, self._names = tree, own, before, names
        self.meant: dict[int, Mention] = {}
        self.open: set[int] = set()
        self._genders: dict[str, str] = {}
        for mention in (m for sentence in before.sentences for m in sentence if m.gender is not None):
            self._genders.setdefault(mention.key, mention.gender or "")

    def read(self) -> None:
        """Fill `meant`, and put in `open` the pronouns that mean something which is not sure."""
        tree = self.tree
        said = quoted(tree)
        for token, tag in enumerate(tree.tags):
            if tag in ("PRP", "PRP$") and token not in said:  # whom a quotation means, only its source knows
                form = FORMS.get(tree.lowers[token])
                if form is None or self._is_empty(token):
                    continue
                meant = None if self._is_event(token) else self._meaning(token, form)
                if meant is None:
                    self.open.add(token)
                    if tree.deps[token] in _SUBJECT:
                        self.own[token] = self._somebody(token, form)
                else:
                    self.meant[token] = self.own[token] = meant

    # -- what may be meant -------------------------------------------------------------------------

    def _meaning(self, token: int, form: Form) -> Mention | None:
        tree = self.tree
        if (twin := self._twin(token)) is not None:
            return self.meant.get(twin)
        if (bound := self._ahead(token, form)) is not None:
            return bound if isinstance(bound, Mention) else None
        is_subject = tree.deps[token] in _SUBJECT and self._is_main(tree.heads[token])
        if form is _THEY and self._may_be_one(token):
            return None
        here = self._earlier(token)
        found = self._among_here(here, form, is_subject)
        if found is None and not form.person and self._follows_clause(token):
            return None
        for sentence in () if found is not None else self.before.sentences:
            found = self._among(sentence, form, is_subject)
            if found is not None:
                break
        if found is None:
            for _, topic in reversed(self.before.topics):
                if (found := self._among(topic, form, is_subject)) is not None:
                    break
        if not isinstance(found, Mention) or not found.name:
            return None
        acts = tree.deps[token] in _SUBJECT
        subject = is_subject or (found.subject and tree.tags[token] == "PRP$")
        return found._replace(gender=found.gender or form.gender, subject=subject, acts=acts, object=False)

    def _somebody(self, token: int, form: Form) -> Mention:
        """Whoever an open pronoun means: no other pronoun may pass by them."""
        acts = self.tree.deps[token] in _SUBJECT
        subject = acts and self._is_main(self.tree.heads[token])
        person = bool(form.person) and not form.plural
        key = f"{form.group} {self.tree.starts[token]}"
        return Mention("", key, subject, acts, plural=form.plural, person=person, gender=form.gender)

    def _is_main(self, verb: int) -> bool:
        while self.tree.deps[verb] == "conj":
            verb = self.tree.heads[verb]
        return verb in self.tree.roots

    def _may_be_one(self, token: int) -> bool:
        """Whether "they" may be one person, or one body: "someone lost their keys", "the EU said they would"."""
        tree = self.tree
        if any(tree.lowers[t] in _ANYBODY for t in range(token)):
            return True
        here = [m for at, m in self.own.items() if at < token]
        one = [m for m in here if m.acts and not m.plural and (m.named or m.person or is_collective(m.kinds))]
        return bool(one) and not any(m.acts and m.plural for m in here)

    def _twin(self, token: int) -> int | None:
        """The same possessive before it: "Her father was a cook, and her mother a singer"."""
        tree = self.tree
        if tree.tags[token] != "PRP$" or tree.deps[tree.heads[token]] not in _SUBJECT:
            return None
        same = [t for t in (*self.meant, *self.open) if t < token and tree.lowers[t] == tree.lowers[token]]
        return next((t for t in same if tree.tags[t] == "PRP$" and tree.deps[tree.heads[t]] in _SUBJECT), None)

    def _follows_clause(self, token: int) -> bool:
        """Whether a clause about something else opens the sentence: "While many scents smell good, they"."""
        tree = self.tree
        subjects = [c for c in tree.children[tree.heads[token]] if c < token and tree.deps[c] in _SUBJECT]
        if subjects and tree.deps[token] in _SUBJECT:
            return True  # two subjects: the parser took two clauses for one
        opened = any(tree.deps[t] == "mark" and tree.heads[t] < token for t in range(min(token, 4)))
        return opened and any(tree.tags[t][:2] == "NN" for t in range(token))

    def _ahead(self, token: int, form: Form) -> Mention | bool | None:
        """The subject that a pronoun in an opening phrase points forward to: "In his youth, Bo moved".

        False where it may point to it, None where it does not.
        """
        tree = self.tree
        root = tree.roots[0] if tree.roots else token
        subject = tree.child(root, *_SUBJECT)
        if subject is None or subject <= token or subject not in self.own or token in tree.subtree(subject):
            return None
        mention = self._known(self.own[subject], form)
        if mention.named and mention.fits(form.person, form.plural, form.gender):
            return mention
        return None if form.person or mention.person else False

    def _earlier(self, token: int) -> tuple[Mention, ...]:
        """What this sentence named before the pronoun; outside its own clause when the pronoun is its subject."""
        tree = self.tree
        own_clause = tree.heads[token] if tree.tags[token] == "PRP" else -1
        out = (self._described(token), self._place(token))
        return tuple(m for at, m in self.own.items() if at < token and tree.heads[at] != own_clause and at not in out)

    def _place(self, token: int) -> int | None:
        """The place of a clause, which its pronoun does not mean: "Milan, where he played"."""
        tree = self.tree
        verb = tree.heads[token]
        is_where = any(tree.lowers[c] in ("where", "when") for c in tree.children[verb])
        return tree.heads[verb] if tree.deps[verb] == "relcl" and is_where else None

    def _described(self, token: int) -> int | None:
        """Whom a possessive cannot mean: "Pierre was her husband" and "Pierre, her husband" say it of another."""
        tree = self.tree
        noun = tree.heads[token]
        if tree.tags[token] != "PRP$":
            return None
        while tree.deps[noun] == "conj":
            noun = tree.heads[noun]
        if tree.deps[noun] == "appos":
            return tree.heads[noun]
        return tree.child(tree.heads[noun], *_SUBJECT) if tree.deps[noun] == "attr" else None

    def _among_here(self, mentions: tuple[Mention, ...], form: Form, is_subject: bool) -> Mention | bool | None:
        """As `_among`, of the pronoun's own sentence: whatever acts in it counts as a subject."""
        fitting = self._fitting(mentions, form)
        acting = [m for m in fitting if m.acts]
        if not fitting and any(m.acts and m.named and m.person is None for m in mentions):
            unknown = self._unknown(mentions, form)
            return False if unknown is None else unknown._replace(person=form.person)
        if len(acting) == 1 and not (form.person or is_subject or acting[0].subject):
            return False
        if len(acting) == 1:
            rivals = [m for m in fitting if m is not acting[0] and (form.person or m.object or not is_subject)]
            return False if rivals or any(m.inside for m in fitting) else acting[0]
        if acting or any(m.object for m in fitting):
            return False
        if form.person and len(fitting) == 1:
            return fitting[0]
        if form.person and not fitting and (unknown := self._unknown(mentions, form)) is not None:
            return unknown._replace(person=True)  # whose music it is, say
        return False if fitting and not (is_subject and all(not m.inside for m in fitting)) else None

    def _unknown(self, mentions: tuple[Mention, ...], form: Form) -> Mention | None:
        """The one name of which nothing tells what it is, where it is what this is about."""
        found = {m.key: m for m in (self._known(m, form) for m in mentions) if m.person is None and m.named}
        found = {key: m for key, m in found.items() if not m.plural and m.gender in (None, form.gender)}
        only = next(iter(found.values())) if len(found) == 1 else None
        return only if only is not None and self.before.is_topic(only) else None

    def _among(self, mentions: tuple[Mention, ...], form: Form, is_subject: bool) -> Mention | bool | None:
        """Whom of one earlier sentence a pronoun means; False where that is not sure, None where nobody fits."""
        known = [self._known(m, form) for m in mentions]
        fitting = self._fitting(mentions, form)
        subjects = [m for m in fitting if m.subject] or [m for m in fitting if m.acts and self.before.is_topic(m)]
        if len(subjects) > 1:
            return False
        if subjects:
            return self._first(subjects[0], fitting, form, is_subject)
        unknown = [m for m in known if m.person is None and m.named and not m.plural and not form.plural]
        unknown = [m for m in unknown if form.gender is None or m.gender in (None, form.gender)]
        if form.person:
            if len(fitting) == 1 and fitting[0].named and not any(m.subject for m in unknown):
                return False if self._is_outshone(fitting[0], form) else fitting[0]
            if not fitting and len(unknown) == 1 and unknown[0].subject and not self._is_outshone(unknown[0], form):
                return unknown[0]._replace(person=True)
        elif form is _IT and not fitting and len(unknown) == 1 and unknown[0].subject:
            if self.before.is_topic(unknown[0]):
                return unknown[0]._replace(person=False)
        elif form is _THEY and not fitting:
            return self._collective(known)
        return False if fitting or any(m.subject for m in unknown) else None

    def _is_outshone(self, mention: Mention, form: Form) -> bool:
        """Whether somebody else, whom all this is about, may be meant rather than one mentioned in passing."""
        seen = (m for sentence in (*self.before.sentences, *(t for _, t in self.before.topics)) for m in sentence)
        others = [m for m in seen if m.named and not m.plural and m.person is not False and m.key != mention.key]
        fitting = [m for m in others if form.gender is None or m.gender in (None, form.gender)]
        return not self.before.is_topic(mention) and any(self.before.is_topic(m) for m in fitting)

    def _first(self, subject: Mention, fitting: list[Mention], form: Form, is_subject: bool) -> Mention | bool:
        """The one subject that fits, unless something else may be meant as well."""
        others = [m for m in fitting if m is not subject]
        if form.person:
            return False if others and not self.before.is_topic(subject) else subject
        if not subject.named and any(m.inside for m in others):
            return False
        if self.before.is_topic(subject):  # then only something new, or somebody who does something, stands in the way
            others = [m for m in others if (m.object and m.fresh) or (m.acts and m.name)]
            return False if others else subject
        if any(m.object or m.acts for m in others):
            return False
        return subject if is_subject or not others else False

    def _collective(self, known: list[Mention]) -> Mention | bool | None:
        """The band or company that "they" are."""
        subjects = [m for m in known if m.subject and is_collective(m.kinds)]
        people = [m for m in known if m.person or (m.person is None and m.named)]
        if len(subjects) == 1 and not [m for m in people if m is not subjects[0]]:
            return subjects[0]
        return False if len(people) > 1 else None  # two people, spoken of apart

    def _fitting(self, mentions: Iterable[Mention], form: Form) -> list[Mention]:
        """Those that agree with the pronoun, each once, as a subject if it is one anywhere."""
        found: dict[str, Mention] = {}
        for mention in (self._known(m, form) for m in mentions):
            if mention.fits(form.person, form.plural, form.gender):
                other = found.get(mention.key)
                found[mention.key] = mention if other is None or mention.subject or not other.subject else other
        return list(found.values())

    def _known(self, mention: Mention, form: Form) -> Mention:
        """The mention, with the entity recogniser asked where nothing else tells what it is.

        The recogniser takes foreign people for organizations: its word for one is none for a "he".
        """
        if mention.gender is None and mention.key in self._genders:
            mention = mention._replace(gender=self._genders[mention.key])
        if mention.person is not None or not mention.sentence:
            return mention
        start, end = mention.place
        labels = [n.label for n in self._names(mention.sentence) if n.start < end and start < n.end]
        if not labels:
            return mention
        if labels[0] == "ORG":
            return mention._replace(person=None if form.person and mention.subject else False)
        return mention._replace(person=labels[0] == "PERSON")

    # -- what means nothing ------------------------------------------------------------------------

    def _is_event(self, token: int) -> bool:
        """The "it" of "it could be due to age" is what was said, and no one thing."""
        tree = self.tree
        head = tree.heads[token]
        if tree.lowers[token] != "it" or tree.deps[token] not in _SUBJECT:
            return False
        if tree.lowers[head] in BE and (what := tree.child(head, "attr")) is not None:
            inside = tree.subtree(what)
            if tree.lowers[inside[0]] == "the" and any(tree.tags[t] in ("WDT", "WP") for t in inside):
                return True  # "it is the salt that does it"
        return tree.lowers[head] in _EVENTS or (
            tree.lowers[head] in BE and any(tree.lowers[c] in _CAUSES for c in tree.children[head] if c > head)
        )

    def _is_empty(self, token: int) -> bool:
        """The "it" of "it is important that", "it is raining" and "makes it easy to" means nothing."""
        tree = self.tree
        head = tree.heads[token]
        if tree.lowers[token] != "it":
            return False
        if tree.deps[token] == "expl" or tree.lowers[head] in EMPTY_IT:
            return True
        if self._is_event(token):
            return False
        if tree.lowers[tree.heads[head]] in _FOUND_TO_BE or tree.lowers[head] in _FOUND_TO_BE:
            following = token + 1
            if following < len(tree.tags) and tree.tags[following][:2] in ("JJ", "NN", "RB"):
                return True
        if tree.deps[token] == "nsubjpass" and any(tree.deps[c] in ("ccomp",) for c in tree.children[head] if c > head):
            return tree.lowers[head] in _SAID
        if tree.lowers[head] not in BE:
            return False
        labels = {tree.deps[c] for c in tree.children[head] if c > head}
        said = tree.child(head, "acomp", "attr")
        inner = {tree.deps[c] for c in tree.children[said]} if said is not None else set()
        return bool(labels & {"ccomp", "xcomp", "advcl", "csubj"} or inner & {"relcl", "ccomp", "xcomp"})


_SAID = frozenset(
    ("said", "believed", "thought", "known", "estimated", "reported", "expected", "assumed", "argued", "recommended")
)
