"""The verdict: for each of the three answers the best allocation, and whether it is proven best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.core.engine.bounds import AwardBound, attains, bound
from app.core.engine.compiled import CompiledAward
from app.core.engine.construct import construct
from app.core.engine.evaluate import Allocation, Level, Standing, level_of, stand
from app.core.engine.exact import solve_exactly
from app.core.engine.posing import pose
from app.core.engine.prepare import ANSWERS, STATUSES, Pool, pool
from app.core.engine.problem import Problem
from app.core.model.certificate import AnswerName
from app.core.model.record import LearnerRecord

Method = Literal["bounds", "search"]


@dataclass(frozen=True, slots=True, eq=False)
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
    gap: int


@dataclass(frozen=True, slots=True, eq=False)
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


def decide(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Verdict:
    """Judge a record against awards together; AuditError where it cannot be judged."""
    ready = pool(awards, record, as_of)
    present = {item.achievement.status for item in ready.items}
    answers: list[AnswerVerdict] = []
    for answer in ANSWERS:
        added = STATUSES[answer] - STATUSES[ANSWERS[len(answers) - 1]] if answers else present
        if answers and not added & present:
            answers.append(answers[-1])
        else:
            answers.append(settle(pose(ready, answer), answer))
    return Verdict(ready, *answers)


def settle(problem: Problem, answer: AnswerName) -> AnswerVerdict:
    """Decide one answer: the fast path where its bound is reached, the exact path where not."""
    allocation = construct(problem)
    bounds = bound(problem)
    standings = stand_all(problem, allocation)
    method: Method = "bounds"
    proven, gap = True, 0
    if not attains(problem, standings, bounds):
        found = solve_exactly(problem, allocation)
        allocation, proven, gap = found.allocation, found.proven, found.gap
        standings = stand_all(problem, allocation)
        method = "search"
    level = level_of(problem, standings)
    return AnswerVerdict(answer, problem, allocation, standings, level, bounds, method, proven, gap)


def stand_all(problem: Problem, allocation: Allocation) -> tuple[Standing, ...]:
    """Judge every award under an allocation."""
    return tuple(stand(problem, allocation, number) for number in range(len(problem.awards)))
