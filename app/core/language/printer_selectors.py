"""Selectors back to their written form: shorthand where it means the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from app.core.language.lowering_selectors import ACHIEVEMENT_FACTS, CREDENTIAL_FACTS, DAYS
from app.core.language.printer_yaml import Written
from app.core.model.credits import show_credits
from app.core.model.selector import (
    AgeTest,
    AnyOf,
    CreditTest,
    DateTest,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    RangeTest,
    Selector,
    Test,
)

# The order in which the tests of a selector stand; attributes come between the last two.
ORDER = (*CREDENTIAL_FACTS, "level", "credit", "grade", *DAYS, "age", *ACHIEVEMENT_FACTS)
ATTRIBUTE, LAST = len(ORDER), len(ORDER) + 1


def written_selector(selector: Selector, framework: str) -> Written:
    """Return the selector as it is written in a file whose bare levels belong to `framework`."""
    match selector.tests:
        case (OneOf(key="credential", values=values, exactly=False),):
            return one_or_many(values)
    return dict(_keys(selector, framework))


def one_or_many(values: tuple[Written, ...]) -> Written:
    """Return a list, or its one item without brackets."""
    return values[0] if len(values) == 1 else values


def amount(thousandths: int) -> int | str:
    """Return an amount as the reader wants it: whole, or as text with a decimal point."""
    shown = show_credits(thousandths)
    return shown if "." in shown else int(shown)


def between(low: Written, high: Written) -> dict[str, Written]:
    """Return a range by its ends; an open end is left out."""
    ends: dict[str, Written] = {"from": low, "to": high}
    return {key: end for key, end in ends.items() if end is not None}


def _keys(selector: Selector, framework: str) -> Iterator[tuple[str, Written]]:
    reached = -1
    used: set[str] = set()
    exactly = False
    for test in selector.tests:
        several = _several(test)
        key = _key(several[0])
        if len(several) > 1 and (_rank(key) < reached or key in used):
            # A list of ranges would stand further up; only `any` stands here.
            several, key = (test,), "any"
        used.add(key)
        reached = max(reached, _rank(key))
        exactly = exactly or (isinstance(test, OneOf) and test.exactly)
        yield key, one_or_many(tuple(v for one in several for v in _values(one, framework)))
    if exactly:
        yield "exactly", True


def _several(test: Test) -> tuple[Test, ...]:
    """Return the tests that a key with a list of ranges stands for, or the test itself."""
    options = test.options if isinstance(test, AnyOf) else ()
    inner = tuple(option.tests[0] for option in options if len(option.tests) == 1)
    if len(inner) < len(options) or len(inner) <= 1 or len({_key(one) for one in inner}) > 1:
        return (test,)
    # Grades and values that are named stand in one test, before any range of them.
    listed = [isinstance(one, OneOf) for one in inner]
    ranges = not any(listed[1:]) and (not listed[0] or isinstance(inner[1], GradeTest | RangeTest))
    return inner if ranges and not isinstance(inner[0], Not | AnyOf | AgeTest) else (test,)


def _key(test: Test) -> str:
    match test:
        case OneOf() | RangeTest():
            return test.key
        case LevelTest():
            return "level"
        case CreditTest():
            return "credit"
        case GradeTest():
            return "grade"
        case DateTest():
            return test.fact
        case AgeTest():
            return "age"
        case Not():
            return "not"
        case AnyOf():
            return "any"
        case _:
            assert_never(test)


def _rank(key: str) -> int:
    if key in {"not", "any"}:
        return LAST
    return ORDER.index(key) if key in ORDER else ATTRIBUTE


def _values(test: Test, framework: str) -> tuple[Written, ...]:
    match test:
        case OneOf():
            return test.values
        case LevelTest():
            return (_level(test, framework),)
        case CreditTest():
            return (_credit(test),)
        case GradeTest() | DateTest() | RangeTest():
            return (between(test.low, test.high),)
        case AgeTest():
            return ({"to": str(test.span), "from": test.since, "until": test.until},)
        case Not():
            return (written_selector(test.inner, framework),)
        case AnyOf():
            return (tuple(written_selector(option, framework) for option in test.options),)
        case _:
            assert_never(test)


def _level(test: LevelTest, framework: str) -> Written:
    if test.reading == "policy":
        return test.low
    named: dict[str, Written] = {} if test.framework == framework else {"framework": test.framework}
    if test.reading == "at":
        return {**named, "at": test.low}
    return {**named, **between(test.low, test.high)}


def _credit(test: CreditTest) -> Written:
    low = None if test.low is None else amount(test.low)
    high = None if test.high is None else amount(test.high)
    return low if low == high else between(low, high)
