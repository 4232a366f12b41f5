"""A whole record in place of what was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.services.errors import RecordRefusedError, StaleRevisionError, UnknownLearnerError
from app.services.reading import achievement_of, record_of
from app.services.stored import RecordView
from app.wiring import Services
from tests.services.builders import NOTE

LOGIC: dict[str, Any] = {
    "id": "e/logic",
    "title": "Logic",
    "issuer": "e",
    "credits": 10,
    "unit": "ects",
    "tags": ["elective"],
    "cluster": ["life", "form"],
}
FULL: dict[str, Any] = {
    "credentials": [LOGIC],
    "achievements": [
        {"id": "a1", "credential": "x/a", "grade": "A", "earned": "2025-01-31"},
        {"id": "b1", "credential": "x/b", "status": "in-progress"},
    ],
    "milestones": {"admission": "2024-09-01", "graduation": "2026-01-30"},
    "attestations": [
        {"requirement": "core", "role": "dean", "by": "d1", "on": "2025-01-01"},
        {"requirement": "core", "role": "tutor", "by": "t1", "on": "2025-01-01"},
    ],
    "adjustments": [
        {
            "id": "w1",
            "kind": "waive",
            "award": "x/cert",
            "requirement": "core",
            "reason": "Illness",
            "by": "d1",
            "on": "2025-01-01",
        }
    ],
    "attributes": {"cluster": "life"},
    "declared": ["x/dip", "x/cert"],
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ann(services: Services) -> Services:
    services.learners.create("ann", NOTE)
    return services


def record(**changed: object) -> LearnerRecord:
    return record_of({**FULL, **changed}, "ann")


def put(ann: Services, wanted: LearnerRecord, expected: str | None = None) -> RecordView:
    return ann.records.put_record(wanted, NOTE, expected)


def what_happened(ann: Services) -> list[str]:
    return [one.what for one in ann.learners.changes("ann", limit=100).items]


def test_a_whole_record_is_kept_as_it_is_given(ann: Services) -> None:
    view = put(ann, record())
    assert view.record == record()
    assert ann.learners.record("ann") == view


def test_what_a_record_leaves_out_ends_and_stays_in_the_history(ann: Services) -> None:
    put(ann, record())
    before = len(what_happened(ann))
    later = put(ann, record_of({"achievements": FULL["achievements"][:1]}, "ann"))
    assert later.record == record_of({"achievements": FULL["achievements"][:1]}, "ann")
    ended = [one.achievement.id for one in ann.learners.history("ann") if one.superseded_at]
    assert ended == ["b1"]
    assert what_happened(ann)[before:] == [
        "achievement.removed",
        "milestone.removed",
        "milestone.removed",
        "attestation.removed",
        "attestation.removed",
        "adjustment.removed",
        "credentials.changed",
        "attributes.changed",
        "declared.changed",
    ]


def test_the_same_record_again_changes_nothing(ann: Services) -> None:
    first = put(ann, record())
    before = what_happened(ann)
    assert put(ann, record()) == first
    assert what_happened(ann) == before


def test_one_entry_that_differs_is_the_one_that_changes(ann: Services) -> None:
    first = put(ann, record())
    changed = {**FULL["achievements"][0], "grade": "B"}
    view = put(ann, record(achievements=[changed, FULL["achievements"][1]]), first.revision)
    assert what_happened(ann)[-1:] == ["achievement.changed"]
    assert view.revision != first.revision
    assert [one.achievement.grade for one in ann.learners.history("ann", "a1")] == ["A", "B"]


def test_a_record_is_kept_only_over_the_revision_that_was_read(ann: Services) -> None:
    read = ann.learners.record("ann").revision
    put(ann, record())
    with pytest.raises(StaleRevisionError):
        put(ann, record(declared=[]), read)
    with pytest.raises(UnknownLearnerError):
        put(ann, record_of({}, "bob"))


def test_a_record_with_anything_wrong_is_kept_in_no_part(ann: Services) -> None:
    wrong = record(
        credentials=[{**LOGIC, "id": "x/a", "clustre": "life"}],
        achievements=[{"credential": "x/none"}, {"credential": "x/a", "grade": "Z"}],
        attestations=[FULL["attestations"][0]] * 2,
        adjustments=FULL["adjustments"] * 2,
        attributes={"colour": "red"},
        declared=["x/dop", "x/dip", "x/dip"],
    )
    with pytest.raises(RecordRefusedError) as refused:
        put(ann, wrong)
    assert [one.path for one in refused.value.diagnostics] == [
        "$.achievements[0].credential",
        "$.achievements[1].grade",
        "$.adjustments",
        "$.attestations",
        "$.attributes.colour",
        "$.credentials[0].clustre",
        "$.credentials[0].id",
        "$.declared",
        "$.declared[0]",
    ]
    assert ann.learners.record("ann").record == record_of({}, "ann")


def test_attributes_and_declared_awards_are_those_that_a_catalogue_knows(ann: Services) -> None:
    with pytest.raises(RecordRefusedError, match="declares no attribute `colour`"):
        ann.records.set_attributes("ann", {"colour": "red"}, NOTE)
    with pytest.raises(RecordRefusedError, match="no credential `x/dop`"):
        ann.records.declare("ann", record_of({"declared": "x/dop"}).declared, NOTE)
    ann.records.set_attributes("ann", {"since": date(2024, 5, 1)}, NOTE)
    assert ann.learners.record("ann").record.attributes == {"since": date(2024, 5, 1)}


def test_an_achievement_may_be_of_what_the_record_describes(ann: Services) -> None:
    put(ann, record())
    logic = achievement_of({"credential": "e/logic", "grade": "B", "earned": "2025-01-31"})
    ann.records.put_achievement("ann", logic, NOTE)
    lines = ann.records.put_achievements(
        "ann", [{"id": "l2", "credential": "e/logic", "attempt": 2, "grade": "Z"}], NOTE
    )
    assert [one.code for one in lines.what[0].problems] == ["CN0705"]
    better = ann.records.patch_achievement("ann", "e/logic", {"grade": "A"}, NOTE)
    assert better.what.grade == "A"
    ethics = replace(logic, credential=CredentialId("e/ethics"))
    with pytest.raises(RecordRefusedError, match="no credential `e/ethics`"):
        ann.records.put_achievement("ann", ethics, NOTE)


def test_what_an_achievement_is_of_stays_described(ann: Services) -> None:
    logic = {"credential": "e/logic", "earned": "2025-01-31"}
    put(ann, record(achievements=[logic]))
    with pytest.raises(RecordRefusedError, match="no credential `e/logic`"):
        put(ann, record(credentials=[], achievements=[logic]))
