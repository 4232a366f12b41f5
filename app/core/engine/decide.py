"""The verdict: for each of the three answers the best allocation, and whether it is proven best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod
from typing import Literal, NamedTuple, TypeVar

from app.core.engine import exact
from app.core.engine.applying import applied
from app.core.engine.bounds import AwardBound, bound, highest
from app.core.engine.compiled import CompiledAward
from app.core.engine.construct import construct
from app.core.engine.evaluate import Allocation, Level, Standing, level_of, stand
from app.core.engine.exact import Found, solve_exactly
from app.core.engine.posing import pose
from app.core.engine.prepare import ANSWERS, Pool, pool
from app.core.engine.problem import Problem, bits
from app.core.engine.small import try_all
from app.core.engine.split import Part, cut, divide, settled, whole
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
    ways = _windows(problem)
    best, reached = _quickest(ways, None)
    method: Method = "bounds" if len(ways) == 1 and reached else "search"
    if reached:
        return _verdict(problem, answer, best, method)
    if len(ways) > 1:
        # A bound of one window alone says nothing of the others.
        best = best._replace(bounds=bound(problem))
    found = _searched(problem, best)
    standings = stand_all(problem, found.allocation)
    level = level_of(problem, found.allocation, standings)
    # A search that runs into its limit may have come to less than the fast path did.
    if level >= best.level:
        best = _Try(found.allocation, standings, level, best.bounds, best.reached)
    return _verdict(problem, answer, best, method, proven=found.proven)


def _verdict(
    problem: Problem, answer: AnswerName, best: _Try, method: Method, *, proven: bool = True
) -> AnswerVerdict:
    allocation, standings, level, bounds, _ = best
    return AnswerVerdict(answer, problem, allocation, standings, level, bounds, method, proven)


def _quickest(ways: Sequence[Problem], wanted: Collection[int] | None) -> tuple[_Try, bool]:
    """The best that the fast path comes to, and whether it reaches the bound each way.

    Windows leave out nothing: whatever counts lies in one of them.
    """
    tries = [_quick(one, wanted) for one in ways]
    return max(tries, key=lambda one: one.level), all(one.reached for one in tries)


def _quick(problem: Problem, wanted: Collection[int] | None) -> _Try:
    """The fast path's allocation, and whether it reaches the bound."""
    allocation = construct(problem)
    standings = stand_all(problem, allocation)
    bounds = bound(problem)
    level = level_of(problem, allocation, standings)
    most = highest(bounds)
    reached = (
        level[1:4] == most[1:4]
        and all(
            level.awards[at] == most.awards[at]
            for at in (range(len(bounds)) if wanted is None else wanted)
        )
        and spares_unfinished(problem, level, bounds)
        # Whether something else could count first is for the exact path.
        and not any(level.behind)
    )
    return _Try(allocation, standings, level, bounds, reached)


def _searched(problem: Problem, best: _Try) -> Found:
    """Decide what the fast path leaves open, part by part where parts do not meet."""
    divided = divide(problem, best.standings, best.bounds)
    wanted = [number for number, own in enumerate(best.bounds) if own.level.awards[0]]
    kept: dict[int, Found] = {}
    left = exact.LIMIT
    while True:
        allocation, proven = list(best.allocation), True
        for part in divided.parts:
            if settled(problem, part, best.allocation, best.standings, best.bounds, wanted):
                continue
            found = kept.get(part.slots)
            if found is None:
                alone = cut(problem, divided, part)
                found = kept[part.slots] = _of_part(alone, part, best.allocation, wanted, left)
                left = found.left
            proven = proven and found.proven
            for place in bits(part.slots):
                allocation[place] = found.allocation[place]
        standings = stand_all(problem, allocation)
        missed = [number for number in wanted if not standings[number].met]
        if not proven or not missed:
            break
        # What some part rules out is nothing for another to give anything up for.
        wanted.remove(missed[0])
        for part in divided.parts:
            if whole(problem, part, missed[0], standings[missed[0]]):
                kept.pop(part.slots, None)
    if divided.keep(problem.awards, standings):
        return Found(allocation, proven, left)
    return solve_exactly(problem, best.allocation, left)


def _of_part(
    problem: Problem, part: Part, known: Allocation, wanted: Collection[int], left: float
) -> Found:
    """The best allocation of one part: by trying all, by its own bound, or by a search."""
    own = [inside if part.slots >> place & 1 else 0 for place, inside in enumerate(known)]
    best_of_all = try_all(problem, part, own, wanted)
    if best_of_all is not None:
        return Found(best_of_all, proven=True, left=left)
    quick, reached = _quickest(_windows(problem), wanted)
    if reached:
        return Found(quick.allocation, proven=True, left=left)
    return solve_exactly(problem, quick.allocation, left, wanted)


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
