"""Audits: of learners who are kept, and of records in the request."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from app.api.audit_views import (
    AuditsView,
    ComparisonView,
    RepetitionView,
    StoredAuditListView,
    StoredAuditsView,
)
from app.api.bodies import Body, body_problems
from app.api.dependencies import Cursor, Key, Limit, ServicesDep
from app.api.describing import answers, body
from app.api.examples import AUDIT_REQUEST, EVALUATE_REQUEST, WHAT_IF_REQUEST
from app.api.problems import problems
from app.api.replying import KEYED, REPLAYED, listed, once, raw, reply
from app.api.request_shapes import (
    AuditRequest,
    EvaluateRequest,
    EvaluateWhatIfRequest,
    WhatIfRequest,
)
from app.api.requests import (
    AUDIT,
    EVALUATE,
    EVALUATE_WHAT_IF,
    Reading,
    asked,
    record,
    refused_in,
    wished,
)
from app.api.shapes import audit_entry
from app.interop.audit_json import audit_to_bytes
from app.interop.what_if_json import comparison_to_plain
from app.services.errors import (
    BadCursorError,
    BadLimitError,
    NoEditionInForceError,
    NotAuditableError,
    NothingToAuditError,
    PolicyMissingError,
    RecordRefusedError,
    RuleRefusedError,
    TooManyError,
    UnknownAuditError,
    UnknownAwardError,
    UnknownEditionError,
    UnknownEntryError,
    UnknownInstitutionError,
    UnknownLearnerError,
)
from app.services.what_if import (
    Comparison,
    EntryExistsError,
    Hypothesis,
    UnevenChoicesError,
)
from app.services.what_if_errors import ContradictingChangesError
from app.services.what_if_question import QUESTION

router = APIRouter(tags=["audits"])
JUDGES = (
    *(UnknownAwardError, UnknownEditionError, NoEditionInForceError, PolicyMissingError),
    *(NotAuditableError, NothingToAuditError, RecordRefusedError),
)
COMPARES = (
    *(*JUDGES, EntryExistsError, TooManyError, UnevenChoicesError, UnknownEntryError),
    ContradictingChangesError,
)


@router.post(
    "/evaluate",
    summary="Audit a record that is not kept",
    responses={
        **answers(AuditsView, "The audits, in the order asked for."),
        **body_problems(*JUDGES, RuleRefusedError, UnknownInstitutionError),
    },
    openapi_extra=body(EvaluateRequest, EVALUATE_REQUEST),
)
def evaluate(value: Body, services: ServicesDep) -> Response:
    """Audit the record in the body by published awards or inline rules; nothing is stored."""
    reading = Reading(value, EVALUATE, ("record",))
    known, wanted = record(reading), asked(reading)
    with refused_in(value):
        audits = services.audits.evaluate(
            known,
            wanted.choices,
            wanted.rules,
            wanted.as_of,
            wanted.policies,
            wishes=wished(reading).places,
        )
    return raw(b'{"audits":[' + b",".join(map(audit_to_bytes, audits)) + b"]}")


@router.post(
    "/evaluate/what-if",
    summary="Compare a record with a changed one",
    responses={
        **answers(ComparisonView, "The audits before and after, and the differences."),
        **body_problems(*COMPARES),
    },
    openapi_extra=body(
        EvaluateWhatIfRequest, {**EVALUATE_REQUEST, "changes": WHAT_IF_REQUEST["changes"]}
    ),
)
def evaluate_what_if(value: Body, services: ServicesDep) -> Response:
    """Audit the record in the body before and after hypothetical changes."""
    reading = Reading(value, EVALUATE_WHAT_IF, ("record", "awards", "changes"))
    known, wanted = record(reading), asked(reading)
    changes = reading.taken.get("changes", Hypothesis())
    with refused_in(value):
        found = services.what_if.compare_record(
            known, wanted.choices, changes, wanted.as_of, wished(reading).places
        )
    return reply(_comparison(found))


@router.post(
    "/learners/{learner_id}/audits",
    summary="Audit a learner",
    status_code=HTTPStatus.CREATED,
    responses={
        **answers(StoredAuditsView, "The audits.", "Location", REPLAYED, status=201),
        **body_problems(*JUDGES, UnknownLearnerError, UnknownAuditError, *KEYED),
    },
    openapi_extra=body(AuditRequest, AUDIT_REQUEST),
)
def audit_learner(
    learner_id: str, value: Body, request: Request, services: ServicesDep, key: Key = None
) -> Response:
    """Audit a learner against awards together, and store the answer with all it was made from.

    Wishes and an earlier placement choose among what is equally good by the rules.
    """
    reading = Reading(value, AUDIT, ("awards",))
    reading.done()
    wanted = asked(reading)

    def act() -> Response:
        stored = services.audits.audit(learner_id, wanted.choices, wanted.as_of, wished(reading))
        return raw(stored.body, HTTPStatus.CREATED, Location=f"/v1/audits/{stored.id}")

    return once(request, services, key, value, act)


@router.get(
    "/learners/{learner_id}/audits",
    summary="A learner's audits",
    responses={
        **answers(StoredAuditListView, "A page of the audits."),
        **problems(UnknownLearnerError, BadCursorError, BadLimitError),
    },
)
def list_audits(
    learner_id: str, services: ServicesDep, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Return a learner's stored audits, latest first."""
    return listed(services.audits.list(learner_id, cursor, limit), audit_entry)


@router.post(
    "/learners/{learner_id}/what-if",
    summary="What if",
    responses={
        **answers(ComparisonView, "The audits before and after, and the differences."),
        **body_problems(*COMPARES, UnknownLearnerError, UnknownAuditError),
    },
    openapi_extra=body(WhatIfRequest, WHAT_IF_REQUEST),
)
def what_if(learner_id: str, value: Body, services: ServicesDep) -> Response:
    """Audit a learner before and after hypothetical changes; nothing is stored.

    What need not move stays. With `move` an achievement has to count in one place, and the audit
    after it tells the price.
    """
    reading = Reading(value, QUESTION, ("awards", "changes"))
    reading.done()
    wanted, changes = asked(reading), reading.taken["changes"]
    found = services.what_if.compare(
        learner_id, wanted.choices, changes, wanted.as_of, wished(reading)
    )
    return reply(_comparison(found))


def _comparison(found: Comparison) -> dict[str, object]:
    return comparison_to_plain(found.before, found.after, found.differences)


@router.get(
    "/audits/{audit_id}",
    summary="A stored audit",
    responses={
        **answers(StoredAuditsView, "The audits as they were given."),
        **problems(UnknownAuditError),
    },
)
def read_audit(audit_id: str, services: ServicesDep) -> Response:
    """Return an audit byte for byte as it was given."""
    return raw(services.audits.read(audit_id).body)


@router.post(
    "/audits/{audit_id}/repeat",
    summary="Make a stored audit again",
    responses={
        **answers(RepetitionView, "Whether the two agree."),
        **problems(UnknownAuditError, NotAuditableError),
    },
)
def repeat_audit(audit_id: str, services: ServicesDep) -> Response:
    """Audit again from what is stored, and say whether every byte agrees."""
    found = services.audits.repeat(audit_id)
    return reply(
        {
            "id": audit_id,
            "same": found.same,
            "engine": found.audit.engine,
            "engine_now": found.engine_now,
        }
    )
