"""The documented shape of the nearest awards."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from app.api.audit_views import ProgressView
from app.api.views import Decimal, View


class TakenView(View):
    """A credential of a completion."""

    credential: str
    title: str


class CompletionView(View):
    """What completes an award at the lowest cost; `gap` is by how much less might do."""

    credentials: list[TakenView]
    credits: Decimal
    proven: bool
    gap: Decimal


class OpenStepView(View):
    """A step without credit that is not recorded yet."""

    requirement: str
    title: str


class NearAwardView(View):
    """One award: how it stands now, and what completes it best.

    It is met with what is earned, `projected` with what is in progress too, or `planned` with what
    is planned too; else it is open.
    """

    award: str
    title: str
    edition: str
    unit: str = Field(description="What its credits are counted in.")
    held: bool
    state: Literal["earned", "projected", "planned", "open"]
    progress: ProgressView
    short: Decimal = Field(description="Credits of progress that lack.")
    missing: Decimal = Field(description="What the completion comes to in the measure asked for.")
    completion: CompletionView
    steps: list[OpenStepView]


class UnjudgedView(View):
    """An award by which the record cannot be judged."""

    award: str
    why: str


class NearestView(View):
    """The awards that lack least, and what became of the others."""

    as_of: date
    by: Literal["credits", "credentials", "cost", "time"]
    awards: list[NearAwardView]
    compared: int = Field(description="Published awards in force on the day.")
    completed: int = Field(description="Of these so many were completed one by one.")
    held: int = Field(description="Left out because they are held.")
    out_of_reach: int = Field(description="Found to be beyond what the catalogues offer.")
    undecided: list[str] = Field(description="Nothing was found in the time there was.")
    unjudged: list[UnjudgedView]
