"""Upper bounds: what no allocation can exceed, each with the achievements that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.engine.compiled import Slot
from app.core.engine.evaluate import Level, Standing, Tree, condition_progress, level_of, total
from app.core.engine.problem import CapLimit, ConditionLimit, Problem, bits


@dataclass(frozen=True, slots=True)
class AwardBound:
    """The most that an award's leaves can come to, each alone; `caps` name what limits each."""

    reach: tuple[int, ...]
    progress: tuple[int, ...]
    caps: tuple[tuple[str, ...], ...]
    level: Level


def bound(problem: Problem) -> tuple[AwardBound, ...]:
    """Return for each award the most its leaves can reach, and levels 1 to 4 on top of that."""
    return tuple(_award(problem, number) for number in range(len(problem.awards)))


def attains(
    problem: Problem, standings: tuple[Standing, ...], bounds: tuple[AwardBound, ...]
) -> bool:
    """Say whether an allocation's standings reach every bound, so that nothing can be better."""
    own = level_of(problem, standings)
    return (
        own.awards == tuple(one.level.awards[0] for one in bounds)
        and own.progress == sum(one.level.progress for one in bounds)
        and own.met == sum(one.level.met for one in bounds)
        and own.conditions == sum(one.level.conditions for one in bounds)
    )


def _award(problem: Problem, number: int) -> AwardBound:
    award, offset = problem.awards[number], problem.offsets[number]
    amounts = [item.amounts[number] for item in problem.items]
    tops = [_slot(problem, offset + place, slot, amounts) for place, slot in enumerate(award.slots)]
    reach = [top for top, _ in tops]
    reachable = 0
    for place in range(len(award.slots)):
        reachable |= problem.eligible[offset + place]
    conditions = [_condition(problem, limit, amounts) for limit in problem.conditions[number]]
    holds = [ok for _, ok in conditions]
    leaf_met, leaf_progress, leaf_reach = [], [], []
    for leaf in award.leaves:
        own = sum(reach[place] for place in leaf.slots)
        leaf_reach.append(own)
        leaf_met.append(own >= leaf.demand and all(holds[one] for one in leaf.conditions))
        leaf_progress.append(
            sum(
                min(reach[place], award.slots[place].demand) * award.slots[place].weight
                for place in leaf.slots
            )
        )
    tree = Tree(leaf_met, leaf_progress, holds, problem.steps_met[number])
    met, progress = tree.award(award.root, award.whole)
    counted = sum(leaf_met) + sum(
        ok and condition.amount is not None
        for ok, condition in zip(holds, award.conditions, strict=True)
    )
    floors = sum(
        condition_progress(condition, own)
        for (own, _), condition in zip(conditions, award.conditions, strict=True)
    )
    caps = tuple(
        tuple(name for place in leaf.slots for name in tops[place][1]) for leaf in award.leaves
    )
    return AwardBound(
        tuple(leaf_reach), tuple(leaf_progress), caps, Level((met,), progress, counted, floors)
    )


def _slot(
    problem: Problem, where: int, slot: Slot, amounts: list[int]
) -> tuple[int, tuple[str, ...]]:
    """The most that a slot can reach, and which caps keep it from more."""
    eligible, at = problem.eligible[where], 1 << where
    if slot.measure == "choose":
        spilled, caps = _spilled_items(problem, eligible, at)
        most = eligible.bit_count() - spilled
    else:
        spilled, caps = _spilled_credits(problem, eligible, at, amounts)
        most = total(eligible, amounts) - spilled
    return most if slot.high is None else min(most, slot.high), caps


def _spilled_items(problem: Problem, items: int, slots: int) -> tuple[int, tuple[str, ...]]:
    """How many of the items caps and exclusions must leave out; disjoint ones add up."""
    seen, spilled, names = 0, 0, []
    for name, limited, most in _count_limits(problem, slots):
        own = items & limited
        if not own & seen and own.bit_count() > most:
            spilled += own.bit_count() - most
            seen |= own
            names.append(name)
    return spilled, tuple(names)


def _count_limits(problem: Problem, slots: int) -> list[tuple[str, int, int]]:
    limits = [
        (one.cap.id, one.items, one.cap.amount)
        for one in problem.caps
        if one.cap.measure == "choose" and slots & ~one.slots == 0
    ]
    return limits + [
        (one.exclusion.id, one.items, one.exclusion.at_most)
        for one in problem.exclusions
        if slots & ~one.slots == 0
    ]


def _spilled_credits(
    problem: Problem, items: int, slots: int, amounts: list[int]
) -> tuple[int, tuple[str, ...]]:
    """How many credits of the items caps and exclusions must leave out; disjoint ones add up."""
    seen, spilled, names = 0, 0, []
    for cap in problem.caps:
        own = items & cap.items
        if cap.cap.measure == "credits" and slots & ~cap.slots == 0 and not own & seen:
            left = total(own, amounts) - _through(cap, own, amounts)
            if left > 0:
                spilled += left
                seen |= own
                names.append(cap.cap.id)
    for name, limited, most in _count_limits(problem, slots):
        own = items & limited
        if not own & seen and own.bit_count() > most:
            spilled += sum(sorted(amounts[index] for index in bits(own))[: own.bit_count() - most])
            seen |= own
            names.append(name)
    return spilled, tuple(names)


def _through(cap: CapLimit, items: int, amounts: list[int]) -> int:
    """The most credits that a cap lets through: whole items may not fill it to the brim."""
    everything = total(items, amounts)
    if everything <= cap.cap.amount:
        return everything
    if cap.cap.trim:
        return cap.cap.amount
    sums = {0}
    for index in bits(items):
        sums |= {one + amounts[index] for one in sums if one + amounts[index] <= cap.cap.amount}
        if len(sums) > MOST_SUMS:
            return cap.cap.amount
    return max(sums)


# Beyond so many different sums the cap itself is bound enough.
MOST_SUMS = 512


def _condition(problem: Problem, limit: ConditionLimit, amounts: list[int]) -> tuple[int, bool]:
    """The most that a condition can reach, and whether it can hold at all."""
    condition = limit.condition
    if limit.met is not None and limit.reach is not None:
        return limit.reach, limit.met
    reachable = 0
    for place in bits(limit.slots):
        reachable |= problem.eligible[place]
    reachable &= limit.items
    if condition.kind == "average":
        low = condition.amount
        number = limit.award
        return 0, low is None or any(
            (points := problem.items[index].points[number]) is not None and points >= low
            for index in bits(reachable)
        )
    if condition.kind == "breadth":
        own = sum(1 for carriers in limit.values.values() if carriers & reachable)
    elif condition.measure == "credits":
        own = (
            total(reachable, amounts)
            - _spilled_credits(problem, reachable, limit.slots, amounts)[0]
        )
    else:
        own = reachable.bit_count() - _spilled_items(problem, reachable, limit.slots)[0]
    return own, own >= (condition.amount or 0)
