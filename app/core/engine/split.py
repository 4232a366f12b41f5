"""A problem in parts that have nothing to do with each other, so that each is searched alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from app.core.engine.bounds import AwardBound, demanded, meetable_together
from app.core.engine.choosing import surplus
from app.core.engine.compiled import (
    Branch,
    CompiledAward,
    GroupBranch,
    LeafBranch,
    StepBranch,
    chooses,
)
from app.core.engine.evaluate import (
    Standing,
    Tree,
    condition_progress,
    scope,
    total,
)
from app.core.engine.fitting import breadth
from app.core.engine.problem import ConditionLimit, Problem, bits
from app.core.engine.quick import Try
from app.core.model.requirement import Group


class Unit(NamedTuple):
    """A branch that adds to its award's progress as it is, or to nothing but its leaves met."""

    branch: Branch
    mask: int
    leaves: tuple[int, ...]
    conditions: tuple[int, ...]


class Units(NamedTuple):
    """What an award is the sum of, and the conditions that it cannot do without."""

    units: tuple[Unit, ...]
    needed: tuple[int, ...]


@lru_cache(maxsize=256)
def units_of(award: CompiledAward) -> Units:
    """Return what an award is the sum of."""
    needed = list(award.whole)
    # What the award asks for as a whole is never in addition to anything.
    root = replace(award.root, optional=False)
    return Units(tuple(_units(award, root, needed)), tuple(needed))


def _units(award: CompiledAward, branch: Branch, needed: list[int]) -> Iterator[Unit]:
    if isinstance(branch, GroupBranch) and not chooses(branch) and not branch.optional:
        needed += branch.conditions
        for part in branch.parts:
            yield from _units(award, part, needed)
    elif not isinstance(branch, StepBranch):
        leaves, conditions = tuple(_leaves(branch)), list(_conditions(branch))
        mask = 0
        for at in leaves:
            mask |= award.leaves[at].mask
            conditions += award.leaves[at].conditions
        yield Unit(branch, mask, leaves, tuple(conditions))


def _leaves(branch: Branch) -> Iterator[int]:
    if isinstance(branch, LeafBranch):
        yield branch.leaf
    elif isinstance(branch, GroupBranch):
        for part in branch.parts:
            yield from _leaves(part)


def _conditions(branch: Branch) -> Iterator[int]:
    if isinstance(branch, GroupBranch):
        yield from branch.conditions
        for part in branch.parts:
            yield from _conditions(part)


class Part(NamedTuple):
    """A part of a problem: slots, and by award the units in them and the needed conditions."""

    slots: int
    units: tuple[tuple[Unit, ...], ...]
    needed: tuple[tuple[int, ...], ...]

    def awards(self) -> list[int]:
        """Return the awards that have something in the part."""
        both = enumerate(zip(self.units, self.needed, strict=True))
        return [number for number, own in both if any(own)]

    def leaves(self, number: int) -> list[int]:
        """Return all leaves of an award in the part."""
        return [at for one in self.units[number] for at in one.leaves]

    def conditions(self, number: int) -> list[int]:
        """Return all conditions of an award in the part."""
        return [*(at for one in self.units[number] for at in one.conditions), *self.needed[number]]


class Divided(NamedTuple):
    """The parts of a problem; and of each award the conditions that are looked at in none.

    Those `aside` reach their bound as things stand, and would tie much together: each with what it
    comes to, and whether it holds.
    """

    parts: tuple[Part, ...]
    aside: tuple[Mapping[int, tuple[int, bool]], ...]

    def keep(self, awards: Sequence[CompiledAward], standings: Sequence[Standing]) -> bool:
        """Say whether the conditions `aside` still come to what they did."""
        return all(
            own.condition_met[at] == met
            and condition_progress(award.conditions[at], own.condition_reach[at])
            == condition_progress(award.conditions[at], reach)
            for award, own, aside in zip(awards, standings, self.aside, strict=True)
            for at, (reach, met) in aside.items()
        )


def divide(problem: Problem, best: Try) -> Divided:
    """Return the parts of a problem; of slots for which nothing is eligible there are none."""
    aside: list[dict[int, tuple[int, bool]]] = []
    depending: list[dict[int, int]] = []
    for number, award in enumerate(problem.awards):
        own, most = best.standings[number], best.bounds[number]
        aside.append({})
        depending.append({})
        for at in units_of(award).needed:
            slots = _depends_on(problem, problem.conditions[number][at])
            if slots and _reached(award, at, own, most):
                aside[-1][at] = own.condition_reach[at], own.condition_met[at]
            else:
                depending[-1][at] = slots
    filled = sum(1 << place for place, mask in enumerate(problem.eligible) if mask)
    tied = [slots for one in depending for slots in one.values()]
    merged = _merged(slots & filled for slots in (*_tied(problem), *_limited(problem), *tied))
    return Divided(tuple([_part(problem, slots, depending) for slots in merged]), tuple(aside))


