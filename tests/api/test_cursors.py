"""A cursor is taken by the list that gave it, and by no other."""

from __future__ import annotations

import base64

import pytest

from app.services.paging import page
from tests.api.described import DescribedClient

PAGED = (
    "/v1/learners",
    "/v1/learners/rex/changes",
    "/v1/learners/rex/audits",
    "/v1/awards",
    "/v1/credentials",
    "/v1/issuers",
)
WHOLE = (
    "/v1/learners/rex/history",
    "/v1/learners/rex/adjustments",
    "/v1/awards/sqa/hnc/editions",
    "/problems",
)


@pytest.fixture
def rex(client: DescribedClient) -> DescribedClient:
    """A client of a service in which each list has two entries."""
    for name in ("rex", "rey"):
        client.post("/v1/learners", json={"id": name})
        for day in ("2026-11-01", "2026-11-02"):
            audit = {"awards": ["ntu/masters"], "as_of": day}
            client.post(f"/v1/learners/{name}/audits", json=audit)
        client.put(f"/v1/learners/{name}/milestones/admission", json={"on": "2026-01-12"})
    return client


def refused(client: DescribedClient, path: str, cursor: str) -> None:
    answer = client.get(path, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-cursor")
    assert "is not a cursor of this list: use `next` of" in answer.json()["detail"]
    assert client.get(path).status_code == 200


def forged(of: str, key: str) -> str:
    """Return what the list `of` gives where an entry has this key."""
    return page(of, lambda _after, _count: (key, ""), str, None, 1).next or ""


@pytest.mark.parametrize("path", PAGED)
def test_a_cursor_leads_on_in_its_own_list_alone(rex: DescribedClient, path: str) -> None:
    first = rex.get(path, params={"limit": 1}).json()
    second = rex.get(path, params={"limit": 1, "cursor": first["next"]}).json()
    assert second["items"]
    assert second["items"] != first["items"]
    for other in {*PAGED, *WHOLE, path.replace("rex", "rey")} - {path}:
        refused(rex, other, first["next"])
    refused(rex, path, f"{first['next']}=")
    refused(rex, path, first["next"][:-1])


@pytest.mark.parametrize("path", [*PAGED, *WHOLE])
@pytest.mark.parametrize("said", ["junk", "!", "1", "rex", "sqa/hnc", "9" * 5000, "\0", "\u0661"])
def test_what_no_list_gave_is_refused(rex: DescribedClient, path: str, said: str) -> None:
    cursor = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
    refused(rex, path, cursor)
    if said != "\0":
        refused(rex, path, said)


@pytest.mark.parametrize("said", ["9" * 5000, "9" * 20, "-1", "0", "1.5", "x", "\0", "\u0661"])
def test_what_is_no_number_of_a_change_is_refused_with_a_mark_too(
    rex: DescribedClient, said: str
) -> None:
    refused(rex, "/v1/learners/rex/changes", forged("changes of rex", said))


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/v1/awards", "/v1/awards?institution=ntu"),
        ("/v1/credentials", "/v1/credentials?institution=ntu"),
    ],
)
def test_a_cursor_goes_with_its_filters(rex: DescribedClient, path: str, other: str) -> None:
    cursor = rex.get(path, params={"limit": 1}).json()["next"]
    answer = rex.get(f"{other}&cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-cursor")


def test_no_cursor_is_the_same_as_an_empty_one(rex: DescribedClient) -> None:
    for path in (*PAGED, *WHOLE):
        assert rex.get(f"{path}?cursor=").content == rex.get(path).content
