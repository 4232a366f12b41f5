"""How many items can be given out at once to slots that each want some of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.core.engine.problem import bits


class Matching(NamedTuple):
    """How many are given out, and slots (by number) that together want more than their items."""

    given: int
    starved: frozenset[int]


def match(wanted: Sequence[tuple[int, int]]) -> Matching:
    """Give out as many items as can be; each slot has how many it wants, and of which items."""
    holder: dict[int, int] = {}
    starved: set[int] = set()

    def finds(slot: int, seen: set[int]) -> bool:
        for index in bits(wanted[slot][1]):
            if index not in seen:
                seen.add(index)
                if index not in holder or finds(holder[index], seen):
                    holder[index] = slot
                    return True
        return False

    for slot, (number, _) in enumerate(wanted):
        for _ in range(number):
            seen: set[int] = set()
            if not finds(slot, seen):
                # All that these want is held among them, whatever is given out later.
                starved |= {slot, *(holder[index] for index in seen)}
                break
    return Matching(len(holder), frozenset(starved))
