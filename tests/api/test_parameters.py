"""What an address asks is heard or refused, by every operation."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.application import create_app
from app.api.describing import Plain
from tests.api.described import DescribedClient, Description

OPERATIONS = [
    pytest.param(pointer.rpartition("/")[2], pointer.split("/")[2].replace("~1", "/"), operation)
    for pointer, operation in Description(create_app()).operations()
    if operation["operationId"] not in {"live", "ready", "list_problems", "read_problem"}
]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_no_operation_passes_over_a_parameter_that_it_does_not_take(
    client: DescribedClient, method: str, path: str, operation: Plain
) -> None:
    answer = client.request(method, path.replace("{", "").replace("}", ""), params={"isuers": "1"})
    said = answer.json()
    assert (answer.status_code, said["type"]) == (422, "/problems/unknown-parameter")
    told = (one for one in operation.get("parameters", ()) if one["in"] == "query")
    assert (said["parameter"], said["takes"]) == ("isuers", sorted(one["name"] for one in told))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "credentials?issuers=sqa",
            "did you mean `issuer`? It takes `cursor`, `field`, `framework`, `institution`,",
        ),
        (
            "awards/sqa/hnd/combinations?isuer=sqa&limit=0",
            "did you mean `issuer`? It takes `as_of`, `cursor`, `edition`, `issuer`, `learner`,",
        ),
        ("learners/nobody/single-changes?awrad=sqa/hnc", "did you mean `award`?"),
        ("learners/nobody/record?Known_at=2026-01-01T00:00:00Z", "did you mean `known_at`?"),
        ("shared/nothing?a=b", "it takes none"),
        ("learners/nobody/what-ifs/none/links?page=2", "it takes none"),
    ],
)
def test_the_nearest_parameter_and_all_that_are_taken_are_told(
    client: TestClient, asked: str, said: str
) -> None:
    answer: dict[str, Any] = client.get(f"/v1/{asked}").json()
    assert answer["detail"].startswith(f"`{answer['parameter']}` is no parameter of this operation")
    assert said in answer["detail"]


def test_a_list_that_is_given_whole_still_refuses_a_cursor_as_one(client: TestClient) -> None:
    answer = client.get("/v1/learners/nobody/adjustments?cursor=junk")
    assert answer.json()["type"] == "/problems/bad-cursor"
