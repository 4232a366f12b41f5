"""The nearest awards over REST."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from app.api.examples import NEAREST_REQUEST


def test_a_record_and_what_is_held_beside_it_are_ranked(client: TestClient) -> None:
    answer = client.post("/v1/evaluate/nearest", json=NEAREST_REQUEST)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["by"], body["as_of"], len(body["awards"])) == ("credits", "2026-11-01", 2)
    assert all(one["completion"]["proven"] for one in body["awards"])


def test_credentials_alone_are_enough_to_ask(client: TestClient) -> None:
    body = {"holding": ["harvard/a1", "harvard/a2"], "as_of": "2026-11-01"}
    (first, *_) = client.post("/v1/evaluate/nearest", json=body).json()["awards"]
    assert (first["award"], first["state"]) == ("harvard/micro", "earned")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({}, 422, "request-refused"),
        ({"by": "credits"}, 422, "request-refused"),
        ([], 422, "request-refused"),
        ({"holding": ["sqa/zz"]}, 422, "holding-refused"),
        ({"holding": ["sqa/m1"], "by": "luck"}, 422, "request-refused"),
        ({"holding": ["sqa/m1"], "by": "cost"}, 422, "measure-unstated"),
        ({"holding": ["sqa/m1"], "limit": 51}, 422, "request-refused"),
        ({"record": {"achievements": [{"credential": "sqa/zz"}]}}, 422, "record-refused"),
    ],
)
def test_a_wrong_body_is_refused(client: TestClient, body: object, status: int, kind: str) -> None:
    answer = client.post("/v1/evaluate/nearest", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


def test_a_learner_who_is_not_kept_is_unknown(client: TestClient) -> None:
    answer = client.get("/v1/learners/nobody/nearest")
    assert answer.json()["type"] == "/problems/unknown-learner"
    assert client.get("/v1/learners/nobody/nearest?by=luck").status_code == 422


def test_how_many_are_listed_is_told_with_its_range(client: TestClient) -> None:
    body = {"holding": ["sqa/m1"], "limit": -1}
    (wrong,) = client.post("/v1/evaluate/nearest", json=body).json()["errors"]
    assert wrong["message"] == "`limit` has to be a whole number from 1 to 50"
    client.post("/v1/learners", json={"id": "near"})
    answer = client.get("/v1/learners/near/nearest?limit=51")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-limit")


def test_a_body_without_anything_held_is_told_both_ways_to_say_it(client: TestClient) -> None:
    (wrong,) = client.post("/v1/evaluate/nearest", json={}).json()["errors"]
    assert wrong["message"] == "the body has neither `record` nor `holding`"
    assert wrong["help"] == "add `record`, or `holding` with ids of credentials, or both"


def test_each_unknown_credential_that_is_held_is_told_with_its_place(client: TestClient) -> None:
    body = {"holding": ["sqa/m1", "sqa/m11", "sqa/m2", "x/zz"]}
    said = client.post("/v1/evaluate/nearest", json=body).json()
    assert [(one["code"], one["path"]) for one in said["errors"]] == [
        ("CN0703", "$.holding[1]"),
        ("CN0703", "$.holding[3]"),
    ]
    assert said["errors"][0]["help"] == "did you mean `sqa/m1`?"
