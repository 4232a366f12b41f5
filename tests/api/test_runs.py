"""The impact of a draft over REST: asked for, followed, read, cancelled."""

from __future__ import annotations

import pytest

from app.api.examples import RULE
from app.wiring import Services
from tests.api.described import DescribedClient

AWARD = "/v1/awards/ntu/masters"
ASKED = {"edition": "2031", "as_of": "2026-11-01", "learners": "declared"}
EARNED = {"credential": "ntu/f1", "grade": "B", "earned": "2026-05-20"}


@pytest.fixture(scope="module")
def asking(client: DescribedClient) -> DescribedClient:
    """A client of a service with a draft and a learner who has declared the award."""
    rule = RULE.replace('edition: "2030"', 'edition: "2031"').replace("2030", "2031")
    yaml = {"Content-Type": "application/yaml", "If-Match": "*"}
    assert client.put(f"{AWARD}/drafts/2031", content=rule, headers=yaml).status_code == 200
    at = "/v1/learners/run-ann"
    assert client.post("/v1/learners", json={"id": "run-ann"}).status_code == 201
    assert client.put(f"{at}/milestones/admission", json={"on": "2026-01-12"}).status_code == 200
    assert client.put(f"{at}/achievements/f1", json=EARNED).status_code == 201
    assert client.put(f"{at}/declared", json=["ntu/masters"]).status_code == 200
    return client


def test_a_run_is_asked_for_followed_and_read(asking: DescribedClient, joined: Services) -> None:
    headers = {"Idempotency-Key": "impact-1"}
    said = asking.post(f"{AWARD}/impact", json=ASKED, headers=headers)
    assert said.status_code == 202
    again = asking.post(f"{AWARD}/impact", json=ASKED, headers=headers)
    assert (again.content, again.headers["idempotency-replayed"]) == (said.content, "true")
    at = said.headers["location"]
    assert again.headers["location"] == at
    assert asking.get(at).json()["state"] == "queued"
    joined.runner.work()
    run = asking.get(at).json()
    assert (run["state"], run["before"]["edition"]) == ("finished", "2026")
    # Other tests keep learners in the same store.
    assert run["progress"]["judged"] == run["progress"]["of"] >= 1
    assert run["summary"]["changes"]["nearer"] >= 1
    nearer = asking.get(f"{at}/learners?change=nearer").json()["items"]
    (one,) = [found for found in nearer if found["learner"] == "run-ann"]
    assert asking.get(f"{at}/learners?change=farther").json() == {"items": [], "next": None}
    whole = asking.get(f"{at}/learners/run-ann").json()
    assert whole.pop("difference")["text"]
    assert whole == one
    assert asking.get("/v1/runs?limit=1").json()["items"] == [run]
    refused = asking.post(f"{at}/cancel")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/run-ended")


def test_a_run_is_cancelled_once_and_for_all(asking: DescribedClient, joined: Services) -> None:
    at = asking.post(f"{AWARD}/impact", json=ASKED).headers["location"]
    assert asking.get(f"{at}/learners/run-ann").json()["type"] == "/problems/not-in-run"
    assert asking.post(f"{at}/cancel").json()["state"] == "cancelled"
    assert asking.post(f"{at}/cancel").json()["state"] == "cancelled"
    joined.runner.work()
    assert asking.get(at).json()["progress"]["judged"] == 0


@pytest.mark.parametrize(
    ("award", "changed", "status", "name"),
    [
        ("ntu/nope", {}, 404, "unknown-award"),
        ("ntu/masters", {"edition": "1999"}, 404, "unknown-edition"),
        ("ntu/masters", {"against": "1999"}, 404, "unknown-edition"),
        ("ntu/masters", {"edition": "2026"}, 422, "same-edition"),
        ("ntu/masters", {"as_of": "1999-01-01"}, 404, "no-edition-in-force"),
        ("boulder/ms-cs", {"edition": "2023-24"}, 422, "nobody-to-judge"),
        ("ntu/masters", {"learners": "some"}, 422, "request-refused"),
        ("ntu/masters", {"edition": None}, 422, "request-refused"),
        ("ntu/masters", {"people": "all"}, 422, "request-refused"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    asking: DescribedClient, award: str, changed: dict[str, object], status: int, name: str
) -> None:
    said = asking.post(f"/v1/awards/{award}/impact", json={**ASKED, **changed})
    assert (said.status_code, said.json()["type"]) == (status, f"/problems/{name}")


def test_a_draft_with_errors_is_refused_with_all_of_them(asking: DescribedClient) -> None:
    rule = RULE.replace('edition: "2030"', 'edition: "2032"')
    rule = rule.replace("credits: 8, from: {tag: fleximasters}", "take: ntu/nope")
    yaml = {"Content-Type": "application/yaml", "If-Match": "*"}
    kept = asking.put(f"{AWARD}/drafts/2032", content=rule, headers=yaml)
    assert kept.status_code == 200
    said = asking.post(f"{AWARD}/impact", json={**ASKED, "edition": "2032"})
    assert (said.status_code, said.json()["type"]) == (422, "/problems/rule-refused")
    wrong = [one["path"] for one in kept.json()["findings"] if one["severity"] == "error"]
    assert [one["path"] for one in said.json()["errors"]] == wrong == ["$.require.take"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_there_is_not_found(asking: DescribedClient, method: str) -> None:
    paths = ["/cancel"] if method == "POST" else ["", "/learners", "/learners/run-ann"]
    for path in paths:
        said = asking.request(method, f"/v1/runs/nope{path}")
        assert (said.status_code, said.json()["type"]) == (404, "/problems/unknown-run")
    wrong = asking.get("/v1/runs/nope/learners?change=nope")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/wrong-parameter")
    (named,) = wrong.json()["errors"]
    assert named["path"] == "query.change"
    assert "'unchanged'" in named["message"]
