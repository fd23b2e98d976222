"""groundwire.yaml and the environment → one frozen settings object.

Every field is optional and unknown fields are refused. A secret is written `os.environ/NAME` and is read from the
environment only where it is used, so that a Config can be shown and logged. Paths are relative to the file.
Environment: `GROUNDWIRE_LISTEN`, `_MODE`, `_ON_ERROR`, `_DEADLINE_MS`, `_STORE` and `_REPORT` override the file.
"""

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from groundwire import strict_yaml
from groundwire.errors import ConfigError
from groundwire.sections import FROM_VARIABLE, RecordSettings, ReviewSettings, from_environment
from groundwire.sections import Section as _Section

FROM_ENVIRONMENT = ("listen", "mode", "on_error", "deadline_ms", "store", "report")


class KnowledgeSource(_Section):
    """A graph: a file, a folder that `groundwire graph import` made, or a SPARQL 1.1 endpoint.

    Of several, those with the higher `priority` decide first. Before `valid_from` and after `valid_until` it is not
    used, and findings say so. `source` and `licence` are cited with its facts. For an endpoint: `graph` is the IRI of
    the graph that is asked; `user` with `password`, or `token`, let us in.
    """

    name: str
    path: Path | None = None
    url: str | None = None
    priority: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    source: str | None = None
    licence: str | None = None
    graph: str | None = None
    user: str | None = None
    password: str | None = None
    token: str | None = None

    @field_validator("url", "graph")
    @classmethod
    def _address(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address is None:
            return None
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise ValueError("this is no address, for example https://example.org/sparql") from None
        if info.field_name == "graph":
            if not parts.scheme or re.search(r"[\s<>\"{}|\\^`]", address):
                raise ValueError("this is no IRI, for example http://example.org/graph")
        elif parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            raise ValueError("this is no address, for example https://example.org/sparql")
        elif parts.username is not None or parts.password is not None:
            raise ValueError("credentials do not belong into the address; give user and password")
        return address

    _secrets = field_validator("password", "token")(from_environment)

    @model_validator(mode="after")
    def _one_place(self) -> "KnowledgeSource":
        if (self.path is None) == (self.url is None):
            raise ValueError("give either path or url" + (", not both" if self.path else ""))
        if self.path and (used := [name for name in ("graph", "user", "password", "token") if getattr(self, name)]):
            raise ValueError(f"{used[0]} is for an endpoint; give url in place of path")
        if (self.user is None) != (self.password is None):
            raise ValueError("give user and password together")
        if self.user and self.token:
            raise ValueError("give either user and password or token, not both")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("valid_from is after valid_until")
        return self


class DocumentSource(_Section):
    """A text file, or a folder of them."""

    name: str
    path: Path


class UpstreamSettings(_Section):
    """Which models answer. `model_list` is what litellm's Router takes; `model` is the short form for one.

    `client_keys`: the key that a client sends is left here and the configured one used (`exchange`), or goes on to the
    provider in its place (`pass`).
    """

    model: str | None = None
    api_base: str | None = None
    api_key: str | None = None
    model_list: tuple[dict[str, Any], ...] = ()
    timeout_s: float = Field(default=600, gt=0)
    client_keys: Literal["exchange", "pass"] = "exchange"

    @property
    def names(self) -> tuple[str, ...]:
        """The models by the names that the file gives them."""
        listed = (str(entry.get("model_name")) for entry in self.model_list)
        return (self.model,) if self.model else tuple(dict.fromkeys(listed))

    @model_validator(mode="after")
    def _one_form(self) -> "UpstreamSettings":
        if self.model and self.model_list:
            raise ValueError("give either model or model_list, not both")
        return self


class LimitSettings(_Section):
    """How much the gateway takes on at once. What is more is told 429 and when to come back, before it is read.

    `requests` are under way at the same time; `wait_ms` is how long a check may be expected to wait for a core.
    `body_mb` and `answer_mb` bound what is read of a request and held of an answer. `drain_s` is how long answers
    under way may take to end after SIGTERM.
    """

    requests: int = Field(default=512, ge=1)
    wait_ms: int = Field(default=2000, ge=1)
    body_mb: float = Field(default=10, gt=0, allow_inf_nan=False)
    answer_mb: float = Field(default=8, gt=0, allow_inf_nan=False)
    drain_s: float = Field(default=30, ge=0, le=3600, allow_inf_nan=False)


class LogSettings(_Section):
    """What standard error gets. `content`: the words of questions and answers too; without it, never."""

    format: Literal["text", "json"] = "text"
    content: bool = False


class KeySettings(_Section):
    """One of the gateway's own keys, by its hash: `groundwire keys new` makes both. `rate` is 60/minute, 5/second."""

    name: str = Field(min_length=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: tuple[Literal["chat", "embeddings", "verify", "reports"], ...] = ("chat", "embeddings", "verify")
    rate: str | None = Field(default=None, pattern=r"^[1-9][0-9]*/(second|minute|hour|day)$")


class ClaimsSettings(_Section):
    """How an answer is taken apart: by spaCy and rules, or by a language model whose word is checked by them.

    `granularity` is how finely. `pipeline` is the spaCy pipeline for English (a name, or a folder), `pipelines` those
    for other languages, by ISO 639 code. `model` and `timeout_s` are for the `llm` extractor: a model of the upstream
    or any that litellm knows, by default the upstream's where it has one; and how long a text may take.
    """

    extractor: Literal["spacy", "llm"] = "spacy"
    granularity: Literal["sentence", "clause", "atomic"] = "clause"
    pipeline: str | None = None
    pipelines: dict[str, str] = Field(default_factory=dict)
    model: str | None = None
    timeout_s: float = Field(default=10, gt=0, allow_inf_nan=False)


class RewriteSettings(_Section):
    """A language model that mends statements which rules rewrite or remove and no value of the evidence puts right.

    `model`: one of the upstream, or any that litellm knows; without it, none is asked. `timeout_s`: for one statement.
    """

    model: str | None = None
    timeout_s: float = Field(default=10, gt=0, allow_inf_nan=False)


class ThresholdSettings(_Section):
    """From which probability on, 0 to 1, a claim counts as supported or contradicted; unset: what suits the model."""

    supported: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    contradicted: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)


class CalibrationSettings(_Section):
    """p → sigmoid(slope · logit(p) + intercept) for the probability of support; the default changes nothing."""

    slope: float = Field(default=1, gt=0, allow_inf_nan=False)
    intercept: float = Field(default=0, allow_inf_nan=False)


class EntailmentSettings(_Section):
    """Which entailment model judges: `builtin`, a directory, or a Hub id; and what its probabilities are worth.

    `groundwire calibrate` finds `calibration` and `thresholds`, which hold for calibrated probabilities.
    """

    model: str = "builtin"
    threads: int | None = Field(default=None, ge=1)
    thresholds: ThresholdSettings = ThresholdSettings()
    calibration: CalibrationSettings = CalibrationSettings()


class RuleOverride(_Section):
    """What is to be different about one rule of the packs. `enabled: false` leaves it out."""

    enabled: bool = True
    do: Literal["allow", "flag", "hedge", "rewrite", "remove", "block"] | None = None
    severity: Literal["info", "low", "medium", "high", "critical"] | None = None
    message: str | None = Field(default=None, min_length=1)
    on_error: Literal["open", "closed"] | None = None
    shadow: bool | None = None
    threshold: float | None = Field(default=None, gt=0, lt=1, allow_inf_nan=False)


class Config(_Section):
    """All settings. `Config.load("groundwire.yaml")`, or `Config(mode="annotate", ...)`."""

    listen: str = "127.0.0.1:8080"
    upstream: UpstreamSettings = UpstreamSettings()
    knowledge: tuple[KnowledgeSource, ...] = ()
    documents: tuple[DocumentSource, ...] = ()
    claims: ClaimsSettings = ClaimsSettings()
    rewrite: RewriteSettings = RewriteSettings()
    entailment: EntailmentSettings = EntailmentSettings()
    rules: tuple[str, ...] = ("default",)
    overrides: dict[str, RuleOverride] = Field(default_factory=dict)
    mode: Literal["hold", "annotate", "off"] = "hold"
    on_error: Literal["closed", "open"] = "closed"
    deadline_ms: int = Field(default=2000, ge=1)
    store: str = "sqlite:///groundwire.db"
    record: RecordSettings = RecordSettings()
    review: ReviewSettings = ReviewSettings()
    report: Literal["body", "headers", "none"] = "body"
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    keys: tuple[KeySettings, ...] = ()

    @field_validator("claims")
    @classmethod
    def _with_a_model(cls, claims: ClaimsSettings, info: ValidationInfo) -> ClaimsSettings:
        upstream = info.data.get("upstream")
        if claims.extractor == "llm" and not claims.model and isinstance(upstream, UpstreamSettings):
            named = upstream.names
            if len(named) != 1:
                which = f"upstream has {', '.join(named)}" if named else "upstream names none"
                raise ValueError(f"extractor llm needs to know which model to ask: {which}; give claims.model")
        return claims

    @field_validator("listen", mode="before")
    @classmethod
    def _host_and_port(cls, listen: Any) -> str:
        host, _, port = str(listen).rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError(f'"{listen}" is not host:port, for example 127.0.0.1:8080')
        return str(listen)

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def rule_overrides(self) -> dict[str, dict[str, Any]]:
        """What `overrides` say, by rule: the fields that were given."""
        return {rule: fields.model_dump(exclude_none=True) for rule, fields in self.overrides.items()}

    @classmethod
    def load(cls, source: "str | Path | Mapping[str, Any] | Config | None" = None) -> "Config":
        """Settings from a file, a mapping or the defaults, under the environment's overrides.

        Raises: ConfigError, one line with file:line:column, field and what was expected.
        """
        if isinstance(source, Config):
            return source
        if source is None or isinstance(source, Mapping):
            return cls._validated({**(source or {}), **_overrides()}, None)
        path = Path(source)
        document = strict_yaml.read(path, error=ConfigError)
        data = document.data if document.data is not None else {}
        if not isinstance(data, dict):
            raise ConfigError(document.where(()), "the file is not a mapping.", "fields such as listen: or rules:")
        config = cls._validated({**data, **_overrides()}, document)
        return config._relative_to(path.resolve().parent)

    @classmethod
    def _validated(cls, data: Mapping[str, Any], document: "strict_yaml.Document | None") -> "Config":
        try:
            return cls.model_validate(data)
        except ValidationError as invalid:
            place = document or strict_yaml.Document("settings", data, {}, {})
            raise strict_yaml.explain(invalid, place, cls, ConfigError) from None

    def _relative_to(self, folder: Path) -> "Config":
        def placed(sources: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(
                source.model_copy(update={"path": folder / source.path}) if source.path else source
                for source in sources
            )

        def packed(pack: str) -> str:
            """A pack's path. What is no file or folder here is the name of a pack that ships: `finance/rates`."""
            is_path = pack.startswith((".", "~", "/")) or pack.endswith((".yaml", ".yml"))
            here = folder / Path(pack).expanduser()
            return str(here) if is_path or ("/" in pack and here.exists()) else pack

        rules = tuple(packed(pack) for pack in self.rules)

        def folded(name: str) -> str:
            """A folder's path. What is no folder here is the name of something installed, or an id."""
            is_path = name.startswith((".", "~")) or (folder / name).is_dir()
            return str(folder / Path(name).expanduser()) if is_path else name

        model = self.entailment.model if self.entailment.model == "builtin" else folded(self.entailment.model)
        claims = {
            "pipeline": self.claims.pipeline and folded(self.claims.pipeline),
            "pipelines": {code: folded(name) for code, name in self.claims.pipelines.items()},
        }
        return self.model_copy(
            update={
                "knowledge": placed(self.knowledge),
                "documents": placed(self.documents),
                "rules": rules,
                "claims": self.claims.model_copy(update=claims),
                "entailment": self.entailment.model_copy(update={"model": model}),
                "record": _record_in(folder, self.record),
                "review": self.review.model_copy(update={"facts": self.review.facts and folder / self.review.facts}),
            }
        )


def _record_in(folder: Path, record: RecordSettings) -> RecordSettings:
    signed, key = record.checkpoints, record.encryption_key
    placed = signed and signed.model_copy(update={"file": folder / signed.file, "key": folder / signed.key})
    if key and not key.startswith(FROM_VARIABLE):
        key = str(folder / Path(key).expanduser())
    return record.model_copy(update={"checkpoints": placed, "encryption_key": key})


def reveal(value: Any) -> Any:
    """`value` with every `os.environ/NAME` in it replaced by what the environment holds.

    Raises: ConfigError where the variable is not set.
    """
    if isinstance(value, str) and value.startswith(FROM_VARIABLE):
        name = value.removeprefix(FROM_VARIABLE)
        if name not in os.environ:
            raise ConfigError(value, "the environment variable is not set.", f"{name}=... in the environment")
        return os.environ[name]
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(item) for item in value]
    return value


def _overrides() -> dict[str, str]:
    names = {name: f"GROUNDWIRE_{name.upper()}" for name in FROM_ENVIRONMENT}
    return {name: os.environ[variable] for name, variable in names.items() if variable in os.environ}
