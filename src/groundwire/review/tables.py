"""The tables of the record. Content lies in columns that can be emptied; the chain in `audit` holds only its hashes.

Alembic's `migrations` make these tables in a database; a test holds the two equal.
"""

import sqlalchemy as sa

from groundwire.review.sealing import Sealed

metadata = sa.MetaData()

_ID = sa.String(128)
_HASH = sa.String(64)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows by itself only as INTEGER
_WHEN = sa.DateTime(timezone=True)  # in UTC

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("id", _ID, nullable=False),
    sa.Column("created", _WHEN, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),  # of the verdict: the worst has the highest
    sa.Column("severity", sa.Integer, nullable=False),  # of the worst decision, 0 for none
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("coverage", sa.Float, nullable=False),
    sa.Column("model", sa.Text),
    sa.Column("application", sa.String(200)),  # the name of the gateway's key that asked, where there are any
    sa.Column("content", sa.String(8), nullable=False),  # full, redacted, hashes or erased
    sa.Column("state", sa.String(8), nullable=False),  # open, decided, or none: nothing to decide
    sa.Column("version", sa.Integer, nullable=False),  # counts decisions, so that two at once are noticed
    sa.Column("assigned", sa.String(128)),  # the user who is to decide
    sa.Column("salt", Sealed(32)),
    sa.Column("body", Sealed),
    sa.Column("request", Sealed),
    sa.UniqueConstraint("id", name="uq_reports_id"),
    sa.Index("ix_reports_created", "created"),
    sa.Index("ix_reports_queue", "state", "created"),
    sa.Index("ix_reports_worst", "state", "rank", "created"),
    sa.Index("ix_reports_day", "day", "verdict"),
    sa.Index("ix_reports_model", "model"),
    sa.Index("ix_reports_severity", "state", "severity", "created"),
    sa.Index("ix_reports_application", "application", "state", "created"),
    sa.Index("ix_reports_assigned", "assigned", "state", "created"),
)
persons = sa.Table(
    "persons",
    metadata,
    sa.Column("report", _NUMBER, primary_key=True),
    sa.Column("person", _HASH, primary_key=True),  # whom the request was made for, by a keyed hash
    sa.Index("ix_persons_person", "person"),
)
claims = sa.Table(
    "claims",
    metadata,
    sa.Column("report", _NUMBER, primary_key=True),
    sa.Column("claim", sa.String(32), primary_key=True),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("action", sa.String(8), nullable=False),
    sa.Column("rule", sa.String(128)),  # none where no rule fired
    sa.Column("second", sa.Integer, nullable=False, server_default="0"),  # 1: two reviewers must agree on it
    sa.Index("ix_claims_rule", "rule", "report"),
)
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("subject", _ID, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("prev", _HASH, nullable=False, unique=True),  # a second entry after one would be a fork
    sa.Column("hash", _HASH, nullable=False),
    sa.Index("ix_audit_subject", "subject"),
)
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("report", _NUMBER, nullable=False),
    sa.Column("claim", sa.String(32)),  # none: the answer as a whole
    sa.Column("rule", sa.String(128)),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("salt", Sealed(32)),
    sa.Column("words", Sealed),  # JSON: note, and what is right or was missed
    sa.Index("ix_decisions_report", "report"),
    sa.Index("ix_decisions_rule", "rule", "kind"),
)
proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("report", _NUMBER, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("by", sa.String(128), nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("decided_by", sa.String(128)),
    sa.Column("salt", Sealed(32)),
    sa.Column("words", Sealed),
)
rulesets = sa.Table(
    "rulesets",
    metadata,
    sa.Column("revision", sa.String(64), primary_key=True),
    sa.Column("packs", sa.Text, nullable=False),  # JSON: the packs, in order
)
users = sa.Table(
    "users",
    metadata,
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.Text),  # argon2, or who vouches, hashed; none until one was chosen
    sa.Column("created", _WHEN, nullable=False),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token", _HASH, primary_key=True),  # its SHA-256: the table opens no page
    sa.Column("user", sa.String(128), nullable=False, index=True),
    sa.Column("expires", _WHEN, nullable=False),
)
links = sa.Table(
    "links",
    metadata,
    sa.Column("token", _HASH, primary_key=True),
    sa.Column("user", sa.String(128)),  # none: whoever comes first chooses a name
    sa.Column("expires", _WHEN, nullable=False),
)
logins = sa.Table(
    "logins",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("at", _WHEN, nullable=False, index=True),
    sa.Column("user", sa.String(128), nullable=False),  # as it was typed; of a trip to a provider, a hash of its secret
    sa.Column("address", sa.String(64), nullable=False),
)
views = sa.Table(
    "views",
    metadata,
    sa.Column("user", sa.String(128), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("query", sa.Text, nullable=False),  # of the queue's address
)

search = sa.table("search", sa.column("rowid", sa.BigInteger), sa.column("words", sa.Text))
"""The words of what is kept, by report number: FTS5 on SQLite, a tsvector on PostgreSQL."""
