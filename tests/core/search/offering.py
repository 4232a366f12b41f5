"""What is still to be had of what is offered."""

from __future__ import annotations

from collections.abc import Collection

from app.core.model.credential import CredentialId
from app.core.model.record import COUNTING, LearnerRecord


def left_of(offers: Collection[CredentialId], record: LearnerRecord) -> list[CredentialId]:
    """Return what of the offers a record does not hold yet, earned or to come, by id."""
    held = {one.credential for one in record.achievements if one.status in COUNTING}
    return sorted(name for name in offers if name not in held)
