"""The smallest conflict: requirements that can each be met, and not all of them together.

Found by leaving out: what a set does without and still cannot be met is no part of the conflict.
Each look is one decision of the engine, so that what is named is named truly; where the engine
cannot decide, a part stays and the conflict is not called minimal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias, TypeVar

from app.core.engine.bounds import bound
from app.core.engine.compiled import Branch, CompiledAward, GroupBranch, LeafBranch, slots_of
from app.core.engine.construct import construct
from app.core.engine.decide import AnswerVerdict, settle
from app.core.engine.evaluate import stand_all, total
from app.core.engine.exact import satisfiable
from app.core.engine.problem import (
    ApartLimit,
    CapLimit,
    CeilingLimit,
    ChoiceLimit,
    ExclusionLimit,
    OverlapLimit,
    PairLimit,
    Problem,
    bits,
)
from app.core.model.requirement import Group

Limit: TypeAlias = (
    CapLimit | CeilingLimit | ChoiceLimit | ExclusionLimit | PairLimit | ApartLimit | OverlapLimit
)
Kept = TypeVar(
    "Kept",
    CapLimit,
    CeilingLimit,
    ChoiceLimit,
    ExclusionLimit,
    PairLimit,
    ApartLimit,
    OverlapLimit,
)
# Deterministic seconds of CP-SAT for all questions about one conflict, and for one of them.
LIMIT, LONGEST = 1.0, 0.2
# Placements that may be looked at for all questions together, and for one that is searched.
WORK, LARGEST = 300_000, 20_000
# A model costs something to state, however soon it is solved.
STATED = 0.002


class Demand(NamedTuple):
    """One thing that an award cannot do without: a part of its tree, or a condition by number."""

    award: int
    branch: Branch | None
    condition: int | None = None


class Conflict(NamedTuple):
    """Demands that cannot all be met under `limits`, in the rule's order.

    `reached` of `of` is the most progress that all of them together can come to; `items` may serve
    more than one of them. Without `minimal` a smaller part of it may already be in conflict.
    """

    demands: tuple[Demand, ...]
    limits: tuple[Limit, ...]
    minimal: bool
    reached: int
    of: int
    items: int


def demands_of(award: CompiledAward, number: int = 0) -> tuple[Demand, ...]:
    """Return what an award cannot do without, in the rule's order, what is said of all last."""
    found = list(demands_in(award, number, award.root))
    found += [Demand(number, None, at) for at in award.whole if _asks(award, at)]
    return tuple(found)


def demands_in(award: CompiledAward, number: int, branch: Branch) -> Iterator[Demand]:
    """Yield what a branch cannot do without; a choice is one thing."""
    if isinstance(branch, GroupBranch) and branch.need is None:
        for part in branch.parts:
            if not part.optional:
                yield from demands_in(award, number, part)
        conditions = branch.conditions
    else:
        yield Demand(number, branch)
        conditions = award.leaves[branch.leaf].conditions if isinstance(branch, LeafBranch) else ()
    for at in conditions:
        if _asks(award, at):
            yield Demand(number, None, at)


def _asks(award: CompiledAward, at: int) -> bool:
    """Say whether a condition asks for something; a mean without a floor is only told."""
    return award.conditions[at].amount is not None


def limits_of(problem: Problem, number: int) -> tuple[Limit, ...]:
    """Return what binds every allocation of an award and a rule states."""
    every: tuple[Limit, ...] = (
        *problem.caps,
        *problem.ceilings,
        *problem.choices,
        *problem.exclusions,
        *problem.pairs,
        *problem.aparts,
        *problem.overlaps,
    )
    return tuple([one for one in every if one.award == number and _stated(one)])


def _stated(limit: Limit) -> bool:
    """Of equivalents one counts, whatever a rule says."""
    return not isinstance(limit, ExclusionLimit) or bool(limit.exclusion.id)


