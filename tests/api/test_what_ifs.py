"""Saved what-ifs, links to them, and single changes over REST."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.examples import EVALUATE_SINGLE_CHANGES_REQUEST

QUESTION: dict[str, Any] = {
    "awards": ["sqa/hnc"],
    "as_of": "2026-11-01",
    "changes": {"add": [{"credential": "sqa/g1", "earned": "2026-10-30"}]},
}
UNITS = ["m1", "m2", "m3", "m4", "o1", "o2", "o3", "o4"]
HELD = [{"credential": f"sqa/{name}", "earned": "2026-05-29"} for name in UNITS]


def learner(client: TestClient, name: str) -> str:
    assert client.post("/v1/learners", json={"id": name}).status_code == 201
    address = f"/v1/learners/{name}"
    headers = {"If-Match": "*"}
    record = {"achievements": HELD}
    assert client.put(f"{address}/record", json=record, headers=headers).status_code == 200
    return address


def test_a_what_if_is_saved_listed_compared_again_and_removed(client: TestClient) -> None:
    address = learner(client, "wanda")
    answer = client.post(f"{address}/what-ifs", json={"name": "graded unit", **QUESTION})
    assert answer.status_code == 201
    where, saved = answer.headers["Location"], answer.json()
    assert (saved["name"], saved["comparison"]["number"]) == ("graded unit", 1)
    (difference,) = saved["comparison"]["differences"]
    assert (difference["met_before"], difference["met_after"]) == (False, True)
    assert saved["question"]["awards"] == [{"award": "sqa/hnc"}]
    assert client.get(where).json() == saved
    again = client.post(f"{where}/compare").json()
    assert again["comparison"]["number"] == 2
    assert [one["text"] for one in again["comparison"]["since"]] == [""]
    assert [one["number"] for one in client.get(f"{where}/comparisons").json()["items"]] == [1, 2]
    assert client.get(f"{where}/comparisons/1").json()["comparison"] == saved["comparison"]
    (entry,) = client.get(f"{address}/what-ifs").json()["items"]
    assert (entry["id"], entry["compared"]) == (saved["id"], 2)
    assert client.delete(where).status_code == 204
    assert client.get(where).json()["type"] == "/problems/unknown-what-if"


def test_the_question_of_a_saved_what_if_can_be_asked_as_it_stands(client: TestClient) -> None:
    address = learner(client, "wim")
    saved = client.post(f"{address}/what-ifs", json={"name": "again", **QUESTION}).json()
    answer = client.post(f"{address}/what-if", json=saved["question"]).json()
    assert answer["differences"] == saved["comparison"]["differences"]


def test_a_repeated_save_under_one_key_saves_once(client: TestClient) -> None:
    address = learner(client, "willa")
    body, headers = {"name": "once", **QUESTION}, {"Idempotency-Key": "once"}
    first = client.post(f"{address}/what-ifs", json=body, headers=headers)
    second = client.post(f"{address}/what-ifs", json=body, headers=headers)
    assert first.json() == second.json()
    where = f"{first.headers['Location']}/compare"
    again = [client.post(where, headers={"Idempotency-Key": "more"}).json() for _ in range(2)]
    assert [one["comparison"]["number"] for one in again] == [2, 2]
    taken = client.post(f"{address}/what-ifs", json=body)
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/name-taken")


def test_a_link_shows_the_what_if_without_asking_who_comes(client: TestClient) -> None:
    address = learner(client, "wes")
    where = client.post(f"{address}/what-ifs", json={"name": "mine", **QUESTION}).headers[
        "Location"
    ]
    made = client.post(f"{where}/links", json={"days": 2})
    assert (made.status_code, made.headers["Location"]) == (201, made.json()["path"])
    shown = client.get(made.json()["path"])
    assert shown.json()["name"] == "mine"
    assert shown.json()["expires_at"] == made.json()["expires_at"]
    assert shown.headers["Cache-Control"] == "private, no-store"
    (link,) = client.get(f"{where}/links").json()["items"]
    assert link == {key: value for key, value in made.json().items() if key != "path"}
    assert client.delete(f"{where}/links/{link['id']}").status_code == 204
    gone = client.get(made.json()["path"])
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/unknown-link")


@pytest.mark.parametrize(
    ("method", "asked", "status"), [("GET", "", 404), ("GET", "?days=2", 422), ("DELETE", "", 405)]
)
def test_no_refusal_of_a_link_repeats_its_secret_or_is_kept(
    client: TestClient, method: str, asked: str, status: int
) -> None:
    answer = client.request(method, f"/v1/shared/secret{asked}")
    assert (answer.status_code, answer.json()["instance"]) == (status, "/v1/shared")
    assert "secret" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("wrong", [None, [], "add"])
def test_changes_that_are_no_object_are_told_the_keys(client: TestClient, wrong: object) -> None:
    body = {"record": {}, "awards": ["sqa/hnc"], "changes": wrong}
    (said,) = client.post("/v1/evaluate/what-if", json=body).json()["errors"]
    assert (said["path"], said["message"]) == ("$.changes", "`changes` has to be keys and values")
    assert said["help"] == "the keys are add, remove, replace, grades, awards, move"


@pytest.mark.parametrize(
    ("changed", "status", "kind"),
    [
        ({"name": " "}, 422, "request-refused"),
        ({"name": " wrong "}, 422, "request-refused"),
        ({"name": "wr\nong"}, 422, "request-refused"),
        ({"name": "x" * 201}, 422, "request-refused"),
        ({"name": None}, 422, "request-refused"),
        ({"awards": ["sqa/zz"]}, 404, "unknown-award"),
        ({"changes": {"remove": ["none"]}}, 404, "unknown-entry"),
        ({"changes": {"swap": ["none"]}}, 422, "request-refused"),
        ({"stay_with": "none"}, 404, "unknown-audit"),
    ],
)
def test_a_wrong_what_if_is_not_saved(
    client: TestClient, changed: dict[str, Any], status: int, kind: str
) -> None:
    if client.get("/v1/learners/wrong/record").status_code == 404:
        learner(client, "wrong")
    body = {"name": "wrong", **QUESTION, **changed}
    answer = client.post("/v1/learners/wrong/what-ifs", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert client.get("/v1/learners/wrong/what-ifs").json()["items"] == []


def test_a_link_that_lasts_too_long_is_refused(client: TestClient) -> None:
    address = learner(client, "walt")
    where = client.post(f"{address}/what-ifs", json={"name": "long", **QUESTION}).headers[
        "Location"
    ]
    for days in (-1, 0, 367, "long"):
        answer = client.post(f"{where}/links", json={"days": days})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/request-refused")
        (wrong,) = answer.json()["errors"]
        assert wrong["message"] == "`days` has to be a whole number from 1 to 366"


def test_each_single_change_that_is_enough_is_told(client: TestClient) -> None:
    address = learner(client, "wanja")
    found = client.get(f"{address}/single-changes?award=sqa/hnc&as_of=2026-11-01").json()
    assert found["complete"] is False
    assert found["changes"] == [
        {"kind": "take", "credential": "sqa/g1", "text": "Graded Unit 1 taken."}
    ]
    answer = client.post("/v1/evaluate/single-changes", json=EVALUATE_SINGLE_CHANGES_REQUEST)
    assert answer.json()["changes"] == found["changes"]


def test_several_awards_and_wrong_ones_are_answered(client: TestClient) -> None:
    address = f"{learner(client, 'wolf')}/single-changes"
    both = client.get(f"{address}?award=sqa/hnc&award=sqa/hnd&as_of=2026-11-01").json()
    assert both["changes"] == []
    assert client.get(f"{address}?award=sqa/zz").json()["type"] == "/problems/unknown-award"
    wrong = client.get(f"{address}?award=sqa/hnc&edition=1800").json()
    assert wrong["type"] == "/problems/unknown-edition"
    several = client.get(f"{address}?award=sqa/hnc&award=sqa/hnd&edition=2003")
    assert (several.status_code, several.json()["type"]) == (422, "/problems/wrong-parameter")
    assert "`edition` goes with one `award`" in several.json()["detail"]
    assert client.get(address).status_code == 422
    unknown = client.get("/v1/learners/nobody/single-changes?award=sqa/hnc").json()
    assert unknown["type"] == "/problems/unknown-learner"


def test_what_only_the_record_describes_is_called_by_its_title(client: TestClient) -> None:
    own: dict[str, Any] = {"id": "own/g1", "title": "Own unit", "issuer": "sqa", "type": "unit"}
    own |= {"credits": 8, "unit": "points", "equivalents": ["sqa/g1"]}
    own |= {"level": {"framework": "scqf", "at": 7}}
    under_way = {"credential": "own/g1", "status": "in-progress"}
    record = {"credentials": [own], "achievements": [*HELD, under_way]}
    body = {"record": record, "awards": ["sqa/hnc"], "as_of": "2026-11-01"}
    found = client.post("/v1/evaluate/single-changes", json=body).json()
    assert "Own unit finished." in [one["text"] for one in found["changes"]]
