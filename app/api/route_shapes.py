"""The documented shape of questions about routes, and of the answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from app.api.request_shapes import Amount, Choices, Day, OneOrMore, RecordRequest
from app.api.views import Absent, Decimal, SignedDecimal, View
from app.core.search.route_limits import LimitKind
from app.core.search.route_reason import ReasonKind
from app.core.search.route_request import Difference, LoadMeasure, Objective
from app.core.search.route_search import Status

Several = OneOrMore[str] | Absent
Count = Annotated[int, Field(ge=0)]


class TermRequest(View):
    """One term; what is taken in it is earned on its last day."""

    name: str
    start: date
    end: date


class TermsRequest(View):
    """Terms of one length, one after the other."""

    first: date = Field(description="The first day of the first term.")
    count: Annotated[int, Field(ge=1, le=24)]
    length: str = Field(default="", description="Such as 6 months, which it is where left out.")
    names: Several = Field(default=None, description="In turn, each told apart by a number.")


class LoadRequest(View):
    """The most that a term may take: one amount for all, or one for each term."""

    credits: OneOrMore[Amount] | Absent = None
    credentials: OneOrMore[Count] | Absent = None


class SwapRequest(View):
    """A step of the best route to do without, and what has to be taken in its place."""

    out: str
    in_: str | Absent = Field(default=None, alias="in")


class RoutesRequest(View):
    """The awards to come to, over which terms, and what binds the way; terms go by their names."""

    awards: Choices
    as_of: Day = None
    terms: TermsRequest | list[TermRequest]
    load: LoadRequest | Absent = None
    offered: dict[str, OneOrMore[str]] | Absent = Field(
        default=None,
        description="The terms of a credential, by a name or a word of it such as autumn.",
    )
    corequisites: dict[str, OneOrMore[str]] | Absent = Field(
        default=None, description="What has to be taken in the same term or before."
    )
    due: dict[str, str] | Absent = Field(default=None, description="Latest terms, by credential.")
    take: Several = None
    avoid: Several = None
    only: Several = None
    costs: dict[str, Count] | Absent = Field(default=None, description="By credential.")
    cost: str | Absent = Field(default=None, description="The attribute that states costs.")
    budget: Count | Absent = None
    objectives: OneOrMore[Objective] | Absent = Field(
        default=None, description="The first one first; the fewest terms where nobody says."
    )
    routes: Annotated[int, Field(ge=1, le=10)] | Absent = None
    differ: Difference | Absent = None
    swap: SwapRequest | Absent = None


class EvaluateRoutesRequest(RoutesRequest):
    """The same for a record that is not kept."""

    record: RecordRequest


class ReachedAwardView(View):
    """An award that the routes come to."""

    award: str
    edition: str
    title: str


class FiguresView(View):
    """What a route comes to: terms until all is done, and the credits of the largest term."""

    terms: int
    cost: int
    credits: Decimal
    credentials: int
    load: Decimal


class GapsView(View):
    """By how much a route may be above the best, by each objective asked."""

    terms: int | Absent = None
    cost: int | Absent = None
    credits: Decimal | Absent = None
    credentials: int | Absent = None
    load: Decimal | Absent = None


class PriceView(View):
    """What a swap adds to each figure; nothing where there is no route."""

    terms: int | Absent = None
    cost: int | Absent = None
    credits: SignedDecimal | Absent = None
    credentials: int | Absent = None
    load: SignedDecimal | Absent = None


class StepView(View):
    """A credential to take."""

    credential: str
    title: str
    credits: Decimal
    cost: int


class TermView(View):
    """A term with what is taken in it, which may be nothing."""

    name: str
    start: date
    end: date
    credits: Decimal
    steps: list[StepView]


class RouteView(View):
    """One route, term by term."""

    proven: bool
    figures: FiguresView
    gaps: GapsView
    terms: list[TermView]


class LimitView(View):
    """One limit that keeps every route from being one."""

    kind: LimitKind
    credentials: list[str]
    measure: LoadMeasure | str
    text: str


class RouteReasonView(View):
    """Why there is no route; where it is minimal, no limit of it can be left out."""

    kind: ReasonKind
    minimal: bool
    limits: list[LimitView]
    text: str


class FoundView(View):
    """Routes, best first; `complete` where there are no more that differ."""

    status: Status
    complete: bool
    routes: list[RouteView]
    reason: RouteReasonView | None
    cycles: list[list[str]] = Field(description="Prerequisites that go round in circles.")
    besides: list[str] = Field(description="Steps without credit that are yet to be done.")


class SwapView(FoundView):
    """The best route after a swap, and its price."""

    price: PriceView


class RoutesView(FoundView):
    """The answer to a question about routes."""

    awards: list[ReachedAwardView]
    as_of: date
    unit: str
    objectives: list[Objective]
    swap: SwapView | None
