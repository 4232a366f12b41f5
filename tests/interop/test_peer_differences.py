"""Differences between two engines: a rule explains each, and what none explains is told."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.interop.hanson import HEAD
from tests.interop.peer.answers import Auditor, Line
from tests.interop.peer.differences import Pair
from tests.interop.peer.report import compare, table
from tests.interop.test_peer_checker import course

AREA = "2020-21/900"
QUERY = "{from: courses, where: {level: {$eq: 200}}, assert: {count(courses): {$gte: %d}}}"
PLAIN = f"""
result: {{all: [{{requirement: Two}}, {{requirement: One}}]}}
requirements:
  Two: {{result: {QUERY % 2}}}
  One: {{result: {QUERY % 1}}}
"""
GOING = {"grade_code": "IP", "flag_in_progress": True}


def line(rules: str, courses: list[dict[str, Any]], **said: Any) -> Line:  # noqa: ANN401 -- JSON
    """Return a recorded audit; claims are given by the name of a requirement."""
    spots = {
        name: [["$", *(f"%{part}" for part in path.split(" > ")), ".query"] for path in paths]
        for name, paths in said.pop("claims", {}).items()
    }
    student = {
        "stnum": "1",
        "catalog": "2023",
        "matriculation": "2023",
        "areas": [{"code": "900", "kind": "major", "name": "Lake Studies", "degree": "B.A."}],
        "exceptions": [],
        "courses": courses,
    }
    answer = {
        "area": AREA,
        "size": len(courses),
        "seed": 1,
        "profile": "made",
        "capped": False,
        "student": student,
        "status": "needs-more-items",
        "claims": spots,
        **said,
    }
    return Line(0, answer, YAML(typ="safe", pure=True).load(HEAD + rules))


def auditor(rules: str) -> Auditor:
    return Auditor({AREA: (HEAD + rules).encode()})


def kinds(rules: str, one: Line) -> dict[str, str]:
    """Return the kinds of the differences by the names of the requirements."""
    found = compare([one], auditor(rules))
    assert (found.invalid, found.misjudged, found.fewer, found.undecided) == ([], [], [], [])
    return {" > ".join(each.path): each.kind for each in found.differences}


TWO = [course(201), course(202)]


def test_no_difference_needs_no_explanation() -> None:
    said = {"Two": "done", "One": "empty"}
    same = line(PLAIN, TWO, requirements=said, claims={"201": ["Two"], "202": ["Two"]})
    assert kinds(PLAIN, same) == {}


def test_a_verdict_that_its_claims_do_not_bear_out_is_unexplained() -> None:
    said = {"Two": "done", "One": "done"}
    wrong = line(PLAIN, TWO, requirements=said, claims={"201": ["Two"], "202": ["Two"]})
    assert kinds(PLAIN, wrong) == {"One": ""}


def test_what_is_unexplained_is_told() -> None:
    wrong = line(PLAIN, TWO, requirements={"One": "done"})
    found = compare([wrong], auditor(PLAIN))
    assert found.unexplained == ["2020-21/900 made 2/1, One: met there, unmet here (projected)"]
    assert "1 without an explanation" in table(found)


def test_fewer_requirements_met_is_not_the_best_allocation() -> None:
    said = {"Two": "needs-more-items", "One": "empty"}
    worse = line(PLAIN, TWO, requirements=said, claims={"201": ["Two"]})
    assert kinds(PLAIN, worse) == {"Two": "allocation that is not the best"}


def test_what_is_finished_may_suffice_beside_what_is_in_progress() -> None:
    rules = f"result: {{requirement: One}}\nrequirements: {{One: {{result: {QUERY % 1}}}}}\n"
    courses = [course(201), course(202, **GOING)]
    claims = {"201": ["One"], "202": ["One"]}
    beside = line(rules, courses, requirements={"One": "pending-current"}, claims=claims)
    assert kinds(rules, beside)["One"] == "pending though what is finished suffices"
    alone = line(rules, courses, requirements={"One": "pending-current"}, claims={"202": ["One"]})
    assert kinds(rules, alone)["One"] == "one allocation for all answers"


def test_a_required_course_is_hidden_from_queries() -> None:
    reuse = QUERY.replace("where", "allow_claimed: true, where") % 1
    rules = (
        "result: {all: [{requirement: Core}, {requirement: Reuse}]}\n"
        f"requirements: {{Core: {{result: {{all: [LAKE 201]}}}}, Reuse: {{result: {reuse}}}}}\n"
    )
    said = {"Core": "done", "Reuse": "empty"}
    hidden = line(rules, [course(201)], requirements=said, claims={"201": ["Core"]})
    assert kinds(rules, hidden)["Reuse"] == "required course hidden"


def test_a_group_of_confirmations_is_pending() -> None:
    rules = (
        "result: {all: [{requirement: Shows}]}\n"
        "requirements:\n"
        "  Shows:\n"
        "    result: {all: [{requirement: A}, {requirement: B}]}\n"
        "    requirements: {A: {department_audited: true}, B: {department_audited: true}}\n"
    )
    said = {"Shows": "empty", **dict.fromkeys(("Shows > A", "Shows > B"), "pending-approval")}
    found = kinds(rules, line(rules, [course(201)], requirements=said))
    assert found == dict.fromkeys(("Shows", ""), "only confirmations are missing")


def test_a_condition_that_does_not_hold_asks_for_nothing() -> None:
    rules = (
        "result: {all: [{requirement: One}, {$if: {has-declared-area-code: '7'}, "
        f"$then: {{requirement: More}}}}]}}\nrequirements: {{One: {{result: {QUERY % 1}}}, "
        "More: {result: LAKE 301}}\n"
    )
    said = {"One": "done", "More": "empty"}
    found = kinds(rules, line(rules, [course(201)], requirements=said, claims={"201": ["One"]}))
    assert found["More"] == "condition that does not hold"


@pytest.mark.parametrize("exact", ["at_most: true, ", ""])
def test_what_may_not_be_used_besides_is_not_misjudged_though_it_looks_met(exact: str) -> None:
    borrowed = "{result: {from: claimed, where: {level: {$eq: 200}}, assert: %s}}"
    one = borrowed % "{count(courses): {$gte: 1, at_most: true}}"
    rules = f"""
result:
  all: [{{requirement: Ways}}, {{requirement: All}}]
  audit: {{where: {{level: {{$eq: 200}}}}, assert: {{count(courses): {{$gte: 2}}}}}}
requirements:
  All: {{result: {QUERY % 2}}}
  Ways:
    result: {{{exact}count: 1, of: [{{requirement: A}}, {{requirement: B}}]}}
    requirements: {{A: {one}, B: {one}}}
"""
    made = line(rules, TWO)
    ours = auditor(rules).audit(made)
    looks = Pair(made, ours, "projected").our_judged
    assert looks.states["Ways", "A"] == looks.states["Ways", "B"] == "met"
    states = [ours.state(("Ways", part), "projected") for part in "AB"]
    assert sorted(map(str, states)) == (["met", "not-met"] if exact else ["met", "met"])
    assert compare([made], auditor(rules)).misjudged == []
