"""Holds what is sent and answered against the API's own description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.services.running import Runner

Plain = dict[str, Any]
HOLD_SLASHES = ("credential_id", "award_id", "achievement_id", "adjustment_id")
SOMETIMES = {"idempotency-replayed", "retry-after"}
SENT = {"etag", "location", *SOMETIMES}


class Description:
    """The description of an application, to hold answers against."""

    def __init__(self, app: FastAPI) -> None:
        self.plain = app.openapi()
        resource = DRAFT202012.create_resource(self.plain)
        registry: Registry[Any] = Registry().with_resource("api:", resource)
        self.validator = cache(
            lambda pointer: Draft202012Validator(
                {"$ref": f"api:#{pointer}"},
                registry=registry,
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
        )

    def operations(self) -> Iterator[tuple[str, Plain]]:
        """Give every operation with the pointer to it."""
        for path, methods in self.plain["paths"].items():
            for method, operation in methods.items():
                yield f"/paths/{path.replace('/', '~1')}/{method}", operation

    def find(self, method: str, path: str) -> tuple[str, Plain] | None:
        """Return the operation that answers a request."""
        for template, methods in self.plain["paths"].items():
            if method.lower() in methods and _pattern(template).fullmatch(path):
                pointer = f"/paths/{template.replace('/', '~1')}/{method.lower()}"
                return pointer, methods[method.lower()]
        return None

    def check(self, pointer: str, value: object) -> None:
        """Raise where a value does not fit the schema at a place."""
        self.validator(pointer).validate(value)

    def hold(self, answer: Response) -> None:
        """Raise where an answer, or the request that got it, is not as described."""
        bare = answer.request.method == "HEAD"
        found = self.find("GET" if bare else answer.request.method, answer.request.url.path)
        if found is None:
            if answer.status_code >= 400 and not bare:
                self.check("/components/schemas/ProblemView", answer.json())
            return
        pointer, operation = found
        told = operation["responses"].get(str(answer.status_code))
        assert told is not None, f"{operation['operationId']} gave {answer.status_code}"
        _hold_headers(answer, told.get("headers", {}))
        if bare:
            assert not answer.content
            return
        self._hold_body(answer, told, f"{pointer}/responses/{answer.status_code}")
        if answer.status_code < 300 and "requestBody" in operation:
            kind = answer.request.headers["content-type"]
            if kind == "application/json" and b'"refused"' not in answer.content:
                at = f"{pointer}/requestBody/content/application~1json/schema"
                self.check(at, json.loads(answer.request.content))

    def _hold_body(self, answer: Response, told: Plain, pointer: str) -> None:
        if not told.get("content"):
            assert not answer.content
            return
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in told["content"]
        if kind.endswith("json"):
            at = f"{pointer}/content/{kind.replace('/', '~1')}/schema"
            self.check(at, answer.json())


def _hold_headers(answer: Response, told: Mapping[str, object]) -> None:
    names = {name.lower() for name in told}
    sent = SENT & {name.lower() for name in answer.headers}
    assert names - SOMETIMES <= sent <= names, (sent, names)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(
            re.escape(part) if n % 2 == 0 else (".+" if part in HOLD_SLASHES else "[^/]+")
            for n, part in enumerate(parts)
        )
    )


class DescribedClient(TestClient):
    """A client that takes no answer that is not described."""

    runner: Runner
    """Works through the runs that are asked for, where there is one."""

    def __init__(self, app: FastAPI) -> None:
        """Answer what breaks inside, instead of raising it."""
        super().__init__(app, raise_server_exceptions=False)
        self.description = Description(app)

    def request(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 -- as given
        """Send a request and hold its answer against the description."""
        answer = super().request(*args, **kwargs)
        self.description.hold(answer)
        return answer
