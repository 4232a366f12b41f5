"""Decoded values to parts of a record, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from app.core.language.diagnostics import is_error
from app.core.language.records import achievement_from, check_record, record_from
from app.core.model.catalogue import Catalogue
from app.core.model.record import Achievement, LearnerId, LearnerRecord
from app.services.errors import RecordRefusedError, RenamedError

NAMES = frozenset(field.name for field in fields(Achievement))


def record_of(value: Any, learner: str = "learner") -> LearnerRecord:  # noqa: ANN401
    """Return the record of a decoded value; RecordRefusedError."""
    read = record_from(value, learner=learner)
    if read.record is None:
        raise RecordRefusedError(read.diagnostics)
    return read.record


def achievement_of(value: Any) -> Achievement:  # noqa: ANN401
    """Return the achievement of a decoded value; RecordRefusedError."""
    found, problems = achievement_from(value)
    if found is None:
        raise RecordRefusedError(problems)
    return found


def patched(current: Achievement, changes: Mapping[str, Any]) -> Achievement:
    """Return an achievement with some of its keys written anew; None takes a key's usual value."""
    if changes.get("id", current.id) != current.id:
        raise RenamedError(current.id)
    written = {key: own for key, own in changes.items() if own is not None or key not in NAMES}
    read = achievement_of({"credential": current.credential, **written, "id": current.id})
    usual = Achievement(id=current.id, credential=current.credential)
    chosen = {key: getattr(usual if own is None else read, key) for key, own in changes.items()}
    return replace(current, **chosen)


def refuse_unfit(achievement: Achievement, catalogue: Catalogue, today: date) -> None:
    """Raise RecordRefusedError where the catalogue or the day shows an achievement to be wrong."""
    alone = LearnerRecord(learner=LearnerId("learner"), achievements=(achievement,))
    errors = [one for one in check_record(alone, catalogue, today) if is_error(one)]
    if errors:
        raise RecordRefusedError(errors)
