"""The verdict: for each of the three answers the best allocation, and whether it is proven best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar

from app.core.engine import exact
from app.core.engine.aims import aimed, obeys
from app.core.engine.applying import applied
from app.core.engine.bounds import AwardBound, bound
from app.core.engine.compiled import CompiledAward
from app.core.engine.evaluate import Allocation, Level, Standing, level_of, stand_all
from app.core.engine.exact import solve_exactly
from app.core.engine.heeding import better, heard
from app.core.engine.posing import Posing
from app.core.engine.prepare import ANSWERS, Pool, pool
from app.core.engine.problem import Problem
from app.core.engine.quick import Try, quickest, ways_of
from app.core.engine.search import search
from app.core.model.certificate import AnswerName
from app.core.model.record import COUNTING, LearnerRecord
from app.core.model.wish import NOTHING_WANTED, Wanted

Method = Literal["bounds", "search"]
Looked = TypeVar("Looked")


@dataclass(slots=True, eq=False)
class AnswerVerdict:
    """One answer: the allocation chosen, how each award stands, and how that was shown.

    `settled` says that what is wanted beside the rules is heeded as far as it can be; `spent` are
    the deterministic seconds of a search in which nothing is.
    """

    answer: AnswerName
    problem: Problem
    allocation: Allocation
    standings: tuple[Standing, ...]
    level: Level
    bounds: tuple[AwardBound, ...]
    method: Method
    proven: bool
    settled: bool = True
    spent: float = 0.0

    def gap(self, number: int) -> int:
        """Return by how much the progress of an award may fall short of the best."""
        most, own = self.bounds[number].level.progress, self.standings[number].reached
        return 0 if self.proven else max(0, most - own)


@dataclass(slots=True, eq=False)
class Verdict:
    """The three answers over one pool; answers over the same achievements are one object."""

    pool: Pool
    now: AnswerVerdict
    projected: AnswerVerdict
    planned: AnswerVerdict
    wanted: Wanted = NOTHING_WANTED

    @property
    def answers(self) -> tuple[AnswerVerdict, AnswerVerdict, AnswerVerdict]:
        """The answers in order."""
        return self.now, self.projected, self.planned

    def each(self, look: Callable[[AnswerVerdict], Looked]) -> tuple[Looked, Looked, Looked]:
        """Return what `look` makes of each answer; answers that are one are looked at once."""
        now = look(self.now)
        projected = now if self.projected is self.now else look(self.projected)
        planned = projected if self.planned is self.projected else look(self.planned)
        return now, projected, planned


def decide(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    as_of: date,
    wanted: Wanted = NOTHING_WANTED,
) -> Verdict:
    """Judge a record against awards together; AuditError where it cannot be judged.

    What is `wanted` beside the rules chooses among what is equally good; a forced place is a limit.
    """
    ready = pooled(awards, record, as_of)
    posing = Posing(ready)
    answers: list[AnswerVerdict] = []
    for answer, added in zip(ANSWERS, COUNTING, strict=True):
        if answers and added not in ready.of_status:
            answers.append(answers[-1])
        else:
            answers.append(_decided(ready, posing.problem(answer), answer, wanted))
    now, projected, planned = answers
    return Verdict(ready, now, projected, planned, wanted)


def _decided(ready: Pool, problem: Problem, answer: AnswerName, wanted: Wanted) -> AnswerVerdict:
    """Decide one answer; where nothing respects what is forced, without that."""
    if wanted is NOTHING_WANTED:
        return settle(problem, answer)
    found = settle(aimed(ready, problem, answer, wanted), answer)
    if not obeys(found.problem, found.allocation):
        free = wanted._replace(forced=None)
        return settle(aimed(ready, problem, answer, free), answer)
    return found


def pooled(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Pool:
    """Bring a record to the terms of awards as they are for its learner."""
    readings = [applied(one, record, as_of) for one in awards]
    decided = [one.decided for one in readings]
    return pool([one.award for one in readings], record, as_of, decided)


def settle(problem: Problem, answer: AnswerName) -> AnswerVerdict:
    """Decide one answer: the fast path where its bound is reached, a search where not."""
    if problem.aims is not None:
        return _heeding(problem, answer)
    ways = ways_of(problem)
    best, reached = quickest(ways)
    if reached:
        return _verdict(problem, answer, best, "bounds" if len(ways) == 1 else "search")
    if len(ways) > 1:
        # A bound of one window alone says nothing of the others.
        best = best._replace(bounds=bound(problem))
    found = search(problem, best)
    standings = stand_all(problem, found.allocation)
    level = level_of(problem, found.allocation, standings)
    # A search that runs into its limit may have come to less than the fast path did.
    no_worse = level >= best.level
    if no_worse:
        best = Try(found.allocation, standings, level, best.bounds, reached=False)
    # What is proven is never below it: to say so all the same would be to trust a fault.
    verdict = _verdict(problem, answer, best, "search", proven=found.proven and no_worse)
    verdict.spent = exact.LIMIT - found.left
    return verdict


def _heeding(problem: Problem, answer: AnswerName) -> AnswerVerdict:
    """Decide what is wanted: by the fast path, or in one search of the whole.

    What it may not cost is decided before the search, as if nothing were wanted: what is proven of
    that stays proven.
    """
    ways = ways_of(problem)
    best, settled = heard(ways), True
    method: Method = "bounds" if len(ways) == 1 and best.proven else "search"
    proven = best.proven
    if not best.reached:
        best = best if len(ways) == 1 else best._replace(bounds=bound(problem))
        if not (proven or (problem.aims and problem.aims.forced)):
            free = settle(replace(problem, aims=None), answer)
            best, proven = better(problem, best, free.allocation), free.proven
        found = solve_exactly(problem, best.allocation, exact.LIMIT)
        best = better(problem, best, found.allocation)
        proven, settled = proven or found.proven, found.finished
    return AnswerVerdict(
        answer=answer,
        problem=problem,
        allocation=best.allocation,
        standings=best.standings,
        level=best.merit.level,
        bounds=best.bounds,
        method=method,
        proven=proven,
        settled=settled,
    )


def _verdict(
    problem: Problem, answer: AnswerName, best: Try, method: Method, *, proven: bool = True
) -> AnswerVerdict:
    allocation, standings, level, bounds, _ = best
    return AnswerVerdict(answer, problem, allocation, standings, level, bounds, method, proven)
