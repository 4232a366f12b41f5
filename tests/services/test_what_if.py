"""What if: audits of changed inputs, and the difference."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.model.credential import CredentialId
from app.core.model.record import AchievementId
from app.services.errors import (
    TooManyError,
    UnknownEntryError,
)
from app.services.reading import achievement_of, record_of
from app.services.stored import AwardChoice
from app.services.what_if import (
    MOST_CHANGES,
    EntryExistsError,
    Hypothesis,
    UnevenChoicesError,
)
from app.services.what_if_errors import ContradictingChangesError
from app.wiring import Services
from tests.services.builders import NOTE

CERT = AwardChoice(CredentialId("x/cert"))
DIP = AwardChoice(CredentialId("x/dip"))
JUNE = date(2025, 6, 1)
RECORD = record_of(
    {
        "earned": [
            {"credential": "x/a", "grade": "B", "earned": "2025-01-31"},
            {"credential": "x/b", "grade": "B", "earned": "2025-01-31"},
        ]
    }
)
CHEMISTRY = achievement_of({"credential": "x/c", "grade": "B", "earned": "2025-02-28"})


def test_adding_what_is_missing_meets_the_rule(services: Services) -> None:
    found = services.what_if.compare_record(RECORD, [CERT], Hypothesis(add=(CHEMISTRY,)), JUNE)
    (change,) = found.differences
    assert (change.met_before, change.met_after, change.gained) == (False, True, 10_000)
    assert "Chemistry would count toward Electives." in change.text
    assert [one.now.met for one in (*found.before, *found.after)] == [False, True]


def test_no_change_makes_no_difference(services: Services) -> None:
    found = services.what_if.compare_record(RECORD, [CERT, DIP], Hypothesis(), JUNE)
    assert found.before == found.after
    assert [one.text for one in found.differences] == ["", ""]


def test_a_lower_grade_costs_what_it_held_up(services: Services) -> None:
    worse = Hypothesis(grades={AchievementId("x/b"): "F"})
    (change,) = services.what_if.compare_record(RECORD, [CERT], worse, JUNE).differences
    assert change.gained == -10_000


def test_what_is_removed_or_replaced_counts_no_more(services: Services) -> None:
    gone = Hypothesis(remove=(AchievementId("x/a"),))
    (change,) = services.what_if.compare_record(RECORD, [CERT], gone, JUNE).differences
    assert ("core", "not-met") in [(one.id, one.after) for one in change.requirements]
    planned = achievement_of({"id": "x/a", "credential": "x/a", "status": "planned"})
    swapped = Hypothesis(replace=(planned,))
    found = services.what_if.compare_record(RECORD, [CERT], swapped, JUNE)
    assert found.after[0].planned.progress.reached == 20_000
    assert found.after[0].now.progress.reached == 10_000


def test_another_award_can_be_judged_by(services: Services) -> None:
    switched = Hypothesis(choices=(DIP,))
    found = services.what_if.compare_record(RECORD, [CERT], switched, JUNE)
    assert [one.award for one in (*found.before, *found.after)] == ["x/cert", "x/dip"]
    with pytest.raises(UnevenChoicesError, match="names 1 awards to judge by and the question 2"):
        services.what_if.compare_record(RECORD, [CERT, DIP], switched, JUNE)


def test_a_stored_learner_is_asked_about_and_nothing_is_stored(services: Services) -> None:
    services.learners.create("ann", NOTE)
    for one in RECORD.achievements:
        services.records.put_achievement("ann", one, NOTE)
    before = services.learners.record("ann")
    found = services.what_if.compare("ann", [CERT], Hypothesis(add=(CHEMISTRY,)), JUNE)
    assert found.differences[0].met_after
    assert services.learners.record("ann") == before
    assert services.audits.list("ann").items == ()


def test_what_the_record_lacks_cannot_be_changed(services: Services) -> None:
    for wrong in (
        Hypothesis(remove=(AchievementId("x/d"),)),
        Hypothesis(replace=(CHEMISTRY,)),
        Hypothesis(grades={AchievementId("x/d"): "A"}),
    ):
        with pytest.raises(UnknownEntryError, match="has no achievement"):
            services.what_if.compare_record(RECORD, [CERT], wrong, JUNE)


def test_what_the_record_has_cannot_be_added_under_the_same_id(services: Services) -> None:
    twice = Hypothesis(add=(RECORD.achievements[0],))
    with pytest.raises(EntryExistsError, match="give the new one an id of its own"):
        services.what_if.compare_record(RECORD, [CERT], twice, JUNE)


def test_a_hypothesis_has_a_limit(services: Services) -> None:
    many = Hypothesis(add=(CHEMISTRY,) * (MOST_CHANGES + 1))
    with pytest.raises(TooManyError):
        services.what_if.compare_record(RECORD, [CERT], many, JUNE)


def test_what_is_removed_cannot_also_be_changed(services: Services) -> None:
    both = Hypothesis(remove=(AchievementId("x/a"),), grades={AchievementId("x/a"): "A"})
    with pytest.raises(ContradictingChangesError, match="leave out one of both"):
        services.what_if.compare_record(RECORD, [CERT], both, JUNE)
