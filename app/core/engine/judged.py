"""Conditions that look at grades, or at the whole record, as an award states them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from app.core.engine.compiled import Condition
from app.core.model.requirement import Average, Bound, Qualifiers
from app.core.model.selector import EVERYTHING, Not, OneOf, Selector

Number = Callable[[Selector], int]
"""The number of a selector in its award."""


class Amount(Protocol):
    """How much a floor of an award comes to, a remainder rounded `up`."""

    def __call__(self, bound: Bound, *, up: bool) -> int:
        """Return it in the floor's measure."""


TRANSFERRED = Selector((OneOf("source", ("transferred",)),))


def mean_condition(mean: Average, mask: int, number: Number) -> Condition:
    """Return the condition that an average states."""
    selector = mean.selector
    if mean.over == "not-transferred":
        selector = Selector((*selector.tests, Not(TRANSFERRED)))
    return Condition(
        id=mean.id,
        title=mean.title,
        kind="average",
        mask=mask,
        selector=number(selector),
        measure="credits",
        amount=mean.low,
        over_record=mean.over_record,
        reason=mean.reason,
        attempts=mean.over == "all-attempts",
    )


def latest(said: Qualifiers, mask: int, number: Number, amount: Amount) -> Iterator[Condition]:
    """Yield the floors on the latest of what counts."""
    for last in said.last:
        for floor in last.at_least:
            yield Condition(
                id=floor.id,
                title=floor.title,
                kind="latest",
                mask=mask,
                selector=number(floor.selector),
                measure=floor.measure,
                amount=amount(floor, up=True),
                over_record=False,
                reason=floor.reason,
                latest=last.amount,
                latest_by=last.measure,
            )


def over_record(said: Qualifiers, mask: int, number: Number) -> Iterator[Condition]:
    """Yield what is said of the breadth, the facts and the days of the whole record."""
    for distinct in said.distinct:
        if distinct.over_record:
            yield Condition(
                id=distinct.id,
                title=distinct.title,
                kind="breadth",
                mask=mask,
                selector=number(EVERYTHING),
                measure="choose",
                amount=distinct.low,
                over_record=True,
                reason=distinct.reason,
                by=distinct.by,
                high=distinct.high,
            )
    for each in said.each:
        if each.over_record:
            yield Condition(
                id=each.id,
                title=each.title,
                kind="each",
                mask=mask,
                selector=number(each.selector),
                measure="choose",
                amount=0,
                over_record=True,
                reason=each.reason,
                must=number(each.must),
            )
    for window in said.windows:
        if window.over_record:
            yield Condition(
                id=window.id,
                title=window.title,
                kind="window",
                mask=mask,
                selector=number(EVERYTHING),
                measure="choose",
                amount=0,
                over_record=True,
                reason=window.reason,
                window=window,
            )
