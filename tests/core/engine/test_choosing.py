"""A choice with an upper end: what counts stands in so many of its parts at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.core.engine import exact, small
from app.core.engine.conflict import smallest_conflict
from app.core.engine.decide import Verdict
from app.core.engine.problem import ChoiceLimit
from app.core.model.credits import Credits
from app.core.model.record import Achievement, Adjustment, Milestone
from tests.core.engine.builders import (
    catalogue,
    certified,
    credential,
    held,
    record,
    written,
)
from tests.core.engine.test_adjustments import adjust

KNOWN = catalogue(
    *(credential(f"x/{name}", 4, "first") for name in "abc"),
    *(credential(f"x/{name}", 4, "second") for name in "de"),
    credential("x/f", 4, "third"),
)
FIRST, SECOND, THIRD = (
    f"{{id: {tag}, choose: {{from: 1, to: 3}}, from: {{tag: {tag}}}}}"
    for tag in ("first", "second", "third")
)
PARTS = f"{FIRST}, {SECOND}, {THIRD}"
# Floors that want different parts, so that their bounds are out of reach.
APART = "at_least: [{choose: 3, from: {tag: first}}, {choose: 2, from: {tag: second}}]"
ALL = tuple(held(f"x/{name}") for name in "abcdef")


def some(ends: str, parts: str = PARTS, more: str = "") -> str:
    return f"  {{id: way, some: {{choose: {ends}, of: [{parts}]}}}}\n{more}"


def decided(
    require: str,
    *holding: Achievement,
    adjusted: tuple[Adjustment, ...] = (),
    steps: tuple[str, ...] = (),
) -> Verdict:
    """The verdict, once the checker has agreed with it."""
    milestones = tuple(Milestone(name=one, on=date(2025, 1, 1)) for one in steps)
    who = replace(record(*holding), adjustments=adjusted, milestones=milestones)
    return certified(written(require), KNOWN, who)


def used(verdict: Verdict) -> Mapping[str, int]:
    """How many achievements count in each leaf in which any does."""
    award, now = verdict.pool.awards[0], verdict.now
    counted = {
        leaf.node.id: sum(now.allocation[place].bit_count() for place in leaf.slots)
        for leaf in award.leaves
    }
    return {name: number for name, number in counted.items() if number}


@pytest.mark.parametrize(
    ("ends", "reached", "met"),
    [("{from: 1, to: 1}", 12, False), ("{from: 1, to: 2}", 20, True), ("1", 20, True)],
)
def test_a_floor_further_up_gains_by_so_many_parts_and_no_more(
    ends: str, reached: int, met: bool
) -> None:
    verdict = decided(some(ends, more="at_least: [{credits: 20}]"), *ALL)
    standing = verdict.now.standings[0]
    assert standing.met is met
    assert standing.condition_reach[0] == Credits(reached * 1000)


def test_the_parts_that_serve_the_award_best_are_used() -> None:
    floor = "at_least: [{choose: 2, from: {tag: second}}]"
    verdict = decided(some("{from: 1, to: 1}", more=floor), *ALL)
    assert used(verdict) == {"second": 2}


def test_with_nought_at_the_lower_end_nothing_is_asked_for() -> None:
    nothing = decided(some("{from: 0, to: 1}"))
    assert (nothing.now.standings[0].met, used(nothing)) == (True, {})
    assert len(used(decided(some("{from: 0, to: 1}"), *ALL))) == 1


def test_a_part_is_used_by_what_is_anywhere_below_it() -> None:
    inner = "{id: inner, all: [{id: one, take: x/a}, {any: [{id: two, take: x/d}, {attest: m}]}]}"
    require = some("{from: 1, to: 1}", f"{inner}, {THIRD}", "at_least: [{choose: 2}]")
    assert used(decided(require, *ALL)) == {"one": 1, "two": 1}


def test_what_only_looks_uses_its_part_too() -> None:
    looking = "{id: looking, choose: 1, from: {tag: second}, counted_in: pool}"
    way = f"{{id: way, some: {{choose: {{from: 1, to: 1}}, of: [{looking}, {THIRD}]}}}}"
    require = f"  all: [{{id: pool, choose: {{from: 1, to: 2}}, from: {{tag: second}}}}, {way}]"
    verdict = decided(require, *ALL)
    assert verdict.now.standings[0].met
    assert len({"looking", "third"} & used(verdict).keys()) == 1


def test_a_step_is_met_beside_the_parts_that_are_used() -> None:
    require = some("{from: 1, to: 1}", f"{PARTS}, {{milestone: thesis}}")
    assert decided(require, steps=("thesis",)).now.standings[0].met
    verdict = decided(require, *ALL, steps=("thesis",))
    assert len(used(verdict)) == 1


def test_where_no_more_parts_can_be_used_nothing_is_bound() -> None:
    award = decided(some("{from: 1, to: 2}", f"{FIRST}, {THIRD}, {{milestone: thesis}}"), *ALL)
    assert award.pool.awards[0].choices == ()


def test_bounds_know_that_the_other_parts_stay_empty() -> None:
    verdict = decided(some("{from: 1, to: 1}", more="at_least: [{credits: 12}]"), *ALL)
    assert (verdict.now.method, verdict.now.standings[0].met) == ("bounds", True)
    # Of three leaves and a floor one leaf and the floor can be met.
    assert verdict.now.bounds[0].level.met == verdict.now.level.met == 2


@pytest.mark.parametrize("looks", [0, small.MOST_LOOKS])
def test_trying_all_and_the_exact_path_keep_it(looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small, "MOST_LOOKS", looks)
    verdict = decided(some("{from: 1, to: 1}", more=APART), *ALL)
    assert (verdict.now.method, verdict.now.proven) == ("search", True)
    assert len(used(verdict)) == 1


def test_the_exact_path_is_asked_where_trying_all_is_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(small, "MOST_LOOKS", 0)
    monkeypatch.setattr(exact, "MOST_TERMS", 0)
    assert not decided(some("{from: 1, to: 1}", more=APART), *ALL).now.proven


class TestDecisions:
    """What was decided about a choice: its lower end goes, the upper one stays."""

    def test_a_waiver_asks_for_nothing_and_uses_no_more_parts(self) -> None:
        require = some("{from: 1, to: 1}", more="at_least: [{credits: 20}]")
        waived = (adjust("waive", "way"),)
        assert decided(some("{from: 1, to: 1}"), adjusted=waived).now.standings[0].met
        verdict = decided(require, *ALL, adjusted=waived)
        assert (verdict.now.standings[0].met, len(used(verdict))) == (False, 1)

    def test_more_parts_that_are_asked_for_may_be_used(self) -> None:
        more = (adjust("adjust-quantity", "way", amount=2),)
        verdict = decided(some("{from: 1, to: 1}"), *ALL, adjusted=more)
        assert (verdict.now.standings[0].met, len(used(verdict))) == (True, 2)

    def test_fewer_parts_that_are_asked_for_leave_the_upper_end(self) -> None:
        fewer = (adjust("adjust-quantity", "way", amount=0),)
        verdict = decided(some("{from: 1, to: 2}"), *ALL, adjusted=fewer)
        assert (verdict.now.standings[0].met, len(used(verdict))) == (True, 2)


def test_a_conflict_names_the_choice_that_uses_too_few_parts() -> None:
    verdict = decided(some("{from: 1, to: 1}", more=APART), *ALL)
    conflict = smallest_conflict(verdict.planned, 0)
    assert conflict is not None
    assert [one.plan.group.id for one in conflict.limits if isinstance(one, ChoiceLimit)] == ["way"]
    assert conflict.minimal
