"""The combinations of a diagram by their numbers, and the best few of them.

Numbers go by the groups in order, fewer of a group first, and of a group by name: they stay as they
are as long as the rule and the catalogue do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from math import comb
from typing import NamedTuple, TypeAlias

from app.core.model.credential import CredentialId
from app.core.search.diagram import END, Diagram, Node

Weigh: TypeAlias = Callable[[CredentialId], int]


class Weighed(NamedTuple):
    """A combination with its number, or part of one, and what it weighs."""

    weight: int
    number: int
    names: tuple[CredentialId, ...]


NOTHING = Weighed(0, 0, ())


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
    many = comb(len(names), size)
    for at, name in enumerate(names):
        if len(found) == size:
            break
        # Of the `many` that are left so many have the name: no binomial is made anew.
        with_it = many * (size - len(found)) // (len(names) - at)
        if rank < with_it:
            found.append(name)
            many = with_it
        else:
            rank -= with_it
            many -= with_it
    return found


def lightest(diagram: Diagram, weigh: Weigh, most: int) -> tuple[Weighed, ...]:
    """Return so many combinations that weigh least, of equals those with the lowest numbers."""
    if diagram.empty:
        return (NOTHING,)
    after: list[list[Weighed]] = []
    for at in reversed(range(len(diagram.layers))):
        layer, names = diagram.layers[at], diagram.groups[at].names
        below = [node.count for node in diagram.layers[at + 1]] if after else []
        subsets = _lightest_subsets(names, weigh, most, layer)
        after = [
            _few(_by_edge(node, len(names), subsets, after, below, most), most) for node in layer
        ]
    found = after[0] if after else []
    return tuple([one._replace(names=tuple(sorted(one.names))) for one in found])


def _by_edge(
    node: Node,
    alike: int,
    subsets: Sequence[Sequence[Weighed]],
    after: Sequence[Sequence[Weighed]],
    below: Sequence[int],
    most: int,
) -> Iterator[list[Weighed]]:
    """The lightest ways on from a node, by each of its edges; numbers go on from edge to edge."""
    first = 0
    for number, child in node.edges:
        each = 1 if child == END else below[child]
        own = [one._replace(number=first + one.number * each) for one in subsets[number]]
        yield _both(own, [NOTHING] if child == END else after[child], most)
        first += comb(alike, number) * each


def _lightest_subsets(
    names: Sequence[CredentialId], weigh: Weigh, most: int, nodes: Iterable[Node]
) -> list[list[Weighed]]:
    """The lightest subsets of each size up to what is asked for, each with its rank."""
    top = max((edge.number for node in nodes for edge in node.edges), default=0)
    weights = [weigh(name) for name in names]
    # For any other there are `most` lighter ones, or as light and before it, to take in its place.
    enough = sorted(range(len(names)), key=weights.__getitem__)[: top + most - 1]
    found: list[list[Weighed]] = [[NOTHING], *([] for _ in range(top))]
    for at in sorted(enough, reverse=True):
        for size in range(top, 0, -1):
            # Less than those that come first are those that come after.
            own = Weighed(weights[at], -comb(len(names) - at - 1, size), (names[at],))
            found[size] = _few((_both([own], found[size - 1], most), found[size]), most)
    for size in range(1, top + 1):
        last = comb(len(names), size) - 1
        found[size] = [one._replace(number=last + one.number) for one in found[size]]
    return found


def _both(first: Sequence[Weighed], second: Sequence[Weighed], most: int) -> list[Weighed]:
    """The lightest of all that is made of one of each."""
    rows = (
        [
            Weighed(one.weight + two.weight, one.number + two.number, one.names + two.names)
            for two in second[: most // at]
        ]
        for at, one in enumerate(first[:most], 1)
    )
    return _few(rows, most)


def _few(rows: Iterable[Sequence[Weighed]], most: int) -> list[Weighed]:
    """The lightest of several rows in order, of equals those with the lowest numbers."""
    return list(islice(merge(*rows), most))
