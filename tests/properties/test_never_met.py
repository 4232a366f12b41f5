"""What some record meets is never said to be beyond what anybody can meet."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from app.core.checks.meetable import check_meetable
from tests.properties.asked import audited
from tests.properties.edits import with_achievements
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems())
def test_what_is_met_is_not_called_beyond_meeting(problem: Problem) -> None:
    # What the catalogue says of a credential, its achievements do not say otherwise.
    held = [
        replace(one, credits=None, unit="", attributes={}) for one in problem.record.achievements
    ]
    plain = with_achievements(problem, tuple(held))
    told = zip(plain.rules, plain.policies, audited(plain), strict=True)
    for rule, policies, audit in told:
        found = list(check_meetable(rule, plain.catalogue, policies))
        if audit.planned.met:
            met = {
                one.id
                for one in audit.requirements
                if (one.planned or one.projected or one.now).state == "met"
            }
            assert {one.code for one in found} <= {"CN1007"}
            assert not [one for one in found if one.message.split("`")[1] in met]
