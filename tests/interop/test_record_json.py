"""Records written as plain JSON values: read back they are the same, and they fit the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.core.language.adjustments import ADJUSTMENT, OPTIONAL
from app.core.language.credentials import CREDENTIAL
from app.core.language.reader import read_yaml
from app.core.language.records import (
    ACHIEVEMENT,
    ATTESTATION,
    MILESTONE,
    RECORD,
    STATUSES,
    record_from,
)
from app.core.language.values import Readers
from app.core.model.credential import (
    Credential,
    CredentialId,
    Fact,
    IssuerId,
    Relation,
    Size,
    Stated,
)
from app.core.model.credits import LARGEST, Credits
from app.core.model.level import Level
from app.core.model.record import (
    ADJUSTMENTS,
    Achievement,
    AchievementId,
    Adjustment,
    AdjustmentKind,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.interop.record_json import record_to_plain

RULES = Path(__file__).parents[2] / "rules"
SCHEMA = json.loads((RULES / "schema" / "record.v1.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
IDS = st.from_regex(r"[a-z][a-z0-9]{0,5}/[a-z0-9][a-z0-9-]{0,8}", fullmatch=True).map(CredentialId)
NAMES = st.from_regex(r"[a-z][a-z0-9 ,.]{0,18}[a-z0-9]", fullmatch=True)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
AMOUNTS = st.integers(0, LARGEST).map(Credits)
FACTS: st.SearchStrategy[dict[str, Fact]] = st.dictionaries(
    NAMES, st.one_of(NAMES, st.integers(-1000, 1000), st.booleans(), DAYS), max_size=3
)
STATED: st.SearchStrategy[dict[str, Stated]] = st.dictionaries(
    NAMES, st.one_of(NAMES, DAYS, st.lists(NAMES, max_size=3).map(tuple)), max_size=3
)


def achievements(identifier: str) -> st.SearchStrategy[Achievement]:
    return st.builds(
        Achievement,
        id=st.just(AchievementId(identifier)),
        credential=IDS,
        status=st.sampled_from(STATUSES),
        credits=st.none() | AMOUNTS,
        unit=st.sampled_from(["", "ects"]),
        grade=st.sampled_from(["", "A", "B+", "4.30"]),
        started=st.none() | DAYS,
        earned=st.none() | DAYS,
        awarded=st.none() | DAYS,
        term=st.sampled_from(["", "2025-autumn"]),
        source=st.sampled_from(["taken", "transferred", "examination"]),
        # Numbered, so that no two are the same attempt at the same credential.
        attempt=st.just(int(identifier)),
        registration=st.sampled_from(["", "non-degree"]),
        used_in=st.lists(IDS, max_size=2).map(tuple),
        attributes=st.one_of(FACTS, STATED),
    )


TEXTS = st.lists(NAMES, max_size=2).map(tuple)
CREDENTIALS = st.builds(
    Credential,
    id=IDS,
    title=st.just("") | NAMES,
    issuer=IDS.map(IssuerId),
    type=st.sampled_from(["", "micro-credential", "module"]),
    credits=AMOUNTS,
    unit=st.sampled_from(["", "ects"]),
    level=st.none() | st.builds(Level, st.just("eqf"), st.integers(0, 8)),
    relation=st.none() | st.sampled_from(get_args(Relation)),
    size=st.none() | st.sampled_from(get_args(Size)),
    fields=TEXTS,
    tags=TEXTS,
    outcomes=TEXTS,
    skills=TEXTS,
    workload=st.just("") | NAMES,
    prerequisites=st.lists(IDS, max_size=1).map(tuple),
    equivalents=st.lists(IDS, max_size=2).map(tuple),
    attributes=st.one_of(FACTS, STATED).map(
        lambda own: {name: fact for name, fact in own.items() if name not in CREDENTIAL}
    ),
    retired=st.none() | DAYS,
)

OF_NAMES: Mapping[str, st.SearchStrategy[Any]] = {
    "requirement": NAMES,
    "credential": IDS,
    "achievement": NAMES.map(AchievementId),
    "amount": AMOUNTS,
}


@st.composite
def adjustments(draw: st.DrawFn) -> Adjustment:
    kind = draw(st.sampled_from(get_args(AdjustmentKind)))
    names = [*ADJUSTMENTS[kind], *(one for one in OPTIONAL.get(kind, ()) if draw(st.booleans()))]
    on = draw(DAYS)
    return Adjustment(
        id=draw(NAMES),
        kind=kind,
        award=draw(IDS),
        reason=draw(NAMES),
        by=draw(NAMES),
        on=on,
        expires=draw(st.none() | st.integers(1, 900).map(lambda days: on + timedelta(days))),
        **{name: draw(OF_NAMES[name]) for name in names},
    )


RECORDS = st.builds(
    LearnerRecord,
    learner=NAMES.map(LearnerId),
    credentials=st.lists(CREDENTIALS, max_size=2, unique_by=lambda one: one.id).map(tuple),
    achievements=st.integers(0, 4).flatmap(
        lambda count: st.tuples(*(achievements(str(number)) for number in range(count)))
    ),
    milestones=st.lists(
        st.builds(Milestone, name=NAMES, on=DAYS), max_size=2, unique_by=lambda step: step.name
    ).map(tuple),
    attestations=st.lists(
        st.builds(Attestation, requirement=NAMES, role=NAMES, by=NAMES, on=DAYS), max_size=2
    ).map(tuple),
    adjustments=st.lists(adjustments(), max_size=2).map(tuple),
    attributes=FACTS,
    declared=st.lists(IDS, max_size=2).map(tuple),
)


WAIVER = {
    "id": "j1",
    "kind": "waive",
    "award": "x/dip",
    "requirement": "core",
    "reason": "Board",
    "by": "registrar",
    "on": "2026-05-03",
}


@given(record=RECORDS)
def test_a_record_that_is_written_and_read_is_the_same(record: LearnerRecord) -> None:
    plain = json.loads(json.dumps(record_to_plain(record)))
    read = record_from(plain)
    assert (read.record, read.diagnostics) == (record, ())
    assert VALIDATOR.is_valid(plain)


def test_what_is_not_said_is_not_written() -> None:
    held = Achievement(id=AchievementId("x/a"), credential=CredentialId("x/a"))
    assert record_to_plain(LearnerRecord(learner=LearnerId("ada"), achievements=(held,))) == {
        "learner": "ada",
        "achievements": [{"id": "x/a", "credential": "x/a", "status": "earned"}],
    }


def test_the_schema_is_valid_and_has_the_keys_that_are_read() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    forms: dict[str, Readers] = {
        "achievement": ACHIEVEMENT,
        "entry": {key: reader for key, reader in ACHIEVEMENT.items() if key != "status"},
        "milestone": MILESTONE,
        "attestation": ATTESTATION,
        "adjustment": ADJUSTMENT,
    }
    assert SCHEMA["properties"].keys() == RECORD.keys()
    forms["credential"] = CREDENTIAL
    for name, readers in forms.items():
        assert SCHEMA["$defs"][name]["properties"].keys() == readers.keys()
    assert SCHEMA["$defs"]["achievement"]["properties"]["status"]["enum"] == list(STATUSES)
    assert SCHEMA["$defs"]["adjustment"]["properties"]["kind"]["enum"] == list(
        get_args(AdjustmentKind)
    )


@pytest.mark.parametrize(
    "path", sorted(RULES.glob("*/records/*.yaml")), ids=lambda path: path.parts[-3]
)
def test_every_sample_fits_the_schema(path: Path) -> None:
    document, _ = read_yaml(path.read_bytes(), path.name)
    assert document is not None
    plain = json.loads(json.dumps(document.value, default=date.isoformat))
    assert [error.message for error in VALIDATOR.iter_errors(plain)] == []


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"achievments": []},
        {"achievements": [{}]},
        {"earned": ["x y"]},
        {"earned": [{"credential": "x/a", "status": "earned"}]},
        {"achievements": [{"credential": "x/a", "status": "done"}]},
        {"achievements": [{"credential": "x/a", "credits": 7.5}]},
        {"achievements": [{"credential": "x/a", "credits": True}]},
        {"achievements": [{"credential": "x/a", "credits": -5}]},
        {"achievements": [{"credential": "x/a", "credits": "1" * 20}]},
        {"achievements": [{"credential": "x/a", "attempt": -1}]},
        {"achievements": [{"credential": "x/a", "earned": "2026-02-01T10:00:00Z"}]},
        {"achievements": [{"credential": "x/a", "grade": "x" * 501}]},
        {"achievements": [{"credential": "x/a", "attributes": {"a": 1.5}}]},
        {"achievements": [{"credential": "x/a", "attributes": {"a": ["x", 1]}}]},
        {"attributes": {"a": ["x"]}},
        {"milestones": [{"name": "entry"}]},
        {"milestones": {"": "2026-01-01"}},
        {"adjustments": [{"id": "j1", "kind": "waive"}]},
        {"adjustments": [{**WAIVER, "kind": "exclude"}]},
        {"adjustments": [{**WAIVER, "amount": 5}]},
    ],
    ids=str,
)
def test_what_the_reader_refuses_for_its_shape_the_schema_refuses_too(value: object) -> None:
    assert record_from(value).record is None
    assert not VALIDATOR.is_valid(value)
