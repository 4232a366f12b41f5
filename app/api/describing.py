"""The API's description: what FastAPI finds, with bodies, headers, problems and examples told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from app.api.parameters import UnknownParameterError
from app.api.problems import PROBLEM_JSON, Responses, problems
from app.api.views import ProblemView, View
from app.services.errors import BusyError, UnstorableError

Plain = dict[str, Any]
ANSWERS = Path(__file__).with_name("answers.json")
JSON = "application/json"
TEMPLATE = "#/components/schemas/{model}"
# FastAPI's own account of parameters that cannot be used is not what is sent.
NOT_SENT = ("HTTPValidationError", "ValidationError")
# The shapes of bodies, by name; their schemas are made when the API is first described.
SHAPES: dict[str, type[BaseModel]] = {}
HEADERS = {
    "ETag": ("The revision; send it back in `If-Match` or `If-None-Match`.", '"3"'),
    "Location": ("Where it can be read.", "/v1/audits/5f0c6a4e9b7d4c0f8a3e2b1d6c9f7e50"),
    "Idempotency-Replayed": (
        "`true` where the answer is the one given to this key before.",
        "true",
    ),
    "Retry-After": ("The seconds to wait.", "1"),
}


def answers(
    view: type[View] | None,
    what: str,
    *headers: str,
    status: int = HTTPStatus.OK,
    content: Plain | None = None,
) -> Responses:
    """Document a success on a route: the shape that is sent, what it is, and its headers."""
    told: Plain = {"description": what}
    if content is not None:
        told["content"] = content
    if view is not None:
        told["model"] = view
    if headers:
        told["headers"] = {name: _header(name) for name in headers}
    return {int(status): told}


def _header(name: str) -> Plain:
    what, example = HEADERS[name]
    return {"description": what, "schema": {"type": "string"}, "example": example}


UNCHANGED = answers(None, "It is what `If-None-Match` names.", "ETag", status=304)


def body(request: type[BaseModel], example: object) -> Plain:
    """Document a JSON body by its shape and an example that can be sent as it stands."""
    SHAPES[request.__name__] = request
    return _body(JSON, {"title": request.__name__}, example)


def bodies(request: type[View], example: object) -> Plain:
    """Document a JSON body that is a list."""
    SHAPES[request.__name__] = request
    return _body(JSON, {"type": "array", "items": {"title": request.__name__}}, example)


def yaml_body(example: str) -> Plain:
    """Document a YAML body by an example."""
    return _body("application/yaml", {"type": "string"}, example)


def _body(kind: str, schema: Plain, example: object) -> Plain:
    content = {kind: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def describe(app: FastAPI) -> Plain:
    """Return the description of an application."""
    found = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    parts = found["components"]
    parts["examples"] = dict(_beside())
    _keep(parts["schemas"], ProblemView)
    for name in NOT_SENT:
        parts["schemas"].pop(name, None)
    for path, operation in _operations(found):
        _tell_body(operation, parts["schemas"])
        _tell_answer(operation)
        _tell_problems(path, operation, parts["examples"])
    return found


def _beside() -> Iterator[tuple[str, Plain]]:
    """Problems of requests that meet no operation."""
    for told in problems(plain=(404, 405)).values():
        yield from told["content"][PROBLEM_JSON]["examples"].items()


def _operations(found: Plain) -> Iterator[tuple[str, Plain]]:
    return ((path, one) for path, methods in found["paths"].items() for one in methods.values())


def _keep(schemas: Plain, shape: type[BaseModel]) -> Plain:
    """Keep a shape and those it is made of under their names, and return the reference to it."""
    schema = shape.model_json_schema(ref_template=TEMPLATE)
    schemas |= schema.pop("$defs", {})
    schemas[schema["title"]] = schema
    return {"$ref": TEMPLATE.format(model=schema["title"])}


def _tell_body(operation: Plain, schemas: Plain) -> None:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        items = schema.get("items", {})
        if schema.get("title") in SHAPES:
            content["schema"] = _keep(schemas, SHAPES[schema["title"]])
        elif items.get("title") in SHAPES:
            schema["items"] = _keep(schemas, SHAPES[items["title"]])


def _tell_answer(operation: Plain) -> None:
    for status, told in operation["responses"].items():
        for kind, content in told.get("content", {}).items():
            if int(status) < HTTPStatus.BAD_REQUEST and "example" not in content:
                content["example"] = recorded().get(answer_key(operation["operationId"], kind))


def answer_key(operation: str, kind: str) -> str:
    """Return the name under which an operation's answer of a media type is kept."""
    return operation if kind == JSON else f"{operation} {kind}"


def _tell_problems(path: str, operation: Plain, examples: Plain) -> None:
    """Add what may befall any request; list each status's problems by name."""
    told = operation["responses"]
    if JSON in told.get("422", {}).get("content", {}):
        del told["422"]
    general = problems(
        *((BusyError, UnstorableError, UnknownParameterError) if path.startswith("/v1") else ()),
        plain=(500, 422) if _can_be_misput(operation) else (500,),
    )
    for status, one in general.items():
        kept = told.setdefault(str(status), one)
        kept["content"][PROBLEM_JSON]["examples"] |= one["content"][PROBLEM_JSON]["examples"]
    for one in told.values():
        content = one.get("content", {}).get(PROBLEM_JSON)
        if content is not None:
            examples |= content["examples"]
            names = sorted(content["examples"])
            one["description"] = ", ".join(names)
            one["content"][PROBLEM_JSON] = {
                "schema": {
                    "$ref": TEMPLATE.format(model=ProblemView.__name__),
                    "properties": {"type": {"enum": [f"/problems/{name}" for name in names]}},
                },
                "examples": {name: {"$ref": f"#/components/examples/{name}"} for name in names},
            }
    operation["responses"] = dict(sorted(told.items()))


def _can_be_misput(operation: Plain) -> bool:
    """Whether a parameter may be other than what it has to be; no query holds NUL."""
    parameters = operation.get("parameters", ())
    schemas = [one["schema"] for one in parameters]
    kinds = [kind for one in schemas for kind in one.get("anyOf", [one])]
    asked = any(one["in"] == "query" for one in parameters)
    return asked or any(
        one.keys() & {"format", "maxLength"} or one["type"] not in TEXT for one in kinds
    )


TEXT = ("string", "null")


@cache
def recorded() -> Plain:
    """Return an answer to each operation, as the demo gave it."""
    found: Plain = json.loads(ANSWERS.read_text(encoding="utf-8")) if ANSWERS.exists() else {}
    return found
