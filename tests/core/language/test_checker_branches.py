"""Sides of a `when` that nobody reaches: where, and that no others are told."""

from __future__ import annotations

import pytest

from tests.core.language.checking import POLICIES, check

MSC, PGDIP = "{declared: atu/msc}", "{declared: atu/pgdip}"
THIRD, LATER = "{learner: {entry-year: 3}}", "{learner: {entry-year: {from: 2}}}"
ONE, TWO = "{holds: {choose: 1, from: {tag: core}}}", "{holds: {choose: 2, from: {tag: core}}}"
STEP, IN_2026 = "{milestone: m}", "{milestone: {name: m, from: 2026-01-01, to: 2026-12-31}}"


def opposite(circumstance: str) -> str:
    return f"{{not: {circumstance}}}"


def unreached(circumstance: str, *within: str) -> list[str]:
    """Return what is told of a `when` with two sides, in the `then` of others."""
    written = f"{{when: {circumstance}, then: {{take: atu/ml-1}}, else: {{take: atu/ml-2}}}}"
    for around in reversed(within):
        written = f"{{when: {around}, then: {{all: [{{take: atu/project-a}}, {written}]}}}}"
    found = check(f"require: {{all: [{{take: atu/ethics}}, {written}]}}", POLICIES)
    ours = [one for one in found if one.code == "CN0615"]
    assert {one.severity for one in ours} <= {"warning"}
    return [one.path.rpartition(".")[2] for one in ours]


@pytest.mark.parametrize(
    ("around", "inside"),
    [
        (MSC, opposite(MSC)),
        (opposite(MSC), MSC),
        (opposite("{declared: [atu/msc, atu/pgdip]}"), MSC),
        (MSC, opposite("{declared: atu/*}")),
        (THIRD, "{learner: {entry-year: [1, 2]}}"),
        (THIRD, opposite(LATER)),
        ("{learner: {entry-year: {from: 3, to: 4}}}", "{learner: {entry-year: {to: 2}}}"),
        ("{learner: {entry-year: {from: 3, to: 4}}}", opposite(LATER)),
        (TWO, opposite(ONE)),
        (IN_2026, opposite(STEP)),
        (IN_2026, "{milestone: {name: m, to: 2025-12-31}}"),
        (f"{{any: [{MSC}, {PGDIP}]}}", f"{{not: {{any: [{MSC}, {PGDIP}]}}}}"),
        ("{not: {declared: atu/msc, milestone: m}, milestone: m}", MSC),
    ],
)
def test_what_contradicts_the_circumstances_around_it_is_told(around: str, inside: str) -> None:
    assert unreached(inside, around) == ["then"]
    assert unreached(opposite(inside), around) == ["else"]


@pytest.mark.parametrize(
    ("around", "inside"),
    [
        (MSC, PGDIP),
        ("{declared: atu/*}", MSC),
        ("{declared: [atu/msc, atu/pgdip]}", MSC),
        (LATER, THIRD),
        (LATER, "{learner: {entry-year: {from: 3}}}"),
        (opposite(THIRD), LATER),
        (ONE, TWO),
        (STEP, IN_2026),
        ("{holds: {choose: 1, from: {tag: elective}}}", TWO),
        ("{holds: {credits: 5, from: {tag: core}}}", TWO),
        (f"{{any: [{MSC}, {PGDIP}]}}", opposite(MSC)),
        ("{not: {declared: atu/msc, milestone: m}}", MSC),
    ],
)
def test_what_may_be_so_of_somebody_is_let_be(around: str, inside: str) -> None:
    assert unreached(inside, around) == []


def test_what_contradicts_itself_or_always_holds_is_told_by_itself() -> None:
    assert unreached(f"{{declared: atu/msc, not: {MSC}}}") == ["then"]
    assert unreached(f"{{any: [{MSC}, {opposite(MSC)}]}}") == ["else"]


def test_a_circumstance_again_leaves_its_other_side_to_nobody() -> None:
    assert unreached(MSC, PGDIP, MSC) == ["else"]


def test_what_stands_in_a_branch_that_is_told_of_is_not_told_again() -> None:
    inner = f"{{when: {MSC}, then: {{take: atu/ml-2}}}}"
    outer = f"{{when: {opposite(MSC)}, then: {{all: [{{take: atu/ml-1}}, {inner}]}}}}"
    found = check(
        f"require: {{all: [{{take: atu/ethics}}, {{when: {MSC}, then: {outer}}}]}}", POLICIES
    )
    assert [one.path for one in found] == ["$.require.all[1].then.then"]


def test_an_else_is_for_those_of_whom_the_circumstance_does_not_hold() -> None:
    inner = f"{{when: {MSC}, then: {{take: atu/ml-1}}}}"
    body = f"{{when: {MSC}, then: {{take: atu/ml-2}}, else: {inner}}}"
    found = check(f"require: {{all: [{{take: atu/ethics}}, {body}]}}", POLICIES)
    assert [(one.code, one.path) for one in found] == [("CN0615", "$.require.all[1].else.then")]


def test_circumstances_with_very_many_alternatives_end() -> None:
    awards = ", ".join(f"atu/x-{number}" for number in range(40))
    many = ", ".join(f"{{declared: [{awards}], milestone: m{at}}}" for at in range(12))
    assert unreached(f"{{not: {{any: [{many}]}}}}", f"{{any: [{many}]}}") == []


@pytest.mark.parametrize(
    ("around", "selector"),
    [
        (MSC, f"{{tag: core, when: {opposite(MSC)}}}"),
        (MSC, f"{{any: [{{tag: core}}, {{tag: elective, when: {opposite(MSC)}}}]}}"),
        (PGDIP, f"{{when: {MSC}, not: {{tag: core, when: {opposite(MSC)}}}}}"),
        (THIRD, "{tag: core, when: {learner: {entry-year: 1}}}"),
        (PGDIP, "{tag: core, when: {declared: atu/msc, not: {declared: atu/msc}}}"),
    ],
)
def test_a_selector_for_nobody_who_reaches_it_is_told(around: str, selector: str) -> None:
    for asked in (
        f"choose: 1, from: {selector}",
        f"take: atu/ml-1, at_least: [{{choose: 1, from: {selector}}}]",
    ):
        tree = f"{{all: [{{take: atu/ethics}}, {{when: {around}, then: {{{asked}}}}}]}}"
        found = [one for one in check(f"require: {tree}", POLICIES) if one.code == "CN0615"]
        assert [one.severity for one in found] == ["warning"]
        assert found[0].path.startswith("$.require.all[1].then.")


@pytest.mark.parametrize(
    "body",
    [
        f"require: {{when: {MSC}, then: {{choose: 1, from: {{tag: core, when: {PGDIP}}}}}}}",
        f"require: {{choose: 1, from: {{any: [{{when: {MSC}}}, {{when: {opposite(MSC)}}}]}}}}",
        f"at_least: [{{choose: 1, from: {{tag: core, when: {opposite(MSC)}}}}}]",
    ],
)
def test_a_selector_for_somebody_is_not_told(body: str) -> None:
    assert not [one for one in check(body, POLICIES) if one.code == "CN0615"]


def test_a_selector_on_a_side_that_nobody_reaches_is_told_by_that_side_alone() -> None:
    leaf = f"{{choose: 1, from: {{tag: core, when: {MSC}}}}}"
    inside = f"{{when: {opposite(MSC)}, then: {leaf}}}"
    found = check(f"require: {{when: {MSC}, then: {{all: [{inside}]}}}}", POLICIES)
    assert [one.path for one in found if one.code == "CN0615"] == ["$.require.then.all[0].then"]
