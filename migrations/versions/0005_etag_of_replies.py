"""A kept reply also keeps its ETag."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replies", sa.Column("etag", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("replies", "etag")
