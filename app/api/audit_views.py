"""The documented shape of audits; the bytes themselves are made in `interop.audit_json`."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.views import Decimal, Digest, ListView, SignedDecimal, View
from app.core.model.audit import Kind, Reckoning, State
from app.core.model.certificate import AnswerName, Proof
from app.core.model.reason import ReasonCode
from app.core.model.record import AdjustmentKind, Status


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
    gap: Decimal = Field(
        default="", description="How far the bound is away; only where it is not proven."
    )


class ReasonView(View):
    """One fact: a code, its parameters, and the sentence made from both."""

    code: ReasonCode
    params: dict[str, str | int | list[str]]
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
    kind: Kind
    parent: str | None
    measure: Reckoning
    demanded: Decimal | int
    optional: bool
    projected: OutlookView | None
    planned: OutlookView | None
    reasons: list[ReasonView]
    fills: list[str]
    regulation: str
    adjusted: list[ReasonView] = Field(description="What was decided about it.")


class AchievementView(View):
    """An achievement: where it counts now and later, or why it does not."""

    id: str
    credential: str
    title: str
    status: Status
    counts_toward: list[str]
    later: list[str]
    credits: Decimal
    reason: ReasonView | None
    adjusted: list[ReasonView] = Field(description="What was decided about it.")


class AdjustmentOutcomeView(View):
    """An adjustment that goes for the award: what it does, or why it does not apply."""

    id: str
    kind: AdjustmentKind
    requirement: str | None
    achievement: str | None
    credential: str | None
    applies: bool
    reason: ReasonView


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


class ForcedView(View):
    """An achievement that must count toward a requirement."""

    award: str
    requirement: str
    achievement: str


class WishView(ForcedView):
    """Whether an achievement counts toward a requirement, as was wished."""

    honoured: bool


class PartView(View):
    """One answer of the certificate."""

    answer: AnswerName
    proof: Proof
    claims: list[ClaimView]
    placements: list[PlacementView]
    bounds: list[BoundView]
    wishes: list[WishView] = Field(default=[], description="Only where something is wished.")
    forced: list[ForcedView] = Field(default=[], description="Only where something is forced.")


class CertificateView(View):
    """What a stranger needs to check the verdict again."""

    parts: list[PartView]


class ConflictView(View):
    """Requirements that could each be met, and not all of them with all that is planned."""

    requirements: list[str] = Field(description="Their ids.")
    limits: list[str] = Field(description="Ids of the caps and exclusions that it takes.")
    minimal: bool = Field(description="Whether no smaller part of it is in conflict.")
    reasons: list[ReasonView] = Field(description="The cause, then what would resolve it.")


class WishOutcomeView(View):
    """A wish for a place in the award, whether it is honoured, and why not or at what price."""

    achievement: str
    requirement: str
    honoured: bool
    reason: ReasonView | None


class LossView(View):
    """How much more is missing of a requirement or condition, in its own measure."""

    award: str
    requirement: str
    title: str
    measure: Reckoning
    amount: Decimal | int
    met: bool


class PriceView(View):
    """What it costs that an achievement must count in one place, in the first answer it is in."""

    achievement: str
    requirement: str
    award: str
    answer: AnswerName
    costs: Decimal = Field(description="Progress over all awards.")
    losses: list[LossView]
    moved: list[str] = Field(description="Other achievements that count elsewhere.")
    reason: ReasonView


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
    adjustments: list[AdjustmentOutcomeView]
    conflict: ConflictView | None
    answers: AnswersView
    certificate: CertificateView
    wishes: list[WishOutcomeView] = Field(default=[], description="Only where something is wished.")
    price: PriceView | None = Field(
        default=None, description="Only where a placement in this award is forced."
    )
    text: str


class AuditsView(View):
    """Audits of one record, in the asker's order."""

    audits: list[AuditView]


class StoredAuditsView(AuditsView):
    """Audits that are stored, and what they were made from."""

    id: str
    learner: str
    as_of: date
    recorded_at: datetime
    engine: str
    input_hash: Digest


class VerdictView(View):
    """One award of a stored audit, in short."""

    award: str
    edition: str
    met: bool
    percent: int


class StoredAuditView(View):
    """A stored audit without its texts."""

    id: str
    learner: str
    as_of: date
    recorded_at: datetime
    engine: str
    input_hash: Digest
    awards: list[VerdictView]


class StoredAuditListView(ListView[StoredAuditView]):
    """A page of stored audits, latest first."""


class RepetitionView(View):
    """Whether an audit made again agrees in every byte, and which versions made the two."""

    id: str
    same: bool
    engine: str
    engine_now: str


class StateChangeView(View):
    """A requirement before and after a change; null where one of the editions has none such."""

    id: str
    title: str
    before: State | None
    after: State | None


class MoveView(View):
    """An achievement, and the requirements it counts toward before and after a change."""

    achievement: str
    title: str
    before: list[str]
    after: list[str]


class DifferenceView(View):
    """What a change brings for one award."""

    award: str
    met_before: bool
    met_after: bool
    gained: SignedDecimal
    requirements: list[StateChangeView]
    placements: list[MoveView]
    text: str


class ComparisonView(View):
    """The audits before and after hypothetical changes, and the difference, award by award."""

    before: list[AuditView]
    after: list[AuditView]
    differences: list[DifferenceView]
