"""Decoded values to parts of a record, all problems at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from app.core.language.diagnostics import Diagnostic, is_error, listed, shorten
from app.core.language.record_checks import check_record
from app.core.language.records import achievement_from, record_from
from app.core.language.values import Nearest
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential
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


def refuse_unfit(
    achievement: Achievement,
    catalogue: Catalogue,
    today: date,
    described: tuple[Credential, ...] = (),
) -> None:
    """Raise RecordRefusedError where the catalogue or the day shows an achievement to be wrong.

    It may be of a credential that its record has `described`.
    """
    alone = LearnerRecord(
        learner=LearnerId("learner"), credentials=described, achievements=(achievement,)
    )
    errors = [one for one in check_record(alone, catalogue, today) if is_error(one)]
    if errors:
        raise RecordRefusedError(errors)


def refuse_unfit_record(record: LearnerRecord, catalogue: Catalogue, today: date) -> None:
    """Raise RecordRefusedError with all that a catalogue and the day show to be wrong."""
    errors = [one for one in check_record(record, catalogue, today) if is_error(one)]
    errors += (*_undeclarable(record, catalogue), *_twice(record))
    if errors:
        raise RecordRefusedError(listed(errors))


def _undeclarable(record: LearnerRecord, catalogue: Catalogue) -> Iterator[Diagnostic]:
    nearest = Nearest(catalogue.credentials)
    for index, award in enumerate(record.declared):
        if award not in catalogue.credentials:
            message = f"the catalogue has no credential `{shorten(award)}`"
            remedy = nearest.remedy(award, "name one that the catalogue lists")
            yield Diagnostic("CN0703", "error", message, remedy, path=f"$.declared[{index}]")


def _twice(record: LearnerRecord) -> Iterator[Diagnostic]:
    """What the reader of records lets stand twice though it can be kept but once."""
    parts: tuple[tuple[str, Counter[str]], ...] = (
        (
            "attestations",
            Counter(f"{one.requirement} by {one.role}" for one in record.attestations),
        ),
        ("adjustments", Counter(one.id for one in record.adjustments)),
        ("declared", Counter(record.declared)),
    )
    for part, counted in parts:
        for name in (name for name, count in counted.items() if count > 1):
            message = f"`{shorten(name)}` stands twice"
            yield Diagnostic("CN0701", "error", message, "keep one", path=f"$.{part}")
