"""One award under check: its leaves, what is said where, who is eligible, what each leaf weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.engine.verify_adjusted import placed
from app.core.engine.verify_facts import Reading, recorded
from app.core.engine.verify_selectors import admits, applies, can_admit, facts_of
from app.core.model.credits import SCALE
from app.core.model.record import Achievement
from app.core.model.requirement import (
    EVERYWHERE,
    Average,
    Bound,
    From,
    Group,
    MilestoneStep,
    Node,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    Window,
    walk,
)
from app.core.model.rule import Exclusion
from app.core.model.selector import Selector

Leaf = Take | From
STARTING = frozenset({"earned", "in-progress", "planned", "failed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A requirement, or the whole award (without an id), with what is said of its scope."""

    id: str
    scope: frozenset[str]
    said: Qualifiers


@dataclass(frozen=True, slots=True)
class Order:
    """What counts in the leaves `later` comes after what counts in `earlier`, and after steps."""

    later: frozenset[str]
    earlier: frozenset[str]
    steps: frozenset[str]
    alone: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """An achievement that counts in an award: in which leaves, and with how many credits."""

    one: Achievement
    leaves: frozenset[str]
    credits: int


class Account:
    """One award under check in one answer."""

    def __init__(self, reading: Reading) -> None:
        """Keep the award's own reading of the record, and find its leaves."""
        self.reading = reading
        self.award = reading.rule.award
        nodes = list(walk(reading.rule.root))
        self.leaves: dict[str, Leaf] = {n.id: n for n in nodes if isinstance(n, Take | From)}
        self.spots = [Spot(node.id, scope_of(node), node.qualifiers) for node in nodes]
        self.spots.append(Spot("", frozenset(self.leaves), reading.rule.whole))
        self.orders = list(self._orders(nodes))
        self.items = reading.present()
        self.sharing = frozenset(pair for node in nodes for pair in self._shared(node))
        self.limits = [
            (spot.scope, self.meant(limit.requirements) - spot.scope, limit)
            for node, spot in zip(nodes, self.spots, strict=False)
            for limit in node.sharing_limits
        ]
        asked = {name: dict(self._slots_of(leaf)) for name, leaf in self.leaves.items()}
        if reading.placing:
            scopes = {spot.id: spot.scope for spot in self.spots if spot.id}
            for gone in placed(reading, asked, scopes, self.views()):
                self.items.pop(gone)
        self.eligible = {name: self._let_in(name, several) for name, several in asked.items()}
        eligible = {one for leaf in self.eligible.values() for one in leaf}
        for gone in reading.superseded(self.items.values(), eligible):
            self.items.pop(gone)
            for leaf in self.eligible.values():
                leaf.pop(gone, None)
        for name, homes in self.views().items():
            there = {one for home in homes for one in self.eligible[home]}
            for missing in self.eligible[name].keys() - there:
                self.eligible[name].pop(missing)
        self.weights = {name: self._slot_weights(leaf) for name, leaf in self.leaves.items()}

    def meant(self, names: Sequence[str]) -> frozenset[str]:
        """Return the leaves at or below the requirements of these names, or all of them."""
        if EVERYWHERE in names:
            return frozenset(self.leaves)
        return frozenset(leaf for spot in self.spots if spot.id in names for leaf in spot.scope)

    def views(self) -> dict[str, frozenset[str]]:
        """Return the leaves that count what counts elsewhere, and where it has to count."""
        looking = {
            name: leaf.counted_in
            for name, leaf in self.leaves.items()
            if isinstance(leaf, From) and leaf.counted_in
        }
        return {name: self.meant(names) - looking.keys() for name, names in looking.items()}

    def _shared(self, node: Node) -> Iterator[frozenset[str]]:
        """Yield each two leaves which share because `node` says so."""
        limited = [name for limit in node.sharing_limits for name in limit.requirements]
        scope = next(spot.scope for spot in self.spots if spot.id == node.id)
        others = self.meant([*node.shares_with, *limited]) - scope
        if isinstance(node, From) and node.counted_in:
            others = frozenset(self.leaves)
        yield from (frozenset({own, each}) for own in scope for each in others if each != own)

    def _slots_of(self, leaf: Leaf) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what a leaf asks for, with the slots that it could fill."""
        for name, one in self.items.items():
            slots = self._slots_asked(leaf, one)
            if slots:
                yield name, slots

    def _let_in(
        self, leaf: str, asked: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """Return what is eligible for a leaf, of what it asks for."""
        above = [spot for spot in self.spots if leaf in spot.scope]
        there = ((name, self.items[name]) for name in asked if name in self.items)
        return {
            name: asked[name]
            for name, one in there
            if all(self._follows(order, leaf, one) for order in self.orders)
            and all(self._lets_in(spot, one) for spot in above)
        }

    def _orders(self, nodes: Sequence[Requirement]) -> Iterator[Order]:
        """Yield what comes after what, two requirements at a time."""
        by_id = {node.id: node for node in nodes}
        for node in nodes:
            for name in node.after:
                if name in by_id:
                    steps = [n for n in walk(by_id[name]) if isinstance(n, MilestoneStep)]
                    yield Order(
                        scope_of(node),
                        scope_of(by_id[name]),
                        frozenset(step.milestone for step in steps),
                        isinstance(by_id[name], MilestoneStep),
                    )

    def _follows(self, order: Order, leaf: str, one: Achievement) -> bool:
        """Say whether `one` was begun after the steps that come before a leaf."""
        if leaf not in order.later:
            return True
        known = {step: recorded(self.reading, step) for step in order.steps}
        if order.alone and None in known.values():
            return False
        days = [day for day in known.values() if day is not None]
        begun = self.reading.begin(one) if self.reading.end(one) else None
        return not days or (begun is not None and begun >= max(days))

    def _slots_asked(self, leaf: Leaf, one: Achievement) -> tuple[str, ...]:
        """Return the slots of a leaf that ask for `one`."""
        if isinstance(leaf, From):
            return ("",) if admits(self.reading, leaf.selector, one) else ()
        same = self.reading.equivalent
        return tuple(wanted for wanted in leaf.credentials if same(wanted, one.credential))

    def _lets_in(self, spot: Spot, one: Achievement) -> bool:
        """Say whether what is said at a spot lets `one` count in its scope."""
        for each in spot.said.each:
            if each.over_record:
                continue
            if admits(self.reading, each.selector, one) and not admits(
                self.reading, each.must, one
            ):
                return False
        static = (window for window in spot.said.windows if not window.over_record)
        return all(self.in_window(window, spot, one) for window in static)

    def in_window(self, window: Window, spot: Spot, one: Achievement) -> bool:
        """Say whether `one` alone is inside a window."""
        end, begin = self.reading.end(one), self.reading.begin(one)
        if end is None or begin is None:
            return False
        match window.anchor:
            case "earliest-used":
                return end <= window.length.after(begin)
            case "first-applicable":
                anchor = self._first_applicable(spot)
            case milestone:
                anchor = self.reading.milestone(milestone)
        return anchor is None or anchor <= end <= window.length.after(anchor)

    def _first_applicable(self, spot: Spot) -> date | None:
        """Return the day on which the first achievement began that a leaf of the scope asks for."""
        days = (
            one.started or one.earned
            for one in self.reading.record.achievements
            if one.status in STARTING and any(self._asked(leaf, one) for leaf in spot.scope)
        )
        return min((day for day in days if day), default=None)

    def _asked(self, leaf: str, one: Achievement) -> bool:
        """Say whether a leaf asks for `one`, grades left out of account."""
        asking = self.leaves[leaf]
        if isinstance(asking, From):
            return applies(self.reading, asking.selector, one)
        return bool(self._slots_asked(asking, one))

    def _slot_weights(self, leaf: Leaf) -> Mapping[str, int]:
        """Return the credits of progress that one more brings, by slot."""
        slots = leaf.credentials if isinstance(leaf, Take) else ("",)
        if leaf.weight is not None:
            return dict.fromkeys(slots, leaf.weight)
        every, size = self.reading.catalogue.credentials, self.reading.size
        if isinstance(leaf, Take):
            return {slot: size(every[slot]) for slot in leaf.credentials if slot in every}
        # A rule asks the same of everybody: what one record describes changes no weight.
        alone = replace(self.reading, record=replace(self.reading.record, credentials=()))
        sizes = Counter(
            size(each) for each in every.values() if can_admit(alone, leaf.selector, each)
        )
        return {"": min(sizes, key=lambda amount: (-sizes[amount], amount)) if sizes else SCALE}

    def demand(self, name: str) -> int:
        """Return the credits of progress that a leaf asks for."""
        leaf = self.leaves[name]
        if isinstance(leaf, Take):
            return sum(self.weights[name].values())
        return leaf.quantity.low * (
            1 if leaf.quantity.measure == "credits" else self.weights[name][""]
        )

    def values_in(self, quantity: Quantity, several: Iterable[Achievement]) -> int:
        """Return how many different values that a quantity counts some achievements have."""
        found = {v for one in several for v in facts_of(self.reading, quantity.by, one)}
        return len(found.intersection(quantity.only) if quantity.only else found)

    def listed(self, exclusion: Exclusion, one: Achievement) -> bool:
        """Say whether an exclusion lists the credential of `one`, or an equivalent."""
        return any(self.reading.equivalent(name, one.credential) for name in exclusion.credentials)

    def twins(self, first: Achievement, second: Achievement) -> bool:
        """Say whether only one of two may count, because their credentials are equivalents."""
        each = self.reading.policies.get("retakes", "each") == "each"
        apart = first.credential != second.credential
        return not each and apart and self.reading.equivalent(first.credential, second.credential)

    def trims(self, cap: Bound) -> bool:
        """Say whether a cap lets a part of an achievement count."""
        items = self.reading.policies.get("caps") if cap.items == "policy" else cap.items
        return items == "trim" and cap.measure == "credits" and not cap.over_record

    def under(
        self, bound: Bound | Average, spot: Spot, counted: Sequence[Counted]
    ) -> list[Counted]:
        """Return what a bound looks at: of what counts in the scope what its selector admits."""
        inside = (each for each in counted if not spot.scope.isdisjoint(each.leaves))
        return [each for each in inside if self.admitted(bound.selector, each.one)]

    def admitted(self, selector: Selector, one: Achievement) -> bool:
        """Say whether a selector admits `one`."""
        return admits(self.reading, selector, one)


def scope_of(node: Requirement) -> frozenset[str]:
    """Return the leaves at or below a requirement."""
    if isinstance(node, Group):
        return frozenset(leaf for part in node.parts for leaf in scope_of(part))
    return frozenset({node.id}) if isinstance(node, Take | From) else frozenset()
