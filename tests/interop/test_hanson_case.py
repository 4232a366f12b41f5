"""The case that an imported rule has: who holds nothing meets it only if it asks for nothing."""

from __future__ import annotations

import pytest

from tests.interop.hanson import area_file

LOOSE = (
    "{from: courses, claim: record, where: {level: {$eq: 100}}, assert: {sum(credits): {$lte: 4}}}"
)


@pytest.mark.parametrize(
    ("result", "met"),
    [
        ("SEA 1", False),
        ("{any: [SEA 1, {proficiency: Swimming}]}", False),
        (LOOSE, True),
        (f"{{all: [{LOOSE}, {{course: SEA 1, optional: true}}]}}", True),
        (f"{{all: [{LOOSE}, SEA 1]}}", False),
        (f"{{any: [{LOOSE}, SEA 1]}}", True),
        (f"{{count: 2, of: [{LOOSE}, SEA 1, SEA 2]}}", False),
        (f"{{all: [{LOOSE}, {{$if: {{has-declared-area-code: '1'}}, $then: SEA 1}}]}}", True),
        (
            f"{{all: [{LOOSE}, {{$if: {{$not: {{has-completed-course: A}}}}, $then: SEA 1}}]}}",
            False,
        ),
        ("{from: courses, claim: record, assert: {average(grades): {$gte: 2}}}", False),
        (f"{{all: [{LOOSE}], audit: {{assert: {{count(courses): {{$gte: 1}}}}}}}}", False),
        (f"{{all: [{LOOSE}], audit: {{assert: {{count(subjects): {{$gte: 1}}}}}}}}", False),
        ("{name: Portfolio, department_audited: true}", False),
    ],
)
def test_nothing_meets_what_asks_for_something(result: str, met: bool) -> None:
    (case,) = area_file(f"result: {result}\n").award["cases"]
    assert case["record"] == {"earned": []}
    assert case["expect"] == {"met": met}


def test_who_holds_nothing_has_declared_some_time_ago() -> None:
    terms = "{$gte: $terms-since-declaring-major}"
    (case,) = area_file(f"result: {{from: courses, assert: {{count(terms): {terms}}}}}\n").award[
        "cases"
    ]
    assert case["record"] == {"attributes": {"terms-since-declaring": 8}}


def test_the_tracks_of_others_ask_for_nothing() -> None:
    tracks = "emphases: {'1': {name: Salt, result: SEA 2}}\n"
    (case,) = area_file(f"result: {{all: [{LOOSE}]}}\n{tracks}").award["cases"]
    assert case["expect"] == {"met": True}
