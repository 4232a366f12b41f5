"""The combinations of awards over REST, in the rule packs of this repository."""

from __future__ import annotations

from itertools import islice

import pytest
from fastapi.testclient import TestClient

from app.services.combinations import drawn

HND = "/v1/awards/sqa/hnd/combinations"
DSML = "/v1/awards/nus/msc-dsml/combinations"


def walked(client: TestClient, limit: int) -> list[list[str]]:
    """Every combination of an award, page by page."""
    found, cursor = list[list[str]](), ""
    while True:
        answer = client.get(HND, params={"limit": limit, **({"cursor": cursor} if cursor else {})})
        found += [one["credentials"] for one in answer.json()["items"]]
        cursor = answer.json()["next"]
        if not cursor:
            return found


def test_the_pages_hold_every_combination_once(client: TestClient) -> None:
    found = walked(client, 200)
    assert len(found) == len({*map(tuple, found)}) == int(client.get(HND).json()["count"]) == 547
    assert found[:3] == [
        one["credentials"] for one in client.get(HND, params={"limit": 3}).json()["items"]
    ]


def test_every_combination_meets_the_rule_and_nothing_in_it_is_spare(client: TestClient) -> None:
    (one,) = client.get(f"{HND}/sample", params={"limit": 1, "seed": 5}).json()["items"]

    def met(names: list[str]) -> bool:
        earned = [{"credential": name, "earned": "2026-01-31"} for name in names]
        body = {"record": {"earned": earned}, "awards": [{"award": "sqa/hnd"}]}
        (audit,) = client.post("/v1/evaluate", json=body).json()["audits"]
        return bool(audit["met"])

    assert met(one["credentials"])
    for name in one["credentials"]:
        assert not met([other for other in one["credentials"] if other != name])


def test_a_seed_draws_the_same_ones_again_and_another_seed_others(client: TestClient) -> None:
    def drawn(seed: int) -> list[str]:
        answer = client.get(f"{DSML}/sample", params={"limit": 20, "seed": seed}).json()
        return [one["number"] for one in answer["items"]]

    assert drawn(1) == drawn(1) != drawn(2)
    assert len({*drawn(1)}) == 20


def test_the_best_need_fewest_of_what_a_learner_does_not_hold(client: TestClient) -> None:
    client.post("/v1/learners", json={"id": "combining"})
    client.post(
        "/v1/learners/combining/achievements",
        json=[{"id": "p3", "credential": "sqa/p3", "earned": "2026-01-31"}],
    )
    asked = "by=held&learner=combining&limit=1"
    (best,) = client.get(f"{HND}/best?{asked}").json()["items"]
    assert "sqa/p3" in best["credentials"]
    assert best["lacking"] == len(best["credentials"]) - 1
    (fewest,) = client.get(f"{HND}/best", params={"by": "credentials", "limit": 1}).json()["items"]
    assert len(fewest["credentials"]) == min(map(len, walked(client, 200)))


def test_the_best_are_of_as_few_issuers_as_can_be(client: TestClient) -> None:
    path = "/v1/awards/arizona/ms/combinations"
    every = client.get(path, params={"limit": 200}).json()["items"]
    known = {
        one["id"]: one["issuer"]["id"]
        for one in client.get("/v1/credentials?institution=arizona&limit=200").json()["items"]
    }
    fewest = sorted(len({known[name] for name in one["credentials"]}) for one in every)
    best = client.get(f"{path}/best?by=issuers&limit=5").json()["items"]
    assert [len({known[name] for name in one["credentials"]}) for one in best] == fewest[:5]


def test_filters_leave_what_they_admit(client: TestClient) -> None:
    every = [*map(frozenset, walked(client, 200))]
    asked = "must=sqa/p3&must=sqa/o5&without=sqa/p9&limit=200"
    found = client.get(f"{HND}?{asked}").json()
    admitted = [one for one in every if {"sqa/p3", "sqa/o5"} <= one and "sqa/p9" not in one]
    assert int(found["count"]) == len(admitted) > 0
    assert {frozenset(one["credentials"]) for one in found["items"]} == {*admitted[:200]}


@pytest.mark.parametrize(
    ("path", "status", "name", "said"),
    [
        ("sqa/hndd/combinations", 404, "unknown-award", "`sqa/hnd`"),
        ("sqa/hnd/combinations?edition=1999", 404, "unknown-edition", "2003"),
        ("sqa/hnd/combinations?must=sqa/g11", 404, "unknown-credential", "sqa/g11"),
        ("sqa/hnd/combinations?issuer=nus", 422, "no-such-filter-value", "sqa"),
        (
            "sqa/hnd/combinations?must=sqa/g1&without=sqa/g1",
            422,
            "contradictory-filters",
            "`without`",
        ),
        ("sqa/hnd/combinations?cursor=abc", 400, "bad-cursor", "abc"),
        ("sqa/hnd/combinations/best?by=price", 422, "unknown-measure", "credentials"),
        ("sqa/hnd/combinations/best?by=held", 422, "nobody-holds", "name a learner"),
        ("sqa/hnd/combinations/best?learner=nobody", 404, "unknown-learner", "nobody"),
        ("sqa/hnd/combinations?limit=201", 400, "bad-limit", "1 to 200"),
        ("sqa/hnd/combinations/sample?limit=101", 400, "bad-limit", "1 to 100"),
        ("sqa/hnd/combinations/best?limit=0", 400, "bad-limit", "1 to 100"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_work(
    client: TestClient, path: str, status: int, name: str, said: str
) -> None:
    answer = client.get(f"/v1/awards/{path}")
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}")
    assert said in answer.json()["detail"]


def test_a_cursor_is_of_one_filter_alone(client: TestClient) -> None:
    cursor = client.get(HND, params={"limit": 1}).json()["next"]
    other = client.get(HND, params={"must": "sqa/p3", "cursor": cursor})
    assert other.json()["type"] == "/problems/bad-cursor"


def test_numbers_drawn_from_a_seed_are_even() -> None:
    times = [0] * 7
    for number in islice(drawn(3, 7), 7000):
        times[number] += 1
    # Chi-square of 6 degrees of freedom: above 22.5 once in a thousand seeds.
    assert sum((each - 1000) ** 2 / 1000 for each in times) < 22.5
