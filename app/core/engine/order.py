"""What comes after what: which items may follow milestones, and which may not follow others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.core.engine.compiled import OrderPlan
from app.core.engine.problem import Item, OrderLimit, Problem, bits
from app.core.engine.selectors import Days
from app.core.model.requirement import MilestoneStep, Requirement, walk


def plans(root: Requirement, masks: Mapping[str, int]) -> Iterator[OrderPlan]:
    """Yield what comes after what in a tree, a plan for each two; `masks` are by requirement."""
    nodes = {node.id: node for node in walk(root)}
    for later in nodes.values():
        for first in (nodes[name] for name in later.after if name in nodes):
            milestones = (one.milestone for one in walk(first) if isinstance(one, MilestoneStep))
            step = isinstance(first, MilestoneStep)
            yield OrderPlan(first.title, masks[later.id], masks[first.id], (*milestones,), step)


def opened(plan: OrderPlan, days: Days) -> date | None:
    """Return the day on which the last of a plan's milestones is recorded, if any is."""
    known = [days.milestones[name] for name in plan.milestones if name in days.milestones]
    return max(known, default=None)


def follows(plan: OrderPlan, item: Item, days: Days) -> bool:
    """Say whether an item was begun no earlier than the milestones of a plan were recorded."""
    day = opened(plan, days)
    if day is None:
        return not plan.step
    return item.start is not None and item.start >= day


def ordered(
    award: int, plan: OrderPlan, offset: int, items: Sequence[Item], eligible: Sequence[int]
) -> OrderLimit:
    """Return the limit of a plan over what is eligible for the slots of an award."""
    early = [items[at] for at in bits(_of(eligible, plan.first))]
    conflicts: dict[int, int] = {}
    for at in bits(_of(eligible, plan.mask)):
        begun = items[at].start
        out = sum(
            1 << one.at for one in early if begun is None or one.end is None or one.end > begun
        )
        if out:
            conflicts[at] = out
    return OrderLimit(award, plan.mask << offset, plan.first << offset, conflicts, plan)


def in_order(problem: Problem, allocation: Sequence[int], index: int, place: int) -> bool:
    """Say whether nothing comes before what it has to follow once an item stands in a slot."""
    at = 1 << place
    for order in problem.orders:
        if (order.later | order.earlier) & at:
            late, early = (
                _of(allocation, slots) | (1 << index if slots & at else 0)
                for slots in (order.later, order.earlier)
            )
            if any(order.conflicts.get(one, 0) & early for one in bits(late)):
                return False
    return True


def _of(masks: Sequence[int], slots: int) -> int:
    found = 0
    for place in bits(slots):
        found |= masks[place]
    return found
