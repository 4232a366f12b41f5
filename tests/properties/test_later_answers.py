"""What is in progress or planned takes nothing away."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given

from app.core.model.requirement import Qualifiers
from tests.properties.asked import all_levels
from tests.properties.edits import with_policy, with_qualifiers
from tests.properties.problem import ANSWERS, Problem
from tests.properties.strategies import problems


@given(problem=problems())
def test_a_later_answer_is_never_below_an_earlier_one(problem: Problem) -> None:
    reached = all_levels(with_policy(with_qualifiers(problem, monotone), {"retakes": "each"}))
    for earlier, later in pairwise(ANSWERS):
        assert reached[later] >= reached[earlier]


def monotone(said: Qualifiers) -> Qualifiers:
    """What is said, without what more credit can break: tops over the record and their like."""
    return replace(
        said,
        averages=tuple(each for each in said.averages if not each.over_record),
        at_most=tuple(bound for bound in said.at_most if not bound.over_record),
        each=tuple(each for each in said.each if not each.over_record),
        distinct=tuple(
            replace(each, high=None) if each.over_record else each for each in said.distinct
        ),
        windows=tuple(
            each
            for each in said.windows
            if each.anchor != "first-applicable" and not each.over_record
        ),
    )
