"""The neutral checker itself: it accepts valid claims, and names what is wrong with others."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.interop.peer import checker, leaves, measures, standing, where
from tests.interop.peer.checker import Checker, Judged
from tests.interop.peer.where import Student

LAKES = """
result: {all: [{requirement: Core}, {requirement: Depth}]}
requirements:
  Core: {result: {all: [LAKE 101, {course: LAKE 201, grade: C}]}}
  Depth:
    result:
      from: courses
      where: {subject: {$eq: LAKE}}
      limit: [{at_most: 1, where: {level: {$eq: 100}}}]
      assert: {count(courses): {$gte: 2}}
"""


def course(number: int, **stated: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    usual = {
        "clbid": str(number),
        "subject": "LAKE",
        "number": str(number),
        "level": number // 100 * 100,
        "name": f"Lakes {number}",
        "crsid": f"crs-{number}",
        "credits": "1.00",
        "grade_code": "B",
        "grade_option": "grade",
        "course_type": "SE",
        "institution_short": "STOLAF",
        "sub_type": "",
        "section": "",
        "year": "2023",
        "term": "1",
        "attributes": [],
        "gereqs": [],
        "flag_gpa": True,
        "flag_stolaf": True,
        "flag_in_progress": False,
    }
    return {**usual, **stated}


def student(*courses: dict[str, Any], **stated: Any) -> Student:  # noqa: ANN401 -- JSON
    row = {"matriculation": "2023", "areas": [], "exceptions": [], "courses": courses, **stated}
    return Student(row, "900")


def judged(rules: str, who: Student, **claims: list[str]) -> Judged:
    """Judge claims: by course, with a `c` before its number, the requirements by name."""
    by_course = {
        name.removeprefix("c"): frozenset(tuple(path.split(" > ")) for path in paths)
        for name, paths in claims.items()
    }
    area = YAML(typ="safe", pure=True).load(rules)
    return Checker(area, who, by_course).judge()


ALL = student(*map(course, (101, 201, 202, 203, 111, 112)))


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    modules = (where, measures, leaves, standing, checker)
    lines = [line for one in modules for line in inspect.getsource(one).splitlines()]
    ours = [line for line in lines if line.startswith(("from ", "import ")) and " app" in line]
    assert ours == []


def test_valid_claims_are_counted() -> None:
    found = judged(LAKES, ALL, c101=["Core"], c201=["Core"], c202=["Depth"], c111=["Depth"])
    assert found.faults == []
    assert found.states == {(): "met", ("Core",): "met", ("Depth",): "met"}
    assert found.met == 2


def test_what_is_claimed_for_less_than_is_asked_leaves_it_unmet() -> None:
    found = judged(LAKES, ALL, c101=["Core"], c202=["Depth"])
    assert found.faults == []
    assert set(found.states.values()) == {"unmet"}
    assert found.met == 0


@pytest.mark.parametrize(
    ("claims", "fault"),
    [
        pytest.param({"c202": ["Core"]}, "LAKE 202 does not fit Core", id="no rule admits it"),
        pytest.param({"c999": ["Core"]}, "999 does not fit Core", id="not on the transcript"),
        pytest.param({"c101": ["Breadth"]}, "Breadth is no requirement here", id="no such name"),
        pytest.param({"c101": ["Core", "Depth"]}, "LAKE 101 counts 2 times", id="twice"),
        pytest.param(
            {"c111": ["Depth"], "c112": ["Depth"]}, "too much is claimed for Depth", id="a limit"
        ),
    ],
)
def test_what_is_wrong_with_claims_is_named(claims: dict[str, Any], fault: str) -> None:
    assert judged(LAKES, ALL, **claims).faults == [fault]


def test_a_minimum_grade_is_for_what_is_finished() -> None:
    low, going = course(201, grade_code="D"), course(201, grade_code="IP", flag_in_progress=True)
    assert judged(LAKES, student(low), c201=["Core"]).faults == ["LAKE 201 does not fit Core"]
    assert judged(LAKES, student(going), c201=["Core"]).faults == []


def test_two_enrolments_of_a_course_do_not_stand_in_one_rule() -> None:
    twice = student(course(101), course(101, clbid="again"))
    found = judged(LAKES, twice, c101=["Core"], again=["Core"])
    assert found.faults == ["too much is claimed for Core"]


def test_the_limit_of_a_file_is_over_all_that_is_claimed() -> None:
    rules = f"limit: [{{at_most: 1, where: {{level: {{$eq: 200}}}}}}]\n{LAKES}"
    found = judged(rules, ALL, c201=["Core"], c202=["Depth"])
    assert found.faults == ["2 count where a limit is 1"]


SHARED = """
result: {all: [{requirement: Core}, {requirement: Reuse}, {requirement: Of claimed}]}
requirements:
  Core: {result: LAKE 101}
  Reuse:
    result:
      from: courses
      allow_claimed: true
      assert: {count(courses): {$gte: 1}}
  Of claimed: {result: {course: LAKE 101, from_claimed: true}}
