"""What a `where` of the Hanson format admits, as a selector."""

from __future__ import annotations

from typing import Any

import pytest

from app.interop.hanson_algebra import bare_fits, both, either, fits, negated
from app.interop.hanson_source import MisshapenError
from tests.interop.hanson import admitted, area_file, rule


@pytest.mark.parametrize(
    ("where", "selector"),
    [
        ("{subject: {$eq: LAKE}}", {"subject": "LAKE"}),
        ("{course: {$in: [LAKE 101, LAKE 102]}}", {"course": ["LAKE 101", "LAKE 102"]}),
        ("{attribute: {$eq: shore}}", {"bucket": "shore"}),
        ("{attributes: {$in: [shore, deep]}}", {"bucket": ["shore", "deep"]}),
        ("{gereqs: {$eq: WET}}", {"gereq": "WET"}),
        ("{level: {$eq: [200, 300]}}", {"level": [200, 300]}),
        ("{level: {$gte: 200}}", {"level": {"from": 200}}),
        ("{credits: {$eq: '1.0'}}", {"credit": 1}),
        ("{credits: {$eq: 0.25}}", {"credit": "0.25"}),
        ("{is_stolaf: {$eq: false}}", {"is_stolaf": False}),
        ("{is_in_progress: {$eq: true}}", {"status": "in-progress"}),
        ("{type: {$eq: Lab}}", {"sub_type": "Lab"}),
        ("{ap: {$eq: AP Rivers}}", {"ap": "AP Rivers"}),
        ("{semester: {$eq: 2}}", {"semester": "2"}),
        ("{year: {$eq: $matriculation-year}}", {"in_first_year": True}),
        ("{year: {$gte: $matriculation-year}}", {"since_matriculation": True}),
        ("{name: {$eq: $primary-performing-medium}}", {"primary_medium": True}),
        ("{name: {$eq: $current-area-code-music-exam}}", {"name": "Exam: 900"}),
        ("{subject: {$eq: LAKE}, level: {$eq: 200}}", {"subject": "LAKE", "level": 200}),
    ],
)
def test_a_test_is_told_by_its_own_fact(where: str, selector: dict[str, Any]) -> None:
    assert admitted(where) == selector


@pytest.mark.parametrize(
    ("where", "selector"),
    [
        ("{subject: {$neq: LAKE}}", {"type": "course", "not": {"subject": "LAKE"}}),
        ("{number: {$nin: [101, 102]}}", {"type": "course", "not": {"number": ["101", "102"]}}),
        ("{is_in_progress: {$eq: false}}", {"type": "course", "not": {"status": "in-progress"}}),
        ("{$not: {level: {$eq: 100}}}", {"type": "course", "not": {"level": 100}}),
    ],
)
def test_what_is_ruled_out_leaves_courses(where: str, selector: dict[str, Any]) -> None:
    assert admitted(where) == selector


def test_alternatives_that_test_one_fact_are_a_list() -> None:
    where = "{$or: [{attribute: {$eq: shore}}, {attribute: {$eq: deep}}]}"
    assert admitted(where) == {"bucket": ["shore", "deep"]}


def test_alternatives_and_conjunctions_nest() -> None:
    where = "{$or: [{$and: [{subject: {$eq: LAKE}}, {level: {$eq: 300}}]}, {gereqs: {$eq: WET}}]}"
    assert admitted(where) == {"any": [{"subject": "LAKE", "level": 300}, {"gereq": "WET"}]}


def test_a_fact_that_is_tested_twice_is_tested_twice() -> None:
    where = "{$and: [{attribute: {$eq: shore}}, {attribute: {$eq: deep}}]}"
    assert admitted(where) == {"bucket": "shore", "any": [{"bucket": "deep"}]}


def test_a_range_of_numbers_is_written_out() -> None:
    where = "{$and: [{number: {$gte: 171}}, {number: {$lte: 173}}, {subject: {$eq: LAKE}}]}"
    assert admitted(where) == {"subject": "LAKE", "number": ["171", "172", "173"]}


def test_whole_hundreds_of_numbers_are_levels() -> None:
    found = admitted("{number: {$gte: 298}}")
    assert found == {"any": [{"number": ["298", "299"]}, {"level": {"from": 300}}]}


def test_a_grade_is_one_that_was_earned() -> None:
    assert admitted("{grade: {$gte: C}}") == {"grade": {"from": "C"}, "status": "earned"}
    assert admitted("{grade: {$lt: C}}") == {"grade": {"to": "C-"}, "status": "earned"}


