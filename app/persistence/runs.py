"""Runs in the database: results are kept in the transaction that says how far a run is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from app.core.model.record import LearnerId
from app.persistence.columns import AnyRow
from app.persistence.tables import rule_texts, run_catalogues, run_changes, run_results, runs
from app.persistence.versions import insert_missing
from app.services.canonical import canonical_json
from app.services.stored_runs import RunResult, StoredRun

IMPACT = "impact"
OPEN = ("queued", "running")
ASKED = (
    *("id", "award", "edition", "against", "as_of", "members", "engine", "inputs"),
    *("created_at", "total"),
)
PROGRESS = ("state", "judged", "cursor", "started_at", "ended_at", "problem", "tries")


class SqlRunRepository:
    """Runs and what they found. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def add(
        self, run: StoredRun, catalogues: Mapping[str, str], texts: Mapping[str, bytes]
    ) -> None:
        """Keep a run with what it rests on.

        These are the digests of catalogues, by institution, and the texts of rules, by digest.
        """
        asked = {name: getattr(run, name) for name in ASKED}
        row = {"kind": IMPACT, **asked, **_progress(run), "holder": ""}
        self._connection.execute(insert(runs).values(row))
        rows = [
            {"run": run.id, "institution": institution, "catalogue": sha256}
            for institution, sha256 in catalogues.items()
        ]
        self._connection.execute(insert(run_catalogues), rows)
        for sha256, source in texts.items():
            insert_missing(self._connection, rule_texts, {"sha256": sha256, "source": source})

    def get(self, run: str) -> StoredRun | None:
        """Return a run, or None."""
        row = self._connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
        return None if row is None else _run(row)

    def page(self, after: str, limit: int) -> tuple[StoredRun, ...]:
        """Return at most `limit` runs, latest first, behind the run `after`."""
        statement = select(runs)
        if after:
            at = select(runs.c.created_at).where(runs.c.id == after).scalar_subquery()
            beside = and_(runs.c.created_at == at, runs.c.id < after)
            statement = statement.where(or_(runs.c.created_at < at, beside))
        order = (runs.c.created_at.desc(), runs.c.id.desc())
        rows = self._connection.execute(statement.order_by(*order).limit(limit))
        return tuple(map(_run, rows))

    def waiting(self, silent_since: datetime) -> str | None:
        """Return the earliest run that is queued, or whose holder has been silent so long."""
        statement = select(runs.c.id).where(_waits(silent_since))
        order = (runs.c.created_at, runs.c.id)
        found: str | None = self._connection.scalar(statement.order_by(*order).limit(1))
        return found

    def claim(self, run: str, holder: str, at: datetime, silent_since: datetime) -> bool:
        """Hold a run that waits; say whether it still did."""
        held = {
            "state": "running",
            "holder": holder,
            "beat_at": at,
            "tries": runs.c.tries + 1,
            "started_at": func.coalesce(runs.c.started_at, at),
        }
        waits = update(runs).where(runs.c.id == run, _waits(silent_since))
        return self._connection.execute(waits.values(held)).rowcount > 0

    def beat(self, run: str, holder: str, at: datetime) -> bool:
        """Say that the holder is at work; False where it holds the run no more."""
        beaten = update(runs).where(_held(run, holder)).values(beat_at=at)
        return self._connection.execute(beaten).rowcount > 0

    def keep(self, run: StoredRun, holder: str, at: datetime, results: Sequence[RunResult]) -> bool:
        """Keep results and how far `run` is with them; False where the holder holds it no more."""
        moved = update(runs).where(_held(run.id, holder))
        moved = moved.values({**_progress(run), "beat_at": at})
        if self._connection.execute(moved).rowcount == 0:
            return False
        rows = [
            {"run": run.id, "learner": one.learner, "document": one.document.decode()}
            for one in results
        ]
        self._connection.execute(insert(run_results), rows)
        changes = [
            {"run": run.id, "change": change, "learner": one.learner}
            for one in results
            for change in one.under
        ]
        self._connection.execute(insert(run_changes), changes)
        return True

    def leave(self, run: StoredRun, holder: str | None, at: datetime) -> bool:
        """End a run or give it back, in the state that `run` has; None is whoever holds it."""
        own = (
            and_(runs.c.id == run.id, runs.c.state.in_(OPEN))
            if holder is None
            else _held(run.id, holder)
        )
        ended = None if run.state in OPEN else at
        said = {"state": run.state, "problem": run.problem, "tries": run.tries, "holder": ""}
        left = update(runs).where(own).values({**said, "ended_at": ended, "beat_at": None})
        return self._connection.execute(left).rowcount > 0

    def results(
        self, run: str, change: str, after: str, limit: int
    ) -> tuple[tuple[LearnerId, bytes], ...]:
        """Return at most `limit` results by learner, behind `after`; of one change, or of all."""
        own = run_results.c
        statement = select(own.learner, own.document).where(own.run == run, own.learner > after)
        if change:
            marks = run_changes.c
            marked = and_(marks.run == own.run, marks.learner == own.learner)
            statement = statement.join(run_changes, marked).where(marks.change == change)
        rows = self._connection.execute(statement.order_by(own.learner).limit(limit))
        return tuple((LearnerId(row.learner), row.document.encode()) for row in rows)

    def result(self, run: str, learner: str) -> bytes | None:
        """Return what a run found of a learner, or None."""
        own = run_results.c
        statement = select(own.document).where(own.run == run, own.learner == learner)
        found: str | None = self._connection.scalar(statement)
        return None if found is None else found.encode()


def _progress(run: StoredRun) -> dict[str, object]:
    counts = canonical_json(dict(run.counts)).decode()
    return {**{name: getattr(run, name) for name in PROGRESS}, "counts": counts}


def _waits(silent_since: datetime) -> ColumnElement[bool]:
    silent = and_(runs.c.state == "running", runs.c.beat_at < silent_since)
    return or_(runs.c.state == "queued", silent)


def _held(run: str, holder: str) -> ColumnElement[bool]:
    return and_(runs.c.id == run, runs.c.state == "running", runs.c.holder == holder)


def _run(row: AnyRow) -> StoredRun:
    names = (*ASKED, *PROGRESS)
    return StoredRun(**{name: getattr(row, name) for name in names}, counts=json.loads(row.counts))
