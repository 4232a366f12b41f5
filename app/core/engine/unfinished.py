"""Level 5: the least of what is planned or in progress that has to count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from app.core.engine.bounds import MOST_SUMS, AwardBound
from app.core.engine.compiled import Branch, LeafBranch, StepBranch
from app.core.engine.evaluate import Level, Tree, total
from app.core.engine.matching import match
from app.core.engine.problem import Problem, bits
from app.core.model.record import Status

Shares = tuple[tuple[int, int], ...]
"""For each `some` from a leaf up to the root: the share of a part, and what the part demands."""


def spares_unfinished(problem: Problem, own: Level, bounds: Sequence[AwardBound]) -> bool:
    """Say whether no allocation that reaches the bounds counts less of what is unfinished."""
    planned, unfinished = -own.planned, -own.planned - own.running
    return planned == (planned and _least(problem, bounds, {"planned"})) and unfinished == (
        unfinished and _least(problem, bounds, {"planned", "in-progress"})
    )


def _least(problem: Problem, bounds: Sequence[AwardBound], statuses: Collection[Status]) -> int:
    late = sum(problem.of_status.get(status, 0) for status in statuses)
    return sum(_least_of(problem, number, own, late) for number, own in enumerate(bounds))


def _least_of(problem: Problem, number: int, own: AwardBound, late: int) -> int:
    """The least credits of late items in an award, where its progress is at its bound."""
    award = problem.awards[number]
    if any(cap.award == number and cap.cap.trim for cap in problem.caps):
        return 0
    forced = _forced(problem, number, own.certain, late)
    shares = dict(_shares(award.root, ()))
    timely = [_timely(problem, number, leaf.slots, late) for leaf in award.leaves]
    whole = own.level.progress - _progress(problem, number, timely)
    steps = own.level.progress - _progress(problem, number, [0] * len(timely))
    least = _cover(problem, number, shares, late, (steps, whole))
    if any(shares.values()):
        return max(least, forced)
    apart = seen = 0
    # Progress that is a plain sum is at its bound only where every part of it is.
    for part in own.parts:
        if shares.keys() >= set(part.leaves) and not part.items & late & seen:
            seen |= part.items
            leaves = {at: shares[at] for at in part.leaves}
            short = part.limit - sum(timely[at] for at in part.leaves)
            apart += _cover(problem, number, leaves, late, (part.limit, short))
    return max(least, apart, forced)


def _forced(problem: Problem, number: int, certain: Sequence[int], late: int) -> int:
    """The least credits of late items without which these leaves cannot all be met."""
    award, offset = problem.awards[number], problem.offsets[number]
    seen, wanting = 0, list[int]()
    for at in sorted(certain, key=lambda at: award.partners[award.leaves[at].slots[0]].bit_count()):
        leaf = award.leaves[at]
        # Leaves that share may count the same achievement; of these the others are left out.
        if leaf.measure == "choose" and not any(
            award.slots[place].by or award.partners[place] & seen for place in leaf.slots
        ):
            seen |= leaf.mask
            wanting += leaf.slots
    short = sum(award.slots[place].demand for place in wanting)
    wanted = [
        (award.slots[place].demand, problem.eligible[offset + place] & ~late) for place in wanting
    ]
    short -= match(wanted).given
    items = 0
    for place in wanting if short else ():
        items |= problem.eligible[offset + place] & late
    return sum(sorted(problem.amounts[number][index] for index in bits(items))[:short])


def _progress(problem: Problem, number: int, leaves: Sequence[int]) -> int:
    """The most progress of an award whose leaves come to so much."""
    award = problem.awards[number]
    holds = [True] * len(award.conditions)
    tree = Tree([True] * len(leaves), leaves, holds, problem.steps_met[number])
    return tree.branch(award.root)[1]


def _shares(branch: Branch, above: Shares) -> Iterator[tuple[int, Shares]]:
    """The leaves that progress comes from, each with how it is brought to size on the way."""
    if isinstance(branch, LeafBranch):
        yield branch.leaf, above
    elif not isinstance(branch, StepBranch):
        for part in branch.parts:
            if branch.need is not None:
                yield from _shares(part, ((branch.share, part.of), *above))
            elif not part.optional:
                yield from _shares(part, above)


def _timely(problem: Problem, number: int, slots: Iterable[int], late: int) -> int:
    """The most progress of a leaf without late items."""
    award, offset = problem.awards[number], problem.offsets[number]
    amounts = problem.amounts[number]
    most = 0
    for place in slots:
        slot, items = award.slots[place], problem.eligible[offset + place] & ~late
        by_credits = slot.measure == "credits"
        reach = total(items, amounts) if by_credits else problem.number(offset + place, items)
        most += min(reach, slot.demand) * slot.weight
    return most


def _cover(
    problem: Problem,
    number: int,
    leaves: Mapping[int, Shares],
    late: int,
    short: tuple[int, int],
) -> int:
    """The least credits of late items that bring the leaves what they are short of.

    They are short of the first amount less what the others can bring in all, and of the second.
    """
    others = _gains(problem, number, leaves, ~late)
    needed = max(short[0] - sum(others.values()), short[1])
    if needed <= 0:
        return 0
    # The most that some credits can bring: a knapsack over what each item can bring at most.
    best = {0: 0}
    for index, gain in _gains(problem, number, leaves, late).items():
        amount = problem.amounts[number][index]
        for spent, brought in tuple(best.items()):
            if brought < needed:
                best[spent + amount] = max(best.get(spent + amount, 0), brought + gain)
        if len(best) > MOST_SUMS:
            return 0
    return min((spent for spent, brought in best.items() if brought >= needed), default=0)


def _gains(
    problem: Problem, number: int, leaves: Mapping[int, Shares], late: int
) -> dict[int, int]:
    """The most progress that each late item can bring to the leaves."""
    award, offset = problem.awards[number], problem.offsets[number]
    gains: dict[int, int] = {}
    for at, shares in leaves.items():
        for place in award.leaves[at].slots:
            slot = award.slots[place]
            for index in bits(problem.eligible[offset + place] & late):
                by_credits = slot.measure == "credits"
                own = problem.number(offset + place, 1 << index)
                amount = problem.amounts[number][index] if by_credits else own
                gain = _lifted(min(amount, slot.demand) * slot.weight, shares)
                before = gains.get(index, 0)
                gains[index] = before + gain if award.partners[place] else max(before, gain)
    return gains


def _lifted(gain: int, shares: Shares) -> int:
    """What progress of a leaf comes to further up, rounded up."""
    for share, of in shares:
        gain = min(share, -(-gain * share // of)) if of else share
    return gain
