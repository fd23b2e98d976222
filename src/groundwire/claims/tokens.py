"""The words of sentences as spaCy's tokenizer tells them apart, without asking it twice about the same.

Its tokenizer reads every stretch between two spaces on its own, then looks for special cases ("don't", ":)") in the
whole, and remembers nothing while its vocabulary is in a memory zone. Here a stretch is remembered, as text, unless a
special case could come out otherwise beside other stretches: a sentence that has such a stretch is read by spaCy.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from groundwire.claims.titles import STAND_IN, spans

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_KEPT = 20_000
_LONGEST = 40  # code points: longer ones are seldom met again
_MOST = 6  # words


class _Stretch(NamedTuple):
    """The words of a stretch without white space; of a special case, which words have a norm put in: 1 for "n't"."""

    words: list[str]
    spaces: list[bool]
    norms: list[tuple[int, str]]


class Tokens:
    """Makes the `Doc`s that a pipeline's tokenizer makes. For one thread at a time."""

    def __init__(self, nlp: "Language") -> None:
        from spacy.tokenizer import Tokenizer

        self.nlp = nlp
        self._known: dict[str, _Stretch | None] = {}
        own = type(nlp.tokenizer) is Tokenizer
        rules: dict[str, list[dict[Any, Any]]] = getattr(nlp.tokenizer, "rules", {}) if own else {}
        self._special = frozenset(rules)
        self._changing = frozenset(text for text, rule in rules.items() if _changes(nlp, text, rule))
        # A special case of several stretches would be missed; English has none but for white space itself.
        self._apart = own and all(len(rule.split()) < 2 for rule in rules)

    def docs(self, texts: Sequence[str]) -> "list[Doc]":
        """The tokens of each text, every text one sentence. The texts hold no lone surrogates."""
        import numpy as np

        stretches = [self._stretches(text) for text in texts]
        self._learn(stretch for line in stretches for stretch in line)
        docs = [self._joined(line) or self.nlp.make_doc(text) for text, line in zip(texts, stretches, strict=True)]
        for doc in docs:
            if len(doc):
                starts: Any = np.full((len(doc), 1), -1, np.int64)
                starts[0] = 1
                doc.from_array(["SENT_START"], starts.view(np.uint64))
        return docs

    def with_names(self, docs: "Sequence[Doc]", titles: Sequence[Sequence[tuple[int, int]]]) -> "list[Doc]":
        """The same tokens, not yet read, with a name in place of each title, the ranges of each document's tokens."""
        from spacy.tokens import Doc

        found = []
        for doc, ranges in zip(docs, titles, strict=True):
            kept = spans(len(doc), ranges)
            words = [doc[a].text if b == a + 1 else STAND_IN for a, b in kept]
            spaces = [bool(doc[b - 1].whitespace_) for _, b in kept]
            made = Doc(self.nlp.vocab, words=words, spaces=spaces, sent_starts=[at == 0 for at in range(len(kept))])
            for token, (a, b) in zip(made, kept, strict=True):
                if b == a + 1 and doc[a].norm != doc[a].lex.norm:
                    token.norm_ = doc[a].norm_
            found.append(made)
        return found

    def _stretches(self, text: str) -> list[str]:
        """The stretches between single spaces; none where there is other white space, which has tokens of its own."""
        found = text.split() if self._apart else []
        return found if " ".join(found) == text else []

    def _joined(self, stretches: list[str]) -> "Doc | None":
        from spacy.tokens import Doc

        words: list[str] = []
        spaces: list[bool] = []
        norms: list[tuple[int, str]] = []
        for stretch in stretches:
            known = self._known.get(stretch)
            if known is None:
                return None
            if known.norms:
                norms += [(len(words) + at, norm) for at, norm in known.norms]
            words += known.words
            spaces += known.spaces
        if not words:
            return None
        spaces[-1] = False
        doc = Doc(self.nlp.vocab, words=words, spaces=spaces)
        for at, norm in norms:
            doc[at].norm_ = norm
        return doc

    def _learn(self, stretches: Iterable[str]) -> None:
        """Have all that is new read at once."""
        if len(self._known) > _KEPT:
            self._known.clear()
        new = list(dict.fromkeys(s for s in stretches if s not in self._known and len(s) <= _LONGEST))
        if not new:
            return
        doc = self.nlp.make_doc(" ".join(new))
        lengths = iter(doc.to_array("LENGTH").tolist())
        token = 0
        for stretch in new:
            words: list[str] = []
            at = 0
            while at < len(stretch):
                length = next(lengths)
                words.append(stretch[at : at + length])
                at += length
            norms: list[tuple[int, str]] = []
            if stretch in self._special:
                own = doc[token : token + len(words)]
                norms = [(at, word.norm_) for at, word in enumerate(own) if word.norm != word.lex.norm]
            token += len(words)
            spaces = [False] * (len(words) - 1) + [True]
            self._known[stretch] = _Stretch(words, spaces, norms) if self._stands(words) else None

    def _stands(self, words: list[str]) -> bool:
        """Whether no special case is among the words of a stretch but the whole of it, which is looked for first."""
        count = len(words)
        if count == 1:
            return True
        if count > _MOST:
            return False
        runs = ("".join(words[a:b]) for a in range(count) for b in range(a + 1, count + 1) if b - a < count)
        return self._changing.isdisjoint(runs)


def _changes(nlp: "Language", text: str, rule: list[dict[Any, Any]]) -> bool:
    """Whether a special case makes anything of a text but one word with its own norm."""
    from spacy.attrs import NORM, ORTH

    own = nlp.vocab[text].norm_
    return len(rule) > 1 or not {ORTH, NORM}.issuperset(rule[0]) or rule[0].get(NORM, own) != own
