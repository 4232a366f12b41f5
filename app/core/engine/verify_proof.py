"""Whether the bounds of a certificate prove its claims: docs/solver.md, section 10.

With each leaf at its limit, or at its demand where no bound names it, the tree cannot reach more
than it does then, since progress is monotone. An award claimed not to be met must not be able to
be: below full progress it cannot, else some part of it must be out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from app.core.engine.verify_award import Account, Counted, Spot
from app.core.engine.verify_facts import least
from app.core.engine.verify_standing import (
    UNREAD,
    Stand,
    conditions_at,
    joined,
    points_of,
    seen,
    step,
)
from app.core.engine.verify_supply import caps_over, let_least_through, number, unjustified
from app.core.model.certificate import AwardClaim, SupplyBound
from app.core.model.errors import InvariantError
from app.core.model.record import Achievement
from app.core.model.requirement import (
    Attest,
    Bound,
    From,
    Group,
    MilestoneStep,
    Nested,
    Requirement,
    Take,
    When,
)


def unproven(account: Account, claim: AwardClaim, bounds: Sequence[SupplyBound]) -> Iterator[str]:
    """Yield what the bounds of one award leave open of its claim."""
    named = [leaf for bound in bounds for leaf in bound.requirements]
    unknown = sorted(set(named) - account.leaves.keys())
    yield from (f"two bounds name `{leaf}`" for leaf in sorted(set(named)) if named.count(leaf) > 1)
    if unknown or not all(bound.requirements for bound in bounds):
        yield f"a bound names {', '.join(unknown) or 'nothing'}, which is no leaf"
        return
    for bound in bounds:
        yield from unjustified(account, bound)
    ceiling = Ceiling(account, {leaf: bound for bound in bounds for leaf in bound.requirements})
    most = ceiling.of(account.reading.rule.root)
    reached = most.reached - sum(counted_twice(account, bound) for bound in bounds)
    if reached > claim.reached:
        yield f"the bounds leave room for more progress of `{claim.award}`"
    elif not claim.met and most.met and reached >= most.of and ceiling.could_hold(""):
        yield f"nothing shows that `{claim.award}` cannot be met"


def counted_twice(account: Account, bound: SupplyBound) -> int:
    """Return by how much the leaves of a joint bound exceed it, where the root adds them up."""
    if not set(bound.requirements) <= added_up(account.reading.rule.root):
        return 0
    alone = sum(min(account.demand(leaf), bound.limit) for leaf in bound.requirements)
    return max(alone - bound.limit, 0)


def added_up(node: Requirement) -> frozenset[str]:
    """Return the leaves whose progress is summed as it is."""
    if isinstance(node, Group) and node.need is None:
        needed = (part for part in node.parts if not part.optional)
        return frozenset(leaf for part in needed for leaf in added_up(part))
    return frozenset({node.id}) if isinstance(node, Take | From) else frozenset()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How far the requirements of an award could get, each leaf up to its limit."""

    account: Account
    bounds: Mapping[str, SupplyBound]

    def of(self, node: Requirement) -> Stand:
        """Return whether a requirement could be met, and the most progress it could make."""
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
        return Stand(stand.met and self.could_hold(node.id), stand.reached, stand.of)

    def leaf(self, leaf: Take | From) -> Stand:
        """Return whether a leaf could be met, its conditions left out of account."""
        demand, bound = self.account.demand(leaf.id), self.bounds.get(leaf.id)
        most = min(demand, bound.limit) if bound else demand
        if isinstance(leaf, From) and leaf.quantity.measure == "credits":
            return Stand(most >= demand, most, demand)
        asked = len(leaf.credentials) if isinstance(leaf, Take) else leaf.quantity.low
        enough = number(self.account, leaf, bound.caps if bound else ()) >= asked
        return Stand(enough and most >= demand, most, demand)

    def could_hold(self, node: str) -> bool:
        """Say whether the conditions on a requirement could hold, whatever is placed."""
        account = self.account
        spot = next(spot for spot in account.spots if spot.id == node)
        everything = [
            Counted(one, spot.scope & leaves, account.reading.amount(one))
            for one, leaves in self.eligible_leaves()
            if not spot.scope.isdisjoint(leaves)
        ]
        holds = dict(conditions_at(account, spot, everything))
        for floor in (floor for floor in spot.said.at_least if not floor.over_record):
            holds[floor.id] = floor_in_reach(account, spot, floor, everything)
        for last, floor in [(one, each) for one in spot.said.last for each in one.at_least]:
            enough = (
                floor.measure != last.measure
                or least(account.reading.rule, floor.amount) <= last.amount
            )
            holds[floor.id] = enough and floor_in_reach(account, spot, floor, everything)
        for average in spot.said.averages:
            if average.low is not None and not average.over_record:
                inside = seen(account, spot, average, everything)
                points = [points_of(account, each.one) for each in inside]
                holds[average.id] = max((each or 0 for each in points), default=-1) >= average.low
        return all(holds.values())

    def eligible_leaves(self) -> Iterator[tuple[Achievement, frozenset[str]]]:
        """Yield each achievement with the leaves that it is eligible for."""
        for one in self.account.items.values():
            several = self.account.eligible.items()
            yield one, frozenset(leaf for leaf, eligible in several if one.id in eligible)


def floor_in_reach(
    account: Account, spot: Spot, floor: Bound, everything: Sequence[Counted]
) -> bool:
    """Say whether all that could count, as far as caps let it, reaches a floor."""
    by_credits = floor.measure == "credits"
    brought: dict[str, int] = {
        each.one.id: each.credits if by_credits else 1
        for each in account.under(floor, spot, everything)
    }
    caps = caps_over(account, spot.scope)
    reached = let_least_through(account, caps, brought, credits=by_credits)
    return reached >= least(account.reading.rule, floor.amount)