def _part(problem: Problem, slots: int, depending: Sequence[Mapping[int, int]]) -> Part:
    units = [
        tuple([unit for unit in units_of(award).units if unit.mask << offset & slots])
        for award, offset in zip(problem.awards, problem.offsets, strict=True)
    ]
    needed = [tuple([at for at, own in one.items() if own & slots]) for one in depending]
    return Part(slots, tuple(units), tuple(needed))


def _depends_on(problem: Problem, limit: ConditionLimit) -> int:
    """The slots on which a condition depends."""
    if limit.met is not None or limit.condition.amount is None:
        return 0
    return _holding(problem, limit.slots, -1 if limit.condition.kind == "latest" else limit.items)


def _holding(problem: Problem, slots: int, items: int) -> int:
    """Those of the slots for which any of the items is eligible."""
    return sum(1 << place for place in bits(slots) if problem.eligible[place] & items)


def _reached(award: CompiledAward, at: int, standing: Standing, most: AwardBound) -> bool:
    """Say whether a condition is as good as it can be."""
    condition = award.conditions[at]
    return standing.condition_met[at] == most.tree.condition_met[at] and condition_progress(
        condition, standing.condition_reach[at]
    ) == condition_progress(condition, most.reach[at])


def _merged(several: Iterable[int]) -> list[int]:
    """Sets of slots, those joined that have any in common."""
    found: list[int] = []
    for slots in several:
        joined, apart = slots, []
        for other in found:
            if other & slots:
                joined |= other
            else:
                apart.append(other)
        found = [*apart, joined] if slots else found
    return sorted(found, key=lambda slots: slots & -slots)


def _tied(problem: Problem) -> Iterator[int]:
    """Sets of slots that are judged together, or compete for an item."""
    for award, offset in zip(problem.awards, problem.offsets, strict=True):
        yield from (unit.mask << offset for unit in units_of(award).units)
    options: dict[int, int] = {}
    for place, mask in enumerate(problem.eligible):
        for index in bits(mask):
            options[index] = options.get(index, 0) | 1 << place
    # What is not finished counts as seldom as can be, in slots that share as well.
    late = _unfinished(problem)
    across = _across(problem)
    for index, places in options.items():
        yield places & across
        for whole in problem.whole:
            here = places & whole
            if late >> index & 1:
                yield here
            else:
                yield from (here & ~problem.slot_sharing[place] for place in bits(here))


def _unfinished(problem: Problem) -> int:
    return problem.of_status.get("planned", 0) | problem.of_status.get("in-progress", 0)


def _across(problem: Problem) -> int:
    """The slots of awards in several of which an item may not count, or not in any number."""
    if any(one is not None for one in problem.award_limits):
        return (1 << len(problem.slots)) - 1
    found = 0
    for limit in problem.shared:
        if limit.choose_amount == 0:
            found |= problem.whole[limit.first] | problem.whole[limit.second]
    return found


def _limited(problem: Problem) -> Iterator[int]:
    """Sets of slots that a limit binds together."""
    yield from _crowded(problem)
    yield from _shared(problem)
    yield from (one.slots for one in problem.aparts if one.conflicts)
    yield from (one.later | one.earlier for one in problem.orders if one.conflicts)
    yield from (one.slots | one.others for one in problem.overlaps)
    yield from (one.slots | one.homes for one in problem.views)


def _crowded(problem: Problem) -> Iterator[int]:
    """Sets of slots for which more is eligible than a cap, exclusion or ceiling lets count."""
    for cap in problem.caps:
        items = cap.items & scope(problem.eligible, cap.slots)
        by_credits = cap.cap.measure == "credits"
        most = total(items, problem.amounts[cap.award]) if by_credits else items.bit_count()
        if cap.cap.trim:
            # What is trimmed counts with less wherever in the award it stands.
            yield _holding(problem, problem.whole[cap.award], items)
        elif most > cap.cap.amount:
            yield _holding(problem, cap.slots, items)
    for out in problem.exclusions:
        items = out.items & scope(problem.eligible, out.slots)
        if items.bit_count() > out.exclusion.at_most:
            yield _holding(problem, out.slots, items)
    for top in problem.ceilings:
        items = scope(problem.eligible, top.slots)
        if breadth(top.values, items) > top.ceiling.high:
            yield _holding(problem, top.slots, items)


def _shared(problem: Problem) -> Iterator[int]:
    """Sets of slots for which more is eligible than two awards may share."""
    for limit in problem.shared:
        first, second = problem.whole[limit.first], problem.whole[limit.second]
        both = scope(problem.eligible, first) & scope(problem.eligible, second)
        # Where nothing may be shared each item is for itself.
        most = limit.choose_amount
        if most != 0 and (
            (most is not None and both.bit_count() > most)
            or any(total(both, problem.amounts[own]) > cap for own, cap in limit.credits_amount)
        ):
            yield _holding(problem, first | second, both)


