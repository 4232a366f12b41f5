"""What every allocation must respect: section 4 of docs/solver.md, executed.

Every check but `pairs_hold` may be asked of a part of an allocation: what is broken stays so.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from app.core.model.record import Achievement
from app.core.model.requirement import From, Group, Share
from app.core.model.rule import SharedWith
from tests.oracle.facts import all_within, begun_after, equivalent
from tests.oracle.sheet import Place, Sheet, Standing

State = tuple[tuple[Standing, ...], ...]
"""What counts in each award, in the order of the awards."""


def can_stand_together(sheets: Sequence[Sheet], first: Place, second: Place) -> bool:
    """Once only: say whether one achievement may stand in both places."""
    if first.award == second.award:
        return frozenset({first.leaf, second.leaf}) in sheets[first.award].sharing
    return not any(
        limit is not None and limit[1] == 0
        for limit in (
            shared_limit(sheets, first.award, second.award),
            shared_limit(sheets, second.award, first.award),
        )
    )


def counted_credits(
    sheet: Sheet, before: Sequence[Standing], one: Achievement, places: tuple[Place, ...]
) -> int:
    """Return the credits that `one` counts with after those before; -1 where a cap is full."""
    amount: int = sheet.view.amount(one)
    coming = Standing(one, places, amount)
    for cap in sheet.caps:
        if cap.trims and cap.measured.of([coming]):
            room = cap.amount - cap.reached(before)
            amount = min(amount, room) if room > 0 else -1
    return amount


def bounds_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether what counts in one award respects its bounds."""
    return (
        all(leaf_holds_what_it_needs(sheet, leaf, standings) for leaf in sheet.leaves)
        and all(cap.reached(standings) <= cap.amount for cap in sheet.caps)
        and all(limit.reached(standings) <= limit.amount for limit in sheet.shared_limits)
        and breadths_hold(sheet, standings)
        and choices_hold(sheet, standings)
        and exclusions_hold(sheet, standings)
        and windows_hold(sheet, standings)
        and orders_hold(sheet, standings)
    )


def leaf_holds_what_it_needs(sheet: Sheet, name: str, standings: Sequence[Standing]) -> bool:
    """Say whether no slot of a leaf holds more than is needed."""
    leaf = sheet.leaves[name]
    inside = [
        (each.credits, place.slot)
        for each in standings
        for place in each.places
        if place.leaf == name
    ]
    if not isinstance(leaf, From):
        return len({slot for _, slot in inside}) == len(inside)
    quantity = leaf.quantity
    reached = len(inside) if quantity.measure == "choose" else sum(own for own, _ in inside)
    if quantity.by:
        there = [each for each in standings if name in each.leaves]
        return quantity.high is None or sheet.different(quantity, there) <= quantity.high
    if not quantity.plain:
        return quantity.high is None or reached <= quantity.high
    if quantity.measure == "choose":
        return reached <= quantity.low
    return name in sheet.spared or all(reached - own < quantity.low for own, _ in inside)


def breadths_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether there are no more different values than there may be."""
    return all(
        breadth.measured.seen is not None
        or breadth.high is None
        or breadth.reached(standings) <= breadth.high
        for several in sheet.breadths.values()
        for breadth in several
    )


def choices_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether no more parts of a group hold anything than may."""
    return all(
        sum(any(each.inside(sheet.scopes[part.id]) for each in standings) for part in group.parts)
        <= group.most
        for group in sheet.nodes
        if isinstance(group, Group) and group.most is not None
    )


def exclusions_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether of overlapping credentials no more count than may, and of equivalents one."""
    view, held = sheet.view, [each.one.credential for each in standings]
    stated = all(
        sum(any(equivalent(view, one, name) for name in exclusion.credentials) for one in held)
        <= exclusion.at_most
        for exclusion in view.rule.excludes
    )
    return stated and (
        view.policies["retakes"] == "each"
        or not any(a != b and equivalent(view, a, b) for a, b in combinations(held, 2))
    )


def windows_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether no two achievements in an `earliest-used` window are too far apart."""
    view = sheet.view
    for scope, window in sheet.clocks:
        inside = [each.one for each in standings if each.inside(scope)]
        days = [(one.started or view.finished(one), view.finished(one)) for one in inside]
        if not all_within(window, days):
            return False
    return True


def orders_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether all was begun no earlier than what comes before it was completed."""
    view = sheet.view
    for after, before in sheet.orders:
        later = [each.one for each in standings if each.inside(after)]
        earlier = [each.one for each in standings if each.inside(before)]
        if not all(begun_after(view, one, view.finished(two)) for one in later for two in earlier):
            return False
    return True


def pairs_hold(sheet: Sheet, standings: Sequence[Standing]) -> bool:
    """Say whether paired credentials stand together in every leaf where one of them stands."""
    for leaf, pair in sheet.pairs:
        there = {each.one.credential for each in standings if leaf in each.leaves}
        if there.intersection(pair.credentials) and not there.issuperset(pair.credentials):
            return False
    return True


def sharing_holds(sheets: Sequence[Sheet], state: State) -> bool:
    """Say whether the awards share no more than both statements of each two allow."""
    return all(
        within_limit(sheets, state, one, other) and within_limit(sheets, state, other, one)
        for one, other in combinations(range(len(sheets)), 2)
    ) and all(in_few_awards(sheet, state) for sheet in sheets)


def within_limit(sheets: Sequence[Sheet], state: State, own: int, other: int) -> bool:
    """Say whether the statement of `own` on sharing with `other` is respected."""
    limit = shared_limit(sheets, own, other)
    if limit is None:
        return True
    elsewhere = {each.one.id for each in state[other]}
    shared = [each.credits for each in state[own] if each.one.id in elsewhere]
    measure, amount = limit
    return (len(shared) if measure == "choose" else sum(shared)) <= amount


def shared_limit(
    sheets: Sequence[Sheet], own: int, other: int
) -> tuple[str, int | Fraction] | None:
    """Return what `own` states of sharing with `other`; nothing where it may freely."""
    view = sheets[own].view
    named = view.rule.sharing.shared_with if view.rule.sharing else ()
    for statement in named:
        if statement.award == sheets[other].view.rule.award:
            return stated_limit(sheets, own, other, statement)
    return ("choose", 0) if view.policies["double_count"] == "none" else None


def stated_limit(
    sheets: Sequence[Sheet], own: int, other: int, statement: SharedWith
) -> tuple[str, int | Fraction] | None:
    """Return a stated limit; of a share the part of the award that it names."""
    if not isinstance(statement.amount, Share):
        return None if statement.amount is None else (statement.measure, statement.amount)
    totals = [sheets[own].view.rule.total, sheets[other].view.rule.total]
    base = min(totals) if statement.amount.base == "smaller" else totals[0]
    return statement.measure, statement.amount.part * base


def in_few_awards(sheet: Sheet, state: State) -> bool:
    """Say whether what counts in the award counts in no more awards than it allows."""
    most = sheet.view.rule.sharing.awards if sheet.view.rule.sharing else None
    if most is None:
        return True
    standing = [{each.one.id for each in award} for award in state]
    return all(sum(one in award for award in standing) <= most for one in standing[sheet.number])
