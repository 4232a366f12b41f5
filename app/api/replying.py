"""Replies: canonical JSON, ETags, pages, and the same answer for the same idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from app.api.dependencies import Services
from app.interop.audit_json import to_bytes
from app.services.canonical import digest
from app.services.reply_errors import KeyReusedError, StillAnsweringError
from app.services.stored import Outcome, Page, Reply, Written

JSON = "application/json"
KEYED = (KeyReusedError, StillAnsweringError)
"""What `once` refuses."""
REPLAYED = "Idempotency-Replayed"
KEPT = ("Location", "ETag")
"""Headers that an answer has again under its key."""


def reply(value: object, status: int = HTTPStatus.OK, **headers: str) -> Response:
    """Return plain values as JSON."""
    return raw(to_bytes(value), status, **headers)


def raw(body: bytes, status: int = HTTPStatus.OK, **headers: str) -> Response:
    """Return bytes that are JSON already."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body, status, named, media_type=JSON)


def etag(revision: str) -> str:
    """Return a revision as the ETag that is sent."""
    return f'"{revision}"'


def tagged(value: object, revision: str, if_none_match: str | None) -> Response:
    """Return plain values with their revision as ETag, or 304 where the caller has them."""
    tag = etag(revision)
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    return reply(value, ETag=tag)


def wrote(written: Written[Outcome], status: int = HTTPStatus.OK) -> Response:
    """Return what a write of a part of a record did, with the record's new revision as ETag."""
    return reply({"outcome": written.what}, status, ETag=etag(written.revision))


def ended(revision: str) -> Response:
    """Say that a part of a record is ended, with the record's new revision as ETag."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"ETag": etag(revision)})


def listed(found: Page[Any], shape: Callable[[Any], object]) -> Response:
    """Return a page of a list, each item in its shape."""
    return reply({"items": [shape(one) for one in found.items], "next": found.next})


def once(
    request: Request, services: Services, key: str | None, body: object, act: Callable[[], Response]
) -> Response:
    """Act, or return what was answered to the same request under the same key before."""
    if key is None:
        return act()
    said = to_bytes([request.method, request.url.path, digest(to_bytes(body))])
    fresh: list[Response] = []

    def answer() -> Reply:
        found = act()
        fresh.append(found)
        named = (found.headers.get(name, "") for name in KEPT)
        return Reply(found.status_code, found.media_type or JSON, bytes(found.body), *named)

    kept = services.replies.once(request.headers.get("X-Actor", "rest"), key, said, answer)
    if fresh:
        return fresh[0]
    named = zip(KEPT, (kept.location, kept.etag), strict=True)
    headers = {name: value for name, value in named if value}
    return Response(kept.body, kept.status, {REPLAYED: "true", **headers}, kept.media_type)
