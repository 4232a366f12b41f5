"""Whether the bounds of a certificate show that no allocation does better: docs/solver.md, section 10.

A bound holds where its requirements ask for no more than its limit, or where every achievement
eligible for any of them is listed, and what the caps let through of these brings no more.
With each leaf at its limit, or at its demand where no bound names it, the tree cannot reach more
than it does then, since progress is monotone. An award claimed not to be met must not be able to
be: below full progress it cannot, else some part of it must be out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations

from app.core.engine.verify_award import Account, Counted, Spot
from app.core.engine.verify_standing import Stand, conditions_at, joined, points_of, step
from app.core.model.certificate import AwardClaim, SupplyBound
from app.core.model.record import Achievement
from app.core.model.requirement import Bound, From, Group, Requirement, Take
from app.core.model.rule import Exclusion

MOST_SUMS = 20_000
Brought = Mapping[str, int]
"""By achievement, the most progress that it could bring."""


def unproven(account: Account, claim: AwardClaim, bounds: Sequence[SupplyBound]) -> Iterator[str]:
    """Yield what the bounds of one award leave open of its claim."""
    named = [leaf for bound in bounds for leaf in bound.requirements]
    unknown = sorted(set(named) - account.leaves.keys())
    yield from (f"a bound names `{leaf}`, which is no leaf" for leaf in unknown)
    yield from (f"two bounds name `{leaf}`" for leaf in sorted(set(named)) if named.count(leaf) > 1)
    if unknown:
        return
    for bound in bounds:
        yield from unjustified(account, bound)
    ceiling = Ceiling(account, {leaf: b.limit for b in bounds for leaf in b.requirements})
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
    limits: Mapping[str, int]

    def of(self, node: Requirement) -> Stand:
        """Return whether a requirement could be met, and the most progress it could make."""
        match node:
            case Group():
                stand = joined(node, [self.of(part) for part in node.parts])
            case Take() | From():
                stand = self.leaf(node)
            case _:
                stand = step(self.account, node)
        return Stand(stand.met and self.could_hold(node.id), stand.reached, stand.of)

    def leaf(self, leaf: Take | From) -> Stand:
        """Return whether a leaf could be met, its conditions left out of account."""
        demand = self.account.demand(leaf.id)
        most = min(demand, self.limits.get(leaf.id, demand))
        eligible = self.account.eligible[leaf.id]
        if isinstance(leaf, Take):
            slots = {slot for several in eligible.values() for slot in several}
            enough = slots.issuperset(leaf.credentials)
        else:
            enough = leaf.quantity.measure == "credits" or len(eligible) >= leaf.quantity.low
        return Stand(enough and most >= demand, most, demand)

    def could_hold(self, node: str) -> bool:
        """Say whether the conditions on a requirement could hold, whatever is placed."""
        account = self.account
        spot = next(spot for spot in account.spots if spot.id == node)
        everything = [
            Counted(one, leaves, account.reading.amount(one))
            for one in account.items.values()
            if (leaves := frozenset(leaf for leaf in spot.scope if one.id in account.eligible[leaf]))
        ]
        reachable = {
            average.id: any(
                (points_of(account, each.one) or 0) >= (average.low or 0)
                for each in account.under(average, spot, everything)
            )
            for average in spot.said.averages
            if not average.over_record
        }
        found = conditions_at(account, spot, everything)
        return all(reachable.get(name, holds) for name, holds in found)


def unjustified(account: Account, bound: SupplyBound) -> Iterator[str]:
    """Yield why a bound does not hold; nothing where it does."""
    named = ", ".join(f"`{leaf}`" for leaf in bound.requirements)
    known = {one.id for one in account.reading.record.achievements}
    yield from (f"a bound names the unknown achievement `{one}`" for one in bound.achievements if one not in known)
    if sum(account.demand(leaf) for leaf in bound.requirements) <= bound.limit:
        return
    brought = brought_by(account, bound.requirements)
    left_out = sorted(brought.keys() - set(bound.achievements))
    if left_out:
        yield f"the bound on {named} leaves out `{left_out[0]}`, which is eligible"
    elif (most := supply(account, bound, brought)) is None:
        yield f"the bound on {named} rests on a cap that does not hold for it, or on two for one achievement"
    elif most > bound.limit:
        yield f"the achievements of the bound on {named} could bring more than its limit"


def brought_by(account: Account, leaves: Sequence[str]) -> Brought:
    """Return the most that each eligible achievement could bring to these leaves."""
    shared = any(frozenset(pair) in account.sharing for pair in combinations(leaves, 2))
    brought: dict[str, list[int]] = {}
    for leaf in leaves:
        for one, slots in account.eligible[leaf].items():
            brought.setdefault(one, []).append(brings(account, leaf, account.items[one], slots))
    return {one: (sum if shared else max)(several) for one, several in brought.items()}


def brings(account: Account, name: str, one: Achievement, slots: Sequence[str]) -> int:
    """Return the most progress of a leaf that one achievement could bring."""
    leaf = account.leaves[name]
    if isinstance(leaf, From) and leaf.quantity.measure == "credits":
        return account.reading.amount(one)
    return max(account.weights[name][slot] for slot in slots)


def supply(account: Account, bound: SupplyBound, brought: Brought) -> int | None:
    """Return the most that all eligible achievements together could bring; None where a cap is amiss."""
    left = dict(brought)
    most = 0
    for name in bound.caps:
        cap = cap_over(account, name, bound.requirements)
        under = {} if cap is None else under_cap(account, cap, brought)
        if cap is None or not under.keys() <= left.keys():
            return None
        for one in under:
            del left[one]
        most += let_through(account, cap, bound, under)
    most += sum(left.values())
    leaf = account.leaves[bound.requirements[0]]
    if len(bound.requirements) > 1 or not isinstance(leaf, Take):
        return most
    filled = {slot for slots in account.eligible[leaf.id].values() for slot in slots}
    return min(most, sum(account.weights[leaf.id][slot] for slot in filled))


def cap_over(account: Account, name: str, leaves: Sequence[str]) -> Bound | Exclusion | None:
    """Return the cap or exclusion of that id, if it holds for all that counts in these leaves."""
    exclusions = (each for each in account.reading.rule.excludes if each.id == name)
    caps = (
        cap
        for spot in account.spots
        if spot.scope.issuperset(leaves)
        for cap in spot.said.at_most
        if cap.id == name and not cap.over_record
    )
    return next(exclusions, None) or next(caps, None)


def under_cap(account: Account, cap: Bound | Exclusion, brought: Brought) -> Brought:
    """Return what of the achievements a cap or exclusion looks at."""
    if isinstance(cap, Exclusion):
        return {
            one: most
            for one, most in brought.items()
            if account.items[one].credential in cap.credentials
        }
    return {
        one: most
        for one, most in brought.items()
        if account.admitted(cap.selector, account.items[one])
    }


def let_through(
    account: Account, cap: Bound | Exclusion, bound: SupplyBound, under: Brought
) -> int:
    """Return the most progress that what is under a cap could bring together."""
    amounts = sorted(account.reading.amount(account.items[one]) for one in under)
    if isinstance(cap, Exclusion):
        number = cap.at_most
    elif cap.measure == "choose":
        number = account.reading.most(cap.amount)
    else:
        room, trims = account.reading.most(cap.amount), account.trims(cap)
        if all(under[one] == account.reading.amount(account.items[one]) for one in under) and (
            in_credits(account, bound)
        ):
            return min(sum(amounts), room) if trims else largest_sum(amounts, room)
        sums = list(accumulate(amounts))
        number = sum(total <= room for total in sums)
        if trims and number < len(sums) and sum(sums[:number][-1:]) < room:
            number += 1
    return sum(sorted(under.values(), reverse=True)[:number])
