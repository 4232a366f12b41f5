"""Circumstances and changes back to their written form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from app.core.language.printer_selectors import amount, between, one_or_many, written_selector
from app.core.language.printer_yaml import Written
from app.core.model.circumstance import (
    Change,
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    Holding,
    LearnerFact,
    NotSo,
    Recorded,
)


def written_circumstance(circumstance: Circumstance, framework: str) -> dict[str, Written]:
    """Return the circumstance as it is written in a file whose bare levels are of `framework`."""
    return _mapping(circumstance.tests, framework)


def written_changes(
    changes: tuple[Change, ...], framework: str, in_measure: Callable[[int], Written]
) -> tuple[Written, ...]:
    """Return the changes of a quantity, their amounts as `in_measure` writes them."""
    return tuple(_change(one, framework, in_measure) for one in changes)


def _change(change: Change, framework: str, in_measure: Callable[[int], Written]) -> Written:
    how = {"add": in_measure(change.add)} if change.to is None else {"set": in_measure(change.to)}
    match change.circumstance.tests:
        case (NotSo(inner),):
            return {"unless": written_circumstance(inner, framework), **how}
    return {"when": written_circumstance(change.circumstance, framework), **how}


def _mapping(tests: tuple[CircumstanceTest, ...], framework: str) -> dict[str, Written]:
    found: dict[str, Written] = {}
    learner: dict[str, Written] = {}
    for test in tests:
        several = _several(test)
        if len(several) > 1 and not _is_free(several[0], found, learner):
            several = (test,)
        match several[0]:
            case Declared(awards):
                found["declared"] = one_or_many(awards)
            case LearnerFact(key=key):
                learner[key] = one_or_many(tuple(chain.from_iterable(map(_facts, several))))
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


def _several(test: CircumstanceTest) -> tuple[CircumstanceTest, ...]:
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


def _facts(test: CircumstanceTest) -> tuple[Written, ...]:
    if not isinstance(test, LearnerFact):
        return ()
    return test.values or (between(test.low, test.high),)


def _recorded(test: CircumstanceTest) -> Written:
    if not isinstance(test, Recorded):
        return None
    if test.low is None and test.high is None:
        return test.milestone
    return {"name": test.milestone, **between(test.low, test.high)}
