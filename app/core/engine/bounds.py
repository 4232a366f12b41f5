"""Upper bounds: what no allocation can exceed, each with the achievements that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.core.engine.choosing import surplus
from app.core.engine.compiled import CompiledAward, Slot
from app.core.engine.evaluate import Level, Tree, condition_progress, scope, total
from app.core.engine.matching import match
from app.core.engine.problem import CapLimit, ConditionLimit, Problem, bits


class PartBound(NamedTuple):
    """Leaves that together cannot bring more than `limit`, out of `items` and under `caps`."""

    leaves: tuple[int, ...]
    limit: int
    items: int
    caps: tuple[str, ...] = ()


class AwardBound(NamedTuple):
    """The most that an award can come to on levels 1 to 4, and the parts that show it.

    Where level 3 comes to its most, all leaves of `certain` are met. `tree` and `reach` hold what
    each leaf and condition comes to at most, by itself.
    """

    parts: tuple[PartBound, ...]
    level: Level
    certain: tuple[int, ...]
    tree: Tree
    reach: tuple[int, ...]


def bound(problem: Problem) -> tuple[AwardBound, ...]:
    """Return for each award the most that levels 1 to 4 can come to."""
    return tuple([_award(problem, number) for number in range(len(problem.awards))])


def highest(bounds: Sequence[AwardBound]) -> Level:
    """Return the level that no allocation exceeds."""
    if len(bounds) == 1:
        return bounds[0].level
    levels = [one.level for one in bounds]
    return Level(
        tuple([own.awards[0] for own in levels]),
        sum([own.progress for own in levels]),
        sum([own.met for own in levels]),
        sum([own.conditions for own in levels]),
    )


def _award(problem: Problem, number: int) -> AwardBound:
    award = problem.awards[number]
    amounts = problem.amounts[number]
    conditions = [_condition(problem, limit, amounts) for limit in problem.conditions[number]]
    holds = [ok for _, ok in conditions]
    alone, meetable = _leaves(problem, number, amounts, holds)
    tree = Tree(meetable, [part.limit for part in alone], holds, problem.steps_met[number])
    met, progress = tree.award(award.root, award.whole)
    parts = _joined(problem, number, alone, amounts)
    counted = floors = 0
    certain: list[int] = []
    for part in parts:
        able = [at for at in part.leaves if meetable[at]]
        together = meetable_together(award, part, meetable)
        certain += able if together == len(able) else []
        counted += together
        # A part that is one leaf was judged above, with its conditions.
        if len(part.leaves) > 1:
            progress -= sum(alone[at].limit for at in part.leaves) - part.limit
            met = met and part.limit >= demanded(award, part)
    for (own, ok), condition in zip(conditions, award.conditions, strict=True):
        counted += ok and condition.amount is not None
        floors += condition_progress(condition, own)
    reach = tuple([own for own, _ in conditions])
    over = surplus(award, award.root, tree, reach)
    level = Level((met,), progress, counted - over.met, floors - over.floors)
    return AwardBound(parts, level, _sure(award, certain, over.met), tree, reach)


def _sure(award: CompiledAward, certain: Sequence[int], over: int) -> tuple[int, ...]:
    """Of leaves that are met where level 3 is, those that no choice leaves out."""
    barred = 0
    for choice in award.choices if over else ():
        barred |= sum(choice.parts)
    return tuple([at for at in certain if not award.leaves[at].mask & barred])


def demanded(award: CompiledAward, part: PartBound) -> int:
    """Return the progress of the leaves of a part where all are met."""
    return sum(award.leaves[at].of for at in part.leaves)


def _leaves(
    problem: Problem, number: int, amounts: Sequence[int], holds: Sequence[bool]
) -> tuple[list[PartBound], list[bool]]:
    """The most of each leaf by itself, and whether it can be met."""
    award, offset = problem.awards[number], problem.offsets[number]
    parts, meetable = [], []
    for at, leaf in enumerate(award.leaves):
        reach = limit = items = 0
        caps: tuple[str, ...] = ()
        for place in leaf.slots:
            slot = award.slots[place]
            top, named = _slot(problem, offset + place, slot, amounts)
            reach += top
            limit += min(top, slot.demand) * slot.weight
            items |= problem.eligible[offset + place]
            caps += named
        parts.append(PartBound((at,), limit, items, caps))
        meetable.append(reach >= leaf.demand and all(holds[one] for one in leaf.conditions))
    return parts, meetable


def _joined(
    problem: Problem, number: int, alone: Sequence[PartBound], amounts: Sequence[int]
) -> tuple[PartBound, ...]:
    """Leaves that compete for the same items, bounded together where that says more.

    Progress has to be a plain sum for that.
    """
    joinable = problem.awards[number].joinable
    groups: list[PartBound] = []
    apart: list[PartBound] = []
    for at, part in enumerate(alone):
        if not part.items or at not in joinable:
            apart.append(part)
            continue
        joining = [one for one in groups if one.items & part.items]
        items, leaves = part.items, part.leaves
        for one in joining:
            items, leaves = items | one.items, (*one.leaves, *leaves)
        groups = [one for one in groups if one not in joining]
        groups.append(PartBound(tuple(sorted(leaves)), 0, items))
    joined = [
        better
        for group in groups
        for better in _better(problem, number, group, [alone[at] for at in group.leaves], amounts)
    ]
    return (*apart, *joined)


def _better(
    problem: Problem,
    number: int,
    group: PartBound,
    alone: Sequence[PartBound],
    amounts: Sequence[int],
) -> Sequence[PartBound]:
    """The group with what its items supply, or its leaves alone where that is no looser."""
    if len(alone) == 1:
        return alone
    award, offset = problem.awards[number], problem.offsets[number]
    places = [place for at in group.leaves for place in award.leaves[at].slots]
    gains: dict[int, int] = {}
    for place in places:
        slot = award.slots[place]
        for index in bits(problem.eligible[offset + place]):
            gain = amounts[index] if slot.measure == "credits" else slot.weight
            gains[index] = max(gains.get(index, 0), gain)
    supply = sum(gains.values())
    caps: tuple[str, ...] = ()
    if all(award.slots[place].measure == "credits" for place in places):
        slots = sum(1 << offset + place for place in places)
        spilled, caps = _spilled_credits(problem, group.items, slots, amounts)
        supply -= spilled
    if supply >= sum(part.limit for part in alone):
        return _starved(problem, number, alone)
    return [PartBound(group.leaves, supply, group.items, caps)]


def _starved(problem: Problem, number: int, alone: Sequence[PartBound]) -> Sequence[PartBound]:
    """The leaves alone, but those together that want more items than there are for them."""
    award, offset = problem.awards[number], problem.offsets[number]
    counting = [part for part in alone if _counts_one_by_one(award, part)]
    wanted = [(award.leaves[part.leaves[0]].demand, part.items) for part in counting]
    competing = [(min(most, items.bit_count()), items) for most, items in wanted]
    found = [counting[at] for at in sorted(match(competing).starved)]
    best: dict[int, int] = {}
    items = 0
    for part in found:
        items |= part.items
        weight = problem.slots[offset + award.leaves[part.leaves[0]].slots[0]].weight
        for index in bits(part.items):
            best[index] = max(best.get(index, 0), weight)
    supply = sum(best.values())
    if supply >= sum(part.limit for part in found):
        return alone
    leaves = tuple(sorted(part.leaves[0] for part in found))
    rest = [part for part in alone if part not in found]
    return [*rest, PartBound(leaves, supply, items)]


def _counts_one_by_one(award: CompiledAward, part: PartBound) -> bool:
    leaf = award.leaves[part.leaves[0]]
    return leaf.measure == "choose" and len(leaf.slots) == 1


def meetable_together(award: CompiledAward, part: PartBound, meetable: Sequence[bool]) -> int:
    """Return how many leaves of a part can be met at once: the smallest demands first."""
    if len(part.leaves) == 1:
        return int(meetable[part.leaves[0]])
    left, found = part.limit, 0
    for demand in sorted(award.leaves[at].of for at in part.leaves if meetable[at]):
        left -= demand
        found += left >= 0
    return found


def _slot(
    problem: Problem, where: int, slot: Slot, amounts: Sequence[int]
) -> tuple[int, tuple[str, ...]]:
    """The most that a slot can reach, and which caps keep it from more."""
    eligible, at = problem.eligible[where], 1 << where
    if not eligible:
        return 0, ()
    if slot.measure == "choose":
        spilled, caps = _spilled_items(problem, eligible, at)
        most = eligible.bit_count() - spilled
        if slot.by:
            most = problem.number(where, eligible)
            caps = ()
    else:
        spilled, caps = _spilled_credits(problem, eligible, at, amounts)
        most = total(eligible, amounts) - spilled
    return most if slot.high is None else min(most, slot.high), caps


def _spilled_items(problem: Problem, items: int, slots: int) -> tuple[int, tuple[str, ...]]:
    """How many of the items caps and exclusions must leave out; disjoint ones add up."""
    if not (problem.caps or problem.exclusions):
        return 0, ()
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
        if one.exclusion.id and slots & ~one.slots == 0
    ]


def _spilled_credits(
    problem: Problem, items: int, slots: int, amounts: Sequence[int]
) -> tuple[int, tuple[str, ...]]:
    """How many credits of the items caps and exclusions must leave out; disjoint ones add up."""
    if not (problem.caps or problem.exclusions):
        return 0, ()
    seen, spilled, names = 0, 0, []
    for cap in problem.caps:
        own = items & cap.items
        if cap.cap.measure == "credits" and slots & ~cap.slots == 0 and not own & seen:
            left = total(own, amounts) - _through(problem, cap, own, amounts)
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


def _through(problem: Problem, cap: CapLimit, items: int, amounts: Sequence[int]) -> int:
    """The most credits that a cap lets through: whole items may not fill it to the brim."""
    everything = total(items, amounts)
    if everything <= cap.cap.amount:
        return everything
    # An item that any cap trims may count with whatever fills this one.
    if any(one.cap.trim and one.award == cap.award and one.items & items for one in problem.caps):
        return cap.cap.amount
    sums = {0}
    for index in bits(items):
        sums |= {one + amounts[index] for one in sums if one + amounts[index] <= cap.cap.amount}
        if len(sums) > MOST_SUMS:
            return cap.cap.amount
    return max(sums)


# Beyond so many different sums the cap itself is bound enough.
MOST_SUMS = 512


def _condition(problem: Problem, limit: ConditionLimit, amounts: Sequence[int]) -> tuple[int, bool]:
    """The most that a condition can reach, and whether it can hold at all."""
    condition = limit.condition
    if limit.met is not None and limit.reach is not None:
        return limit.reach, limit.met
    reachable = scope(problem.eligible, limit.slots) & limit.items
    if condition.kind == "average":
        low = condition.amount
        number = limit.award
        return 0, low is None or any(
            (points := problem.points[number][index]) is not None and points >= low
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
    if condition.kind == "latest" and condition.latest_by == condition.measure:
        own = min(own, condition.latest)
    return own, own >= (condition.amount or 0)
