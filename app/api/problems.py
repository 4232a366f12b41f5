"""Every failure as RFC 9457 problem details; one table says which failure is which problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.services.errors import (
    BadCursorError,
    BadLimitError,
    BusyError,
    ConflictError,
    NotReadyError,
    RefusedError,
    ServiceError,
    StaleRevisionError,
    TooManyError,
    UnknownError,
)
from app.services.what_if_errors import LinkExpiredError

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
PROBLEM_JSON = "application/problem+json"
SHARED = "/v1/shared"
"""Below it an address is a secret, which no answer repeats."""
# Neither kept by anybody between, nor told to whoever is linked to from where it is shown.
UNKEPT = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
Responses: TypeAlias = dict[int | str, dict[str, Any]]
"""What a route documents of its answers, by status."""

# The first family that an error belongs to gives its status.
STATUSES: Mapping[type[ServiceError], HTTPStatus] = {
    StaleRevisionError: HTTPStatus.PRECONDITION_FAILED,
    BadCursorError: HTTPStatus.BAD_REQUEST,
    BadLimitError: HTTPStatus.BAD_REQUEST,
    TooManyError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    LinkExpiredError: HTTPStatus.GONE,
    UnknownError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    RefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
}

# What HTTP itself refuses, by status: the problem's name and a sentence with the remedy.
PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "the request cannot be read"),
    404: ("no-such-resource", "there is nothing at this address: see /docs for those there are"),
    405: ("no-such-method", "this address does not take that method: see /docs"),
    413: ("too-large", "the body is larger than 2 MiB: send less at once"),
    415: ("wrong-media-type", "the body has to be application/json"),
    422: ("wrong-parameter", "a parameter of the address cannot be used"),
    428: ("precondition-needed", "send `If-Match` with the ETag that was read, or `*`"),
    500: ("internal-error", "something went wrong on our side; nothing was written"),
}


class RequestError(Exception):
    """A request that HTTP refuses before any use case sees it."""

    def __init__(self, status: int, detail: str = "", **facts: Any) -> None:  # noqa: ANN401
        """Keep the status, the sentence (else the usual one) and what a program needs."""
        super().__init__(detail or PLAIN[status][1])
        self.status = status
        self.facts = facts


def slug(error: type[ServiceError]) -> str:
    """Return the name of an error's problem type: `UnknownAwardError` is `unknown-award`."""
    words = re.findall("[A-Z][a-z]+", error.__name__.removesuffix("Error"))
    return "-".join(words).lower()


def status_of(error: type[ServiceError]) -> HTTPStatus:
    """Return the status that the table gives to an error or to its nearest family."""
    for family in error.__mro__:
        if family in STATUSES:
            return STATUSES[family]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(
    status: int,
    name: str,
    detail: str,
    request: Request,
    facts: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return problem details; the type is an address that this service answers."""
    secret = request.url.path.startswith(f"{SHARED}/")
    body = {**_details(status, name, detail, SHARED if secret else request.url.path), **facts}
    wait = {"Retry-After": str(facts["retry_after"])} if "retry_after" in facts else headers or {}
    return JSONResponse(body, status, {**wait, **(UNKEPT if secret else {})}, PROBLEM_JSON)


def _allowed(request: Request) -> str:
    """Every method that an address takes: routes know but their own, and none of HEAD."""
    scopes = ({**request.scope, "method": one} for one in METHODS)
    routes = request.app.router.routes
    return ", ".join(
        "GET, HEAD" if one["method"] == "GET" else one["method"]
        for one in scopes
        if any(route.matches(one)[0] is Match.FULL for route in routes)
    )


def _details(status: int, name: str, detail: str, instance: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{name}",
        "title": name.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "instance": instance,
    }


def problems(*errors: type[ServiceError], plain: tuple[int, ...] = ()) -> Responses:
    """Document failures on a route, by status and then by name with what each means."""
    meanings = [(int(status_of(one)), slug(one), _meaning(one)) for one in errors]
    meanings += [(status, *PLAIN[status]) for status in plain]
    told: Responses = {}
    for status, name, meaning in meanings:
        one = told.setdefault(status, {"content": {PROBLEM_JSON: {"examples": {}}}})
        value = _details(status, name, meaning, "/v1/evaluate")
        one["content"][PROBLEM_JSON]["examples"][name] = {"summary": meaning, "value": value}
    return told


def _meaning(error: type[ServiceError]) -> str:
    return (error.__doc__ or "").splitlines()[0]


def known_problems(description: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Return every problem that the described routes can give, with its status and meaning."""
    told = description["components"]["examples"].items()
    return {name: (one["value"]["status"], one["summary"]) for name, one in sorted(told)}


def install(app: FastAPI) -> None:
    """Make the application answer every failure with problem details."""

    @app.exception_handler(ServiceError)
    def refused(request: Request, error: ServiceError) -> Response:
        facts = dict(error.facts())
        if "diagnostics" in facts:
            facts["errors"] = facts.pop("diagnostics")
        return problem(int(status_of(type(error))), slug(type(error)), str(error), request, facts)

    @app.exception_handler(RequestError)
    def unread(request: Request, error: RequestError) -> Response:
        return problem(error.status, PLAIN[error.status][0], str(error), request, error.facts)

    @app.exception_handler(RequestValidationError)
    def misput(request: Request, error: RequestValidationError) -> Response:
        found = [
            {"path": ".".join(map(str, one["loc"])), "message": one["msg"].lower()}
            for one in error.errors()
        ]
        detail = f"`{found[0]['path']}`: {found[0]['message']}"
        return problem(422, PLAIN[422][0], detail, request, {"errors": found})

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> Response:
        name, text = PLAIN.get(error.status_code, PLAIN[400])
        headers = dict(error.headers or {})
        if "Allow" in headers:
            # within a mount the scope is the mount's, and no route of ours is there
            headers["Allow"] = _allowed(request) or headers["Allow"]
        return problem(error.status_code, name, text, request, {}, headers)

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        del error  # the server's log has the trace; a caller is told nothing of it
        return problem(500, *PLAIN[500], request, {})
