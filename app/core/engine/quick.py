"""The fast path: an allocation built greedily, and whether it reaches its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import NamedTuple

from app.core.engine.bounds import AwardBound, bound, highest
from app.core.engine.construct import construct
from app.core.engine.evaluate import Allocation, Level, Standing, level_of, stand_all
from app.core.engine.problem import Problem, bits
from app.core.engine.unfinished import spares_unfinished


class Try(NamedTuple):
    """What the fast path came to; `reached` says that nothing can be better."""

    allocation: Allocation
    standings: tuple[Standing, ...]
    level: Level
    bounds: tuple[AwardBound, ...]
    reached: bool


# More ways than this for windows to lie go to the exact path.
MOST_WAYS = 12


def quickest(ways: Sequence[Problem]) -> tuple[Try, bool]:
    """Return the best that the fast path comes to, and whether it reaches the bound each way.

    Windows leave out nothing: whatever counts lies in one of them.
    """
    tries = [_quick(one) for one in ways]
    return max(tries, key=lambda one: one.level), all(one.reached for one in tries)


def _quick(problem: Problem) -> Try:
    """The fast path's allocation, and whether it reaches the bound."""
    allocation = construct(problem)
    standings = stand_all(problem, allocation)
    bounds = bound(problem)
    level = level_of(problem, allocation, standings)
    return Try(allocation, standings, level, bounds, is_best(problem, level, bounds))


def is_best(problem: Problem, level: Level, bounds: Sequence[AwardBound]) -> bool:
    """Say whether bounds show that nothing can be better than a level."""
    return (
        level[:4] == highest(bounds)[:4]
        and spares_unfinished(problem, level, bounds)
        # Whether something else could count first is for a search.
        and not any(level.behind)
    )


def ways_of(problem: Problem) -> list[Problem]:
    """Return the problem cut to each way in which windows of their own can lie, or as it is."""
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
