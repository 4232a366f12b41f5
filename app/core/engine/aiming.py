"""The fast path where something is wanted: allocations that begin with what is to stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.core.engine.construct import CLASSES, Builder, completed
from app.core.engine.evaluate import Allocation, rank
from app.core.engine.problem import Aims, Problem, bits


def attempts(problem: Problem) -> Iterator[Allocation]:
    """Yield allocations that respect every limit, the likeliest first.

    What was shown and nothing more; that with what it lacks; what would be without wishes.
    """
    aims = problem.aims or Aims()
    if aims.shown:
        yield _Aiming(problem, aims).as_shown()
    yield _Aiming(problem, aims).completed()
    yield _Aiming(problem, Aims(forced=aims.forced)).completed()


class _Aiming(Builder):
    """An allocation under construction that begins with some aims."""

    def __init__(self, problem: Problem, aims: Aims) -> None:
        super().__init__(replace(problem, aims=aims))
        self.aims = (*aims.forced, *aims.wished, *aims.shown)
        self.wanted = [0] * len(problem.slots)
        self.anywhere = 0
        for one in self.aims:
            self.anywhere |= 1 << one.item
            for place in bits(one.slots):
                self.wanted[place] |= 1 << one.item

    def as_shown(self) -> Allocation:
        """Return what is wanted, as far as it fits, and nothing more."""
        places = [place for place in range(len(self.wanted)) if place not in self.homes]
        self._begin(places)
        self.prune()
        self._begin(self.viewing())
        for place in self.viewing():
            self._drop_spare(place)
        return self.allocation

    def completed(self) -> Allocation:
        """Return what is wanted, as far as it fits, and what else is needed."""
        self._begin([place for place in range(len(self.wanted)) if place not in self.homes])
        completed(self)
        self._begin(self.viewing())
        return self.allocation

    def _begin(self, places: Iterable[int]) -> None:
        """Place what is wanted in some of the slots: once, where several would take it."""
        mask = sum(1 << place for place in places)
        for one in self.aims:
            if self.standing[one.item] & one.slots:
                continue
            where = (place for place in bits(one.slots & mask) if self.fits(one.item, place))
            place = next(where, None)
            if place is not None:
                self.place(one.item, place)

    def _candidates(self, place: int) -> list[int]:
        """Of what is as good, what is wanted here first, then what had to leave its place."""
        items, here = self.problem.items, self.wanted[place]

        def key(at: int) -> tuple[int, int, int, int]:
            first = CLASSES[items[at].achievement.status], rank(self.problem, at, place)
            return *first, -(here >> at & 1), -(self.anywhere >> at & 1)

        return sorted(super()._candidates(place), key=key)

    def _spare_first(self, place: int) -> list[int]:
        """What is wanted here is taken back last, and only where no more may count."""
        wanted = self.wanted[place]
        own = super()._spare_first(place)
        if not self.problem.slots[place].minimal:
            return [at for at in own if not wanted >> at & 1]
        return sorted(own, key=lambda at: wanted >> at & 1)
