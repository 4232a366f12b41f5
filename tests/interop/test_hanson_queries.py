"""Queries of the Hanson format: one chosen set, and what has to hold of it."""

from __future__ import annotations

from typing import Any

import pytest

from app.interop.hanson_source import MisshapenError
from tests.interop.hanson import asserted, left, rule

SHORE = "where: {attribute: {$eq: shore}}"


@pytest.mark.parametrize(
    ("assertion", "form"),
    [
        ("{count(courses): {$gte: 3}}", {"choose": {"from": 3}}),
        ("{count(courses): {$gte: 3, at_most: true}}", {"choose": 3}),
        ("{count(courses): {$eq: 3}}", {"choose": {"from": 3, "to": 3}}),
        ("{count(courses): {$eq: 3, at_most: true}}", {"choose": 3}),
        ("{count(courses): {$gte: 3, label: '3 or 4'}}", {"choose": {"from": 3}}),
        ("{sum(credits): {$gte: '1.50'}}", {"credits": {"from": "1.5"}}),
        ("{sum(credits): {$gte: 2, at_most: true}}", {"credits": 2}),
        ("{count(terms): {$gte: 4}}", {"terms": {"from": 4}}),
        ("{count(terms): {$gte: 4, at_most: true}}", {"terms": 4}),
        (
            "{count(terms): {$gte: $terms-since-declaring-major, at_most: true}}",
            {"terms": "terms-since-declaring"},
        ),
        (
            "{count(subjects): {$gte: 2}}",
            {"choose": {"from": 2}, "distinct": [{"by": "subject", "from": 2}]},
        ),
        (
            "{count(distinct_courses): {$gte: 2, at_most: true}}",
            {"choose": 2, "distinct": [{"by": "crsid", "from": 2}]},
        ),
        (
            "{sum(credits_from_single_subject): {$gte: 1}}",
            {"credits": {"from": 1}, "distinct": [{"by": "subject", "to": 1}]},
        ),
        (
            "{count(terms_from_most_common_course): {$gte: 4}}",
            {"terms": {"from": 4}, "distinct": [{"by": "crsid", "to": 1}]},
        ),
    ],
)
def test_a_measure_is_a_quantity(assertion: str, form: dict[str, Any]) -> None:
    assert asserted(f"assert: {assertion}") == form


def test_side_conditions_are_floors_caps_and_breadths_of_the_set() -> None:
    found = asserted(
        "assert: {count(courses): {$gte: 5, at_most: true}}",
        "{where: {level: {$eq: 300}}, assert: {count(courses): {$gte: 2, at_most: true}}}",
        "{where: {attribute: {$eq: deep}}, assert: {count(courses): {$lte: 1}}}",
        "assert: {count(subjects): {$gte: 3}}",
        "assert: {sum(credits): {$gte: 4}}",
    )
    assert found == {
        "choose": 5,
        "at_least": [{"choose": 2, "from": {"level": 300}}, {"credits": 4}],
        "at_most": [{"choose": 1, "from": {"bucket": "deep"}}],
        "distinct": [{"by": "subject", "from": 3}],
    }


def test_a_side_condition_bears_its_message() -> None:
    found = asserted(
        "assert: {count(courses): {$gte: 5}}",
        f"{{{SHORE}, assert: {{count(courses): {{$gte: 2}}}}, message: Two by the shore}}",
    )
    (floor,) = found["at_least"]
    assert floor["title"] == "Two by the shore"


def test_alternatives_of_a_side_condition_are_one_floor() -> None:
    found = asserted(
        "assert: {count(courses): {$gte: 2}}",
        "{any: [{where: {subject: {$eq: SEA}}}, {course: LAKE 9}], "
        "assert: {count(courses): {$gte: 1}}}",
    )
    assert found["at_least"] == [
        {"choose": 1, "from": {"any": [{"subject": "SEA"}, {"course": "LAKE 9"}]}}
    ]


def test_demands_on_parts_alone_demand_as_much_of_the_whole() -> None:
    found = asserted(
        f"{{{SHORE}, assert: {{count(courses): {{$gte: 1}}}}}}",
        "{where: {level: {$eq: 300}}, assert: {count(courses): {$gte: 2}}}",
    )
    assert found["choose"] == {"from": 2}
    assert len(found["at_least"]) == 2


def test_terms_of_a_part_are_counted_beside_the_set() -> None:
    found = asserted(
        "assert: {count(terms): {$gte: 3}}",
        "{where: {level: {$eq: 300}}, assert: {count(terms): {$gte: 2}}}",
    )
    chosen, beside = found["all"]
    assert chosen["terms"] == {"from": 3}
    assert beside == {
        "terms": {"from": 2},
        "from": {"subject": "LAKE", "level": 300},
        "counted_in": chosen["id"],
    }


