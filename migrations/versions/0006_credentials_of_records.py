"""Records may describe credentials that no catalogue lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CURRENT = sa.text("superseded_at IS NULL")
TABLE = "learner_credentials"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("learner", NAME, nullable=False),
        sa.Column("credential", NAME, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("superseded_at", INSTANT),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["learner"], ["learners.id"], name=op.f(f"fk_{TABLE}_learner")),
    )
    op.create_index(
        f"uq_{TABLE}_current",
        TABLE,
        ["learner", "credential"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index(f"ix_{TABLE}_learner", TABLE, ["learner", "recorded_at"])


def downgrade() -> None:
    op.drop_table(TABLE)
