"""What is known of a learner, written so that nothing that was known is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId, Fact
from app.core.model.record import Achievement, Adjustment, Attestation, Milestone
from app.services.basis import institution_of
from app.services.compiling import Compiler
from app.services.errors import (
    RecordRefusedError,
    StaleRevisionError,
    TooManyError,
    UnknownEntryError,
)
from app.services.learners import learner_entry, log_change
from app.services.ports import Clock, EntryKind, Storage, Unit
from app.services.reading import achievement_of, patched, refuse_unfit
from app.services.stored import LineResult, Note, Outcome

MOST_LINES = 2000
Act: TypeAlias = Callable[[Unit, datetime], tuple[str, Outcome]]
"""Writes something: returns its name and what happened to it."""


class RecordService:
    """Writes learners' records."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def put_achievement(
        self, learner: str, achievement: Achievement, note: Note, expected: str | None = None
    ) -> Outcome:
        """Keep an achievement; the same content again changes nothing."""

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            refuse_unfit(achievement, self._catalogue(unit, achievement), now.date())
            return achievement.id, unit.learners.put_achievement(learner, achievement, now)

        return self._write(learner, note, "achievement", act, expected)

    def patch_achievement(
        self,
        learner: str,
        achievement: str,
        changes: Mapping[str, Any],
        note: Note,
        expected: str | None = None,
    ) -> Achievement:
        """Write some keys of an achievement anew; None takes a key's usual value."""
        written: list[Achievement] = []

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            current = unit.learners.achievement(learner, achievement)
            if current is None:
                raise UnknownEntryError(learner, "achievement", achievement)
            wanted = patched(current, changes)
            refuse_unfit(wanted, self._catalogue(unit, wanted), now.date())
            written.append(wanted)
            return achievement, unit.learners.put_achievement(learner, wanted, now)

        self._write(learner, note, "achievement", act, expected)
        return written[0]

    def put_achievements(
        self, learner: str, lines: Sequence[Any], note: Note
    ) -> tuple[LineResult, ...]:
        """Keep achievements given as decoded values; each line says what happened to it.

        A line that is refused keeps no other line out.
        """
        if len(lines) > MOST_LINES:
            raise TooManyError("achievements", len(lines), MOST_LINES)
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            learner_entry(unit, learner)
            now = self._clock()
            results = tuple(
                self._line(unit, learner, number, line) for number, line in enumerate(lines)
            )
            for one in results:
                if one.outcome in {"created", "changed"}:
                    what = f"achievement.{one.outcome}"
                    log_change(unit, now, note, what, learner, {"entry": one.achievement})
            if any(one.outcome in {"created", "changed"} for one in results):
                unit.learners.touch(learner)
        return results

    def _line(self, unit: Unit, learner: str, number: int, line: Any) -> LineResult:  # noqa: ANN401
        now = self._clock()
        try:
            achievement = achievement_of(line)
            refuse_unfit(achievement, self._catalogue(unit, achievement), now.date())
        except RecordRefusedError as refused:
            return LineResult(number, "refused", "", refused.diagnostics)
        outcome = unit.learners.put_achievement(learner, achievement, now)
        return LineResult(number, outcome, achievement.id)

    def put_milestone(self, learner: str, milestone: Milestone, note: Note) -> Outcome:
        """Keep a milestone."""
        return self._write(
            learner,
            note,
            "milestone",
            lambda unit, now: (
                milestone.name,
                unit.learners.put_milestone(learner, milestone, now),
            ),
        )

    def attest(self, learner: str, attestation: Attestation, note: Note) -> Outcome:
        """Keep a person's confirmation."""
        return self._write(
            learner,
            note,
            "attestation",
            lambda unit, now: (
                attestation.requirement,
                unit.learners.put_attestation(learner, attestation, now),
            ),
        )

    def adjust(self, learner: str, adjustment: Adjustment, note: Note) -> Outcome:
        """Keep a person's decision that changes audits."""
        return self._write(
            learner,
            note,
            "adjustment",
            lambda unit, now: (
                adjustment.id,
                unit.learners.put_adjustment(learner, adjustment, now),
            ),
        )

    def set_attributes(self, learner: str, attributes: Mapping[str, Fact], note: Note) -> Outcome:
        """Keep exactly these attributes of the learner."""
        return self._write(
            learner,
            note,
            "attributes",
            lambda unit, now: (learner, unit.learners.put_attributes(learner, attributes, now)),
        )

    def declare(self, learner: str, awards: Sequence[CredentialId], note: Note) -> Outcome:
        """Keep exactly these awards as those that the learner works toward."""
        return self._write(
            learner,
            note,
            "declared",
            lambda unit, now: (learner, unit.learners.put_declared(learner, awards, now)),
        )

    def remove(self, learner: str, kind: EntryKind, name: str, note: Note) -> None:
        """End an achievement, milestone or adjustment; it stays in the history."""
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            learner_entry(unit, learner)
            now = self._clock()
            if not unit.learners.end(learner, kind, name, now):
                raise UnknownEntryError(learner, kind, name)
            unit.learners.touch(learner)
            log_change(unit, now, note, f"{kind}.removed", learner, {"entry": name})

    def _write(
        self, learner: str, note: Note, kind: str, act: Act, expected: str | None = None
    ) -> Outcome:
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            entry = learner_entry(unit, learner)
            if expected is not None and expected != entry.revision:
                what = f"the record of `{learner}`"
                raise StaleRevisionError(what, expected, entry.revision)
            now = self._clock()
            name, outcome = act(unit, now)
            if outcome != "unchanged":
                unit.learners.touch(learner)
                log_change(unit, now, note, f"{kind}.{outcome}", learner, {"entry": name})
        return outcome

    def _catalogue(self, unit: Unit, achievement: Achievement) -> Catalogue:
        """The catalogue that lists the credential; an empty one where no institution is known."""
        institution = institution_of(achievement.credential)
        if unit.catalogue.institution(institution) is None:
            return Catalogue()
        return self._compiler.view(unit, institution).catalogue
