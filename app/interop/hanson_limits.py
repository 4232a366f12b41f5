"""Limits of the Hanson format: what is shut out, and caps; conditions that lift a cap."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.interop.hanson_algebra import Written, both, either, negated
from app.interop.hanson_conditions import Area, circumstance, conditions_in
from app.interop.hanson_predicates import Reading, predicate, selector_of, whole
from app.interop.hanson_source import MisshapenError, Node

# More than any record holds: a cap of so many does not bind.
NO_LIMIT = 10_000
# From so many conditions on, a requirement is not written out for each way they may hold.
MANY_CONDITIONS = 3


def lifted(node: Node, area: Area) -> tuple[Node, tuple[Written, ...]]:
    """Turn many conditions that each let in some courses into caps of nought that they lift.

    Return the query without these conditions, and the caps.
    """
    where = node.get("where")
    if where is None or not where.has("$or"):
        return node, ()
    options = where.need("$or").items
    conditional = [one for one in options if one.has("$if")]
    if len(conditions_in(conditional)) < MANY_CONDITIONS or not all(map(_lets_in, conditional)):
        return node, ()
    always = [one for one in options if not one.has("$if")]
    reading = Reading(area, node.need("from").text)
    otherwise = either([predicate(one, reading) or {} for one in always])
    by_course: dict[str, list[Written]] = {}
    for one in conditional:
        (value,) = one.need("$then").need("course").fields.values()
        for course in value.words:
            by_course.setdefault(course, []).append(circumstance(one.need("$if"), area))
    admitted = [*always, *(one.need("$then") for one in conditional)]
    opened = replace(where, value={"$or": Node(tuple(admitted), where.span)})
    return replace(node, value={**node.fields, "where": opened}), _caps(by_course, otherwise)


def _lets_in(option: Node) -> bool:
    then = option.need("$then")
    return set(option.fields) == {"$if", "$then"} and set(then.fields) == {"course"}


def _caps(by_course: dict[str, list[Written]], otherwise: Written) -> tuple[Written, ...]:
    alike: dict[str, tuple[list[Written], list[str]]] = {}
    for course, conditions in by_course.items():
        alike.setdefault(repr(conditions), (conditions, []))[1].append(course)
    return tuple(
        {
            "choose": 0,
            "from": both(either([{"course": one} for one in courses]), negated(otherwise)),
            "changes": [{"when": either(conditions), "set": NO_LIMIT}],
        }
        for conditions, courses in alike.values()
    )


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
