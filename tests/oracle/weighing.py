"""What an allocation is worth: sections 5 to 7 of docs/solver.md, executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from app.core.model.credits import SCALE
from app.core.model.requirement import (
    Attest,
    From,
    Group,
    MilestoneStep,
    Nested,
    Requirement,
    Take,
    When,
)
from tests.oracle.facts import admits
from tests.oracle.sheet import WHOLE, Latest, Limit, Sheet, Standing


@dataclass(frozen=True, slots=True)
class Worth:
    """What the allocation is worth for one award; `fulfilled` are the leaves and conditions met."""

    met: bool
    reached: int
    of: int
    fulfilled: frozenset[str]
    conditions: int
    planned: int
    in_progress: int
    behind: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """How one requirement stands."""

    met: bool
    progress: int
    demand: int


def weigh(sheet: Sheet, standings: Sequence[Standing]) -> Worth:
    """Return what it is worth that these achievements count in the award."""
    tree = Tree(sheet, standings)
    root = tree.found(sheet.view.rule.root)
    met = tree.conditions_hold(WHOLE) and root.met
    return Worth(
        met,
        root.progress,
        root.demand,
        frozenset(tree.fulfilled),
        sum(condition_progress(sheet, node, standings) for node in sheet.qualifiers),
        sum(each.credits for each in standings if each.one.status == "planned"),
        sum(each.credits for each in standings if each.one.status == "in-progress"),
        behind(sheet, standings),
    )


def behind(sheet: Sheet, standings: Sequence[Standing]) -> tuple[int, ...]:
    """Level 5: return how much counts that no preference admits, or only a later one."""
    longest = max((len(leaf.prefer) for leaf in sheet.leaves.values()), default=0)
    return tuple(
        sum(
            not any(admits(sheet.view, first, each.one) for first in leaf.prefer[: rank + 1])
            for name, leaf in sheet.leaves.items()
            if rank < len(leaf.prefer)
            for each in standings
            if name in each.leaves
        )
        for rank in range(longest)
    )


class Tree:
    """The requirements of one award over one allocation."""

    def __init__(self, sheet: Sheet, standings: Sequence[Standing]) -> None:
        """Keep what counts, and begin with nothing fulfilled."""
        self.sheet = sheet
        self.standings = standings
        self.fulfilled: set[str] = set()

    def found(self, node: Requirement) -> Found:
        """Return how a requirement stands, and note what below it is fulfilled."""
        match node:
            case Group():
                return self.group(node)
            case Take() | From():
                return self.leaf(node)
            case MilestoneStep():
                return self.step(node, met=self.recorded(node.milestone))
            case Attest():
                return self.step(node, met=self.attested(node))
            case When() | Nested():
                msg = "a rule is laid out as it is for one learner"
                raise AssertionError(msg)
            case _:
                assert_never(node)

    def leaf(self, leaf: Take | From) -> Found:
        """Return how a leaf stands."""
        inside = [
            (each.credits, p.slot)
            for each in self.standings
            for p in each.places
            if p.leaf == leaf.id
        ]
        weights = self.sheet.weights[leaf.id]
        if isinstance(leaf, Take):
            reached, demand = len(inside), len(leaf.credentials)
            progress, full = sum(weights[slot] for _, slot in inside), sum(weights.values())
        elif leaf.quantity.measure == "choose":
            reached, demand = len(inside), leaf.quantity.low
            if leaf.quantity.by:
                there = [each for each in self.standings if leaf.id in each.leaves]
                reached = self.sheet.different(leaf.quantity, there)
            weight = weights[""]
            progress, full = min(reached, demand) * weight, demand * weight
        else:
            reached, demand = sum(own for own, _ in inside), leaf.quantity.low
            progress, full = min(reached, demand), demand
        met = self.conditions_hold(leaf.id) and reached >= demand
        if met:
            self.fulfilled.add(leaf.id)
        return Found(met, progress, full)

    def step(self, node: MilestoneStep | Attest, *, met: bool) -> Found:
        """Return how a step stands."""
        weight = node.weight or 0
        return Found(self.conditions_hold(node.id) and met, weight if met else 0, weight)

    def recorded(self, milestone: str) -> bool:
        """Say whether a milestone is recorded on or before the audit's day."""
        view = self.sheet.view
        return any(
            each.name == milestone and each.on <= view.as_of for each in view.record.milestones
        )

    def attested(self, node: Attest) -> bool:
        """Say whether a person in that role has confirmed it by the audit's day."""
        view = self.sheet.view
        return any(
            (each.requirement, each.role) == (node.id, node.role) and each.on <= view.as_of
            for each in view.record.attestations
        )

    def group(self, group: Group) -> Found:
        """Return how a group stands: all that is not optional, or the best few."""
        conditions = self.conditions_hold(group.id)
        parts = [(part, self.found(part)) for part in group.parts]
        if group.need is None:
            needed = [found for part, found in parts if not part.optional]
            return Found(
                conditions and all(found.met for found in needed),
                sum(found.progress for found in needed),
                sum(found.demand for found in needed),
            )
        met = sum(found.met for _, found in parts) >= group.need
        least = sorted(found.demand for _, found in parts if found.demand > 0)[: group.need]
        each = sum(least) // len(least) if least else 0
        brought = sorted((brings(found, each) for _, found in parts), reverse=True)
        return Found(conditions and met, sum(brought[: group.need]), each * group.need)

    def conditions_hold(self, node: str) -> bool:
        """Say whether every condition on a node holds, and note those that do."""
        sheet, standings = self.sheet, self.standings
        asked = [
            *(
                (floor.measured.id, floor.reached(standings) >= floor.amount)
                for floor in sheet.floors[node]
            ),
            *(
                (each.measured.id, each.reached(standings) >= each.low)
                for each in sheet.breadths[node]
                if each.low and each.measured.seen is None
            ),
            *(
                (
                    each.measured.id,
                    each.low <= values and (each.high is None or values <= each.high),
                )
                for each in sheet.breadths[node]
                if each.measured.seen is not None
                for values in (each.reached(standings),)
            ),
            *sheet.record_rules[node].items(),
            *(
                (each.measured.id, each.reached(standings) >= each.amount)
                for each in sheet.latest[node]
            ),
            *((mean.measured.id, mean.holds(standings)) for mean in sheet.means[node]),
            *(
                (cap.measured.id, cap.reached(standings) <= cap.amount)
                for cap in sheet.record_caps[node]
            ),
        ]
        self.fulfilled.update(name for name, holds in asked if holds)
        return all(holds for _, holds in asked)


def brings(found: Found, each: int) -> int:
    """Return what one part brings to a group of which a few are enough."""
    if found.demand > 0:
        return each * found.progress // found.demand
    return each if found.met else 0


def condition_progress(sheet: Sheet, node: str, standings: Sequence[Standing]) -> int:
    """Level 4: return how far the floors and breadths of a node are reached."""
    least: list[Limit | Latest] = [*sheet.floors[node], *sheet.latest[node]]
    floors = sum(
        min(floor.reached(standings), floor.amount) * (SCALE if floor.by_number else 1)
        for floor in least
    )
    return floors + sum(
        min(each.reached(standings), each.low) * SCALE for each in sheet.breadths[node]
    )
