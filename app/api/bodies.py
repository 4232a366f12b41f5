"""JSON bodies read strictly, in bounded time and memory."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request

from app.api.problems import RequestError, Responses, problems
from app.api.requests import RequestRefusedError
from app.core.language.diagnostics import Collector, Place, listed
from app.core.language.scalars import HALF
from app.core.model.source import NOWHERE
from app.services.errors import ServiceError

LARGEST = 2 * 1024 * 1024
DEEPEST = 64
JSON_TYPES = ("application/json", "application/merge-patch+json")
YAML_TYPES = ("application/yaml", "text/yaml", "application/x-yaml")
# Half a character cannot be written as UTF-8, and PostgreSQL keeps no NUL; only escapes bring them.
UNHELD_ESCAPES = re.compile(r"\\u(0000|[dD][89a-fA-F])")


async def read_body(request: Request) -> bytes:
    """Return the body; one that is too large is refused while it still comes in."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise RequestError(413)
        parts.append(part)
    return b"".join(parts)


async def json_body(request: Request) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """Return the decoded body: UTF-8, no duplicate keys, no NaN, not nested too deep."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON_TYPES:
        raise RequestError(415, f"the body is `{kind or 'untyped'}` and has to be application/json")
    return decode(await read_body(request))


def body_problems(*errors: type[ServiceError], plain: tuple[int, ...] = ()) -> Responses:
    """Document failures on a route that takes JSON."""
    return problems(RequestRefusedError, *errors, plain=(400, 413, 415, *plain))


def decode(body: bytes) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """Return the value that JSON bytes hold; RequestError says where they are broken."""
    try:
        text = body.decode()
    except UnicodeDecodeError as broken:
        raise RequestError(400, f"byte {broken.start} of the body is not UTF-8") from None
    if _depth(text) > DEEPEST:
        raise RequestError(400, f"the body is nested deeper than {DEEPEST} levels")
    try:
        found = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole
        )
    except json.JSONDecodeError as broken:
        place = f"line {broken.lineno}, column {broken.colno}"
        raise RequestError(400, f"the body is not JSON: {broken.msg.lower()} at {place}") from None
    unheld = Collector()
    if UNHELD_ESCAPES.search(text):
        _find_unheld(found, (), unheld)
    if unheld.sorted():
        raise RequestRefusedError(listed(unheld.sorted()))
    return found


def _find_unheld(value: Any, place: Place, unheld: Collector) -> None:  # noqa: ANN401 -- as above
    """Collect where text or a key holds what cannot be written or kept."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            _find_unheld(one, (*place, index), unheld)
    elif isinstance(value, dict):
        for key, own in value.items():
            _find_unheld(key, place, unheld)
            _find_unheld(own, (*place, key), unheld)
    elif isinstance(value, str) and "\0" in value:
        unheld.error("CN0113", "`\\u0000` cannot be kept", NOWHERE, path=place, remedy="delete it")
    elif isinstance(value, str) and (half := HALF.search(value)):
        message = f"`\\u{ord(half[0]):04x}` is half a character"
        unheld.error("CN0122", message, NOWHERE, path=place, remedy="write both halves, or none")


def _depth(text: str) -> int:
    """How deep brackets nest, those inside of text left out."""
    depth = deepest = 0
    inside = escaped = False
    for char in text:
        if inside:
            inside = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                return deepest
        elif char in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, own in pairs:
        if key in found:
            shown = key[:60].encode(errors="replace").decode()
            raise RequestError(400, f"the key `{shown}` stands twice in one object")
        found[key] = own
    return found


def _constant(name: str) -> NoReturn:
    raise RequestError(400, f"`{name}` is no number in JSON")


def _whole(digits: str) -> int:
    if len(digits) > 18:  # noqa: PLR2004 -- what a 64-bit integer surely holds
        raise RequestError(400, f"the number `{digits[:20]}…` has more than 18 digits")
    return int(digits)


Body = Annotated[Any, Depends(json_body)]
Raw = Annotated[bytes, Depends(read_body)]
