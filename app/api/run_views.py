"""The documented shape of runs over a population, and of what is asked of them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.audit_views import DifferenceView
from app.api.request_shapes import Day
from app.api.views import Decimal, Digest, ListView, View
from app.core.search.impact import Change
from app.services.stored_runs import Members, RunState


class ImpactRequest(View):
    """Two editions of the award, a draft or not, and whom to judge by both."""

    edition: str
    against: str = Field(default="", description="Else the edition that is in force on the day.")
    as_of: Day = None
    learners: Members = Field(
        default="all",
        description="Everybody, who has declared the award, or who has a stored audit of it.",
    )


class RunEditionView(View):
    """An edition, and the digest of its text."""

    edition: str
    sha256: Digest


class ChangesView(View):
    """How many learners each change holds for; several may hold for one."""

    completed: int
    no_longer_complete: int = Field(alias="no-longer-complete")
    in_sight: int = Field(alias="in-sight", description="With what is in progress and planned.")
    out_of_sight: int = Field(alias="out-of-sight")
    nearer: int
    farther: int
    moved: int
    not_audited: int = Field(alias="not-audited")


class SummaryView(View):
    """What is counted so far; complete before and after are who can be judged by both."""

    learners: int
    unchanged: int
    complete_before: int
    complete_after: int
    unproven: int
    changes: ChangesView


class RunProgressView(View):
    """How many learners are judged, of how many."""

    judged: int
    of: int


class RunView(View):
    """A run over a population, as far as it is."""

    id: str
    award: str
    before: RunEditionView
    after: RunEditionView
    as_of: date
    learners: Members
    engine: str
    state: RunState
    progress: RunProgressView
    summary: SummaryView
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    problem: str = Field(description="Why it failed, or is tried again.")


class RunListView(ListView[RunView]):
    """A page of runs, latest first."""


class JudgedView(View):
    """How a learner stands by one edition; `planned` says whether all that is planned meets it."""

    met: bool
    reached: Decimal
    of: Decimal
    missing: Decimal
    planned: bool
    proven: bool


class RefusalView(View):
    """Why a record cannot be judged."""

    code: str
    text: str


class LearnerImpactView(View):
    """What a change of the rule does to a learner; a side is null where it cannot be judged."""

    learner: str
    changes: list[Change]
    before: JudgedView | None
    after: JudgedView | None
    moved: list[str] = Field(description="Achievements that count toward other requirements.")
    refused: list[RefusalView]


class LearnerImpactListView(ListView[LearnerImpactView]):
    """A page of results, by learner."""


class WholeLearnerImpactView(LearnerImpactView):
    """The same with the difference of two whole audits; null where it cannot be judged."""

    difference: DifferenceView | None
