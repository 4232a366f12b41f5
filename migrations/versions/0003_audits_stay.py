"""Audits and the catalogues they rest on stay, but for a learner who is being erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
AUDIT = "a stored audit never changes"
CATALOGUE = "a catalogue that audits rest on never changes"

# Table, what is refused, to which rows, and why.
FROZEN = (
    ("catalogue_snapshots", "UPDATE", "TRUE", CATALOGUE),
    (
        "catalogue_snapshots",
        "DELETE",
        "EXISTS (SELECT 1 FROM audit_outputs WHERE catalogue = OLD.sha256)",
        CATALOGUE,
    ),
    ("audits", "DELETE", "OLD.learner NOT IN (SELECT learner FROM erasures)", AUDIT),
    (
        "audit_outputs",
        "DELETE",
        "OLD.audit NOT IN (SELECT id FROM audits JOIN erasures USING (learner))",
        AUDIT,
    ),
)
# TRUNCATE asks no trigger of a row, and neither does SQLite's INSERT OR REPLACE.
EMPTIED = (("catalogue_snapshots", CATALOGUE), ("audits", AUDIT), ("audit_outputs", AUDIT))
REPLACED = "catalogue_snapshots_refuse_replace"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("learner", NAME, nullable=False),
        sa.PrimaryKeyConstraint("learner", name=op.f("pk_erasures")),
        sa.ForeignKeyConstraint(["learner"], ["learners.id"], name=op.f("fk_erasures_learner")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, change, rows, sentence in FROZEN:
            refuse_on_sqlite(trigger_name(table, change), f"{change} ON {table}", rows, sentence)
        kept = "EXISTS (SELECT 1 FROM catalogue_snapshots WHERE sha256 = NEW.sha256)"
        refuse_on_sqlite(REPLACED, "INSERT ON catalogue_snapshots", kept, CATALOGUE)
        return
    for table, change, rows, sentence in FROZEN:
        # A condition of a trigger looks at no other table: the function does.
        refuse_on_postgresql(table, change, f"IF {rows} THEN", sentence)
    for table, sentence in EMPTIED:
        refuse_on_postgresql(table, "TRUNCATE", "IF TRUE THEN", sentence)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    refused = [(table, change) for table, change, _, _ in FROZEN]
    if not sqlite:
        refused += [(table, "TRUNCATE") for table, _ in EMPTIED]
    for table, change in refused:
        name = trigger_name(table, change)
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP FUNCTION {name}() CASCADE")
    if sqlite:
        op.execute(f"DROP TRIGGER {REPLACED}")
    op.drop_table("erasures")


def trigger_name(table: str, change: str) -> str:
    return f"{table}_refuse_{change.lower()}"


def refuse_on_sqlite(name: str, change: str, rows: str, sentence: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {change} FOR EACH ROW WHEN {rows} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def refuse_on_postgresql(table: str, change: str, when: str, sentence: str) -> None:
    name = trigger_name(table, change)
    each = "STATEMENT" if change == "TRUNCATE" else "ROW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {when} RAISE EXCEPTION '{sentence}'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION {name}()"
    )
