"""Records read from their tables: of one learner or of many, in as many queries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Date, Select, Table, cast, literal, null, select, union_all

from app.core.model.credential import CredentialId
from app.core.model.record import (
    Achievement,
    AchievementId,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.persistence.columns import AnyRow, Name
from app.persistence.tables import (
    achievements,
    adjustments,
    attestations,
    declarations,
    learner_attributes,
    learner_credentials,
    milestones,
)
from app.persistence.versions import known
from app.services.catalogue_json import credential_from_plain
from app.services.facts import read_attributes, read_fact

# When a row was written is not of the record: to read instants takes longer than most of the rest.
WRITTEN = frozenset({"seq", "recorded_at", "superseded_at"})
NONE = "[]"
# Small parts of a record, read by one query: what stands under `name`, `text`, `person` and `day`.
STEPS: Sequence[tuple[str, Table, Sequence[str | None]]] = (
    ("milestone", milestones, ("name", None, None, "day")),
    ("attestation", attestations, ("requirement", "role", "person", "day")),
    ("attribute", learner_attributes, ("name", "value", None, None)),
    ("credential", learner_credentials, ("credential", "document", None, None)),
    ("declared", declarations, ("award", "place", None, None)),
)


def read_records(
    connection: Connection, learners: Sequence[str], known_at: datetime | None
) -> Mapping[str, LearnerRecord]:
    """Return the records of learners as they are, or were at an instant; of all in three queries.

    Of whom nothing is known there is an empty one.
    """
    steps = _by_learner(learners, _steps(connection, learners, known_at))
    taken = _by_learner(learners, _rows(connection, achievements, learners, known_at))
    decided = _by_learner(learners, _rows(connection, adjustments, learners, known_at))
    return {one: _record(one, steps[one], taken[one], decided[one]) for one in learners}


def _by_learner(learners: Sequence[str], rows: Sequence[AnyRow]) -> Mapping[str, Sequence[AnyRow]]:
    found: dict[str, list[AnyRow]] = {one: [] for one in learners}
    for row in rows:
        found[row.learner].append(row)
    return found


def _rows(
    connection: Connection, table: Table, learners: Sequence[str], known_at: datetime | None
) -> Sequence[AnyRow]:
    """The rows of an aggregate part, in the order of the ids that come behind the learner."""
    told = [column for column in table.c if column.name not in WRITTEN]
    own = select(*told).where(table.c.learner.in_(learners), known(table, known_at))
    return connection.execute(own.order_by(told[1])).all()


def _steps(
    connection: Connection, learners: Sequence[str], known_at: datetime | None
) -> Sequence[AnyRow]:
    """Milestones, attestations, attributes and declared awards as rows of one shape."""
    parts = [
        _step(kind, table, columns).where(table.c.learner.in_(learners), known(table, known_at))
        for kind, table, columns in STEPS
    ]
    return sorted(connection.execute(union_all(*parts)).all(), key=_place)


def _step(kind: str, table: Table, columns: Sequence[str | None]) -> Select[*tuple[Any, ...]]:
    name, text, person, day = (None if one is None else table.c[one] for one in columns)
    return select(
        table.c.learner.label("learner"),
        literal(kind, Name).label("kind"),
        cast(name, Name).label("name"),
        cast(text, Name).label("text"),
        cast(person, Name).label("person"),
        # SQLite knows no dates: a cast would leave the year alone.
        (cast(null(), Date) if day is None else day).label("day"),
    )


def _place(row: AnyRow) -> tuple[str, int, str, str]:
    place = int(row.text) if row.kind == "declared" else 0
    return row.kind, place, row.name, row.text or ""


def _record(
    learner: str, steps: Sequence[AnyRow], taken: Sequence[AnyRow], decided: Sequence[AnyRow]
) -> LearnerRecord:
    return LearnerRecord(
        learner=LearnerId(learner),
        credentials=tuple(
            credential_from_plain(json.loads(row.text)) for row in steps if row.kind == "credential"
        ),
        achievements=tuple(map(achievement_of, taken)),
        milestones=tuple(
            Milestone(name=row.name, on=row.day) for row in steps if row.kind == "milestone"
        ),
        attestations=tuple(_attestation(row) for row in steps if row.kind == "attestation"),
        adjustments=tuple(map(_adjustment, decided)),
        attributes={row.name: read_fact(row.text) for row in steps if row.kind == "attribute"},
        declared=tuple(CredentialId(row.name) for row in steps if row.kind == "declared"),
    )


def achievement_of(row: AnyRow) -> Achievement:
    """Return the achievement of a row."""
    return Achievement(
        id=AchievementId(row.achievement),
        credential=CredentialId(row.credential),
        status=row.status,
        credits=row.credits,
        unit=row.unit,
        grade=row.grade,
        started=row.started,
        earned=row.earned,
        awarded=row.awarded,
        term=row.term,
        source=row.source,
        attempt=row.attempt,
        registration=row.registration,
        used_in=() if row.used_in == NONE else tuple(json.loads(row.used_in)),
        attributes=read_attributes(row.attributes),
    )


def _attestation(row: AnyRow) -> Attestation:
    return Attestation(requirement=row.name, role=row.text, by=row.person, on=row.day)


def _adjustment(row: AnyRow) -> Adjustment:
    return Adjustment(
        id=row.adjustment,
        kind=row.kind,
        award=CredentialId(row.award),
        requirement=row.requirement,
        reason=row.reason,
        by=row.person,
        on=row.day,
        expires=row.expires,
        achievement=row.achievement,
        credential=row.credential,
        amount=row.amount,
    )
