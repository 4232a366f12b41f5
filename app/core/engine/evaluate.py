"""What an allocation amounts to: reaches, what is met, progress, and the objective.

An allocation is a list of item masks, one a slot. Whether it keeps the limits is not asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from app.core.engine.compiled import Branch, Condition, GroupBranch, LeafBranch, StepBranch
from app.core.engine.problem import ConditionLimit, Problem, bits
from app.core.engine.whole_record import judge_mean
from app.core.model.credits import SCALE, Credits

Allocation: TypeAlias = list[int]


class Level(NamedTuple):
    """Levels 1 to 5 of the objective, larger is better (docs/solver.md §7).

    What counts of planned and then of running achievements is a loss, nought or less; so is the
    number of those that count and are `behind` the first preference, the second, and so on.
    """

    awards: tuple[bool, ...]
    progress: int
    met: int
    conditions: int
    planned: int = 0
    running: int = 0
    behind: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Standing:
    """How one award stands under an allocation; indexes are the compiled award's."""

    met: bool
    pending: bool
    reached: int
    reach: tuple[int, ...]
    leaf_met: tuple[bool, ...]
    condition_reach: tuple[int, ...]
    condition_met: tuple[bool, ...]
    credits: tuple[Credits, ...]
    tree: Tree


def total(mask: int, amounts: Sequence[int]) -> int:
    """Return the sum of the amounts of the items in `mask`."""
    found = 0
    for index in bits(mask):
        found += amounts[index]
    return found


def scope(allocation: Sequence[int], slots: int) -> int:
    """Return the items that stand in the slots of `slots`."""
    found = 0
    for place in bits(slots):
        found |= allocation[place]
    return found


def credits_counted(problem: Problem, allocation: Allocation, award: int) -> list[Credits]:
    """Return what each item counts with in an award, after trimming."""
    amounts = list(problem.amounts[award])
    for limit in problem.caps:
        if limit.award == award and limit.cap.trim:
            room = limit.cap.amount
            for index in bits(scope(allocation, limit.slots) & limit.items):
                amounts[index] = Credits(min(amounts[index], room))
                room -= amounts[index]
    return amounts


def stand(problem: Problem, allocation: Allocation, award: int) -> Standing:
    """Judge one award under an allocation."""
    compiled, offset = problem.awards[award], problem.offsets[award]
    credits = credits_counted(problem, allocation, award)
    leaf_reach: list[int] = []
    leaf_progress: list[int] = []
    for leaf in compiled.leaves:
        reach = progress = 0
        for place in leaf.slots:
            slot, inside = compiled.slots[place], allocation[offset + place]
            if slot.measure == "credits":
                own = total(inside, credits)
            else:
                own = problem.number(offset + place, inside)
            reach += own
            progress += min(own, slot.demand) * slot.weight
        leaf_reach.append(reach)
        leaf_progress.append(progress)
    points = problem.points[award]
    judged = [
        judge(limit, scope(allocation, limit.slots), credits, points)
        for limit in problem.conditions[award]
    ]
    holds = [ok for _, ok in judged]
    leaf_met = [
        own >= leaf.demand and all(holds[number] for number in leaf.conditions)
        for own, leaf in zip(leaf_reach, compiled.leaves, strict=True)
    ]
    tree = Tree(leaf_met, leaf_progress, holds, problem.steps_met[award])
    met, reached = tree.award(compiled.root, compiled.whole)
    return Standing(
        met=met,
        pending=not met and _if_attested(problem, award, tree),
        reached=reached,
        reach=tuple(leaf_reach),
        leaf_met=tuple(leaf_met),
        condition_reach=tuple([own for own, _ in judged]),
        condition_met=tuple(holds),
        credits=tuple(credits),
        tree=tree,
    )


def stand_all(problem: Problem, allocation: Allocation) -> tuple[Standing, ...]:
    """Judge every award under an allocation."""
    return tuple([stand(problem, allocation, number) for number in range(len(problem.awards))])


def _if_attested(problem: Problem, award: int, tree: Tree) -> bool:
    """Say whether the award would be met if every attestation were given."""
    waiting = problem.awaiting[award]
    if not waiting:
        return False
    steps = {**tree.steps, **dict.fromkeys(waiting, True)}
    compiled = problem.awards[award]
    given = Tree(tree.leaf_met, tree.leaf_progress, tree.condition_met, steps)
    return given.award(compiled.root, compiled.whole)[0]


