"""Every combination of an award in one decision diagram: counted, numbered, and never listed.

Groups of alike credentials are gone through in one order; a state is what sets of so many of each
group can have reached, whichever way they count. A set is a combination if it meets the award and
no set with one credential less does, so a state holds two sets of rows: those in which all that was
chosen counts, and those in which something chosen is spare. Sets with the same state have the same
future and are one node. The nodes of two sets of rows are those of the determinised automaton of
all placements (Rabin and Scott, 1959); counting over it is that over a ZDD (Minato, 1993).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import comb
from typing import NamedTuple, TypeAlias

from app.core.model.credential import CredentialId
from app.core.search.layout import Alike, Layout
from app.core.search.tally import NEVER, Row, Table

Rows: TypeAlias = tuple[Row, ...]
State: TypeAlias = tuple[Rows, Rows]
"""What has been reached with all that was chosen, and with something of it spare."""

END = -1
"""The child of an edge that completes a combination."""
# So many rows are made in all, and so many stand in one state.
MOST_ROWS, MOST_IN_STATE = 500_000, 500
# Once there is no room left, so many stand in one of the few states that are followed.
FEW_IN_STATE = 50
# To compare so many pairs of rows takes as long as to make one.
PAIRS = 16
# Of each layer so many states are followed once there is no room for all.
FEW = 8


class Edge(NamedTuple):
    """So many of a group, and the node of the next layer that they lead to."""

    number: int
    child: int


@dataclass(slots=True)
class Node:
    """One state of a layer, with its edges and how many combinations it ends in."""

    edges: tuple[Edge, ...]
    count: int = 0


@dataclass(slots=True)
class Diagram:
    """Layers of nodes, one a group; where it is not `exact`, there are more combinations."""

    groups: tuple[Alike, ...]
    layers: list[list[Node]] = field(default_factory=list)
    exact: bool = True
    empty: bool = False
    known: str = ""

    @property
    def count(self) -> int:
        """How many combinations there are, of all or at least."""
        if self.empty:
            return 1
        return self.layers[0][0].count if self.layers and self.layers[0] else 0

    def digest(self) -> str:
        """Return what tells the list that it numbers from every other one; it is made once."""
        if not self.known:
            found = sha256(repr([group.names for group in self.groups]).encode())
            for layer in self.layers:
                found.update(repr([node.edges for node in layer]).encode())
            self.known = found.hexdigest()
        return self.known


def diagram(layout: Layout, must: frozenset[str] = frozenset(), most: int = MOST_ROWS) -> Diagram:
    """Return the diagram of all combinations that have what they must."""
    if not must.issubset(name for group in layout.groups for name in group.names):
        # What cannot count is in no minimal set.
        return Diagram(())
    return _Building(layout, must, most).diagram()


class _Building:
    """Builds the layers, first to last, then counts, last to first."""

    def __init__(self, layout: Layout, must: frozenset[str], most: int) -> None:
        self.layout, self.table = layout, layout.table
        self.groups = ordered(layout, must)
        self.forced = [not must.isdisjoint(group.names) for group in self.groups]
        self.ahead = [*supplies(self.table, self.groups)]
        self.left = most
        self.exact = True

    def diagram(self) -> Diagram:
        found = Diagram(self.groups)
        start: State = ((self.table.start(),), ())
        if self.met(start[0]):
            found.empty = not any(self.forced)
            return found
        first = self.tidy(start, 0)
        states: list[State] = [first] if first[0] else []
        for at in range(len(self.groups)):
            known: dict[State, int] = {}
            found.layers.append(self.layer(at, states, known))
            states = [*known]
        found.exact = self.exact
        counted(found)
        return found

    def layer(self, at: int, states: Sequence[State], known: dict[State, int]) -> list[Node]:
        """The nodes of states; once there is no room, of the few that lack least."""
        few: Sequence[int] = range(FEW)
        if self.left <= 0:
            few = sorted(range(len(states)), key=lambda number: self.lack(states[number]))[:FEW]
        nodes: list[Node] = []
        for number, state in enumerate(states):
            followed = self.left > 0 or number in few
            self.exact = self.exact and followed
            nodes.append(Node(tuple(self.edges(at, state, known)) if followed else ()))
        return nodes

    def lack(self, state: State) -> int:
        """How many demands lack something, at least."""
        return min(self.table.lacking(row).bit_count() for row in state[0])

    def edges(self, at: int, state: State, known: dict[State, int]) -> Iterator[Edge]:
        """The edges of a state; `known` are the states of the next layer so far."""
        group, last = self.groups[at], at + 1
        forced = self.forced[at]
        for number in range(len(group.names) + 1):
            if number:
                state = self.one_more(state, group)
                if not state[0] or self.met(state[1]):
                    # What is met with something spare is not minimal, whatever follows.
                    return
            if forced and number < len(group.names):
                continue
            if self.met(state[0]):
                if not any(self.forced[last:]):
                    yield Edge(number, END)
                return
            child = self.tidy(state, last)
            if child[0] and last < len(self.groups):
                yield Edge(number, known.setdefault(child, len(known)))

    def one_more(self, state: State, group: Alike) -> State:
        """The state with one more of a group: it counts in some way, or it is spare."""
        counting, spare = state
        placed = [*self.placed(counting, group)]
        beside = [*self.placed(spare, group), *spare, *counting]
        wide = max(len(placed), len(beside))
        self.left -= wide + wide * wide // PAIRS
        if wide > (MOST_IN_STATE if self.left > 0 else FEW_IN_STATE):
            self.exact = False
            return (), ()
        kept = self.table.best(beside)
        return self.table.best(placed, kept), kept

    def placed(self, rows: Rows, group: Alike) -> Iterator[Row]:
        for row in rows:
            for way in group.ways:
                after = self.table.after(row, way)
                if after is not None:
                    yield after

    def met(self, rows: Rows) -> bool:
        """Say whether any of the rows meets the award."""
        return any(self.layout.met(self.table.lacking(row)) for row in rows if self.whole(row))

    def whole(self, row: Row) -> bool:
        """Say whether of each pair all or nothing is there."""
        return all(row[at] in {0, self.table.entries[at].most} for at in self.table.pairs)

    def tidy(self, state: State, at: int) -> State:
        """The state without what cannot matter any more, before the groups from `at` on."""
        counting, spare = (
            [own for row in rows if (own := self.settled(row, at)) is not None] for rows in state
        )
        kept = self.table.best(spare)
        return self.table.best(counting, kept), kept

    def settled(self, row: Row, at: int) -> Row | None:
        """The row with what is lacked for ever, and limits that can bind no more, as such.

        None where it cannot meet the award.
        """
        found, ahead, never = list(row), self.ahead[at], 0
        for place, entry in enumerate(self.table.entries):
            own = found[place]
            if not own:
                continue
            if entry.kind == "lack" and own > ahead[place]:
                found[place] = NEVER
                never |= 1 << place
            elif entry.kind == "use" and own + ahead[place] <= entry.most:
                found[place] = 0
            elif entry.kind == "unseen" and (own & ~ahead[place]).bit_count() > entry.most:
                found[place] = entry.start
                never |= 1 << place
            elif entry.kind == "used" and (own | ahead[place]).bit_count() <= entry.most:
                found[place] = 0
        return self.decided(tuple(found), never) if self.layout.met(never) else None

    def decided(self, row: Row, never: int) -> Row:
        """The row without what decides nothing any more; some entries lack something for ever.

        A place that is open for no more than it lacks is closed then: what counted only there
        would be spare.
        """
        lacking = self.table.lacking(row)
        idle = lacking & ~never & ~self.layout.undecided(lacking, never)
        if not idle:
            return row
        for alike, until in self.table.alike:
            if idle >> alike & 1 and not self.table.is_free(row, until):
                idle &= ~(1 << alike)
        return tuple([0 if idle >> place & 1 else own for place, own in enumerate(row)])


def counted(found: Diagram) -> None:
    """Count from the last layer to the first; what leads to no combination goes."""
    counts: dict[int, tuple[int, int]] = {}
    for at in reversed(range(len(found.layers))):
        alike, below = len(found.groups[at].names), {**counts, END: (END, 1)}
        counts, kept = {}, list[Node]()
        for number, node in enumerate(found.layers[at]):
            ways = [(one.number, *below[one.child]) for one in node.edges if one.child in below]
            count = sum(comb(alike, chosen) * each for chosen, _, each in ways)
            if count:
                counts[number] = len(kept), count
                edges = tuple([Edge(chosen, child) for chosen, child, _ in ways])
                kept.append(Node(edges, count))
        found.layers[at] = kept


def within(diagram: Diagram, names: Container[CredentialId]) -> Diagram:
    """Return the combinations of a diagram that have nothing but some credentials.

    Whether a set is minimal does not depend on what else there is: no other diagram is made.
    """
    if not diagram.layers:
        return diagram
    groups, layers = list[Alike](), list[list[Node]]()
    for group, layer in zip(diagram.groups, diagram.layers, strict=True):
        own = tuple([name for name in group.names if name in names])
        groups.append(replace(group, names=own))
        layers.append(
            [Node(tuple([one for one in node.edges if one.number <= len(own)])) for node in layer]
        )
    found = replace(diagram, groups=tuple(groups), layers=layers, known="")
    counted(found)
    return found


def supplies(table: Table, groups: Sequence[Alike]) -> Iterator[tuple[int, ...]]:
    """Yield for each layer what the groups from there on could bring to each entry, at most."""
    ahead: list[tuple[int, ...]] = [(0,) * len(table.entries)]
    for group in reversed(groups):
        found = list(ahead[-1])
        most: dict[int, int] = {}
        for way in group.ways:
            for at, amount in way.changes:
                bits = table.entries[at].kind in {"unseen", "used", "paired"}
                own = most.get(at, 0)
                most[at] = own | amount if bits else max(own, amount)
        for at, amount in most.items():
            bits = table.entries[at].kind in {"unseen", "used", "paired"}
            found[at] = found[at] | amount if bits else found[at] + amount * len(group.names)
        ahead.append(tuple(found))
    yield from reversed(ahead)


def ordered(layout: Layout, must: frozenset[str]) -> tuple[Alike, ...]:
    """Return the groups, those that have to do with each other together; what must be is apart.

    Within a part the largest credit goes first: so a demand that takes no more than it needs is
    only ever added to while it lacks something.
    """
    groups = [
        Alike(names, group.ways) for group in layout.groups for names in _apart(group.names, must)
    ]
    parts = _parts(groups)

    def order(at: int) -> tuple[int, int, int, tuple[str, ...]]:
        lacks = [
            (-change.amount, change.entry)
            for way in groups[at].ways
            for change in way.changes
            if layout.table.entries[change.entry].kind == "lack"
        ]
        size, first = min(lacks, default=(0, 0))
        return parts[at], size, first, groups[at].names

    return tuple([groups[at] for at in sorted(range(len(groups)), key=order)])


def _apart(
    names: Sequence[CredentialId], must: frozenset[str]
) -> Iterator[tuple[CredentialId, ...]]:
    forced = tuple([name for name in names if name in must])
    if forced:
        yield forced
    rest = tuple([name for name in names if name not in must])
    if rest:
        yield rest


def _parts(groups: Sequence[Alike]) -> list[int]:
    """For each group the first one that it has to do with, by way of others."""
    first: dict[int, int] = {}
    part = list(range(len(groups)))

    def root(at: int) -> int:
        while part[at] != at:
            at = part[at] = part[part[at]]
        return at

    for at, group in enumerate(groups):
        for entry in {change.entry for way in group.ways for change in way.changes}:
            one, other = sorted((root(at), root(first.setdefault(entry, at))))
            part[other] = one
    return [root(at) for at in range(len(groups))]
