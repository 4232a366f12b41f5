"""A completion by rule of thumb, and the least price that shows it to be the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.core.engine.compiled import Branch, GroupBranch, LeafBranch
from app.core.engine.evaluate import scope, total
from app.core.engine.problem import Problem, bits
from app.core.engine.quick import Try, quickest, ways_of
from app.core.model.requirement import Measure
from app.core.search.covering import Cover, Offer
from app.core.search.least import Floor, Outline, Own, floors_of
from app.core.search.placing import closer

# So often is what still lacks after a guess added to it.
ROUNDS = 3


class Guess(NamedTuple):
    """The least price, None where nothing completes the award; and a set of items at that price."""

    least: int | None
    chosen: int | None


class Guessing:
    """One problem of one award, some of whose items are offered at a price."""

    def __init__(self, problem: Problem, prices: Mapping[int, int]) -> None:
        """Keep the problem; `prices` are by item."""
        self.problem = problem
        self.prices = prices
        self.award = problem.awards[0]
        self.offered = sum([1 << at for at in prices])
        floors = [Floor(at, self._standing(at) & self.offered) for at in floors_of(self.award)]
        eligible = [one & self.offered for one in problem.eligible]
        self.outline = Outline(self.award, eligible, floors, self.covering)

    def _standing(self, condition: int) -> int:
        limit = self.problem.conditions[0][condition]
        return scope(self.problem.eligible, limit.slots) & limit.items

    def covering(self, offered: int, measure: Measure, most: int) -> Cover:
        """Return the prices of needs out of some offered items."""
        return Cover.of(self._offers(offered, measure), most)

    def _offers(self, offered: int, measure: Measure) -> Iterator[Offer]:
        amounts = self.problem.amounts[0]
        for at in bits(offered):
            yield Offer(amounts[at] if measure == "credits" else 1, self.prices[at], at)

    def _preferred(self, offered: int, measure: Measure) -> Iterator[Offer]:
        """The same; of what costs the same, what the floors look at goes first."""
        wanted, most = -1, len(self.prices) + 1
        for floor in self.outline.floors:
            wanted &= floor.offered
        for size, price, at in self._offers(offered, measure):
            yield Offer(size, price * most + (not wanted >> at & 1), at)

    def best(self) -> Guess:
        """Return a price that no completion goes below, and one at that price if one was found."""
        own = [self._own(one & ~self.offered) for one in self.problem.eligible]
        floors = [
            self._own(self._standing(one.number) & ~self.offered) for one in self.outline.floors
        ]
        least = self.outline.least(own, floors, self._own)
        if least is None:
            return Guess(None, None)
        chosen = self._some()
        price = None if chosen is None else self._price(chosen)
        if price != least:
            least = closer(self.outline, least, own, self._own)
        return Guess(least, chosen if price == least else None)

    def _own(self, held: int) -> Own:
        return Own(held, total(held, self.problem.amounts[0]), held.bit_count())

    def _some(self) -> int | None:
        """What completes the award, as a set of items; None where nothing was found."""
        chosen = 0
        for _ in range(ROUNDS):
            found = self._placed(chosen)
            if found.standings[0].met:
                return chosen
            chosen |= self._lacking(found, chosen)
        return None

    def _price(self, chosen: int) -> int:
        return sum([self.prices[at] for at in bits(chosen)])

    def _placed(self, chosen: int) -> Try:
        """What is held and chosen, placed by the fast path."""
        there = ~self.offered | chosen
        eligible = tuple([one & there for one in self.problem.eligible])
        return quickest(ways_of(replace(self.problem, eligible=eligible)))[0]

    def _lacking(self, found: Try, chosen: int) -> int:
        """What covers what lacks, slot by slot, each by what is left."""
        for place, need in self._needs(self.award.root, found):
            slot = self.award.slots[place]
            left = self.problem.eligible[place] & self.offered & ~chosen
            cover = Cover.of(self._preferred(left, slot.measure), need)
            if cover.price(need) is not None:
                chosen |= sum([1 << at for at in cover.taken(need)])
        return chosen

    def _needs(self, branch: Branch, found: Try) -> Iterator[tuple[int, int]]:
        """The slots that lack something, and how much; of a choice the cheapest parts."""
        if isinstance(branch, LeafBranch):
            yield from self._of_leaf(branch.leaf, found)
        elif isinstance(branch, GroupBranch):
            for part in self._chosen(branch, found):
                yield from self._needs(part, found)

    def _of_leaf(self, leaf: int, found: Try) -> Iterator[tuple[int, int]]:
        for place in self.award.leaves[leaf].slots:
            slot, inside = self.award.slots[place], found.allocation[place]
            if slot.measure == "credits":
                need = slot.demand - total(inside, self.problem.amounts[0])
            else:
                need = slot.demand - self.problem.number(place, inside)
            if need > 0:
                yield place, need

    def _chosen(self, group: GroupBranch, found: Try) -> Sequence[Branch]:
        if group.need is None:
            return [part for part in group.parts if not part.optional]
        priced = []
        for at, part in enumerate(group.parts):
            price = self._sum(self._needs(part, found))
            if price is not None:
                priced.append((price, at, part))
        return [part for _, _, part in sorted(priced, key=lambda one: one[:2])[: group.need]]

    def _sum(self, needs: Iterable[tuple[int, int]]) -> int | None:
        found = 0
        for place, need in needs:
            price = self.outline.cover(1 << place).price(need)
            if price is None:
                return None
            found += price
        return found
