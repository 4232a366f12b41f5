"""One award laid out for trying everything: leaves, bounds, conditions, who may stand where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeGuard

from app.core.model.credential import Fact
from app.core.model.record import Achievement
from app.core.model.requirement import (
    EVERYWHERE,
    Average,
    Bound,
    Distinct,
    From,
    Group,
    MilestoneStep,
    Pair,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    Window,
    walk,
)
from tests.oracle.decisions import decided, kept_out, slots_asked
from tests.oracle.facts import (
    STATUSES,
    Leaf,
    View,
    admits,
    all_within,
    alone_in_window,
    begun_after,
    each_holds,
    in_thousandths,
    not_superseded,
    of_right_status,
    usual_credits,
    values,
)
from tests.oracle.learner import for_learner

WHOLE = ""
"""The name under which the award's own qualifiers are kept."""


class Place(NamedTuple):
    """A slot of an award: a leaf, and of a `take` which of its credentials."""

    award: int
    leaf: str
    slot: str = ""


@dataclass(frozen=True)
class Standing:
    """An achievement that counts in an award: where, and with how many credits."""

    one: Achievement
    places: tuple[Place, ...]
    credits: int

    def inside(self, scope: frozenset[str]) -> bool:
        """Say whether it stands in any leaf of `scope`."""
        return not scope.isdisjoint(self.leaves)

    @cached_property
    def leaves(self) -> frozenset[str]:
        """Return the ids of the leaves in which it stands."""
        return frozenset(place.leaf for place in self.places)


@dataclass(frozen=True, slots=True)
class Measured:
    """A bound or condition on what counts in `scope` of what is `admitted`."""

    id: str
    scope: frozenset[str]
    admitted: frozenset[str]
    seen: tuple[Standing, ...] | None = None

    def of(self, standings: Sequence[Standing]) -> list[Standing]:
        """Return what it looks at, each achievement once; over the record always the same."""
        if self.seen is not None:
            return [each for each in self.seen if each.one.id in self.admitted]
        return [
            each for each in standings if each.one.id in self.admitted and each.inside(self.scope)
        ]


@dataclass(frozen=True, slots=True)
class Limit:
    """A floor or a cap: how much of what is measured."""

    measured: Measured
    by_number: bool
    amount: int
    trims: bool = False

    def reached(self, standings: Sequence[Standing]) -> int:
        """Return the credits or the number of what it looks at."""
        found = self.measured.of(standings)
        return len(found) if self.by_number else sum(each.credits for each in found)


@dataclass(frozen=True, slots=True)
class Latest:
    """A floor on the latest of what counts: so much, or so many."""

    measured: Measured
    window_by_number: bool
    window: int
    by_number: bool
    amount: int

    def reached(self, standings: Sequence[Standing]) -> int:
        """Return how much of it the latest hold; of what crosses the end, a part."""
        inside = [each for each in standings if each.inside(self.measured.scope)]
        left, found = self.window, 0
        for each in sorted(inside, key=lambda one: by_day(one.one), reverse=True):
            if left > 0 and each.one.id in self.measured.admitted:
                part = each.credits if self.window_by_number else min(left, each.credits)
                found += 1 if self.by_number else part
            left -= 1 if self.window_by_number else each.credits
        return found


