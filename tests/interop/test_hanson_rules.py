"""Areas of study in the Hanson format as the requirements of an award."""

from __future__ import annotations

from typing import Any

import pytest

from app.interop.hanson_source import MisshapenError
from tests.interop.hanson import area_file, left, required, rule


def leaf(course: str, identifier: str, **more: object) -> dict[str, Any]:
    admitted = {"course": course, "is_stolaf": True}
    return {"id": identifier, "title": course, "choose": 1, "from": admitted, **more}


@pytest.mark.parametrize(
    ("course", "made"),
    [
        ("LAKE 101", {"course": "LAKE 101", "is_stolaf": True}),
        ("course: LAKE 101.L", {"course": "LAKE 101.L", "is_stolaf": True}),
        ("crsid: '0000000042'", {"crsid": "0000000042", "is_stolaf": True}),
        ("ap: AP Rivers", {"ap": "AP Rivers"}),
        ("{course: SEA 1, institution: ABROAD}", {"course": "SEA 1", "institution": "ABROAD"}),
        (
            "{course: SEA 1, grade_option: grade}",
            {"course": "SEA 1", "grade_option": "grade", "is_stolaf": True},
        ),
        (
            "{course: SEA 1, grade: B-}",
            {"course": "SEA 1", "is_stolaf": True, "grade": {"from": "B-"}},
        ),
        ("{course: SEA 1, hidden: true}", {"course": "SEA 1", "is_stolaf": True}),
    ],
)
def test_a_course_is_a_leaf(course: str, made: dict[str, Any]) -> None:
    assert rule(course)["from"] == made
    assert rule(course)["choose"] == 1


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("allow_claimed: true", {"shares_with": "everything"}),
        ("from_claimed: true", {"counted_in": "everything"}),
        ("optional: true", {"optional": True}),
        ("waived: true", {"optional": True}),
    ],
)
def test_a_course_may_say_how_it_counts(said: str, made: dict[str, Any]) -> None:
    assert rule(f"{{course: SEA 1, {said}}}") == leaf("SEA 1", "sea-1", **made)


@pytest.mark.parametrize(
    ("head", "need"),
    [
        ("all:", "all"),
        ("both:", "all"),
        ("any:", "any"),
        ("either:", "any"),
        ("count: all\nof:", "all"),
        ("count: any\nof:", "any"),
    ],
)
def test_a_group_needs_all_or_any(head: str, need: str) -> None:
    found = rule(f"{head} [SEA 1, SEA 2]")
    assert found == {need: [leaf("SEA 1", "sea-1"), leaf("SEA 2", "sea-2")]}


def test_a_group_may_need_some() -> None:
    found = rule("count: 2\nof: [SEA 1, SEA 2, SEA 3]")
    assert found["some"]["choose"] == 2
    assert len(found["some"]["of"]) == 3


def test_at_most_one_of_some_courses_is_one_leaf() -> None:
    found = rule(
        """
        at_most: true
        any:
          - course: SEA 1
          - {course: SEA 2, hidden: true}
          - ap: AP Rivers
          - any: [SEA 3, {crsid: '0000000042'}]
        """
    )
    assert found == {
        "choose": 1,
        "from": {
            "any": [
                {"course": ["SEA 1", "SEA 2", "SEA 3"], "is_stolaf": True},
                {"ap": "AP Rivers"},
                {"crsid": "0000000042", "is_stolaf": True},
            ]
        },
    }


def test_alternatives_of_which_more_may_count_stay_apart() -> None:
    assert "any" in rule("any: [SEA 1, SEA 2]")
    assert "any" in rule("at_most: true\nany: [SEA 1, {both: [SEA 2, SEA 3]}]")
    assert "any" in rule("at_most: true\nany: [SEA 1, {course: SEA 2, allow_claimed: true}]")


WATCHED = """
result:
  all:
    - at_most: true
      either: {parts}
  audit:
    where: {where}
    assert: {{count(courses): {{$gte: 3}}}}
"""


