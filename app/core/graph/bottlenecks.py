"""Bottlenecks: what there is no way round, and what nobody can reach.

A node is a bottleneck of another one that can be come by, if that one could not be without it. For
whole blocks of nodes at once it is worked out what could not be come by if each of them alone were
gone, as rows of bits: one column for each that is gone, and the first for none. In prerequisites
that lead round in a circle the largest solution is right: nobody can begin there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from app.core.graph.columns import Columns
from app.core.graph.demands import Demand, Demands
from app.core.graph.measures import BLOCK


class Held(NamedTuple):
    """How many awards, and how many other credentials, a node is a bottleneck of."""

    awards: int
    credentials: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What can be come by: the bottlenecks, by node, and what is out of reach."""

    bottlenecks: dict[int, Held]
    out: frozenset[int]


def passage(demands: Demands, awards: Container[int]) -> Passage:
    """Return what can be come by and what is held up by what; exactly."""
    beyond = _Lost(demands, ()).rows
    out = frozenset(node for node, row in enumerate(beyond) if row)
    found: dict[int, Held] = {}
    # A block of neighbours in the order is needed by what comes later alone.
    several = [node for part in demands.order.parts for node in part]
    for start in range(0, len(several), BLOCK):
        found |= _held(demands, several[start : start + BLOCK], out, awards)
    return Passage(found, out)


def _held(
    demands: Demands, gone: Sequence[int], out: frozenset[int], awards: Container[int]
) -> dict[int, Held]:
    lost = _Lost(demands, gone, out)
    toward_awards, toward_others = Columns(), Columns()
    for node, row in enumerate(lost.rows):
        if row and node not in out:
            (toward_awards if node in awards else toward_others).add(row)
    counted: dict[int, list[int]] = {}
    for side, sums in enumerate((toward_awards, toward_others)):
        for column, total in sums.sums():
            counted.setdefault(gone[column - 1], [0, 0])[side] = total
    found = {}
    for node, (to_awards, to_others) in counted.items():
        # Each is lost without itself, which says nothing.
        held = Held(to_awards - (node in awards), to_others - (node not in awards))
        if any(held):
            found[node] = held
    return found


def lacking(demand: Demand, out: frozenset[int]) -> tuple[str, ...]:
    """Return the lowest requirements that lack supply and are needed in any case."""
    if not _lacks(demand, out):
        return ()
    if demand.spare == 0:
        below = [one for one in demand.parts if isinstance(one, Demand)]
        found = tuple(dict.fromkeys(name for one in below for name in lacking(one, out)))
        if found:
            return found
    return (demand.requirement,) if demand.requirement else ()


def _lacks(demand: Demand, out: frozenset[int]) -> bool:
    gone = 0
    for part, weight in zip(demand.parts, demand.weights, strict=True):
        if part in out if isinstance(part, int) else _lacks(part, out):
            gone += weight
    return gone > demand.spare


class _Lost:
    """What cannot be come by once each of some nodes alone is gone: `rows`, by node.

    Column 0 stands for nothing gone, and the columns from 1 on for `gone` in order. What is `out`
    of reach as it is, is so whatever is gone.
    """

    def __init__(
        self, demands: Demands, gone: Sequence[int], out: frozenset[int] | None = None
    ) -> None:
        self.demands = demands
        self.whole = (2 << len(gone)) - 1
        self.own = {node: 2 << column for column, node in enumerate(gone)}
        self.rows = [0] * len(demands.names)
        for node in out or ():
            self.rows[node] = self.whole
        for node, own in self.own.items():
            self.rows[node] |= own
        first = 0 if out is None else demands.order.place[gone[0]]
        for at in demands.depending[bisect_left(demands.depending, first) :]:
            self.settle(demands.order.parts[at])

    def settle(self, part: Sequence[int]) -> None:
        """In a round nothing can be come by unless a way leads in from outside of it."""
        for node in part:
            self.rows[node] = self.whole
        if len(part) == 1:
            # Even where it asks for itself, a second look finds nothing else.
            self.rows[part[0]] = self.row(part[0])
            return
        changed = True
        while changed:
            changed = False
            for node in part:
                row = self.row(node)
                changed |= row != self.rows[node]
                self.rows[node] = row

    def row(self, node: int) -> int:
        row = self.own.get(node, 0)
        for one in self.demands.before[node]:
            row |= self.rows[one]
        rule = self.demands.rules.get(node)
        return row if rule is None else row | self.short(rule)

    def short(self, demand: Demand) -> int:
        """Where what is lost of a demand is more than it can spare."""
        if demand.spare < 0:
            return self.whole
        lost = [one for one in zip(self.lost(demand), demand.weights, strict=True) if one[0]]
        if sum(weight for _, weight in lost) <= demand.spare:
            return 0
        if all(weight > demand.spare for _, weight in lost):
            return reduce(or_, (row for row, _ in lost), 0)
        sums = Columns()
        for row, weight in lost:
            sums.add(row, weight)
        return sums.above(demand.spare)

    def lost(self, demand: Demand) -> list[int]:
        rows = self.rows
        return [rows[one] if isinstance(one, int) else self.short(one) for one in demand.parts]
