"""Which edition is in force on a day, and which binds a learner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.engine.prepare import first_credit
from app.core.model.period import Period
from app.core.model.record import AchievementId, LearnerId, LearnerRecord, Milestone
from app.core.model.selector import GradeTest, OneOf, Selector
from app.services.binding import anchor_day, edition_on, edition_policy, overlap
from app.services.errors import NoEditionInForceError, PolicyMissingError
from tests.core.engine.builders import catalogue, choose, compiled, credential, held, record, rule

OPEN = Period(date(2020, 1, 1))
LATER = Period(date(2023, 8, 1), date(2025, 8, 1))
PERIODS = {"2020": OPEN, "2023": LATER}
TODAY = date(2026, 5, 3)


RECORD = LearnerRecord(
    learner=LearnerId("ann"),
    milestones=(Milestone(name="admission", on=date(2024, 9, 1)),),
)


@pytest.mark.parametrize(
    ("on", "edition"),
    [
        (date(2020, 1, 1), "2020"),
        (date(2023, 7, 31), "2020"),
        (date(2023, 8, 1), "2023"),
        (date(2025, 7, 31), "2023"),
    ],
)
def test_both_ends_of_a_period_are_exact(on: date, edition: str) -> None:
    assert edition_on("x/a", PERIODS, on) == edition


@pytest.mark.parametrize(
    ("on", "works", "remedy"),
    [
        (date(2019, 12, 31), "2020-01-01", "ask for 2020-01-01 or later"),
        (date(2025, 8, 1), "2025-07-31", "ask for 2025-07-31 or earlier"),
    ],
)
def test_where_none_is_in_force_a_day_that_would_work_is_named(
    on: date, works: str, remedy: str
) -> None:
    with pytest.raises(NoEditionInForceError, match=remedy) as refused:
        edition_on("x/a", PERIODS, on)
    assert refused.value.facts()["works"] == works
    assert edition_on("x/a", PERIODS, date.fromisoformat(works))


def test_without_any_edition_no_day_works() -> None:
    with pytest.raises(NoEditionInForceError, match="none is published yet") as refused:
        edition_on("x/a", {}, TODAY)
    assert refused.value.facts()["works"] is None


@pytest.mark.parametrize(
    ("period", "found"),
    [
        (Period(date(2026, 1, 1)), None),
        (Period(date(2025, 8, 1)), None),
        (Period(date(2025, 7, 31)), ("2023", date(2025, 7, 31))),
        (Period(date(2023, 8, 1)), ("2023", date(2023, 8, 1))),
        (Period(date(2022, 1, 1)), None),
        (Period(date(2022, 1, 1), date(2023, 8, 2)), ("2023", date(2023, 8, 1))),
        (Period(date(2019, 1, 1), date(2020, 1, 1)), None),
        (Period(date(2019, 1, 1), date(2020, 1, 2)), ("2020", date(2020, 1, 1))),
    ],
)
def test_editions_overlap_only_where_both_state_the_same_day(
    period: Period, found: tuple[str, date] | None
) -> None:
    assert overlap(PERIODS, "new", period) == found


@pytest.mark.parametrize(
    ("policy", "day"),
    [
        ("admission", date(2024, 9, 1)),
        ("first-credit", date(2023, 6, 1)),
        ("audit", TODAY),
    ],
)
def test_the_policy_chooses_the_day_that_binds(policy: str, day: date) -> None:
    assert anchor_day(policy, RECORD, TODAY, lambda: date(2023, 6, 1)) == day


@pytest.mark.parametrize("policy", ["admission", "first-credit", "audit"])
def test_what_is_not_recorded_falls_on_the_day_of_the_audit(policy: str) -> None:
    assert anchor_day(policy, LearnerRecord(learner=LearnerId("bob")), TODAY, lambda: None) == TODAY


def test_several_editions_need_an_answer_to_what_binds() -> None:
    assert edition_policy("x/a", PERIODS, {"edition": "first-credit"}) == "first-credit"
    assert edition_policy("x/a", {"2020": OPEN}, {}) == "audit"
    with pytest.raises(PolicyMissingError, match="`admission`, `first-credit`, `audit`"):
        edition_policy("x/a", PERIODS, {})


def test_the_first_credit_is_what_was_taken_toward_the_award() -> None:
    known = catalogue(credential("a", 4, "x"), credential("b", 4, "x"), credential("other"))
    good = Selector((OneOf("tag", ("x",)), GradeTest("B", None)))
    award = compiled(rule(choose("core", 2, good)), known)
    taken = record(
        held("other", earned=date(2019, 1, 1)),
        replace(held("b", earned=date(2020, 1, 1)), source="transferred"),
        replace(held("a", "C"), started=date(2023, 6, 1), status="withdrawn"),
        replace(held("b", status="planned"), id=AchievementId("later"), earned=date(2021, 1, 1)),
    )
    assert first_credit([award], taken, TODAY) == date(2023, 6, 1)
    assert first_credit([award], record(held("other")), TODAY) is None
