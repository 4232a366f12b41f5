"""The fast path's allocation: slots hardest first, the plainest items, then augmenting moves.

Whatever it builds respects every limit; whether it is the best is for `bounds` to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from app.core.engine.evaluate import Allocation, rank, total
from app.core.engine.fitting import Fitting, breadth
from app.core.engine.problem import ChoiceLimit, ConditionLimit, PairLimit, Problem, bits

CLASSES = {"earned": 0, "in-progress": 1, "planned": 2}
# So many moves are tried for one allocation; what they do not find is for the exact path.
MOST_MOVES = 1000
FLOORS = {"floor", "breadth"}
# The worth of what no slot asks for.
NOWHERE = (0, 0, 0, 0, 0)
# What one credential is taken to weigh against credits when slots are put in order.
USUAL = 3000


def construct(problem: Problem) -> Allocation:
    """Return an allocation that respects every limit, filled greedily and then augmented."""
    return completed(Builder(problem))


def completed(builder: Builder) -> Allocation:
    """Fill what a builder has begun."""
    order = builder.order()
    for place in order:
        builder.fill(place)
    builder.pair_up()
    for place in order:
        builder.augment(place)
    builder.top_up()
    builder.prune()
    for place in builder.viewing():
        builder.fill(place)
    return builder.allocation


class Builder(Fitting):
    """An allocation under construction."""

    def __init__(self, problem: Problem) -> None:
        """Begin with nothing placed."""
        super().__init__(problem)
        self.options = [0] * len(problem.items)
        for place, mask in enumerate(problem.eligible):
            for index in bits(mask):
                self.options[index] |= 1 << place
        self.floors = self._floors()
        self.moves = 0
        self.helps = self._usefulness()
        self.worth = [self._worth(number) for number in range(len(problem.awards))]

    def _usefulness(self) -> list[int]:
        """How many floors each item can help to reach, or leaves that look at what counts."""
        helps = [0] * len(self.problem.items)
        helping = [one.items for one in self.floors if one.condition.kind == "floor"]
        helping += [self.problem.eligible[place] for place in self.homes]
        for items in helping:
            for index in bits(items):
                helps[index] += 1
        return helps

    def _floors(self) -> list[ConditionLimit]:
        """The floors and breadths that depend on what is placed."""
        everything = (limit for conditions in self.problem.conditions for limit in conditions)
        return [one for one in everything if one.met is None and one.condition.kind in FLOORS]

    def _worth(self, award: int) -> list[tuple[int, int, int, int, int]]:
        """What to spend first: the earned, helpful, rarely wanted and well graded."""
        own, points = self.problem.whole[award], self.problem.points[award]
        return [
            (
                CLASSES[item.achievement.status],
                -self.helps[item.at],
                (options & own).bit_count(),
                -(points[item.at] or 0),
                item.at,
            )
            if options
            else NOWHERE
            for item, options in zip(self.problem.items, self.options, strict=True)
        ]

    def order(self) -> list[int]:
        """Slots that can be met by how little choice they leave, then the others; then in order.

        Those for which nothing is eligible are left out, and those that look at the others. The
        parts of a choice that are nearest to being met come before its others.
        """
        later = reduce(or_, map(self._later, self.problem.choices), 0)

        def slack(place: int) -> tuple[int, bool, int]:
            spare = self._spare(place)
            return later >> place & 1, spare < 0, abs(spare)

        filled = (at for at, eligible in enumerate(self.problem.eligible) if eligible)
        return sorted((at for at in filled if at not in self.homes), key=slack)

    def _spare(self, place: int) -> int:
        """By how much what is eligible for a slot is more than it asks for."""
        slot, eligible = self.problem.slots[place], self.problem.eligible[place]
        if slot.measure == "choose":
            return (self.problem.number(place, eligible) - slot.demand) * USUAL
        return total(eligible, self.amounts[self.problem.award_of[place]]) - slot.demand

    def _later(self, choice: ChoiceLimit) -> int:
        """The slots of the parts of a choice that others are nearer to being met than."""

        def nearness(part: int) -> tuple[bool, int]:
            able = [self._spare(place) >= 0 for place in bits(part)]
            return all(able), sum(able)

        ranked = sorted(choice.parts, key=nearness, reverse=True)
        return sum(ranked[choice.plan.most :])

    def viewing(self) -> list[int]:
        """Slots in which only what counts elsewhere counts, in order: they are filled last."""
        return sorted(self.homes)

    def _candidates(self, place: int) -> list[int]:
        """The items that may still be added to a slot, best spent first."""
        problem = self.problem
        free = problem.eligible[place] & ~self.paired & ~self.allocation[place]
        worth = self.worth[problem.award_of[place]]
        if not problem.preferences:
            return sorted(bits(free), key=worth.__getitem__)
        return sorted(
            bits(free), key=lambda at: (worth[at][0], rank(problem, at, place), *worth[at][1:])
        )

    def _helpful(self, place: int) -> list[int]:
        """The candidates that bring a slot nearer to what it needs."""
        amounts = self.amounts[self.problem.award_of[place]]
        slot = self.problem.slots[place]
        if slot.by:
            return [index for index in self._candidates(place) if self._adds(index, place)]
        counted = slot.measure == "choose"
        return [index for index in self._candidates(place) if counted or amounts[index]]

    def _adds(self, index: int, place: int) -> bool:
        """Say whether an item brings a slot a value that it does not have yet."""
        number, inside = self.problem.number, self.allocation[place]
        return number(place, inside | 1 << index) > number(place, inside)

    def fill(self, place: int) -> None:
        """Place items until the slot has what it needs, then take back what turned out spare."""
        slot, reach = self.problem.slots[place], self.reach(place)
        amounts = self.amounts[self.problem.award_of[place]]
        for index in self._helpful(place):
            if reach >= slot.demand:
                break
            if slot.by and not self._adds(index, place):
                continue
            if self.fits(index, place):
                self.place(index, place)
                reach += amounts[index] if slot.measure == "credits" else 1
                reach = self.reach(place) if slot.by else reach
        self._drop_spare(place)

    def _drop_spare(self, place: int) -> None:
        slot, award = self.problem.slots[place], self.problem.award_of[place]
        if slot.measure == "choose":
            return
        over = self.reach(place) - slot.demand
        # What brings nothing is spare even where nothing is over.
        if over < 0:
            return
        for index in self._spare_first(place):
            if self.amounts[award][index] <= over:
                self.take_back(index, place)
                over -= self.amounts[award][index]

    def _spare_first(self, place: int) -> list[int]:
        """What stands in a slot, in the order in which it may be taken back."""
        items, amounts = self.problem.items, self.amounts[self.problem.award_of[place]]

        def key(index: int) -> tuple[int, int, int, int]:
            status = items[index].achievement.status
            return -CLASSES[status], -rank(self.problem, index, place), amounts[index], index

        return sorted(bits(self.allocation[place] & ~self.paired), key=key)

    def pair_up(self) -> None:
        """Place what counts only together, all of it in one leaf that is short."""
        for limit in self.problem.pairs:
            award = self.problem.awards[limit.award]
            for leaf in award.leaves:
                slots = leaf.mask << self.problem.offsets[limit.award]
                if not slots & limit.slots:
                    continue
                bound = self._bound_with(limit, slots)
                sets = tuple(dict.fromkeys(items for one in bound for items in one.sets))
                if all(sets) and self._place_all(sets, slots):
                    break

    def _bound_with(self, limit: PairLimit, slots: int) -> list[PairLimit]:
        """A pair with those of these slots that share an item with it, or with one of these."""
        found, waiting = [limit], [one for one in self.problem.pairs if one.slots & slots]
        items = _items_of(limit)
        while near := [one for one in waiting if one not in found and _items_of(one) & items]:
            found += near
            items = reduce(or_, map(_items_of, found))
        return found

    def _place_all(self, sets: Sequence[int], slots: int) -> bool:
        before, paired = self.kept(), self.paired
        for items in sets:
            self.paired &= ~items
            ways = ((index, place) for index in bits(items) for place in bits(slots))
            way = next((one for one in ways if self.fits(*one)), None)
            if way is None:
                self.restore(before)
                self.paired = paired
                return False
            self.place(*way)
        # They may not be moved apart any more.
        self.paired = paired
        return True

    def augment(self, place: int) -> None:
        """While the slot is short, move its items out of slots that have a substitute."""
        slot = self.problem.slots[place]
        if self.reach(place) >= slot.demand:
            return
        for index in self._helpful(place):
            if self.reach(place) >= slot.demand:
                break
            self._pull(index, place, depth=3, seen={place})

    def _pull(self, index: int, place: int, *, depth: int, seen: set[int]) -> bool:
        """Place an item, if need be by finding another for the slot that holds it."""
        self.moves += 1
        if self.moves > MOST_MOVES:
            return False
        if self.fits(index, place):
            self.place(index, place)
            return True
        holder = self._holder(index, place)
        if holder is None or holder in seen or depth == 0:
            return False
        before = self.kept()
        self.take_back(index, holder)
        if self.fits(index, place):
            self.place(index, place)
            wanted = self.problem.slots[holder].demand
            for other in self._helpful(holder):
                if other == index or self.reach(holder) >= wanted:
                    continue
                self._pull(other, holder, depth=depth - 1, seen=seen | {holder})
            if self.reach(holder) >= wanted:
                return True
        self.restore(before)
        return False

    def _holder(self, index: int, place: int) -> int | None:
        """The slot of the same award that holds the item and does not share with `place`."""
        own = self.problem.whole[self.problem.award_of[place]] & ~self.problem.slot_sharing[place]
        holders = own & self.standing[index]
        return (holders & -holders).bit_length() - 1 if holders else None

    def top_up(self) -> None:
        """Count what leaves may take on for the sake of a floor or a breadth that is short."""
        for limit in self.floors:
            for place in bits(limit.slots) if self._short(limit) else ():
                self._extend(place, limit)

    def prune(self) -> None:
        """Leave no slot that counts no more than it needs with something spare in it."""
        for place, slot in enumerate(self.problem.slots):
            if not self.allocation[place] or not slot.minimal or slot.measure == "choose":
                continue
            self._drop_spare(place)
            over = self.reach(place) - slot.demand
            amounts = self.amounts[self.problem.award_of[place]]
            for index in bits(self.allocation[place] & self.paired):
                if amounts[index] <= over:
                    self._part(index)

    def _part(self, index: int) -> None:
        """Take back all that counts only together with an item."""
        for limit in self.problem.pairs:
            if not _items_of(limit) >> index & 1:
                continue
            bound = self._bound_with(limit, self.problem.whole[limit.award])
            slots = reduce(or_, [one.slots for one in bound])
            for one in bits(reduce(or_, map(_items_of, bound))):
                for place in bits(slots & self.standing[one]):
                    self.take_back(one, place)

    def _extend(self, place: int, limit: ConditionLimit) -> None:
        """Add to a slot what brings a floor or breadth nearer, while it is short."""
        slot = self.problem.slots[place]
        if slot.minimal or (slot.measure == "choose" and slot.high == slot.demand):
            return
        used = self.inside(self.problem.whole[limit.award])
        for index in self._candidates(place):
            wanted = limit.items >> index & 1 and not used >> index & 1
            if not wanted or not self._short(limit) or not self.fits(index, place):
                continue
            if limit.condition.kind == "breadth":
                inside = self.inside(limit.slots)
                if breadth(limit.values, inside | 1 << index) == breadth(limit.values, inside):
                    continue
            self.place(index, place)
        self._drop_needless(place)

    def _drop_needless(self, place: int) -> None:
        """Take back what the slot reaches its demand without, and no floor needs."""
        kept = [limit for limit in self.floors if not self._short(limit)]
        for index in self._spare_first(place):
            self.take_back(index, place)
            if self.reach(place) < self.problem.slots[place].demand or any(map(self._short, kept)):
                self.place(index, place)

    def _short(self, limit: ConditionLimit) -> bool:
        """Say whether a floor or a breadth is not reached yet."""
        inside = self.inside(limit.slots) & limit.items
        if limit.condition.kind == "breadth":
            return breadth(limit.values, inside) < (limit.condition.amount or 0)
        by_credits = limit.condition.measure == "credits"
        own = total(inside, self.amounts[limit.award]) if by_credits else inside.bit_count()
        return own < (limit.condition.amount or 0)


def _items_of(limit: PairLimit) -> int:
    return reduce(or_, limit.sets, 0)
