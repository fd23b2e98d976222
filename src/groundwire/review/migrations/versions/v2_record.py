"""The record: claims, decisions, the audit chain, users, search.

Reports of schema 1 wait in `reports_1` until all steps are made, and are then taken into the chain: `adopting.py`
knows the present tables only. The tables stand here as they were at this step; those of `tables.py` move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    connection = op.get_bind()
    op.drop_index("ix_reports_created", "reports")
    op.rename_table("reports", "reports_1")
    _reports()
    _chain()
    _desk()
    _people()
    for statement in _SEARCH[connection.dialect.name]:
        op.execute(statement)


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        # Named, because PostgreSQL would call the key of the table that was renamed the same.
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("created", _WHEN, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("coverage", sa.Float, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("person", sa.String(64)),
        sa.Column("content", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("salt", sa.String(32)),
        sa.Column("body", sa.Text),
        sa.Column("request", sa.Text),
        sa.UniqueConstraint("id", name="uq_reports_id"),
    )
    op.create_index("ix_reports_created", "reports", ["created"])
    op.create_index("ix_reports_queue", "reports", ["state", "created"])
    op.create_index("ix_reports_worst", "reports", ["state", "rank", "created"])
    op.create_index("ix_reports_day", "reports", ["day", "verdict"])
    op.create_index("ix_reports_model", "reports", ["model"])
    op.create_index("ix_reports_person", "reports", ["person"])
    op.create_table(
        "claims",
        sa.Column("report", _NUMBER, primary_key=True),
        sa.Column("claim", sa.String(32), primary_key=True),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("action", sa.String(8), nullable=False),
        sa.Column("rule", sa.String(128)),
    )
    op.create_index("ix_claims_rule", "claims", ["rule", "report"])


def _chain() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])


def _desk() -> None:
    op.create_table(
        "decisions",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("report", _NUMBER, nullable=False),
        sa.Column("claim", sa.String(32)),
        sa.Column("rule", sa.String(128)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("salt", sa.String(32)),
        sa.Column("words", sa.Text),
    )
    op.create_index("ix_decisions_report", "decisions", ["report"])
    op.create_index("ix_decisions_rule", "decisions", ["rule", "kind"])
    op.create_table(
        "proposals",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("report", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("decided_by", sa.String(128)),
        sa.Column("salt", sa.String(32)),
        sa.Column("words", sa.Text),
    )
    op.create_table(
        "rulesets",
        sa.Column("revision", sa.String(64), primary_key=True),
        sa.Column("packs", sa.Text, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("created", _WHEN, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("user", sa.String(128), nullable=False, index=True),
        sa.Column("expires", _WHEN, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("user", sa.String(128)),
        sa.Column("expires", _WHEN, nullable=False),
    )
    op.create_table(
        "logins",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", _WHEN, nullable=False, index=True),
        sa.Column("user", sa.String(128), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
    )


_SEARCH = {
    "sqlite": ("CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'unicode61 remove_diacritics 2')",),
    "postgresql": (
        "CREATE TABLE search (rowid bigint PRIMARY KEY, words text NOT NULL, "
        "vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED)",
        "CREATE INDEX ix_search_vector ON search USING gin (vector)",
    ),
}
