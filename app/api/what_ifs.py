"""What-ifs under a name, links to them, and what single change would complete an award."""

from __future__ import annotations

import json
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.api.audits import COMPARES, JUDGES
from app.api.bodies import Body, body_problems
from app.api.dependencies import WHOLE, Cursor, Key, Limit, NoteDep, ServicesDep
from app.api.describing import answers, body
from app.api.examples import (
    EVALUATE_SINGLE_CHANGES_REQUEST,
    LINK_REQUEST,
    SAVE_WHAT_IF_REQUEST,
)
from app.api.problems import SHARED, UNKEPT, RequestError, problems
from app.api.replying import KEYED, REPLAYED, listed, once, reply
from app.api.request_shapes import EvaluateSingleChangesRequest, LinkRequest, SaveWhatIfRequest
from app.api.requests import (
    EVALUATE_SINGLE_CHANGES,
    LINK,
    SAVE_WHAT_IF,
    Reading,
    asked,
    record,
    refused_in,
)
from app.api.what_if_views import (
    ComparisonListView,
    LinkListView,
    NewLinkView,
    SavedWhatIfView,
    SharedWhatIfView,
    SingleChangesView,
    WhatIfListView,
)
from app.core.model.credential import CredentialId
from app.services.errors import (
    BadCursorError,
    BadLimitError,
    UnknownAuditError,
    UnknownLearnerError,
)
from app.services.saved_what_ifs import SavedWhatIf
from app.services.shared_what_ifs import USUAL_DAYS, link_id
from app.services.single import single_changes_to_plain
from app.services.stored import AwardChoice, Page, spoken_instant
from app.services.stored_what_ifs import SharedLink, StoredComparison, StoredWhatIf
from app.services.what_if_errors import (
    FullError,
    LinkExpiredError,
    NameTakenError,
    QuestionTooLongError,
    TooMuchToTryError,
    UnknownComparisonError,
    UnknownLinkError,
    UnknownWhatIfError,
)
from app.services.what_if_question import WhatIfQuestion

router = APIRouter(tags=["what-ifs"])
WHAT_IF = "/learners/{learner_id}/what-ifs/{what_if_id}"
AGAIN = (*COMPARES, UnknownAuditError, UnknownWhatIfError, FullError)
SAVES = (NameTakenError, QuestionTooLongError, FullError)


@router.post(
    "/learners/{learner_id}/what-ifs",
    summary="Save a what-if",
    status_code=HTTPStatus.CREATED,
    responses={
        **answers(SavedWhatIfView, "The what-if, compared.", "Location", REPLAYED, status=201),
        **body_problems(*COMPARES, UnknownLearnerError, UnknownAuditError, *SAVES, *KEYED),
    },
    openapi_extra=body(SaveWhatIfRequest, SAVE_WHAT_IF_REQUEST),
)
def save_what_if(
    learner_id: str,
    value: Body,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    key: Key = None,
) -> Response:
    """Compare as `what-if` does, and keep the question under a name with what came of it."""
    reading = Reading(value, SAVE_WHAT_IF, ("name", "awards", "changes"))
    reading.done()
    question = WhatIfQuestion.of(reading.taken)

    def act() -> Response:
        found = services.saved_what_ifs.save(learner_id, reading.taken["name"], question, note)
        where = f"/v1{WHAT_IF.format(learner_id=learner_id, what_if_id=found.stored.id)}"
        return reply(_saved(found), HTTPStatus.CREATED, Location=where)

    return once(request, services, key, value, act)


