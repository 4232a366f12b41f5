"""Earning more takes nothing away, unless the checker notes that the rule may do so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.language.checker_monotone import check_monotone
from tests.properties.asked import all_levels
from tests.properties.edits import with_achievements
from tests.properties.problem import ANSWERS, Problem
from tests.properties.strategies import problems


def noted(problem: Problem) -> bool:
    """Say whether the checker notes something of any of the rules."""
    told = zip(problem.rules, problem.policies, strict=True)
    return any(True for rule, policies in told for _ in check_monotone(rule, policies))


@given(problem=problems(), data=st.data())
def test_one_achievement_more_lowers_nothing_where_nothing_is_noted(
    problem: Problem, data: st.DataObject
) -> None:
    assume(problem.record.achievements and not noted(problem))
    # What an attempt brings is its credential's: another attempt brings no less.
    held = tuple(
        replace(one, credits=None, unit="", attributes={}) for one in problem.record.achievements
    )
    left_out = data.draw(st.integers(0, len(held) - 1))
    less = all_levels(with_achievements(problem, held[:left_out] + held[left_out + 1 :]))
    more = all_levels(with_achievements(problem, held))
    for answer in ANSWERS:
        assert more[answer][:4] >= less[answer][:4]
