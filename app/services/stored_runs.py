"""Runs over a population as they are kept: what is asked, how far it is, what became of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from app.core.model.credential import CredentialId
from app.core.model.record import LearnerId

RunState = Literal["queued", "running", "finished", "cancelled", "failed"]
Members = Literal["all", "declared", "audited"]
RUN_STATES: tuple[RunState, ...] = get_args(RunState)
MEMBERS: tuple[Members, ...] = get_args(Members)
ENDED: frozenset[RunState] = frozenset({"finished", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class Population:
    """Whom a run goes through, as they were known at an instant.

    All learners, those who have declared the award, or those who have a stored audit of it.
    """

    members: Members
    award: CredentialId
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run: `edition` of an award compared with edition `against`; `inputs` say it exactly.

    Learners are judged in the order of their ids, and `cursor` is the last one of whom the result
    is kept. `counts` are of those; `tries` counts who began since a result was kept last.
    """

    id: str
    award: CredentialId
    edition: str
    against: str
    as_of: date
    members: Members
    engine: str
    inputs: bytes
    created_at: datetime
    total: int
    state: RunState = "queued"
    judged: int = 0
    cursor: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str = ""
    tries: int = 0

    @property
    def population(self) -> Population:
        """Whom it goes through: what is recorded after its creation is not looked at."""
        return Population(self.members, self.award, self.created_at)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run found of one learner: the names to list it under, and the result as JSON."""

    learner: LearnerId
    under: tuple[str, ...]
    document: bytes
