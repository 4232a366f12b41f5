"""Inline cases: how a case's record is built, and what a case can have wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.language.cases import Case, UnknownRecordError, case_record, read_cases
from app.core.language.reader import Plain
from app.core.model.record import LearnerRecord


def cases(*written: dict[str, Any]) -> dict[str, Case]:
    whole: Any = [{"on": date(2026, 6, 1), "expect": {"met": True}, **one} for one in written]
    found, problems = read_cases(whole, {}, ("cases",))
    assert problems == ()
    return {case.name: case for case in found}


def held(record: LearnerRecord) -> list[tuple[str, str, str]]:
    return [(one.id, one.status, one.grade) for one in record.achievements]


def test_a_case_starts_from_another_and_changes_it() -> None:
    known = cases(
        {
            "name": "first",
            "record": {
                "all": {"grade": "B"},
                "earned": ["u/a", {"credential": "u/b", "grade": "A"}],
            },
        },
        {
            "name": "second",
            "record": {"like": "first", "without": ["u/a"], "planned": ["u/c"]},
        },
        {
            "name": "third",
            "record": {"like": "second", "earned": [{"credential": "u/b", "grade": "C"}]},
        },
    )
    assert held(case_record(known["first"], known, {})) == [
        ("u/a", "earned", "B"),
        ("u/b", "earned", "A"),
    ]
    assert held(case_record(known["second"], known, {})) == [
        ("u/b", "earned", "A"),
        ("u/c", "planned", ""),
    ]
    assert held(case_record(known["third"], known, {})) == [
        ("u/c", "planned", ""),
        ("u/b", "earned", "C"),
    ]


def test_what_a_case_describes_is_known_to_those_that_start_from_it() -> None:
    first = {"id": "e/a", "title": "A", "issuer": "e", "credits": 5}
    again = {**first, "credits": 10}
    known = cases(
        {"name": "first", "record": {"credentials": [first], "earned": ["e/a"]}},
        {"name": "second", "record": {"like": "first", "credentials": [again]}},
    )
    found = [case_record(known[name], known, {}).credentials for name in ("first", "second")]
    assert [[one.credits for one in each] for each in found] == [[5000], [10000]]


def test_another_attempt_stands_beside_the_first() -> None:
    known = cases(
        {"name": "first", "record": {"earned": ["u/a"]}},
        {
            "name": "second",
            "record": {"like": "first", "earned": [{"credential": "u/a", "attempt": 2}]},
        },
    )
    assert [one[0] for one in held(case_record(known["second"], known, {}))] == ["u/a", "u/a#2"]


def test_a_record_that_nobody_has_is_told_with_the_nearest() -> None:
    known = cases({"name": "second", "record": {"like": "frist"}})
    with pytest.raises(
        UnknownRecordError, match="no record `frist` to start from: did you mean `first`"
    ):
        case_record(known["second"], known, {"first": LearnerRecord(learner="l")})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"name": "x", "on": date(2026, 1, 1), "record": {}}, "CN0202"),
        ({"name": "x", "on": "soon", "record": {}, "expect": {}}, "CN0108"),
        ({"name": "x", "on": date(2026, 1, 1), "record": {"lik": "y"}, "expect": {}}, "CN0201"),
        ({"name": "x", "on": date(2026, 1, 1), "record": {}, "expect": {"mett": True}}, "CN0201"),
        (
            {
                "name": "x",
                "on": date(2026, 1, 1),
                "record": {},
                "expect": {"refused": {"a": "bad"}},
            },
            "CN0204",
        ),
        (
            {
                "name": "x",
                "on": date(2026, 1, 1),
                "record": {},
                "policies": {"caps": "x"},
                "expect": {},
            },
            "CN0204",
        ),
    ],
)
def test_what_is_wrong_in_a_case_is_told(case: Plain, code: str) -> None:
    _, problems = read_cases([case], {}, ("cases",))
    assert code in {one.code for one in problems}


def test_two_cases_of_one_name_are_told() -> None:
    one: Any = {"name": "x", "on": date(2026, 1, 1), "record": {}, "expect": {"met": False}}
    _, problems = read_cases([one, one], {}, ("cases",))
    assert [problem.code for problem in problems] == ["CN0901"]
