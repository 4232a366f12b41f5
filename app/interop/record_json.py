"""A learner's record as plain JSON values, in the shape that records are read from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.model.credential import Credential, Stated
from app.core.model.credits import show_credits
from app.core.model.record import Achievement, Adjustment, LearnerRecord

Plain = dict[str, Any]
WORDS = (
    *("id", "title", "issuer", "type", "unit", "relation", "size", "assessment"),
    *("quality_assurance", "workload", "participation", "mode", "language"),
)
LISTS = ("fields", "tags", "outcomes", "skills", "prerequisites", "equivalents")


def record_to_plain(record: LearnerRecord) -> Plain:
    """Return the record as values that `record_from` reads back to the same record."""
    plain: Plain = {
        "learner": record.learner,
        "credentials": [credential_to_plain(one) for one in record.credentials],
        "achievements": [achievement_to_plain(one) for one in record.achievements],
        "milestones": [{"name": one.name, "on": one.on.isoformat()} for one in record.milestones],
        "attestations": [
            {
                "requirement": one.requirement,
                "role": one.role,
                "by": one.by,
                "on": one.on.isoformat(),
            }
            for one in record.attestations
        ],
        "adjustments": [adjustment_to_plain(one) for one in record.adjustments],
        "attributes": _attributes(record.attributes),
        "declared": list(record.declared),
    }
    return {key: value for key, value in plain.items() if value or key == "achievements"}


def credential_to_plain(one: Credential) -> Plain:
    """Return a credential as a catalogue or a record describes it; attributes are keys of it."""
    level = one.level and {"framework": one.level.framework, "at": one.level.step}
    plain: Plain = {
        **{name: getattr(one, name) for name in WORDS},
        **{name: list(getattr(one, name)) for name in LISTS},
        "credits": show_credits(one.credits) if one.credits else "",
        "level": level,
        "retired": _day(one.retired),
    }
    said = {key: value for key, value in plain.items() if value or key in {"title", "type"}}
    return {**said, **_attributes(one.attributes)}


def achievement_to_plain(one: Achievement) -> Plain:
    """Return one achievement; what it does not say is left out."""
    plain: Plain = {
        "id": one.id,
        "credential": one.credential,
        "status": one.status,
        "credits": None if one.credits is None else show_credits(one.credits),
        "unit": one.unit,
        "grade": one.grade,
        "started": _day(one.started),
        "earned": _day(one.earned),
        "awarded": _day(one.awarded),
        "term": one.term,
        "source": one.source,
        "attempt": one.attempt,
        "registration": one.registration,
        "used_in": list(one.used_in),
        "attributes": _attributes(one.attributes),
    }
    usual = {"source": "taken", "attempt": 1}
    return {
        key: value
        for key, value in plain.items()
        if value not in (None, "", [], {}) and usual.get(key) != value
    }


def adjustment_to_plain(one: Adjustment) -> Plain:
    """Return one adjustment; what it does not say is left out."""
    plain: Plain = {
        "id": one.id,
        "kind": one.kind,
        "award": one.award,
        "requirement": one.requirement or None,
        "reason": one.reason,
        "by": one.by,
        "on": _day(one.on),
        "expires": _day(one.expires),
        "achievement": one.achievement,
        "credential": one.credential,
        "amount": None if one.amount is None else show_credits(one.amount),
    }
    return {key: value for key, value in plain.items() if value is not None}


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _attributes(attributes: Mapping[str, Stated]) -> Plain:
    return {name: stated_to_plain(stated) for name, stated in attributes.items()}


def stated_to_plain(stated: Stated) -> Any:  # noqa: ANN401 -- a JSON value
    """Return what is stated of an attribute as files have it: a day is text."""
    if isinstance(stated, tuple):
        return list(stated)
    return stated.isoformat() if isinstance(stated, date) else stated
