"""Runs over a population: the impact of a draft."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from app.api.bodies import Body, body_problems
from app.api.dependencies import Cursor, Key, Limit, NoteDep, ServicesDep
from app.api.describing import answers, body
from app.api.examples import IMPACT_REQUEST
from app.api.problems import problems
from app.api.replying import KEYED, REPLAYED, listed, once, reply
from app.api.requests import IMPACT, Reading
from app.api.run_views import (
    ImpactRequest,
    LearnerImpactListView,
    RunListView,
    RunView,
    WholeLearnerImpactView,
)
from app.core.search.impact import Change
from app.interop.impact_json import summary_to_plain
from app.interop.what_if_json import difference_to_plain
from app.services.errors import (
    BadCursorError,
    BadLimitError,
    NoEditionInForceError,
    NotAuditableError,
    RuleRefusedError,
    UnknownAwardError,
    UnknownEditionError,
)
from app.services.run_errors import (
    NobodyToJudgeError,
    NotInRunError,
    RunEndedError,
    SameEditionError,
    UnknownRunError,
)
from app.services.runs import ImpactQuestion
from app.services.stored import spoken_instant
from app.services.stored_runs import StoredRun

router = APIRouter(tags=["runs"])
REFUSES = (
    *(UnknownAwardError, UnknownEditionError, NoEditionInForceError, SameEditionError),
    *(RuleRefusedError, NotAuditableError, NobodyToJudgeError),
)
Listed = Annotated[
    Literal[Change, "unchanged"] | None, Query(description="Only whom this holds for.")
]


@router.post(
    "/awards/{award_id:path}/impact",
    summary="Ask for the impact of a draft",
    status_code=HTTPStatus.ACCEPTED,
    responses={
        **answers(RunView, "The run, which is queued.", "Location", REPLAYED, status=202),
        **body_problems(*REFUSES, *KEYED),
    },
    openapi_extra=body(ImpactRequest, IMPACT_REQUEST),
)
def start_impact(
    award_id: str,
    value: Body,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    key: Key = None,
) -> Response:
    """Judge learners by two editions of an award, and tell of each what differs."""
    reading = Reading(value, IMPACT, ("edition",))
    reading.done()
    taken = reading.taken
    question = ImpactQuestion(
        taken["edition"], taken.get("against"), taken.get("as_of"), taken.get("learners", "all")
    )

    def act() -> Response:
        run = services.runs.start_impact(award_id, question, note)
        return reply(_run(run), HTTPStatus.ACCEPTED, Location=f"/v1/runs/{run.id}")

    return once(request, services, key, value, act)


@router.get(
    "/runs",
    summary="Runs over a population",
    responses={
        **answers(RunListView, "A page of the runs."),
        **problems(BadCursorError, BadLimitError),
    },
)
def list_runs(services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Return the runs, latest first."""
    return listed(services.runs.list(cursor, limit), _run)


@router.get(
    "/runs/{run_id}",
    summary="A run",
    responses={**answers(RunView, "The run as far as it is."), **problems(UnknownRunError)},
)
def read_run(run_id: str, services: ServicesDep) -> Response:
    """Return how far a run is, and what is counted so far."""
    return reply(_run(services.runs.get(run_id)))


@router.get(
    "/runs/{run_id}/learners",
    summary="What a run found",
    responses={
        **answers(LearnerImpactListView, "A page of the results so far."),
        **problems(UnknownRunError, BadCursorError, BadLimitError),
    },
)
def list_run_learners(
    run_id: str,
    services: ServicesDep,
    change: Listed = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Return what was found so far, by learner: of one change, or of everybody."""
    return listed(services.runs.results(run_id, change or "", cursor, limit), json.loads)


@router.get(
    "/runs/{run_id}/learners/{learner_id}",
    summary="What a run found of a learner",
    responses={
        **answers(WholeLearnerImpactView, "The result with the difference in words."),
        **problems(UnknownRunError, NotInRunError),
    },
)
def read_run_learner(run_id: str, learner_id: str, services: ServicesDep) -> Response:
    """Return what was found of a learner, with the difference of two whole audits."""
    found = services.runs.of_learner(run_id, learner_id)
    told = None if found.difference is None else difference_to_plain(found.difference)
    return reply({**json.loads(found.document), "difference": told})


@router.post(
    "/runs/{run_id}/cancel",
    summary="Cancel a run",
    responses={
        **answers(RunView, "The run, cancelled."),
        **problems(UnknownRunError, RunEndedError),
    },
)
def cancel_run(run_id: str, services: ServicesDep, note: NoteDep) -> Response:
    """End a run where it is; what it found stays."""
    return reply(_run(services.runs.cancel(run_id, note)))


def _run(one: StoredRun) -> dict[str, Any]:
    inputs = json.loads(one.inputs)
    instants = {name: getattr(one, name) for name in ("created_at", "started_at", "ended_at")}
    return {
        "id": one.id,
        "award": one.award,
        "before": {"edition": one.against, "sha256": inputs["old"]["rule"]},
        "after": {"edition": one.edition, "sha256": inputs["new"]["rule"]},
        "as_of": one.as_of.isoformat(),
        "learners": one.members,
        "engine": one.engine,
        "state": one.state,
        "progress": {"judged": one.judged, "of": one.total},
        "summary": summary_to_plain(one.counts),
        **{name: spoken_instant(at) if at else None for name, at in instants.items()},
        "problem": one.problem,
    }