@pytest.mark.parametrize(
    "parts",
    ["[{both: [SEA 1, SEA 2]}, {both: [SEA 3, SEA 4]}]", "[SEA 1, {both: [SEA 201, SEA 202]}]"],
)
def test_of_at_most_one_part_under_a_floor_no_other_is_used(parts: str) -> None:
    found = required(WATCHED.format(parts=parts, where="{gereqs: {$eq: WET}}"))
    assert found["all"][0]["some"]["choose"] == {"from": 1, "to": 1}
    assert left(WATCHED.format(parts=parts, where="{gereqs: {$eq: WET}}")) == []


def test_a_choice_of_which_all_parts_are_needed_uses_all_of_them() -> None:
    found = required(
        """
        result:
          all: [{at_most: true, count: 2, of: [SEA 1, {both: [SEA 2, SEA 3]}]}]
          audit:
            where: {gereqs: {$eq: WET}}
            assert: {count(courses): {$gte: 3}}
        """
    )
    assert found["all"][0]["some"]["choose"] == 2


def test_a_floor_that_cannot_see_the_parts_changes_nothing() -> None:
    parts = "[SEA 101, {both: [SEA 102, SEA 103]}, {ap: AP Rivers}]"
    far = required(WATCHED.format(parts=parts, where="{level: {$in: [200, 300]}}"))
    assert "any" in far["all"][0]
    near = required(WATCHED.format(parts=parts, where="{level: {$in: [100, 200]}}"))
    assert "some" in near["all"][0]


def test_an_audit_is_said_of_the_group() -> None:
    found = required(
        """
        result:
          all: [SEA 1, SEA 2]
          audit:
            all:
              - where: {level: {$eq: 300}}
                assert: {count(courses): {$gte: 1}}
              - where: {$and: [{grade: {$lt: C}}, {is_in_progress: {$eq: false}}]}
                assert: {count(courses): {$eq: 0}}
              - assert: {count(math_perspectives): {$gte: 3}}
              - assert: {average(grades): {$gte: 2.7}}
        """
    )
    bad = {"grade": {"to": "C-"}, "status": "earned", "not": {"status": "in-progress"}}
    assert {key: found[key] for key in ("at_least", "at_most", "distinct", "average")} == {
        "at_least": [{"choose": 1, "from": {"level": 300}}],
        "at_most": [{"choose": 0, "from": bad}],
        "distinct": [{"by": "math_perspective", "from": 3}],
        "average": [{"grade": "2.7", "over": "counted", "from": {"is_in_gpa": True}}],
    }


def test_an_audit_beside_performances_looks_at_courses() -> None:
    found = required(
        """
        result:
          all:
            - SEA 1
            - {from: music recitals, assert: {count(recitals): {$gte: 2}}}
          audit:
            where: {subject: {$neq: SEA}}
            assert: {count(courses): {$lte: 1}}
        """
    )
    selector = {"type": "course", "not": {"subject": "SEA"}}
    assert found["at_most"] == [{"choose": 1, "from": selector}]


def test_requirements_are_named_by_their_path() -> None:
    found = required(
        """
        result:
          all:
            - requirement: Core
            - {requirement: Beyond, optional: true}
        requirements:
          Core:
            message: |
              Two
              of these.
            result: {all: [{requirement: The Shore}, {requirement: Depth}]}
            requirements:
              The Shore: {result: SEA 1}
              Depth: {result: {count: 1, of: [SEA 2, SEA 1]}}
          Beyond: {result: {course: SEA 3}, in_gpa: false, disjoint: true}
        """
    )
    core, beyond = found["all"]
    assert (core["id"], core["title"], core["note"]) == ("core", "Core", "Two of these.")
    shore, depth = core["all"]
    assert shore["id"] == "core.the-shore"
    assert shore["all"] == [leaf("SEA 1", "core.the-shore.sea-1")]
    assert [part["id"] for part in depth["any"]] == ["core.depth.sea-2", "core.depth.sea-1"]
    assert beyond["optional"] is True


def test_a_requirement_may_stand_where_it_is_needed() -> None:
    found = rule("all: [{name: By the Water, result: {either: [SEA 1, SEA 2]}}]")
    (made,) = found["all"]
    assert (made["id"], made["title"]) == ("by-the-water", "By the Water")


