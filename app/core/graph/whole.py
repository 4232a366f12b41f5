"""What a catalogue shows as a whole: what unlocks most, what all must pass, what leads nowhere."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import networkx as nx

from app.core.engine.selectors import equivalents_of
from app.core.graph.bottlenecks import Passage, lacking, passage
from app.core.graph.build import CreditGraph
from app.core.graph.demands import Demands, demands_of
from app.core.graph.measures import Ladders, delays, reach
from app.core.graph.order import Order
from app.core.model.credential import CredentialId


class Toward(NamedTuple):
    """A node, and of how many awards and of how many other credentials something is said of it."""

    id: CredentialId
    awards: int
    credentials: int


class Place(NamedTuple):
    """Where a credential stands among prerequisites: its delay and blocking factors."""

    id: CredentialId
    delay: int
    blocking: int


class Unreachable(NamedTuple):
    """An award that nobody can reach, by the requirements and prerequisites that lack supply."""

    award: CredentialId
    requirements: tuple[str, ...]
    prerequisites: tuple[CredentialId, ...]


@dataclass(frozen=True, slots=True)
class Rungs:
    """The longest ladder to each award that is below no other, longest first."""

    names: tuple[CredentialId, ...]
    ladders: Ladders
    tops: tuple[int, ...]

    def first(self, limit: int) -> list[tuple[CredentialId, ...]]:
        """Return so many of them, each from below."""
        found = (self.ladders.to(top) for top in self.tops[:limit])
        return [tuple(self.names[at] for at in ladder) for ladder in found]


@dataclass(frozen=True, slots=True)
class Insight:
    """What a catalogue shows as a whole, each list complete and in order.

    A cycle is told by one round through it. What reaches nothing, or holds nothing up, is left out.
    """

    credentials: int
    awards: int
    reach: tuple[Toward, ...]
    bottlenecks: tuple[Toward, ...]
    delay: tuple[Place, ...]
    blocking: tuple[Place, ...]
    ladders: Rungs
    unreachable: tuple[Unreachable, ...]
    dead_ends: tuple[CredentialId, ...]
    orphans: tuple[CredentialId, ...]
    prerequisite_cycles: tuple[tuple[CredentialId, ...], ...]
    award_cycles: tuple[tuple[CredentialId, ...], ...]


def insight(graph: CreditGraph) -> Insight:
    """Return what the graph of a catalogue shows as a whole."""
    known = graph.catalogue.credentials
    whole, needs = _Whole(graph), _Ordered.of(graph.needs, known)
    ladder, places = _Ordered.of(graph.ladder, graph.rules), needs.places()
    dead = tuple(n for n in sorted(known) if n not in graph.ladder and n not in graph.stacks)
    return Insight(
        credentials=len(known),
        awards=len(graph.rules),
        reach=whole.reach(),
        bottlenecks=whole.bottlenecks(),
        delay=tuple(sorted(places, key=lambda one: (-one.delay, -one.blocking, one.id))),
        blocking=tuple(
            sorted(
                (one for one in places if one.blocking),
                key=lambda one: (-one.blocking, -one.delay, one.id),
            )
        ),
        ladders=ladder.rungs(),
        unreachable=whole.unreachable(),
        dead_ends=dead,
        orphans=tuple(name for name in dead if name not in graph.needs),
        prerequisite_cycles=needs.cycles(),
        award_cycles=ladder.cycles(),
    )


class _Whole:
    """One graph, with its credentials and awards numbered by their ids."""

    def __init__(self, graph: CreditGraph) -> None:
        self.graph = graph
        self.names = tuple(sorted({*graph.catalogue.credentials, *graph.rules}))
        self.number = {name: at for at, name in enumerate(self.names)}
        self.awards = frozenset(self.number[name] for name in graph.rules)

    def reach(self) -> tuple[Toward, ...]:
        """What each leads to: by prerequisites, by stacking, by ladders."""
        order = Order.of([[*dict.fromkeys(self.leads(name))] for name in self.names])
        others = range(len(self.names))
        every, awards = reach(order, others), reach(order, self.awards)
        return _most(
            Toward(name, of_awards, of_all - of_awards)
            for name, of_all, of_awards in zip(self.names, every, awards, strict=True)
        )

    def leads(self, name: CredentialId) -> Iterator[int]:
        """The nodes to which one leads directly."""
        graph = self.graph
        yield from (self.number[way.award] for way in graph.stacks.get(name, ()))
        for links in (graph.ladder, graph.needs):
            if name in links:
                yield from (self.number[one] for one in links.successors(name))

    @cached_property
    def demands(self) -> Demands:
        return demands_of(self.graph, self.names)

    @cached_property
    def passage(self) -> Passage:
        return passage(self.demands, self.awards)

    def bottlenecks(self) -> tuple[Toward, ...]:
        """What there is no way round."""
        held = self.passage.bottlenecks.items()
        return _most(Toward(self.names[at], *one) for at, one in held)

    def unreachable(self) -> tuple[Unreachable, ...]:
        """The awards that the catalogue does not let anybody reach."""
        out = self.passage.out
        return tuple(
            Unreachable(name, lacking(self.demands.rules[at], out), self.shut(name))
            for at, name in enumerate(self.names)
            if at in out and name in self.graph.rules
        )

    def shut(self, name: CredentialId) -> tuple[CredentialId, ...]:
        """The prerequisites of an award that nobody can come by, nor by anything in their place."""
        credential = self.graph.catalogue.credentials.get(name)
        equivalents = equivalents_of(self.graph.catalogue)
        return tuple(
            one
            for one in (credential.prerequisites if credential else ())
            if one in self.number
            and all(
                self.number[other] in self.passage.out
                for other in (one, *equivalents.get(one, ()))
                if other in self.number
            )
        )


def _most(found: Iterable[Toward]) -> tuple[Toward, ...]:
    """Those of which anything is said, the most first: by awards, then by credentials."""
    counted = (one for one in found if one.awards or one.credentials)
    return tuple(sorted(counted, key=lambda one: (-one.awards, -one.credentials, one.id)))


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A graph of credentials or awards, by id, with its parts in order."""

    graph: nx.DiGraph[CredentialId]
    names: tuple[CredentialId, ...]
    order: Order

    @classmethod
    def of(cls, graph: nx.DiGraph[CredentialId], known: Container[CredentialId]) -> _Ordered:
        names = tuple(sorted(name for name in graph if name in known))
        number = {name: at for at, name in enumerate(names)}
        # What leads to another node is known: it is what nobody lists that others only name.
        links = [[number[one] for one in graph.successors(name)] for name in names]
        return cls(graph, names, Order.of(links))

    def rungs(self) -> Rungs:
        ladders = Ladders.of(self.order)
        return Rungs(self.names, ladders, tuple(ladders.tops()))

    def places(self) -> list[Place]:
        blocking = reach(self.order, range(len(self.names)))
        return [Place(*one) for one in zip(self.names, delays(self.order), blocking, strict=True)]

    def cycles(self) -> tuple[tuple[CredentialId, ...], ...]:
        """One round a part; all rounds may be more than anybody could read."""
        found = []
        for part in self.order.parts:
            inside = [self.names[at] for at in part]
            if len(part) > 1 or self.graph.has_edge(inside[0], inside[0]):
                edges = nx.find_cycle(self.graph.subgraph(inside), inside[0])
                found.append(tuple(edge[0] for edge in edges))
        return tuple(sorted(found))
