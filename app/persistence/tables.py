"""The tables. Days are dates, instants are UTC, credits are whole thousandths.

A table with `recorded_at` and `superseded_at` keeps every state: a row is what we knew from the one
instant up to, and not including, the other.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from app.persistence.columns import Instant, Name, Serial, metadata, required

CURRENT = text("superseded_at IS NULL")


def _versioned(name: str, key: tuple[str, ...], *columns: Column[object]) -> Table:
    """Return a table of a learner's entries that keeps every state; `key` names one entry."""
    table = Table(
        name,
        metadata,
        Column("seq", Serial, primary_key=True, autoincrement=True),
        required("learner", Name, ForeignKey("learners.id")),
        *columns,
        required("recorded_at", Instant),
        Column("superseded_at", Instant),
    )
    columns_of_key = [table.c["learner"], *(table.c[part] for part in key)]
    Index(
        f"uq_{name}_current",
        *columns_of_key,
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    Index(f"ix_{name}_learner", table.c["learner"], table.c["recorded_at"])
    return table


institutions = Table(
    "institutions",
    metadata,
    Column("id", Name, primary_key=True),
    required("title", String),
    required("revision", Integer),
)

catalogue_documents = Table(
    "catalogue_documents",
    metadata,
    required("institution", Name, ForeignKey("institutions.id")),
    required("kind", Name),
    required("content", Text),
    PrimaryKeyConstraint("institution", "kind"),
    CheckConstraint("kind IN ('scales', 'conversions', 'levels', 'attributes')", "kind"),
)

issuers = Table(
    "issuers",
    metadata,
    required("institution", Name, ForeignKey("institutions.id")),
    required("id", Name),
    required("title", String),
    required("country", String),
    PrimaryKeyConstraint("institution", "id"),
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", Name, primary_key=True),
    required("institution", Name, ForeignKey("institutions.id"), index=True),
    required("title", String),
    required("issuer", Name, index=True),
    required("type", Name, index=True),
    required("unit", Name),
    required("framework", Name),
    Column("step", Integer),
    required("searched", String),
    required("document", Text),
    required("revision", Integer),
)

credential_marks = Table(
    "credential_marks",
    metadata,
    required("credential", Name, ForeignKey("credentials.id", ondelete="CASCADE")),
    required("kind", Name),
    required("value", Name),
    PrimaryKeyConstraint("credential", "kind", "value"),
    Index("ix_credential_marks_kind_value", "kind", "value"),
    CheckConstraint("kind IN ('tag', 'field')", "kind"),
)

policies = Table(
    "policies",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    required("institution", Name, ForeignKey("institutions.id")),
    required("answers", Text),
    required("recorded_at", Instant),
    Column("superseded_at", Instant),
    Index(
        "uq_policies_current",
        "institution",
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    ),
)

samples = Table(
    "samples",
    metadata,
    required("institution", Name, ForeignKey("institutions.id")),
    required("name", Name),
    required("content", LargeBinary),
    PrimaryKeyConstraint("institution", "name"),
)

# What the packs said when they were loaded last, by the digests of their files and entries.
loaded_packs = Table(
    "loaded_packs",
    metadata,
    Column("institution", Name, ForeignKey("institutions.id"), primary_key=True),
    required("sha256", Name),
    required("entries", Text),
)

# The migration adds triggers: a published row refuses every update and delete.
rule_editions = Table(
    "rule_editions",
    metadata,
    required("award", Name),
    required("edition", Name),
    required("institution", Name, ForeignKey("institutions.id"), index=True),
    required("title", String),
    required("status", Name),
    required("effective_from", Date),
    Column("effective_until", Date),
    required("source", LargeBinary),
    required("sha256", Name, index=True),
    required("recorded_at", Instant),
    Column("published_at", Instant),
    required("published_by", String, server_default=""),
    PrimaryKeyConstraint("award", "edition"),
    CheckConstraint("status IN ('draft', 'published')", "status"),
    CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", "published"),
    CheckConstraint("effective_until IS NULL OR effective_until > effective_from", "period"),
    Index(
        "uq_rule_editions_first_day",
        "award",
        "effective_from",
        unique=True,
        sqlite_where=text("status = 'published'"),
        postgresql_where=text("status = 'published'"),
    ),
)

lower_awards = Table(
    "lower_awards",
    metadata,
    *(required(name, Name) for name in ("award", "edition", "lower")),
    PrimaryKeyConstraint("award", "edition", "lower"),
    ForeignKeyConstraint(
        ["award", "edition"],
        ["rule_editions.award", "rule_editions.edition"],
        ondelete="CASCADE",
    ),
    Index("ix_lower_awards_lower", "lower"),
)

learners = Table(
    "learners",
    metadata,
    Column("id", Name, primary_key=True),
    required("revision", Integer),
    required("recorded_at", Instant),
)

achievements = _versioned(
    "achievements",
    ("achievement",),
    required("achievement", Name),
    required("credential", Name),
    required("status", Name),
    Column("credits", Integer),
    required("unit", Name),
    required("grade", String),
    Column("started", Date),
    Column("earned", Date),
    Column("awarded", Date),
    required("term", String),
    required("source", Name),
    required("attempt", Integer),
    required("registration", String),
    required("used_in", Text),
    required("attributes", Text),
)

milestones = _versioned("milestones", ("name",), required("name", Name), required("day", Date))

attestations = _versioned(
    "attestations",
    ("requirement", "role"),
    required("requirement", Name),
    required("role", Name),
    required("person", String),
    required("day", Date),
)

adjustments = _versioned(
    "adjustments",
    ("adjustment",),
    required("adjustment", Name),
    required("kind", Name),
    required("award", Name),
    required("requirement", Name),
    required("reason", String),
    required("person", String),
    required("day", Date),
    Column("expires", Date),
    Column("achievement", Name),
    Column("credential", Name),
    Column("amount", Integer),
)

learner_attributes = _versioned(
    "learner_attributes", ("name",), required("name", Name), required("value", Text)
)

learner_credentials = _versioned(
    "learner_credentials", ("credential",), required("credential", Name), required("document", Text)
)

declarations = _versioned(
    "declarations", ("award",), required("award", Name), required("place", Integer)
)

# A migration adds triggers: a catalogue that audits rest on is neither changed nor removed.
catalogue_snapshots = Table(
    "catalogue_snapshots",
    metadata,
    Column("sha256", Name, primary_key=True),
    required("content", LargeBinary),
)

# Migrations add triggers: stored audits refuse updates, and go only with a learner named here.
erasures = Table(
    "erasures", metadata, Column("learner", Name, ForeignKey("learners.id"), primary_key=True)
)

audits = Table(
    "audits",
    metadata,
    Column("id", Name, primary_key=True),
    required("learner", Name, ForeignKey("learners.id")),
    required("as_of", Date),
    required("recorded_at", Instant),
    required("engine", String),
    required("input_hash", Name),
    required("inputs", LargeBinary),
    Index("ix_audits_learner_recorded_at", "learner", "recorded_at", "id"),
)

audit_outputs = Table(
    "audit_outputs",
    metadata,
    required("audit", Name, ForeignKey("audits.id")),
    required("place", Integer),
    required("award", Name),
    required("edition", Name),
    required("catalogue", Name, ForeignKey("catalogue_snapshots.sha256")),
    required("met", Boolean),
    required("percent", Integer),
    required("output", LargeBinary),
    PrimaryKeyConstraint("audit", "place"),
    ForeignKeyConstraint(["award", "edition"], ["rule_editions.award", "rule_editions.edition"]),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    required("at", Instant),
    required("who", String),
    required("what", Name),
    required("subject", Name),
    required("why", String),
    required("facts", Text),
    Index("ix_changes_subject_seq", "subject", "seq"),
)

replies = Table(
    "replies",
    metadata,
    required("client", Name),
    required("key", Name),
    required("request", Name),
    required("status", Integer),
    required("media_type", String),
    required("body", LargeBinary),
    required("location", String, server_default=""),
    required("etag", String, server_default=""),
    required("at", Instant),
    PrimaryKeyConstraint("client", "key"),
)

# Texts of rules that runs rest on: a draft may be gone before its run is repeated.
rule_texts = Table(
    "rule_texts",
    metadata,
    Column("sha256", Name, primary_key=True),
    required("source", LargeBinary),
)

# `holder` is the process that works on a run, and `beat_at` when it last said so.
runs = Table(
    "runs",
    metadata,
    Column("id", Name, primary_key=True),
    *(required(name, Name) for name in ("kind", "award", "edition", "against")),
    required("as_of", Date),
    required("members", Name),
    required("engine", String),
    required("inputs", LargeBinary),
    required("created_at", Instant),
    required("total", Integer),
    required("state", Name),
    required("judged", Integer),
    required("cursor", Name),
    required("counts", Text),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    required("problem", String),
    required("tries", Integer),
    required("holder", Name),
    Column("beat_at", Instant),
    CheckConstraint("kind IN ('impact')", "kind"),
    CheckConstraint("members IN ('all', 'declared', 'audited')", "members"),
    CheckConstraint("state IN ('queued', 'running', 'finished', 'cancelled', 'failed')", "state"),
    Index("ix_runs_created_at_id", "created_at", "id"),
)

run_catalogues = Table(
    "run_catalogues",
    metadata,
    required("run", Name, ForeignKey("runs.id", ondelete="CASCADE")),
    required("institution", Name),
    required("catalogue", Name, ForeignKey("catalogue_snapshots.sha256"), index=True),
    PrimaryKeyConstraint("run", "institution"),
)

# What is known of a learner goes with the learner.
run_results = Table(
    "run_results",
    metadata,
    required("run", Name, ForeignKey("runs.id", ondelete="CASCADE")),
    required("learner", Name, ForeignKey("learners.id", ondelete="CASCADE"), index=True),
    required("document", Text),
    PrimaryKeyConstraint("run", "learner"),
)

run_changes = Table(
    "run_changes",
    metadata,
    *(required(name, Name) for name in ("run", "change", "learner")),
    PrimaryKeyConstraint("run", "change", "learner"),
    ForeignKeyConstraint(
        ["run", "learner"], ["run_results.run", "run_results.learner"], ondelete="CASCADE"
    ),
    Index("ix_run_changes_run_learner", "run", "learner"),
)