def test_what_a_department_audits_waits_for_it() -> None:
    found = required(
        """
        result: {all: [{requirement: Portfolio}, {requirement: Talk}, {requirement: Paper}]}
        requirements:
          Portfolio: {department_audited: true, message: Bring it along.}
          Talk: {department-audited: true}
          Paper: {contract: true, result: SEA 1}
        """
    )
    portfolio, talk, paper = found["all"]
    assert portfolio["attest"] == talk["attest"] == "department"
    assert paper["all"] == [leaf("SEA 1", "paper.sea-1"), {"attest": "department"}]


def test_a_rule_with_a_condition_is_there_where_it_holds() -> None:
    found = rule(
        """
        all:
          - SEA 1
          - $if: {$or: [{has-declared-area-code: '1'}, {has-declared-area-code: '2'}]}
            $then: SEA 2
            $hide-when-false: true
          - $if: {passed-proficiency-exam: Keyboard Level I}
            $then: SEA 3
            $else: SEA 4
        """
    )
    assert found["all"][1] == {
        "when": {"declared": ["stolaf/1", "stolaf/2"]},
        "then": leaf("SEA 2", "sea-2"),
    }
    assert found["all"][2] == {
        "when": {"milestone": "keyboard-level-i"},
        "then": leaf("SEA 3", "sea-3"),
        "else": leaf("SEA 4", "sea-4"),
    }


def test_a_proficiency_is_a_step_or_a_course() -> None:
    found = rule("proficiency: Keyboard Level I\ncourse: {course: SEA 1, grade: B-}")
    step, course = found["any"]
    assert step["milestone"] == "keyboard-level-i"
    assert course["from"]["grade"] == {"from": "B-"}
    assert rule("proficiency: Keyboard Level I")["milestone"] == "keyboard-level-i"


def test_a_template_is_named_and_waits_for_the_department() -> None:
    text = "result:\n  all: [{template: own_courses}]\n"
    assert left(text) == [(6, "template")]
    assert required(text)["all"][0]["attest"] == "department"


def test_emphases_are_tracks() -> None:
    found = required(
        """
        result: {all: [SEA 1]}
        emphases:
          701:
            name: Salt
            result: {all: [{requirement: Electives}]}
            requirements: {Electives: {result: SEA 2}}
          702: {name: Sweet, result: SEA 3}
        """
    )
    salt, sweet = found["all"][1]["tracks"]["of"]
    assert (salt["declared"], salt["require"]["title"]) == ("stolaf/701", "Salt")
    assert salt["require"]["id"] == "701"
    assert salt["require"]["all"][0]["id"] == "701.electives"
    assert sweet["require"]["all"] == [leaf("SEA 3", "702.sea-3")]


def test_a_limit_of_the_file_binds_the_award() -> None:
    award = area_file(
        """
        result: SEA 1
        limit:
          - {at-most: 0, where: {grade_option: {$eq: s/u}}}
          - {at_most: 1, where: {subject: {$neq: SEA}}}
        """
    ).award
    assert award["each"] == [{"must": {"not": {"grade_option": "s/u"}}}]
    assert award["at_most"] == [
        {"choose": 1, "from": {"type": "course", "not": {"subject": "SEA"}}}
    ]


TWICE = """
result: {{all: [{{requirement: Core}}, {{requirement: Depth}}]}}
multicountable: {{SEA 1: [[Core], [Depth]]}}
requirements:
  Core: {{result: {core}}}
  Depth: {{result: {depth}}}
"""
QUERY = (
    "{from: courses, where: {attribute: {$eq: %s}}, "
    "assert: {count(courses): {$gte: 2, at_most: true}}}"
)


def test_a_course_that_may_count_twice_shares() -> None:
    found = required(TWICE.format(core="{all: [SEA 1, SEA 2]}", depth=QUERY % "deep"))
    first, second = found["all"][0]["all"]
    assert first["shares_with"] == ["depth"]
    assert "shares_with" not in second


