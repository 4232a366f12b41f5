"""The verdict: for each of the three answers the best allocation, and whether it is proven best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from app.core.engine.applying import applied
from app.core.engine.bounds import AwardBound, bound
from app.core.engine.compiled import CompiledAward
from app.core.engine.evaluate import Allocation, Level, Standing, level_of, stand_all
from app.core.engine.posing import Posing
from app.core.engine.prepare import ANSWERS, Pool, pool
from app.core.engine.problem import Problem
from app.core.engine.quick import Try, quickest, ways_of
from app.core.engine.search import search
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


def decide(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Verdict:
    """Judge a record against awards together; AuditError where it cannot be judged."""
    ready = pooled(awards, record, as_of)
    posing = Posing(ready)
    answers: list[AnswerVerdict] = []
    for answer, added in zip(ANSWERS, COUNTING, strict=True):
        if answers and added not in ready.of_status:
            answers.append(answers[-1])
        else:
            answers.append(settle(posing.problem(answer), answer))
    return Verdict(ready, *answers)


def pooled(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Pool:
    """Bring a record to the terms of awards as they are for its learner."""
    readings = [applied(one, record, as_of) for one in awards]
    decided = [one.decided for one in readings]
    return pool([one.award for one in readings], record, as_of, decided)


def settle(problem: Problem, answer: AnswerName) -> AnswerVerdict:
    """Decide one answer: the fast path where its bound is reached, a search where not."""
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
    if level >= best.level:
        best = Try(found.allocation, standings, level, best.bounds, reached=False)
    return _verdict(problem, answer, best, "search", proven=found.proven)


def _verdict(
    problem: Problem, answer: AnswerName, best: Try, method: Method, *, proven: bool = True
) -> AnswerVerdict:
    allocation, standings, level, bounds, _ = best
    return AnswerVerdict(answer, problem, allocation, standings, level, bounds, method, proven)
