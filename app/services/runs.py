"""Runs over a population: asked for, read while they go on and afterwards, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.core.explain.difference import Difference
from app.core.model.credential import CredentialId
from app.services.bounded import Bounded
from app.services.canonical import digest
from app.services.comparing import as_judged, compared, stored_basis
from app.services.compiling import Compiler
from app.services.errors import NotAuditableError, RecordRefusedError
from app.services.impact import ImpactJudge
from app.services.learners import log_change
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage, Unit
from app.services.run_errors import (
    NobodyToJudgeError,
    NotInRunError,
    RunEndedError,
    UnknownRunError,
)
from app.services.stored import Note, Page, spoken_instant
from app.services.stored_runs import ENDED, Members, StoredRun

ID_LENGTH = 32
KEPT = 4
"""So many runs are ready to tell differences of."""


@dataclass(frozen=True, slots=True)
class ImpactQuestion:
    """An edition, the one to compare it with (else that in force), the day (else today), whom."""

    edition: str
    against: str | None = None
    as_of: date | None = None
    members: Members = "all"


@dataclass(frozen=True, slots=True)
class LearnerImpact:
    """What a run found of a learner as JSON, and the difference; None where nothing is judged."""

    document: bytes
    difference: Difference | None


class RunService:
    """Keeps what is asked; the work itself is done by whoever `wake` wakes."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        compiler: Compiler,
        engine: str,
        wake: Callable[[], None],
    ) -> None:
        """Keep where things are stored; `engine` names this version of the program."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler
        self._engine = engine
        self._wake = wake
        self._judges: Bounded[str, ImpactJudge] = Bounded(KEPT)

    def start_impact(self, award: str, question: ImpactQuestion, note: Note) -> StoredRun:
        """Queue a run that judges learners by two editions of an award.

        What cannot be judged by, or nobody to judge, is refused at once.
        """
        day = question.as_of or self._clock().date()
        with self._storage.reading() as unit:
            found = compared(unit, self._compiler, award, question.edition, question.against, day)
            texts = found.texts(unit)
        ImpactJudge(found.basis)
        inputs = found.inputs(self._engine)
        with self._storage.writing() as unit:
            # Whoever writes takes an instant once a name is locked: none before this one is missed.
            unit.lock(None)
            now = self._clock()
            about = f"{question.members} {spoken_instant(now)} "
            run = StoredRun(
                id=digest(about.encode() + inputs)[:ID_LENGTH],
                award=CredentialId(award),
                edition=found.new.rule.edition,
                against=found.old.rule.edition,
                as_of=day,
                members=question.members,
                engine=self._engine,
                inputs=inputs,
                created_at=now,
                total=0,
            )
            total = unit.population.size(run.population)
            if total == 0:
                raise NobodyToJudgeError(award, question.members)
            for view in found.views.values():
                unit.catalogue.keep_snapshot(view.sha256, view.content)
            run = replace(run, total=total)
            unit.runs.add(run, found.digests, texts)
            log_change(unit, now, note, "impact.asked", award, {"run": run.id})
        self._wake()
        return run

    def get(self, run: str) -> StoredRun:
        """Return a run as far as it is; UnknownRunError."""
        with self._storage.reading() as unit:
            return _run(unit, run)

    def list(self, cursor: str | None = None, limit: int = LISTED) -> Page[StoredRun]:
        """Return the runs, latest first."""
        with self._storage.reading() as unit:
            return page("runs", unit.runs.page, lambda one: one.id, cursor, limit)

    def results(
        self, run: str, change: str = "", cursor: str | None = None, limit: int = LISTED
    ) -> Page[bytes]:
        """Return what was found so far as JSON, by learner; of one change, or of everybody."""
        with self._storage.reading() as unit:
            _run(unit, run)
            found = page(
                f"learners of {run} {change}",
                lambda after, count: unit.runs.results(run, change, after, count),
                lambda one: one[0],
                cursor,
                limit,
            )
        return Page(tuple(document for _, document in found.items), found.next)

    def of_learner(self, run: str, learner: str) -> LearnerImpact:
        """Return what was found of a learner, with the difference of two whole audits."""
        with self._storage.reading() as unit:
            found = _run(unit, run)
            document = unit.runs.result(run, learner)
            if document is None:
                raise NotInRunError(run, learner, ended=found.state in ENDED)
            basis = stored_basis(unit, self._compiler, found.inputs)
            records = unit.population.records([learner], found.created_at)
        judge = self._judges.get(run, lambda: ImpactJudge(basis))
        try:
            (record,) = records.values()
            return LearnerImpact(document, judge.explain(as_judged(record, basis)))
        except (NotAuditableError, RecordRefusedError):
            return LearnerImpact(document, None)

    def cancel(self, run: str, note: Note) -> StoredRun:
        """End a run where it is; what was found stays. RunEndedError where it has ended."""
        with self._storage.writing() as unit:
            found, now = _run(unit, run), self._clock()
            left = unit.runs.leave(replace(found, state="cancelled"), None, now)
            ended = _run(unit, run)
            if left:
                log_change(unit, now, note, "impact.cancelled", found.award, {"run": run})
            elif ended.state != "cancelled":
                raise RunEndedError(run, ended.state)
            return ended


def _run(unit: Unit, run: str) -> StoredRun:
    found = unit.runs.get(run)
    if found is None:
        raise UnknownRunError(run)
    return found
