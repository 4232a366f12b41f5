"""What the fast path leaves open, decided part by part where parts do not meet."""

from __future__ import annotations

from collections.abc import Collection

from app.core.engine import exact
from app.core.engine.evaluate import Allocation, stand_all
from app.core.engine.exact import Found, solve_exactly
from app.core.engine.problem import Problem, bits
from app.core.engine.quick import Try
from app.core.engine.small import try_all
from app.core.engine.split import Divided, Part, cut, divide, settled, whole


def search(problem: Problem, best: Try) -> Found:
    """Return the best allocation, from the best that the fast path came to."""
    divided = divide(problem, best)
    wanted = [number for number, own in enumerate(best.bounds) if own.level.awards[0]]
    if len(divided.parts) == 1 and not any(divided.aside):
        return _decided(problem, divided.parts[0], best.allocation, wanted, exact.LIMIT)
    return _Parts(problem, best, divided).decided(wanted)


class _Parts:
    """The parts of a problem, and what each came to so far."""

    def __init__(self, problem: Problem, best: Try, divided: Divided) -> None:
        """Begin with what the fast path came to."""
        self.problem = problem
        self.best = best
        self.divided = divided
        self.found: dict[int, Found] = {}
        self.left = exact.LIMIT

    def decided(self, wanted: list[int]) -> Found:
        """Return the best allocation of all parts together, where these awards may be met."""
        problem = self.problem
        while True:
            together = self._together(wanted)
            standings = stand_all(problem, together.allocation)
            if not self.divided.keep(problem.awards, standings):
                # What no part looked at is no part's to rule an award out by.
                return solve_exactly(problem, self.best.allocation, self.left)
            missed = [number for number in wanted if not standings[number].met]
            if not together.proven or not missed:
                return together
            # What some part rules out is nothing for another to give anything up for.
            wanted = [number for number in wanted if number != missed[0]]
            for part in self.divided.parts:
                if whole(problem, part, missed[0], standings[missed[0]]):
                    self.found.pop(part.slots, None)

    def _together(self, wanted: Collection[int]) -> Found:
        allocation, proven = list(self.best.allocation), True
        for part in self.divided.parts:
            if settled(self.problem, part, self.best, wanted):
                continue
            found = self.found.get(part.slots) or self._decide(part, wanted)
            proven = proven and found.proven
            for place in bits(part.slots):
                allocation[place] = found.allocation[place]
        return Found(allocation, proven, self.left)

    def _decide(self, part: Part, wanted: Collection[int]) -> Found:
        """Decide one part with nothing else in sight."""
        alone = cut(self.problem, self.divided, part)
        known = [
            inside if part.slots >> place & 1 else 0
            for place, inside in enumerate(self.best.allocation)
        ]
        found = self.found[part.slots] = _decided(alone, part, known, wanted, self.left)
        self.left = found.left
        return found


def _decided(
    problem: Problem, part: Part, known: Allocation, wanted: Collection[int], left: float
) -> Found:
    """The best allocation of one part: by trying all, or by the solver."""
    best = try_all(problem, part, known, wanted)
    if best is not None:
        return Found(best, proven=True, left=left)
    return solve_exactly(problem, known, left, wanted)
