"""What an address asks behind its `?`: refused where nothing would look at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from inspect import isclass
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from app.core.language.diagnostics import did_you_mean, shorten
from app.services.errors import RefusedError

if TYPE_CHECKING:
    from fastapi.dependencies.models import Dependant
    from fastapi.routing import APIRoute


class UnknownParameterError(RefusedError):
    """The address asks by a parameter that the operation does not take."""

    def __init__(self, parameter: str, takes: Sequence[str]) -> None:
        """Name it, the nearest one that is taken, and all of them."""
        near = did_you_mean(parameter, takes)
        every = ", ".join(f"`{one}`" for one in takes) or "none"
        remedy = f"{near} It takes {every}" if near else f"it takes {every}"
        super().__init__(
            f"`{shorten(parameter)}` is no parameter of this operation: {remedy}",
            parameter=shorten(parameter),
            takes=list(takes),
        )


async def readable(request: Request) -> None:
    """Refuse NUL in what an address asks: no database compares it truly."""
    found = [name for name, value in request.query_params.multi_items() if "\0" in name + value]
    if found:
        wrong = {
            "loc": ("query", found[0].replace("\0", "")),
            "msg": "NUL cannot be looked for: leave it out",
        }
        raise RequestValidationError([wrong])


async def known(request: Request) -> None:
    """Refuse a parameter that the operation does not take: what is misspelt would go unheard."""
    if not request.query_params:
        return
    route: APIRoute = request.scope["route"]
    taken = dict(_taken(route.dependant))
    for name in request.query_params:
        if name not in taken:
            raise UnknownParameterError(name, sorted(one for one, told in taken.items() if told))


def _taken(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The parameters that a route and its dependencies declare, and whether they are described."""
    for one in dependant.query_params:
        kind = one.field_info.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            yield from ((own.alias or name, True) for name, own in kind.model_fields.items())
        else:
            yield one.alias, bool(getattr(one.field_info, "include_in_schema", True))
    for below in dependant.dependencies:
        yield from _taken(below)
