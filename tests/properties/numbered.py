"""One problem of a large run: made from its seed and number, and put to engine and oracle."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from app.core.engine import small
from tests.properties.asked import (
    besides,
    decided,
    heeds_otherwise,
    mispriced,
    rejected,
    unequal,
    unproven,
)
from tests.properties.constructs import DECIDING, decides
from tests.properties.generator import MOST_ALLOCATIONS, make_problem
from tests.properties.problem import Problem
from tests.properties.sightings import seen
from tests.properties.wanting import make_wanted

LOOKS = small.MOST_LOOKS
LOOKED_INTO = 20
"""Of every so many problems the constructs are counted, which takes longer than the problem."""

Outcome = Literal["equal", "unequal", "not proven", "certificate rejected", "crashed"]


@dataclass(frozen=True, slots=True)
class Trial:
    """How one problem came out, and what it is about if that was looked into."""

    number: int
    outcome: Outcome
    constructs: frozenset[str] | None


def try_number(seed: int, number: int) -> Trial:
    """Try one problem of a seed: the same whatever was tried before it."""
    problem = numbered(seed, number)
    outcome = tried(problem, number)
    looked_into = constructs(problem) if number % LOOKED_INTO == 0 else None
    return Trial(number, outcome, looked_into)


def numbered(seed: int, number: int, most: int = MOST_ALLOCATIONS) -> Problem:
    """Return one problem of a seed; of every third something is wanted beside the rules."""
    problem = make_problem(Random(f"{seed}/{number}"), most)
    if number % 3:
        return problem
    random = Random(f"{seed}/{number}/wanted")
    return problem.asking(make_wanted(random, problem, forced=number % 2 == 0))


def tried(problem: Problem, number: int) -> Outcome:
    """Return how the engine did on a problem."""
    # Every other one is left to the exact path, which small problems seldom need.
    small.MOST_LOOKS = 0 if number % 2 else LOOKS
    try:
        verdict = decided(problem)
        compared = heeds_otherwise if problem.wanted else unequal
        if compared(problem, verdict) or besides(problem, verdict) or mispriced(problem):
            return "unequal"
        if unproven(problem, verdict):
            return "not proven"
        return "certificate rejected" if rejected(problem, verdict) else "equal"
    except Exception:  # noqa: BLE001 - whatever goes wrong, the other problems are tried
        return "crashed"


def constructs(problem: Problem) -> frozenset[str]:
    """Return what a problem is about."""
    now, planned = problem.judged("now"), problem.judged("planned")
    deciding = {name for name in DECIDING if decides(name, problem, planned)}
    return frozenset(seen(problem, now, planned) | deciding)
