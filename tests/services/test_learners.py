"""Learners' records, written so that nothing that was known is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.model.credential import CredentialId, Fact
from app.core.model.record import Achievement, AchievementId, Attestation, Milestone
from app.services.errors import (
    LearnerExistsError,
    RecordRefusedError,
    RenamedError,
    StaleRevisionError,
    TooManyError,
    UnknownEntryError,
    UnknownLearnerError,
)
from app.services.reading import achievement_of
from app.services.records import MOST_LINES
from app.wiring import Services
from tests.services.builders import NOTE

ALGEBRA: dict[str, Any] = {"id": "a1", "credential": "x/a", "grade": "B", "earned": "2025-01-31"}


@pytest.fixture
def ann(services: Services) -> Services:
    """Services that know a learner with one achievement."""
    services.learners.create("ann", NOTE)
    services.records.put_achievement("ann", achievement_of(ALGEBRA), NOTE)
    return services


def held(services: Services) -> tuple[Achievement, ...]:
    return services.learners.record("ann").record.achievements


def test_a_learner_is_created_once(ann: Services) -> None:
    with pytest.raises(LearnerExistsError, match="there is a learner `ann` already"):
        ann.learners.create("ann", NOTE)
    assert [one.id for one in ann.learners.list().items] == ["ann"]


def test_nothing_is_known_of_nobody(services: Services) -> None:
    for ask in (services.learners.record, services.learners.history, services.learners.changes):
        with pytest.raises(UnknownLearnerError, match="there is no learner `bob`"):
            ask("bob")
    with pytest.raises(UnknownLearnerError):
        services.records.put_achievement("bob", achievement_of(ALGEBRA), NOTE)


def test_the_same_achievement_again_changes_nothing(ann: Services) -> None:
    before = ann.learners.record("ann")
    assert ann.records.put_achievement("ann", achievement_of(ALGEBRA), NOTE).what == "unchanged"
    assert ann.learners.record("ann") == before


def test_what_was_known_earlier_can_be_asked(ann: Services) -> None:
    (version,) = ann.learners.history("ann", "a1")
    ann.records.patch_achievement("ann", "a1", {"grade": "A"}, NOTE)
    assert [one.grade for one in held(ann)] == ["A"]
    then = ann.learners.record("ann", known_at=version.recorded_at)
    assert [one.grade for one in then.record.achievements] == ["B"]
    long_ago = ann.learners.record("ann", known_at=version.recorded_at - timedelta(days=1))
    assert long_ago.record.achievements == ()


def test_a_patch_leaves_what_it_does_not_name(ann: Services) -> None:
    facts: dict[str, Fact] = {"since": date(2024, 5, 1), "cluster": "life"}
    full = Achievement(
        id=AchievementId("a1"),
        credential=CredentialId("x/b"),
        status="earned",
        grade="A",
        earned=date(2025, 1, 1),
        attempt=2,
        attributes=facts,
    )
    ann.records.put_achievement("ann", full, NOTE)
    changes = {"grade": "B", "earned": None}
    changed = ann.records.patch_achievement("ann", "a1", changes, NOTE).what
    assert (changed.grade, changed.earned, changed.attempt) == ("B", None, 2)
    assert (changed.credential, changed.attributes) == ("x/b", facts)
    assert held(ann) == (changed,)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"grade": "Z"}, "no grade scale knows the grade `Z`"),
        ({"credits": -1}, "credits"),
        ({"colour": "red"}, "`colour`"),
        ({"colour": None}, "`colour`"),
        ({"credential": "x/none"}, "the catalogue has no credential `x/none`"),
        ({"earned": "2030-01-01"}, "after the audit's day"),
        ({"status": "lost"}, "`lost`"),
    ],
)
def test_a_patch_that_makes_no_sense_is_refused(
    ann: Services, changes: dict[str, Any], message: str
) -> None:
    before = held(ann)
    with pytest.raises(RecordRefusedError, match=message):
        ann.records.patch_achievement("ann", "a1", changes, NOTE)
    assert held(ann) == before


def test_an_achievement_keeps_its_id(ann: Services) -> None:
    with pytest.raises(RenamedError):
        ann.records.patch_achievement("ann", "a1", {"id": "a2"}, NOTE)
    with pytest.raises(UnknownEntryError, match="has no achievement `a2`"):
        ann.records.patch_achievement("ann", "a2", {"grade": "A"}, NOTE)


def test_a_bulk_write_says_what_happened_to_each_line(ann: Services) -> None:
    again = {**ALGEBRA, "grade": "A"}
    unknown = [{"credential": "x/none"}, {"credential": "q/none"}]
    lines = [ALGEBRA, again, *unknown, 7, {"credential": "x/b"}]
    results = ann.records.put_achievements("ann", lines, NOTE).what
    assert [(one.line, one.outcome, one.achievement) for one in results] == [
        (0, "unchanged", "a1"),
        (1, "changed", "a1"),
        (2, "refused", ""),
        (3, "refused", ""),
        (4, "refused", ""),
        (5, "created", "x/b"),
    ]
    assert "`x/none`" in results[2].problems[0].message
    assert [one.id for one in held(ann)] == ["a1", "x/b"]


TWICE = "`x/a` stands in the record as `a1` already"


def test_what_no_audit_would_take_twice_is_not_kept_twice(ann: Services) -> None:
    again = achievement_of({**ALGEBRA, "id": "a2"})
    with pytest.raises(RecordRefusedError, match=TWICE):
        ann.records.put_achievement("ann", again, NOTE)
    ann.records.put_achievement("ann", replace(again, attempt=2), NOTE)
    with pytest.raises(RecordRefusedError, match=TWICE):
        ann.records.patch_achievement("ann", "a2", {"attempt": 1}, NOTE)
    lines = [{**ALGEBRA, "id": "a3"}, {**ALGEBRA, "attempt": 3}, {**ALGEBRA, "id": "a4"}]
    results = ann.records.put_achievements("ann", lines, NOTE).what
    assert [one.outcome for one in results] == ["refused", "changed", "created"]
    assert [(one.id, one.attempt) for one in held(ann)] == [("a1", 3), ("a2", 2), ("a4", 1)]


def test_a_record_holds_no_more_than_an_audit_takes(ann: Services) -> None:
    lines = [{**ALGEBRA, "id": f"b{n}", "attempt": n} for n in range(2, MOST_LINES + 2)]
    results = ann.records.put_achievements("ann", lines, NOTE).what
    assert [one.line for one in results if one.outcome == "refused"] == [MOST_LINES - 1]
    with pytest.raises(RecordRefusedError, match="holds 2000 achievements, and no more are taken"):
        ann.records.put_achievement("ann", achievement_of({"credential": "x/b"}), NOTE)
    assert ann.records.put_achievements("ann", [ALGEBRA], NOTE).what[0].outcome == "unchanged"
    ann.records.remove("ann", "achievement", "b2", NOTE)
    ann.records.put_achievement("ann", achievement_of({"credential": "x/b"}), NOTE)


def test_a_bulk_write_has_a_limit(ann: Services) -> None:
    with pytest.raises(TooManyError, match=f"send at most {MOST_LINES} at once"):
        ann.records.put_achievements("ann", [ALGEBRA] * (MOST_LINES + 1), NOTE)


def test_a_record_changes_only_from_the_revision_that_was_read(ann: Services) -> None:
    read = ann.learners.record("ann").revision
    ann.records.put_milestone("ann", Milestone(name="admission", on=date(2024, 9, 1)), NOTE)
    with pytest.raises(StaleRevisionError, match="the record of `ann` is not at revision"):
        ann.records.patch_achievement("ann", "a1", {"grade": "A"}, NOTE, expected=read)
    now = ann.learners.record("ann").revision
    ann.records.patch_achievement("ann", "a1", {"grade": "A"}, NOTE, expected=now)
    assert held(ann)[0].grade == "A"


def test_what_is_removed_stays_in_the_history(ann: Services) -> None:
    ann.records.put_milestone("ann", Milestone(name="admission", on=date(2024, 9, 1)), NOTE)
    ann.records.remove("ann", "achievement", "a1", NOTE)
    ann.records.remove("ann", "milestone", "admission", NOTE)
    with pytest.raises(UnknownEntryError):
        ann.records.remove("ann", "achievement", "a1", NOTE)
    record = ann.learners.record("ann").record
    assert (record.achievements, record.milestones) == ((), ())
    assert [one.superseded_at is None for one in ann.learners.history("ann")] == [False]


def test_every_change_leaves_who_when_what_and_why(ann: Services) -> None:
    said = Attestation(requirement="interview", role="dean", by="d1", on=date(2025, 1, 1))
    ann.records.attest("ann", said, NOTE)
    ann.records.declare("ann", [CredentialId("x/dip")], NOTE)
    ann.records.set_attributes("ann", {"cluster": "life"}, NOTE)
    ann.records.remove("ann", "achievement", "a1", NOTE)
    first = ann.learners.changes("ann", limit=4)
    rest = ann.learners.changes("ann", first.next, limit=4)
    changes = (*first.items, *rest.items)
    assert {(one.who, one.why) for one in changes} == {("registrar", "test")}
    assert [one.at for one in changes] == sorted(one.at for one in changes)
    assert [one.what for one in changes] == [
        "learner.created",
        "achievement.created",
        "attestation.created",
        "declared.changed",
        "attributes.changed",
        "achievement.removed",
    ]
    assert changes[1].facts == {"entry": "a1"}


def test_the_history_of_what_never_was_is_an_error(ann: Services) -> None:
    with pytest.raises(UnknownEntryError):
        ann.learners.history("ann", "a9")
