"""What an award needs at least where whatever is held stands in one slot, and whole.

All ways to place it are looked at: more is needed than where each slot counts it as its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.engine.problem import bits
from app.core.search.least import Outline, Own, Weigh

# So many needs that ways to place what is held leave are told apart.
MOST_NEEDS = 2_000
Needs = tuple[int, ...]
"""What each slot still needs."""


def closer(outline: Outline, least: int, own: Sequence[Own], weigh: Weigh) -> int | None:
    """Return a price that no completion goes below, no lower than one that is known.

    It is the known one where what is held may stand in two slots, or there are too many ways.
    """
    if not outline.plain:
        return least
    slots = outline.award.slots
    credits = [slots[at].measure == "credits" and not slots[at].by for at in outline.asked]
    begun = [min(slots[at].demand, 1) if slots[at].by else slots[at].demand for at in outline.asked]
    found: set[Needs] = {tuple(begun)}
    for item, homes in _homes(outline.asked, own, weigh):
        brings = [item.credits if one else 1 for one in credits]
        found = {_placed(needs, at, brings[at]) for needs in found for at in homes}
        if len(found) > MOST_NEEDS or item.number > 1:
            return least
    cheapest = _cheapest(outline, found)
    return None if cheapest is None else max(least, cheapest)


def _homes(
    places: Sequence[int], own: Sequence[Own], weigh: Weigh
) -> Iterable[tuple[Own, list[int]]]:
    """What is held, with where it may stand: first what has least choice, then what brings most."""
    homes: dict[int, list[int]] = {}
    for at, place in enumerate(places):
        for item in bits(own[place].held):
            homes.setdefault(item, []).append(at)
    several = [(weigh(1 << item), where) for item, where in homes.items()]
    return sorted(several, key=lambda one: (len(one[1]), -one[0].credits, one[0].held))


def _placed(needs: Needs, at: int, brings: int) -> Needs:
    left = needs[at] - brings
    return (*needs[:at], max(left, 0), *needs[at + 1 :])


def _cheapest(outline: Outline, several: Iterable[Needs]) -> int | None:
    known: dict[tuple[int, int], int | None] = {}
    prices: list[int | None] = [0] * len(outline.award.slots)
    best: int | None = None
    for needs in several:
        for one in zip(outline.asked, needs, strict=True):
            if one not in known:
                known[one] = outline.cover(1 << one[0]).price(one[1])
            prices[one[0]] = known[one]
        found = outline.priced(prices)
        if found is not None and (best is None or found < best):
            best = found
    return best
