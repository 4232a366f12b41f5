"""Runs over a population, and what they found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
TABLES = ("run_changes", "run_results", "run_catalogues", "runs", "rule_texts")


def upgrade() -> None:
    op.create_table(
        "rule_texts",
        required("sha256", NAME),
        required("source", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rule_texts")),
    )
    op.create_table(
        "runs",
        *(required(name, NAME) for name in ("id", "kind", "award", "edition", "against")),
        required("as_of", sa.Date()),
        required("members", NAME),
        required("engine", sa.String()),
        required("inputs", sa.LargeBinary()),
        required("created_at", INSTANT),
        required("total", sa.Integer()),
        required("state", NAME),
        required("judged", sa.Integer()),
        required("cursor", NAME),
        required("counts", sa.Text()),
        sa.Column("started_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        required("problem", sa.String()),
        required("tries", sa.Integer()),
        required("holder", NAME),
        sa.Column("beat_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        one_of("runs", "kind", "impact"),
        one_of("runs", "members", "all", "declared", "audited"),
        one_of("runs", "state", "queued", "running", "finished", "cancelled", "failed"),
    )
    op.create_index("ix_runs_created_at_id", "runs", ["created_at", "id"])
    op.create_table(
        "run_catalogues",
        *(required(name, NAME) for name in ("run", "institution", "catalogue")),
        sa.PrimaryKeyConstraint("run", "institution", name=op.f("pk_run_catalogues")),
        refers("run_catalogues", "run", "runs.id", ondelete="CASCADE"),
        refers("run_catalogues", "catalogue", "catalogue_snapshots.sha256"),
    )
    op.create_index("ix_run_catalogues_catalogue", "run_catalogues", ["catalogue"])
    op.create_table(
        "run_results",
        *(required(name, NAME) for name in ("run", "learner")),
        required("document", sa.Text()),
        sa.PrimaryKeyConstraint("run", "learner", name=op.f("pk_run_results")),
        refers("run_results", "run", "runs.id", ondelete="CASCADE"),
        refers("run_results", "learner", "learners.id", ondelete="CASCADE"),
    )
    op.create_index("ix_run_results_learner", "run_results", ["learner"])
    op.create_table(
        "run_changes",
        *(required(name, NAME) for name in ("run", "change", "learner")),
        sa.PrimaryKeyConstraint("run", "change", "learner", name=op.f("pk_run_changes")),
        sa.ForeignKeyConstraint(
            ["run", "learner"],
            ["run_results.run", "run_results.learner"],
            name=op.f("fk_run_changes_run_learner"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_run_changes_run_learner", "run_changes", ["run", "learner"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def required(name: str, kind: Any) -> sa.Column[Any]:  # noqa: ANN401
    return sa.Column(name, kind, nullable=False)


def one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{one}'" for one in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def refers(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [to], name=name, ondelete=ondelete)
