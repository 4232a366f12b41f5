"""What cannot come before a requirement: told by name, with what would work."""

from __future__ import annotations

import pytest

from tests.core.language.checking import POLICIES, check

REST = "{id: rest, choose: 1, from: {tag: elective}}"


def found(*parts: str) -> list[tuple[str, str]]:
    body = f"require: {{all: [{', '.join(parts)}]}}"
    return [(one.code, one.message) for one in check(body, POLICIES) if one.code == "CN0620"]


@pytest.mark.parametrize(
    ("before", "complaint"),
    [
        ("rst", "`core` comes after `rst`, which is no requirement here"),
        ("core", "`core` comes after `core`, and the one lies in the other"),
        ("require", "`core` comes after `require`, and the one lies in the other"),
        ("dean", "`core` comes after `dean`, which a person confirms and nothing completes"),
        (
            "maybe",
            "`core` comes after `maybe`, which is one requirement or another by circumstance",
        ),
        ("empty", "`core` comes after `empty`, in which nothing counts"),
    ],
)
def test_what_cannot_come_before_is_told(before: str, complaint: str) -> None:
    core = f"{{id: core, take: atu/ethics, after: {before}}}"
    empty, dean = "{id: empty, all: []}", "{id: dean, attest: dean}"
    maybe = "{id: maybe, when: {milestone: interview}, then: {take: atu/ml-2}}"
    assert found(core, REST, dean, empty, maybe) == [("CN0620", complaint)]


def test_a_circle_is_told_at_each_of_its_requirements() -> None:
    core = "{id: core, take: atu/ethics, after: rest}"
    rest = "{id: rest, after: more, all: [{id: one, choose: 1, from: {tag: elective}}]}"
    more = "{id: more, take: atu/ml-2, after: core}"
    assert [message for _, message in found(core, rest, more)] == [
        "`core` comes after `rest`, and `rest` after `core`",
        "`rest` comes after `more`, and `more` after `rest`",
        "`more` comes after `core`, and `core` after `more`",
    ]


def test_no_more_is_asked_of_the_latest_than_there_is() -> None:
    floors = "[{credits: 6}, {choose: 9}, {credits: 5}]"
    body = f"last: {{credits: 5, at_least: {floors}}}"
    told = [(one.code, one.path, one.message) for one in check(body, POLICIES)]
    message = "`last-1-at-least-1` asks for 6 credits of the latest 5 credits"
    assert told == [("CN0621", "$.last[0].at_least[0]", message)]


def test_a_leaf_a_group_and_a_milestone_may_come_before() -> None:
    core = "{id: core, take: atu/ethics, after: [rest, step, few]}"
    few = "{id: few, any: [{take: atu/ml-2}]}"
    assert found(core, REST, "{id: step, milestone: interview}", few) == []
