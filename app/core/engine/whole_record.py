"""Conditions over the whole record, which are judged ahead of any allocation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.core.engine.adjusting import credits_of
from app.core.engine.compiled import CompiledAward, Condition, WindowPlan
from app.core.engine.prepare import Pool, anchor_of, lies_in, unknown
from app.core.engine.problem import bits
from app.core.engine.selectors import Judge, amount_of, grade_of
from app.core.model.credential import Credential, Fact
from app.core.model.credits import Credits
from app.core.model.record import COUNTING, Achievement


class Judged(NamedTuple):
    """What a condition looks at (or, of each and of windows, what breaks it), and how it stands."""

    items: int
    reach: int
    met: bool


def judge_record(
    pool: Pool, number: int, condition: Condition, counting: int, values: Mapping[Fact, int]
) -> Judged:
    """Judge a condition over the whole record, of which the items of `counting` are countable.

    Of all attempts at so much these are the items that are there, whatever stands for them.
    """
    items = pool.admitted[number][condition.selector] & counting
    match condition.kind:
        case "average" if condition.attempts:
            graded = tuple(attempts(pool, number, condition))
            return Judged(-1 if graded else 0, *mean_of(graded, condition.amount))
        case "average":
            mean = judge_mean(items, pool.amounts[number], pool.points[number], condition.amount)
            return Judged(items, *mean)
        case "breadth":
            reach = sum(1 for carriers in values.values() if carriers & items)
            low, high = condition.amount or 0, condition.high
            return Judged(items, reach, low <= reach and (high is None or reach <= high))
        case "each":
            wrong = items & ~pool.admitted[number][condition.must]
            return Judged(wrong, wrong.bit_count(), not wrong)
        case "window" if condition.window is not None:
            wrong = _outside(pool, number, WindowPlan(condition.mask, condition.window), items)
            return Judged(wrong, wrong.bit_count(), not wrong)
    return _quantity(pool, number, condition, items)


def _quantity(pool: Pool, number: int, condition: Condition, items: int) -> Judged:
    amounts, amount = pool.amounts[number], condition.amount or 0
    by_credits = condition.measure == "credits"
    reach = sum(amounts[index] for index in bits(items)) if by_credits else items.bit_count()
    if condition.attempts:
        reach += sum(_ended(pool, number, condition))
    met = reach <= amount if condition.kind == "ceiling" else reach >= amount
    return Judged(items, reach, met)


def _ended(pool: Pool, number: int, condition: Condition) -> Iterator[int]:
    """Yield how much each attempt brings that came to nothing, or to nothing that still holds."""
    award = pool.awards[number]
    selector, decided = award.selectors[condition.selector], credits_of(pool.decided[number])
    for one in pool.record.achievements:
        if one.status not in COUNTING:
            credential = award.credential(one.credential) or unknown(one)
            if Judge(credential, one, award.terms, pool.days).all_of(selector) is not False:
                by_credits = condition.measure == "credits"
                yield _amount(award, credential, one, decided) if by_credits else 1


def _outside(pool: Pool, number: int, plan: WindowPlan, items: int) -> int:
    """The items that were not completed in the time that runs for all of the record."""
    several = [pool.items[index] for index in bits(items)]
    anchor = started(pool, number, plan, items)
    return sum(1 << one.at for one in several if not lies_in(one, plan.window, anchor))


def started(pool: Pool, number: int, plan: WindowPlan, items: int) -> date | None:
    """Return the day on which a window over these items of the record opens."""
    if plan.window.anchor != "earliest-used":
        return anchor_of(pool.awards[number], plan, pool.record, pool.days)
    starts = (pool.items[index].start for index in bits(items))
    return min((start for start in starts if start is not None), default=None)


def attempts(pool: Pool, number: int, condition: Condition) -> Iterator[tuple[int, int]]:
    """Yield credits and points of every graded achievement of the record, whatever its status."""
    award = pool.awards[number]
    selector, decided = award.selectors[condition.selector], credits_of(pool.decided[number])
    for one in pool.record.achievements:
        if not one.grade:
            continue
        credential = award.credential(one.credential) or unknown(one)
        if Judge(credential, one, award.terms, pool.days).all_of(selector) is False:
            continue
        grade = grade_of(one, award.terms)
        if grade is not None and grade.points is not None:
            yield _amount(award, credential, one, decided), grade.points


def _amount(
    award: CompiledAward, credential: Credential, one: Achievement, decided: Mapping[str, Credits]
) -> Credits:
    """The credits of an attempt: those decided, else its own."""
    return decided[one.id] if one.id in decided else amount_of(one, credential, award.terms)


def judge_mean(
    items: int, amounts: Sequence[int], points: Sequence[int | None], low: int | None
) -> tuple[int, bool]:
    """Return the mean in thousandths, rounded down, and whether it truly reaches `low`."""
    graded = ((amounts[index], own) for index in bits(items) if (own := points[index]) is not None)
    return mean_of(tuple(graded), low)


def mean_of(graded: Sequence[tuple[int, int]], low: int | None) -> tuple[int, bool]:
    """Return the mean of points, each with its credits, and whether it truly reaches `low`."""
    weight = sum(amount for amount, _ in graded)
    total = sum(amount * points for amount, points in graded)
    if weight == 0:
        return 0, low is None
    return total // weight, low is None or total >= low * weight
