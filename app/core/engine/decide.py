"""The verdict: for each of the three answers the best allocation, and whether it is proven best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod
from typing import Literal, NamedTuple, TypeVar

from app.core.engine.applying import applied
from app.core.engine.bounds import AwardBound, bound, highest
from app.core.engine.compiled import CompiledAward
from app.core.engine.construct import construct
from app.core.engine.evaluate import Allocation, Level, Standing, level_of, stand
from app.core.engine.exact import solve_exactly
from app.core.engine.posing import pose
from app.core.engine.prepare import ANSWERS, Pool, pool
from app.core.engine.problem import Problem, bits
from app.core.engine.unfinished import spares_unfinished
from app.core.model.certificate import AnswerName
from app.core.model.record import COUNTING, LearnerRecord

Method = Literal["bounds", "search"]
Looked = TypeVar("Looked")


@dataclass(slots=True, eq=False)
class AnswerVerdict:
    """One answer: the allocation chosen, how each award stands, and how that was shown."""

    answer: AnswerName
    problem: Problem
    allocation: Allocation
    standings: tuple[Standing, ...]
    level: Level
    bounds: tuple[AwardBound, ...]
    method: Method
    proven: bool

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


class _Try(NamedTuple):
    """What the fast path came to; `reached` says that nothing can be better."""

    allocation: Allocation
    standings: tuple[Standing, ...]
    level: Level
    bounds: tuple[AwardBound, ...]
    reached: bool


# More ways than this for windows to lie go to the exact path.
MOST_WAYS = 12


def decide(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Verdict:
    """Judge a record against awards together; AuditError where it cannot be judged."""
    ready = pooled(awards, record, as_of)
    answers: list[AnswerVerdict] = []
    for answer, added in zip(ANSWERS, COUNTING, strict=True):
        if answers and added not in ready.of_status:
            answers.append(answers[-1])
        else:
            answers.append(settle(pose(ready, answer), answer))
    return Verdict(ready, *answers)


def pooled(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Pool:
    """Bring a record to the terms of awards as they are for its learner."""
    readings = [applied(one, record, as_of) for one in awards]
    decided = [one.decided for one in readings]
    return pool([one.award for one in readings], record, as_of, decided)


def settle(problem: Problem, answer: AnswerName) -> AnswerVerdict:
    """Decide one answer: the fast path where its bound is reached, the exact path where not."""
    tries = [_quick(one) for one in _windows(problem)]
    best = max(tries, key=lambda one: one.level)
    standings, level, proven, bounds = best.standings, best.level, True, best.bounds
    allocation = best.allocation
    method: Method = "bounds" if len(tries) == 1 and best.reached else "search"
    # Windows leave out nothing: whatever counts lies in one of them.
    if not all(one.reached for one in tries):
        found = solve_exactly(problem, allocation)
        proven, searched = found.proven, stand_all(problem, found.allocation)
        # A search that runs into its limit may have come to less than the fast path did.
        if (reached := level_of(problem, found.allocation, searched)) >= level:
            allocation, standings, level = found.allocation, searched, reached
        # A bound of one window alone says nothing of the others; what is proven needs none.
        bounds = bounds if proven or len(tries) == 1 else bound(problem)
    return AnswerVerdict(answer, problem, allocation, standings, level, bounds, method, proven)


def _quick(problem: Problem) -> _Try:
    """The fast path's allocation, and whether it reaches the bound."""
    allocation = construct(problem)
    standings = stand_all(problem, allocation)
    bounds = bound(problem)
    level = level_of(problem, allocation, standings)
    reached = (
        level[:4] == highest(bounds)[:4]
        and spares_unfinished(problem, level, bounds)
        # Whether something else could count first is for the exact path.
        and not any(level.behind)
    )
    return _Try(allocation, standings, level, bounds, reached)


def _windows(problem: Problem) -> list[Problem]:
    """The problem cut to each way in which windows of their own choice can lie; or as it is."""
    ways = [apart.windows for apart in problem.aparts if apart.conflicts]
    if not ways or prod(map(len, ways)) > MOST_WAYS:
        return [problem]
    return [_cut(problem, way) for way in product(*ways)]


def _cut(problem: Problem, way: Sequence[int]) -> Problem:
    eligible = list(problem.eligible)
    limits = (apart for apart in problem.aparts if apart.conflicts)
    for apart, inside in zip(limits, way, strict=True):
        for place in bits(apart.slots):
            eligible[place] &= inside
    return replace(problem, eligible=tuple(eligible), aparts=())


def stand_all(problem: Problem, allocation: Allocation) -> tuple[Standing, ...]:
    """Judge every award under an allocation."""
    return tuple([stand(problem, allocation, number) for number in range(len(problem.awards))])