@router.get(
    "/learners/{learner_id}/what-ifs",
    summary="A learner's what-ifs",
    responses={
        **answers(WhatIfListView, "A page of the what-ifs."),
        **problems(UnknownLearnerError, BadCursorError, BadLimitError),
    },
)
def list_what_ifs(
    learner_id: str, services: ServicesDep, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Return what is saved, latest first."""
    return listed(services.saved_what_ifs.list(learner_id, cursor, limit), _entry)


@router.get(
    WHAT_IF,
    summary="A saved what-if",
    responses={
        **answers(SavedWhatIfView, "The what-if with its latest comparison."),
        **problems(UnknownWhatIfError),
    },
)
def read_what_if(learner_id: str, what_if_id: str, services: ServicesDep) -> Response:
    """Return what is asked, and what came of it last."""
    return reply(_saved(services.saved_what_ifs.read(learner_id, what_if_id)))


@router.delete(
    WHAT_IF,
    summary="Remove a what-if",
    status_code=HTTPStatus.NO_CONTENT,
    responses={
        **answers(None, "It is removed.", status=204),
        **problems(UnknownWhatIfError),
    },
)
def drop_what_if(
    learner_id: str, what_if_id: str, services: ServicesDep, note: NoteDep
) -> Response:
    """Remove a what-if with its comparisons and the links to it."""
    services.saved_what_ifs.drop(learner_id, what_if_id, note)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    f"{WHAT_IF}/compare",
    summary="Compare a what-if again",
    responses={
        **answers(SavedWhatIfView, "The what-if, compared again.", REPLAYED),
        **problems(*AGAIN, *KEYED),
    },
)
def compare_what_if(
    learner_id: str,
    what_if_id: str,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    key: Key = None,
) -> Response:
    """Compare by what is known and in force now; `since` tells what that changes."""

    def act() -> Response:
        return reply(_saved(services.saved_what_ifs.compare(learner_id, what_if_id, note)))

    return once(request, services, key, None, act)


@router.get(
    f"{WHAT_IF}/comparisons",
    summary="The comparisons of a what-if",
    responses={
        **answers(ComparisonListView, "A page of the comparisons."),
        **problems(UnknownWhatIfError, BadCursorError, BadLimitError),
    },
)
def list_comparisons(
    learner_id: str,
    what_if_id: str,
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Return when a what-if was compared, first to last."""
    found = services.saved_what_ifs.comparisons(learner_id, what_if_id, cursor, limit)
    return listed(found, _compared)


@router.get(
    f"{WHAT_IF}/comparisons/{{number}}",
    summary="A comparison of a what-if",
    responses={
        **answers(SavedWhatIfView, "The what-if with that comparison."),
        **problems(UnknownWhatIfError, UnknownComparisonError),
    },
)
def read_comparison(
    learner_id: str, what_if_id: str, number: int, services: ServicesDep
) -> Response:
    """Return what came of a what-if at that time."""
    return reply(_saved(services.saved_what_ifs.read(learner_id, what_if_id, number)))


@router.post(
    f"{WHAT_IF}/links",
    summary="Share a what-if by a link",
    status_code=HTTPStatus.CREATED,
    responses={
        **answers(NewLinkView, "The link with its address.", "Location", status=201),
        **body_problems(UnknownWhatIfError, FullError),
    },
    openapi_extra=body(LinkRequest, LINK_REQUEST),
)
def share_what_if(
    learner_id: str, what_if_id: str, value: Body, services: ServicesDep, note: NoteDep
) -> Response:
    """Make a link that shows the latest comparison to whoever has it, until it expires.

    Its address is told here alone: only the digest of its secret is kept.
    """
    reading = Reading(value, LINK)
    reading.done()
    days = reading.taken.get("days", USUAL_DAYS)
    made = services.shared_what_ifs.share(learner_id, what_if_id, days, note)
    path = f"{SHARED}/{made.secret}"
    told = {**_link(made.link, expired=False), "path": path}
    return reply(told, HTTPStatus.CREATED, Location=path)


@router.get(
    f"{WHAT_IF}/links",
    summary="The links to a what-if",
    dependencies=[*WHOLE],
    responses={
        **answers(LinkListView, "All links."),
        **problems(UnknownWhatIfError, BadCursorError),
    },
)
def list_links(learner_id: str, what_if_id: str, services: ServicesDep) -> Response:
    """Return the links to a what-if, latest first, those that have expired too."""
    found, now = services.shared_what_ifs.links(learner_id, what_if_id)
    return listed(Page(found), lambda one: _link(one, expired=one.expires_at <= now))


@router.delete(
    f"{WHAT_IF}/links/{{link_id}}",
    summary="Withdraw a link",
    status_code=HTTPStatus.NO_CONTENT,
    responses={
        **answers(None, "It leads nowhere any more.", status=204),
        **problems(UnknownWhatIfError, UnknownLinkError),
    },
)
def withdraw_link(
    learner_id: str, what_if_id: str, link_id: str, services: ServicesDep, note: NoteDep
) -> Response:
    """End a link before it expires."""
    services.shared_what_ifs.withdraw(learner_id, what_if_id, link_id, note)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/shared/{secret}",
    summary="What a link shows",
    responses={
        **answers(SharedWhatIfView, "The what-if with its latest comparison."),
        **problems(UnknownLinkError, LinkExpiredError),
    },
)
def read_shared(secret: str, services: ServicesDep) -> Response:
    """Return a what-if that was shared by a link."""
    found = services.shared_what_ifs.shared(secret)
    told = {**_saved(found.saved), "expires_at": spoken_instant(found.link.expires_at)}
    answer = reply(told)
    answer.headers.update(UNKEPT)
    return answer


