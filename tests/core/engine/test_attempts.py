"""Floors and caps on every attempt of the record, whatever came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.engine.decide import Verdict
from app.core.model.record import Achievement, AchievementId, Adjustment, Status
from tests.core.engine.builders import catalogue, certified, credential, held, record, written
from tests.core.engine.test_adjustments import adjust

KNOWN = catalogue(credential("x/a", 4, "core"), credential("x/b", 4, "core"))
ENDED: tuple[Status, ...] = ("failed", "withdrawn", "expired", "revoked", "surrendered")


def attempt(name: str, status: Status, credential: str = "x/a") -> Achievement:
    one = replace(held(credential), id=AchievementId(name), status=status)
    return one if status == "earned" else replace(one, grade="", earned=None)


def judged(said: str, *attempts: Achievement, adjusted: tuple[Adjustment, ...] = ()) -> Verdict:
    """The verdict on an award that asks for nothing else, once the checker has agreed."""
    require = f"  choose: {{from: 0}}\n  from: {{}}\n{said}"
    who = replace(record(*attempts), adjustments=adjusted)
    return certified(written(require), KNOWN, who)


def reaches(said: str, *attempts: Achievement) -> tuple[int, ...]:
    """How much there is now, with what is in progress, and with what is planned."""
    return tuple(one.standings[0].condition_reach[0] for one in judged(said, *attempts).answers)


@pytest.mark.parametrize("status", ENDED)
def test_what_does_not_count_any_more_was_attempted(status: Status) -> None:
    several = attempt("1", status), attempt("2", "earned")
    number = "at_most: [{choose: 1, from: {tag: core}, over: all-attempts}]"
    assert reaches(number, *several) == (2, 2, 2)
    assert not judged(number, *several).now.standings[0].met
    assert reaches("at_least: [{credits: 8, over: all-attempts}]", *several) == (8000, 8000, 8000)


def test_what_is_to_come_is_an_attempt_once_it_is_looked_at() -> None:
    several = attempt("1", "earned"), attempt("2", "in-progress"), attempt("3", "planned", "x/b")
    said = "at_least: [{choose: 3, over: all-attempts}]"
    assert reaches(said, *several) == (1, 2, 3)
    assert [one.standings[0].met for one in judged(said, *several).answers] == [False, False, True]


def test_another_attempt_that_stands_for_it_changes_nothing() -> None:
    several = attempt("1", "earned"), replace(attempt("2", "earned"), earned=date(2024, 1, 1))
    assert reaches("at_least: [{choose: 2, over: all-attempts}]", *several) == (2, 2, 2)
    assert reaches("at_least: [{choose: 2, over: record}]", *several) == (1, 1, 1)


def test_what_is_excluded_was_attempted_all_the_same() -> None:
    excluded = (adjust("exclude", achievement="1"),)
    said = "at_most: [{choose: 0, over: all-attempts}]"
    verdict = judged(said, attempt("1", "earned"), adjusted=excluded)
    assert verdict.now.standings[0].condition_reach == (1,)


def test_credits_that_were_decided_are_those_of_the_attempt() -> None:
    decided = (adjust("adjust-credits", achievement="1", amount=6),)
    said = "at_least: [{credits: 10, over: all-attempts}]"
    several = attempt("1", "earned"), attempt("2", "failed", "x/b")
    assert judged(said, *several, adjusted=decided).now.standings[0].met


def test_only_what_the_selector_admits_is_looked_at() -> None:
    several = attempt("1", "failed"), attempt("2", "withdrawn", "x/b")
    assert reaches("at_most: [{choose: 1, from: x/a, over: all-attempts}]", *several) == (1, 1, 1)
    graded = "at_most: [{choose: 0, from: {grade: {from: C}}, over: all-attempts}]"
    assert reaches(graded, *several) == (0, 0, 0)
    failed = "at_least: [{choose: 1, from: {status: failed}, over: all-attempts}]"
    assert reaches(failed, *several) == (1, 1, 1)


def test_credits_that_were_decided_weigh_in_the_average_of_attempts() -> None:
    good = replace(attempt("1", "earned"), grade="A")
    poor = replace(attempt("2", "withdrawn", "x/b"), grade="C")
    said = "  average: {grade: '3.5', over: all-attempts}"
    assert not judged(said, good, poor).now.standings[0].met
    weighed = adjust("adjust-credits", achievement="1", amount=20)
    assert judged(said, good, poor, adjusted=(weighed,)).now.standings[0].met
