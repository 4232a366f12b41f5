"""What the Hanson format asserts of a set of courses: a measure, a limit, and of which of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.language.diagnostics import shorten
from app.interop.hanson_algebra import Written, both, either
from app.interop.hanson_conditions import circumstance
from app.interop.hanson_facts import TERMS_SINCE_DECLARING
from app.interop.hanson_predicates import Reading, amount, predicate
from app.interop.hanson_source import MisshapenError, Node

COUNTED = frozenset(
    {
        *("count(courses)", "count(areas)", "count(performances)", "count(recitals)"),
        "count(distinct_courses)",
    }
)
VALUES: Mapping[str, str] = {
    "count(subjects)": "subject",
    "count(terms)": "term",
    "count(math_perspectives)": "math_perspective",
    "count(religion_traditions)": "religion_tradition",
}
"""Measures of how many different values of a fact there are."""
REPEATED: Mapping[str, str] = {
    "count(terms_from_most_common_course)": "crsid",
    "count(terms_from_most_common_course_by_name)": "course_name",
}
"""Measures of the terms in which one and the same course was taken; by what it is the same."""
CREDITS, OF_ONE_SUBJECT = "sum(credits)", "sum(credits_from_single_subject)"
GRADES = "average(grades)"
MEASURES = frozenset({*COUNTED, *VALUES, *REPEATED, CREDITS, OF_ONE_SUBJECT, GRADES})
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "$gte": ("at_least",),
    "$lte": ("at_most",),
    "$eq": ("at_least", "at_most"),
}
# How an assertion is shown, and what its author expects of the search: nothing is decided by it.
HINTS = frozenset({"label", "at_most", "$changes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """At least, at most or exactly so much of a measure, of those that `of` admits if it says so.

    `exact` says that no more is to be chosen than what is asked for.
    """

    measure: str
    ends: tuple[str, ...]
    amount: int | str
    of: Written | None
    changes: tuple[Written, ...]
    exact: bool
    message: str
    node: Node

    @property
    def floor(self) -> bool:
        """Say whether it asks for at least so much."""
        return "at_least" in self.ends

    @property
    def whole(self) -> bool:
        """Say whether it speaks of the whole set."""
        return self.of is None


def assertions_of(node: Node, reading: Reading) -> list[Assertion]:
    """Return what a query or an `audit` asserts."""
    if node.has("assert"):
        of = node.get("where") if not node.has("from") else None
        return list(_assertions(node, of, reading))
    found: list[Assertion] = []
    for one in (node.get("all") or Node((), node.span)).items:
        found += _assertions(one, one.get("where"), reading)
    return found


def _assertions(node: Node, where: Node | None, reading: Reading) -> Iterator[Assertion]:
    of = None if where is None else predicate(where, reading)
    if node.has("any") and not node.has("from"):
        of = either([_alternative(one, reading) for one in node.need("any").items])
    message = node.get("message") if not node.has("from", "result") else None
    for measure, limit in node.need("assert").fields.items():
        if measure not in MEASURES:
            raise MisshapenError(f"the measure `{shorten(measure)}` is not known", limit.span)
        yield _assertion(measure, limit, of, message, reading)


def _alternative(node: Node, reading: Reading) -> Written:
    where = node.get("where") if node.has("where") else node
    found = None if where is None else _plain(where, reading)
    return found or {}


def _plain(where: Node, reading: Reading) -> Written | None:
    if where.has("course") and isinstance(where.need("course").value, str):
        return {"course": where.need("course").text}
    return predicate(where, reading)


def _assertion(
    measure: str, limit: Node, of: Written | None, message: Node | None, reading: Reading
) -> Assertion:
    operators = [key for key in limit.fields if key in OPERATORS]
    if len(operators) != 1:
        raise MisshapenError("a limit needs one operator such as `$gte`", limit.span)
    value = limit.need(operators[0])
    # At least none is met whatever is in progress.
    idle = {"treat_in_progress_as_pass"} if value.text == "0" else set()
    for key in limit.fields.keys() - HINTS - idle - set(operators):
        why = "whether what is in progress passes is told by the audit's three answers"
        reading.area.leave(key, limit.need(key), why, "read the answer `projected`")
    at_most = limit.get("at_most")
    changes = limit.get("$changes")
    asked, ends = _limit(value), OPERATORS[operators[0]]
    return Assertion(
        measure=measure,
        ends=ends if asked or len(ends) == 1 else ("at_most",),
        amount=asked,
        of=of,
        changes=tuple(_change(one, reading) for one in (changes.items if changes else ())),
        exact=at_most is not None and at_most.flag,
        message=" ".join(message.text.split()) if message is not None else "",
        node=limit,
    )


def _limit(value: Node) -> int | str:
    if value.text == "$terms-since-declaring-major":
        return TERMS_SINCE_DECLARING
    return amount(value)


def _change(change: Node, reading: Reading) -> Written:
    when: Written = {}
    done: Written = {}
    for part in change.items:
        for key in sorted(part.fields.keys() & {"add", "set"}):
            done[key] = amount(part.need(key))
        if not part.has("add", "set"):
            when = both(when, circumstance(part, reading.area))
    return {"when": when, **done}
