"""The combinations of a diagram by their numbers, and the best few of them.

Numbers go by the groups in order, fewer of a group first, and of a group by name: they stay as they
are as long as the rule and the catalogue do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush, merge
from itertools import islice
from math import comb
from typing import NamedTuple, TypeAlias

from app.core.model.credential import CredentialId
from app.core.search.diagram import END, Diagram, Edge, Node

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
    if not diagram.count:
        return ()
    subsets = [
        _lightest_subsets(group.names, weigh, most, layer)
        for group, layer in zip(diagram.groups, diagram.layers, strict=True)
    ]
    return tuple(islice(_lightest_first(diagram, subsets), most))


Subsets: TypeAlias = Sequence[Sequence[Sequence[Weighed]]]
"""The lightest subsets of each layer's group, by their sizes."""


def _least(diagram: Diagram, subsets: Subsets) -> list[list[int]]:
    """What the rest of a combination weighs at least, from each node on."""
    found: list[list[int]] = [[]]
    for layer, own in zip(reversed(diagram.layers), reversed(subsets), strict=True):
        # A node that ends in no combination has no edges, and no edge leads to it.
        found.append(
            [
                min(
                    (
                        own[number][0].weight + (0 if child == END else found[-1][child])
                        for number, child in node.edges
                    ),
                    default=0,
                )
                for node in layer
            ]
        )
    return found[::-1]


class _Walk(NamedTuple):
    """A way from the first node on, by one more edge with one of its subsets.

    No combination that begins so weighs less than `weight`, and one weighs as much; their numbers
    begin with `number`, and no other walk has one of them. `before` is what led to the edge, and
    `first` the lowest number by it.
    """

    weight: int
    number: int
    at: int
    before: Weighed
    first: int
    edge: Edge
    place: int


def _lightest_first(diagram: Diagram, subsets: Subsets) -> Iterator[Weighed]:
    """Yield all combinations that the subsets make, the lightest first.

    The first of the walks is followed, best first with bounds that are exact, so that none is
    followed in vain.
    """
    least = _least(diagram, subsets)
    below = [[node.count for node in layer] for layer in diagram.layers]

    def walk(at: int, before: Weighed, first: int, edge: Edge, place: int) -> _Walk:
        own, ends = subsets[at][edge.number][place], edge.child == END
        weight = before.weight + own.weight + (0 if ends else least[at + 1][edge.child])
        number = first + own.number * (1 if ends else below[at + 1][edge.child])
        return _Walk(weight, number, at, before, first, edge, place)

    def onward(at: int, child: int, before: Weighed) -> Iterator[_Walk]:
        first, alike = before.number, len(diagram.groups[at].names)
        for edge in diagram.layers[at][child].edges:
            yield walk(at, before, first, edge, 0)
            each = 1 if edge.child == END else below[at + 1][edge.child]
            first += comb(alike, edge.number) * each

    walks = [*onward(0, 0, NOTHING)]
    heapify(walks)
    while walks:
        one = heappop(walks)
        several = subsets[one.at][one.edge.number]
        if one.place + 1 < len(several):
            heappush(walks, walk(*one[2:6], one.place + 1))
        own = several[one.place]
        weight, names = one.before.weight + own.weight, one.before.names + own.names
        if one.edge.child == END:
            yield Weighed(weight, one.number, tuple(sorted(names)))
            continue
        for further in onward(one.at + 1, one.edge.child, Weighed(weight, one.number, names)):
            heappush(walks, further)


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
