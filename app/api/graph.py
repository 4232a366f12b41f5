"""The credit graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies import ServicesDep
from app.api.describing import answers
from app.api.graph_views import DrawingView, InsightView, LeadsToView, MadeOfView, PrerequisitesView
from app.api.problems import problems
from app.api.replying import JSON, reply
from app.interop.graph_json import Form, insight_to_plain, lead_to_plain, requirement_to_plain
from app.services.errors import (
    BadLimitError,
    UnknownAwardError,
    UnknownCredentialError,
)
from app.services.graph_errors import TooLargeToDrawError

router = APIRouter(tags=["graph"])
MEDIA_TYPES: Mapping[Form, str] = {
    "graphml": "application/graphml+xml",
    "dot": "text/vnd.graphviz",
    "json": JSON,
    "mermaid": "text/vnd.mermaid",
}
OTHER_FORMS = {
    kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values() if kind != JSON
}
First = Annotated[int, Query(description="How many of each list at most, up to 200.")]


@router.get(
    "/graph/insight",
    summary="The catalogue as a whole",
    responses={
        **answers(InsightView, "What only the whole shows."),
        **problems(BadLimitError),
    },
)
def read_insight(services: ServicesDep, limit: First = 10) -> Response:
    """Return what unlocks most, bottlenecks, delays, ladders, what leads nowhere, and cycles."""
    found = services.graph.insight(limit)
    return reply(insight_to_plain(found.insight, found.title, limit))


@router.get(
    "/graph/export",
    summary="The graph for other tools",
    responses={
        **answers(DrawingView, "The graph in the form that is asked for.", content=OTHER_FORMS),
        **problems(UnknownAwardError, TooLargeToDrawError),
    },
)
def export_graph(
    services: ServicesDep,
    form: Annotated[Form, Query(description="In which form.")] = "json",
    award: Annotated[
        str | None, Query(description="Only this award, with what it is made of.")
    ] = None,
) -> Response:
    """Return the whole graph, or one award with its requirements and what may fill them."""
    return Response(services.graph.export(form, award), media_type=MEDIA_TYPES[form])


@router.get(
    "/graph/{credential_id:path}/leads-to",
    summary="What a credential leads to",
    responses={
        **answers(LeadsToView, "The awards, nearest first."),
        **problems(UnknownCredentialError),
    },
)
def read_leads_to(credential_id: str, services: ServicesDep) -> Response:
    """Return every award that a credential can become part of, nearest first."""
    found = services.graph.leads_to(credential_id)
    return reply({"credential": credential_id, "leads_to": [lead_to_plain(one) for one in found]})


@router.get(
    "/graph/{credential_id:path}/prerequisites",
    summary="What comes before a credential",
    responses={
        **answers(PrerequisitesView, "The prerequisites, direct or not."),
        **problems(UnknownCredentialError),
    },
)
def read_prerequisites(credential_id: str, services: ServicesDep) -> Response:
    """Return all that has to be held before a credential can be taken, directly or not, by id."""
    found = services.graph.prerequisites(credential_id)
    return reply({"credential": credential_id, "prerequisites": list(found)})


@router.get(
    "/graph/{award_id:path}/made-of",
    summary="What an award is made of",
    responses={
        **answers(MadeOfView, "The requirements, each with its parts."),
        **problems(UnknownAwardError),
    },
)
def read_made_of(award_id: str, services: ServicesDep) -> Response:
    """Return the requirements of an award, each with what may fill it."""
    return reply(
        {"award": award_id, "made_of": requirement_to_plain(services.graph.made_of(award_id))}
    )
