"""Awards, their editions, and writing new ones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from app.api.bodies import YAML_TYPES, Raw
from app.api.dependencies import (
    WHOLE,
    Cursor,
    Expected,
    IfNoneMatch,
    Key,
    Limit,
    NewOrExpected,
    NoteDep,
    ServicesDep,
)
from app.api.describing import UNCHANGED, answers, yaml_body
from app.api.examples import RULE
from app.api.problems import RequestError, problems
from app.api.replying import KEYED, REPLAYED, etag, listed, once, reply, tagged
from app.api.shapes import award, edition
from app.api.views import (
    AwardListView,
    AwardView,
    CasesView,
    DraftView,
    EditionListView,
    EditionView,
    FindingsView,
    WholeEditionView,
)
from app.core.language.render import render_plain
from app.services.errors import (
    AlreadyPublishedError,
    BadCursorError,
    BadLimitError,
    CasesFailedError,
    EditionsOverlapError,
    NoCasesError,
    RuleRefusedError,
    StaleRevisionError,
    UnknownAwardError,
    UnknownEditionError,
    UnknownInstitutionError,
)

router = APIRouter(tags=["awards"])
UNKNOWN = (UnknownAwardError, UnknownEditionError)
AS_WRITTEN = {"application/yaml": {"schema": {"type": "string"}, "example": RULE}}


@router.get(
    "/awards",
    summary="Awards with their editions",
    responses={
        **answers(AwardListView, "A page of the awards."),
        **problems(BadCursorError, BadLimitError),
    },
)
def list_awards(
    services: ServicesDep, institution: str = "", cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Return the awards that have a rule, by id."""
    return listed(services.awards.list(institution, cursor, limit), award)


@router.get(
    "/awards/{award_id:path}/editions/{edition_id}",
    summary="An edition, in plain English or as written",
    responses={
        **answers(WholeEditionView, "The edition.", "ETag", content=AS_WRITTEN),
        **UNCHANGED,
        **problems(*UNKNOWN),
    },
)
def read_edition(
    award_id: str,
    edition_id: str,
    services: ServicesDep,
    accept: Annotated[str, Header()] = "*/*",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return an edition; `Accept: application/yaml` gives the rule byte for byte as written."""
    stored = services.awards.edition(award_id, edition_id)
    tag = etag(stored.entry.sha256)
    if any(kind in accept for kind in YAML_TYPES):
        return Response(stored.source, headers={"ETag": tag}, media_type="application/yaml")
    plain = {
        **edition(stored.entry),
        "plain_english": services.awards.plain_english(award_id, edition_id),
        "source": stored.source.decode(),
    }
    return tagged(plain, stored.entry.sha256, if_none_match)


@router.get(
    "/awards/{award_id:path}/editions",
    summary="An award's editions",
    dependencies=WHOLE,
    responses={
        **answers(EditionListView, "The editions, by the day they begin."),
        **problems(UnknownAwardError, BadCursorError),
    },
)
def list_editions(award_id: str, services: ServicesDep) -> Response:
    """Return the editions of an award by the day they begin."""
    return reply({"items": award(services.awards.get(award_id))["editions"], "next": None})


@router.put(
    "/awards/{award_id:path}/drafts/{edition_id}",
    summary="Write a draft",
    responses={
        **answers(DraftView, "The draft as it is kept.", "ETag"),
        **problems(
            *(RuleRefusedError, AlreadyPublishedError, StaleRevisionError),
            UnknownInstitutionError,
            plain=(413, 415, 428),
        ),
    },
    openapi_extra=yaml_body(RULE),
)
def write_draft(
    award_id: str,
    edition_id: str,
    source: Raw,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    revision: NewOrExpected,
) -> Response:
    """Keep a rule as a draft, byte for byte; the answer lists what would stop its publishing.

    Another draft of the edition is replaced only where `If-Match` names it, or is `*`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (*YAML_TYPES, "application/json"):
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a rule has to be application/yaml")
    try:
        entry, found = services.publishing.put_draft(
            source, note, expected=revision, address=(award_id, edition_id)
        )
    except StaleRevisionError:
        if "if-match" in request.headers:
            raise
        raise RequestError(HTTPStatus.PRECONDITION_REQUIRED) from None
    plain = {**edition(entry), "findings": render_plain(found)}
    return reply(plain, ETag=etag(entry.sha256))


@router.delete(
    "/awards/{award_id:path}/drafts/{edition_id}",
    summary="Drop a draft",
    status_code=HTTPStatus.NO_CONTENT,
    responses={
        **answers(None, "It is forgotten.", status=204),
        **problems(*UNKNOWN, AlreadyPublishedError, StaleRevisionError),
    },
)
def drop_draft(
    award_id: str, edition_id: str, services: ServicesDep, note: NoteDep, revision: Expected
) -> Response:
    """Forget a draft."""
    services.publishing.drop_draft(award_id, edition_id, note, revision)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/awards/{award_id:path}/drafts/{edition_id}/check",
    summary="Check a rule",
    responses={**answers(FindingsView, "What is wrong."), **problems(*UNKNOWN)},
)
def check_draft(award_id: str, edition_id: str, services: ServicesDep) -> Response:
    """Return everything that is wrong with a stored rule."""
    return reply({"findings": render_plain(services.publishing.check(award_id, edition_id))})


@router.post(
    "/awards/{award_id:path}/drafts/{edition_id}/test",
    summary="Run a rule's cases",
    responses={**answers(CasesView, "What became of each case."), **problems(*UNKNOWN)},
)
def test_draft(award_id: str, edition_id: str, services: ServicesDep) -> Response:
    """Run the cases that stand with a stored rule."""
    results = services.publishing.test(award_id, edition_id)
    passed = sum(one.passed for one in results)
    cases = [one.plain() for one in results]
    return reply({"passed": passed, "failed": len(results) - passed, "cases": cases})


@router.post(
    "/awards/{award_id:path}/drafts/{edition_id}/publish",
    summary="Publish a draft",
    responses={
        **answers(EditionView, "The edition as published.", REPLAYED),
        **problems(
            *UNKNOWN,
            *(RuleRefusedError, NoCasesError, CasesFailedError, EditionsOverlapError),
            *(AlreadyPublishedError, StaleRevisionError, *KEYED),
        ),
    },
)
def publish_draft(
    award_id: str,
    edition_id: str,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
    key: Key = None,
) -> Response:
    """Freeze a draft that is free of errors and passes its own cases."""

    def act() -> Response:
        return reply(edition(services.publishing.publish(award_id, edition_id, note, revision)))

    return once(request, services, key, None, act)


@router.get(
    "/awards/{award_id:path}",
    summary="One award",
    responses={**answers(AwardView, "The award."), **problems(UnknownAwardError)},
)
def read_award(award_id: str, services: ServicesDep) -> Response:
    """Return an award with its editions."""
    return reply(award(services.awards.get(award_id)))
