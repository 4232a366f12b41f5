"""What can be counted along the links of a graph: how much is reached, how long its paths are.

A round of nodes that lead to one another is one step of a path, and each of it reaches the others.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from app.core.graph.order import Order

# So many nodes are looked for at once: as many bits for each node are held, whatever the graph.
BLOCK = 8192


def reach(order: Order, wanted: Container[int]) -> tuple[int, ...]:
    """Return how many of the `wanted` nodes each node leads to, directly or not; itself apart.

    It is counted exactly. What each part reaches is a row of bits, and rows are joined by words,
    so that of n nodes and m links it takes m * n / 64 steps at worst, and bits for one block.
    """
    found = [0] * len(order.parts)
    targets = [
        (position, node)
        for position, part in enumerate(order.parts)
        for node in part
        if node in wanted
    ]
    for start in range(0, len(targets), BLOCK):
        _add_block(order, targets[start : start + BLOCK], found)
    return tuple(found[place] - (node in wanted) for node, place in enumerate(order.place))


def _add_block(order: Order, block: Sequence[tuple[int, int]], found: list[int]) -> None:
    rows = [0] * len(order.parts)
    own: dict[int, int] = {}
    for column, (position, _) in enumerate(block):
        own[position] = own.get(position, 0) | 1 << column
    # What comes before the first of the block leads to none of it.
    for position in range(block[0][0], len(rows)):
        row = own.get(position, 0)
        for head in order.heads[position]:
            row |= rows[head]
        if row:
            rows[position] = row
            found[position] += row.bit_count()


def delays(order: Order) -> tuple[int, ...]:
    """Return for each node how many steps the longest path through it has, in linear time."""
    ahead = [1] * len(order.parts)
    for position, heads in enumerate(order.heads):
        ahead[position] += max((ahead[head] for head in heads), default=0)
    behind = Ladders.of(order).steps
    return tuple(ahead[place] + behind[place] - 1 for place in order.place)


@dataclass(frozen=True, slots=True)
class Ladders:
    """The longest path to each part: how many `steps` it has, and the part `below` on it.

    Of paths of one length it is the one whose steps come first by number, from the top down.
    """

    order: Order
    steps: tuple[int, ...]
    below: tuple[int | None, ...]

    @classmethod
    def of(cls, order: Order) -> Ladders:
        """Find them in linear time."""
        steps = [1] * len(order.parts)
        below: list[int | None] = [None] * len(order.parts)
        for position in reversed(range(len(steps))):
            for head in order.heads[position]:
                other = below[head]
                longer = steps[position] + 1 - steps[head]
                first = other is not None and order.parts[position] < order.parts[other]
                if longer > 0 or (longer == 0 and first):
                    steps[head], below[head] = steps[position] + 1, position
        return cls(order, tuple(steps), tuple(below))

    def tops(self) -> list[int]:
        """Return the parts that lead nowhere and have something below, longest ladder first."""
        highest = [at for at, heads in enumerate(self.order.heads) if not heads]
        found = [at for at in highest if self.steps[at] > 1]
        return sorted(found, key=lambda at: (-self.steps[at], self.order.parts[at]))

    def to(self, top: int) -> tuple[int, ...]:
        """Return the longest ladder to a part from below, a round by its first node."""
        return tuple(reversed([self.order.parts[at][0] for at in self._down(top)]))

    def _down(self, top: int) -> Iterator[int]:
        at: int | None = top
        while at is not None:
            yield at
            at = self.below[at]
