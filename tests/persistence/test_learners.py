"""Learners in the database, and what was known of them when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.record import (
    Achievement,
    AchievementId,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.persistence.storage import SqlStorage

MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)
MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, 9, tzinfo=UTC)
ANN = LearnerId("ann")

ACHIEVEMENT = Achievement(
    id=AchievementId("a1"),
    credential=CredentialId("x/one"),
    status="earned",
    credits=Credits(7500),
    unit="ects",
    grade="B+",
    started=date(2025, 9, 1),
    earned=date(2026, 1, 31),
    awarded=date(2026, 2, 14),
    term="2025-autumn",
    source="transferred",
    attempt=2,
    registration="non-degree",
    used_in=(CredentialId("x/diploma"), CredentialId("x/award")),
    attributes={
        "cluster": "alpha",
        "rank": 3,
        "remote": True,
        "sat": date(2026, 1, 20),
        "in": ("a", "b"),
    },
)
WHOLE = LearnerRecord(
    learner=ANN,
    achievements=(ACHIEVEMENT,),
    milestones=(Milestone(name="admission", on=date(2025, 8, 1)),),
    attestations=(Attestation(requirement="interview", role="dean", by="d1", on=date(2026, 2, 1)),),
    adjustments=(
        Adjustment(
            id="w1",
            kind="waive",
            award=CredentialId("x/award"),
            requirement="core",
            reason="prior study",
            by="r1",
            on=date(2026, 2, 2),
            expires=date(2027, 2, 2),
            achievement=AchievementId("a1"),
            credential=CredentialId("x/two"),
            amount=Credits(500),
        ),
    ),
    attributes={"cohort": "2025", "age": 31, "part-time": False, "born": date(1995, 4, 1)},
    declared=(CredentialId("x/diploma"), CredentialId("x/award")),
)


def keep(storage: SqlStorage, record: LearnerRecord, at: datetime) -> None:
    with storage.writing() as unit:
        unit.learners.create(record.learner, at)
        for achievement in record.achievements:
            unit.learners.put_achievement(record.learner, achievement, at)
        for milestone in record.milestones:
            unit.learners.put_milestone(record.learner, milestone, at)
        for attestation in record.attestations:
            unit.learners.put_attestation(record.learner, attestation, at)
        for adjustment in record.adjustments:
            unit.learners.put_adjustment(record.learner, adjustment, at)
        unit.learners.put_attributes(record.learner, record.attributes, at)
        unit.learners.put_declared(record.learner, record.declared, at)


def test_a_whole_record_comes_back_as_it_was_given(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.reading() as unit:
        assert unit.learners.record("ann", None) == WHOLE


def test_a_record_takes_at_most_four_queries(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    statements: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append(statement)

    event.listen(storage.engine, "before_cursor_execute", listen)
    with storage.reading() as unit:
        unit.learners.record("ann", None)
    assert len(statements) == 4


def test_many_achievements_are_kept_as_one_after_another(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    first, second = (replace(ACHIEVEMENT, grade=grade) for grade in ("X", "Y"))
    new = replace(ACHIEVEMENT, id=AchievementId("new"))
    several = [ACHIEVEMENT, first, first, second, new, new, replace(new, grade="Z")]
    with storage.writing() as unit:
        unit.learners.create(LearnerId("bob"), MARCH)
        unit.learners.put_achievement("bob", ACHIEVEMENT, MARCH)
        outcomes = unit.learners.put_achievements("ann", several, MAY)
        for one in several:
            unit.learners.put_achievement("bob", one, MAY)
    with storage.reading() as unit:
        for name in ("a1", "new"):
            assert unit.learners.history("ann", name) == unit.learners.history("bob", name)
    once = ("unchanged", "changed", "unchanged", "changed")
    assert outcomes == (*once, "created", "unchanged", "changed")


def test_many_achievements_take_as_many_statements_as_one(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    statements: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    many = [replace(ACHIEVEMENT, id=AchievementId(f"n{n}")) for n in range(50)]
    with storage.writing() as unit:
        event.listen(storage.engine, "before_cursor_execute", listen)
        unit.learners.put_achievements("ann", [replace(ACHIEVEMENT, grade="X"), *many], MAY)
    assert statements == ["SELECT", "UPDATE", "INSERT"]


def test_nobody_has_no_record(storage: SqlStorage) -> None:
    with storage.reading() as unit:
        assert unit.learners.record("nobody", None) is None


def test_a_changed_achievement_leaves_what_was_known_before(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    regraded = Achievement(id=ACHIEVEMENT.id, credential=ACHIEVEMENT.credential, grade="A")
    with storage.writing() as unit:
        assert unit.learners.put_achievement("ann", regraded, JUNE) == "changed"
    with storage.reading() as unit:
        in_may = unit.learners.record("ann", MAY)
        now = unit.learners.record("ann", None)
        history = unit.learners.history("ann", "a1")
    assert in_may is not None
    assert in_may.achievements == (ACHIEVEMENT,)
    assert now is not None
    assert now.achievements == (regraded,)
    assert [(one.achievement.grade, one.recorded_at, one.superseded_at) for one in history] == [
        ("B+", MARCH, JUNE),
        ("A", JUNE, None),
    ]


def test_at_the_instant_of_a_change_the_new_state_is_known(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.writing() as unit:
        unit.learners.put_milestone("ann", Milestone(name="admission", on=date(2025, 9, 1)), JUNE)
    with storage.reading() as unit:
        just_before = unit.learners.record("ann", JUNE - timedelta(microseconds=1))
        then = unit.learners.record("ann", JUNE)
    assert just_before is not None
    assert just_before.milestones == WHOLE.milestones
    assert then is not None
    assert then.milestones == (Milestone(name="admission", on=date(2025, 9, 1)),)


def test_before_anything_was_recorded_nothing_is_known(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.reading() as unit:
        assert unit.learners.record("ann", MARCH - timedelta(days=1)) == LearnerRecord(learner=ANN)


def test_the_same_again_changes_nothing(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.writing() as unit:
        learners = unit.learners
        assert learners.put_achievement("ann", ACHIEVEMENT, JUNE) == "unchanged"
        assert learners.put_attributes("ann", WHOLE.attributes, JUNE) == "unchanged"
        assert learners.put_declared("ann", WHOLE.declared, JUNE) == "unchanged"
        assert learners.put_adjustment("ann", WHOLE.adjustments[0], JUNE) == "unchanged"
    with storage.reading() as unit:
        assert len(unit.learners.history("ann", None)) == 1


def test_what_is_ended_stays_in_the_history(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.writing() as unit:
        assert unit.learners.end("ann", "achievement", ["a1"], JUNE)
        assert not unit.learners.end("ann", "achievement", ["a1"], JUNE)
        assert unit.learners.end("ann", "milestone", ["admission"], JUNE)
        assert unit.learners.end("ann", "adjustment", ["w1"], JUNE)
    with storage.reading() as unit:
        now, in_may = unit.learners.record("ann", None), unit.learners.record("ann", MAY)
        history = unit.learners.history("ann", "a1")
    assert now is not None
    assert (now.achievements, now.milestones, now.adjustments) == ((), (), ())
    assert in_may == WHOLE
    assert [one.superseded_at for one in history] == [JUNE]


def test_what_was_ended_can_be_recorded_again(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.writing() as unit:
        unit.learners.end("ann", "achievement", ["a1"], MAY)
        assert unit.learners.put_achievement("ann", ACHIEVEMENT, JUNE) == "created"
    with storage.reading() as unit:
        assert len(unit.learners.history("ann", "a1")) == 2


def test_declared_awards_keep_their_order_and_can_be_taken_back(storage: SqlStorage) -> None:
    keep(storage, WHOLE, MARCH)
    with storage.writing() as unit:
        turned = unit.learners.put_declared("ann", WHOLE.declared[::-1], MAY)
        fewer = unit.learners.put_declared("ann", WHOLE.declared[1:], JUNE)
        unit.learners.put_attributes("ann", {"cohort": "2026"}, JUNE)
    with storage.reading() as unit:
        now = unit.learners.record("ann", None)
        between = unit.learners.record("ann", MAY)
    assert (turned, fewer) == ("changed", "changed")
    assert now is not None
    assert now.declared == WHOLE.declared[1:]
    assert now.attributes == {"cohort": "2026"}
    assert between is not None
    assert between.declared == WHOLE.declared[::-1]


def test_instants_are_kept_in_utc_to_the_microsecond(storage: SqlStorage) -> None:
    at = datetime(2026, 5, 3, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with storage.writing() as unit:
        unit.learners.create(ANN, at)
    with storage.reading() as unit:
        entry = unit.learners.entry("ann")
    assert entry is not None
    assert entry.recorded_at.isoformat() == "2026-05-03T12:00:00.123456+00:00"


def create_twice(storage: SqlStorage) -> None:
    with storage.writing() as unit:
        unit.learners.create(ANN, MAY)
        unit.learners.create(ANN, MAY)


def test_a_failed_unit_leaves_nothing_behind(storage: SqlStorage) -> None:
    with pytest.raises(DatabaseError):
        create_twice(storage)
    with storage.reading() as unit:
        assert unit.learners.entry("ann") is None


def test_an_achievement_of_nobody_is_refused(storage: SqlStorage) -> None:
    with pytest.raises(DatabaseError), storage.writing() as unit:
        unit.learners.put_achievement("nobody", ACHIEVEMENT, MAY)


def test_ids_are_listed_by_their_bytes(storage: SqlStorage) -> None:
    names = ("Zoe", "ann", "bob", "Émile", "a-1", "a_1", "a1")
    with storage.writing() as unit:
        for name in names:
            unit.learners.create(LearnerId(name), MAY)
    with storage.reading() as unit:
        first = unit.learners.page("", 4)
        rest = unit.learners.page(first[-1].id, 100)
    assert [one.id for one in (*first, *rest)] == sorted(names)
