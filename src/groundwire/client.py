"""Groundwire in a Python program: `Groundwire().verify(answer, context=[...])`.

Builds the pipeline from the settings once, loads what an answer is checked against, and calls models through litellm.
Nothing heavy is loaded before it is first needed.
"""

import asyncio
import gc
import os
import re
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from groundwire.config import Config, DocumentSource, KnowledgeSource, reveal
from groundwire.errors import InputError
from groundwire.evidence import Document, EvidenceIndex, read_documents
from groundwire.model import Report
from groundwire.rules import EVERY_S, RuleSet, RuleSource

if TYPE_CHECKING:
    from groundwire.claims import Extractor
    from groundwire.graph import Entails, GraphJudge, GraphStore
    from groundwire.judging import Judge
    from groundwire.nli import QueuedModel
    from groundwire.pipeline import Check, Pipeline, Sources
    from groundwire.review import ReportStore
    from groundwire.rewrite import LlmRewriter

Context: TypeAlias = str | Sequence[str | Document]
Knowledge: TypeAlias = str | Path | Sequence[str | Path]

# Graphs named by `knowledge=` stay loaded: enough for an audit over a few, bounded for a server.
GRAPHS_KEPT = 32
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Groundwire:
    """Checks answers under one configuration. Safe to share between threads.

    `config`: a path to groundwire.yaml, a mapping, a Config, or nothing for the embedded defaults. `watch`: read rule
    packs again when their files change; `rule_source.problem` says when one cannot be read.
    Raises: ConfigError, RuleError, KnowledgeError, each in one line.
    """

    def __init__(self, config: str | Path | Mapping[str, Any] | Config | None = None, *, watch: bool = False) -> None:
        self.config = Config.load(config)
        self._watch_every = EVERY_S if watch else None
        self.rule_source = RuleSource(self.config.rules, self.config.rule_overrides, every=self._watch_every)
        self._graphs: dict[tuple[str, int, int], Judge] = {}
        self._rules: dict[tuple[str, ...], RuleSource] = {self.config.rules: self.rule_source}
        self._tightened: dict[tuple[str, ...], tuple[RuleSet, RuleSet]] = {}
        self._lock = threading.RLock()
        self._warming = threading.Lock()
        self._warm = False
        self._read: dict[object, Any] = {}
        self._model = cache(self._loaded)
        self._pipeline: Pipeline | None = None
        self._store: ReportStore | None = None
        self._rules_kept: set[str] = set()

    def changed(self, config: Config) -> "Groundwire":
        """One for other settings, with what need not be loaded again: the store, the model, graphs that did not change.

        Raises: as the constructor. The store stays what it is, whatever `config` says.
        """
        other = Groundwire(config, watch=self._watch_every is not None)
        with self._lock:
            other._store = self._store
            if config.entailment == self.config.entailment:  # the graphs' judges ask the model too
                other._model, other._graphs, other._read = self._model, dict(self._graphs), dict(self._read)
            ours = (self.config.entailment, self.config.claims, self.config.rewrite)
            same = (config.entailment, config.claims, config.rewrite) == ours
            if config.claims.extractor == "llm" or config.rewrite.model:  # they ask the upstream's model
                same = same and config.upstream == self.config.upstream
            if same and self._pipeline is not None:
                other._pipeline = replace(self._pipeline, rules=other.rules, on_error=config.on_error)
        return other

    def verify(
        self,
        answer: str,
        *,
        context: Context | None = None,
        question: str | None = None,
        knowledge: Knowledge | None = None,
        rules: Sequence[str] | None = None,
        deadline: float | None = None,
    ) -> Report:
        """Check one answer.

        `context`: the passages that it should rest on. `knowledge`: graphs besides the configured ones: files, folders
        that `groundwire graph import` made, or addresses of SPARQL endpoints. `rules`: packs instead of the configured
        ones. `deadline`: seconds, none by default.
        Raises: InputError for arguments that are not what they should be; never for what the answer says.
        """
        if not isinstance(answer, str):
            raise InputError("answer", f"this is {type(answer).__name__}.", "a string")
        check = self.start(
            documents=_documents(context),
            question=question and _characters(question),
            knowledge=_places(knowledge),
            rules=self._pack(rules),
            deadline=deadline,
        )
        check.finish(_characters(answer))
        return check.report

    async def averify(self, answer: str, **options: Any) -> Report:
        """`verify` on a worker thread."""
        return await asyncio.to_thread(self.verify, answer, **options)

    async def acompletion(self, **request: Any) -> Any:
        """`litellm.acompletion` with its own arguments and result types, and `response.groundwire`, the Report.

        Besides litellm's arguments: `groundwire={"documents": [...], ...}`, what the answer is checked against.
        Raises: VerificationError under `on_error: closed` when the check could not be made; UpstreamError.
        """
        from groundwire.gateway import acompletion

        return await acompletion(self, **request)

    def completion(self, **request: Any) -> Any:
        """The synchronous twin of `acompletion`; without `stream`."""
        if request.get("stream"):
            raise InputError("stream", "a synchronous stream is not offered.", "acompletion(stream=True)")
        return _run(self.acompletion(**request))

    def start(
        self,
        *,
        documents: Sequence[Document] = (),
        question: str | None = None,
        knowledge: Iterable[str | Path] = (),
        rules: RuleSet | None = None,
        deadline: float | None = None,
        request: Mapping[str, Any] | None = None,
        model: str | None = None,
    ) -> "Check":
        """Begin the check of one answer, to be fed as it arrives."""
        return self.pipeline.start(
            self._sources(documents, knowledge),
            question=question,
            rules=rules or self.rules,
            deadline=deadline,
            request=request,
            model=model,
        )

    @property
    def rules(self) -> RuleSet:
        """The configured rules as they are in force now."""
        return self.rule_source.current()

    def read_rules(self) -> None:
        """Read rule packs again whose files have changed. What cannot be read is `rule_source.problem`."""
        for source in list(self._rules.values()):
            source.refresh()

    @property
    def pipeline(self) -> "Pipeline":
        """The parts, built when first needed."""
        with self._lock:
            if self._pipeline is None:
                self._pipeline = self._build()
            return self._pipeline

    @property
    def judges(self) -> "Sequence[Judge]":
        """Those that read passages; none before the pipeline is built."""
        return self._pipeline.judges if self._pipeline is not None else ()

    def _build(self) -> "Pipeline":
        from groundwire.contrast import ContrastJudge
        from groundwire.nli import Calibration, EntailmentJudge, Thresholds
        from groundwire.pipeline import Pipeline
        from groundwire.values import ValueJudge

        settings = self.config.entailment
        model = self._model()
        thresholds = replace(Thresholds.of(model), **settings.thresholds.model_dump(exclude_none=True))
        calibration = Calibration(settings.calibration.slope, settings.calibration.intercept)
        return Pipeline(
            extractor=self._extractor(),
            judges=(ValueJudge(), ContrastJudge(), EntailmentJudge(model, thresholds, calibration)),
            rules=self.rules,
            on_error=self.config.on_error,
            entailment=model,
            rewriter=self._rewriter(),
        )

    def _loaded(self) -> "QueuedModel":
        from groundwire.nli import load_model

        return load_model(self.config.entailment.model, threads=self.config.entailment.threads)

    def _rewriter(self) -> "LlmRewriter | None":
        settings = self.config.rewrite
        if settings.model is None:
            return None
        from groundwire.gateway import LitellmModel
        from groundwire.rewrite import LlmRewriter

        return LlmRewriter(LitellmModel(self.config.upstream, settings.model), timeout=settings.timeout_s)

    def _extractor(self) -> "Extractor":
        from groundwire.claims import LlmExtractor, SpacyExtractor

        settings = self.config.claims
        spacy = SpacyExtractor(settings.pipeline, granularity=settings.granularity, pipelines=settings.pipelines)
        if settings.pipeline or settings.pipelines:
            spacy.warm()  # what was chosen is found missing now, and not in every report
        if settings.extractor == "spacy":
            return spacy
        from groundwire.gateway import LitellmModel

        return LlmExtractor(LitellmModel(self.config.upstream, settings.model), spacy, timeout=settings.timeout_s)

    @property
    def store(self) -> "ReportStore":
        """Where reports are kept, opened when first needed. Raises: ConfigError."""
        from groundwire.review import open_store

        with self._lock:
            if self._store is None:
                self._store = open_store(self.config)
            return self._store

    def keep(self, report: Report, rules: RuleSet, request: Mapping[str, Any]) -> None:
        """Keep a report, and the rules that it names by their revision: it is replayed under them.

        `request` is what the store may know of it. Work for worker threads: it writes. Raises: whatever the store does.
        """
        from groundwire.review import asking_two

        store: Any = self.store
        if rules.revision not in self._rules_kept and hasattr(store, "keep_rules"):
            store.keep_rules(rules.revision, rules.content)
            self._rules_kept.add(rules.revision)
        store.save(report, request=asking_two(request, report, rules.four_eyes))

    def warm(self) -> None:
        """Load everything now, so that the first answer is as fast as the next.

        What is loaded by then is frozen for Python's garbage collector, which would else go through all of it, for
        a fifth of a second, in the middle of one answer in twenty. The second time there is nothing left to do.
        """
        with self._warming:
            if not self._warm:
                self._load()
                self._warm = True

    def _load(self) -> None:
        from groundwire.claims import FakeExtractor

        self._configured  # noqa: B018 - loads the configured sources
        self.pipeline.extractor.warm()
        # Without the extractor, which might ask a model. Units of different sizes, because the unit registry is
        # loaded when the first is converted.
        parts = replace(self.pipeline, extractor=FakeExtractor())
        parts.verify("The bridge is 5 km long.", self._sources(_documents("The bridge is 5,000 metres long."), ()))
        gc.collect()
        gc.freeze()

    def _sources(self, documents: Sequence[Document], knowledge: Iterable[str | Path]) -> "Sources":
        from groundwire.pipeline import Sources

        collections, graphs = self._configured
        own = (EvidenceIndex(documents),) if documents else ()
        return Sources(own, collections, (*graphs, *(self._graph(path) for path in knowledge)))

    @cached_property
    def _configured(self) -> "tuple[tuple[EvidenceIndex, ...], tuple[Judge, ...]]":
        """Read anew where the setting or a file of it changed since another Groundwire read it for this one."""
        before, self._read = self._read, {}

        def kept(source: Any, read: Callable[[], Any]) -> Any:
            key = (source, _files(source.path))
            self._read[key] = before[key] if key in before else read()
            return self._read[key]

        def indexed(source: DocumentSource) -> Any:
            return kept(source, lambda: EvidenceIndex(read_documents(source.path)))

        def judged(source: KnowledgeSource) -> Any:
            return kept(source, lambda: self._sourced(source))

        return tuple(map(indexed, self.config.documents)), tuple(map(judged, self.config.knowledge))

    def _sourced(self, source: KnowledgeSource) -> "Judge":
        """The judge over a configured graph."""
        from groundwire.graph import SourcedJudge

        return SourcedJudge(
            source.name,
            lambda: self._judge_of(open_source(source)),
            priority=source.priority,
            valid=(source.valid_from, source.valid_until),
            credit=[words for words in (source.source, source.licence) if words],
        )

    def _graph(self, where: str | Path) -> "Judge":
        """The judge over one graph, opened once while the file stays what it was."""
        from groundwire.graph import SourcedJudge, is_address, open_graph

        key = (str(where), 0, 0) if is_address(where) else _mark(Path(where))
        with self._lock:
            if key not in self._graphs:
                while len(self._graphs) >= GRAPHS_KEPT:
                    self._graphs.pop(next(iter(self._graphs)))
                self._graphs[key] = SourcedJudge(str(where), lambda: self._judge_of(open_graph(where)))
            return self._graphs[key]

    def _judge_of(self, graph: "GraphStore") -> "GraphJudge":
        from groundwire.graph import GraphJudge
        from groundwire.values import compare

        return GraphJudge([graph], compare=compare, entails=entailed_by(self._model))

    def with_packs(self, names: Sequence[str]) -> RuleSet:
        """The configured rules and more packs that ship. Never milder than the configured ones alone.

        The most severe action wins, and no rule of the further packs lets pass what could not be checked: its
        `on_error: open` counts only where the configuration has that rule too. Raises: RuleError.
        """
        # In one order, or clients could have as many sets of rules made as there are orders.
        names = (*self.config.rules, *sorted(set(names) - set(self.config.rules)))
        packs = self._pack(names)
        assert packs is not None  # noqa: S101 - names were given
        found, tightened = self._tightened.get(names, (None, packs))
        if found is not packs:
            tightened = packs.changed({
                rule.id: rule.model_copy(update={"on_error": None})
                for rule in packs.rules
                if rule.on_error == "open" and self.rules.get(rule.id) is None
            })  # fmt: skip
            self._tightened[names] = packs, tightened
        return tightened

    def _pack(self, rules: Sequence[str] | None) -> RuleSet | None:
        if rules is None:
            return None
        names = (rules,) if isinstance(rules, str) else tuple(rules)
        if names not in self._rules:
            # Overrides are the configuration's: they hold here for the rules that these packs share with it.
            overrides = self.config.rule_overrides
            self._rules[names] = RuleSource(names, overrides, every=self._watch_every, all_known=False)
        return self._rules[names].current()


