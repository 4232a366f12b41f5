"""What is known of a learner, written so that nothing that was known is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any, TypeAlias

from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId, Fact
from app.core.model.record import (
    Achievement,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.interop.packs import merge_catalogues
from app.services.basis import institution_of
from app.services.beside import Beside
from app.services.compiling import Compiler
from app.services.errors import (
    RecordRefusedError,
    StaleRevisionError,
    TooManyError,
    UnknownEntryError,
)
from app.services.learners import learner_entry, log_change, record_view
from app.services.ports import Clock, EntryKind, Storage, Unit
from app.services.reading import achievement_of, patched, refuse_unfit, refuse_unfit_record
from app.services.replacing import replaced
from app.services.stored import Change, LineResult, Note, Outcome, RecordView, Written

MOST_LINES = 2000
Act: TypeAlias = Callable[[Unit, datetime], tuple[str, Outcome]]
"""Writes something: returns its name and what happened to it."""
Fitting: TypeAlias = Callable[[Achievement], None]
"""Raises RecordRefusedError where an achievement does not fit."""


class RecordService:
    """Writes learners' records."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def put_record(
        self, wanted: LearnerRecord, note: Note, expected: str | None = None
    ) -> RecordView:
        """Keep a whole record in place of what was known; what it leaves out ends."""
        learner = wanted.learner
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            view = record_view(unit, learner)
            _refuse_stale(learner, expected, view.revision)
            now = self._clock()
            refuse_unfit_record(wanted, self._known(unit, wanted), now.date())
            happened = list(replaced(unit, view.record, wanted, now))
            for what, name in happened:
                log_change(unit, now, note, what, learner, {"entry": name})
            if happened:
                unit.learners.touch(learner)
            return record_view(unit, learner)

    def put_achievement(
        self, learner: str, achievement: Achievement, note: Note, expected: str | None = None
    ) -> Written[Outcome]:
        """Keep an achievement; the same content again changes nothing."""

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            held = record_view(unit, learner).record
            self._fitting(unit, held, now.date())(achievement)
            Beside(held.achievements).add(achievement)
            return achievement.id, unit.learners.put_achievement(learner, achievement, now)

        return self._write(learner, note, "achievement", act, expected)

    def patch_achievement(
        self,
        learner: str,
        achievement: str,
        changes: Mapping[str, Any],
        note: Note,
        expected: str | None = None,
    ) -> Written[Achievement]:
        """Write some keys of an achievement anew; None takes a key's usual value."""
        written: list[Achievement] = []

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            current = unit.learners.achievement(learner, achievement)
            if current is None:
                raise UnknownEntryError(learner, "achievement", achievement)
            wanted = patched(current, changes)
            held = record_view(unit, learner).record
            self._fitting(unit, held, now.date())(wanted)
            Beside(held.achievements).add(wanted)
            written.append(wanted)
            return achievement, unit.learners.put_achievement(learner, wanted, now)

        left = self._write(learner, note, "achievement", act, expected)
        return Written(written[0], left.revision)

    def put_achievements(
        self, learner: str, lines: Sequence[Any], note: Note, expected: str | None = None
    ) -> Written[tuple[LineResult, ...]]:
        """Keep achievements given as decoded values; each line says what happened to it.

        A line that is refused keeps no other line out.
        """
        if len(lines) > MOST_LINES:
            raise TooManyError("achievements", len(lines), MOST_LINES)
        read = self._read_lines(learner, lines)
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            revision = learner_entry(unit, learner).revision
            _refuse_stale(learner, expected, revision)
            now = self._clock()
            beside = Beside(record_view(unit, learner).record.achievements)
            judged = [_beside_others(one, beside) for one in read]
            fit = [one for one in judged if isinstance(one, Achievement)]
            outcomes = iter(unit.learners.put_achievements(learner, fit, now))
            results = tuple(
                LineResult(number, next(outcomes), one.id)
                if isinstance(one, Achievement)
                else LineResult(number, "refused", "", one.diagnostics)
                for number, one in enumerate(judged)
            )
            changes = [
                Change(
                    at=now,
                    who=note.who,
                    what=f"achievement.{one.outcome}",
                    subject=learner,
                    why=note.why,
                    facts={"entry": one.achievement},
                )
                for one in results
                if one.outcome in {"created", "changed"}
            ]
            unit.changes.add(*changes)
            if changes:
                revision = _touched(unit, learner)
        return Written(results, revision)

    def _read_lines(
        self, learner: str, lines: Sequence[Any]
    ) -> Sequence[Achievement | RecordRefusedError]:
        """Lines read and judged before anything is locked, as writers wait for one another."""
        now = self._clock()
        with self._storage.reading() as unit:
            fitting = self._fitting(unit, record_view(unit, learner).record, now.date())
            return [_read_line(line, fitting) for line in lines]

    def put_milestone(
        self, learner: str, milestone: Milestone, note: Note, expected: str | None = None
    ) -> Written[Outcome]:
        """Keep a milestone."""

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            alone = LearnerRecord(learner=LearnerId(learner), milestones=(milestone,))
            refuse_unfit_record(alone, Catalogue(), now.date())
            return milestone.name, unit.learners.put_milestone(learner, milestone, now)

        return self._write(learner, note, "milestone", act, expected)

    def attest(
        self, learner: str, attestation: Attestation, note: Note, expected: str | None = None
    ) -> Written[Outcome]:
        """Keep a person's confirmation."""

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            alone = LearnerRecord(learner=LearnerId(learner), attestations=(attestation,))
            refuse_unfit_record(alone, Catalogue(), now.date())
            return attestation.requirement, unit.learners.put_attestation(learner, attestation, now)

        return self._write(learner, note, "attestation", act, expected)

    def adjust(
        self, learner: str, adjustment: Adjustment, note: Note, expected: str | None = None
    ) -> Written[Outcome]:
        """Keep a person's decision that changes audits."""
        return self._write(
            learner,
            note,
            "adjustment",
            lambda unit, now: (
                adjustment.id,
                unit.learners.put_adjustment(learner, adjustment, now),
            ),
            expected,
        )

    def set_attributes(
        self,
        learner: str,
        attributes: Mapping[str, Fact],
        note: Note,
        expected: str | None = None,
    ) -> Written[Outcome]:
        """Keep exactly these attributes of the learner."""

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            held = record_view(unit, learner).record
            alone = LearnerRecord(learner=held.learner, attributes=attributes)
            refuse_unfit_record(alone, self._known(unit, held), now.date())
            return learner, unit.learners.put_attributes(learner, attributes, now)

        return self._write(learner, note, "attributes", act, expected)

    def declare(
        self,
        learner: str,
        awards: Sequence[CredentialId],
        note: Note,
        expected: str | None = None,
    ) -> Written[Outcome]:
        """Keep exactly these awards as those that the learner works toward."""

        def act(unit: Unit, now: datetime) -> tuple[str, Outcome]:
            alone = LearnerRecord(learner=LearnerId(learner), declared=tuple(awards))
            refuse_unfit_record(alone, self._known(unit, alone), now.date())
            return learner, unit.learners.put_declared(learner, awards, now)

        return self._write(learner, note, "declared", act, expected)

    def remove(
        self,
        learner: str,
        kind: EntryKind,
        name: str,
        note: Note,
        expected: str | None = None,
    ) -> str:
        """End an entry that has one name; it stays in the history. Return the new revision."""
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            _refuse_stale(learner, expected, learner_entry(unit, learner).revision)
            now = self._clock()
            if not unit.learners.end(learner, kind, [name], now):
                raise UnknownEntryError(learner, kind, name)
            log_change(unit, now, note, f"{kind}.removed", learner, {"entry": name})
            return _touched(unit, learner)

    def _write(
        self, learner: str, note: Note, kind: str, act: Act, expected: str | None = None
    ) -> Written[Outcome]:
        with self._storage.writing() as unit:
            unit.lock(f"learner {learner}")
            revision = learner_entry(unit, learner).revision
            _refuse_stale(learner, expected, revision)
            now = self._clock()
            name, outcome = act(unit, now)
            if outcome != "unchanged":
                revision = _touched(unit, learner)
                log_change(unit, now, note, f"{kind}.{outcome}", learner, {"entry": name})
        return Written(outcome, revision)

    def _fitting(self, unit: Unit, held: LearnerRecord, today: date) -> Fitting:
        """Return what refuses achievements that do not fit beside what a record holds.

        Each is held against the catalogue of its own institution; what no catalogue lists and the
        record describes, against those of the institutions that the record names.
        """
        listed = cache(partial(self._listed, unit))
        described = {one.id: one for one in held.credentials}

        def refuse(achievement: Achievement) -> None:
            known = listed(institution_of(achievement.credential))
            own = described.get(achievement.credential)
            if own is None or own.id in known.credentials:
                refuse_unfit(achievement, known, today)
            else:
                refuse_unfit(achievement, self._known(unit, held), today, (own,))

        return refuse

    def _listed(self, unit: Unit, institution: str) -> Catalogue:
        if unit.catalogue.institution(institution) is None:
            return Catalogue()
        return self._compiler.view(unit, institution).catalogue

    def _known(self, unit: Unit, record: LearnerRecord) -> Catalogue:
        """The catalogues of the institutions that a record names; of all where it names none."""
        there = {one.id for one in unit.catalogue.institutions()}
        held = {one.credential for one in record.achievements}
        held |= {one.id for one in record.credentials}
        named = {institution_of(name) for name in (*held, *record.declared)} & there
        views = [self._compiler.view(unit, name) for name in sorted(named or there)]
        return merge_catalogues([view.catalogue for view in views])


def _touched(unit: Unit, learner: str) -> str:
    """Count a change to the record, and return the revision that it has now."""
    unit.learners.touch(learner)
    return learner_entry(unit, learner).revision


def _refuse_stale(learner: str, expected: str | None, current: str) -> None:
    if expected is not None and expected != current:
        raise StaleRevisionError(f"the record of `{learner}`", expected, current)


def _beside_others(
    line: Achievement | RecordRefusedError, beside: Beside
) -> Achievement | RecordRefusedError:
    try:
        if isinstance(line, Achievement):
            beside.add(line)
    except RecordRefusedError as refused:
        return refused
    return line


def _read_line(
    line: Any,  # noqa: ANN401
    refuse: Fitting,
) -> Achievement | RecordRefusedError:
    try:
        achievement = achievement_of(line)
        refuse(achievement)
    except RecordRefusedError as refused:
        return refused
    return achievement
