"""Whether an item may stand in a slot beside what stands already."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.engine.evaluate import total
from app.core.engine.order import in_order
from app.core.engine.placed import Placed
from app.core.engine.problem import CapLimit, ChoiceLimit, OverlapLimit, Problem, bits
from app.core.model.credential import Fact

# So often is asked whether an item fits; in a rule built to hurt, what is placed by then stays.
MOST_TRIES = 50_000


class Fitting(Placed):
    """What stands where in a problem, and what may be added; trimming is left to the exact path."""

    def __init__(self, problem: Problem) -> None:
        """Begin with nothing placed."""
        super().__init__(len(problem.slots), len(problem.items))
        self.problem = problem
        self.amounts = problem.amounts
        self.paired = 0
        for pair in problem.pairs:
            for items in pair.sets:
                self.paired |= items
        self.homes = {place: one.homes for one in problem.views for place in bits(one.slots)}
        self.tries = 0

    def reach(self, place: int) -> int:
        """Return what a slot reaches, in its own measure."""
        slot = self.problem.slots[place]
        inside = self.allocation[place]
        if slot.measure == "choose":
            return self.problem.number(place, inside)
        return total(inside, self.amounts[self.problem.award_of[place]])

    def fits(self, index: int, place: int) -> bool:
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
            and all(self._part_opens(one, place) for one in problem.choices)
            and in_order(problem, self.allocation, index, place)
            and (len(problem.awards) == 1 or self._may_share(index, award))
        )

    def _slot_takes(self, index: int, place: int, award: int) -> bool:
        slot = self.problem.slots[place]
        if slot.measure == "choose":
            with_it = self.problem.number(place, self.allocation[place] | 1 << index)
            return slot.high is None or with_it <= slot.high
        now, own = self.reach(place), self.amounts[award][index]
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
            if top.slots & at and breadth(top.values, inside) > top.ceiling.high:
                return False
        return True

    def _part_opens(self, limit: ChoiceLimit, place: int) -> bool:
        """Say whether something stands in the slot's part of a choice, or another may be used."""
        own = next((part for part in limit.parts if part >> place & 1), 0)
        if not own or any(self.allocation[at] for at in bits(own)):
            return True
        return limit.used(self.allocation) < limit.plan.most

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


def breadth(values: Mapping[Fact, int], inside: int) -> int:
    """Return how many different values the items inside carry."""
    return sum(1 for carriers in values.values() if carriers & inside)
