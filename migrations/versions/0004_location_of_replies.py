"""A kept reply also keeps its Location."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replies", sa.Column("location", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("replies", "location")
