"""A conflict cannot be met, and less of it can, by the oracle's judgement."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given

from app.core.engine.conflict import Conflict, Demand, Limit, smallest_conflict
from tests.properties.asked import decided
from tests.properties.demanding import asking
from tests.properties.generator import make_problems
from tests.properties.problem import Problem
from tests.properties.strategies import problems

TRIED, ENOUGH = 1000, 12


def found(problem: Problem) -> Conflict | None:
    """Return what keeps the first award from being met with all that is planned."""
    return smallest_conflict(decided(problem).planned, 0)


def check(problem: Problem, conflict: Conflict) -> None:
    """See the oracle meet whatever lacks one part of a conflict, and not the whole of it."""
    posed = decided(problem).planned.problem

    def met(demands: Sequence[Demand], limits: Sequence[Limit]) -> bool:
        asked = asking(problem, posed, demands, limits)
        return asked.judged("planned").awards[0].met

    # A window also bars what alone is longer than it, whether it is named or not.
    assert not met(conflict.demands, [*conflict.limits, *posed.aparts])
    assert conflict.minimal
    for at in range(len(conflict.demands)):
        assert met(conflict.demands[:at] + conflict.demands[at + 1 :], conflict.limits)
    for at in range(len(conflict.limits)):
        assert met(conflict.demands, conflict.limits[:at] + conflict.limits[at + 1 :])


def test_what_is_in_conflict_cannot_be_met_and_any_less_can() -> None:
    seen = 0
    for problem in make_problems(5, TRIED, most=200, adjusted=False):
        conflict = found(problem) if len(problem.rules) == 1 else None
        if conflict is not None:
            seen += 1
            check(problem, conflict)
        if seen == ENOUGH:
            return
    assert seen == ENOUGH


@given(problem=problems())
def test_a_conflict_of_any_problem_holds(problem: Problem) -> None:
    conflict = found(problem) if len(problem.rules) == 1 else None
    if conflict is not None:
        check(problem, conflict)


@given(problem=problems())
def test_each_part_of_a_conflict_could_be_met_by_itself(problem: Problem) -> None:
    conflict = found(problem) if len(problem.rules) == 1 else None
    if conflict is None:
        return
    assert len(conflict.demands) > 1
    posed = decided(problem).planned.problem
    for demand in conflict.demands:
        asked = asking(problem, posed, [demand], conflict.limits)
        assert asked.judged("planned").awards[0].met
