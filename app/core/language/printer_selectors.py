"""Selectors and circumstances back to their written form: shorthand where it means the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import assert_never

from app.core.language.lowering_selectors import ACHIEVEMENT_FACTS, CREDENTIAL_FACTS
from app.core.language.printer_yaml import Written
from app.core.model.credits import show_credits
from app.core.model.selector import (
    DAYS,
    AgeTest,
    AnyOf,
    Circumstance,
    CircumstanceTest,
    CreditTest,
    DateTest,
    Declared,
    EitherSo,
    End,
    ForWhom,
    GradeTest,
    Holding,
    LearnerFact,
    LevelTest,
    Not,
    NotSo,
    OneOf,
    Own,
    OwnTest,
    RangeTest,
    Recorded,
    Selector,
    Test,
)

# The order in which the tests of a selector stand; then come attributes, `when`, and the nested.
ORDER = (*CREDENTIAL_FACTS, "level", "credit", "grade", *DAYS, "age", *ACHIEVEMENT_FACTS)
ATTRIBUTE, WHEN, LAST = len(ORDER), len(ORDER) + 1, len(ORDER) + 2


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
    ranges = not any(listed[1:]) and (
        not listed[0] or isinstance(inner[1], GradeTest | RangeTest | OwnTest)
    )
    return (
        inner if ranges and not isinstance(inner[0], Not | AnyOf | AgeTest | ForWhom) else (test,)
    )


def _key(test: Test) -> str:
    match test:
        case OneOf() | RangeTest() | OwnTest():
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
        case ForWhom():
            return "when"
        case Not():
            return "not"
        case AnyOf():
            return "any"
        case _:
            assert_never(test)


def _rank(key: str) -> int:
    if key in {"not", "any"}:
        return LAST
    if key == "when":
        return WHEN
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
        case OwnTest():
            return (_own(test),)
        case ForWhom():
            return (written_circumstance(test.circumstance, framework),)
        case Not():
            return (written_selector(test.inner, framework),)
        case AnyOf():
            return (tuple(written_selector(option, framework) for option in test.options),)
        case _:
            assert_never(test)


def _own(test: OwnTest) -> Written:
    if test.low == test.high and test.key not in DAYS:
        return _own_end(test.low)
    return between(_own_end(test.low), _own_end(test.high))


def _own_end(end: End) -> Written:
    return {"learner": end.key} if isinstance(end, Own) else end


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


def written_circumstance(circumstance: Circumstance, framework: str) -> dict[str, Written]:
    """Return the circumstance as it is written in a file whose bare levels are of `framework`."""
    return _mapping(circumstance.tests, framework)


def _mapping(tests: tuple[CircumstanceTest, ...], framework: str) -> dict[str, Written]:
    found: dict[str, Written] = {}
    learner: dict[str, Written] = {}
    for test in tests:
        several = _several_so(test)
        if len(several) > 1 and not _is_free(several[0], found, learner):
            several = (test,)
        match several[0]:
            case Declared(awards):
                found["declared"] = one_or_many(awards)
            case LearnerFact(key=key):
                learner[key] = one_or_many(
                    tuple(chain.from_iterable(map(_learner_values, several)))
                )
                found["learner"] = learner
            case Holding(measure, held, selector):
                size = amount(held) if measure == "credits" else held
                found["holds"] = {measure: size, "from": written_selector(selector, framework)}
            case Recorded():
                found["milestone"] = one_or_many(tuple(map(_recorded, several)))
            case NotSo(inner):
                found["not"] = written_circumstance(inner, framework)
            case EitherSo(options):
                found["any"] = tuple(written_circumstance(one, framework) for one in options)
    return found


def _is_free(
    first: CircumstanceTest, found: Mapping[str, Written], learner: Mapping[str, Written]
) -> bool:
    """Say whether a list may stand under its own key: what stands before it is read before it."""
    if isinstance(first, Recorded):
        return found.keys().isdisjoint(("milestone", "not"))
    held = isinstance(first, LearnerFact) and first.key not in learner
    return held and found.keys().isdisjoint(("holds", "milestone", "not"))


def _several_so(test: CircumstanceTest) -> tuple[CircumstanceTest, ...]:
    """Return the tests that a list of values under one key stands for, or the test itself."""
    if not isinstance(test, EitherSo):
        return (test,)
    inner = tuple(one.tests[0] for one in test.options if len(one.tests) == 1)
    if len(inner) < len(test.options) or len(inner) == 1:
        return (test,)
    if all(isinstance(one, Recorded) for one in inner):
        return inner
    if all(isinstance(one, LearnerFact) for one in inner):
        facts = [one for one in inner if isinstance(one, LearnerFact)]
        listed = [bool(one.values) for one in facts]
        if len({one.key for one in facts}) == 1 and not any(listed[1:]):
            return inner
    return (test,)


def _learner_values(test: CircumstanceTest) -> tuple[Written, ...]:
    if not isinstance(test, LearnerFact):
        return ()
    return test.values or (between(test.low, test.high),)


def _recorded(test: CircumstanceTest) -> Written:
    if not isinstance(test, Recorded):
        return None
    if test.low is None and test.high is None:
        return test.milestone
    return {"name": test.milestone, **between(test.low, test.high)}
