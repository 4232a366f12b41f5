"""All that is known of one learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NewType

from app.core.model.credential import Credential, CredentialId, Fact, Stated
from app.core.model.credits import Credits

LearnerId = NewType("LearnerId", str)
AchievementId = NewType("AchievementId", str)

Status = Literal[
    "earned", "in-progress", "planned", "failed", "withdrawn", "expired", "revoked", "surrendered"
]
COUNTING: tuple[Status, ...] = ("earned", "in-progress", "planned")
Source = Literal["taken", "transferred", "recognised-prior-learning", "examination"]
AdjustmentKind = Literal[
    "substitute",
    "waive",
    "also-allow",
    "apply-here",
    "exclude",
    "adjust-quantity",
    "adjust-credits",
]
Naming = Literal["requirement", "credential", "achievement", "amount"]
# What each kind of adjustment names; an exclusion without a requirement is from the whole award.
ADJUSTMENTS: Mapping[AdjustmentKind, tuple[Naming, ...]] = {
    "substitute": ("requirement", "credential", "achievement"),
    "waive": ("requirement",),
    "also-allow": ("requirement", "credential"),
    "apply-here": ("requirement", "achievement"),
    "exclude": ("achievement",),
    "adjust-quantity": ("requirement", "amount"),
    "adjust-credits": ("achievement", "amount"),
}
# The award of an adjustment that goes for whichever award has what it names.
ANY_AWARD = CredentialId("any")


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """One learner's instance of a credential; `used_in` names awards it already counts in."""

    id: AchievementId
    credential: CredentialId
    status: Status = "earned"
    credits: Credits | None = None
    unit: str = ""
    grade: str = ""
    started: date | None = None
    earned: date | None = None
    awarded: date | None = None
    term: str = ""
    source: Source = "taken"
    attempt: int = 1
    registration: str = ""
    used_in: tuple[CredentialId, ...] = ()
    attributes: Mapping[str, Stated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A step without credit that is recorded with its day: admission, placement, interview."""

    name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A person's dated, reasoned, scoped decision that changes an audit.

    `requirement` is the stable id of what it is about; none where it is about the whole award.
    """

    id: str
    kind: AdjustmentKind
    award: CredentialId
    requirement: str = ""
    reason: str
    by: str
    on: date
    expires: date | None = None
    achievement: AchievementId | None = None
    credential: CredentialId | None = None
    amount: Credits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A person's confirmation, in a role, of what no record can show."""

    requirement: str
    role: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRecord:
    """What a learner brings to an audit; `credentials` describes what no catalogue lists."""

    learner: LearnerId
    credentials: tuple[Credential, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    attributes: Mapping[str, Fact] = field(default_factory=dict)
    declared: tuple[CredentialId, ...] = ()
