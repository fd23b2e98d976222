"""The sections of groundwire.yaml about the record and the people who come to it; `config` has the others."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FROM_VARIABLE = "os.environ/"

# Where what is not encrypted cannot be read on its way.
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def from_environment(secret: str | None) -> str | None:
    """A secret as it may stand in a file. Raises: ValueError where it is the secret itself."""
    if secret is not None and not secret.startswith(FROM_VARIABLE):
        raise ValueError(f"a secret is not written here; give {FROM_VARIABLE}NAME")
    return secret


def is_private(url: str) -> bool:
    """Whether nobody else reads what goes to an address: https, or this very machine."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        return safe and bool(parts.hostname)
    except ValueError:
        return False


class CheckpointSettings(Section):
    """Signs the audit chain into `file`, best kept elsewhere, every `every_s` seconds in which it grew.

    `key` is the file that `groundwire audit-log key` wrote.
    """

    file: Path
    key: Path
    every_s: float = Field(default=60, gt=0, allow_inf_nan=False)


class RecordSettings(Section):
    """What the store keeps of texts, for how many days, and who vouches for the audit chain.

    `content`: `full`, `redacted` (what is personal is masked) or `hashes` (verdicts and rules, no text).
    `keep_days_by_rule`: days for answers on which a rule fired, by its id; of several the longest counts, else
    `keep_days`. `encryption_key` is a variable or a file: with it, what is kept of texts is encrypted, and cannot be
    searched.
    """

    content: Literal["full", "redacted", "hashes"] = "full"
    keep_days: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    keep_days_by_rule: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    checkpoints: CheckpointSettings | None = None
    encryption_key: str | None = Field(default=None, min_length=1)

    @field_validator("encryption_key")
    @classmethod
    def _not_here(cls, key: str | None) -> str | None:
        if key is not None and re.fullmatch(r"[A-Za-z0-9_+/-]{43}=", key):
            raise ValueError(f"a key is not written here; give {FROM_VARIABLE}NAME or a file")
        return key


class RoleSettings(Section):
    """Who may do what: values of a claim of the ID token, by role. Of several the highest counts; none is no access.

    `claim` is its name, or a path with dots such as `realm_access.roles`.
    """

    claim: str = Field(default="groups", min_length=1)
    viewer: tuple[str, ...] = ()
    reviewer: tuple[str, ...] = ()
    approver: tuple[str, ...] = ()
    admin: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _anybody(self) -> "RoleSettings":
        if not (self.viewer or self.reviewer or self.approver or self.admin):
            raise ValueError("no role has a value, so nobody could come in; give for example reviewer: [compliance]")
        return self


class OidcSettings(Section):
    """An OpenID Connect provider that signs users in. `name` is the claim that users are called by.

    Without `client_secret` we are a public client; PKCE is used either way. `label` stands on the log-in page.
    """

    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str | None = None
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    name: str = Field(default="preferred_username", min_length=1)
    label: str | None = Field(default=None, min_length=1, max_length=60)
    roles: RoleSettings

    _secret = field_validator("client_secret")(from_environment)

    @field_validator("issuer")
    @classmethod
    def _address(cls, issuer: str) -> str:
        if not is_private(issuer) or "?" in issuer or "#" in issuer or "@" in issuer:
            raise ValueError("this is no issuer, for example https://login.example.org/realms/main")
        return issuer

    @field_validator("scopes")
    @classmethod
    def _openid(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes or not all(re.fullmatch(r"[!#-\[\]-~]+", scope) for scope in scopes):
            raise ValueError("openid must be one of them, and each is one word")
        return scopes

    @property
    def shown(self) -> str:
        """What the log-in page calls it."""
        return self.label or str(urlsplit(self.issuer).hostname)


class ReviewSettings(Section):
    """Who comes to the pages. `header` names the user where a proxy logged them in; only `proxies` may send it.

    `oidc` lets a provider sign users in, beside passwords. `facts` is a TSV file that facts and aliases go into which
    a reviewer proposed and a second person agreed to.
    """

    header: str | None = None
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    oidc: OidcSettings | None = None
    facts: Path | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "ReviewSettings":
        if self.header and self.oidc:
            raise ValueError("give either header or oidc, not both")
        return self
