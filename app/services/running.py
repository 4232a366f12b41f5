"""Works through runs: one at a time, in other processes, a batch after the other.

Results of a batch and how far the run is are kept in one transaction, so that whoever is killed
leaves nothing half done. Who works on a run says so every few seconds; a run whose holder has been
silent is taken over by any other process of the service, or by the same one when it starts again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

from app.core.model.record import LearnerId
from app.services.comparing import stored_basis
from app.services.compiling import Compiler
from app.services.impact import NEEDED
from app.services.member_judge import JudgedMembers, Judging, MemberJudge
from app.services.pool import Pool
from app.services.ports import Clock, Storage
from app.services.stored_runs import StoredRun

BATCH = 100
BEAT = timedelta(seconds=5)
SILENT = timedelta(seconds=60)
LOOK = 10.0
"""Seconds after which runs are looked for that others left."""
MOST_TRIES = 3
AGAIN = "it went wrong and is tried again: the log of the service says how"
GIVEN_UP = f"it went wrong {MOST_TRIES} times at one place: the log of the service says how"
LOG = logging.getLogger("cairn.runs")


class LostRunError(Exception):
    """The run was cancelled, or another process holds it."""


class StoppedError(Exception):
    """The service ends."""


class Runner:
    """Works through the runs of a storage; `holder` names this process among all that do."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        compiler: Compiler,
        holder: str,
        workers: int,
        batch: int = BATCH,
    ) -> None:
        """Keep where things are stored; nothing is begun yet."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler
        self._holder = holder
        self._workers = workers
        self._batch = batch
        self._woken = Event()
        self._stopping = Event()

    def wake(self) -> None:
        """Say that a run waits."""
        self._woken.set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Work beside whatever else is done; at the end what is begun is given back."""
        thread = Thread(target=self._look, name="runs", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self.wake()
            thread.join()

    def _look(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self.work()
            except Exception:
                LOG.exception("runs cannot be looked for")
            self._woken.wait(LOOK)

    def work(self) -> None:
        """Work through the runs that wait, until none does or one has gone wrong."""
        while (run := self._claimed()) is not None:
            try:
                self._go_through(run)
            except LostRunError:
                continue
            except StoppedError:
                self._leave(replace(run, state="queued", tries=0))
                return
            except Exception:
                LOG.exception("run %s", run.id)
                self._give_back(run)
                return

    def _claimed(self) -> StoredRun | None:
        now = self._clock()
        with self._storage.reading() as unit:
            waiting = unit.runs.waiting(now - SILENT)
        if waiting is None:
            return None
        with self._storage.writing() as unit:
            claimed = unit.runs.claim(waiting, self._holder, now, now - SILENT)
            return unit.runs.get(waiting) if claimed else None

    def _go_through(self, run: StoredRun) -> None:
        with self._storage.reading() as unit:
            basis = stored_basis(unit, self._compiler, run.inputs)
        batches_left = -(-max(1, run.total - run.judged) // self._batch)
        workers = min(self._workers, batches_left)
        said = self._clock()

        def meanwhile() -> None:
            nonlocal said
            if self._stopping.is_set():
                raise StoppedError
            if self._clock() - said >= BEAT:
                said = self._clock()
                self._beat(run)

        judging = Judging(self._storage, run.created_at, basis)
        needed = (*NEEDED, type(self._storage).__module__)
        with Pool[Sequence[LearnerId], JudgedMembers](
            workers, MemberJudge, judging, needed
        ) as pool:
            for found in pool.each(self._batches(run), meanwhile):
                run = self._keep(run, found)
        self._leave(replace(run, state="finished"))

    def _batches(self, run: StoredRun) -> Iterator[Sequence[LearnerId]]:
        """Those who are not judged yet."""
        after = run.cursor
        while True:
            with self._storage.reading() as unit:
                members = unit.population.members(run.population, after, self._batch)
            if not members:
                return
            yield members
            after = members[-1]

    def _beat(self, run: StoredRun) -> None:
        now = self._clock()
        with self._storage.writing() as unit:
            if not unit.runs.beat(run.id, self._holder, now):
                raise LostRunError

    def _keep(self, run: StoredRun, found: JudgedMembers) -> StoredRun:
        counts = Counter(run.counts)
        counts.update(found.counts)
        further = replace(
            run,
            judged=run.judged + len(found.results),
            cursor=found.results[-1].learner,
            counts=dict(counts),
            problem="",
            tries=0,
        )
        now = self._clock()
        with self._storage.writing() as unit:
            if not unit.runs.keep(further, self._holder, now, found.results):
                raise LostRunError
        return further

    def _leave(self, run: StoredRun) -> None:
        now = self._clock()
        with self._storage.writing() as unit:
            unit.runs.leave(run, self._holder, now)

    def _give_back(self, run: StoredRun) -> None:
        """Let a run be tried again, from what is kept of it, but not for ever."""
        now = self._clock()
        with self._storage.writing() as unit:
            kept = unit.runs.get(run.id) or run
            if kept.tries < MOST_TRIES:
                left = replace(kept, state="queued", problem=AGAIN)
            else:
                left = replace(kept, state="failed", problem=GIVEN_UP)
            unit.runs.leave(left, self._holder, now)