def test_terms_of_one_course_are_counted_beside_the_set() -> None:
    found = asserted(
        "assert: {count(terms): {$gte: 6}}",
        "assert: {count(terms_from_most_common_course_by_name): {$gte: 4}}",
    )
    chosen, beside = found["all"]
    assert beside["terms"] == {"from": 4}
    assert beside["distinct"] == [{"by": "course_name", "to": 1}]
    assert beside["counted_in"] == chosen["id"]


def test_a_cap_on_terms_caps_courses_where_each_term_has_one() -> None:
    found = asserted(
        "assert: {count(terms): {$gte: 6, at_most: true}}",
        "{where: {level: {$eq: 100}}, assert: {count(terms): {$lte: 4}}}",
    )
    assert found == {"terms": 6, "at_most": [{"choose": 4, "from": {"level": 100}}]}


def test_a_cap_on_terms_elsewhere_is_named() -> None:
    assert left(
        """
        result:
          from: courses
          where: {subject: {$eq: LAKE}}
          all:
            - assert: {count(courses): {$gte: 6}}
            - where: {level: {$eq: 100}}
              assert: {count(terms): {$lte: 4}}
        """
    ) == [(12, "count(terms)")]


def test_a_limit_of_none_shuts_out_and_another_caps() -> None:
    found = rule(
        """
        from: courses
        where: {attribute: {$eq: shore}}
        limit:
          - {at-most: 0, where: {grade_option: {$eq: s/u}}}
          - {at_most: 1 course, where: {level: {$eq: 100}}, message: One at level 100}
          - {at most: 2 credits, where: {subject: {$eq: SEA}}}
        assert: {count(courses): {$gte: 3}}
        """
    )
    assert found["from"] == {"bucket": "shore", "not": {"grade_option": "s/u"}}
    one, two = found["at_most"]
    assert (one["title"], one["choose"], one["from"]) == ("One at level 100", 1, {"level": 100})
    assert two == {"credits": 2, "from": {"subject": "SEA"}}


@pytest.mark.parametrize(
    ("said", "claims"),
    [
        ("claim: record", {"shares_with": "everything"}),
        ("claim: false", {"shares_with": "everything"}),
        ("claim: true", {}),
        ("allow_claimed: true", {"shares_with": "everything"}),
        ("load_potentials: false", {}),
    ],
)
def test_a_query_claims_shares_or_only_looks(said: str, claims: dict[str, Any]) -> None:
    found = rule(
        f"""
        from: courses
        {said}
        where: {{gereqs: {{$eq: WET}}}}
        assert: {{count(courses): {{$gte: 1}}}}
        """
    )
    assert found == {"choose": {"from": 1}, "from": {"gereq": "WET"}, **claims}


def test_what_others_claimed_is_what_counts_elsewhere() -> None:
    found = rule(
        """
        from: claimed
        where: {attribute: {$eq: shore}}
        assert: {count(courses): {$gte: 2, at_most: true}}
        """
    )
    assert found == {"choose": 2, "from": {"bucket": "shore"}, "counted_in": "everything"}


def test_a_lone_cap_on_what_is_claimed_is_met_by_claiming_nothing() -> None:
    found = asserted("assert: {count(courses): {$eq: 0}}")
    assert found == {"choose": {"from": 0}, "at_most": [{"choose": 0}]}


def test_a_lone_cap_on_what_is_recorded_looks_at_the_whole_record() -> None:
    found = rule(
        """
        from: courses
        claim: record
        where: {course: {$eq: LAKE 9}}
        assert: {sum(credits): {$lte: 4}}
        """
    )
    assert found["choose"] == {"from": 0}
    assert found["at_most"] == [{"credits": 4, "from": {"course": "LAKE 9"}, "over": "record"}]


def test_an_average_looks_at_what_was_failed_where_it_says_so() -> None:
    found = rule(
        """
        from: courses
        claim: record
        include_failed: true
        assert: {average(grades): {$gte: '2.0'}}
        """
    )
    course = {"type": "course", "is_in_gpa": True}
    assert found["average"] == [{"grade": 2, "over": "all-attempts", "from": course}]


def test_a_cap_on_what_is_recorded_looks_at_what_was_failed_where_it_says_so() -> None:
    found = rule(
        """
        from: courses
        claim: record
        include_failed: true
        where: {grade_option: {$eq: s/u}}
        assert: {count(courses): {$lte: 6}}
        """
    )
    assert found["at_most"] == [
        {
            "choose": 6,
            "from": {"grade_option": "s/u", "status": ["earned", "in-progress", "failed"]},
            "over": "all-attempts",
        }
    ]


def test_a_breadth_of_what_is_recorded_is_named_and_the_rest_carried_over() -> None:
    query = """
        from: courses
        claim: record
        where: {level: {$eq: 300}}
        all:
          - assert: {count(subjects): {$lte: 2}}
          - assert: {count(courses): {$lte: 4}}
        """
    assert rule(query)["at_most"] == [{"choose": 4, "from": {"level": 300}, "over": "record"}]
    assert "distinct" not in rule(query)
    assert [name for _, name in left(f"result:{query}")] == ["count(subjects)"]