def level_of(problem: Problem, allocation: Allocation, standings: Sequence[Standing]) -> Level:
    """Return levels 1 to 5 of the objective."""
    met = progress = planned = running = 0
    for number, (award, standing) in enumerate(zip(problem.awards, standings, strict=True)):
        inside = scope(allocation, problem.whole[number])
        planned -= total(inside & problem.of_status.get("planned", 0), standing.credits)
        running -= total(inside & problem.of_status.get("in-progress", 0), standing.credits)
        met += sum(standing.leaf_met)
        for condition, reach, ok in zip(
            award.conditions, standing.condition_reach, standing.condition_met, strict=True
        ):
            met += ok and condition.amount is not None
            progress += condition_progress(condition, reach)
    return Level(
        tuple([standing.met for standing in standings]),
        sum([standing.reached for standing in standings]),
        met,
        progress,
        planned,
        running,
        behind(problem, allocation),
    )


def rank(problem: Problem, index: int, place: int) -> int:
    """Return how many of a slot's preferences an item is behind."""
    return sum(
        items >> index & 1
        for one in problem.preferences
        if one.slots >> place & 1
        for items in one.behind
    )


def behind(problem: Problem, allocation: Allocation) -> tuple[int, ...]:
    """Return how many items count that are behind each preference, as a loss."""
    if not problem.preferences:
        return ()
    found = [0] * max(len(one.behind) for one in problem.preferences)
    for one in problem.preferences:
        for rank, items in enumerate(one.behind):
            found[rank] -= (scope(allocation, one.slots) & items).bit_count()
    return tuple(found)


def condition_progress(condition: Condition, reach: int) -> int:
    """Return what a floor or breadth brings on level 4; other conditions bring nothing."""
    if condition.kind not in {"floor", "breadth", "latest"}:
        return 0
    unit = 1 if condition.kind != "breadth" and condition.measure == "credits" else SCALE
    return min(reach, condition.amount or 0) * unit


def judge(
    limit: ConditionLimit, inside: int, credits: Sequence[int], points: Sequence[int | None]
) -> tuple[int, bool]:
    """Return the reach of a condition over the items `inside`, and whether it holds."""
    condition = limit.condition
    if limit.met is not None and limit.reach is not None:
        return limit.reach, limit.met
    if condition.kind == "latest":
        own = latest_reach(limit, inside, credits)
        return own, own >= (condition.amount or 0)
    inside &= limit.items
    if condition.kind == "average":
        return judge_mean(inside, credits, points, condition.amount)
    if condition.kind == "breadth":
        own = sum(1 for carriers in limit.values.values() if carriers & inside)
    else:
        own = total(inside, credits) if condition.measure == "credits" else inside.bit_count()
    return own, own >= (condition.amount or 0)


def latest_reach(limit: ConditionLimit, inside: int, credits: Sequence[int]) -> int:
    """Return how much of a condition's items is among the latest of those inside.

    The items are in the order of their days; what crosses the amount counts in part.
    """
    condition, own = limit.condition, 0
    left = condition.latest
    for index in reversed(bits(inside)):
        if left <= 0:
            break
        size = credits[index]
        part = min(size, left) if condition.latest_by == "credits" else size
        if limit.items >> index & 1:
            own += part if condition.measure == "credits" else 1
        left -= size if condition.latest_by == "credits" else 1
    return own


@dataclass(slots=True, eq=False)
class Tree:
    """The rule's tree over what its leaves, conditions and steps came to."""

    leaf_met: Sequence[bool]
    leaf_progress: Sequence[int]
    condition_met: Sequence[bool]
    steps: Mapping[str, bool]

    def award(self, root: Branch, whole: Sequence[int]) -> tuple[bool, int]:
        """Return whether the award is met, and its progress."""
        met, progress = self.branch(root)
        return met and all(self.condition_met[number] for number in whole), progress

    def branch(self, branch: Branch) -> tuple[bool, int]:
        """Return whether a branch is met, and its progress."""
        if isinstance(branch, LeafBranch):
            return self.leaf_met[branch.leaf], self.leaf_progress[branch.leaf]
        if isinstance(branch, StepBranch):
            met = self.steps[branch.node.id]
            return met, branch.of if met else 0
        return self.group(branch)

    def hold(self, conditions: Sequence[int]) -> bool:
        """Say whether all the conditions hold."""
        return all(self.condition_met[number] for number in conditions)

    def group(self, group: GroupBranch) -> tuple[bool, int]:
        """Return whether a group is met, and its progress."""
        parts = [(part, *self.branch(part)) for part in group.parts]
        if group.need is None:
            needed = [(met, progress) for part, met, progress in parts if not part.optional]
            met = all(ok for ok, _ in needed) and self.hold(group.conditions)
            return met, sum(progress for _, progress in needed)
        brought = sorted(
            (
                group.share * progress // part.of if part.of else group.share * met
                for part, met, progress in parts
            ),
            reverse=True,
        )
        enough = sum(met for _, met, _ in parts) >= group.need
        return enough and self.hold(group.conditions), sum(brought[: group.need])
