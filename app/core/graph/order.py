"""Nodes in an order: each part of a graph after all the parts that it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Links: TypeAlias = Sequence[Sequence[int]]
"""For each node, by number, the nodes to which it leads."""


@dataclass(frozen=True, slots=True)
class Order:
    """The parts of a graph, each after all to which it leads.

    A part is a node, or all the nodes of a round: those that lead to one another. `place` tells the
    part of each node, `heads` the other parts to which a part leads.
    """

    parts: tuple[tuple[int, ...], ...]
    place: tuple[int, ...]
    heads: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, links: Links) -> Order:
        """Return the order of a graph, in linear time."""
        parts = _Walk(links).parts
        place = [0] * len(links)
        for position, part in enumerate(parts):
            for node in part:
                place[node] = position
        heads = [_heads(links, place, position, part) for position, part in enumerate(parts)]
        return cls(tuple(parts), tuple(place), tuple(heads))


def _heads(
    links: Links, place: Sequence[int], position: int, part: tuple[int, ...]
) -> tuple[int, ...]:
    found = dict.fromkeys(place[to] for node in part for to in links[node])
    found.pop(position, None)
    return tuple(found)


class _Walk:
    """Tarjan's walk in the form that Pearce gives it, without recursion."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.parts: list[tuple[int, ...]] = []
        self.closed = len(links) + 1
        self.seen = [0] * len(links)
        self.low = [0] * len(links)
        self.waiting: list[int] = []
        self.count = 0
        for root in range(len(links)):
            if not self.seen[root]:
                self.walk(root)

    def walk(self, root: int) -> None:
        path = [(root, self.opened(root))]
        while path:
            at, ahead = path[-1]
            to = self.unseen(at, ahead)
            if to is not None:
                path.append((to, self.opened(to)))
                continue
            path.pop()
            if self.low[at] == self.seen[at]:
                self.close(at)
            if path:
                before = path[-1][0]
                self.low[before] = min(self.low[before], self.low[at])

    def opened(self, node: int) -> Iterator[int]:
        self.count += 1
        self.seen[node] = self.low[node] = self.count
        self.waiting.append(node)
        return iter(self.links[node])

    def unseen(self, at: int, ahead: Iterator[int]) -> int | None:
        low, seen = self.low, self.seen
        for to in ahead:
            if not seen[to]:
                return to
            low[at] = min(low[at], low[to])
        return None

    def close(self, node: int) -> None:
        """All that was opened since the node leads back to it."""
        part = [self.waiting.pop()]
        while part[-1] != node:
            part.append(self.waiting.pop())
        for one in part:
            self.low[one] = self.closed
        self.parts.append(tuple(sorted(part)))
