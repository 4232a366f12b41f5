"""A learner's record as plain values and back, exactly: every field is written, none is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from app.core.model.record import (
    Achievement,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.services.canonical import Json
from app.services.catalogue_json import credential_from_plain, credential_to_plain
from app.services.facts import fact_from_plain, fact_to_plain, stated_from_plain, stated_to_plain

Part = TypeVar("Part", Achievement, Adjustment, Attestation, Milestone)
FACTS = "attributes"


def record_to_plain(record: LearnerRecord) -> Json:
    """Return the record as plain values; days are `{"day": …}`, credits whole thousandths."""
    return {
        "learner": record.learner,
        "credentials": [credential_to_plain(one) for one in record.credentials],
        "achievements": [_part(one) for one in record.achievements],
        "milestones": [_part(one) for one in record.milestones],
        "attestations": [_part(one) for one in record.attestations],
        "adjustments": [_part(one) for one in record.adjustments],
        FACTS: {name: fact_to_plain(fact) for name, fact in record.attributes.items()},
        "declared": list(record.declared),
    }


def record_from_plain(plain: Mapping[str, Any]) -> LearnerRecord:
    """Return the record that `record_to_plain` wrote."""
    return LearnerRecord(
        learner=LearnerId(plain["learner"]),
        # Audits stored before records could describe credentials have none.
        credentials=tuple(credential_from_plain(one) for one in plain.get("credentials", ())),
        achievements=tuple(_read(Achievement, one) for one in plain["achievements"]),
        milestones=tuple(_read(Milestone, one) for one in plain["milestones"]),
        attestations=tuple(_read(Attestation, one) for one in plain["attestations"]),
        adjustments=tuple(_read(Adjustment, one) for one in plain["adjustments"]),
        attributes={name: fact_from_plain(fact) for name, fact in plain[FACTS].items()},
        declared=tuple(plain["declared"]),
    )


def _part(part: Achievement | Adjustment | Attestation | Milestone) -> Json:
    return {field.name: _value(getattr(part, field.name)) for field in fields(part)}


def _value(value: Any) -> Json:  # noqa: ANN401
    if isinstance(value, date):
        return fact_to_plain(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {name: stated_to_plain(stated) for name, stated in value.items()}
    found: Json = value
    return found


def _read(kind: type[Part], plain: Mapping[str, Any]) -> Part:
    return kind(**{name: _read_value(name, value) for name, value in plain.items()})


def _read_value(name: str, value: Any) -> Any:  # noqa: ANN401
    if name == FACTS:
        return {key: stated_from_plain(stated) for key, stated in value.items()}
    if isinstance(value, list):
        return tuple(value)
    return fact_from_plain(value) if isinstance(value, dict) else value
