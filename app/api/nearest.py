"""Nearest awards: of a learner who is kept, and of a record or credentials in the request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api.bodies import Body, body_problems
from app.api.dependencies import ServicesDep
from app.api.describing import answers, body
from app.api.examples import NEAREST_REQUEST
from app.api.nearest_views import NearestView
from app.api.problems import problems
from app.api.replying import reply
from app.api.request_shapes import EvaluateNearestRequest
from app.api.requests import NEAREST, Reading, record, refused_in
from app.core.language.diagnostics import Place
from app.core.language.values import Value, Values
from app.core.search.nearest import Measured
from app.services.errors import (
    BadLimitError,
    RecordRefusedError,
    TooManyError,
    UnknownLearnerError,
)
from app.services.measures import MeasureUnstatedError
from app.services.nearest import MOST_NEAR, USUAL, Question, nearest_awards_to_plain
from app.services.prospectus import HoldingRefusedError

router = APIRouter(tags=["nearest"])
RANKS = (MeasureUnstatedError, RecordRefusedError)
Number = Annotated[int, Query(description=f"How many at most, up to {MOST_NEAR}.")]


@router.get(
    "/learners/{learner_id}/nearest",
    summary="The awards nearest to a learner",
    responses={
        **answers(NearestView, "The awards, nearest first."),
        **problems(UnknownLearnerError, BadLimitError, *RANKS),
    },
)
def nearest_to_learner(
    learner_id: str,
    services: ServicesDep,
    by: Annotated[Measured, Query(description="What is compared.")] = "credits",
    limit: Number = USUAL,
    held: Annotated[bool, Query(description="Awards that are held, too.")] = False,  # noqa: FBT002 -- a parameter of the address
    as_of: Annotated[date | None, Query(description="The day; today where nobody says.")] = None,
) -> Response:
    """Return the awards that a learner lacks least of, each with what would complete it best."""
    question = Question(by=by, limit=limit, held_too=held)
    found = services.nearest.of_learner(learner_id, question, as_of)
    return reply(nearest_awards_to_plain(found))


@router.post(
    "/evaluate/nearest",
    summary="The awards nearest to a record that is not kept",
    responses={
        **answers(NearestView, "The awards, nearest first."),
        **body_problems(*RANKS, TooManyError, HoldingRefusedError),
    },
    openapi_extra=body(EvaluateNearestRequest, NEAREST_REQUEST),
)
def nearest_to_record(value: Body, services: ServicesDep) -> Response:
    """Return the awards that a record, or who holds some credentials, lacks least of."""
    reading = Reading(value, NEAREST)
    reading.fit(_something_held)
    alone = isinstance(value, dict) and "record" not in value
    known, taken = record(reading), reading.taken
    question = Question(
        by=taken.get("by", "credits"),
        limit=taken.get("limit", USUAL),
        held_too=taken.get("held", False),
        holding=taken.get("holding", ()),
    )
    with refused_in(value):
        found = services.nearest.of_record(None if alone else known, question, taken.get("as_of"))
    return reply(nearest_awards_to_plain(found))


def _something_held(values: Values, body: Value, _taken: Mapping[str, Any], place: Place) -> None:
    if isinstance(body, dict) and not body.keys() & {"record", "holding"}:
        remedy = "add `record`, or `holding` with ids of credentials, or both"
        values.refuse("CN0202", place, "the body has neither `record` nor `holding`", remedy)
