"""The combinations of a diagram by their numbers, and the best few of them.

Numbers go by the groups in order, fewer of a group first, and of a group by name: they stay as they
are as long as the rule and the catalogue do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice
from math import comb
from typing import NamedTuple, TypeAlias

from app.core.model.credential import CredentialId
from app.core.search.diagram import END, Diagram, Node

Weigh: TypeAlias = Callable[[CredentialId], int]


class Weighed(NamedTuple):
    """A combination, or part of one, and what it weighs."""

    weight: int
    names: tuple[CredentialId, ...]


NOTHING = Weighed(0, ())


def combination(diagram: Diagram, number: int) -> tuple[CredentialId, ...]:
    """Return the combination of a number, from nought; IndexError where there is none."""
    if not 0 <= number < diagram.count:
        raise IndexError(number)
    found: list[CredentialId] = []
    child, at = 0, 0
    while child != END and at < len(diagram.layers):
        names = diagram.groups[at].names
        for edge in diagram.layers[at][child].edges:
            below = 1 if edge.child == END else diagram.layers[at + 1][edge.child].count
            own = comb(len(names), edge.number) * below
            if number < own:
                rank, number = divmod(number, below)
                found += _subset(names, edge.number, rank)
                child, at = edge.child, at + 1
                break
            number -= own
    return tuple(sorted(found))


def _subset(names: Sequence[CredentialId], size: int, rank: int) -> list[CredentialId]:
    """The subset of a rank among those of one size, in the order of the names."""
    found: list[CredentialId] = []
    for at, name in enumerate(names):
        if len(found) == size:
            break
        with_it = comb(len(names) - at - 1, size - len(found) - 1)
        if rank < with_it:
            found.append(name)
        else:
            rank -= with_it
    return found


def lightest(diagram: Diagram, weigh: Weigh, most: int) -> tuple[Weighed, ...]:
    """Return so many combinations that weigh least, of equals those with the lowest numbers."""
    if diagram.empty:
        return (NOTHING,)
    after: list[list[Weighed]] = []
    for at in reversed(range(len(diagram.layers))):
        subsets = _lightest_subsets(diagram.groups[at].names, weigh, most, diagram.layers[at])
        after = [
            _few(
                (
                    _both(
                        subsets[edge.number],
                        [NOTHING] if edge.child == END else after[edge.child],
                        most,
                    )
                    for edge in node.edges
                ),
                most,
            )
            for node in diagram.layers[at]
        ]
    found = after[0] if after else []
    return tuple([Weighed(one.weight, tuple(sorted(one.names))) for one in found])


def _lightest_subsets(
    names: Sequence[CredentialId], weigh: Weigh, most: int, nodes: Iterable[Node]
) -> Mapping[int, list[Weighed]]:
    """The lightest subsets of each size that is asked for; of equals those that come first."""
    top = max((edge.number for node in nodes for edge in node.edges), default=0)
    found: list[list[Weighed]] = [[NOTHING], *([] for _ in range(top))]
    for name in reversed(names):
        own = [Weighed(weigh(name), (name,))]
        for size in range(top, 0, -1):
            found[size] = _few((_both(own, found[size - 1], most), found[size]), most)
    return dict(enumerate(found))


def _both(first: Sequence[Weighed], second: Sequence[Weighed], most: int) -> list[Weighed]:
    """The lightest of all that is made of one of each."""
    rows = (
        [Weighed(one.weight + two.weight, one.names + two.names) for two in second[: most // at]]
        for at, one in enumerate(first[:most], 1)
    )
    return _few(rows, most)


def _few(rows: Iterable[Sequence[Weighed]], most: int) -> list[Weighed]:
    """The lightest of several rows in order, of equals those of the first rows."""
    return list(islice(merge(*rows, key=lambda one: one.weight), most))