def test_it_stays_a_requirement_of_its_own() -> None:
    core = "{at_most: true, any: [SEA 1, SEA 2]}"
    found = required(TWICE.format(core=core, depth=QUERY % "deep"))
    assert found["all"][0]["any"][0]["shares_with"] == ["depth"]


def test_two_queries_share_no_other_course() -> None:
    found = required(TWICE.format(core=QUERY % "shore", depth=QUERY % "deep"))
    core, depth = found["all"]
    other, twice = core["all"]
    assert other["from"] == {"bucket": "shore", "not": {"course": "SEA 1"}}
    assert "shares_with" not in other
    assert twice["from"] == {"bucket": "shore", "course": "SEA 1"}
    assert twice["shares_with"] == ["depth"]
    assert (core["at_least"], core["at_most"]) == ([{"choose": 2}], [{"choose": 2}])
    assert depth["choose"] == 2


def test_sharing_that_leads_nowhere_is_named() -> None:
    text = "result: SEA 1\nmulticountable: {SEA 1: [[Core], [Depth]]}\n"
    assert left(text) == [(6, "multicountable")]


def test_other_credits_are_named_where_credits_are_looked_at() -> None:
    credit = "credit: {name=AP Rivers: '1.00'}\n"
    looked = "result: {from: courses, assert: {sum(credits): {$gte: 2}}}\n"
    assert left(credit + looked) == [(5, "credit")]
    assert left(f"{credit}result: SEA 1\n") == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("colour", "result: SEA 1\ncolour: blue\n"),
        ("colour", "result: {course: SEA 1, colour: blue}\n"),
        ("colour", "result: {all: [SEA 1], colour: blue}\n"),
        ("colour", "result: {name: A, result: SEA 1, colour: blue}\n"),
        ("colour", "result: {from: courses, colour: 1, assert: {count(courses): {$gte: 1}}}\n"),
        ("limit", "result: SEA 1\nemphases: {'1': {name: A, result: SEA 2, limit: []}}\n"),
    ],
)
def test_a_word_that_the_mapping_does_not_know_is_named(key: str, text: str) -> None:
    assert [name for _, name in left(text)] == [key]


@pytest.mark.parametrize(
    "text",
    [
        "requirements: {}\n",
        "result: {}\n",
        "result: [SEA 1]\n",
        "result: {requirement: Nowhere}\n",
        "result: {all: []}\n",
        "result: {count: 3, of: [SEA 1]}\n",
        "result: {count: few, of: [SEA 1]}\n",
        "result: {name: A}\n",
        "result: {requirement: A}\nrequirements: {A: {result: {requirement: A}}}\n",
        "result: {all: [{$if: {is-tall: 1}, $then: SEA 1}]}\n",
        "result: {course: SEA 1, grade: Z}\n",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(MisshapenError):
        area_file(text)


def test_an_award_is_as_large_as_what_it_demands() -> None:
    found = area_file(
        """
        result:
          all:
            - SEA 1
            - any: [SEA 2, {both: [SEA 3, SEA 4]}]
            - {from: courses, where: {gereqs: {$eq: WET}}, assert: {sum(credits): {$gte: '2.5'}}}
            - {from: courses, allow_claimed: true, assert: {count(courses): {$gte: 3}}}
            - {from: music recitals, assert: {count(recitals): {$gte: 60}}}
            - {course: SEA 5, optional: true}
        """
    )
    assert found.award["credit"] == {"total": "4.5", "unit": "credit"}


@pytest.mark.parametrize(
    ("courses", "title"),
    [
        ("SEA 1", "SEA 1"),
        ("SEA 1, SEA 2", "SEA 1 or SEA 2"),
        ("SEA 1, SEA 2, SEA 3, SEA 4, SEA 5", "SEA 1, SEA 2, SEA 3 or another course"),
    ],
)
def test_a_choice_of_one_course_is_called_by_the_courses(courses: str, title: str) -> None:
    found = rule(f"all: [{{at_most: true, any: [{courses}]}}]")
    assert found["all"][0]["title"] == title
