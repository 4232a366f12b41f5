"""Whether one bound of a certificate holds: docs/solver.md, section 10.

It does where its requirements ask for no more than its limit, or where it lists every achievement
eligible for any of them, and what its caps let through of these brings no more. No achievement may
be under two of the caps that a bound rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
        yield f"the bound on {named} rests on caps that do not hold for it, or overlap"
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
    return max(account.weights[name][slot] for slot in slots)


def supply(account: Account, bound: SupplyBound, brought: Brought) -> int | None:
    """Return the most that all eligible achievements together bring; None where a cap is amiss."""
    left, total = dict(brought), 0
    for name in bound.caps:
        cap = cap_over(account, name, bound.requirements)
        under = {} if cap is None else under_cap(account, cap, brought)
        if cap is None or not under.keys() <= left.keys():
            return None
        for one in under:
            del left[one]
        total += let_through(account, cap, bound, under)
    total += sum(left.values())
    leaf = account.leaves[bound.requirements[0]]
    if len(bound.requirements) > 1 or not isinstance(leaf, Take):
        return total
    filled = {slot for slots in account.eligible[leaf.id].values() for slot in slots}
    return min(total, sum(account.weights[leaf.id][slot] for slot in filled))


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
        number = most(account.reading.rule, cap.amount)
    else:
        room, trims = most(account.reading.rule, cap.amount), account.trims(cap)
        if in_credits(account, bound.requirements):
            return min(sum(amounts), room) if trims else largest_sum(amounts, room)
        number = most_items(amounts, room, trims=trims)
    return sum(sorted(under.values(), reverse=True)[:number])


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


def most_items(amounts: Sequence[int], room: int, *, trims: bool) -> int:
    """Return how many of the amounts, smallest first, have room; trimmed, the last may cross it."""
    before = accumulate(amounts, initial=0)
    if trims:
        return sum(total < room for total, _ in zip(before, amounts, strict=False))
    return sum(total <= room for total in list(before)[1:])
