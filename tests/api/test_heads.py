"""HEAD answers what GET answers, without the body."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.api.application import create_app
from app.wiring import Services
from tests.api.described import DescribedClient
from tests.api.tour import fresh_client, take


def test_every_address_answers_head_as_it_answers_get() -> None:
    seen = set()
    with fresh_client() as client:
        for name, answer in take(client):
            if answer.request.method == "GET":
                head = client.head(str(answer.request.url))
                assert (head.status_code, head.headers) == (answer.status_code, answer.headers)
                assert head.headers["content-length"] == str(len(answer.content))
                seen.add(name)
    assert seen >= {"live", "list_problems", "read_record", "read_made_of"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/docs", 200),
        ("/openapi.json", 200),
        ("/docs/assets/favicon.png", 200),
        ("/", 307),
        ("/v1/nothing", 404),
        ("/v1/audits/none", 404),
        ("/v1/credentials?tga=core", 422),
    ],
)
def test_pages_redirections_and_problems_are_answered_too(
    client: DescribedClient, path: str, status: int
) -> None:
    head, got = (client.request(one, path, follow_redirects=False) for one in ("HEAD", "GET"))
    assert (head.status_code, head.headers) == (got.status_code, got.headers)
    assert head.status_code == status


def test_what_the_caller_has_already_is_not_sent_again(client: DescribedClient) -> None:
    at = "/v1/credentials/sqa/g1"
    tag = client.head(at).headers["etag"]
    assert client.head(at, headers={"If-None-Match": tag}).status_code == 304
    assert client.head(at, headers={"If-None-Match": '"another"'}).status_code == 200


def test_no_byte_of_the_body_leaves_the_application(joined: Services) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:  # noqa: ANN401 -- whatever ASGI sends
        sent.append(message)

    scope = {"type": "http", "method": "HEAD", "path": "/v1/issuers", "query_string": b""}
    asyncio.run(create_app(joined)({**scope, "headers": []}, receive, send))
    assert [one.get("status") for one in sent] == [200, None]
    assert b"".join(one.get("body", b"") for one in sent) == b""
