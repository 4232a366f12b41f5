"""What a route may ask for: the services, the caller's note, paging, preconditions."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Protocol, cast

from fastapi import Depends, Header, Query, Request

from app.api.problems import RequestError
from app.services.audits import AuditService
from app.services.awards import AwardService
from app.services.catalogue import CatalogueService
from app.services.combinations import CombinationService
from app.services.learners import LearnerService
from app.services.nearest import NearestService
from app.services.paging import refuse_cursor
from app.services.publishing import PublishingService
from app.services.records import RecordService
from app.services.replies import ReplyService
from app.services.routes import RouteService
from app.services.runs import RunService
from app.services.saved_what_ifs import SavedWhatIfService
from app.services.shared_what_ifs import SharedWhatIfService
from app.services.single import SingleChangeService
from app.services.stored import Note
from app.services.what_if import WhatIfService

if TYPE_CHECKING:
    from app.services.graph import GraphService


class Services(Protocol):
    """The use cases that REST offers."""

    @property
    def catalogue(self) -> CatalogueService:
        """Credentials and issuers."""

    @property
    def awards(self) -> AwardService:
        """Awards and their editions."""

    @property
    def publishing(self) -> PublishingService:
        """Drafts, their cases, and publishing."""

    @property
    def learners(self) -> LearnerService:
        """Learners and their records."""

    @property
    def records(self) -> RecordService:
        """What is written to a learner's record."""

    @property
    def audits(self) -> AuditService:
        """Audits, stored and stateless."""

    @property
    def what_if(self) -> WhatIfService:
        """Hypothetical changes."""

    @property
    def saved_what_ifs(self) -> SavedWhatIfService:
        """What-ifs under a name."""

    @property
    def shared_what_ifs(self) -> SharedWhatIfService:
        """Links to them."""

    @property
    def single_changes(self) -> SingleChangeService:
        """What single change would complete awards."""

    @property
    def combinations(self) -> CombinationService:
        """Combinations of awards."""

    @property
    def routes(self) -> RouteService:
        """Routes to awards."""

    @property
    def nearest(self) -> NearestService:
        """The awards that a record lacks least of."""

    @property
    def graph(self) -> GraphService:
        """The credit graph."""

    @property
    def runs(self) -> RunService:
        """Runs over a population."""

    @property
    def replies(self) -> ReplyService:
        """What was answered under an idempotency key."""

    def ready(self) -> None:
        """Raise where the database cannot be used."""


def services(request: Request) -> Services:
    """Return the use cases that the application was made with."""
    return cast("Services", request.app.state.services)


def note(
    who: Annotated[
        str, Header(alias="X-Actor", description="Who writes; until sign-in exists.")
    ] = "",
    why: Annotated[str, Header(alias="X-Reason", description="Why it is written.")] = "",
) -> Note:
    """Return who writes and why, as the caller says."""
    return Note(who[:200] or "rest", why[:500])


ServicesDep = Annotated[Services, Depends(services)]
NoteDep = Annotated[Note, Depends(note)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(description="How many at most, up to 200.")]


def whole(cursor: Annotated[str | None, Query(include_in_schema=False)] = None) -> None:
    """Refuse a cursor where a list is given whole."""
    refuse_cursor(cursor)


WHOLE = (Depends(whole),)
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag that was read; `*` means any.")
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="The ETag that is there already.")
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Sent again with the same request, it gets the same answer.",
    ),
]


def expected(if_match: IfMatch = None) -> str | None:
    """Return the revision that `If-Match` names; None where any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    return if_match.strip().removeprefix("W/").strip('"')


def demanded(if_match: IfMatch = None) -> str | None:
    """Return the same; without `If-Match` the write is refused."""
    if if_match is None:
        raise RequestError(HTTPStatus.PRECONDITION_REQUIRED)
    return expected(if_match)


def new_or_expected(if_match: IfMatch = None) -> str | None:
    """Return the same; without `If-Match` there must be none yet, which is an empty revision."""
    return "" if if_match is None else expected(if_match)


Expected = Annotated[str | None, Depends(expected)]
Demanded = Annotated[str | None, Depends(demanded)]
NewOrExpected = Annotated[str | None, Depends(new_or_expected)]
