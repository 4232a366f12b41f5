"""The documented shape of what is answered about learners and their records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from app.api.views import (
    Absent,
    Decimal,
    FactView,
    FindingView,
    LevelView,
    ListView,
    StatedView,
    View,
)
from app.core.model.credential import Relation, Size
from app.core.model.record import AdjustmentKind, Source, Status
from app.services.stored import Outcome


class LearnerView(View):
    """A learner; `revision` changes with every change of the record."""

    id: str
    revision: str
    recorded_at: datetime


class LearnerListView(ListView[LearnerView]):
    """A page of learners, by id."""


class HeldView(View):
    """An achievement as the record holds it; what it does not say is left out."""

    id: str
    credential: str
    status: Status
    credits: Decimal | Absent = None
    unit: str = ""
    grade: str = ""
    started: date | Absent = None
    earned: date | Absent = None
    awarded: date | Absent = None
    term: str = ""
    source: Source = Field(default="taken", description="Left out where it was taken.")
    attempt: int = Field(default=1, description="Left out where it is the first.")
    registration: str = ""
    used_in: list[str] | Absent = None
    attributes: dict[str, StatedView] | Absent = None


class MilestoneView(View):
    """A step without credit, and its day."""

    name: str
    on: date


class AttestationView(View):
    """A person's confirmation, in a role, of what no record can show."""

    requirement: str
    role: str
    by: str
    on: date


class AdjustmentView(View):
    """A person's dated, reasoned, scoped decision that changes audits."""

    id: str
    kind: AdjustmentKind
    award: str
    requirement: str | Absent = None
    reason: str
    by: str
    on: date
    expires: date | Absent = None
    achievement: str | Absent = None
    credential: str | Absent = None
    amount: Decimal | Absent = None


class AdjustmentListView(ListView[AdjustmentView]):
    """A learner's adjustments, by id."""


class DescribedView(View):
    """A credential as the record describes it: attributes are keys, what says nothing is not."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str
    issuer: str
    type: str
    credits: Decimal | Absent = None
    unit: str = ""
    level: LevelView | Absent = None
    relation: Relation | Absent = None
    size: Size | Absent = None
    fields_: list[str] | Absent = Field(default=None, alias="fields")
    tags: list[str] | Absent = None
    outcomes: list[str] | Absent = None
    skills: list[str] | Absent = None
    assessment: str = ""
    quality_assurance: str = ""
    workload: str = ""
    participation: str = ""
    mode: str = ""
    language: str = ""
    prerequisites: list[str] | Absent = None
    equivalents: list[str] | Absent = None
    retired: date | Absent = None


class RecordView(View):
    """All that is known of one learner; a part with nothing in it is left out."""

    learner: str
    credentials: list[DescribedView] | Absent = None
    achievements: list[HeldView]
    milestones: list[MilestoneView] | Absent = None
    attestations: list[AttestationView] | Absent = None
    adjustments: list[AdjustmentView] | Absent = None
    attributes: dict[str, FactView] | Absent = None
    declared: list[str] | Absent = None


class OutcomeView(View):
    """What a write did."""

    outcome: Outcome


class HeldOutcomeView(OutcomeView):
    """What a write did, and the achievement as it is kept."""

    achievement: HeldView


class LineView(View):
    """What happened to one line, counted from nought; a refused line says why."""

    line: int
    outcome: Outcome | Literal["refused"]
    achievement: str
    errors: list[FindingView]


class LinesView(View):
    """What happened to each line of a bulk write."""

    lines: list[LineView]


class VersionView(View):
    """One state of an achievement, and from when until when it was what we knew."""

    achievement: HeldView
    recorded_at: datetime
    superseded_at: datetime | None


class HistoryView(ListView[VersionView]):
    """Every state of achievements, by id and then as recorded."""


class ChangeView(View):
    """Who changed what, when and why."""

    at: datetime
    who: str
    what: str = Field(description="Such as `achievement.changed`.")
    subject: str
    why: str
    facts: dict[str, str]


class ChangeListView(ListView[ChangeView]):
    """A page of changes, as they came."""
