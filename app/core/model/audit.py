"""Audits: one record judged by one rule edition on a day, with every reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from app.core.model.certificate import AnswerName, Certificate
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.reason import Reason
from app.core.model.record import AchievementId, AdjustmentKind, Status

State = Literal["met", "not-met", "pending"]
Kind = Literal["take", "credits", "choose", "milestone", "attest", "all", "some", "condition"]
GROUPS: frozenset[Kind] = frozenset({"all", "some"})
Reckoning = Literal["credits", "choose", "points"]
"""Thousandths of a credit, whole numbers, or thousandths of a grade point."""


class Progress(NamedTuple):
    """Credits reached of those demanded; `percent` is rounded down, and 100 only when met."""

    reached: Credits
    of: Credits
    percent: int


class Answer(NamedTuple):
    """The verdict with what is earned, or with what is in progress or planned too."""

    met: bool
    proven: bool
    progress: Progress
    gap: Credits = Credits(0)


class Count(NamedTuple):
    """One achievement that counts, and with how many credits; `size` is what it has untrimmed."""

    achievement: AchievementId
    credential: CredentialId
    credits: Credits
    size: Credits


class Outlook(NamedTuple):
    """How a requirement stands in one of the answers, in its own measure."""

    state: State
    reached: int
    short: int
    counts: tuple[Count, ...] = ()


class RequirementOutcome(NamedTuple):
    """One requirement or condition: how it stands now, later, and why.

    `parent` is the group or requirement it belongs to; `projected` and `planned` are None where
    they do not differ from the answer before. `brings` says of each of `fills` how much it brings,
    `adjusted` what was decided about it.
    """

    id: str
    title: str
    kind: Kind
    measure: Reckoning
    demanded: int
    now: Outlook
    parent: str = ""
    projected: Outlook | None = None
    planned: Outlook | None = None
    optional: bool = False
    reasons: tuple[Reason, ...] = ()
    fills: tuple[CredentialId, ...] = ()
    brings: tuple[int, ...] = ()
    regulation: str = ""
    adjusted: tuple[Reason, ...] = ()


class AchievementOutcome(NamedTuple):
    """One achievement: where it counts now and later, or the reason why it does not."""

    id: AchievementId
    credential: CredentialId
    title: str
    status: Status
    counts_toward: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    credits: Credits = Credits(0)
    reason: Reason | None = None
    adjusted: tuple[Reason, ...] = ()


class AdjustmentOutcome(NamedTuple):
    """One adjustment that goes for the award: whether it applies, and what it does or why not."""

    id: str
    kind: AdjustmentKind
    applies: bool
    reason: Reason
    requirement: str = ""
    achievement: AchievementId | None = None
    credential: CredentialId | None = None


class Effect(NamedTuple):
    """What conferring the award does to another one."""

    award: CredentialId
    effect: str
    on: date | None
    text: str


class Standing(NamedTuple):
    """One of the answers beside the rule: admission, or a gate."""

    id: str
    title: str
    state: State
    reasons: tuple[Reason, ...] = ()


class Answers(NamedTuple):
    """The four answers, never mixed."""

    rule: State
    admission: Standing | None
    gates: tuple[Standing, ...]
    effects: tuple[Effect, ...]


class Conflict(NamedTuple):
    """Requirements that could each be met, and not all of them with all that is planned.

    `requirements` and `limits` are ids; no smaller part of them is in conflict where it is
    `minimal`. The first of `reasons` is the cause, the others would resolve it.
    """

    requirements: tuple[str, ...]
    limits: tuple[str, ...]
    minimal: bool
    reasons: tuple[Reason, ...]


class WishOutcome(NamedTuple):
    """A wish, whether it is honoured, and why not."""

    achievement: AchievementId
    requirement: str
    honoured: bool
    reason: Reason | None


class Loss(NamedTuple):
    """How much more is missing of a requirement or condition, in its own measure."""

    award: CredentialId
    requirement: str
    title: str
    measure: Reckoning
    amount: int
    met: bool


class Price(NamedTuple):
    """What it costs that an achievement must count in one place, in the answer it is first in.

    `costs` is progress over all awards; `moved` are the other achievements that count elsewhere.
    """

    achievement: AchievementId
    requirement: str
    award: CredentialId
    answer: AnswerName
    costs: Credits
    losses: tuple[Loss, ...]
    moved: tuple[AchievementId, ...]
    reason: Reason


class Audit(NamedTuple):
    """The answer for one record and one award; `policies` are those that applied.

    `price` is that of a placement in this award which is forced.
    """

    award: CredentialId
    title: str
    edition: str
    as_of: date
    unit: str
    policies: Mapping[str, str]
    now: Answer
    projected: Answer
    planned: Answer
    requirements: tuple[RequirementOutcome, ...]
    achievements: tuple[AchievementOutcome, ...]
    adjustments: tuple[AdjustmentOutcome, ...]
    answers: Answers
    certificate: Certificate
    text: str
    conflict: Conflict | None = None
    wishes: tuple[WishOutcome, ...] = ()
    price: Price | None = None
