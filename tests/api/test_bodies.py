"""Bodies: text that no answer, no database and no address can hold."""

from __future__ import annotations

from time import process_time

import pytest
from fastapi.testclient import TestClient

from app.api.bodies import decode
from app.api.problems import RequestError

RULE = b'"award: ntu/inline\\ntitle: \\ud800"'
EARNED = b'{"earned": [{"id": "a\\udc00", "credential": "ntu/f1"}]}'


@pytest.mark.parametrize(
    ("method", "path", "content", "places"),
    [
        ("POST", "evaluate", b'{"record": {"learner": "\\ud800"}}', ["$.record.learner"]),
        ("POST", "evaluate", b'{"record": %s}' % EARNED, ["$.record.earned[0].id"]),
        ("POST", "evaluate", b'{"record": {}, "rules": [%s]}' % RULE, ["$.rules[0]"]),
        ("POST", "evaluate", b'{"record": {}, "rules": [{"\\uDFFF": 1}]}', ["$.rules[0]"]),
        ("POST", "evaluate", b'{"record": {"learner": "a\\u0000"}}', ["$.record.learner"]),
        ("POST", "evaluate/what-if", b'["\\ud83d", {"a": "\\ud83d"}]', ["$[0]", "$[1].a"]),
        ("POST", "learners", b'{"id": "\\ud800"}', ["$.id"]),
        ("POST", "learners/ann/audits", b'{"awards": ["\\ud800"]}', ["$.awards[0]"]),
        ("PUT", "learners/ann/achievements/a", b'{"grade": "\\u0000"}', ["$.grade"]),
        ("PATCH", "learners/ann/achievements/a", b'{"grade": "\\udead"}', ["$.grade"]),
        ("POST", "learners/ann/what-ifs", b'{"name": "\\ud800"}', ["$.name"]),
        ("PUT", "credentials/ntu/x", b'{"title": "\\udfff"}', ["$.title"]),
        ("PUT", "credentials/ntu/x", b'{"title": "a\\u0000b"}', ["$.title"]),
    ],
)
def test_text_that_holds_half_a_character_or_nul_is_refused_wherever_it_stands(
    client: TestClient, method: str, path: str, content: bytes, places: list[str]
) -> None:
    headers = {"content-type": "application/json", "Idempotency-Key": "halves", "If-Match": "*"}
    answer = client.request(method, f"/v1/{path}", content=content, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/request-refused")
    assert [one["path"] for one in answer.json()["errors"]] == places
    nul = b"u0000" in content
    assert {one["code"] for one in answer.json()["errors"]} == {"CN0113" if nul else "CN0122"}


def test_a_key_that_is_half_a_character_and_stands_twice_is_told(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    content = b'{"\\ud800": 1, "\\ud800": 2}'
    answer = client.post("/v1/evaluate", content=content, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "the key `?` stands twice in one object",
    )


def test_both_halves_of_a_character_are_one_character(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    content = b'{"id": "\\ud83d\\ude00"}'
    answer = client.post("/v1/learners", content=content, headers=headers)
    assert (answer.status_code, answer.json()["id"]) == (201, "\U0001f600")
    assert client.get(answer.headers["location"]).json()["learner"] == "\U0001f600"


def test_a_learner_that_no_address_would_reach_is_not_kept(client: TestClient) -> None:
    refused = client.post("/v1/learners", json={"id": "ada/lovelace"})
    assert refused.status_code == 422
    assert "no address would lead to it" in refused.text
    kept = client.get("/v1/learners", params={"limit": 200}).json()["items"]
    assert not any("/" in one["id"] for one in kept)


def test_a_key_that_stands_twice_among_many_is_found_at_once() -> None:
    keys = [*map(str, range(60_000)), "59999"]
    body = "{" + ",".join(f'"{key}":0' for key in keys) + "}"
    began = process_time()
    with pytest.raises(RequestError, match="the key `59999` stands twice"):
        decode(body.encode())
    assert process_time() - began < 5


def test_half_a_character_escaped_in_the_text_of_a_rule_is_refused(client: TestClient) -> None:
    rule = b'award: ntu/masters\nedition: "2099"\ntitle: "a\\uD800"\n'
    headers = {"content-type": "application/yaml"}
    answer = client.put("/v1/awards/ntu/masters/drafts/2099", content=rule, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/rule-refused")
    assert "CN0122" in [one["code"] for one in answer.json()["errors"]]
