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
        ({"holding": ["sqa/zz"]}, 404, "unknown-credential"),
        ({"holding": ["sqa/m1"], "by": "luck"}, 422, "request-refused"),
        ({"holding": ["sqa/m1"], "by": "cost"}, 422, "measure-unstated"),
        ({"holding": ["sqa/m1"], "limit": 51}, 400, "bad-limit"),
        ({"record": {"achievements": [{"credential": "sqa/zz"}]}}, 422, "record-refused"),
    ],
)
def test_a_wrong_body_is_refused(
    client: TestClient, body: dict[str, object], status: int, kind: str
) -> None:
    answer = client.post("/v1/evaluate/nearest", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


def test_a_learner_who_is_not_kept_is_unknown(client: TestClient) -> None:
    answer = client.get("/v1/learners/nobody/nearest")
    assert answer.json()["type"] == "/problems/unknown-learner"
    assert client.get("/v1/learners/nobody/nearest?by=luck").status_code == 422
