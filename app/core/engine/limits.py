"""The problem's variables and limits, as CP-SAT sees them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

from app.core.engine.compiled import Branch, GroupBranch, StepBranch
from app.core.engine.evaluate import scope
from app.core.engine.problem import (
    Aims,
    CapLimit,
    ConditionLimit,
    PairLimit,
    Problem,
    bits,
)
from app.core.model.credits import SCALE

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

# A linear expression or a plain number; the library's own union does not add up under strict types.
Linear: TypeAlias = Any


class Limits:
    """Whether item i stands in slot s, and everything that binds it; amounts are in `unit`s."""

    def __init__(self, problem: Problem, cp: CpModel) -> None:
        """State the variables and every limit of `problem` in `cp`."""
        self.problem = problem
        self.cp = cp
        self.unit = common_divisor(problem)
        self.x: list[dict[int, IntVar]] = [
            {item: cp.new_bool_var(f"x{place}_{item}") for item in bits(mask)}
            for place, mask in enumerate(problem.eligible)
        ]
        self.scopes: dict[tuple[int, int], IntVar] = {}
        self.trimmed: dict[tuple[int, int], Linear] = {}
        self._once_only()
        self._caps()
        self._selections()
        self._orders()
        self._pairs()
        self._within()
        self._across()
        aims = problem.aims or Aims()
        for one in aims.forced:
            cp.add(self.used(one.item, one.slots) >= 1)
        # What stays adds nothing that is not needed, not even in the first place.
        self.staying = bool(aims.shown)

    def wanted(self) -> Iterator[tuple[Linear, int]]:
        """Levels 6 and 7: how many wishes are heeded, and how much of what was shown stays."""
        for several in (self.problem.aims or Aims())[1:]:
            if several:
                yield sum(self.used(one.item, one.slots) for one in several), len(several)

    def _flag(self) -> IntVar:
        """Return a new yes-or-no variable."""
        return self.cp.new_bool_var("")

    def _fixed(self, value: bool) -> IntVar:  # noqa: FBT001 -- the value is the whole meaning
        """Return a yes-or-no that is settled."""
        return self.cp.new_constant(int(value))

    def used(self, item: int, slots: int) -> Linear:
        """Whether the item stands in any of the slots."""
        own = [place for place in bits(slots) if item in self.x[place]]
        if not own:
            return 0
        if not any(self.problem.slot_sharing[place] & slots for place in own):
            return sum(self.x[place][item] for place in own)
        key = (item, sum(1 << place for place in own))
        if key not in self.scopes:
            either = self._flag()
            self.cp.add_max_equality(either, [self.x[place][item] for place in own])
            self.scopes[key] = either
        return self.scopes[key]

    def _standing(self, slots: int) -> int:
        """Return the items that could stand in any of the slots."""
        return scope(self.problem.eligible, slots)

    def _amount(self, item: int, award: int) -> int:
        """Return an item's credits in an award."""
        return self.problem.amounts[award][item] // self.unit

    def _credits(self, items: int, slots: int, award: int) -> Linear:
        """The credits counted of `items` in the slots."""
        return sum(self._counted(item, award, self.used(item, slots)) for item in bits(items))

    def _counted(self, item: int, award: int, flag: Linear) -> Linear:
        """What an item counts with in an award where the flag is up, after trimming."""
        most = self._amount(item, award)
        if (award, item) in self.trimmed:
            return self._product(self.trimmed[award, item], flag, most)
        return most * flag

    def _number(self, items: int, slots: int) -> Linear:
        """How many of the items stand in the slots."""
        return sum(self.used(item, slots) for item in bits(items))

    def _product(self, value: Linear, flag: Linear, most: int) -> Linear:
        """The value where the flag is up, else nought."""
        if isinstance(flag, int):
            return 0
        found = self.cp.new_int_var(0, most, "")
        self.cp.add(found <= most * flag)
        self.cp.add(found <= value)
        self.cp.add(found >= value - most * (1 - flag))
        return found

    def _once_only(self) -> None:
        """An achievement stands once in an award, except in slots that share."""
        for number in range(len(self.problem.awards)):
            places = list(bits(self.problem.whole[number]))
            for item in range(len(self.problem.items)):
                own = [place for place in places if item in self.x[place]]
                for apart in self._rivals(own):
                    self.cp.add_at_most_one(self.x[place][item] for place in apart)

    def _rivals(self, places: list[int]) -> list[tuple[int, ...]]:
        """Sets of slots of which an achievement may stand in one only."""
        sharing = self.problem.slot_sharing
        if not any(sharing[place] for place in places):
            return [tuple(places)] if len(places) > 1 else []
        pairs = combinations(places, 2)
        return [(one, other) for one, other in pairs if not sharing[one] >> other & 1]

    def _caps(self) -> None:
        """At most so much; trimming caps first, because they say what an item counts with."""
        for limit in self.problem.caps:
            if limit.cap.trim:
                self._trim(limit)
        for limit in self.problem.caps:
            items = limit.items & self._standing(limit.slots)
            if limit.cap.measure == "choose":
                self.cp.add(self._number(items, limit.slots) <= limit.cap.amount)
            elif not limit.cap.trim:
                counted = self._credits(items, limit.slots, limit.award)
                self.cp.add(counted <= limit.cap.amount // self.unit)

    def _selections(self) -> None:
        """Ceilings on distinct values, choices, exclusions, and what lies too far apart."""
        for top in self.problem.ceilings:
            flags = self._values(top.values.values(), top.slots, exactly=True)
            self.cp.add(sum(flags) <= top.ceiling.high)
        for choice in self.problem.choices:
            self.cp.add(sum(map(self._holds, choice.parts)) <= choice.plan.most)
        for out in self.problem.exclusions:
            items = out.items & self._standing(out.slots)
            self.cp.add(self._number(items, out.slots) <= out.exclusion.at_most)
        for apart in self.problem.aparts:
            for one, other in apart.pairs():
                both = self.used(one, apart.slots) + self.used(other, apart.slots)
                self.cp.add(both <= 1)

    def _holds(self, slots: int) -> IntVar:
        """Return what is set where anything stands in the slots."""
        flag = self._flag()
        for place in bits(slots):
            for own in self.x[place].values():
                self.cp.add_implication(own, flag)
        return flag

    def _orders(self) -> None:
        """Nothing counts that was begun before what has to come first was completed."""
        for order in self.problem.orders:
            for one, other in order.pairs():
                both = self.used(one, order.later) + self.used(other, order.earlier)
                self.cp.add(both <= 1)

    def _trim(self, limit: CapLimit) -> None:
        """Items count in full until the room is used; the one that crosses, with the rest."""
        award, slots, room = limit.award, limit.slots, limit.cap.amount // self.unit
        before: Linear = 0
        over_before: Linear = 0
        most = 0
        for item in bits(limit.items & self._standing(slots)):
            own, used = self._amount(item, award), self.used(item, slots)
            most += own
            over = self.cp.new_int_var(0, most, "")
            self.cp.add_max_equality(over, [0, before + own * used - room])
            # Nothing is placed once the room is used up.
            self.cp.add(before <= room - 1 + (most + 1) * (1 - used))
            # What stands outside the cap's scope counts in full: the overflow does not grow there.
            self.trimmed[award, item] = own - (over - over_before)
            before, over_before = before + own * used, over

    def _values(self, carriers: Iterable[int], slots: int, *, exactly: bool) -> list[Linear]:
        """For each value whether something that carries it stands in the slots."""
        flags: list[Linear] = []
        standing = self._standing(slots)
        for mask in carriers:
            own = [self.used(item, slots) for item in bits(mask & standing)]
            if not own:
                continue
            flag = self._flag()
            if exactly:
                for used in own:
                    self.cp.add(used <= flag)
            else:
                self.cp.add(flag <= sum(own))
            flags.append(flag)
        return flags

    def _latest(self, number: int, limit: ConditionLimit) -> Linear:
        """How much of a condition's items is among the latest that stand in its slots."""
        condition, found = limit.condition, []
        by_credits = condition.latest_by == "credits"
        most = condition.latest // self.unit if by_credits else condition.latest
        before: Linear = 0
        taken: Linear = 0
        for item in reversed(bits(self._standing(limit.slots))):
            used = self.used(item, limit.slots)
            counted = self._counted(item, number, used)
            now = self.cp.new_int_var(0, most, "")
            after = before + (counted if by_credits else used)
            self.cp.add_min_equality(now, [most, after])
            if limit.items >> item & 1:
                if condition.measure == condition.latest_by:
                    found.append(now - taken)
                elif by_credits:
                    found.append(self._begun_within(used, before, most))
                else:
                    found.append(self._product(counted, now - taken, self._amount(item, number)))
            before, taken = after, now
        return sum(found)

    def _begun_within(self, used: Linear, before: Linear, most: int) -> Linear:
        """Whether something is used while less than the most was taken before it."""
        flag = self._flag()
        self.cp.add(flag <= used)
        # The largest sum keeps it an expression where nothing was taken before.
        self.cp.add(before + flag <= most).only_enforce_if(flag)
        return flag

    def _pairs(self) -> None:
        """In each leaf all of a pair stand, or none does."""
        for limit in self.problem.pairs:
            for leaf in self.problem.awards[limit.award].leaves:
                slots = leaf.mask << self.problem.offsets[limit.award]
                if slots & limit.slots:
                    self._together(limit, slots)

    def _together(self, limit: PairLimit, slots: int) -> None:
        together = self._flag()
        for items in limit.sets:
            own = [self.x[p][i] for p in bits(slots) for i in bits(items) if i in self.x[p]]
            if own:
                self.cp.add_max_equality(together, own)
            else:
                self.cp.add(together == 0)

    def _within(self) -> None:
        """What may count in two requirements of an award, and what has to count in another."""
        for limit in self.problem.overlaps:
            both = self._both(limit.slots, limit.others)
            if limit.by_credits:
                counted = sum(self._counted(i, limit.award, flag) for i, flag in both.items())
                self.cp.add(counted <= limit.amount // self.unit)
            else:
                self.cp.add(sum(both.values()) <= limit.amount)
        for view in self.problem.views:
            for place in bits(view.slots):
                for item, flag in self.x[place].items():
                    self.cp.add(flag <= self.used(item, view.homes))

    def _both(self, first: int, second: int) -> dict[int, IntVar]:
        """The items that can stand in slots of both, each with whether it does."""
        both: dict[int, IntVar] = {}
        for item in bits(self._standing(first) & self._standing(second)):
            flag = both[item] = self._flag()
            self.cp.add(flag >= self.used(item, first) + self.used(item, second) - 1)
        return both

    def _across(self) -> None:
        """What may count in two awards, and in how many."""
        problem = self.problem
        for limit in problem.shared:
            both = self._both(problem.whole[limit.first], problem.whole[limit.second])
            for award, amount in limit.credits_amount:
                counted = sum(self._counted(i, award, flag) for i, flag in both.items())
                self.cp.add(counted <= amount // self.unit)
            if limit.choose_amount is not None:
                self.cp.add(sum(both.values()) <= limit.choose_amount)
        for number, most in enumerate(problem.award_limits):
            if most is None:
                continue
            for item in range(len(problem.items)):
                own = self.used(item, problem.whole[number])
                every = sum(self.used(item, slots) for slots in problem.whole)
                self.cp.add(every <= most + len(problem.awards) * (1 - own))


def terms(problem: Problem) -> int:
    """Return how many terms the model has: the places, and for each limit again those below it.

    Of pairs of places, where slots share, eight are stated as quickly as one of these.
    """
    several = Counter(index for mask in problem.eligible for index in bits(mask))
    found = several.total()
    everything = (1 << len(problem.items)) - 1
    limits = [
        *((one.slots, one.items) for one in problem.caps),
        *((one.slots, one.items) for one in problem.exclusions),
        *((one.slots, one.items) for own in problem.conditions for one in own),
        *((one.slots | one.others, everything) for one in problem.overlaps),
        *((one.slots, everything) for one in problem.views),
    ]
    for slots, items in limits:
        found += sum((problem.eligible[place] & items).bit_count() for place in bits(slots))
    if any(problem.slot_sharing):
        found += sum(each * (each - 1) // 16 for each in several.values())
    return found


def common_divisor(problem: Problem) -> int:
    """Return the largest amount of which every amount in the problem is a multiple."""
    if not all(_even(award.root) for award in problem.awards):
        return 1
    amounts: list[int] = [amount for own in problem.amounts for amount in own]
    amounts += [slot.demand if slot.measure == "credits" else slot.weight for slot in problem.slots]
    amounts += [limit.cap.amount for limit in problem.caps if limit.cap.trim]
    amounts += [_grain(one) for conditions in problem.conditions for one in conditions]
    amounts += [_steps(award.root) for award in problem.awards]
    return math.gcd(*amounts) or 1


def _grain(limit: ConditionLimit) -> int:
    """The amount by which a condition counts: its own credits, or one credit a number."""
    condition = limit.condition
    if condition.kind == "average":
        return 0
    by_credits = condition.kind in {"floor", "latest"} and condition.measure == "credits"
    own = (condition.amount or 0) if by_credits else SCALE
    return math.gcd(own, condition.latest if condition.latest_by == "credits" else 0)


def _even(branch: Branch) -> bool:
    """Say whether no part of a `some` has to be brought to another size."""
    if not isinstance(branch, GroupBranch):
        return True
    same = branch.need is None or all(part.of == branch.share for part in branch.parts)
    return same and all(_even(part) for part in branch.parts)


def _steps(branch: Branch) -> int:
    """The common divisor of what the steps of a tree weigh."""
    if isinstance(branch, StepBranch):
        return branch.of
    if isinstance(branch, GroupBranch):
        return math.gcd(*(_steps(part) for part in branch.parts))
    return 0
