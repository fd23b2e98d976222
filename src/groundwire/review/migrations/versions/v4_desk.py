"""Which application asked, and who is to decide, and whether two must: of reports from before, none of it."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    op.add_column("reports", sa.Column("application", sa.String(200)))
    op.add_column("reports", sa.Column("assigned", sa.String(128)))
    op.add_column("claims", sa.Column("second", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_reports_severity", "reports", ["state", "severity", "created"])
    op.create_index("ix_reports_application", "reports", ["application", "state", "created"])
    op.create_index("ix_reports_assigned", "reports", ["assigned", "state", "created"])
