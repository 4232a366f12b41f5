"""Routes: of learners who are kept, and for records in the request."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.audits import JUDGES
from app.api.bodies import Body, body_problems
from app.api.dependencies import ServicesDep
from app.api.describing import answers, body
from app.api.examples import EVALUATE_ROUTES_REQUEST, ROUTES_REQUEST
from app.api.replying import reply
from app.api.requests import EVALUATE_ROUTES, ROUTES, Reading, asked, record, refused_in
from app.api.route_shapes import EvaluateRoutesRequest, RoutesRequest, RoutesView
from app.interop.route_json import asked_of, routes_to_plain
from app.services.errors import UnknownLearnerError
from app.services.routes import RouteRefusedError, RoutesFound

router = APIRouter(tags=["routes"])
NEEDED = ("awards", "terms")


@router.post(
    "/learners/{learner_id}/routes",
    summary="The best routes of a learner",
    responses={
        **answers(RoutesView, "The routes, or the smallest reason why there is none."),
        **body_problems(*JUDGES, UnknownLearnerError, RouteRefusedError),
    },
    openapi_extra=body(RoutesRequest, ROUTES_REQUEST),
)
def find_routes(learner_id: str, value: Body, services: ServicesDep) -> Response:
    """Say what to take in which term to come to awards; what is in progress or planned counts."""
    reading = Reading(value, ROUTES, NEEDED)
    reading.done()
    wanted = asked(reading)
    return _reply(
        services.routes.find(learner_id, wanted.choices, asked_of(reading.taken), wanted.as_of)
    )


@router.post(
    "/evaluate/routes",
    summary="The best routes of a record that is not kept",
    responses={
        **answers(RoutesView, "The routes, or the smallest reason why there is none."),
        **body_problems(*JUDGES, RouteRefusedError),
    },
    openapi_extra=body(EvaluateRoutesRequest, EVALUATE_ROUTES_REQUEST),
)
def evaluate_routes(value: Body, services: ServicesDep) -> Response:
    """Say what to take in which term to come to awards from the record in the body."""
    reading = Reading(value, EVALUATE_ROUTES, ("record", *NEEDED))
    known, wanted = record(reading), asked(reading)
    with refused_in(value):
        found = services.routes.find_for(
            known, wanted.choices, asked_of(reading.taken), wanted.as_of
        )
    return _reply(found)


def _reply(found: RoutesFound) -> Response:
    return reply(
        routes_to_plain(found.awards, found.as_of, found.request, found.routes, found.swap)
    )