class Decider:
    """Whether demands can be met together under some of the limits of an award."""

    def __init__(
        self, problem: Problem, number: int, limit: float = LIMIT, work: int = WORK
    ) -> None:
        """Begin with limits on what all searches, and all questions, may take together."""
        self.problem = problem
        self.number = number
        self.left = limit
        self.work = work

    def can(self, demands: Sequence[Demand], limits: Sequence[Limit]) -> bool | None:
        """Say whether all demands can be met at once; None where it was not settled."""
        return self.decided(self.posed(demands, limits))

    def decided(self, posed: Problem) -> bool | None:
        """Say whether the award of a problem can be met; None where it was not settled."""
        if self.work <= 0:
            return None
        size = sum([mask.bit_count() for mask in posed.eligible]) + len(posed.slots)
        self.work -= size
        if not bound(posed)[self.number].level.awards[0]:
            return False
        allocation = construct(posed)
        if stand_all(posed, allocation)[self.number].met:
            return True
        if self.left <= 0 or size > LARGEST:
            return None
        met, spent = satisfiable(posed, self.number, min(self.left, LONGEST))
        self.left -= max(spent, STATED)
        return met

    def posed(self, demands: Sequence[Demand], limits: Sequence[Limit]) -> Problem:
        """Return the problem in which the award asks for the demands and nothing else."""
        choices = _kept(self.problem.choices, limits, self.number)
        award = _asking(self.problem.awards[self.number], demands)
        plans = tuple([one.plan for one in choices if one.award == self.number])
        award = replace(award, choices=plans)
        slots = self._slots(demands)
        awards = list(self.problem.awards)
        awards[self.number] = award
        return replace(
            self.problem,
            awards=tuple(awards),
            eligible=tuple(
                [
                    mask if slots >> place & 1 else 0
                    for place, mask in enumerate(self.problem.eligible)
                ]
            ),
            caps=_kept(self.problem.caps, limits, self.number),
            ceilings=_kept(self.problem.ceilings, limits, self.number),
            choices=choices,
            exclusions=_kept(self.problem.exclusions, limits, self.number),
            pairs=_kept(self.problem.pairs, limits, self.number),
            aparts=_kept(self.problem.aparts, limits, self.number),
            overlaps=_kept(self.problem.overlaps, limits, self.number),
        )

    def _slots(self, demands: Sequence[Demand]) -> int:
        """The slots that matter to the demands; what stands in others only takes room."""
        award, offset = self.problem.awards[self.number], self.problem.offsets[self.number]
        found = 0
        for one in demands:
            if one.branch is not None:
                found |= slots_of(award, one.branch)
            elif one.condition is not None:
                found |= award.conditions[one.condition].mask
        found <<= offset
        for view in self.problem.views:
            # What counts here has to count there as well.
            found |= view.homes if found & view.slots else 0
        return found


def _kept(several: tuple[Kept, ...], limits: Sequence[Limit], number: int) -> tuple[Kept, ...]:
    chosen = set(map(id, limits))
    return tuple(
        [one for one in several if one.award != number or id(one) in chosen or not _stated(one)]
    )


def _asking(award: CompiledAward, demands: Sequence[Demand]) -> CompiledAward:
    """The award with nothing but the demands; conditions of a demanded leaf are their own."""
    branches = tuple([one.branch for one in demands if one.branch is not None])
    alone = {one.leaf for one in branches if isinstance(one, LeafBranch)}
    return replace(
        award,
        root=GroupBranch(
            node=Group(id="", title=""),
            need=None,
            parts=tuple([replace(one, optional=False) for one in branches]),
            of=sum([one.of for one in branches]),
            share=0,
            conditions=(),
            optional=False,
        ),
        whole=tuple([one.condition for one in demands if one.condition is not None]),
        leaves=tuple(
            [
                replace(leaf, conditions=()) if at in alone else leaf
                for at, leaf in enumerate(award.leaves)
            ]
        ),
        # Only leaves of which progress is a plain sum may be bounded together.
        joinable=award.joinable & alone,
    )


