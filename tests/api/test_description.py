"""The API's description is complete, its examples fit it, and so does what is really sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from app.api.application import create_app
from app.api.audit_views import AuditView
from app.api.request_shapes import (
    AchievementRequest,
    AdjustmentRequest,
    AttestationRequest,
    AuditRequest,
    ChangesRequest,
    CredentialRequest,
    DecisionRequest,
    EntryRequest,
    EvaluateRequest,
    EvaluateSingleChangesRequest,
    EvaluateWhatIfRequest,
    LearnerRequest,
    LinkRequest,
    MilestoneRequest,
    RecordRequest,
    SaveWhatIfRequest,
    StepRequest,
    WhatIfRequest,
)
from app.api.requests import (
    AUDIT,
    EVALUATE,
    EVALUATE_ROUTES,
    EVALUATE_SINGLE_CHANGES,
    EVALUATE_WHAT_IF,
    IMPACT,
    LEARNER,
    LINK,
    MILESTONE,
    PUT_ADJUSTMENT,
    PUT_CREDENTIAL,
    ROUTES,
    SAVE_WHAT_IF,
)
from app.api.route_shapes import EvaluateRoutesRequest, RoutesRequest
from app.api.run_views import ImpactRequest
from app.core.language import records
from app.core.language.adjustments import ADJUSTMENT
from app.core.language.values import Readers
from app.services.what_if_question import QUESTION
from tests.api.described import DescribedClient, Description
from tests.api.tour import TOUR, fresh_client, take

DESCRIPTION = Description(create_app())
OPERATIONS = [
    pytest.param(pointer, operation, id=operation["operationId"])
    for pointer, operation in DESCRIPTION.operations()
]


def contents(pointer: str, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each body of an operation, sent or answered with success, and the pointer to it."""
    places = {"requestBody": operation["requestBody"]} if "requestBody" in operation else {}
    for status, told in operation["responses"].items():
        if status < "300":
            places[f"responses/{status}"] = told
            assert told["description"] not in {"", "Successful Response"}
    for place, told in places.items():
        for kind, content in told.get("content", {}).items():
            yield f"{pointer}/{place}/content/{kind.replace('/', '~1')}", content


@pytest.mark.parametrize(("pointer", "operation"), OPERATIONS)
def test_every_body_has_a_shape_and_an_example_that_fits_it(
    pointer: str, operation: dict[str, Any]
) -> None:
    found = dict(contents(pointer, operation))
    assert found or set(operation["responses"]) >= {"204"}
    for at, content in found.items():
        assert content["schema"]
        assert content["example"], "run `python -m tests.api.tour`"
        DESCRIPTION.check(f"{at}/schema", content["example"])


def test_every_object_is_described() -> None:
    shapes = DESCRIPTION.plain["components"]["schemas"]
    assert not [name for name, one in shapes.items() if not one.get("description")]


def test_every_operation_answers_as_described() -> None:
    with fresh_client() as client:
        answered = {name: answer.status_code for name, answer in take(client)}
    assert set(answered) == {one["operationId"] for _, one in DESCRIPTION.operations()}
    assert not {name: status for name, status in answered.items() if status >= 300}
    assert set(answered) == {name for name, _, _ in TOUR}


def test_an_answer_that_is_not_described_is_noticed(client: DescribedClient) -> None:
    found = client.description.find("GET", "/v1/issuers")
    assert found is not None
    at = f"{found[0]}/responses/200/content/application~1json/schema"
    client.description.check(at, {"items": [], "next": None})
    wrongs: list[dict[str, object]] = [{"items": []}, {"items": [{}], "next": None}]
    for wrong in wrongs:
        with pytest.raises(Exception, match="is"):
            client.description.check(at, wrong)


@pytest.mark.parametrize(
    ("readers", "shape"),
    [
        (AUDIT, AuditRequest),
        (EVALUATE, EvaluateRequest),
        (EVALUATE_WHAT_IF, EvaluateWhatIfRequest),
        (IMPACT, ImpactRequest),
        (LEARNER, LearnerRequest),
        (MILESTONE, StepRequest),
        (PUT_CREDENTIAL, CredentialRequest),
        (ROUTES, RoutesRequest),
        (EVALUATE_ROUTES, EvaluateRoutesRequest),
        (QUESTION, WhatIfRequest),
        (SAVE_WHAT_IF, SaveWhatIfRequest),
        (LINK, LinkRequest),
        (EVALUATE_SINGLE_CHANGES, EvaluateSingleChangesRequest),
        (dict.fromkeys(["add", "remove", "replace", "grades", "awards", "move"]), ChangesRequest),
        (records.RECORD, RecordRequest),
        (records.ACHIEVEMENT, AchievementRequest),
        ({key: one for key, one in records.ACHIEVEMENT.items() if key != "status"}, EntryRequest),
        (ADJUSTMENT, AdjustmentRequest),
        (PUT_ADJUSTMENT, DecisionRequest),
        (records.ATTESTATION, AttestationRequest),
        (records.MILESTONE, MilestoneRequest),
    ],
)
def test_a_body_is_described_by_the_keys_that_are_read(
    readers: Readers, shape: type[BaseModel]
) -> None:
    assert {one.alias or name for name, one in shape.model_fields.items()} == set(readers)


def test_problems_are_told_of_operations_that_can_give_them() -> None:
    told = {
        name
        for _, operation in DESCRIPTION.operations()
        for one in operation["responses"].values()
        for name in one.get("content", {}).get("application/problem+json", {}).get("examples", ())
    }
    known = set(DESCRIPTION.plain["components"]["examples"])
    assert known - told == {"no-such-method"}


def test_the_shape_of_an_audit_is_published_under_its_name() -> None:
    published = DESCRIPTION.plain["components"]["schemas"][AuditView.__name__]
    assert set(published["properties"]) == set(AuditView.model_fields)
