"""What a credential says ahead of its achievements, by what these state of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import Stated
from app.core.model.credits import Credits
from app.core.model.record import Achievement, AchievementId
from app.core.model.selector import CreditTest, OneOf, Selector
from tests.core.engine.builders import catalogue, choose, compiled, credential, held, judged, rule

IN_LAB = Selector((OneOf("room", ("lab",)),))
SMALL = Selector((CreditTest(None, Credits(2000)),))


def award(selector: Selector) -> CompiledAward:
    return compiled(rule(choose("any", 2, selector)), catalogue(credential("a")), retakes="each")


def attempt(number: int, credits: int | None = None, **attributes: Stated) -> Achievement:
    own = None if credits is None else Credits(credits)
    name = AchievementId(f"a{number}")
    return replace(held("a"), id=name, credits=own, attributes=attributes)


@pytest.mark.parametrize(
    ("selector", "fitting", "other"),
    [
        pytest.param(IN_LAB, attempt(1, room="lab"), attempt(2), id="stated or not"),
        pytest.param(IN_LAB, attempt(1, room="lab"), attempt(2, room="hall"), id="value"),
        pytest.param(
            IN_LAB,
            attempt(1, day="monday", room="lab"),
            attempt(2, day="monday"),
            id="beside what nobody asks",
        ),
        pytest.param(SMALL, attempt(1, credits=1000), attempt(2), id="credits of its own"),
    ],
)
def test_attempts_are_judged_by_what_each_states(
    selector: Selector, fitting: Achievement, other: Achievement
) -> None:
    rule_of_both = award(selector)
    for several in ((fitting, other), (other, fitting)):
        assert judged([rule_of_both], *several).now.problem.eligible == (1,)


def test_what_nobody_asks_makes_no_difference() -> None:
    asked = award(IN_LAB)
    assert asked.asked == ("room",)
    assert asked.stated(attempt(1, day="monday")) == ()
    assert asked.stated(attempt(1, credits=1000, room="lab")) == ("room",)
    assert award(SMALL).stated(attempt(1, credits=1000, room="lab")) == ("credit",)
