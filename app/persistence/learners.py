"""Learners in the database: what is replaced stays readable as it was recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Select,
    Table,
    cast,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from app.core.model.credential import Credential, CredentialId, Fact
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
    learners,
    milestones,
)
from app.persistence.versions import Values, end, known, put, put_many
from app.services.canonical import canonical_json
from app.services.catalogue_json import credential_from_plain, credential_to_plain
from app.services.facts import read_attributes, read_fact, write_attributes, write_fact
from app.services.ports import EntryKind
from app.services.stored import AchievementVersion, LearnerEntry, Outcome

KEYS: Mapping[EntryKind, tuple[Table, Sequence[str]]] = {
    "achievement": (achievements, ["achievement"]),
    "milestone": (milestones, ["name"]),
    "attestation": (attestations, ["requirement", "role"]),
    "adjustment": (adjustments, ["adjustment"]),
}

# Small parts of a record, read by one query: what stands under `name`, `text`, `person` and `day`.
STEPS: Sequence[tuple[str, Table, Sequence[str | None]]] = (
    ("milestone", milestones, ("name", None, None, "day")),
    ("attestation", attestations, ("requirement", "role", "person", "day")),
    ("attribute", learner_attributes, ("name", "value", None, None)),
    ("credential", learner_credentials, ("credential", "document", None, None)),
    ("declared", declarations, ("award", "place", None, None)),
)


class SqlLearnerRepository:
    """Learners and what is known of them. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def entry(self, learner: str) -> LearnerEntry | None:
        """Return one learner, or None."""
        statement = select(learners).where(learners.c.id == learner)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _entry(row)

    def page(self, after: str, limit: int) -> tuple[LearnerEntry, ...]:
        """Return at most `limit` learners in the order of ids, behind `after`."""
        statement = select(learners).where(learners.c.id > after).order_by(learners.c.id)
        return tuple(_entry(row) for row in self._connection.execute(statement.limit(limit)))

    def create(self, learner: LearnerId, at: datetime) -> None:
        """Keep a learner with an empty record."""
        row = {"id": learner, "revision": 0, "recorded_at": at}
        self._connection.execute(insert(learners).values(row))

    def touch(self, learner: str) -> None:
        """Count a change to the record."""
        changed = update(learners).where(learners.c.id == learner)
        self._connection.execute(changed.values(revision=learners.c.revision + 1))

    def record(self, learner: str, known_at: datetime | None) -> LearnerRecord | None:
        """Return the record as it is, or was at an instant; None where there is no learner.

        Four queries, however much is known of the learner.
        """
        if self.entry(learner) is None:
            return None
        steps = self._steps(learner, known_at)
        return LearnerRecord(
            learner=LearnerId(learner),
            credentials=tuple(
                credential_from_plain(json.loads(row.text))
                for row in steps
                if row.kind == "credential"
            ),
            achievements=tuple(
                _achievement(row) for row in self._rows(achievements, learner, known_at)
            ),
            milestones=tuple(
                Milestone(name=row.name, on=row.day) for row in steps if row.kind == "milestone"
            ),
            attestations=tuple(_attestation(row) for row in steps if row.kind == "attestation"),
            adjustments=tuple(
                _adjustment(row) for row in self._rows(adjustments, learner, known_at)
            ),
            attributes={row.name: read_fact(row.text) for row in steps if row.kind == "attribute"},
            declared=tuple(CredentialId(row.name) for row in steps if row.kind == "declared"),
        )

    def _rows(self, table: Table, learner: str, known_at: datetime | None) -> Sequence[AnyRow]:
        """The rows of an aggregate part, in the order of the ids that are its third column."""
        own = select(table).where(table.c.learner == learner, known(table, known_at))
        return self._connection.execute(own.order_by(table.columns.values()[2])).all()

    def _steps(self, learner: str, known_at: datetime | None) -> Sequence[AnyRow]:
        """Milestones, attestations, attributes and declared awards as rows of one shape."""
        parts = [
            _step(kind, table, columns).where(table.c.learner == learner, known(table, known_at))
            for kind, table, columns in STEPS
        ]
        return sorted(self._connection.execute(union_all(*parts)).all(), key=_place)

    def achievement(self, learner: str, achievement: str) -> Achievement | None:
        """Return one achievement as it is now, or None."""
        same = (achievements.c.learner == learner, achievements.c.achievement == achievement)
        statement = select(achievements).where(*same, known(achievements, None))
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _achievement(row)

    def put_achievement(self, learner: str, achievement: Achievement, at: datetime) -> Outcome:
        """Keep an achievement; a different earlier state of it becomes history."""
        key = {"learner": learner, "achievement": achievement.id}
        return put(self._connection, achievements, key, _achievement_values(achievement), at)

    def put_achievements(
        self, learner: str, several: Sequence[Achievement], at: datetime
    ) -> tuple[Outcome, ...]:
        """Keep achievements in turn, as `put_achievement` keeps one."""
        wanted = ((one.id, _achievement_values(one)) for one in several)
        owner = {"learner": learner}
        return put_many(self._connection, achievements, owner, "achievement", wanted, at)

    def put_milestone(self, learner: str, milestone: Milestone, at: datetime) -> Outcome:
        """Keep a milestone."""
        key = {"learner": learner, "name": milestone.name}
        return put(self._connection, milestones, key, {"day": milestone.on}, at)

    def put_attestation(self, learner: str, attestation: Attestation, at: datetime) -> Outcome:
        """Keep an attestation, one a requirement and role."""
        key = {
            "learner": learner,
            "requirement": attestation.requirement,
            "role": attestation.role,
        }
        values = {"person": attestation.by, "day": attestation.on}
        return put(self._connection, attestations, key, values, at)

    def put_adjustment(self, learner: str, adjustment: Adjustment, at: datetime) -> Outcome:
        """Keep an adjustment."""
        key = {"learner": learner, "adjustment": adjustment.id}
        return put(self._connection, adjustments, key, _adjustment_values(adjustment), at)

    def put_attributes(self, learner: str, attributes: Mapping[str, Fact], at: datetime) -> Outcome:
        """Keep exactly these attributes."""
        wanted = {name: {"value": write_fact(fact)} for name, fact in attributes.items()}
        return self._put_all(learner_attributes, "name", learner, wanted, at)

    def put_credentials(
        self, learner: str, described: Sequence[Credential], at: datetime
    ) -> Outcome:
        """Keep exactly these descriptions of credentials."""
        wanted: dict[str, Values] = {
            one.id: {"document": canonical_json(credential_to_plain(one)).decode()}
            for one in described
        }
        return self._put_all(learner_credentials, "credential", learner, wanted, at)

    def put_declared(self, learner: str, awards: Sequence[CredentialId], at: datetime) -> Outcome:
        """Keep exactly these declared awards, in this order."""
        wanted: dict[str, Values] = {award: {"place": place} for place, award in enumerate(awards)}
        return self._put_all(declarations, "award", learner, wanted, at)

    def _put_all(
        self, table: Table, key: str, learner: str, wanted: Mapping[str, Values], at: datetime
    ) -> Outcome:
        """Keep exactly the entries of `wanted`, by key."""
        own = select(table.c[key]).where(table.c.learner == learner, known(table, None))
        gone = [name for name in self._connection.scalars(own) if name not in wanted]
        for name in gone:
            end(self._connection, table, {"learner": learner, key: name}, at)
        outcomes = {
            put(self._connection, table, {"learner": learner, key: name}, values, at)
            for name, values in wanted.items()
        }
        return "changed" if gone or outcomes - {"unchanged"} else "unchanged"

    def end(self, learner: str, kind: EntryKind, names: Sequence[str], at: datetime) -> bool:
        """End an entry of the record; say whether there was one."""
        table, columns = KEYS[kind]
        key = dict(zip(columns, names, strict=True))
        return end(self._connection, table, {"learner": learner, **key}, at)

    def history(self, learner: str, achievement: str | None) -> tuple[AchievementVersion, ...]:
        """Return every state of one achievement or of all, by id and then as recorded."""
        statement = select(achievements).where(achievements.c.learner == learner)
        if achievement is not None:
            statement = statement.where(achievements.c.achievement == achievement)
        rows = self._connection.execute(
            statement.order_by(achievements.c.achievement, achievements.c.seq)
        )
        return tuple(
            AchievementVersion(_achievement(row), row.recorded_at, row.superseded_at)
            for row in rows
        )


