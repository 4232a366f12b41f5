"""Limits of the Hanson format: what is shut out, and caps."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.interop.hanson_algebra import Written
from app.interop.hanson_predicates import Reading, predicate, selector_of, whole
from app.interop.hanson_source import MisshapenError, Node


@dataclass(frozen=True, slots=True)
class Limits:
    """What a `limit` excludes altogether, and the caps that it sets."""

    excluded: tuple[Written, ...]
    caps: tuple[Written, ...]


def limits_of(node: Node, reading: Reading, name: str, *, of_file: bool = False) -> Limits:
    """Return what the `limit` of a query, or of a file, says."""
    excluded: list[Written] = []
    caps: list[Written] = []
    limits = node.get("limit")
    for one in () if limits is None else limits.items:
        most = _most(one)
        where = one.need("where")
        admitted = selector_of(where, reading) if of_file else predicate(where, reading) or {}
        number, _, of = most.text.partition(" ")
        amount = whole(replace(most, value=number))
        if not amount:
            excluded.append(admitted)
            continue
        measure = "credits" if of.startswith("credit") else "choose"
        message = one.get("message")
        said = {} if message is None else titled(message.text, f"{name}.limit-{len(caps) + 1}")
        caps.append({**said, measure: amount, "from": admitted})
    return Limits(tuple(excluded), tuple(caps))


def _most(limit: Node) -> Node:
    found = [limit.need(key) for key in ("at_most", "at-most", "at most") if limit.has(key)]
    if len(found) != 1:
        raise MisshapenError("a limit says once how much it lets in", limit.span, "add `at_most`")
    return found[0]


def titled(message: str, name: str) -> Written:
    """Return the id and the title of what bears a message."""
    return {"id": name, "title": " ".join(message.split())}
