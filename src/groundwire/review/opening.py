"""The store that a configuration describes."""

from groundwire.config import Config
from groundwire.review.checkpoints import Checkpoints
from groundwire.review.chores import Chore
from groundwire.review.erasing import Retention
from groundwire.review.sql import SqlStore


def open_store(config: Config) -> SqlStore:
    """Open it. Raises: ConfigError."""
    record = config.record
    chores: list[Chore] = []
    if record.checkpoints:
        signed = record.checkpoints
        chores.append(Checkpoints(signed.file, signed.key, every_s=signed.every_s))
    if record.keep_days or record.keep_days_by_rule:
        chores.append(Retention(record.keep_days, record.keep_days_by_rule))
    redact = None
    if record.content == "redacted":
        from groundwire.review.redaction import redactor

        redact = redactor()
    return SqlStore(config.store, content=record.content, redact=redact, chores=chores, key=record.encryption_key)
