"""What-ifs under a name, what came of them, and links to them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
TABLES = ("what_if_links", "what_if_comparisons", "what_ifs")


def upgrade() -> None:
    op.create_table(
        "what_ifs",
        *(required(name, NAME) for name in ("id", "learner", "name")),
        required("question", sa.LargeBinary()),
        required("created_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["learner"],
            ["learners.id"],
            name=op.f("fk_what_ifs_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_ifs")),
    )
    op.create_index("uq_what_ifs_learner_name", "what_ifs", ["learner", "name"], unique=True)
    op.create_index("ix_what_ifs_learner_created_at", "what_ifs", ["learner", "created_at", "id"])
    op.create_table(
        "what_if_comparisons",
        required("what_if", NAME),
        required("number", sa.Integer()),
        required("as_of", sa.Date()),
        required("compared_at", INSTANT),
        required("engine", sa.String()),
        required("document", sa.LargeBinary()),
        _belongs("what_if_comparisons"),
        sa.PrimaryKeyConstraint("what_if", "number", name=op.f("pk_what_if_comparisons")),
    )
    op.create_table(
        "what_if_links",
        required("sha256", NAME),
        required("what_if", NAME),
        required("created_at", INSTANT),
        required("expires_at", INSTANT),
        _belongs("what_if_links"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_what_if_links")),
    )
    op.create_index(op.f("ix_what_if_links_what_if"), "what_if_links", ["what_if"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_what_if")
    return sa.ForeignKeyConstraint(["what_if"], ["what_ifs.id"], name=name, ondelete="CASCADE")


def required(name: str, kind: Any) -> sa.Column[Any]:  # noqa: ANN401
    return sa.Column(name, kind, nullable=False)
