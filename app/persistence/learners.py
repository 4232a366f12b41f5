"""Learners in the database: what is replaced stays readable as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, insert, select, update

from app.core.model.credential import Credential, CredentialId, Fact
from app.core.model.record import (
    Achievement,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.persistence.columns import AnyRow
from app.persistence.record_rows import achievement_of, read_records
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
from app.services.catalogue_json import credential_to_plain
from app.services.facts import write_attributes, write_fact
from app.services.ports import EntryKind
from app.services.stored import AchievementVersion, LearnerEntry, Outcome

KEYS: Mapping[EntryKind, tuple[Table, Sequence[str]]] = {
    "achievement": (achievements, ["achievement"]),
    "milestone": (milestones, ["name"]),
    "attestation": (attestations, ["requirement", "role"]),
    "adjustment": (adjustments, ["adjustment"]),
}


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
        """Return the record as it is, or was at an instant; None where there is no learner."""
        if self.entry(learner) is None:
            return None
        return read_records(self._connection, [learner], known_at)[learner]

    def achievement(self, learner: str, achievement: str) -> Achievement | None:
        """Return one achievement as it is now, or None."""
        same = (achievements.c.learner == learner, achievements.c.achievement == achievement)
        statement = select(achievements).where(*same, known(achievements, None))
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else achievement_of(row)

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
            AchievementVersion(achievement_of(row), row.recorded_at, row.superseded_at)
            for row in rows
        )


def _entry(row: AnyRow) -> LearnerEntry:
    return LearnerEntry(LearnerId(row.id), str(row.revision), row.recorded_at)


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


def _adjustment_values(one: Adjustment) -> dict[str, object]:
    as_they_are = ("kind", "award", "requirement", "reason", "expires")
    values: dict[str, object] = {name: getattr(one, name) for name in as_they_are}
    values |= {"person": one.by, "day": one.on}
    values |= {name: getattr(one, name) for name in ("achievement", "credential", "amount")}
    return values