def test_failed_courses_in_what_has_to_count_are_named() -> None:
    assert left(
        """
        result:
          from: courses
          include_failed: true
          where: {grade_option: {$eq: s/u}}
          assert: {count(courses): {$gte: 6}}
        """
    ) == [(8, "include_failed")]


def test_a_quantity_changes_with_what_is_declared_or_passed() -> None:
    found = rule(
        """
        from: courses
        where: {attribute: {$eq: shore}}
        assert:
          sum(credits):
            $gte: 2
            at_most: true
            $changes:
              - [{has-declared-area-code: '711'}, {add: '0.50'}]
              - [{passed-proficiency-exam: Keyboard Level III}, {set: '3.00'}]
        """
    )
    assert found["credits"] == 2
    assert found["changes"] == [
        {"when": {"declared": "stolaf/711"}, "add": "0.5"},
        {"when": {"milestone": "keyboard-level-iii"}, "set": 3},
    ]


def test_a_condition_in_a_predicate_is_one_in_the_selector() -> None:
    found = rule(
        """
        from: courses
        where:
          $if: {has-override-exception: by-petition}
          $then: {attribute: {$eq: petition}}
          $else: {gereqs: {$eq: WET}}
        assert:
          count(courses):
            $gte: 1
            at_most: true
            $changes: [[{has-override-exception: by-petition}, {set: 3}]]
        """
    )
    petition = {"milestone": "by-petition"}
    assert found == {
        "choose": 1,
        "from": {
            "any": [
                {"bucket": "petition", "when": petition},
                {"gereq": "WET", "when": {"not": petition}},
            ]
        },
        "changes": [{"when": petition, "set": 3}],
    }


def test_a_condition_that_does_not_apply_is_no_alternative() -> None:
    found = rule(
        """
        from: courses
        where:
          $or:
            - attribute: {$eq: shore}
            - $if: {$not: {has-declared-area-code: '580'}}
              $then: {attribute: {$eq: deep}}
        assert: {count(courses): {$gte: 2}}
        """
    )
    whose = {"not": {"declared": "stolaf/580"}}
    assert found["from"] == {"any": [{"bucket": "shore"}, {"bucket": "deep", "when": whose}]}


TWICE = (
    "$if: {has-declared-area-code: '1'}, $then: {subject: {$eq: LAKE}}, "
    "$else: {$if: {has-declared-area-code: '2'}, $then: {subject: {$eq: SEA}}}"
)
ONE, TWO = {"declared": "stolaf/1"}, {"declared": "stolaf/2"}
NEITHER = {"not": {"declared": ["stolaf/1", "stolaf/2"]}}
LAKE = {"subject": "LAKE", "when": ONE}
SEA = {"subject": "SEA", "when": {"not": ONE, **TWO}}


@pytest.mark.parametrize(
    ("where", "admitted"),
    [
        (TWICE, {"type": "course", "any": [LAKE, SEA, {"when": NEITHER}]}),
        (f"$or: [{{{TWICE}}}]", {"type": "course", "any": [LAKE, SEA, {"when": NEITHER}]}),
        (f"$or: [{{{TWICE}}}, {{level: {{$eq: 300}}}}]", {"any": [LAKE, SEA, {"level": 300}]}),
        (f"$not: {{{TWICE}}}", {"type": "course", "not": {"any": [LAKE, SEA]}}),
    ],
)
def test_a_condition_without_a_side_is_not_there(where: str, admitted: dict[str, Any]) -> None:
    written = f"from: courses, where: {{{where}}}, assert: {{count(courses): {{$gte: 2}}}}"
    assert rule(f"{{{written}}}")["from"] == admitted


def test_conditions_look_at_what_is_held() -> None:
    found = rule(
        """
        from: courses
        where:
          $or:
            - subject: {$eq: LAKE}
            - $if: {$or: [{has-completed-course: SEA 1}, {has-ip-course: SEA 2}]}
              $then: {course: {$eq: SEA 3}}
        assert: {count(courses): {$gte: 2}}
        """
    )
    held, begun = found["from"]["any"][1]["when"]["any"]
    assert held == {"holds": {"choose": 1, "from": {"course": "SEA 1"}}}
    assert begun == {"holds": {"choose": 1, "from": {"course": "SEA 2", "status": "in-progress"}}}


@pytest.mark.parametrize(
    "query",
    [
        "{from: courses, assert: {count(whales): {$gte: 1}}}",
        "{from: courses, assert: {count(courses): {$near: 1}}}",
        "{from: courses, assert: {count(courses): {$gte: 1, $lte: 2}}}",
        "{from: courses, limit: [{where: {level: {$eq: 1}}}], assert: {count(courses): {$gte: 1}}}",
        "{from: courses, limit: {}, assert: {count(courses): {$gte: 1}}}",
        "{from: seas, assert: {count(courses): {$gte: 1}}}",
    ],
)
def test_what_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(MisshapenError):
        rule(query)
