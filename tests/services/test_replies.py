"""Requests under an idempotency key: each is answered once, however often and at once it comes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from fastapi.testclient import TestClient

from app.api.application import create_app
from app.services.replies import ABANDONED
from app.services.reply_errors import KeyReusedError, StillAnsweringError
from app.services.stored import Reply
from app.wiring import Services
from tests.persistence.databases import ENGINES

REPLY = Reply(201, "application/json", b"{}")
AT_ONCE = 6


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn: they keep a second request out in ways of their own."""
    return str(request.param)


def never() -> Reply:
    pytest.fail("the request is answered a second time")


def broken() -> Reply:
    raise KeyError


def ask(services: Services, act: Callable[[], Reply], request: bytes = b"request") -> Reply:
    return services.replies.once("client", "key", request, act)


def test_the_same_request_gets_the_same_reply(empty: Services) -> None:
    assert ask(empty, lambda: REPLY) == REPLY
    assert ask(empty, never) == REPLY
    other = Reply(200, "", b"")
    assert empty.replies.once("other", "key", b"request", lambda: other) == other
    with pytest.raises(KeyReusedError, match="use a new key"):
        ask(empty, never, b"another request")


def test_a_request_that_comes_while_it_is_answered_is_told_to_come_again(empty: Services) -> None:
    begun, go_on = Event(), Event()

    def slow() -> Reply:
        begun.set()
        assert go_on.wait(30)
        return REPLY

    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask, empty, slow)
        assert begun.wait(30)
        with pytest.raises(StillAnsweringError, match="send it again"):
            ask(empty, never)
        with pytest.raises(KeyReusedError):
            ask(empty, never, b"another request")
        go_on.set()
        assert first.result() == REPLY
    assert ask(empty, never) == REPLY


def test_a_request_that_fails_may_come_again(empty: Services) -> None:
    with pytest.raises(KeyError):
        ask(empty, broken)
    assert ask(empty, lambda: REPLY) == REPLY


def test_what_nobody_finished_is_answered_anew_and_by_one_alone(empty: Services) -> None:
    late = Reply(200, "", b"late")

    def left_alone() -> Reply:
        # The clock ticks once a request, so that the first one seems to have been abandoned.
        for _ in range(int(ABANDONED.total_seconds()) - 1):
            with pytest.raises(StillAnsweringError):
                ask(empty, never)
        assert ask(empty, lambda: REPLY) == REPLY
        return late

    assert ask(empty, left_alone) == late
    assert ask(empty, never) == REPLY


def test_of_identical_posts_at_one_moment_one_alone_is_carried_out(empty: Services) -> None:
    app, ready = create_app(empty), Barrier(AT_ONCE)

    def post(_: int) -> tuple[int, str, str | None]:
        client = TestClient(app)
        ready.wait()
        headers = {"Idempotency-Key": "key"}
        answer = client.post("/v1/learners", json={"id": "ann"}, headers=headers)
        kind = answer.json().get("type", "")
        return answer.status_code, kind, answer.headers.get("retry-after")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = set(pool.map(post, range(AT_ONCE)))
    assert (201, "", None) in found
    assert found <= {(201, "", None), (409, "/problems/still-answering", "1")}
    assert len(empty.learners.changes("ann").items) == 1
