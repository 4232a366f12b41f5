"""The documented shape of an audit; the bytes themselves are made in `interop.audit_json`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["met", "not-met", "pending"]
Decimal = str


class View(BaseModel):
    """A closed shape."""

    model_config = ConfigDict(extra="forbid")


class ProblemView(BaseModel):
    """Problem details (RFC 9457); `errors` lists everything wrong in a body."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, Any]] | None = None


class ProgressView(View):
    """Credits reached of those demanded, as decimals; whole percent, 100 only when met."""

    reached: Decimal
    of: Decimal
    percent: int


class AnswerView(View):
    """The verdict with what is earned, in progress too, or planned too."""

    met: bool
    proven: bool
    progress: ProgressView
    gap: Decimal | None = Field(default=None, description="Only where it is not proven.")


class ReasonView(View):
    """One fact: a code, its parameters, and the sentence made from both."""

    code: str
    params: dict[str, Any]
    text: str


class CountView(View):
    """One achievement that counts, and with how many credits."""

    achievement: str
    credential: str
    credits: Decimal


class OutlookView(View):
    """How a requirement stands in one answer, in its own measure."""

    state: State
    reached: Decimal | int
    short: Decimal | int
    counts: list[CountView]


class RequirementView(OutlookView):
    """A requirement or condition; later answers are null where nothing differs."""

    id: str
    title: str
    kind: Literal["take", "credits", "choose", "milestone", "attest", "all", "some", "condition"]
    parent: str | None
    measure: Literal["credits", "choose", "points"]
    demanded: Decimal | int
    optional: bool
    projected: OutlookView | None
    planned: OutlookView | None
    reasons: list[ReasonView]
    fills: list[str]
    regulation: str


class AchievementView(View):
    """An achievement: where it counts now and later, or why it does not."""

    id: str
    credential: str
    title: str
    status: str
    counts_toward: list[str]
    later: list[str]
    credits: Decimal
    reason: ReasonView | None


class EffectView(View):
    """What conferring the award does to another one."""

    award: str
    effect: str
    on: date | None
    text: str


class StandingView(View):
    """Admission or a gate."""

    id: str
    title: str
    state: State
    reasons: list[ReasonView]


class AnswersView(View):
    """The four answers, never mixed."""

    rule: State
    admission: StandingView | None
    gates: list[StandingView]
    effects: list[EffectView]


class ClaimView(View):
    """What the certificate claims of one award."""

    award: str
    met: bool
    reached: Decimal
    of: Decimal
    unmet: list[str]


class PlacementView(View):
    """An achievement that counts toward a requirement."""

    award: str
    requirement: str
    achievement: str
    credits: Decimal


class BoundView(View):
    """Requirements that together cannot reach more, and on what that rests."""

    award: str
    requirements: list[str]
    limit: Decimal
    achievements: list[str]
    caps: list[str]


class PartView(View):
    """One answer of the certificate."""

    answer: Literal["now", "projected", "planned"]
    proof: Literal["bounds", "search", "none"]
    claims: list[ClaimView]
    placements: list[PlacementView]
    bounds: list[BoundView]


class CertificateView(View):
    """What a stranger needs to check the verdict again."""

    parts: list[PartView]


class AuditView(AnswerView):
    """One record judged by one rule edition on a day, with every reason."""

    award: str
    title: str
    edition: str
    as_of: date
    unit: str
    policies: dict[str, str]
    now: AnswerView
    projected: AnswerView
    planned: AnswerView
    requirements: list[RequirementView]
    achievements: list[AchievementView]
    answers: AnswersView
    certificate: CertificateView
    text: str


class AuditsView(BaseModel):
    """Audits of one record, in the asker's order; a stored one also says from what."""

    audits: list[AuditView]
