"""Learners: who they are, what is known of them, and what was known when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.core.model.record import (
    LearnerId,
)
from app.services.canonical import Json
from app.services.errors import (
    LearnerExistsError,
    UnknownEntryError,
    UnknownLearnerError,
)
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage, Unit
from app.services.stored import (
    AchievementVersion,
    Change,
    LearnerEntry,
    Note,
    Page,
    RecordView,
)

NUMBER = "[1-9][0-9]{0,17}"
"""How a change is numbered."""


class LearnerService:
    """Creates learners and reads their records."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock

    def create(self, learner: str, note: Note) -> LearnerEntry:
        """Keep a learner with an empty record; LearnerExistsError."""
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            if unit.learners.entry(learner) is not None:
                raise LearnerExistsError(learner)
            now = self._clock()
            unit.learners.create(LearnerId(learner), now)
            log_change(unit, now, note, "learner.created", learner, {})
            return learner_entry(unit, learner)

    def list(self, cursor: str | None = None, limit: int = LISTED) -> Page[LearnerEntry]:
        """Return the learners, by id."""
        with self._storage.reading() as unit:
            return page("learners", unit.learners.page, lambda one: one.id, cursor, limit)

    def record(self, learner: str, known_at: datetime | None = None) -> RecordView:
        """Return a record as it is, or as it was known at an instant."""
        with self._storage.reading() as unit:
            return record_view(unit, learner, known_at)

    def history(
        self, learner: str, achievement: str | None = None
    ) -> tuple[AchievementVersion, ...]:
        """Return every state of one achievement or of all, as recorded."""
        with self._storage.reading() as unit:
            learner_entry(unit, learner)
            found = unit.learners.history(learner, achievement)
        if achievement is not None and not found:
            raise UnknownEntryError(learner, "achievement", achievement)
        return found

    def changes(self, learner: str, cursor: str | None = None, limit: int = LISTED) -> Page[Change]:
        """Return who changed what in a record, as it came."""
        with self._storage.reading() as unit:
            learner_entry(unit, learner)
            found = page(
                f"changes of {learner}",
                lambda after, count: unit.changes.page(learner, after, count),
                lambda one: one[0],
                cursor,
                limit,
                NUMBER,
            )
        return Page(tuple(change for _, change in found.items), found.next)


def learner_entry(unit: Unit, learner: str) -> LearnerEntry:
    """Return one learner; UnknownLearnerError."""
    found = unit.learners.entry(learner)
    if found is None:
        raise UnknownLearnerError(learner)
    return found


def record_view(unit: Unit, learner: str, known_at: datetime | None = None) -> RecordView:
    """Return a record with its revision; UnknownLearnerError."""
    entry = learner_entry(unit, learner)
    record = unit.learners.record(learner, known_at)
    if record is None:
        raise UnknownLearnerError(learner)
    return RecordView(record, entry.revision)


def log_change(
    unit: Unit, at: datetime, note: Note, what: str, subject: str, facts: Mapping[str, Json]
) -> None:
    """Keep who changed what of a learner, when and why."""
    unit.changes.add(
        Change(at=at, who=note.who, what=what, subject=subject, why=note.why, facts=facts)
    )
