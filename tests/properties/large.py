"""The large run: `python -m tests.properties.large --count 20000 --seed 1`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Literal

from app.core.engine import small
from tests.properties.asked import decided, heeds_otherwise, rejected, unequal, unproven
from tests.properties.constructs import DECIDING, SEEN, decides, seen
from tests.properties.generator import make_problem
from tests.properties.kept import to_text
from tests.properties.problem import Problem
from tests.properties.shrink import shrink
from tests.properties.wanting import make_wanted

CORPUS = Path(__file__).parent.parent / "corpus"
LOOKS = small.MOST_LOOKS
LOOKED_INTO = 20
"""Of every so many problems the constructs are counted, which takes longer than the problem."""

Outcome = Literal["equal", "unequal", "not proven", "certificate rejected", "crashed"]


def main(count: int, seed: int) -> int:
    """Try `count` problems, print what was found, and return how many failed."""
    outcomes: Counter[Outcome] = Counter()
    reached: Counter[str] = Counter()
    failures: list[tuple[int, int]] = []
    for number in range(count):
        problem = numbered(seed, number)
        # Every other one is left to the exact path, which small problems seldom need.
        small.MOST_LOOKS = 0 if number % 2 else LOOKS
        outcome = tried(problem)
        outcomes[outcome] += 1
        if outcome != "equal":
            failures.append((problem.effort(), number))
            say(f"problem {number} of seed {seed}: {outcome}")
        if number % LOOKED_INTO == 0:
            reached.update(constructs(problem))
        if (number + 1) % 1000 == 0:
            say(f"{number + 1} tried, {outcomes['equal']} equal")
    report(outcomes, reached, count)
    if failures:
        _, number = min(failures)
        keep(numbered(seed, number), f"seed_{seed}_{number}")
    return len(failures)


def numbered(seed: int, number: int) -> Problem:
    """Return one problem of a seed; of every third something is wanted beside the rules."""
    problem = make_problem(Random(f"{seed}/{number}"))
    if number % 3:
        return problem
    random = Random(f"{seed}/{number}/wanted")
    return problem.asking(make_wanted(random, problem, forced=number % 2 == 0))


def tried(problem: Problem) -> Outcome:
    """Return how the engine did on a problem."""
    try:
        verdict = decided(problem)
        compared = heeds_otherwise if problem.wanted else unequal
        if compared(problem, verdict):
            return "unequal"
        if unproven(problem, verdict):
            return "not proven"
        return "certificate rejected" if rejected(problem, verdict) else "equal"
    except Exception:  # noqa: BLE001 - whatever goes wrong, the other problems are tried
        return "crashed"


def constructs(problem: Problem) -> set[str]:
    """Return what a problem is about."""
    now, planned = problem.judged("now"), problem.judged("planned")
    deciding = {name for name in DECIDING if decides(name, problem, planned)}
    return seen(problem, now, planned) | deciding


def report(outcomes: Counter[Outcome], reached: Counter[str], count: int) -> None:
    """Print how many problems came out how, and how often each construct decided an answer."""
    for outcome, number in outcomes.most_common():
        say(f"{number:7} {outcome}")
    say(f"of {-(-count // LOOKED_INTO)} looked into, so many were decided by or had")
    for name in (*DECIDING, *SEEN):
        say(f"{reached[name]:7} {name}")


def keep(problem: Problem, name: str) -> None:
    """Write the smallest problem that fails in the same way to the corpus."""
    outcome = tried(problem)
    path = CORPUS / f"{name}.json"
    path.write_text(to_text(shrink(problem, lambda smaller: tried(smaller) == outcome)))
    say(f"kept in {path.name}")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(1 if main(arguments.count, arguments.seed) else 0)
