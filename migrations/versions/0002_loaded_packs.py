"""Packs as they were loaded last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "loaded_packs",
        sa.Column("institution", NAME, nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution", name=op.f("pk_loaded_packs")),
        sa.ForeignKeyConstraint(
            ["institution"], ["institutions.id"], name=op.f("fk_loaded_packs_institution")
        ),
    )


def downgrade() -> None:
    op.drop_table("loaded_packs")
