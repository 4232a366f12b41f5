"""Learners, and what is known of them."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from app.api.bodies import Body, body_problems
from app.api.dependencies import (
    WHOLE,
    Cursor,
    Demanded,
    Expected,
    IfNoneMatch,
    Key,
    Limit,
    NoteDep,
    ServicesDep,
)
from app.api.describing import UNCHANGED, answers, bodies, body
from app.api.examples import ACHIEVEMENT, BULK, CHANGE, RECORD
from app.api.examples import LEARNER as LEARNER_EXAMPLE
from app.api.problems import problems
from app.api.record_parts import ENDED
from app.api.record_views import (
    ChangeListView,
    HeldOutcomeView,
    HeldView,
    HistoryView,
    LearnerListView,
    LearnerView,
    LinesView,
    RecordView,
)
from app.api.replying import KEYED, REPLAYED, ended, etag, listed, once, reply, tagged
from app.api.request_shapes import (
    AchievementChangeRequest,
    AchievementRequest,
    LearnerRequest,
    RecordRequest,
)
from app.api.requests import LEARNER, Reading, record_of
from app.api.shapes import change, learner, line, version
from app.interop.record_json import achievement_to_plain, record_to_plain
from app.services.errors import (
    BadCursorError,
    BadLimitError,
    LearnerExistsError,
    RecordRefusedError,
    RenamedError,
    StaleRevisionError,
    TooManyError,
    UnknownEntryError,
    UnknownLearnerError,
)
from app.services.reading import achievement_of

router = APIRouter(tags=["learners"])


def _instant(value: str) -> datetime:
    """Return an instant in UTC; what only says a day, a number or no zone is refused."""
    remedy = "write an instant with its zone, such as 2026-05-03T12:00:00Z (a `+` as `%2B`)"
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except OverflowError:
        remedy = "that lies before the year 1 or after 9999 in UTC"
    except ValueError:
        pass
    raise ValueError(remedy)


KnownAt = Annotated[
    datetime | None,
    BeforeValidator(_instant),
    Query(description="The instant, with its zone, whose knowledge is asked for."),
]
WRITES = (UnknownLearnerError, RecordRefusedError, StaleRevisionError)


@router.post(
    "/learners",
    summary="Keep a learner",
    status_code=HTTPStatus.CREATED,
    responses={
        **answers(LearnerView, "The learner.", "Location", REPLAYED, status=201),
        **body_problems(LearnerExistsError, *KEYED),
    },
    openapi_extra=body(LearnerRequest, LEARNER_EXAMPLE),
)
def create_learner(
    value: Body, request: Request, services: ServicesDep, note: NoteDep, key: Key = None
) -> Response:
    """Keep a learner with an empty record."""
    reading = Reading(value, LEARNER, ("id",))
    reading.done()
    name = reading.taken["id"]

    def act() -> Response:
        entry = services.learners.create(name, note)
        where = f"/v1/learners/{quote(name, safe='')}/record"
        return reply(learner(entry), HTTPStatus.CREATED, Location=where)

    return once(request, services, key, value, act)


@router.get(
    "/learners",
    summary="The learners",
    responses={
        **answers(LearnerListView, "A page of the learners."),
        **problems(BadCursorError, BadLimitError),
    },
)
def list_learners(services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Return the learners, by id."""
    return listed(services.learners.list(cursor, limit), learner)