def test_in_spring_2020_the_other_grade_suffices() -> None:
    assert admitted("{grade: {$gte: C, $during_covid: C-}}") == {
        "any": [
            {"grade": {"from": "C"}, "status": "earned", "not": {"during_covid": True}},
            {"grade": {"from": "C-"}, "status": "earned", "during_covid": True},
        ]
    }


def test_areas_and_performances_have_facts_of_their_own() -> None:
    areas = rule(
        """
        from: areas
        claim: record
        where: {$and: [{type: {$eq: Major}}, {degree: {$eq: B.A.}}]}
        assert: {count(areas): {$gte: 1}}
        """
    )
    assert areas == {
        "choose": {"from": 1},
        "from": {"type": "declaration", "area_type": "Major", "degree": "B.A."},
        "shares_with": "everything",
        "weight": 0,
    }
    played = rule(
        """
        from: music performances
        where: {$and: [{status: {$eq: entrance}}, {role: {$neq: Composer}}]}
        assert: {count(performances): {$gte: 2}}
        """
    )
    assert played["from"] == {
        "type": "performance",
        "exam_status": "entrance",
        "not": {"role": "Composer"},
    }


@pytest.mark.parametrize(
    "where",
    [
        "{level: {$eq: high}}",
        "{credits: {$eq: some}}",
        "{grade: {$gte: Z}}",
        "{grade: {}}",
        "{subject: {$eq: LAKE, $neq: SEA}}",
        "{subject: LAKE}",
        "{name: {$eq: $unheard-of}}",
        "{is_stolaf: {$eq: perhaps}}",
        "{year: {$lte: $matriculation-year}}",
        "{$if: {is-tall: yes}, $then: {level: {$eq: 100}}}",
        "{$if: {has-declared-area-code: '1'}, $then: {level: {$eq: 100}}, level: {$eq: 200}}",
    ],
)
def test_what_cannot_be_read_is_refused(where: str) -> None:
    with pytest.raises(MisshapenError):
        admitted(where)


def test_a_test_that_no_selector_makes_is_named() -> None:
    found = area_file(
        """
        result:
          from: courses
          where: {$and: [{color: {$eq: blue}}, {subject: {$eq: LAKE}}]}
          assert: {count(courses): {$gte: 1}}
        """
    )
    assert found.not_carried == {"color $eq": 1}
    assert found.found[0].span.line == 8
    assert found.award["require"]["from"] == {"subject": "LAKE"}


A, B, C = {"a": 1}, {"b": 2}, {"a": 3}
WORLDS = [{"a": a, "b": b} for a in (1, 3, 5) for b in (2, 4)]


@pytest.mark.parametrize(
    ("made", "parts"),
    [
        (both(A, B), [A, B]),
        (both(A, C), [A, C]),
        (both({"any": [A, B]}, {"any": [C, B]}), [{"any": [A, B]}, {"any": [C, B]}]),
        (both({"any": [A]}, {"any": [B]}, C), [{"any": [A]}, {"any": [B]}, C]),
        (both(negated(A), negated(B)), [negated(A), negated(B)]),
        (both(negated(A), {"any": [B]}, {"any": [C]}), [negated(A), B, C]),
    ],
)
def test_what_both_admit_is_what_each_admits(made: dict[str, Any], parts: list[Any]) -> None:
    for world in WORLDS:
        assert fits(made, world) is all(fits(part, world) for part in parts)


@pytest.mark.parametrize("parts", [[A, B], [A, C], [negated(A), B], [{"any": [A, B]}, C], [{}, A]])
def test_what_either_admits_is_what_one_admits(parts: list[Any]) -> None:
    made = either(parts)
    for world in WORLDS:
        assert fits(made, world) is any(fits(part, world) for part in parts)


def test_what_is_not_known_may_fit() -> None:
    assert fits({"a": 1, "z": 9}, {"a": 1}) is None
    assert fits({"a": 2, "z": 9}, {"a": 1}) is False
    assert fits({"any": [{"a": 1}, {"z": 9}]}, {"a": 1}) is True
    assert fits({"not": {"z": 9}}, {"a": 1}) is None
    assert fits({"a": {"from": 2}}, {"a": 1}) is False


def test_something_without_facts_fits_only_what_is_ruled_out() -> None:
    assert bare_fits({})
    assert bare_fits({"not": A})
    assert bare_fits({"any": [A, negated(B)]})
    assert not bare_fits(both(A, negated(B)))
    assert not bare_fits({"not": {"not": A}})
