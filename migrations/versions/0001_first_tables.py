"""First tables: catalogue, rule editions, learners, stored audits, change log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CURRENT = sa.text("superseded_at IS NULL")
PUBLISHED = sa.text("status = 'published'")

# In the order in which they can be dropped.
TABLES = (
    *("replies", "changes", "audit_outputs", "audits", "catalogue_snapshots"),
    *("declarations", "learner_attributes", "adjustments", "attestations", "milestones"),
    *(
        "achievements",
        "learners",
        "lower_awards",
        "rule_editions",
        "samples",
        "policies",
        "credential_marks",
    ),
    *("credentials", "issuers", "catalogue_documents", "institutions"),
)

# Table, what is refused, to which rows, and why.
FROZEN = (
    ("rule_editions", "UPDATE", "OLD.status = 'published'", "a published edition never changes"),
    ("rule_editions", "DELETE", "OLD.status = 'published'", "a published edition never changes"),
    ("audits", "UPDATE", "", "a stored audit never changes"),
    ("audit_outputs", "UPDATE", "", "a stored audit never changes"),
)
# SQLite's INSERT OR REPLACE deletes without asking a delete trigger: these rows are not replaced.
KEPT_ON_INSERT = (
    (
        "rule_editions",
        """status = 'published' AND award = NEW.award AND (edition = NEW.edition
        OR (NEW.status = 'published' AND effective_from = NEW.effective_from))""",
        "a published edition never changes",
    ),
    ("audits", "id = NEW.id", "a stored audit never changes"),
    ("audit_outputs", "audit = NEW.audit AND place = NEW.place", "a stored audit never changes"),
)
EMPTIED = "rule_editions_refuse_truncate"


def upgrade() -> None:
    create_catalogue()
    create_credentials()
    create_editions()
    create_learners()
    create_audits()
    create_log()
    for table, change, rows, sentence in FROZEN:
        freeze(table, change, rows, sentence)
    if op.get_bind().dialect.name == "sqlite":
        refuse_replacing()
    else:
        refuse_emptying()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table, change, _, _ in FROZEN:
            op.execute(f"DROP FUNCTION {trigger_name(table, change)}()")
        op.execute(f"DROP FUNCTION {EMPTIED}()")


def required(name: str, kind: Any, **options: Any) -> sa.Column[Any]:  # noqa: ANN401
    return sa.Column(name, kind, nullable=False, **options)


def names(*columns: str) -> list[sa.Column[Any]]:
    return [required(column, NAME) for column in columns]


def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def foreign(table: str, column: str, target: str, **options: Any) -> sa.ForeignKeyConstraint:  # noqa: ANN401
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **options)


def of_edition(table: str, **options: Any) -> sa.ForeignKeyConstraint:  # noqa: ANN401
    return sa.ForeignKeyConstraint(
        ["award", "edition"],
        ["rule_editions.award", "rule_editions.edition"],
        name=op.f(f"fk_{table}_award_edition"),
        **options,
    )


def check(table: str, name: str, test: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(test, name=op.f(f"ck_{table}_{name}"))


def only_one(name: str, table: str, columns: list[str], rows: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=rows, postgresql_where=rows)


def create_catalogue() -> None:
    op.create_table(
        "institutions",
        required("id", NAME),
        required("title", sa.String()),
        required("revision", sa.Integer()),
        primary("institutions", "id"),
    )
    op.create_table(
        "catalogue_documents",
        *names("institution", "kind"),
        required("content", sa.Text()),
        primary("catalogue_documents", "institution", "kind"),
        foreign("catalogue_documents", "institution", "institutions.id"),
        check(
            "catalogue_documents",
            "kind",
            "kind IN ('scales', 'conversions', 'levels', 'attributes')",
        ),
    )
    op.create_table(
        "policies",
        required("seq", SERIAL, autoincrement=True),
        required("institution", NAME),
        required("answers", sa.Text()),
        required("recorded_at", INSTANT),
        sa.Column("superseded_at", INSTANT),
        primary("policies", "seq"),
        foreign("policies", "institution", "institutions.id"),
    )
    only_one("uq_policies_current", "policies", ["institution"], CURRENT)
    op.create_table(
        "samples",
        *names("institution", "name"),
        required("content", sa.LargeBinary()),
        primary("samples", "institution", "name"),
        foreign("samples", "institution", "institutions.id"),
    )


def create_credentials() -> None:
    op.create_table(
        "issuers",
        *names("institution", "id"),
        required("title", sa.String()),
        required("country", sa.String()),
        primary("issuers", "institution", "id"),
        foreign("issuers", "institution", "institutions.id"),
    )
    op.create_table(
        "credentials",
        *names("id", "institution"),
        required("title", sa.String()),
        *names("issuer", "type", "unit", "framework"),
        sa.Column("step", sa.Integer()),
        required("searched", sa.String()),
        required("document", sa.Text()),
        required("revision", sa.Integer()),
        primary("credentials", "id"),
        foreign("credentials", "institution", "institutions.id"),
    )
    for column in ("institution", "issuer", "type"):
        op.create_index(f"ix_credentials_{column}", "credentials", [column])
    op.create_table(
        "credential_marks",
        *names("credential", "kind", "value"),
        primary("credential_marks", "credential", "kind", "value"),
        foreign("credential_marks", "credential", "credentials.id", ondelete="CASCADE"),
        check("credential_marks", "kind", "kind IN ('tag', 'field')"),
    )
    op.create_index("ix_credential_marks_kind_value", "credential_marks", ["kind", "value"])


def create_editions() -> None:
    op.create_table(
        "rule_editions",
        *names("award", "edition", "institution"),
        required("title", sa.String()),
        required("status", NAME),
        required("effective_from", sa.Date()),
        sa.Column("effective_until", sa.Date()),
        required("source", sa.LargeBinary()),
        required("sha256", NAME),
        required("recorded_at", INSTANT),
        sa.Column("published_at", INSTANT),
        required("published_by", sa.String(), server_default=""),
        primary("rule_editions", "award", "edition"),
        foreign("rule_editions", "institution", "institutions.id"),
        check("rule_editions", "status", "status IN ('draft', 'published')"),
        check("rule_editions", "published", "(status = 'published') = (published_at IS NOT NULL)"),
        check(
            "rule_editions",
            "period",
            "effective_until IS NULL OR effective_until > effective_from",
        ),
    )
    for column in ("institution", "sha256"):
        op.create_index(f"ix_rule_editions_{column}", "rule_editions", [column])
    first_day = ["award", "effective_from"]
    only_one("uq_rule_editions_first_day", "rule_editions", first_day, PUBLISHED)
    op.create_table(
        "lower_awards",
        *names("award", "edition", "lower"),
        primary("lower_awards", "award", "edition", "lower"),
        of_edition("lower_awards", ondelete="CASCADE"),
    )
    op.create_index("ix_lower_awards_lower", "lower_awards", ["lower"])


def versioned(table: str, key: list[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        required("seq", SERIAL, autoincrement=True),
        required("learner", NAME),
        *columns,
        required("recorded_at", INSTANT),
        sa.Column("superseded_at", INSTANT),
        primary(table, "seq"),
        foreign(table, "learner", "learners.id"),
    )
    only_one(f"uq_{table}_current", table, ["learner", *key], CURRENT)
    op.create_index(f"ix_{table}_learner", table, ["learner", "recorded_at"])


def create_learners() -> None:
    op.create_table(
        "learners",
        required("id", NAME),
        required("revision", sa.Integer()),
        required("recorded_at", INSTANT),
        primary("learners", "id"),
    )
    versioned(
        "achievements",
        ["achievement"],
        *names("achievement", "credential", "status"),
        sa.Column("credits", sa.Integer()),
        required("unit", NAME),
        required("grade", sa.String()),
        *(sa.Column(day, sa.Date()) for day in ("started", "earned", "awarded")),
        required("term", sa.String()),
        required("source", NAME),
        required("attempt", sa.Integer()),
        required("registration", sa.String()),
        required("used_in", sa.Text()),
        required("attributes", sa.Text()),
    )
    versioned("milestones", ["name"], *names("name"), required("day", sa.Date()))
    versioned(
        "attestations",
        ["requirement", "role"],
        *names("requirement", "role"),
        required("person", sa.String()),
        required("day", sa.Date()),
    )
    versioned(
        "adjustments",
        ["adjustment"],
        *names("adjustment", "kind", "award", "requirement"),
        required("reason", sa.String()),
        required("person", sa.String()),
        required("day", sa.Date()),
        sa.Column("expires", sa.Date()),
        sa.Column("achievement", NAME),
        sa.Column("credential", NAME),
        sa.Column("amount", sa.Integer()),
    )
    versioned("learner_attributes", ["name"], *names("name"), required("value", sa.Text()))
    versioned("declarations", ["award"], *names("award"), required("place", sa.Integer()))


def create_audits() -> None:
    op.create_table(
        "catalogue_snapshots",
        required("sha256", NAME),
        required("content", sa.LargeBinary()),
        primary("catalogue_snapshots", "sha256"),
    )
    op.create_table(
        "audits",
        *names("id", "learner"),
        required("as_of", sa.Date()),
        required("recorded_at", INSTANT),
        required("engine", sa.String()),
        required("input_hash", NAME),
        required("inputs", sa.LargeBinary()),
        primary("audits", "id"),
        foreign("audits", "learner", "learners.id"),
    )
    latest = ["learner", "recorded_at", "id"]
    op.create_index("ix_audits_learner_recorded_at", "audits", latest)
    op.create_table(
        "audit_outputs",
        required("audit", NAME),
        required("place", sa.Integer()),
        *names("award", "edition", "catalogue"),
        required("met", sa.Boolean()),
        required("percent", sa.Integer()),
        required("output", sa.LargeBinary()),
        primary("audit_outputs", "audit", "place"),
        foreign("audit_outputs", "audit", "audits.id"),
        foreign("audit_outputs", "catalogue", "catalogue_snapshots.sha256"),
        of_edition("audit_outputs"),
    )


def create_log() -> None:
    op.create_table(
        "changes",
        required("seq", SERIAL, autoincrement=True),
        required("at", INSTANT),
        required("who", sa.String()),
        *names("what", "subject"),
        required("why", sa.String()),
        required("facts", sa.Text()),
        primary("changes", "seq"),
    )
    op.create_index("ix_changes_subject_seq", "changes", ["subject", "seq"])
    op.create_table(
        "replies",
        *names("client", "key", "request"),
        required("status", sa.Integer()),
        required("media_type", sa.String()),
        required("body", sa.LargeBinary()),
        required("at", INSTANT),
        primary("replies", "client", "key"),
    )


def trigger_name(table: str, change: str) -> str:
    return f"{table}_refuse_{change.lower()}"


def freeze(table: str, change: str, rows: str, sentence: str) -> None:
    name = trigger_name(table, change)
    when = f"WHEN ({rows})" if rows else ""
    before = f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW {when}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{before} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")
        return
    create_refusal(name, sentence)
    op.execute(f"{before} EXECUTE FUNCTION {name}()")


def create_refusal(name: str, sentence: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )


def refuse_replacing() -> None:
    for table, rows, sentence in KEPT_ON_INSERT:
        kept = f"EXISTS (SELECT 1 FROM {table} WHERE {rows})"  # noqa: S608 -- our own constants
        name = trigger_name(table, "replace")
        before = f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW WHEN {kept}"
        op.execute(f"{before} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")


def refuse_emptying() -> None:
    create_refusal(EMPTIED, "published editions are not removed")
    op.execute(
        f"CREATE TRIGGER {EMPTIED} BEFORE TRUNCATE ON rule_editions "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {EMPTIED}()"
    )
