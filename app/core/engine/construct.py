"""The fast path's allocation: slots hardest first, the plainest items, then augmenting moves.

Whatever it builds respects every limit; whether it is the best is for `bounds` to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.engine.evaluate import Allocation, total
from app.core.engine.placed import Placed
from app.core.engine.problem import CapLimit, ConditionLimit, OverlapLimit, Problem, bits
from app.core.model.credential import Fact

CLASSES = {"earned": 0, "in-progress": 1, "planned": 2}
# So many moves are tried for one allocation; what they do not find is for the exact path.
MOST_MOVES = 1000
# So often is asked whether an item fits; in a rule built to hurt, what is placed by then stays.
MOST_TRIES = 50_000
FLOORS = {"floor", "breadth"}
# What one credential is taken to weigh against credits when slots are put in order.
USUAL = 3000


def construct(problem: Problem) -> Allocation:
    """Return an allocation that respects every limit, filled greedily and then augmented."""
    builder = _Builder(problem)
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


class _Builder(Placed):
    """An allocation under construction."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(len(problem.slots), len(problem.items))
        self.problem = problem
        self.amounts = problem.amounts
        self.options = [0] * len(problem.items)
        for place, mask in enumerate(problem.eligible):
            for index in bits(mask):
                self.options[index] |= 1 << place
        self.paired = 0
        for pair in problem.pairs:
            for items in pair.sets:
                self.paired |= items
        self.floors = self._floors()
        self.homes = {place: one.homes for one in problem.views for place in bits(one.slots)}
        self.moves = self.tries = 0
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
        own = self.problem.whole[award]
        return [
            (
                CLASSES[item.achievement.status],
                -self.helps[item.at],
                (self.options[item.at] & own).bit_count(),
                -(self.problem.points[award][item.at] or 0),
                item.at,
            )
            for item in self.problem.items
        ]

    def order(self) -> list[int]:
        """Slots that can be met by how little choice they leave, then the others; then in order.

        Those for which nothing is eligible are left out, and those that look at the others.
        """
        problem = self.problem

        def slack(place: int) -> tuple[bool, int]:
            slot, eligible = problem.slots[place], problem.eligible[place]
            if slot.measure == "choose":
                spare = (problem.number(place, eligible) - slot.demand) * USUAL
            else:
                spare = total(eligible, self.amounts[problem.award_of[place]]) - slot.demand
            return spare < 0, abs(spare)

        filled = (at for at, eligible in enumerate(problem.eligible) if eligible)
        return sorted((at for at in filled if at not in self.homes), key=slack)

    def viewing(self) -> list[int]:
        """Slots in which only what counts elsewhere counts, in order: they are filled last."""
        return sorted(self.homes)

    def _candidates(self, place: int) -> list[int]:
        """The items that may still be added to a slot, best spent first."""
        problem = self.problem
        free = problem.eligible[place] & ~self.paired & ~self.allocation[place]
        return sorted(bits(free), key=self.worth[problem.award_of[place]].__getitem__)

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

    def _reach(self, place: int) -> int:
        slot = self.problem.slots[place]
        inside = self.allocation[place]
        if slot.measure == "choose":
            return self.problem.number(place, inside)
        return total(inside, self.amounts[self.problem.award_of[place]])

    def fill(self, place: int) -> None:
        """Place items until the slot has what it needs, then take back what turned out spare."""
        slot, reach = self.problem.slots[place], self._reach(place)
        amounts = self.amounts[self.problem.award_of[place]]
        for index in self._helpful(place):
            if reach >= slot.demand:
                break
            if slot.by and not self._adds(index, place):
                continue
            if self._fits(index, place):
                self.place(index, place)
                reach += amounts[index] if slot.measure == "credits" else 1
                reach = self._reach(place) if slot.by else reach
        self._drop_spare(place)

    def _drop_spare(self, place: int) -> None:
        slot, award = self.problem.slots[place], self.problem.award_of[place]
        if slot.measure == "choose":
            return
        over = self._reach(place) - slot.demand
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

        def key(index: int) -> tuple[int, int, int]:
            return -CLASSES[items[index].achievement.status], amounts[index], index

        return sorted(bits(self.allocation[place] & ~self.paired), key=key)

    def pair_up(self) -> None:
        """Place what counts only together, all of it in one leaf that is short."""
        for limit in self.problem.pairs:
            award = self.problem.awards[limit.award]
            for leaf in award.leaves:
                slots = leaf.mask << self.problem.offsets[limit.award]
                if all(limit.sets) and self._place_all(limit.sets, slots):
                    break

    def _place_all(self, sets: Sequence[int], slots: int) -> bool:
        before, paired = self.kept(), self.paired
        for items in sets:
            self.paired &= ~items
            ways = ((index, place) for index in bits(items) for place in bits(slots))
            way = next((one for one in ways if self._fits(*one)), None)
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
        if self._reach(place) >= slot.demand:
            return
        for index in self._helpful(place):
            if self._reach(place) >= slot.demand:
                break
            self._pull(index, place, depth=3, seen={place})

    def _pull(self, index: int, place: int, *, depth: int, seen: set[int]) -> bool:
        """Place an item, if need be by finding another for the slot that holds it."""
        self.moves += 1
        if self.moves > MOST_MOVES:
            return False
        if self._fits(index, place):
            self.place(index, place)
            return True
        holder = self._holder(index, place)
        if holder is None or holder in seen or depth == 0:
            return False
        before = self.kept()
        self.take_back(index, holder)
        if self._fits(index, place):
            self.place(index, place)
            wanted = self.problem.slots[holder].demand
            for other in self._helpful(holder):
                if other == index or self._reach(holder) >= wanted:
                    continue
                self._pull(other, holder, depth=depth - 1, seen=seen | {holder})
            if self._reach(holder) >= wanted:
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
            over = self._reach(place) - slot.demand
            amounts = self.amounts[self.problem.award_of[place]]
            for index in bits(self.allocation[place] & self.paired):
                if amounts[index] <= over:
                    self._part(index)

    def _part(self, index: int) -> None:
        """Take back all that counts only together with an item."""
        for limit in self.problem.pairs:
            if not any(items >> index & 1 for items in limit.sets):
                continue
            together = 0
            for items in limit.sets:
                together |= items
            for one in bits(together):
                for place in bits(self.problem.whole[limit.award] & self.standing[one]):
                    self.take_back(one, place)

    def _extend(self, place: int, limit: ConditionLimit) -> None:
        """Add to a slot what brings a floor or breadth nearer, while it is short."""
        slot = self.problem.slots[place]
        if slot.minimal or (slot.measure == "choose" and slot.high == slot.demand):
            return
        used = self.inside(self.problem.whole[limit.award])
        for index in self._candidates(place):
            wanted = limit.items >> index & 1 and not used >> index & 1
            if not wanted or not self._short(limit) or not self._fits(index, place):
                continue
            if limit.condition.kind == "breadth":
                inside = self.inside(limit.slots)
                if _breadth(limit.values, inside | 1 << index) == _breadth(limit.values, inside):
                    continue
            self.place(index, place)
        self._drop_needless(place)

    def _drop_needless(self, place: int) -> None:
        """Take back what the slot reaches its demand without, and no floor needs."""
        kept = [limit for limit in self.floors if not self._short(limit)]
        for index in self._spare_first(place):
            self.take_back(index, place)
            if self._reach(place) < self.problem.slots[place].demand or any(map(self._short, kept)):
                self.place(index, place)

    def _short(self, limit: ConditionLimit) -> bool:
        """Say whether a floor or a breadth is not reached yet."""
        inside = self.inside(limit.slots) & limit.items
        if limit.condition.kind == "breadth":
            return _breadth(limit.values, inside) < (limit.condition.amount or 0)
        by_credits = limit.condition.measure == "credits"
        own = total(inside, self.amounts[limit.award]) if by_credits else inside.bit_count()
        return own < (limit.condition.amount or 0)

    # -- may this item stand in this slot beside what stands already? ---------------------------

    def _fits(self, index: int, place: int) -> bool:
        """Say whether adding the item to the slot keeps every limit."""
        problem, bit = self.problem, 1 << index
        if not problem.eligible[place] & bit or self.allocation[place] & bit or self.paired & bit:
            return False
        award = problem.award_of[place]
        self.tries += 1
        elsewhere = problem.whole[award] & ~problem.slot_sharing[place] & ~(1 << place)
        if self.standing[index] & elsewhere or self.tries > MOST_TRIES:
            return False
        if place in self.homes and not self.standing[index] & self.homes[place]:
            return False
        return (
            self._slot_takes(index, place, award)
            and self._limits_hold(index, place, award)
            and all(self._may_overlap(both, bit, 1 << place) for both in problem.overlaps)
            and (len(problem.awards) == 1 or self._may_share(index, award))
        )

    def _slot_takes(self, index: int, place: int, award: int) -> bool:
        slot = self.problem.slots[place]
        if slot.measure == "choose":
            with_it = self.problem.number(place, self.allocation[place] | 1 << index)
            return slot.high is None or with_it <= slot.high
        now, own = self._reach(place), self.amounts[award][index]
        if slot.high is not None and now + own > slot.high:
            return False
        return not slot.minimal or now < slot.demand

    def _limits_hold(self, index: int, place: int, award: int) -> bool:
        """Say whether caps, exclusions, windows and ceilings over the slot let the item in."""
        problem, bit, at = self.problem, 1 << index, 1 << place
        for cap in problem.caps:
            if cap.slots & at and cap.items & bit and not self._cap_lets(cap, bit, award):
                return False
        for out in problem.exclusions:
            inside = self.inside(out.slots) & out.items | bit
            if out.slots & at and out.items & bit and inside.bit_count() > out.exclusion.at_most:
                return False
        for apart in problem.aparts:
            far = apart.conflicts.get(index, 0)
            if apart.slots & at and far & self.inside(apart.slots):
                return False
        for top in problem.ceilings:
            inside = self.inside(top.slots) | bit
            if top.slots & at and _breadth(top.values, inside) > top.ceiling.high:
                return False
        return True

    def _may_overlap(self, limit: OverlapLimit, bit: int, at: int) -> bool:
        """Say whether two requirements may share what they would with one item more."""
        own, other = self.inside(limit.slots), self.inside(limit.others)
        own |= bit if limit.slots & at else 0
        other |= bit if limit.others & at else 0
        if not limit.by_credits:
            return (own & other).bit_count() <= limit.amount
        return total(own & other, self.amounts[limit.award]) <= limit.amount

    def _cap_lets(self, limit: CapLimit, bit: int, award: int) -> bool:
        """Say whether a cap has room; trimming ones are left to the exact path."""
        inside = self.inside(limit.slots) & limit.items
        if inside & bit:
            return True
        if limit.cap.measure == "choose":
            return inside.bit_count() < limit.cap.amount
        return not limit.cap.trim and total(inside | bit, self.amounts[award]) <= limit.cap.amount

    def _may_share(self, index: int, award: int) -> bool:
        """Say whether the item may count in this award beside the others that it counts in."""
        problem, bit = self.problem, 1 << index
        inside = [self.inside(mask) for mask in self.problem.whole]
        inside[award] |= bit
        counted = sum(1 for mask in inside if mask & bit)
        for number, most in enumerate(problem.award_limits):
            if most is not None and inside[number] & bit and counted > most:
                return False
        for limit in problem.shared:
            if award not in {limit.first, limit.second}:
                continue
            both = inside[limit.first] & inside[limit.second]
            if not both & bit:
                continue
            if limit.choose_amount is not None and both.bit_count() > limit.choose_amount:
                return False
            for number, amount in limit.credits_amount:
                if total(both, self.amounts[number]) > amount:
                    return False
        return True


def _breadth(values: Mapping[Fact, int], inside: int) -> int:
    """How many different values the items inside carry."""
    return sum(1 for carriers in values.values() if carriers & inside)
