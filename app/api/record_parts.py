"""What a record holds beside achievements: steps, confirmations, decisions, attributes, awards."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from app.api.bodies import Body, body_problems
from app.api.dependencies import WHOLE, Expected, Key, NoteDep, ServicesDep
from app.api.describing import answers, body
from app.api.examples import ADJUSTMENT, ATTESTATION, ATTRIBUTES, DECLARED, STEP
from app.api.problems import problems
from app.api.record_views import AdjustmentListView, OutcomeView
from app.api.replying import KEYED, REPLAYED, ended, once, reply, wrote
from app.api.request_shapes import (
    AttestationRequest,
    AttributesRequest,
    DecisionRequest,
    DeclaredRequest,
    StepRequest,
)
from app.api.requests import (
    adjustment_of,
    attestation_of,
    attributes_of,
    declared_of,
    milestone_of,
)
from app.interop.record_json import adjustment_to_plain
from app.services.errors import (
    BadCursorError,
    RecordRefusedError,
    StaleRevisionError,
    UnknownEntryError,
    UnknownLearnerError,
)

router = APIRouter(tags=["learners"])
WRITTEN = {
    **answers(OutcomeView, "What the write did.", "ETag"),
    **body_problems(UnknownLearnerError, RecordRefusedError, StaleRevisionError),
}
ENDED = {
    **answers(None, "It is ended.", "ETag", status=204),
    **problems(UnknownLearnerError, UnknownEntryError, StaleRevisionError),
}


@router.put(
    "/learners/{learner_id}/milestones/{name}",
    summary="Write a milestone",
    responses=WRITTEN,
    openapi_extra=body(StepRequest, STEP),
)
def write_milestone(
    learner_id: str,
    name: str,
    value: Body,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
) -> Response:
    """Keep a step without credit and its day."""
    step = milestone_of(name, value)
    return wrote(services.records.put_milestone(learner_id, step, note, revision))


@router.post(
    "/learners/{learner_id}/attestations",
    summary="Confirm what no record can show",
    status_code=HTTPStatus.CREATED,
    responses={
        **answers(OutcomeView, "What the write did.", "ETag", REPLAYED, status=201),
        **body_problems(UnknownLearnerError, RecordRefusedError, StaleRevisionError, *KEYED),
    },
    openapi_extra=body(AttestationRequest, ATTESTATION),
)
def write_attestation(
    learner_id: str,
    value: Body,
    request: Request,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
    key: Key = None,
) -> Response:
    """Keep a person's confirmation."""
    said = attestation_of(value)

    def act() -> Response:
        written = services.records.attest(learner_id, said, note, revision)
        return wrote(written, HTTPStatus.CREATED)

    return once(request, services, key, value, act)


@router.delete(
    "/learners/{learner_id}/milestones/{name}",
    summary="End a milestone",
    status_code=HTTPStatus.NO_CONTENT,
    responses=ENDED,
)
def end_milestone(
    learner_id: str, name: str, services: ServicesDep, note: NoteDep, revision: Expected
) -> Response:
    """Take a milestone out of the record."""
    return ended(services.records.remove(learner_id, "milestone", name, note, revision))


@router.get(
    "/learners/{learner_id}/adjustments",
    summary="Decisions about a learner",
    dependencies=WHOLE,
    responses={
        **answers(AdjustmentListView, "The adjustments."),
        **problems(UnknownLearnerError, BadCursorError),
    },
)
def list_adjustments(learner_id: str, services: ServicesDep) -> Response:
    """Return a learner's adjustments, by id."""
    found = services.learners.record(learner_id).record.adjustments
    return reply({"items": [adjustment_to_plain(one) for one in found], "next": None})


@router.put(
    "/learners/{learner_id}/adjustments/{adjustment_id:path}",
    summary="Write an adjustment",
    responses={**WRITTEN, **body_problems(UnknownLearnerError, StaleRevisionError)},
    openapi_extra=body(DecisionRequest, ADJUSTMENT),
)
def write_adjustment(
    learner_id: str,
    adjustment_id: str,
    value: Body,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
) -> Response:
    """Keep a person's decision; audits refuse a record that holds one as not supported yet."""
    wanted = adjustment_of(adjustment_id, value)
    return wrote(services.records.adjust(learner_id, wanted, note, revision))


@router.delete(
    "/learners/{learner_id}/adjustments/{adjustment_id:path}",
    summary="End an adjustment",
    status_code=HTTPStatus.NO_CONTENT,
    responses=ENDED,
)
def end_adjustment(
    learner_id: str,
    adjustment_id: str,
    services: ServicesDep,
    note: NoteDep,
    revision: Expected,
) -> Response:
    """Take a decision out of the record."""
    return ended(services.records.remove(learner_id, "adjustment", adjustment_id, note, revision))


@router.put(
    "/learners/{learner_id}/attributes",
    summary="Write a learner's attributes",
    responses=WRITTEN,
    openapi_extra=body(AttributesRequest, ATTRIBUTES),
)
def write_attributes(
    learner_id: str, value: Body, services: ServicesDep, note: NoteDep, revision: Expected
) -> Response:
    """Keep exactly these attributes of the learner."""
    wanted = attributes_of(value)
    return wrote(services.records.set_attributes(learner_id, wanted, note, revision))


@router.put(
    "/learners/{learner_id}/declared",
    summary="Write the declared awards",
    responses=WRITTEN,
    openapi_extra=body(DeclaredRequest, DECLARED),
)
def write_declared(
    learner_id: str, value: Body, services: ServicesDep, note: NoteDep, revision: Expected
) -> Response:
    """Keep exactly these awards as those that the learner works toward."""
    wanted = declared_of(value)
    return wrote(services.records.declare(learner_id, wanted, note, revision))
