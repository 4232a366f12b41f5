"""A whole record in place of what was known: what differs is written, what is left out ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from app.core.model.credential import Credential, CredentialId
from app.core.model.record import LearnerRecord
from app.services.ports import EntryKind, Unit

Part: TypeAlias = tuple[EntryKind, Sequence[Any], Sequence[Any], Callable[..., str]]
NAMES: dict[EntryKind, tuple[str, ...]] = {
    "achievement": ("id",),
    "milestone": ("name",),
    "attestation": ("requirement", "role"),
    "adjustment": ("id",),
}


def replaced(
    unit: Unit, held: LearnerRecord, wanted: LearnerRecord, at: datetime
) -> Iterator[tuple[str, str]]:
    """Write `wanted` in place of `held`; yield what happened, such as `achievement.changed`."""
    learners = unit.learners
    parts: Sequence[Part] = (
        ("achievement", held.achievements, wanted.achievements, learners.put_achievement),
        ("milestone", held.milestones, wanted.milestones, learners.put_milestone),
        ("attestation", held.attestations, wanted.attestations, learners.put_attestation),
        ("adjustment", held.adjustments, wanted.adjustments, learners.put_adjustment),
    )
    for part in parts:
        yield from _part(unit, held.learner, part, at)
    if _by_id(held) != _by_id(wanted):
        learners.put_credentials(held.learner, wanted.credentials, at)
        yield "credentials.changed", held.learner
    if held.attributes != wanted.attributes:
        learners.put_attributes(held.learner, wanted.attributes, at)
        yield "attributes.changed", held.learner
    if held.declared != wanted.declared:
        learners.put_declared(held.learner, wanted.declared, at)
        yield "declared.changed", held.learner


def _by_id(record: LearnerRecord) -> Mapping[CredentialId, Credential]:
    return {one.id: one for one in record.credentials}


def _part(unit: Unit, learner: str, part: Part, at: datetime) -> Iterator[tuple[str, str]]:
    kind, held, wanted, put = part
    before = {_names(kind, one): one for one in held}
    after = {_names(kind, one): one for one in wanted}
    for names in [names for names in before if names not in after]:
        unit.learners.end(learner, kind, names, at)
        yield f"{kind}.removed", names[0]
    for names, one in after.items():
        if before.get(names) != one:
            yield f"{kind}.{put(learner, one, at)}", names[0]


def _names(kind: EntryKind, entry: object) -> tuple[str, ...]:
    return tuple(getattr(entry, name) for name in NAMES[kind])