"""


def test_rules_that_share_may_have_what_others_claim() -> None:
    found = judged(SHARED, ALL, c101=["Core", "Reuse", "Of claimed"])
    assert found.faults == []
    assert found.met == 3


def test_what_is_borrowed_has_to_be_claimed_by_somebody() -> None:
    found = judged(SHARED, ALL, c101=["Of claimed"])
    assert found.faults == ["LAKE 101 is borrowed, and nobody claims it"]


def test_courses_that_may_count_twice_do() -> None:
    claims = {"c101": ["Core", "Depth"]}
    assert (
        judged(f"multicountable: {{LAKE 101: [[Core], [Depth]]}}\n{LAKES}", ALL, **claims).faults
        == []
    )
    assert judged(f"multicountable: {{LAKE 101: [[Core]]}}\n{LAKES}", ALL, **claims).faults


def test_an_audit_looks_at_all_that_stands_below() -> None:
    rules = LAKES.replace(
        "{requirement: Depth}]}",
        "{requirement: Depth}],"
        " audit: {where: {level: {$eq: 200}}, assert: {sum(credits): {$gte: 3}}}}",
    )
    claims = {"c101": ["Core"], "c201": ["Core"], "c202": ["Depth"], "c111": ["Depth"]}
    assert judged(rules, ALL, **claims).states[()] == "unmet"
    assert judged(rules, ALL, **{**claims, "c203": ["Depth"]}).states[()] == "met"


OFFERED = """
result:
  all:
    - {requirement: One}
    - {requirement: Talk}
    - {$if: {has-declared-area-code: '7'}, $then: {requirement: More}}
requirements:
  One:
    result: {any: [{requirement: Upper}, {requirement: Lower}]}
    requirements: {Upper: {result: LAKE 201}, Lower: {result: LAKE 101}}
  Talk: {department_audited: true}
  More: {result: LAKE 202}
"""


def test_alternatives_confirmations_and_conditions_are_told_apart() -> None:
    found = judged(OFFERED, ALL, c101=["One > Lower"])
    assert found.faults == []
    assert found.states == {
        (): "people",
        ("One",): "met",
        ("One", "Upper"): "unmet",
        ("One", "Lower"): "met",
        ("Talk",): "people",
    }
    assert found.choices == {("One", "Upper"), ("One", "Lower")}


def test_a_condition_that_holds_asks_for_more() -> None:
    who = student(course(101), areas=[{"code": "7"}])
    assert judged(OFFERED, who, c101=["One > Lower"]).states["More",] == "unmet"


@pytest.mark.parametrize(
    ("measure", "met"),
    [
        ("count(terms): {$gte: 2}", True),
        ("count(terms): {$gte: 3}", False),
        ("count(subjects): {$gte: 2}", True),
        ("sum(credits): {$lte: 2}", True),
        ("sum(credits): {$lte: 1}", False),
        ("average(grades): {$gte: '3.5'}", True),
        ("average(grades): {$gte: '3.51'}", False),
        ("count(terms_from_most_common_course_by_name): {$gte: 2}", False),
        ("count(math_perspectives): {$gte: 1}", True),
    ],
)
def test_a_set_is_measured(measure: str, met: bool) -> None:
    rules = f"result: {{from: courses, assert: {{{measure}}}}}"
    one = course(101, grade_code="A", attributes=["math_perspective_a"])
    other = course(201, subject="RIVER", term="3")
    who = student(one, other)
    found = Checker(
        YAML(typ="safe", pure=True).load(rules),
        who,
        {"101": frozenset([()]), "201": frozenset([()])},
    ).judge()
    assert found.faults == []
    assert found.states[()] == ("met" if met else "unmet")


def test_what_is_in_progress_may_be_left_out_of_sight() -> None:
    rules = "result: {from: courses, claim: record, assert: {sum(credits): {$gte: 2}}}"
    area = YAML(typ="safe", pure=True).load(rules)
    who = student(course(101), course(102, grade_code="IP", flag_in_progress=True))
    assert Checker(area, who, {}).judge().states[()] == "met"
    assert Checker(area, replace(who, finished_only=True), {}).judge().states[()] == "unmet"
