"""Notes on rules by which earning more may lower the progress."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.language.checker_matches import Matches
from app.core.language.checker_monotone import check_monotone
from app.core.language.diagnostics import Diagnostic
from app.core.language.rules import read_rule
from app.core.model.grade import Grade, GradeScale
from tests.core.language.checking import POLICIES, SOUND, catalogue, check, completed


def noted(body: str, **stated: str) -> list[Diagnostic]:
    return list(check(body, {**POLICIES, **stated}, notes=True))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("at_most: [{choose: 0, from: {type: award}, over: record}]", "$.at_most[0]"),
        ("at_most: [{choose: 2, over: all-attempts}]", "$.at_most[0]"),
        ("average: {grade: '3.00', over: record}", "$.average[0]"),
        ("average: {grade: '3.00', over: all-attempts}", "$.average[0]"),
        ("each: {must: {grade: {from: C}}, over: record}", "$.each[0]"),
        ("distinct: {by: level, to: 1, over: record}", "$.distinct[0]"),
        ("within: {span: 5 years, from: earliest-used, over: record}", "$.within[0]"),
        ("within: {span: 5 years, from: first-applicable}", "$.within[0]"),
        (
            "require: {all: [{take: atu/ethics, within: {span: 1 year, from: first-applicable}}]}",
            "$.require.all[0].within[0]",
        ),
    ],
)
def test_what_is_not_chosen_and_may_be_broken_by_more_is_noted(body: str, path: str) -> None:
    (found, *_) = [one for one in noted(body) if one.path == path]
    assert (found.code, found.severity) == ("CN1001", "note")


def test_what_depends_on_what_is_held_is_noted() -> None:
    more = "{when: {holds: {choose: 1, from: {tag: core}}}, then: {take: atu/ml-1}}"
    (found,) = noted(f"require: {{all: [{{take: atu/ethics}}, {more}]}}")
    assert (found.code, found.path) == ("CN1001", "$.require.all[1].when")


def test_what_is_held_within_what_is_held_is_noted_once() -> None:
    inner = "{tag: core, when: {holds: {choose: 1, from: {tag: elective}}}}"
    both = f"{{any: [{{holds: {{choose: 1, from: {inner}}}}}, {{holds: {{choose: 2, from: x}}}}]}}"
    mine = f"{{when: {both.replace('x', '{tag: core}')}, then: {{take: atu/ml-1}}}}"
    other = "{choose: 1, from: {tag: core, when: {holds: {choose: 1, from: {tag: elective}}}}}"
    found = noted(f"require: {{all: [{{take: atu/ethics}}, {mine}, {other}]}}")
    assert [one.path for one in found if one.code == "CN1001"] == [
        "$.require.all[1].when",
        "$.require.all[2].from.when",
    ]


@pytest.mark.parametrize(
    "body",
    [
        SOUND,
        "at_least: [{choose: 1, from: {tag: core}, over: record}]",
        "at_least: [{choose: 1, from: {tag: core}, over: all-attempts}]",
        "at_most: [{choose: 1, from: {tag: elective}}]",
        "average: {grade: '3.00', over: counted}",
        "average: {over: record}",
        "distinct: {by: level, from: 1, over: record}",
        "within: {span: 5 years, from: admission}",
        "each: {source: taken, grade: {from: C}}",
        "distinct: {by: level, from: 1}",
        "require: {choose: 1, from: {tag: core, grade: {from: B}}}",
        "at_most: [{credits: 5, from: {tag: elective}, items: whole}]",
    ],
)
def test_what_is_chosen_or_only_grows_is_let_be(body: str) -> None:
    assert noted(body) == []


def test_one_attempt_for_all_is_noted_unless_it_is_the_best_by_what_is_asked() -> None:
    assert [one.message for one in noted(SOUND, retakes="last")] == [
        (
            "earning more may lower the progress: `retakes: last`: the last attempt stands for "
            "all: a retake that goes worse lowers what counts"
        )
    ]
    assert len(noted(SOUND, retakes="first")) == 1
    assert noted(SOUND, retakes="each") == noted(SOUND, retakes="best") == []


@pytest.mark.parametrize(
    "body",
    [
        "at_most: [{choose: 1, from: {source: transferred}}]",
        "require: {choose: 1, from: {tag: core, grade: {from: C, to: B}}}",
        "require: {choose: 1, from: {tag: core, not: {grade: {from: B}}}}",
        "require: {choose: 1, from: {tag: core, earned: {from: 2020-01-01}}}",
        "distinct: {by: source, from: 1}",
        "require: {all: [{take: atu/ethics, within: {span: 1 year, from: earliest-used}}]}",
        "within: {span: 5 years, from: earliest-used}",
        "at_most: [{credits: 5, from: {tag: elective}, items: trim}]",
        "last: {credits: 5, at_least: [{choose: 1, from: {tag: core}}]}",
        "require: {all: [{id: one, take: atu/ethics}, {take: atu/foundations, after: one}]}",
    ],
)
def test_the_best_attempt_is_noted_where_another_may_count_and_it_may_not(body: str) -> None:
    assert [one.path for one in noted(body)] == ["$"]
    assert noted(body, retakes="each") == []


def test_the_best_grade_is_noted_where_it_may_have_fewer_points_for_a_mean() -> None:
    rule = read_rule(completed("average: {grade: '3.00', over: counted}").encode(), "rule.yaml")
    assert rule.edition is not None
    known = catalogue()
    grades = {**known.scales["letter"].grades, "S": Grade("S", 9, None)}
    other = replace(known, scales={"letter": GradeScale("letter", grades)})
    for scales, notes in ((known, 0), (other, 1)):
        found = list(check_monotone(rule.edition, Matches(scales, "ects", POLICIES)))
        assert len(found) == notes