@router.get(
    "/learners/{learner_id}/single-changes",
    summary="What single change would complete an award",
    responses={
        **answers(SingleChangesView, "Each change that is enough by itself."),
        **problems(*JUDGES, UnknownLearnerError, TooMuchToTryError),
    },
)
def single_changes(
    learner_id: str,
    services: ServicesDep,
    award: Annotated[
        list[str], Query(description="The award; of several all are to be complete.", max_length=20)
    ],
    edition: Annotated[str, Query(description="Of the one award; else that which binds.")] = "",
    as_of: Annotated[date | None, Query(description="The day; today where nobody says.")] = None,
) -> Response:
    """Return every single change with which what is earned meets the awards; none is stored."""
    if edition and len(award) > 1:
        raise RequestError(422, "`edition` goes with one `award`: leave it out to take what binds")
    choices = [AwardChoice(CredentialId(one), edition or None) for one in award]
    return reply(
        single_changes_to_plain(services.single_changes.of_learner(learner_id, choices, as_of))
    )


@router.post(
    "/evaluate/single-changes",
    summary="What single change would complete an award, for a record that is not kept",
    responses={
        **answers(SingleChangesView, "Each change that is enough by itself."),
        **body_problems(*JUDGES, TooMuchToTryError),
    },
    openapi_extra=body(EvaluateSingleChangesRequest, EVALUATE_SINGLE_CHANGES_REQUEST),
)
def evaluate_single_changes(value: Body, services: ServicesDep) -> Response:
    """Return every single change with which what a record has earned meets the awards."""
    reading = Reading(value, EVALUATE_SINGLE_CHANGES, ("record", "awards"))
    known, wanted = record(reading), asked(reading)
    with refused_in(value):
        found = services.single_changes.of_record(known, wanted.choices, wanted.as_of)
    return reply(single_changes_to_plain(found))


def _entry(one: StoredWhatIf) -> dict[str, Any]:
    return {
        "id": one.id,
        "learner": one.learner,
        "name": one.name,
        "created_at": spoken_instant(one.created_at),
        "compared": one.compared,
    }


def _compared(one: StoredComparison) -> dict[str, Any]:
    return {
        "number": one.number,
        "as_of": one.as_of.isoformat(),
        "compared_at": spoken_instant(one.compared_at),
        "engine": one.engine,
    }


def _saved(found: SavedWhatIf) -> dict[str, Any]:
    comparison = {**_compared(found.comparison), **json.loads(found.comparison.document)}
    question = json.loads(found.stored.question)
    return {**_entry(found.stored), "question": question, "comparison": comparison}


def _link(one: SharedLink, *, expired: bool) -> dict[str, Any]:
    return {
        "id": link_id(one),
        "created_at": spoken_instant(one.created_at),
        "expires_at": spoken_instant(one.expires_at),
        "expired": expired,
    }
