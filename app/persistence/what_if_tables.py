"""The tables of saved what-ifs."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from app.persistence.columns import Instant, Name, metadata, required

# What is supposed of a learner goes with the learner, too.
what_ifs = Table(
    "what_ifs",
    metadata,
    Column("id", Name, primary_key=True),
    required("learner", Name, ForeignKey("learners.id", ondelete="CASCADE")),
    required("name", Name),
    required("question", LargeBinary),
    required("created_at", Instant),
    Index("uq_what_ifs_learner_name", "learner", "name", unique=True),
    Index("ix_what_ifs_learner_created_at", "learner", "created_at", "id"),
)

what_if_comparisons = Table(
    "what_if_comparisons",
    metadata,
    required("what_if", Name, ForeignKey("what_ifs.id", ondelete="CASCADE")),
    required("number", Integer),
    required("as_of", Date),
    required("compared_at", Instant),
    required("engine", String),
    required("document", LargeBinary),
    PrimaryKeyConstraint("what_if", "number"),
)

what_if_links = Table(
    "what_if_links",
    metadata,
    Column("sha256", Name, primary_key=True),
    required("what_if", Name, ForeignKey("what_ifs.id", ondelete="CASCADE"), index=True),
    required("created_at", Instant),
    required("expires_at", Instant),
)
