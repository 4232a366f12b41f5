"""What is met and how far it is: docs/solver.md, sections 5 and 6, as the checker reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from app.core.engine.verify_award import Account, Counted, Spot
from app.core.engine.verify_bounds import (
    amount_of,
    breadth,
    filled,
    fits_in,
    reach,
    taken_in_order,
)
from app.core.engine.verify_facts import attempted, least, most
from app.core.model.credits import Credits
from app.core.model.errors import InvariantError
from app.core.model.record import Achievement
from app.core.model.requirement import (
    Attest,
    Average,
    Bound,
    From,
    Group,
    Last,
    MilestoneStep,
    Nested,
    Requirement,
    Take,
    When,
)

UNREAD = "the checker reads rules as they apply to a learner, without circumstances"


@dataclass(frozen=True, slots=True)
class Stand:
    """How a requirement stands: met, and its progress of its demand in thousandths of a credit."""

    met: bool
    reached: int
    of: int


@dataclass(slots=True)
class Standing:
    """How one award stands on what counts; `unmet` collects leaves and conditions not met."""

    account: Account
    counted: Sequence[Counted]
    unmet: set[str] = field(default_factory=set)

    def award(self) -> Stand:
        """Return how the award stands."""
        root = self.of(self.account.reading.rule.root)
        return Stand(self.conditions("") and root.met, root.reached, root.of)

    def of(self, node: Requirement) -> Stand:
        """Return how a requirement stands, with all below it."""
        holds = self.conditions(node.id)
        match node:
            case Group():
                stand = joined(node, [self.of(part) for part in node.parts])
            case Take() | From():
                stand = self.leaf(node)
            case MilestoneStep() | Attest():
                stand = step(self.account, node)
            case When() | Nested():
                raise InvariantError(UNREAD)
            case _:
                assert_never(node)
        if isinstance(node, Take | From) and not (stand.met and holds):
            self.unmet.add(node.id)
        return Stand(stand.met and holds, stand.reached, stand.of)

    def leaf(self, leaf: Take | From) -> Stand:
        """Return how a leaf stands, its conditions left out of account."""
        inside = [each for each in self.counted if leaf.id in each.leaves]
        weights, demand = self.account.weights[leaf.id], self.account.demand(leaf.id)
        if isinstance(leaf, Take):
            slots = filled(self.account, leaf, inside)
            return Stand(
                len(slots) == len(leaf.credentials), sum(weights[s] for s in slots), demand
            )
        reached, low = reach(self.account, leaf, inside), leaf.quantity.low
        each = weights[""] if leaf.quantity.measure == "choose" else 1
        return Stand(reached >= low, min(reached, low) * each, demand)

    def conditions(self, node: str) -> bool:
        """Say whether the conditions on a requirement hold; those that do not are unmet."""
        spot = next(spot for spot in self.account.spots if spot.id == node)
        failed = {
            name for name, holds in conditions_at(self.account, spot, self.counted) if not holds
        }
        self.unmet |= failed
        return not failed


def joined(group: Group, parts: list[Stand]) -> Stand:
    """Return how a group stands on its parts, its conditions left out of account."""
    if group.need is None:
        needed = [
            stand for part, stand in zip(group.parts, parts, strict=True) if not part.optional
        ]
        return Stand(
            all(stand.met for stand in needed),
            sum(stand.reached for stand in needed),
            sum(stand.of for stand in needed),
        )
    need = group.need
    least = sorted(stand.of for stand in parts if stand.of > 0)[:need]
    share = sum(least) // len(least) if least else 0
    brought = [
        share * stand.reached // stand.of if stand.of else share * stand.met for stand in parts
    ]
    met = sum(stand.met for stand in parts) >= need
    return Stand(met, sum(sorted(brought, reverse=True)[:need]), share * need)


def step(account: Account, node: MilestoneStep | Attest) -> Stand:
    """Return how a step stands."""
    record, weight = account.reading.record, node.weight or 0
    if isinstance(node, MilestoneStep):
        met = any(
            each.name == node.milestone and each.on <= account.reading.as_of
            for each in record.milestones
        )
    else:
        met = any(
            (each.requirement, each.role) == (node.id, node.role)
            and each.on <= account.reading.as_of
            for each in record.attestations
        )
    return Stand(met, weight * met, weight)


def conditions_at(
    account: Account, spot: Spot, counted: Sequence[Counted]
) -> Iterator[tuple[str, bool]]:
    """Yield the conditions of a spot, and whether they hold for what counts."""
    reading, said = account.reading, spot.said
    for floor in said.at_least:
        yield (
            floor.id,
            amount_of(floor, seen(account, spot, floor, counted))
            >= (least(reading.rule, floor.amount)),
        )
    for cap in (cap for cap in said.at_most if cap.over_record):
        yield (
            cap.id,
            amount_of(cap, seen(account, spot, cap, counted)) <= most(reading.rule, cap.amount),
        )
    for distinct in (each for each in said.distinct if each.low > 0 and not each.over_record):
        inside = [each for each in counted if not spot.scope.isdisjoint(each.leaves)]
        yield distinct.id, breadth(account, distinct.by, inside) >= distinct.low
    yield from record_conditions(account, spot)
    for last in said.last:
        for floor in last.at_least:
            reached = reached_of_latest(account, spot, last, floor, counted)
            yield floor.id, reached >= least(reading.rule, floor.amount)
    for average in said.averages:
        if average.low is not None:
            yield (
                average.id,
                high_enough(account, average.low, seen(account, spot, average, counted)),
            )


def seen(
    account: Account, spot: Spot, bound: Bound | Average, counted: Sequence[Counted]
) -> list[Counted]:
    """Return what a condition looks at: what counts in its scope, or the whole record."""
    over = bound.over if isinstance(bound, Average) else ""
    if isinstance(bound, Bound) and bound.attempts:
        return [
            Counted(
                one,
                frozenset(),
                account.reading.amount(one) if bound.measure == "credits" else Credits(0),
            )
            for one in attempted(account.reading)
            if account.admitted(bound.selector, one)
        ]
    if bound.over_record:
        every = account.reading.record.achievements if over == "all-attempts" else ()
        return [
            Counted(one, frozenset(), account.reading.amount(one))
            for one in every or account.items.values()
            if (one.grade or over != "all-attempts") and account.admitted(bound.selector, one)
        ]
    inside = account.under(bound, spot, counted)
    if over == "not-transferred":
        return [each for each in inside if each.one.source != "transferred"]
    return inside


def reached_of_latest(
    account: Account, spot: Spot, last: Last, floor: Bound, counted: Sequence[Counted]
) -> int:
    """Return how much the latest of what counts in a spot holds of what a floor asks for."""
    inside = [each for each in counted if not spot.scope.isdisjoint(each.leaves)]
    passed = reached = 0
    for each in sorted(inside, key=taken_in_order, reverse=True):
        if passed >= last.amount:
            break
        crossing = last.amount - passed if last.measure == "credits" else each.credits
        passed += each.credits if last.measure == "credits" else 1
        if account.admitted(floor.selector, each.one):
            reached += min(each.credits, crossing) if floor.measure == "credits" else 1
    return reached


def record_conditions(account: Account, spot: Spot) -> Iterator[tuple[str, bool]]:
    """Yield what a spot says of the whole record but for amounts and means, and if it holds."""
    every = [Counted(one, frozenset(), 0) for one in account.items.values()]
    for distinct in (each for each in spot.said.distinct if each.over_record):
        values, high = breadth(account, distinct.by, every), distinct.high
        yield distinct.id, distinct.low <= values and (high is None or values <= high)
    for each in (each for each in spot.said.each if each.over_record):
        meant = (one for one in account.items.values() if account.admitted(each.selector, one))
        yield each.id, all(account.admitted(each.must, one) for one in meant)
    for window in (each for each in spot.said.windows if each.over_record):
        if window.anchor == "earliest-used":
            yield window.id, fits_in(account.reading, window, every)
        else:
            yield window.id, all(account.in_window(window, spot, each.one) for each in every)


def high_enough(account: Account, low: int, counted: Sequence[Counted]) -> bool:
    """Say whether the mean of the points, weighted by credits, is at least `low`."""
    pointed = [(each.credits, points_of(account, each.one)) for each in counted]
    weighed = [(amount, points) for amount, points in pointed if points is not None]
    whole = sum(amount for amount, _ in weighed)
    return whole > 0 and sum(amount * points for amount, points in weighed) >= low * whole


def points_of(account: Account, one: Achievement) -> int | None:
    """Return the points of a grade, where it has any."""
    return account.reading.grade(one.grade).points if one.grade else None
