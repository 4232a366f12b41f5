"""Cases: what is wrong in one is told with its place, and nothing expected is passed over."""

# ruff: noqa: E501 -- a finding stands in one line, as it is told

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from app.core.language.cases import Case, case_record, read_cases
from app.core.language.reader import read_yaml
from app.core.language.records import record_from
from app.core.model.reason import ReasonCode
from app.core.model.record import LearnerRecord

DAY = date(2026, 6, 1)
AMOUNT = 'write a whole number up to 100000, or a quoted decimal such as "7.5"'
CASE_KEYS = "the keys are name, on, with, policies, record, expect"


def told_of(keys: dict[str, Any]) -> list[str]:
    case = {"name": "c", "on": DAY, "record": {}, "expect": {"met": True}, **keys}
    _, found = read_cases([case], {}, ("cases",))
    return [f"{one.code} {one.path}: {one.message}: {one.help}" for one in found]


def cases(text: str) -> dict[str, Case]:
    document, _ = read_yaml(text.encode(), "rule.yaml")
    assert document is not None
    found, problems = read_cases(document.value, document.spans, ())
    assert problems == ()
    return {case.name: case for case in found}


def sample(value: object) -> LearnerRecord:
    found = record_from(value).record
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("keys", "finding"),
    [
        ({"nam": "c"}, "CN0201 @.nam: unknown key `nam` in a case: did you mean `name`?"),
        ({"zzz": 1}, f"CN0201 @.zzz: unknown key `zzz` in a case: {CASE_KEYS}"),
        ({"name": "a\nb"}, "CN0206 @.name: `a b` is not a name: write visible characters"),
        ({"on": "2026-02-30"}, "CN0108 @.on: `2026-02-30` is not a date: write an existing day as year-month-day: 2026-02-28"),
        ({"with": ["x y"]}, "CN0206 @.with[0]: `x y` is not an id: write letters, digits, `-` and `/`, such as atu/ml-1"),
        ({"policies": {"caps": "some"}}, "CN0204 @.policies.caps: `some` is not one of the words for it: write one of whole, trim"),
        ({"record": 7}, "CN0203 @.record: `record` has to be a case's record: keys and values: "),
        ({"record": {"all": None}}, "CN0203 @.record.all: `all` has to be what holds for all: keys and values: "),
        ({"record": {"lik": "a"}}, "CN0201 @.record.lik: unknown key `lik` in a case's record: did you mean `like`?"),
        ({"record": {"without": "x y"}}, "CN0206 @.record.without: `x y` is not an id: write letters, digits, `-` and `/`, such as atu/ml-1"),
        ({"record": {"earned": [{"credential": "x/a", "credits": 7.5}]}}, f"CN0207 @.record.earned[0].credits: `7.5` is not an amount of credits: {AMOUNT}"),
        ({"record": {"all": {"grade": 3}, "earned": ["x/a", "x/b"]}}, 'CN0203 @.record.all.grade: `grade` has to be text: quote it: "3"'),
        ({"record": {"all": {"grde": "B"}, "earned": ["x/a", "x/b"]}}, "CN0201 @.record.all.grde: unknown key `grde` in what holds for all: did you mean `grade`?"),
        ({"record": {"all": ["B"]}}, "CN0203 @.record.all: `all` has to be what holds for all: keys and values: "),
        ({"expect": {}}, "CN0202 @.expect: nothing is expected here: say what, such as `met`"),
        ({"expect": {"met": True, "planned": {}}}, "CN0202 @.expect.planned: nothing is expected here: say what, such as `met`"),
        ({"expect": {"progress": {}}}, "CN0202 @.expect.progress: nothing is expected here: say what, such as `reached`"),
        ({"expect": {"mett": True}}, "CN0201 @.expect.mett: unknown key `mett` in what is expected: did you mean `met`?"),
        ({"expect": {"met": "yes"}}, "CN0203 @.expect.met: `met` has to be true or false: "),
        ({"expect": {"progress": {"reached": 7.5}}}, f"CN0207 @.expect.progress.reached: `7.5` is not an amount of credits: {AMOUNT}"),
        ({"expect": {"counts": {"core": {"x/a": True}}}}, f"CN0207 @.expect.counts.core.x/a: `true` is not an amount of credits: {AMOUNT}"),
        ({"expect": {"short": {"core": {}}}}, "CN0203 @.expect.short.core: `core` has to be one amount: `credits`, or how many to `choose`: "),
        ({"expect": {"short": {"core": {"credits": 8, "choose": 1}}}}, "CN0203 @.expect.short.core: `core` has to be one amount: `credits`, or how many to `choose`: "),
        ({"expect": {"refused": {"x/a": "grade-to-low"}}}, "CN0204 @.expect.refused.x/a: `grade-to-low` is not one of the words for it: did you mean `grade-too-low`?"),
        ({"expect": {"because": ["cap-reachd"]}}, "CN0204 @.expect.because[0]: `cap-reachd` is not one of the words for it: did you mean `cap-reached`?"),
        ({"expect": {"averages": {"gpa": 3}}}, 'CN0203 @.expect.averages.gpa: `gpa` has to be text: quote it: "3"'),
        ({"expect": {"admission": "yes"}}, "CN0204 @.expect.admission: `yes` is not one of the words for it: write one of met, not-met, pending"),
        ({"expect": {"gates": {"thesis": "opened"}}}, "CN0204 @.expect.gates.thesis: `opened` is not one of the words for it: did you mean `open`?"),
        ({"expect": {"effects": [{"award": "x/a"}]}}, "CN0202 @.expect.effects[0]: an effect has no `effect`: add `effect`"),
        ({"expect": {"awards": {"x/q": {"mett": 1}}}}, "CN0201 @.expect.awards.x/q.mett: unknown key `mett` in what is expected: did you mean `met`?"),
        ({"expect": {"short": []}}, "CN0203 @.expect.short: `short` has to be what is expected: keys and values: "),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_case_is_told_with_its_place_and_a_remedy(
    keys: dict[str, Any], finding: str
) -> None:
    assert told_of(keys) == [finding.replace("@", "$.cases[0]", 1)]


@pytest.mark.parametrize("key", ["name", "on", "record", "expect"])
def test_what_a_case_cannot_do_without_is_asked_for(key: str) -> None:
    whole: dict[str, Any] = {"name": "c", "on": DAY, "record": {}, "expect": {"met": True}}
    del whole[key]
    found, problems = read_cases([whole], {}, ("cases",))
    assert found == ()
    assert [(one.message, one.help) for one in problems] == [
        (f"a case has no `{key}`", f"add `{key}`")
    ]


def test_cases_are_a_list_and_their_names_differ() -> None:
    _, found = read_cases({}, {}, ("cases",))
    assert [one.message for one in found] == ["`cases` has to be a list of cases"]
    case: Any = {"name": "c", "on": DAY, "record": {}, "expect": {"met": True}}
    _, found = read_cases([case, case], {}, ("cases",))
    assert [(one.path, one.message, one.help) for one in found] == [
        ("$.cases[1].name", "two cases are called `c`", "give each a name of its own")
    ]


@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_every_reason_can_be_expected(code: str) -> None:
    assert told_of({"expect": {"because": [code], "refused": {"x/a": code}}}) == []


def test_what_is_expected_is_kept_as_it_will_be_compared() -> None:
    (case,) = cases(
        """
- name: c
  on: 2026-06-01
  with: x/q
  policies: {caps: trim}
  record: {}
  expect:
    progress: {reached: "28.50", of: 32}
    counts: {core: [x/a], electives: {x/b: "7.5"}}
    short: {core: 1, options: {credits: "8.0"}}
    effects: [{award: x/c, effect: superseded, on: 2026-07-01}]
    planned: {met: true}
    awards: {x/q: {met: false}}
"""
    ).values()
    given = case.expect.given
    assert (case.together, case.policies, str(case.span)) == (
        ("x/q",),
        {"caps": "trim"},
        "rule.yaml:2:3",
    )
    assert given["progress"] == {"reached": "28.5", "of": "32"}
    assert given["counts"] == {"core": {"x/a": None}, "electives": {"x/b": "7.5"}}
    assert given["short"] == {"core": "1", "options": "8"}
    assert given["effects"] == ({"award": "x/c", "effect": "superseded", "on": date(2026, 7, 1)},)
    assert given["planned"].given == {"met": True}
    assert given["awards"]["x/q"].given == {"met": False}


def test_all_says_what_entries_do_not_say_themselves() -> None:
    (case,) = cases(
        """
- name: c
  on: 2026-06-01
  record:
    all: {grade: B, earned: 2025-06-30}
    earned: [x/a, {credential: x/b, grade: A}]
  expect: {met: true}
"""
    ).values()
    found = case_record(case, {}, {}).achievements
    assert [(one.credential, one.grade, one.earned) for one in found] == [
        ("x/a", "B", date(2025, 6, 30)),
        ("x/b", "A", date(2025, 6, 30)),
    ]


def test_a_case_may_start_from_a_sample_and_adds_to_all_its_parts() -> None:
    (case,) = cases(
        """
- name: c
  on: 2026-06-01
  record:
    like: ada
    milestones: {entry: 2026-02-01, interview: 2026-03-01}
    attributes: {cohort: 2026}
    declared: [x/other]
  expect: {met: true}
"""
    ).values()
    ada = sample(
        {
            "learner": "ada",
            "earned": ["x/a"],
            "milestones": {"entry": "2026-01-01"},
            "attributes": {"cohort": 2025, "route": "day"},
            "declared": ["x/dip"],
        }
    )
    found = case_record(case, {}, {"ada": ada})
    assert found.achievements == ada.achievements
    assert {step.name: step.on for step in found.milestones} == {
        "entry": date(2026, 2, 1),
        "interview": date(2026, 3, 1),
    }
    assert found.attributes == {"cohort": 2026, "route": "day"}
    assert found.declared == ("x/dip", "x/other")


def test_a_name_alone_is_the_record_it_names() -> None:
    (case,) = cases("[{name: ada, on: 2026-06-01, record: ada, expect: {met: true}}]").values()
    ada = sample({"earned": ["x/a"]})
    # Itself is no record to start from, so that the sample of that name is meant.
    assert case_record(case, {"ada": case}, {"ada": ada}) == ada


def test_a_chain_of_thousands_of_cases_is_followed() -> None:
    rows = "\n".join(
        f"- {{name: c{n}, on: 2026-06-01, record: {{like: c{n - 1}}}, expect: {{met: true}}}}"
        for n in range(1, 3000)
    )
    first = "- {name: c0, on: 2026-06-01, record: {earned: [x/a]}, expect: {met: true}}\n"
    found = cases(first + rows)
    (held,) = case_record(found["c2999"], found, {}).achievements
    assert held.credential == "x/a"
