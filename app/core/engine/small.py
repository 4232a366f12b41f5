"""Parts so small that every way to place their items can be tried, or shown to be no better."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from math import comb

from app.core.engine.evaluate import Allocation, Tree, behind, judge, scope, total
from app.core.engine.fitting import MOST_TRIES, Fitting
from app.core.engine.problem import Problem, bits
from app.core.engine.split import Part, come_to

# So many placements, whole or begun, are looked at; what needs more is for the exact path.
MOST_LOOKS = 300
# So many items are told apart at all, and of so many placements some may be looked at.
MOST_ITEMS = 24
MOST_PLACEMENTS = 2_000_000
# Slots that share make many ways to place one item.
MOST_WAYS = 24


def try_all(
    problem: Problem, part: Part, known: Allocation, wanted: Collection[int]
) -> Allocation | None:
    """Return the best placement on levels 1 to 5 of a part's problem; None where it is not small.

    It is the known one where none is better.
    """
    items = scope(problem.eligible, part.slots).bit_count()
    if items > MOST_ITEMS or not _only_gains(problem, part):
        return None
    trial = _Trial(problem, part, wanted)
    if trial.placements > MOST_PLACEMENTS or any(len(ways) > MOST_WAYS for ways in trial.ways):
        return None
    trial.begin(known)
    trial.follow(0)
    return None if trial.looks > MOST_LOOKS or trial.tries > MOST_TRIES else trial.tidied()


def _only_gains(problem: Problem, part: Part) -> bool:
    """Say whether what is placed in addition makes nothing on levels 1 to 4 worse."""
    if problem.pairs or any(cap.cap.trim for cap in problem.caps):
        return False
    judged = (
        problem.awards[number].conditions[at]
        for number in part.awards()
        for at in part.conditions(number)
    )
    return not any(one.amount is not None and one.kind in {"average", "latest"} for one in judged)


class _Trial(Fitting):
    """Every way to place the items of a part, one item after the other.

    Items that are alike stand side by side, and a later one is placed no earlier than the one
    before. What is begun is given up where all that is left, placed wherever it is eligible,
    would not make it better than the best so far.
    """

    def __init__(self, problem: Problem, part: Part, wanted: Collection[int]) -> None:
        """Find the ways to place each item."""
        super().__init__(problem)
        self.part = part
        self.wanted = sorted(wanted)
        self.places = bits(part.slots)
        options: dict[int, int] = {}
        for place in self.places:
            for index in bits(problem.eligible[place]):
                options[index] = options.get(index, 0) | 1 << place
        alike: dict[Hashable, list[int]] = {}
        for index, places in options.items():
            alike.setdefault(self._marks(index, places), []).append(index)
        several = sorted(alike.values(), key=lambda own: (-options[own[0]].bit_count(), own))
        self.order: list[int] = []
        self.twins: list[bool] = []
        self.ways: list[list[tuple[int, ...]]] = []
        self.placements = 1
        for own in several:
            ways = self._ways(options[own[0]])
            self.order += own
            self.twins += [at > 0 for at in range(len(own))]
            self.ways += [ways] * len(own)
            self.placements *= comb(len(ways) + len(own) - 1, len(own))
        self.chosen = [0] * len(self.order)
        awards = problem.awards
        self.awards = part.awards()
        self.places_of = [bits(part.slots & whole) for whole in problem.whole]
        self.leaves = [
            [(at, award.leaves[at]) for at in part.leaves(number)]
            for number, award in enumerate(awards)
        ]
        self.judged = [
            [(at, limits[at]) for at in part.conditions(number) if limits[at].met is None]
            for number, limits in enumerate(problem.conditions)
        ]
        self.met = [[False] * len(award.leaves) for award in awards]
        self.progress = [[0] * len(award.leaves) for award in awards]
        self.holds = [[bool(limit.met) for limit in limits] for limits in problem.conditions]
        self.reached = [[limit.reach or 0 for limit in limits] for limits in problem.conditions]
        parts = zip(self.met, self.progress, self.holds, problem.steps_met, strict=True)
        self.trees = [Tree(*own) for own in parts]
        self.hoped = [0] * len(problem.slots)
        self.planned = problem.of_status.get("planned", 0)
        self.running = problem.of_status.get("in-progress", 0)
        self.rest = [sum(1 << index for index in self.order[at:]) for at in range(len(self.order))]
        self.rest.append(0)
        self.looks = 0

    def _marks(self, index: int, places: int) -> Hashable:
        """All that an item is told apart by."""
        problem, bit = self.problem, 1 << index
        limits = [one for several in problem.conditions for one in several]
        sets = [one.items for one in problem.caps] + [one.items for one in limits]
        sets += [out.items for out in problem.exclusions]
        sets += [items for some in problem.preferences for items in some.behind]
        sets += [own for one in limits for own in one.values.values()]
        sets += [own for top in problem.ceilings for own in top.values.values()]
        sets += [own for carriers in problem.spread.values() for own in carriers]
        far = [one.conflicts.get(index, 0) for one in problem.aparts]
        far += [one.conflicts.get(index, 0) for one in problem.orders]
        near = [
            sum(1 << other for other, out in one.conflicts.items() if out & bit)
            for one in problem.orders
        ]
        return (
            places,
            problem.items[index].achievement.status,
            tuple([own[index] for own in problem.amounts]),
            tuple([bool(own & bit) for own in sets]),
            tuple(far + near),
        )

    def _ways(self, places: int) -> list[tuple[int, ...]]:
        """The sets of slots in which one item may stand, as far as that is for itself to say."""
        sharing, whole = self.problem.slot_sharing, self.problem.whole
        award_of = self.problem.award_of
        found: list[tuple[int, ...]] = [()]
        # What looks at other slots comes after them.
        for place in sorted(bits(places), key=lambda place: (place in self.homes, place)):
            rivals = whole[award_of[place]] & ~sharing[place]
            found += [
                (*one, place)
                for one in found
                if not any(rivals >> other & 1 for other in one)
                and (place not in self.homes or any(self.homes[place] >> at & 1 for at in one))
            ]
            if len(found) > MOST_WAYS:
                break
        return sorted(found, key=lambda one: (-len(one), one))

    def begin(self, known: Allocation) -> None:
        """Take what is known as the best so far."""
        nothing = self.allocation
        self.allocation = self.best = list(known)
        self.top = self.weigh(0)
        self.allocation = nothing

    def follow(self, depth: int) -> None:
        """Place the items from `depth` on in every way that may be better."""
        self.looks += 1
        if self.looks > MOST_LOOKS or (weighed := self.weigh(self.rest[depth])) <= self.top:
            return
        if depth == len(self.order):
            if self._needs_all():
                self.best, self.top = list(self.allocation), weighed
            return
        index = self.order[depth]
        first = self.chosen[depth - 1] if self.twins[depth] else 0
        for number in range(first, len(self.ways[depth])):
            self.chosen[depth] = number
            placed = self._placed(index, self.ways[depth][number])
            if len(placed) == len(self.ways[depth][number]):
                self.follow(depth + 1)
            for place in placed:
                self.take_back(index, place)

    def tidied(self) -> Allocation:
        """Return the best placement without what it is as good without, the unfinished first."""
        self.allocation = self.best
        late = self.planned | self.running
        for index in sorted(self.order, key=lambda at: (late >> at & 1, at), reverse=True):
            places = [place for place in self.places if self.allocation[place] >> index & 1]
            for place in places:
                self.take_back(index, place)
            if places and self.weigh(0) < self.top:
                for place in places:
                    self.place(index, place)
        return self.allocation

    def _placed(self, index: int, way: Sequence[int]) -> list[int]:
        """Place an item as far as it fits."""
        placed: list[int] = []
        for place in way:
            if not self.fits(index, place):
                break
            self.place(index, place)
            placed.append(place)
        return placed

    def _needs_all(self) -> bool:
        """Say whether no slot that counts only what it needs could do with less."""
        for place in self.places:
            slot, inside = self.problem.slots[place], self.allocation[place]
            if slot.minimal and slot.measure == "credits":
                amounts = self.amounts[self.problem.award_of[place]]
                over = total(inside, amounts) - slot.demand
                if any(amounts[index] <= over for index in bits(inside)):
                    return False
        return True

    def weigh(self, rest: int) -> tuple[int, ...]:
        """Return levels 1 to 5 of the part; the verdict as if all of the rest stood everywhere."""
        problem, inside = self.problem, self.hoped
        for place in self.places:
            inside[place] = self.allocation[place] | problem.eligible[place] & rest
        done, levels = [], [0, 0, 0, 0, 0]
        for number in self.awards:
            own = self._verdict(number, inside)
            if number in self.wanted:
                done.append(own[0])
            for level in (1, 2, 3):
                levels[level - 1] += own[level]
            counted = 0
            for place in self.places_of[number]:
                counted |= self.allocation[place]
            for level, late in ((3, self.planned), (4, self.running)):
                levels[level] -= total(counted & late, problem.amounts[number])
        return (*done, *levels, *behind(problem, self.allocation))

    def _verdict(self, number: int, inside: Sequence[int]) -> tuple[int, ...]:
        """Levels 1 to 4 of an award where so much stands in the slots."""
        problem, tree, reached = self.problem, self.trees[number], self.reached[number]
        award, offset, amounts = (
            problem.awards[number],
            problem.offsets[number],
            self.amounts[number],
        )
        for at, limit in self.judged[number]:
            own = scope(inside, limit.slots & self.part.slots)
            reached[at], self.holds[number][at] = judge(limit, own, amounts, problem.points[number])
        for at, leaf in self.leaves[number]:
            reach = progress = 0
            for place in leaf.slots:
                slot, items = award.slots[place], inside[offset + place]
                by_credits = slot.measure == "credits"
                own = total(items, amounts) if by_credits else problem.number(offset + place, items)
                reach += own
                progress += min(own, slot.demand) * slot.weight
            self.progress[number][at] = progress
            self.met[number][at] = reach >= leaf.demand and all(
                self.holds[number][one] for one in leaf.conditions
            )
        return come_to(self.part, number, award, tree, reached)