@router.get(
    "/learners/{learner_id}/record",
    summary="A learner's record",
    responses={
        **answers(RecordView, "The record.", "ETag"),
        **UNCHANGED,
        **problems(UnknownLearnerError),
    },
)
def read_record(
    learner_id: str,
    services: ServicesDep,
    known_at: KnownAt = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return a record as it is, or as it was known at an instant."""
    view = services.learners.record(learner_id, known_at)
    revision = view.revision if known_at is None else f"{view.revision}-{known_at.isoformat()}"
    return tagged(record_to_plain(view.record), revision, if_none_match)


@router.put(
    "/learners/{learner_id}/record",
    summary="Write a whole record",
    responses={
        **answers(RecordView, "The record as it became.", "ETag"),
        **body_problems(*WRITES, plain=(428,)),
    },
    openapi_extra=body(RecordRequest, RECORD),
)
def write_record(
    learner_id: str, value: Body, services: ServicesDep, note: NoteDep, revision: Demanded
) -> Response:
    """Keep a record in place of what was known; what it leaves out ends and stays in the history.

    `If-Match: *` writes whatever is there.
    """
    view = services.records.put_record(record_of(learner_id, value), note, revision)
    return reply(record_to_plain(view.record), ETag=etag(view.revision))


@router.put(
    "/learners/{learner_id}/achievements/{achievement_id:path}",
    summary="Write an achievement",
    responses={
        **answers(HeldOutcomeView, "The achievement as it was or became.", "ETag"),
        **answers(HeldOutcomeView, "A new achievement.", "ETag", status=201),
        **body_problems(*WRITES),
    },
    openapi_extra=body(AchievementRequest, ACHIEVEMENT),
)
def write_achievement(
    learner_id: str,
    achievement_id: str,
    value: Body,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
) -> Response:
    """Keep an achievement; the same content again changes nothing."""
    given = {**value, "id": achievement_id} if isinstance(value, dict) else value
    wanted = achievement_of(given)
    written = services.records.put_achievement(learner_id, wanted, note, revision)
    status = HTTPStatus.CREATED if written.what == "created" else HTTPStatus.OK
    plain = {"outcome": written.what, "achievement": achievement_to_plain(wanted)}
    return reply(plain, status, ETag=etag(written.revision))


@router.patch(
    "/learners/{learner_id}/achievements/{achievement_id:path}",
    summary="Change some keys of an achievement",
    responses={
        **answers(HeldView, "The achievement as it became.", "ETag"),
        **body_problems(*WRITES, UnknownEntryError, RenamedError),
    },
    openapi_extra=body(AchievementChangeRequest, CHANGE),
)
def change_achievement(
    learner_id: str,
    achievement_id: str,
    value: Body,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
) -> Response:
    """Write some keys anew; null takes a key's usual value."""
    changes = Reading(value, {}, ()) if not isinstance(value, dict) else None
    if changes is not None:
        changes.done()
    found = services.records.patch_achievement(learner_id, achievement_id, value, note, revision)
    return reply(achievement_to_plain(found.what), ETag=etag(found.revision))


@router.delete(
    "/learners/{learner_id}/achievements/{achievement_id:path}",
    summary="End an achievement",
    status_code=HTTPStatus.NO_CONTENT,
    responses=ENDED,
)
def end_achievement(
    learner_id: str,
    achievement_id: str,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
) -> Response:
    """Take an achievement out of the record; it stays in the history."""
    return ended(services.records.remove(learner_id, "achievement", achievement_id, note, revision))


@router.post(
    "/learners/{learner_id}/achievements",
    summary="Write many achievements",
    responses={
        **answers(LinesView, "What happened to each line.", "ETag", REPLAYED),
        **body_problems(UnknownLearnerError, TooManyError, StaleRevisionError, *KEYED),
    },
    openapi_extra=bodies(AchievementRequest, BULK),
)
def write_achievements(
    learner_id: str,
    value: Body,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
    key: Key = None,
) -> Response:
    """Keep a list of achievements; each line says what happened to it, and none is lost."""
    if not isinstance(value, list):
        Reading(value, {}, ()).refuse_kind("a list of achievements")

    def act() -> Response:
        found = services.records.put_achievements(learner_id, value, note, revision)
        return reply({"lines": [line(one) for one in found.what]}, ETag=etag(found.revision))

    return once(request, services, key, value, act)


@router.get(
    "/learners/{learner_id}/history",
    summary="Every state of the achievements",
    dependencies=WHOLE,
    responses={
        **answers(HistoryView, "The states, by achievement and as recorded."),
        **problems(UnknownLearnerError, UnknownEntryError, BadCursorError),
    },
)
def read_history(
    learner_id: str, services: ServicesDep, achievement: str | None = None
) -> Response:
    """Return what was known of one achievement or of all, and when."""
    found = services.learners.history(learner_id, achievement)
    return reply({"items": [version(one) for one in found], "next": None})


@router.get(
    "/learners/{learner_id}/changes",
    summary="Who changed what",
    responses={
        **answers(ChangeListView, "A page of the changes."),
        **problems(UnknownLearnerError, BadCursorError, BadLimitError),
    },
)
def read_changes(
    learner_id: str, services: ServicesDep, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Return who changed a record, when and why."""
    return listed(services.learners.changes(learner_id, cursor, limit), change)
