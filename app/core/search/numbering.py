"""The combinations of a diagram by their numbers, and the best few of them.

Numbers go by the groups in order, fewer of a group first, and of a group by name: they stay as they
are as long as the rule and the catalogue do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
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
        _subsets_of(group.names, weigh, layer)
        for group, layer in zip(diagram.groups, diagram.layers, strict=True)
    ]
    return tuple(islice(_lightest_first(diagram, subsets), most))


class _Subsets:
    """The subsets of one size of some names, the lightest first: each is found once asked for.

    They begin with the lightest names. Each other subset comes of one that goes before it, by a
    name that is changed for the next in the order of weights: of those that have been changed the
    lightest again, or the one before it for the first time.
    """

    def __init__(
        self, names: Sequence[CredentialId], weights: Sequence[int], order: Sequence[int], size: int
    ) -> None:
        self.names, self.weights, self.order, self.size = names, weights, order, size
        self.found: list[Weighed] = []
        self.waiting = [self._made(tuple(range(size)), 0)]

    def get(self, place: int) -> Weighed | None:
        """Return the subset of a place in their order, with its rank; None where there is none."""
        while len(self.found) <= place and self.waiting:
            weight, rank, places, changed = heappop(self.waiting)
            names = tuple([self.names[self.order[at]] for at in places])
            self.found.append(Weighed(weight, rank, names))
            for one in {self.size - changed, self.size - changed - 1}:
                if 0 <= one < self.size and self._is_free(places, one):
                    further = (*places[:one], places[one] + 1, *places[one + 1 :])
                    heappush(self.waiting, self._made(further, self.size - one))
        return self.found[place] if place < len(self.found) else None

    def _is_free(self, places: Sequence[int], one: int) -> bool:
        end = places[one + 1] if one + 1 < self.size else len(self.names)
        return places[one] + 1 < end

    def _made(self, places: tuple[int, ...], changed: int) -> tuple[int, int, tuple[int, ...], int]:
        chosen = {self.order[at] for at in places}
        weight = sum([self.weights[at] for at in chosen])
        return weight, _rank(chosen, len(self.names)), places, changed


def _rank(chosen: set[int], names: int) -> int:
    """The rank of a subset among those of its size, as `_subset` has them."""
    found, left, many = 0, len(chosen), comb(names, len(chosen))
    for at in range(names):
        if not left:
            break
        with_it = many * left // (names - at)
        if at in chosen:
            many, left = with_it, left - 1
        else:
            found, many = found + with_it, many - with_it
    return found


Subsets: TypeAlias = Sequence[Mapping[int, _Subsets]]
"""The subsets of each layer's group, by their sizes."""


def _subsets_of(
    names: Sequence[CredentialId], weigh: Weigh, nodes: Iterable[Node]
) -> dict[int, _Subsets]:
    """The subsets of each size that an edge takes."""
    weights = [weigh(name) for name in names]
    order = sorted(range(len(names)), key=weights.__getitem__)
    sizes = {edge.number for node in nodes for edge in node.edges}
    return {size: _Subsets(names, weights, order, size) for size in sizes}


def _least(diagram: Diagram, subsets: Subsets) -> list[list[int]]:
    """What the rest of a combination weighs at least, from each node on."""
    found: list[list[int]] = [[]]
    for layer, own in zip(reversed(diagram.layers), reversed(subsets), strict=True):
        lightest = {size: one.waiting[0][0] for size, one in own.items()}
        found.append(
            [
                min(
                    lightest[number] + (0 if child == END else found[-1][child])
                    for number, child in node.edges
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
    own: Weighed


def _lightest_first(diagram: Diagram, subsets: Subsets) -> Iterator[Weighed]:
    """Yield all combinations, the lightest first.

    The first of the walks is followed, best first with bounds that are exact, so that none is
    followed in vain.
    """
    least = _least(diagram, subsets)
    below = [[node.count for node in layer] for layer in diagram.layers]
    walks: list[_Walk] = []

    def walk(at: int, before: Weighed, first: int, edge: Edge, place: int) -> None:
        own, ends = subsets[at][edge.number].get(place), edge.child == END
        if own is None:
            return
        weight = before.weight + own.weight + (0 if ends else least[at + 1][edge.child])
        number = first + own.number * (1 if ends else below[at + 1][edge.child])
        heappush(walks, _Walk(weight, number, at, before, first, edge, place, own))

    def onward(at: int, child: int, before: Weighed) -> None:
        first, alike = before.number, len(diagram.groups[at].names)
        for edge in diagram.layers[at][child].edges:
            walk(at, before, first, edge, 0)
            each = 1 if edge.child == END else below[at + 1][edge.child]
            first += comb(alike, edge.number) * each

    onward(0, 0, NOTHING)
    while walks:
        one = heappop(walks)
        walk(one.at, one.before, one.first, one.edge, one.place + 1)
        weight, names = one.before.weight + one.own.weight, one.before.names + one.own.names
        if one.edge.child == END:
            yield Weighed(weight, one.number, tuple(sorted(names)))
        else:
            onward(one.at + 1, one.edge.child, Weighed(weight, one.number, names))