def by_day(one: Achievement) -> tuple[bool, date, str]:
    """Return the key by which achievements come one after the other, the undated last."""
    return (one.earned is None, one.earned or date.max, one.id)


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many different values there may or must be."""

    measured: Measured
    values: Mapping[str, frozenset[Fact]]
    low: int
    high: int | None

    def reached(self, standings: Sequence[Standing]) -> int:
        """Return how many different values there are."""
        return len(
            {value for each in self.measured.of(standings) for value in self.values[each.one.id]}
        )


@dataclass(frozen=True, slots=True)
class Mean:
    """An average and its floor."""

    measured: Measured
    points: Mapping[str, int]
    low: int

    def holds(self, standings: Sequence[Standing]) -> bool:
        """Say whether there is an average, and it is high enough."""
        graded = [each for each in self.measured.of(standings) if each.one.id in self.points]
        whole = sum(each.credits for each in graded)
        total = sum(each.credits * self.points[each.one.id] for each in graded)
        return whole > 0 and Fraction(total, whole) >= self.low


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """How much of what stands in the scope `own` may stand in `other` too."""

    own: frozenset[str]
    other: frozenset[str]
    by_number: bool
    amount: int

    def reached(self, standings: Sequence[Standing]) -> int:
        """Return the credits or the number of what stands in both."""
        both = [each for each in standings if each.inside(self.own) and each.inside(self.other)]
        return len(both) if self.by_number else sum(each.credits for each in both)


class Sheet:
    """One award in one answer, with everything looked up once."""

    def __init__(self, number: int, view: View) -> None:
        """Lay out the award that is the `number`th asked about."""
        self.number = number
        self.view = view = decided(for_learner(view))
        self.nodes = tuple(walk(view.rule.root))
        self.leaves: dict[str, Leaf] = {n.id: n for n in self.nodes if isinstance(n, Take | From)}
        self.scopes = {n.id: scope_of(n) for n in self.nodes} | {WHOLE: frozenset(self.leaves)}
        self.qualifiers = {n.id: n.qualifiers for n in self.nodes} | {WHOLE: view.rule.whole}
        self.homes = {n.id: self.homes_of(n) for n in self.nodes if looks_only(n)}
        right = [one for one in of_right_status(view) if not kept_out(view, one)]
        places = {one.id: tuple(self.places_for(one)) for one in right}
        eligible = frozenset(name for name, own in places.items() if own)
        self.items = {one.id: one for one in not_superseded(view, right, eligible)}
        self.places = {name: places[name] for name in self.items}
        self.record = tuple(Standing(one, (), view.amount(one)) for one in self.items.values())
        self.sharing = {pair for n in self.nodes for pair in self.shared_leaves(n)}
        self.shared_limits = [limit for n in self.nodes for limit in self.limits_of(n)]
        self.caps = [c for node in self.qualifiers for c in self.caps_of(node, over_record=False)]
        self.breadths = {node: self.breadths_of(node) for node in self.qualifiers}
        self.floors = {node: self.floors_of(node) for node in self.qualifiers}
        self.record_rules = {node: dict(self.rules_of(node)) for node in self.qualifiers}
        self.latest = {node: self.latest_of(node) for node in self.qualifiers}
        self.means = {node: self.means_of(node) for node in self.qualifiers}
        self.record_caps = {node: self.caps_of(node, over_record=True) for node in self.qualifiers}
        self.weights = {leaf.id: self.slot_weights(leaf) for leaf in self.leaves.values()}
        self.spared = frozenset(self.spared_leaves())
        self.clocks = list(self.clocks_on_what_is_used())
        self.orders = [
            (self.scopes[n.id], self.scopes.get(name, frozenset()))
            for n in self.nodes
            for name in n.after
        ]
        self.pairs = list(self.pairs_of_leaves())

    def spared_leaves(self) -> Iterator[str]:
        """Yield the leaves that may count more than they need: something may want the surplus."""
        wanting = [cap.measured for cap in self.caps if cap.trims]
        for node in self.qualifiers:
            wanting += [each.measured for each in self.latest[node]]
            least = [each.measured for each in self.floors[node]]
            least += [each.measured for each in self.breadths[node] if each.low]
            wanting += [each for each in least if each.seen is None]
        yield from (leaf for each in wanting for leaf in each.scope)

    def clocks_on_what_is_used(self) -> Iterator[tuple[frozenset[str], Window]]:
        """Yield the windows that bind what counts together, each with the leaves it is about."""
        for node, said in self.qualifiers.items():
            for window in said.windows:
                if window.anchor == "earliest-used" and not window.over_record:
                    yield self.scopes[node], window

    def pairs_of_leaves(self) -> Iterator[tuple[str, Pair]]:
        """Yield each leaf with each pair that has to stand whole in it."""
        for node, said in self.qualifiers.items():
            stated = (*said.pairs, *self.view.rule.pairs) if node == WHOLE else said.pairs
            yield from ((leaf, pair) for leaf in self.scopes[node] for pair in stated)

    def different(self, quantity: Quantity, standings: Sequence[Standing]) -> int:
        """Return how many different values that a quantity counts there are."""
        known = self.values_by(quantity.by)
        found = {value for each in standings for value in known[each.one.id]}
        return len(found & set(quantity.only)) if quantity.only else len(found)

    def shared_leaves(self, node: Requirement) -> Iterator[frozenset[str]]:
        """Yield each two leaves that `node` says may share; what only looks shares with all."""
        limited = (name for limit in node.sharing_limits for name in limit.requirements)
        others = self.scope_of_names((*node.shares_with, *limited)) - self.scopes[node.id]
        if looks_only(node):
            others = frozenset(self.leaves)
        for own in self.scopes[node.id]:
            yield from (frozenset({own, leaf}) for leaf in others - {own})

    def limits_of(self, node: Requirement) -> Iterator[SharedLimit]:
        """Yield up to how much `node` says that what counts in it may count elsewhere too."""
        own = self.scopes[node.id]
        for limit in node.sharing_limits:
            other = self.scope_of_names(limit.requirements) - own
            yield SharedLimit(own, other, limit.measure == "choose", limit.amount)

    def homes_of(self, leaf: From) -> frozenset[str]:
        """Return the leaves of which one has to hold what stands in one that only looks."""
        below = self.scope_of_names(leaf.counted_in)
        return frozenset(name for name in below if not looks_only(self.leaves[name]))

    def scope_of_names(self, names: Sequence[str]) -> frozenset[str]:
        """Return the leaves at or below the requirements of these names that are there."""
        if EVERYWHERE in names:
            return frozenset(self.leaves)
        return frozenset[str]().union(*(self.scopes.get(name, frozenset()) for name in names))

    def at_home(self, places: Sequence[Place]) -> bool:
        """Say whether an achievement at these places has a home wherever a leaf only looks."""
        own = {place.leaf for place in places if place.award == self.number}
        return not any(own.isdisjoint(self.homes[leaf]) for leaf in own if leaf in self.homes)

    def measured(self, node: str, bound: Bound | Average | Distinct) -> Measured:
        """Return what a bound or condition on `node` looks at."""
        selector = None if isinstance(bound, Distinct) else bound.selector
        over = bound.over if isinstance(bound, Average) else ""
        every = self.attempts() if over == "all-attempts" else self.record
        if isinstance(bound, Bound) and bound.attempts:
            every = self.begun()
        admitted = frozenset(
            each.one.id
            for each in every
            if (selector is None or admits(self.view, selector, each.one))
            and not (over == "not-transferred" and each.one.source == "transferred")
        )
        return Measured(bound.id, self.scopes[node], admitted, every if bound.over_record else None)

    def attempts(self) -> tuple[Standing, ...]:
        """Return every graded achievement of the record, whatever its status."""
        graded = [one for one in self.view.record.achievements if one.grade]
        return tuple(Standing(one, (), self.view.amount(one)) for one in graded)

    def begun(self) -> tuple[Standing, ...]:
        """Return what the answer looks at, superseded or not, and what does not count any more."""
        ahead = set(STATUSES["planned"]) - set(STATUSES[self.view.answer])
        begun = [one for one in self.view.record.achievements if one.status not in ahead]
        return tuple(Standing(one, (), self.view.amount(one)) for one in begun)

    def rules_of(self, node: str) -> Iterator[tuple[str, bool]]:
        """Yield what `node` says of the facts and days of all of the record, and whether it is."""
        every, view = list(self.items.values()), self.view
        days = [(one.started or view.finished(one), view.finished(one)) for one in every]
        below = [self.leaves[leaf] for leaf in self.scopes[node]]
        for each in self.qualifiers[node].each:
            if each.over_record:
                yield each.id, all(each_holds(view, each, one) for one in every)
        for window in self.qualifiers[node].windows:
            if window.over_record and window.anchor == "earliest-used":
                yield window.id, all_within(window, days)
            elif window.over_record:
                yield window.id, all(alone_in_window(view, window, below, one) for one in every)

    def caps_of(self, node: str, *, over_record: bool) -> list[Limit]:
        """Return the caps on `node`."""
        policy = self.view.policies["caps"]
        return [
            Limit(
                self.measured(node, cap),
                cap.measure == "choose",
                in_thousandths(self.view, cap.amount, up=False),
                cap.measure == "credits"
                and (policy if cap.items == "policy" else cap.items) == "trim",
            )
            for cap in self.qualifiers[node].at_most
            if cap.over_record is over_record
        ]

    def floors_of(self, node: str) -> list[Limit]:
        """Return the floors on `node`."""
        return [
            Limit(
                self.measured(node, floor),
                floor.measure == "choose",
                in_thousandths(self.view, floor.amount, up=True),
            )
            for floor in self.qualifiers[node].at_least
        ]

    def latest_of(self, node: str) -> list[Latest]:
        """Return the floors of `node` on the latest that counts."""
        return [
            Latest(
                self.measured(node, floor),
                last.measure == "choose",
                last.amount,
                floor.measure == "choose",
                in_thousandths(self.view, floor.amount, up=True),
            )
            for last in self.qualifiers[node].last
            for floor in last.at_least
        ]

    def breadths_of(self, node: str) -> list[Breadth]:
        """Return what `node` says of different values."""
        return [
            Breadth(self.measured(node, each), self.values_by(each.by), each.low, each.high)
            for each in self.qualifiers[node].distinct
        ]

    def values_by(self, key: str) -> dict[str, frozenset[Fact]]:
        """Return the values of a fact, by achievement."""
        every = self.view.known
        return {
            one.id: frozenset(values(every[one.credential], one, key) or ())
            for one in self.items.values()
        }

    def means_of(self, node: str) -> list[Mean]:
        """Return the averages on `node` that have a floor."""
        return [
            Mean(
                self.measured(node, each),
                self.points(attempts=each.over == "all-attempts"),
                each.low,
            )
            for each in self.qualifiers[node].averages
            if each.low is not None
        ]

    def points(self, *, attempts: bool) -> dict[str, int]:
        """Return the points of what has a grade with points."""
        every = [each.one for each in self.attempts()] if attempts else self.items.values()
        graded = [(one.id, self.view.grade(one.grade).points) for one in every if one.grade]
        return {one: points for one, points in graded if points is not None}

    def slot_weights(self, leaf: Leaf) -> dict[str, int]:
        """Section 6: return what one of what is counted brings, by slot of the leaf."""
        if isinstance(leaf, From):
            usual = (
                leaf.weight if leaf.weight is not None else usual_credits(self.view, leaf.selector)
            )
            return {"": usual}
        every = self.view.catalogue.credentials
        return {
            slot: self.view.brought(every[slot].credits, every[slot].unit)
            if leaf.weight is None
            else leaf.weight
            for slot in leaf.credentials
        }

    def places_for(self, one: Achievement) -> Iterator[Place]:
        """Yield the slots for which `one` is eligible: section 3."""
        for leaf in self.leaves.values():
            homes = self.homes.get(leaf.id, frozenset())
            slots = slots_asked(self.view, leaf, one, self.scopes, homes)
            if slots and self.let_in(leaf.id, one):
                yield from (Place(self.number, leaf.id, slot) for slot in slots)

    def let_in(self, leaf: str, one: Achievement) -> bool:
        """Say whether every `each` and window on the leaf and above it lets `one` in."""
        above = [node for node, scope in self.scopes.items() if leaf in scope]
        return all(
            self.node_lets_in(self.qualifiers[node], self.scopes[node], one) for node in above
        ) and all(self.after_milestones(node, one) for node in self.nodes if node.id in above)

    def after_milestones(self, node: Requirement, one: Achievement) -> bool:
        """Say whether `one` was begun after the milestones that `node` comes after."""
        days = {m.name: m.on for m in self.view.record.milestones if m.on <= self.view.as_of}
        for first in (each for each in self.nodes if each.id in node.after):
            if isinstance(first, MilestoneStep) and first.milestone not in days:
                return False
            steps = [each.milestone for each in walk(first) if isinstance(each, MilestoneStep)]
            if not all(begun_after(self.view, one, days[step]) for step in steps if step in days):
                return False
        return True

    def node_lets_in(self, said: Qualifiers, scope: frozenset[str], one: Achievement) -> bool:
        """Say whether every `each` and window of one node lets `one` in."""
        below = [self.leaves[leaf] for leaf in scope]
        return all(
            each_holds(self.view, each, one) for each in said.each if not each.over_record
        ) and all(
            alone_in_window(self.view, window, below, one)
            for window in said.windows
            if not window.over_record
        )


def looks_only(node: Requirement) -> TypeGuard[From]:
    """Say whether only what counts elsewhere may count in a requirement."""
    return isinstance(node, From) and bool(node.counted_in)


def scope_of(node: Requirement) -> frozenset[str]:
    """Return the ids of the leaves at or below `node`."""
    if isinstance(node, Group):
        return frozenset[str]().union(*(scope_of(part) for part in node.parts))
    return frozenset({node.id}) if isinstance(node, Take | From) else frozenset()
