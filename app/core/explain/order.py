"""Why something does not come after what has to be completed first, or not before what follows."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.engine.compiled import OrderPlan
from app.core.engine.decide import AnswerVerdict
from app.core.engine.evaluate import scope
from app.core.engine.order import follows, opened
from app.core.engine.prepare import Pool
from app.core.engine.problem import Item, OrderLimit, bits
from app.core.explain.phrases import because
from app.core.language.plain_words import day_in_words
from app.core.model.reason import Reason


def not_after_steps(pool: Pool, number: int, place: int, item: Item) -> Iterator[Reason]:
    """Yield why an item does not follow the milestones that come before a slot."""
    for plan in pool.awards[number].orders:
        if plan.mask >> place & 1 and not follows(plan, item, pool.days):
            yield _not_after(plan, item, pool)


def _not_after(plan: OrderPlan, item: Item, pool: Pool) -> Reason:
    day = opened(plan, pool.days)
    if day is None:
        return because("out-of-order", first=plan.title)
    if item.start is None:
        return because("no-day", fact="earned")
    days = {"begun": day_in_words(item.start), "completed": day_in_words(day)}
    return because("out-of-order", first=plan.title, **days)


def out_of_order(answer: AnswerVerdict, number: int, item: Item, mask: int) -> Reason | None:
    """Return what counts that an eligible item should have followed, or come before."""
    found = (
        _beside(answer, limit, item, mask)
        for limit in answer.problem.orders
        if limit.award == number
    )
    return next((reason for reason in found if reason), None)


def _beside(answer: AnswerVerdict, limit: OrderLimit, item: Item, mask: int) -> Reason | None:
    """What of a limit's other side an item may not count beside."""
    items = answer.problem.items
    if limit.later & mask:
        early = limit.conflicts.get(item.at, 0) & scope(answer.allocation, limit.earlier)
        if early:
            return _between(item, items[bits(early)[0]], limit, own_first=False)
    if limit.earlier & mask:
        for index in bits(scope(answer.allocation, limit.later)):
            if limit.conflicts.get(index, 0) >> item.at & 1:
                return _between(items[index], item, limit, own_first=True)
    return None


def _between(later: Item, earlier: Item, limit: OrderLimit, *, own_first: bool) -> Reason:
    """Why two items may not both count; it is told of the `earlier` one where that is its own."""
    own, other = (earlier, later) if own_first else (later, earlier)
    if own.start is None or own.end is None:
        return because("no-day", fact="earned")
    side = "next" if own_first else "first"
    named = {side: other.credential.title, "requirement": limit.plan.title}
    if later.start is None or earlier.end is None:
        return because("out-of-order", **named)
    days = {"begun": day_in_words(later.start), "completed": day_in_words(earlier.end)}
    return because("out-of-order", **named, **days)