def smallest_conflict(answer: AnswerVerdict, number: int) -> Conflict | None:
    """Return why an award is not met though all that is left to meet could be met by itself.

    What cannot be met even alone is short whatever the rest asks for, and is in no conflict; where
    everything else can be met together there is none. One award is looked at by itself.
    """
    if answer.standings[number].met or not answer.proven:
        return None
    # What is wanted beside the rules is no reason why they cannot be met.
    decider = Decider(replace(answer.problem, aims=None), number)
    demands = demands_of(answer.problem.awards[number], number)
    limits = limits_of(answer.problem, number)
    unmet = [one for one in demands if not _is_met(answer, one)]
    able = [one for one in unmet if _supplied(answer.problem, one) and decider.can((one,), limits)]
    if not able:
        return None
    kept = [one for one in demands if one not in unmet or one in able]
    if decider.can(kept, limits) is not False:
        return None
    return smallest(decider, kept, limits)


def _is_met(answer: AnswerVerdict, demand: Demand) -> bool:
    """Say whether the answer's allocation meets a demand as it is."""
    standing = answer.standings[demand.award]
    if demand.condition is not None:
        return standing.condition_met[demand.condition]
    return isinstance(demand.branch, LeafBranch) and standing.leaf_met[demand.branch.leaf]


def _supplied(problem: Problem, demand: Demand) -> bool:
    """Say whether enough is eligible for a leaf, so that it is worth a look at its limits."""
    if not isinstance(demand.branch, LeafBranch):
        return True
    award, offset = problem.awards[demand.award], problem.offsets[demand.award]
    amounts = problem.amounts[demand.award]
    for place in award.leaves[demand.branch.leaf].slots:
        slot, eligible = award.slots[place], problem.eligible[offset + place]
        number = problem.number(offset + place, eligible)
        most = total(eligible, amounts) if slot.measure == "credits" else number
        if most < slot.demand:
            return False
    return True


def smallest(decider: Decider, demands: Sequence[Demand], limits: Sequence[Limit]) -> Conflict:
    """Return a smallest part of demands and limits that is in conflict, as all of them are."""
    minimal = True

    def spared(keeps: Callable[[Sequence[int]], bool | None], count: int) -> list[int]:
        nonlocal minimal
        kept, sure = without(range(count), keeps)
        minimal = minimal and sure
        return kept

    # Without limits first: what competes for the same achievements needs no other reason.
    binding = [
        limits[at]
        for at in spared(
            lambda left: decider.can(demands, [limits[at] for at in left]), len(limits)
        )
    ]
    order = list(demands)
    needed = [
        order[at]
        for at in spared(lambda left: decider.can([order[at] for at in left], binding), len(order))
    ]
    return _told(decider, needed, binding, minimal=minimal)


def without(
    parts: Sequence[int], can: Callable[[Sequence[int]], bool | None]
) -> tuple[list[int], bool]:
    """Leave out what can be, the later first and many at once; return the rest, and if it is least.

    `can` says whether a selection can be met; what still cannot be met is left out for good.
    """
    kept, sure = list(parts), True
    size = max(1, len(kept) // 2)
    while True:
        for end in range(len(kept), 0, -size):
            left = kept[: max(0, end - size)] + kept[end:]
            met = can(left)
            if met is False:
                kept = left
            elif met is None and size == 1:
                sure = False
        if size == 1:
            return kept, sure
        size = max(1, size // 2)


def _told(
    decider: Decider, demands: Sequence[Demand], limits: Sequence[Limit], *, minimal: bool
) -> Conflict:
    posed = decider.posed(demands, limits)
    best = settle(posed, "planned").standings[decider.number]
    award, offset = posed.awards[decider.number], posed.offsets[decider.number]
    seen = shared = 0
    for one in demands:
        slots = slots_of(award, one.branch) if one.branch is not None else 0
        items = 0
        for place in bits(slots << offset):
            items |= posed.eligible[place]
        shared |= seen & items
        seen |= items
    return Conflict(tuple(demands), tuple(limits), minimal, best.reached, award.root.of, shared)