def settled(problem: Problem, part: Part, best: Try, wanted: Collection[int]) -> bool:
    """Say whether bounds show that nothing can be better in a part."""
    allocation, standings, _, bounds, _ = best
    inside = scope(allocation, part.slots)
    if inside & _unfinished(problem) or any(
        scope(allocation, one.slots & part.slots) & one.behind[0] for one in problem.preferences
    ):
        return False
    for number in part.awards():
        award, own, most = problem.awards[number], standings[number], bounds[number]
        as_it_is = come_to(part, number, award, own.tree, own.condition_reach)
        at_most = _at_most(part, number, award, most)
        asked = 0 if number in wanted else 1
        if as_it_is[asked:] != at_most[asked:]:
            return False
    return True


def whole(problem: Problem, part: Part, number: int, standing: Standing) -> bool:
    """Say whether an award is in a part, and has all there that it cannot do without."""
    award = problem.awards[number]
    inside = number in part.awards()
    return inside and come_to(part, number, award, standing.tree, standing.condition_reach)[0]


def come_to(
    part: Part, number: int, award: CompiledAward, tree: Tree, reach: Sequence[int]
) -> tuple[bool, int, int, int]:
    """Return what a part of an award comes to on levels 1 to 4."""
    done, progress, met, floors = True, 0, 0, 0
    for unit in part.units[number]:
        ok, brought = tree.branch(unit.branch)
        if not unit.branch.optional:
            done, progress = done and ok, progress + brought
        if any(one.parts[0] & unit.mask for one in award.choices):
            over = surplus(award, unit.branch, tree, reach)
            met, floors = met - over.met, floors - over.floors
        for at in unit.leaves:
            met += tree.leaf_met[at]
    for at in part.needed[number]:
        done = done and tree.condition_met[at]
    for at in part.conditions(number):
        condition = award.conditions[at]
        met += tree.condition_met[at] and condition.amount is not None
        floors += condition_progress(condition, reach[at])
    return done, progress, met, floors


def _at_most(
    part: Part, number: int, award: CompiledAward, most: AwardBound
) -> tuple[bool, int, int, int]:
    """The most that a part of an award can come to."""
    done, progress, met, floors = come_to(part, number, award, most.tree, most.reach)
    leaves = {at for unit in part.units[number] for at in unit.leaves}
    for one in most.parts:
        # A leaf by itself was judged with its conditions.
        if len(one.leaves) > 1 and one.leaves[0] in leaves:
            done = done and one.limit >= demanded(award, one)
            progress -= sum(most.tree.leaf_progress[at] for at in one.leaves) - one.limit
            met -= sum(most.tree.leaf_met[at] for at in one.leaves)
            met += meetable_together(award, one, most.tree.leaf_met)
    return done, progress, met, floors


def cut(problem: Problem, divided: Divided, part: Part) -> Problem:
    """Return the problem of one part; what is outside of it stays as it stands."""
    slots = part.slots
    return replace(
        problem,
        awards=tuple(
            [
                _reduced(award, units, needed)
                for award, units, needed in zip(
                    problem.awards, part.units, part.needed, strict=True
                )
            ]
        ),
        eligible=tuple(
            [mask if slots >> place & 1 else 0 for place, mask in enumerate(problem.eligible)]
        ),
        caps=tuple([one for one in problem.caps if one.slots & slots]),
        ceilings=tuple([one for one in problem.ceilings if one.slots & slots]),
        choices=tuple([one for one in problem.choices if one.slots & slots]),
        exclusions=tuple([one for one in problem.exclusions if one.slots & slots]),
        aparts=tuple([one for one in problem.aparts if one.slots & slots]),
        overlaps=tuple([one for one in problem.overlaps if one.slots & slots]),
        views=tuple([one for one in problem.views if one.slots & slots]),
        orders=tuple([one for one in problem.orders if one.later & slots]),
        preferences=tuple([one for one in problem.preferences if one.slots & slots]),
        conditions=tuple(
            [
                tuple([_as_it_is(limit, aside.get(at)) for at, limit in enumerate(limits)])
                for limits, aside in zip(problem.conditions, divided.aside, strict=True)
            ]
        ),
    )


def _as_it_is(limit: ConditionLimit, came_to: tuple[int, bool] | None) -> ConditionLimit:
    return limit._replace(reach=came_to[0], met=came_to[1]) if came_to else limit


def _reduced(award: CompiledAward, units: Sequence[Unit], needed: tuple[int, ...]) -> CompiledAward:
    """The award with nothing but some of its units and of the conditions that it needs."""
    branches = tuple([unit.branch for unit in units])
    root = GroupBranch(
        node=Group(id="", title=""),
        need=None,
        parts=branches,
        of=sum([one.of for one in branches if not one.optional]),
        share=0,
        conditions=(),
        optional=False,
    )
    return replace(award, root=root, whole=needed)
