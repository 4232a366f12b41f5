"""Whether one bound of a certificate holds: docs/solver.md, section 10.

It does where its requirements ask for no more than its limit, or where it lists every achievement
eligible for any of them, and what its caps let through of these brings no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, combinations

from app.core.engine.verify_award import Account
from app.core.engine.verify_facts import most
from app.core.model.certificate import SupplyBound
from app.core.model.record import Achievement
from app.core.model.requirement import Bound, From, Take
from app.core.model.rule import Exclusion

MOST_SUMS = 20_000
Brought = Mapping[str, int]
"""By achievement, the most progress that it could bring."""


def unjustified(account: Account, bound: SupplyBound) -> Iterator[str]:
    """Yield why a bound does not hold; nothing where it does."""
    named = ", ".join(f"`{leaf}`" for leaf in bound.requirements)
    known = {one.id for one in account.reading.record.achievements}
    for one in sorted(set(bound.achievements) - known):
        yield f"a bound names the unknown achievement `{one}`"
    if sum(account.demand(leaf) for leaf in bound.requirements) <= bound.limit:
        return
    brought = brought_by(account, bound.requirements)
    left_out = sorted(brought.keys() - set(bound.achievements))
    if left_out:
        yield f"the bound on {named} leaves out `{left_out[0]}`, which is eligible"
    elif (total := supply(account, bound, brought)) is None:
        yield f"the bound on {named} rests on a cap that does not hold for it"
    elif total > bound.limit:
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
    if isinstance(leaf, From) and leaf.quantity.by:
        return account.values_in(leaf.quantity, [one]) * account.weights[name][""]
    return max(account.weights[name][slot] for slot in slots)


def supply(account: Account, bound: SupplyBound, brought: Brought) -> int | None:
    """Return the most that all eligible achievements together bring; None where a cap is amiss."""
    caps = [cap_over(account, name, bound.requirements) for name in bound.caps]
    known = [cap for cap in caps if cap is not None]
    if len(known) < len(caps):
        return None
    total = let_through(account, known, brought, credits=in_credits(account, bound.requirements))
    leaf = account.leaves[bound.requirements[0]]
    if len(bound.requirements) == 1 and isinstance(leaf, From) and leaf.quantity.by:
        # Each value counts once: the leaf can have no more of them than all that is eligible has.
        return number(account, leaf, ()) * account.weights[leaf.id][""]
    if len(bound.requirements) > 1 or not isinstance(leaf, Take):
        return total
    return min(
        total, sum(account.weights[leaf.id][slot] for slot in fillable(account, leaf, known))
    )


def number(account: Account, leaf: Take | From, names: Sequence[str]) -> int:
    """Return how many achievements, or values, could count toward a leaf below these caps."""
    if isinstance(leaf, From) and leaf.quantity.by:
        return account.values_in(
            leaf.quantity, [account.items[one] for one in account.eligible[leaf.id]]
        )
    caps = [cap for cap in (cap_over(account, name, [leaf.id]) for name in names) if cap]
    eligible = dict.fromkeys(account.eligible[leaf.id], 1)
    passing = let_through(account, caps, eligible, credits=False)
    return min(passing, len(fillable(account, leaf, caps))) if isinstance(leaf, Take) else passing


def fillable(account: Account, leaf: Take, caps: Sequence[Bound | Exclusion]) -> set[str]:
    """Return the slots for which something is eligible that the caps let through by itself."""
    return {
        slot
        for one, slots in account.eligible[leaf.id].items()
        if let_through(account, caps, {one: 1}, credits=False)
        for slot in slots
    }


def cap_over(account: Account, name: str, leaves: Collection[str]) -> Bound | Exclusion | None:
    """Return the cap or exclusion of that id, if it holds for all that counts in these leaves."""
    return next((cap for cap in caps_over(account, leaves) if cap.id == name), None)


def caps_over(account: Account, leaves: Collection[str]) -> list[Bound | Exclusion]:
    """Return the exclusions and caps that hold for all that counts in these leaves."""
    caps = (
        cap
        for spot in account.spots
        if spot.scope.issuperset(leaves)
        for cap in spot.said.at_most
        if not cap.over_record
    )
    return [*account.reading.rule.excludes, *caps]


def looks_at(account: Account, cap: Bound | Exclusion, name: str) -> bool:
    """Say whether an achievement is among those of which a cap lets only some count."""
    one = account.items[name]
    if isinstance(cap, Exclusion):
        return account.listed(cap, one)
    return account.admitted(cap.selector, one)


def let_through(
    account: Account, caps: Sequence[Bound | Exclusion], brought: Brought, *, credits: bool
) -> int:
    """Return the most that achievements bring below caps, each cap on what none before looks at.

    With `credits` they bring their own credits, else whatever each of them brings.
    """
    left, total = dict(brought), 0
    for cap in caps:
        under = {
            one: left.pop(one) for one in brought if one in left and looks_at(account, cap, one)
        }
        amounts = sorted(account.reading.amount(account.items[one]) for one in under)
        if isinstance(cap, Bound) and cap.measure == "credits" and trimmed(account, cap, under):
            # What another cap trims may fill this one to the brim, however large it is.
            room = most(account.reading.rule, cap.amount)
            total += min(sum(amounts), room) if credits else sum(under.values())
        elif credits and isinstance(cap, Bound) and cap.measure == "credits":
            room = most(account.reading.rule, cap.amount)
            total += min(sum(amounts), room) if account.trims(cap) else largest_sum(amounts, room)
        else:
            total += sum(sorted(under.values(), reverse=True)[: most_items(account, cap, amounts)])
    return total + sum(left.values())


def trimmed(account: Account, cap: Bound, names: Collection[str]) -> bool:
    """Say whether a cap that is not this one may let any of the achievements count in part."""
    return any(
        other is not cap and account.trims(other) and looks_at(account, other, name)
        for spot in account.spots
        for other in spot.said.at_most
        if not other.over_record
        for name in names
    )


def let_least_through(
    account: Account, caps: Sequence[Bound | Exclusion], brought: Brought, *, credits: bool
) -> int:
    """Return the most that achievements bring below caps, the tightest taken first."""

    def alone(cap: Bound | Exclusion) -> int:
        return let_through(account, [cap], brought, credits=credits)

    return let_through(account, sorted(caps, key=alone), brought, credits=credits)


def in_credits(account: Account, leaves: Sequence[str]) -> bool:
    """Say whether an achievement brings its own credits to these leaves, and only once."""
    return all(
        isinstance(leaf, From) and leaf.quantity.measure == "credits"
        for leaf in (account.leaves[name] for name in leaves)
    ) and not any(frozenset(pair) in account.sharing for pair in combinations(leaves, 2))


def largest_sum(amounts: Sequence[int], room: int) -> int:
    """Return the largest sum of some of the amounts that has room, or the room itself."""
    sums = {0}
    for amount in amounts:
        sums |= {total + amount for total in sums if total + amount <= room}
        if len(sums) > MOST_SUMS:
            return room
    return max(sums)


def most_items(account: Account, cap: Bound | Exclusion, amounts: Sequence[int]) -> int:
    """Return how many of these amounts, smallest first, a cap lets through at most."""
    if isinstance(cap, Exclusion):
        return cap.at_most
    room = most(account.reading.rule, cap.amount)
    if cap.measure == "choose":
        return room
    sums = list(accumulate(amounts, initial=0))
    if account.trims(cap):
        return sum(before < room for before in sums[:-1])
    return sum(after <= room for after in sums[1:])
