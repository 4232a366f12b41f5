"""What an award still needs at least: a price that no completion can go below.

Limits, and what holds beside the quantities, are left out; so the true price may be higher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from app.core.engine.compiled import (
    Branch,
    CompiledAward,
    GroupBranch,
    LeafBranch,
    slots_of,
)
from app.core.engine.problem import bits
from app.core.model.requirement import Measure
from app.core.search.covering import Cover


class Own(NamedTuple):
    """Of what is held, what may count in some slots: which, its credits, and how many they are."""

    held: int
    credits: int
    number: int


NOTHING_OWN = Own(0, 0, 0)
Weigh = Callable[[int], Own]
"""Weighs a set of what is held."""


class Floor(NamedTuple):
    """A floor that has to hold whatever is chosen: its condition, and what is offered for it."""

    number: int
    offered: int


Covering = Callable[[int, Measure, int], Cover]
"""Gives the prices of needs in a measure, up to one, out of a set of what is offered."""


class Outline:
    """The quantities of one award, and what is offered for each of its slots.

    `offered` are sets by slot; `plain` says that nothing may stand in two slots; `compulsory` are
    the leaves that have to be met whatever is chosen, and `choices` what is to be chosen among;
    `asked` are the slots of both.
    """

    def __init__(
        self,
        award: CompiledAward,
        offered: Sequence[int],
        floors: Sequence[Floor],
        covering: Covering,
    ) -> None:
        """Find what has to be met whatever is chosen."""
        self.award = award
        self.offered = offered
        self.floors = floors
        self.plain = not any(award.partners)
        needed = [*_needed(award.root)]
        self.compulsory = tuple([one.leaf for one in needed if isinstance(one, LeafBranch)])
        self.choices = tuple([one for one in needed if isinstance(one, GroupBranch)])
        self._covering = covering
        self._covers: dict[int, Cover] = {}
        self._bare: Sequence[int | None] | None = None
        self._required = [place for at in self.compulsory for place in award.leaves[at].slots]
        self._named = [place for place in self._required if award.slots[place].credential]
        chosen = [place for one in self.choices for place in bits(slots_of(award, one))]
        self.asked = (*self._required, *chosen)

    def least(self, own: Sequence[Own], floors: Sequence[Own], weigh: Weigh) -> int | None:
        """Return the least price, by what is held for each slot and each floor.

        None where nothing that is offered completes the award.
        """
        if self.plain:
            own = self._forced(own, weigh)
        prices = [*self._unheld()]
        touched = [place for place, one in enumerate(own) if one.held]
        for place in touched:
            prices[place] = self._slot(place, own[place])
        if self.plain:
            more = self._joined(self._required, own, prices, weigh)
            found = _sum([self.priced(prices), *more])
        else:
            apart = [
                place
                for at in self.compulsory
                if at in self.award.joinable
                for place in self.award.leaves[at].slots
            ]
            more = self._joined(apart, own, prices, weigh)
            joint = _sum([*[prices[place] for place in apart], *more])
            found = _most([self._branch(self.award.root, prices), joint])
        if not floors:
            return found
        return _most([found, *[self._floor(at, one) for at, one in enumerate(floors)]])

    def priced(self, prices: Sequence[int | None]) -> int | None:
        """Return what slots cost together, by what each costs, where they share nothing."""
        parts = [prices[place] for place in self._required]
        return _sum(parts + [self._branch(one, prices) for one in self.choices])

    def _unheld(self) -> Sequence[int | None]:
        """What each slot costs of who holds nothing."""
        if self._bare is None:
            # Threads may race here; both write the same.
            self._bare = [self._slot(place, NOTHING_OWN) for place in range(len(self.award.slots))]
        return self._bare

    def _forced(self, own: Sequence[Own], weigh: Weigh) -> Sequence[Own]:
        """What is held, less what has to stand elsewhere: a named credential is not taken twice."""
        forced = 0
        for place in self._named:
            held = own[place].held
            if held and own[place].number == 1 and not self.offered[place] & ~held:
                forced |= held
        if not forced:
            return own
        slots = self.award.slots
        return [
            one if not one.held & forced or slots[place].credential else weigh(one.held & ~forced)
            for place, one in enumerate(own)
        ]

    def _slot(self, place: int, own: Own) -> int | None:
        slot = self.award.slots[place]
        if slot.by:
            # One may carry several values, so one may be enough.
            return 0 if own.held or not slot.demand else self.cover(1 << place).price(1)
        supply = own.credits if slot.measure == "credits" else own.number
        return 0 if supply >= slot.demand else self.cover(1 << place).price(slot.demand - supply)

    def cover(self, places: int) -> Cover:
        """Return the prices of what some slots of one measure ask for together."""
        found = self._covers.get(places)
        if found is None:
            slots = [self.award.slots[place] for place in bits(places)]
            offered, most = 0, sum([one.demand for one in slots])
            for place in bits(places):
                offered |= self.offered[place]
            # Threads may race here; both write the same.
            found = self._covers[places] = self._covering(offered, slots[0].measure, most)
        return found

    def _floor(self, at: int, own: Own) -> int | None:
        number, offered = self.floors[at]
        condition = self.award.conditions[number]
        amount = condition.amount or 0
        supply = own.credits if condition.measure == "credits" else own.number
        if supply >= amount:
            return 0
        cover = self._covers.get(~at)
        if cover is None:
            cover = self._covers[~at] = self._covering(offered, condition.measure, amount)
        return cover.price(amount - supply)

    def _branch(self, branch: Branch, prices: Sequence[int | None]) -> int | None:
        if isinstance(branch, LeafBranch):
            return _sum([prices[place] for place in self.award.leaves[branch.leaf].slots])
        if not isinstance(branch, GroupBranch):
            return 0
        add = _sum if self.plain else _most
        parts = [part for part in branch.parts if branch.need is not None or not part.optional]
        found = [self._branch(part, prices) for part in parts]
        if branch.need is None:
            return add(found)
        able = sorted([one for one in found if one is not None])
        return add(able[: branch.need]) if len(able) >= branch.need else None

    def _joined(
        self,
        places: Sequence[int],
        own: Sequence[Own],
        prices: Sequence[int | None],
        weigh: Weigh,
    ) -> Iterator[int | None]:
        """What slots that share nothing cost more together, where they compete for what is held."""
        competing: list[tuple[int, int, bool]] = []
        for place in places:
            slot, held = self.award.slots[place], own[place].held
            if not held or slot.by:
                continue
            several, credits = 1 << place, slot.measure == "credits"
            apart = []
            for one in competing:
                if one[2] is credits and one[0] & held:
                    held, several = held | one[0], several | one[1]
                else:
                    apart.append(one)
            competing = [*apart, (held, several, credits)]
        for held, several, credits in competing:
            if several & (several - 1):
                alone = _sum([prices[place] for place in bits(several)])
                together = self._together(several, weigh(held), credits=credits)
                if alone is None or together is None:
                    yield None
                elif together > alone:
                    yield together - alone

    def _together(self, places: int, own: Own, *, credits: bool) -> int | None:
        demand = sum([self.award.slots[place].demand for place in bits(places)])
        supply = own.credits if credits else own.number
        return 0 if supply >= demand else self.cover(places).price(demand - supply)


def floors_of(award: CompiledAward) -> list[int]:
    """Return the floors that have to hold whatever is chosen, by number."""
    return [
        at
        for at in compulsory(award)
        if award.conditions[at].kind == "floor" and not award.conditions[at].over_record
    ]


def compulsory(award: CompiledAward) -> list[int]:
    """Return the conditions that have to hold whatever is chosen, by number."""
    conditions = [*award.whole]
    waiting: list[Branch] = [award.root]
    while waiting:
        branch = waiting.pop()
        if isinstance(branch, LeafBranch):
            conditions += award.leaves[branch.leaf].conditions
        elif isinstance(branch, GroupBranch):
            conditions += branch.conditions
            if branch.need is None:
                waiting += [part for part in branch.parts if not part.optional]
    return conditions


def _needed(branch: Branch) -> Iterator[Branch]:
    """What has to be met: leaves, and choices as a whole."""
    if isinstance(branch, GroupBranch):
        if branch.need is not None:
            yield branch
            return
        for part in branch.parts:
            if not part.optional:
                yield from _needed(part)
    elif isinstance(branch, LeafBranch):
        yield branch


def _sum(parts: Sequence[int | None]) -> int | None:
    found = 0
    for one in parts:
        if one is None:
            return None
        found += one
    return found


def _most(parts: Sequence[int | None]) -> int | None:
    found = 0
    for one in parts:
        if one is None:
            return None
        found = max(found, one)
    return found
