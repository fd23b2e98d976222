"""One sentence read with what came before in mind: what its pronouns, and whatever else points back, mean in full."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from groundwire.claims.discourse import Discourse
from groundwire.claims.lexicon import SAYING, SECTIONS
from groundwire.claims.marked import Marked, put_in
from groundwire.claims.mentions import Mention, couples, mentions
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import quoted
from groundwire.claims.pronouns import FORMS, Names, Pronouns
from groundwire.claims.references import POINTING, Reference, references
from groundwire.claims.relative_dates import relative_dates
from groundwire.claims.render import Rendered
from groundwire.claims.split import Clause

_PERSONAL = frozenset(
    ("anyone", "someone", "everyone", "somebody", "everybody", "one", "who", "those", "you", "people")
)


class Wording(NamedTuple):
    """How a clause is to be written: `names` in place of tokens (an empty one: left out), and the tokens, as ranges,
    whose meaning is not known."""

    names: Mapping[int, Marked]
    open: tuple[tuple[int, int], ...]


class Reading:
    """A sentence and what it takes up. `before` is what was spoken of until then."""

    def __init__(self, tree: Tree, words: Marked, before: Discourse, names: Names) -> None:
        self.tree, self.words, self.before, self._names = tree, words, before, names
        self._mentions = {at: self._merged(mention) for at, mention in mentions(tree).items()}
        self._mentions |= couples(tree, self._mentions)
        self._references = references(tree, self._mentions, before, names)
        for reference in self._references:
            if reference.mention is not None:
                head = reference.end - 1
                subject = head in self._mentions and self._mentions[head].subject
                acts = head in self._mentions and self._mentions[head].acts
                self._mentions[head] = reference.mention._replace(subject=subject, acts=acts, object=False)
        self._pronouns = Pronouns(tree, self._mentions, before, names)
        self._pronouns.read()
        self._dates = relative_dates(tree, before.year)
        self._mentions = dict(sorted(self._mentions.items()))

    def wording(self, clause: Clause) -> Wording:
        """What to write in place of the clause's references: of each that means somebody the first one, unless the
        clause names them itself."""
        tokens = clause.tokens
        names: dict[int, Marked] = {}
        open_: list[tuple[int, int]] = []
        taken = {t for r in self._references if r.name for t in range(r.start, r.end)}
        pronouns = self._pronouns
        said = {m.key for t, m in self._mentions.items() if t in tokens and t not in pronouns.meant and t not in taken}
        for reference in self._references:
            inside = range(reference.start, reference.end)
            if not tokens.issuperset(inside):
                continue
            if not reference.name:
                if not self._is_said(reference, tokens):
                    open_.append((reference.start, reference.end))
            elif reference.mention is None or reference.mention.key not in said:
                _put(names, inside, reference.name)
                said |= {reference.mention.key} if reference.mention else set()
        self._name_pronouns(clause, said, names, open_)
        for date in self._dates.found:
            inside = range(*_tokens(self.tree, date.start, date.end))
            if inside and tokens.issuperset(inside):
                if date.text:
                    _put(names, inside, date.text)
                else:
                    open_.append((inside.start, inside.stop))
        return Wording(names, tuple(sorted(open_)))

    def after(self) -> Discourse:
        """What the next sentence may look back to."""
        return self.before.after(tuple(dict.fromkeys(self._mentions.values())), self._dates.year)

    def under(self, level: int) -> Discourse:
        """What the sentences below may look back to, where this one is their heading (or the question: level 0)."""
        spoken = tuple(dict.fromkeys(self._mentions.values()))
        return self.before.under(level, tuple(m for m in spoken if level == 0 or self._is_topic(level, m)))

    def _is_topic(self, level: int, mention: Mention) -> bool:
        """Whether a heading names something by it, and not a part of the text: "Marie Curie", and not "Early Life"."""
        if not mention.named or set(mention.key.split()) & SECTIONS:
            return False
        start, end = mention.place
        return level == 1 or any(n.start < end and start < n.end for n in self._names(self.tree.text))

    def speaker(self) -> str:
        """Who says what the sentence quotes; empty where it quotes nothing, or nobody is named."""
        tree = self.tree
        said = quoted(tree)
        for verb in range(len(tree.tags)) if said else ():
            if tree.lowers[verb] in SAYING and verb not in said:
                subject = tree.child(verb, "nsubj")
                if subject is not None and subject not in said and subject in self._mentions:
                    return self._mentions[subject].name
        return ""

    # -- writing ----------------------------------------------------------------------------------

    def _name_pronouns(
        self, clause: Clause, said: set[str], names: dict[int, Marked], open_: list[tuple[int, int]]
    ) -> None:
        tokens, pronouns = clause.tokens, self._pronouns
        listed: set[str] = set()
        for part in clause.parts:
            if not isinstance(part, int):
                continue
            meant = pronouns.meant.get(part)
            unnamed = part in pronouns.open or (meant is not None and not meant.name)  # meant, and not in a few words
            group = FORMS[self.tree.lowers[part]].group if unnamed or meant is not None else ""
            if meant is not None and not unnamed:
                listed.add(group)
                if meant.key in said:
                    continue
                said.add(meant.key)
                possessive = self.tree.tags[part] == "PRP$"
                ending = ("’" if meant.plural and meant.name.endswith("s") else "’s") if possessive else ""
                names[part] = put_in(meant.name + ending)
                if meant.name.split()[0].lower() in POINTING:
                    open_.append((part, part + 1))
            elif unnamed and group not in listed:
                listed.add(group)
                if not self._is_bound(part, tokens):
                    open_.append((part, part + 1))

    def _is_said(self, reference: Reference, tokens: set[int]) -> bool:
        """Whether the clause itself says what "the firm" is."""
        noun = self.tree.lowers[reference.end - 1]
        return any(t < reference.start and self.tree.lowers[t] == noun for t in tokens) and reference.end > (
            reference.start + 1
        )

    def _is_bound(self, token: int, tokens: set[int]) -> bool:
        """Whether the clause itself has what a pronoun may mean: "people who smoke harm their lungs"."""
        tree = self.tree
        form = FORMS[tree.lowers[token]]
        noun = tree.heads[token] if tree.tags[token] == "PRP$" else -1
        clause = tree.heads[token] if tree.tags[token] == "PRP" and tree.deps[token] in ("nsubj", "nsubjpass") else -1
        for other in tokens:
            if other in (token, noun) or tree.heads[other] == clause:
                continue
            mention = self._mentions.get(other)
            if mention is not None and (other < token or (mention.acts and other not in self._pronouns.open)):
                person = None if mention.person is None else form.person
                if mention.fits(person, form.plural, form.gender) or (form.group == "they" and other < token):
                    return True
            elif mention is None and tree.lowers[other] in _PERSONAL and form.group != "it":
                return True
        return False

    def _merged(self, mention: Mention) -> Mention:
        """The same name again, or a part of it ("Curie" for "Marie Curie"), means the one it meant before."""
        if not mention.name:
            return mention
        words = _words(mention.key)
        found: dict[str, Mention] = {}
        for earlier in (
            *(m for sentence in self.before.sentences for m in sentence),
            *self.before.things,
            *(m for _, topic in self.before.topics for m in topic),
        ):
            if earlier.plural == mention.plural and earlier.name and self._is_same(words, earlier, mention):
                found.setdefault(earlier.key, earlier)
        if mention.key in found:
            found = {mention.key: found[mention.key]}
        if len(found) != 1:
            return mention
        earlier = next(iter(found.values()))
        fuller = earlier if len(earlier.name) > len(mention.name) else mention
        return mention._replace(
            name=fuller.name,
            key=fuller.key,
            named=mention.named or earlier.named,
            aliases=mention.aliases | earlier.aliases,
            gender=mention.gender or earlier.gender,
            person=mention.person if mention.person is not None and mention.named else earlier.person,
            kinds=mention.kinds | earlier.kinds,
        )

    def _is_same(self, words: "_Words", earlier: Mention, mention: Mention) -> bool:
        """Whether a name is another's, its last part or its alias; a person's first name too."""
        others = _words(earlier.key)
        if words.all == others.all or mention.key in earlier.aliases:
            return True
        if not (words.each <= others.each or others.each <= words.each):
            return False
        short, long = sorted((words.all, others.all), key=len)
        if not set(short) <= set(long):
            return False
        if not mention.named:  # "Bartel", which the parser takes for a noun
            return earlier.named and words.all == long[-1:] and self.tree.text[mention.place[0]].isupper()
        return short[-1] == long[-1] or (bool(earlier.person) and short == words.all and len(short) == 1)


class _Words(NamedTuple):
    """The words of a name, in order, and each once."""

    all: tuple[str, ...]
    each: frozenset[str]


@lru_cache(maxsize=4096)
def _words(key: str) -> _Words:
    words = tuple(key.split())
    return _Words(words, frozenset(words))


def unresolved(rendered: Rendered, wording: Wording) -> tuple[str, ...]:
    """The words of a claim whose meaning is not known, as they stand in its text."""
    found = []
    for start, end in wording.open:
        places = [rendered.at[token] for token in range(start, end) if token in rendered.at]
        if places:
            found.append(rendered.words.text[places[0][0] : places[-1][1]])
    return tuple(found)


def _put(names: dict[int, Marked], inside: range, text: str) -> None:
    """The words in place of the first token, and nothing in place of the others."""
    names.update(dict.fromkeys(inside, put_in("")))
    names[inside[0]] = put_in(text)


def _tokens(tree: Tree, start: int, end: int) -> tuple[int, int]:
    inside = [t for t in range(len(tree.tags)) if tree.starts[t] < end and start < tree.ends[t]]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
