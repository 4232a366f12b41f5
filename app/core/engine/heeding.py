"""The fast path where something is wanted: what heeds it, and whether more could be heeded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from app.core.engine.aiming import attempts
from app.core.engine.aims import Merit, heeds, merit_of
from app.core.engine.bounds import AwardBound, bound
from app.core.engine.evaluate import Allocation, Standing, level_of, stand_all
from app.core.engine.problem import Problem
from app.core.engine.quick import is_best


class Heard(NamedTuple):
    """What was come to.

    `proven` says that nothing can be better on levels 1 to 5, `reached` that nothing can be better.
    """

    allocation: Allocation
    standings: tuple[Standing, ...]
    merit: Merit
    bounds: tuple[AwardBound, ...]
    proven: bool
    reached: bool


def heard(ways: Sequence[Problem]) -> Heard:
    """Return the best that the fast path comes to: proven, or reached, where it is each way."""
    tries = [_quick(one) for one in ways]
    return max(tries, key=lambda one: one.merit)._replace(
        proven=all(one.proven for one in tries), reached=all(one.reached for one in tries)
    )


def better(problem: Problem, best: Heard, allocation: Allocation) -> Heard:
    """Return what a search found, or the best so far: a limit may have ended the search."""
    standings = stand_all(problem, allocation)
    merit = merit_of(problem, allocation, level_of(problem, allocation, standings))
    if merit < best.merit:
        return best
    return best._replace(allocation=allocation, standings=standings, merit=merit)


def _quick(problem: Problem) -> Heard:
    """The first attempt that nothing can be better than, or else the best."""
    bounds = bound(problem)
    best: Heard | None = None
    for allocation in attempts(problem):
        one = _tried(problem, allocation, bounds)
        if best is None or one.merit > best.merit:
            best = one
        if one.reached:
            break
    # INVARIANT: there is always an attempt.
    return cast("Heard", best)


def _tried(problem: Problem, allocation: Allocation, bounds: tuple[AwardBound, ...]) -> Heard:
    standings = stand_all(problem, allocation)
    level = level_of(problem, allocation, standings)
    merit = merit_of(problem, allocation, level)
    proven = merit.allowed and is_best(problem, level, bounds)
    return Heard(allocation, standings, merit, bounds, proven, proven and heeds(problem, merit))
