"""Which leaves of an award may hold the same achievement, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.core.engine.compiled import Leaf, Overlap, View
from app.core.model.requirement import EVERYWHERE, From, Requirement, Take, parts_of, walk


class Sharing:
    """What the requirements of a tree say of each other's achievements; leaves by number."""

    def __init__(self, root: Requirement, leaves: Sequence[Leaf]) -> None:
        """Find the leaves at or below every requirement."""
        self.root = root
        self.leaves = leaves
        self.numbers = {leaf.node.id: number for number, leaf in enumerate(leaves)}
        self.below: dict[str, frozenset[int]] = {}
        self._find(root)
        self.viewing = frozenset(
            number
            for number, leaf in enumerate(leaves)
            if isinstance(leaf.node, From) and leaf.node.counted_in
        )

    def _find(self, node: Requirement) -> frozenset[int]:
        if isinstance(node, Take | From):
            found = frozenset({self.numbers[node.id]})
        else:
            found = frozenset().union(*map(self._find, parts_of(node)))
        self.below[node.id] = found
        return found

    def named(self, names: Iterable[str]) -> frozenset[int]:
        """Return the leaves that some names mean; what is not there for a learner means none."""
        if EVERYWHERE in names:
            return frozenset(range(len(self.leaves)))
        return frozenset().union(*(self.below.get(name, frozenset()) for name in names))

    def partners(self) -> Mapping[int, set[int]]:
        """Return for each leaf those that it shares with, whichever of the two says so.

        What is counted in others already takes nothing away from any.
        """
        found: dict[int, set[int]] = {number: set() for number in range(len(self.leaves))}
        for own, other in self._pairs():
            if own != other:
                found[own].add(other)
                found[other].add(own)
        return found

    def _pairs(self) -> Iterator[tuple[int, int]]:
        for node in walk(self.root):
            limited = (name for limit in node.sharing_limits for name in limit.requirements)
            # What is said of a group is about what is outside it: inside, each counts once as ever.
            others = self.named((*node.shares_with, *limited)) - self.below[node.id]
            yield from ((own, other) for own in self.below[node.id] for other in others)
        for own in self.viewing:
            yield from ((own, other) for other in range(len(self.leaves)))

    def overlaps(self) -> Iterator[Overlap]:
        """Yield how much may count in two requirements at once."""
        for node in walk(self.root):
            own = self.below[node.id]
            for limit in node.sharing_limits:
                others = self.named(limit.requirements) - own
                yield Overlap(self.mask(own), self.mask(others), limit.measure, limit.amount)

    def views(self) -> Iterator[View]:
        """Yield where what counts in a leaf has to count as well: not in one that only looks."""
        for number in sorted(self.viewing):
            node = self.leaves[number].node
            names = node.counted_in if isinstance(node, From) else ()
            yield View(self.leaves[number].mask, self.mask(self.named(names) - self.viewing))

    def mask(self, leaves: Iterable[int]) -> int:
        """Return the slots of some leaves."""
        return sum(self.leaves[number].mask for number in leaves)


def apart(leaves: Iterable[int], partners: Mapping[int, set[int]]) -> frozenset[int]:
    """Return leaves of which no two share: those that share most are left out first."""
    kept = set(leaves)
    while True:
        busiest = max(kept, key=lambda one: (len(partners[one] & kept), one), default=None)
        if busiest is None or not partners[busiest] & kept:
            return frozenset(kept)
        kept.discard(busiest)