def _characters(text: str) -> str:
    """The text with U+FFFD for every lone surrogate, which no JSON can hold. Offsets stay what they are."""
    return _SURROGATE.sub("\ufffd", text)


def _documents(context: Context | None) -> list[Document]:
    """The context as documents that speak: a caller who gives a source expects the answer to rest on it."""
    if context is None:
        return []
    if isinstance(context, str):
        return [Document("context", context)]
    documents = []
    for number, item in enumerate(context, start=1):
        if isinstance(item, Document):
            documents.append(item)
        elif isinstance(item, str):
            documents.append(Document(f"context {number}", item))
        else:
            raise InputError(f"context[{number - 1}]", f"this is {type(item).__name__}.", "a string or a Document")
    return documents


def _places(knowledge: Knowledge | None) -> list[str | Path]:
    if knowledge is None:
        return []
    return [knowledge] if isinstance(knowledge, str | Path) else list(knowledge)


def open_source(source: KnowledgeSource) -> "GraphStore":
    """The graph that the configuration names. Raises: KnowledgeError; ConfigError for a secret that is not set."""
    from groundwire.graph import open_graph

    auth = (reveal(source.user), reveal(source.password)) if source.user else None
    token = reveal(source.token)
    return open_graph(source.url or source.path or "", name=source.name, graph=source.graph, auth=auth, token=token)


def entailed_by(model: "Callable[[], QueuedModel]") -> "Entails":
    """What a graph judge asks a model, which is loaded when it is first asked: the probabilities of entailment."""
    return lambda pairs, until: [float(row[0]) for row in model().predict(pairs, deadline=until)]


def _mark(path: Path) -> tuple[str, int, int]:
    """What tells a graph from what it becomes later: of a folder, what its import wrote last."""
    from groundwire.graph import mark_of

    return (str(path.resolve()), *mark_of(path))


def _files(path: Path | None) -> tuple[tuple[str, int, int], ...]:
    """What tells the files at a path from what they become later."""
    if path is None:
        return ()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files if (stat := _stat(file)))


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None


def _run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end, also where an event loop is already running (a notebook): then on a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    outcome: list[Any] = []
    thread = threading.Thread(target=lambda: outcome.append(_settled(coroutine)))
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _settled(coroutine: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(coroutine)
    except BaseException as error:  # noqa: BLE001 - carried to the calling thread and raised there
        return error
