"""Routes over REST: what is asked, answered and refused."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

ASKED: dict[str, Any] = {
    "awards": ["sqa/hnc"],
    "as_of": "2026-11-01",
    "terms": {"first": "2027-01-01", "count": 6, "names": ["spring", "autumn"]},
    "load": {"credentials": 4},
}


def evaluated(client: TestClient, **more: object) -> Any:  # noqa: ANN401
    return client.post("/v1/evaluate/routes", json={**ASKED, "record": {}, **more})


def test_a_learner_and_the_same_record_have_the_same_routes(client: TestClient) -> None:
    client.post("/v1/learners", json={"id": "amina"})
    answer = client.post("/v1/learners/amina/routes", json=ASKED)
    assert answer.status_code == 200
    assert answer.json() == evaluated(client).json()
    (route,) = answer.json()["routes"]
    assert route["proven"]
    assert all(len(one["steps"]) <= 4 for one in route["terms"])


def test_an_impossible_route_is_answered_with_its_reason(client: TestClient) -> None:
    found = evaluated(client, load={"credentials": 1}, terms={**ASKED["terms"], "count": 2}).json()
    assert (found["status"], found["routes"]) == ("impossible", [])
    (limit,) = found["reason"]["limits"]
    assert (limit["kind"], limit["measure"]) == ("load", "credentials")


@pytest.mark.parametrize(
    ("more", "status", "slug"),
    [
        ({"take": "sqa/zz"}, 422, "route-refused"),
        ({"due": {"sqa/m1": "summer"}}, 422, "route-refused"),
        ({"awards": ["sqa/zz"]}, 404, "unknown-award"),
        ({"routes": -3}, 422, "request-refused"),
        ({"load": {"credits": [10, 20, 30, 40, 50, 60, 70]}}, 422, "route-refused"),
        ({"objectives": ["fun"]}, 422, "request-refused"),
        ({"terms": {"first": "2027-01-01", "count": 0}}, 422, "request-refused"),
        ({"terms": [{"name": "a", "start": "2027-02-30", "end": 3}]}, 422, "request-refused"),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: TestClient, more: dict[str, Any], status: int, slug: str
) -> None:
    answer = evaluated(client, **more)
    assert answer.status_code == status
    assert answer.json()["type"].endswith(slug)


def test_awards_of_two_institutions_are_refused_with_both_named(client: TestClient) -> None:
    said = evaluated(client, awards=["sqa/hnc", "ntu/masters"]).json()
    assert (said["type"], said["reason"]) == ("/problems/route-refused", "several-institutions")
    assert said["detail"].startswith("`sqa/hnc` and `ntu/masters` are of two institutions")


def test_terms_without_an_end_are_refused_with_what_would_work(client: TestClient) -> None:
    (wrong,) = evaluated(client, terms={**ASKED["terms"], "length": "0 days"}).json()["errors"]
    assert wrong["message"] == "term 1 would never end"
    assert wrong["help"] == "ask for fewer or shorter terms, of a day or more"


def test_more_loads_than_terms_are_refused_with_how_many_terms_there_are(
    client: TestClient,
) -> None:
    said = evaluated(client, load={"credentials": [1] * 7}).json()
    assert said["reason"] == "loads-out-of-range"
    assert said["detail"].startswith("there are 7 loads of credentials and 6 terms: give one")
    found = evaluated(client, load={"credentials": [5, 4]}).json()
    assert [len(one["steps"]) for one in found["routes"][0]["terms"]] == [5, 4]


def test_numbers_out_of_range_are_told_their_range(client: TestClient) -> None:
    more = {"routes": 11, "terms": {**ASKED["terms"], "count": -2}}
    assert [one["message"] for one in evaluated(client, **more).json()["errors"]] == [
        "`routes` has to be a whole number from 1 to 10",
        "`count` has to be a whole number from 1 to 24",
    ]


def test_an_award_like_no_other_is_told_some_of_its_institution(client: TestClient) -> None:
    said = evaluated(client, awards=["sqa/zzz"]).json()["detail"]
    assert said.startswith("`sqa/zzz` has no rule: name one such as `sqa/hnc`, `sqa/hnd`")
