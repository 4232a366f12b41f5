"""In how many parts of a group anything may count, and what that keeps from being met at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.core.engine.compiled import Branch, ChoicePlan, CompiledAward, GroupBranch, LeafBranch
from app.core.engine.evaluate import Tree, condition_progress
from app.core.model.requirement import Group, Requirement, walk


def choices(root: Requirement, masks: Mapping[str, int]) -> Iterator[ChoicePlan]:
    """Yield the groups with more parts in which something could stand than may be used."""
    for node in walk(root):
        if isinstance(node, Group) and node.most is not None:
            able = [part for part in node.parts if masks[part.id]]
            if node.most < len(able):
                titles = tuple([part.title for part in able])
                parts = tuple([masks[part.id] for part in able])
                yield ChoicePlan(node, titles, parts, node.most)


class Sum(NamedTuple):
    """Levels 3 and 4 of a branch: leaves and conditions met, and the progress of conditions."""

    met: int = 0
    floors: int = 0

    def plus(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(self.met + other.met, self.floors + other.floors)


class Span(NamedTuple):
    """What a branch comes to with nothing in it, and with all that may be."""

    empty: Sum
    full: Sum


def surplus(award: CompiledAward, branch: Branch, tree: Tree, reach: Sequence[int]) -> Sum:
    """Return what a tree says is met at and below a branch beyond what choices let be met at once.

    Nought where what it speaks of is an allocation: in a part that is not used nothing is met but
    what asks for nothing.
    """
    if not award.choices:
        return Sum()
    most = {one.group.id: one.most for one in award.choices}
    return _Weighing(award, tree, reach, most).over(branch)


class _Weighing(NamedTuple):
    """What branches come to where of the groups in `most` only so many parts are used."""

    award: CompiledAward
    tree: Tree
    reach: Sequence[int]
    most: Mapping[str, int]

    def over(self, branch: Branch) -> Sum:
        """Return what a branch would come to beyond that if every part could be used."""
        found = Sum()
        if not isinstance(branch, GroupBranch):
            return found
        for part in branch.parts:
            found = found.plus(self.over(part))
        if branch.node.id in self.most:
            parts = [self.of(part) for part in branch.parts]
            best = _best(parts, self.most[branch.node.id])
            met = sum([own.full.met - own.empty.met for own in parts]) - best.met
            floors = sum([own.full.floors - own.empty.floors for own in parts]) - best.floors
            found = found.plus(Sum(met, floors))
        return found

    def of(self, branch: Branch) -> Span:
        """Return what a branch comes to."""
        if isinstance(branch, LeafBranch):
            leaf, met = self.award.leaves[branch.leaf], int(self.tree.leaf_met[branch.leaf])
            own = Span(Sum() if leaf.demand else Sum(met), Sum(met))
            return self._beside(own, leaf.conditions)
        if not isinstance(branch, GroupBranch):
            return Span(Sum(), Sum())
        parts = [self.of(part) for part in branch.parts]
        empty, full = Sum(), Sum()
        for part in parts:
            empty, full = empty.plus(part.empty), full.plus(part.full)
        if branch.node.id in self.most:
            full = empty.plus(_best(parts, self.most[branch.node.id]))
        return self._beside(Span(empty, full), branch.conditions)

    def _beside(self, span: Span, conditions: Sequence[int]) -> Span:
        """A branch with its own conditions: with nothing in it those hold that ask for nothing."""
        empty, full = span
        for at in conditions:
            condition = self.award.conditions[at]
            if condition.amount is None:
                continue
            brought = condition_progress(condition, self.reach[at])
            own = Sum(int(self.tree.condition_met[at]), brought)
            full = full.plus(own)
            if condition.over_record or not condition.amount:
                empty = empty.plus(own)
        return Span(empty, full)


def _best(parts: Sequence[Span], most: int) -> Sum:
    """The most that so many parts can add to what there is with nothing in any."""
    met = sorted((own.full.met - own.empty.met for own in parts), reverse=True)
    floors = sorted((own.full.floors - own.empty.floors for own in parts), reverse=True)
    return Sum(sum(met[:most]), sum(floors[:most]))
