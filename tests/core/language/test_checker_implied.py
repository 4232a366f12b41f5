"""What the rest of a rule brings in any case, and ways that nobody needs."""

from __future__ import annotations

import pytest

from tests.core.language.checking import POLICIES, check

CORE = "{id: core, take: [atu/ethics, atu/foundations]}"


def told(body: str) -> list[tuple[str, str]]:
    found = check(body, {**POLICIES, "level": "at-least"}, notes=True)
    return [(one.code, one.path) for one in found if one.code != "CN1001"]


def every(*parts: str) -> str:
    return f"require: {{all: [{', '.join(parts)}]}}"


@pytest.mark.parametrize(
    "floor",
    [
        "{credits: 15, from: {tag: core}}",
        "{choose: 2, from: {level: {from: 7}}}",
        "{choose: 2, from: {}}",
        "{choose: 1, from: {tag: [core, elective]}}",
    ],
)
def test_a_floor_that_is_brought_in_any_case_is_told(floor: str) -> None:
    rule = every(CORE, "{credits: 5, from: {tag: elective}}")
    assert told(f"{rule}\nat_least: [{floor}]") == [("CN1002", "$.at_least[0]")]


@pytest.mark.parametrize(
    "floor",
    [
        # More than is named, or of what only a learner states.
        # What is stated for all to read.
        "{credits: 15, from: {}}",
        "{credits: 5, from: {level: {from: 7}, grade: {from: B}}}",
        "{choose: 2, from: {tag: core}, over: record}",
    ],
)
def test_a_floor_that_asks_for_something_is_let_be(floor: str) -> None:
    assert told(f"{every(CORE)}\nat_least: [{floor}]") == []


def test_what_is_beyond_the_catalogue_may_count_toward_a_selector() -> None:
    # All electives of the catalogue are of two issuers, and a record may hold another's.
    rule = "require: {choose: 1, from: {tag: elective}}\n"
    assert told(f"{rule}at_least: [{{choose: 1, from: {{issuer: [atu, harbour]}}}}]") == []


def test_of_a_choice_the_least_is_brought() -> None:
    ways = "{any: [{take: [atu/ethics, atu/foundations]}, {choose: 1, from: {tag: core}}]}"
    assert told(f"{every(ways)}\nat_least: [{{choose: 2, from: {{tag: core}}}}]") == [
        ("CN1003", "$.require.all[0].any[0]")
    ]
    assert ("CN1002", "$.at_least[0]") in told(
        f"{every(ways)}\nat_least: [{{choose: 1, from: {{tag: core}}}}]"
    )


def test_one_floor_brings_another_that_is_wider() -> None:
    floors = "{credits: 10, from: {tag: core, level: 7}}, {id: wide, credits: 5, from: {tag: core}}"
    assert told(f"require: {{credits: 20, from: {{}}, at_least: [{floors}]}}") == [
        ("CN1002", "$.require.at_least[1]")
    ]


def test_what_counts_in_two_requirements_is_one_achievement() -> None:
    rule = every(
        "{id: one, choose: 1, from: {tag: core}}",
        "{choose: 1, from: {tag: [core], type: module}, shares_with: one}",
    )
    assert told(f"{rule}\nat_least: [{{choose: 2, from: {{tag: core}}}}]") == [
        ("CN1002", "$.require.all[0]")
    ]


def test_a_requirement_that_shares_with_one_that_brings_it_is_told() -> None:
    assert told(every(CORE, "{take: atu/ethics, shares_with: core}")) == [
        ("CN1002", "$.require.all[1]")
    ]
    assert told(every(CORE, "{take: atu/ml-1, shares_with: core}")) == []
    assert told(every(CORE, "{choose: 3, from: {tag: core}, shares_with: core}")) != []
    # With something said of it, it asks for more.
    said = "{take: atu/ethics, shares_with: core, each: {grade: A}}"
    assert told(every(CORE, said)) == []


def test_of_two_ways_that_are_one_the_later_is_told() -> None:
    ways = "{any: [{choose: 1, from: {tag: core}}, {choose: 1, from: {tag: core}}]}"
    assert told(f"require: {ways}") == [("CN1003", "$.require.any[1]")]


def test_a_way_that_asks_for_more_of_something_else_is_let_be() -> None:
    assert told("require: {any: [{take: atu/ml-1}, {take: [atu/ethics, atu/ml-2]}]}") == []
    assert told("require: {any: [{choose: 2, from: {tag: core}}, {take: atu/ethics}]}") == []
    graded = "{choose: 1, from: {tag: core, grade: A}}"
    assert told(f"require: {{any: [{graded}, {CORE}]}}") == []