def _step(kind: str, table: Table, columns: Sequence[str | None]) -> Select[*tuple[Any, ...]]:
    name, text, person, day = (None if one is None else table.c[one] for one in columns)
    return select(
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


def _entry(row: AnyRow) -> LearnerEntry:
    return LearnerEntry(LearnerId(row.id), str(row.revision), row.recorded_at)


def _achievement(row: AnyRow) -> Achievement:
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
        used_in=tuple(json.loads(row.used_in)),
        attributes=read_attributes(row.attributes),
    )


def _achievement_values(achievement: Achievement) -> dict[str, object]:
    as_they_are = (
        *("credential", "status", "credits", "unit", "grade", "started", "earned", "awarded"),
        *("term", "source", "attempt", "registration"),
    )
    return {
        **{name: getattr(achievement, name) for name in as_they_are},
        "used_in": canonical_json(achievement.used_in).decode(),
        "attributes": write_attributes(achievement.attributes),
    }


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


def _adjustment_values(one: Adjustment) -> dict[str, object]:
    as_they_are = ("kind", "award", "requirement", "reason", "expires")
    values: dict[str, object] = {name: getattr(one, name) for name in as_they_are}
    values |= {"person": one.by, "day": one.on}
    values |= {name: getattr(one, name) for name in ("achievement", "credential", "amount")}
    return values
