"""Whether what counts respects every bound: docs/solver.md, section 4, as the checker reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, permutations, product

from app.core.engine.verify_award import Account, Counted, Spot, scope_of
from app.core.engine.verify_facts import Reading, most
from app.core.engine.verify_selectors import facts_of
from app.core.model.credits import show_credits
from app.core.model.requirement import Bound, From, Group, Share, Take, Window, walk
from app.core.model.rule import RuleEdition


def broken_bounds(account: Account, counted: list[Counted]) -> Iterator[str]:
    """Yield a sentence for every bound of one award that is not respected."""
    for each in counted:
        yield from counted_once(account, each)
    for leaf in account.leaves:
        yield from too_much(account, leaf, [each for each in counted if leaf in each.leaves])
    yield from wrong_credits(account, counted)
    for spot in account.spots:
        yield from broken_at(account, spot, counted)
    yield from too_many_parts(account, counted)
    yield from shared_too_much(account, counted)
    yield from broken_orders(account, counted)
    yield from broken_lists(account, counted)


def counted_once(account: Account, each: Counted) -> Iterator[str]:
    """Yield where an achievement may not stand, or not twice."""
    for leaf in sorted(each.leaves):
        if each.one.id not in account.eligible[leaf]:
            yield f"`{each.one.id}` is not eligible for `{leaf}`"
    for pair in combinations(sorted(each.leaves), 2):
        if frozenset(pair) not in account.sharing:
            yield f"`{each.one.id}` counts twice, toward `{pair[0]}` and `{pair[1]}`"
    for leaf, homes in account.views().items():
        if leaf in each.leaves and homes.isdisjoint(each.leaves):
            yield f"`{each.one.id}` counts toward `{leaf}` and not where it has to count too"


def too_many_parts(account: Account, counted: Sequence[Counted]) -> Iterator[str]:
    """Yield the groups in more of whose parts something counts than may be used."""
    for node in walk(account.reading.rule.root):
        if not isinstance(node, Group) or node.most is None:
            continue
        scopes = [scope_of(part) for part in node.parts]
        used = [
            scope for scope in scopes if any(not scope.isdisjoint(one.leaves) for one in counted)
        ]
        if len(used) > node.most:
            yield f"something counts in {len(used)} parts of `{node.id}`, and in {node.most} it may"


def shared_too_much(account: Account, counted: Sequence[Counted]) -> Iterator[str]:
    """Yield what counts in two requirements beyond what they may share."""
    for own, others, limit in account.limits:
        both = [
            each.credits if limit.measure == "credits" else 1
            for each in counted
            if not (own.isdisjoint(each.leaves) or others.isdisjoint(each.leaves))
        ]
        if sum(both) > limit.amount:
            yield f"more counts at once in {sorted(own)} and {sorted(others)} than may"


def too_much(account: Account, name: str, inside: Sequence[Counted]) -> Iterator[str]:
    """Yield what a leaf holds beyond what it needs."""
    leaf = account.leaves[name]
    if isinstance(leaf, Take):
        if len(filled(account, leaf, inside)) < len(inside):
            yield f"`{name}` holds more achievements than it has places for them"
        return
    quantity = leaf.quantity
    reached = reach(account, leaf, inside)
    if quantity.by or not quantity.plain:
        if quantity.high is not None and reached > quantity.high:
            yield f"`{name}` holds more than its upper end allows"
    elif quantity.measure == "choose":
        if reached > quantity.low:
            yield f"`{name}` holds more than it asks for"
    else:
        yield from spare(account, name, inside, reached - quantity.low)


def spare(account: Account, name: str, inside: Sequence[Counted], over: int) -> Iterator[str]:
    """Yield what a leaf with so much more than it asks for could do without."""
    for each in inside if not spared(account, name) else ():
        if each.credits <= over:
            yield f"`{name}` reaches what it asks for without `{each.one.id}`"


def reach(account: Account, leaf: From, inside: Sequence[Counted]) -> int:
    """Return what counts toward a leaf, in its own measure."""
    if leaf.quantity.by:
        return account.values_in(leaf.quantity, [each.one for each in inside])
    if leaf.quantity.measure == "choose":
        return len(inside)
    return sum(each.credits for each in inside)


def spared(account: Account, leaf: str) -> bool:
    """Say whether a leaf is below a trimming cap, or below a floor that may need the surplus."""
    return (
        any(leaf in spot.scope for spot, _ in trimming_caps(account))
        or any(
            not floor.over_record
            for spot in account.spots
            if leaf in spot.scope
            for floor in spot.said.at_least
        )
        or any(spot.said.last for spot in account.spots if leaf in spot.scope)
        or any(
            each.low > 0 and not each.over_record
            for spot in account.spots
            if leaf in spot.scope
            for each in spot.said.distinct
        )
    )


def filled(account: Account, leaf: Take, inside: Sequence[Counted]) -> set[str]:
    """Return the slots that the achievements fill, of several ways the weightiest."""
    asked = {each.one.id: account.eligible[leaf.id].get(each.one.id, ()) for each in inside}
    weights = account.weights[leaf.id]
    standing: dict[str, str] = {}

    def fill(slot: str, tried: set[str]) -> bool:
        for one in sorted(asked):
            if slot in asked[one] and one not in tried:
                tried.add(one)
                if one not in standing or fill(standing[one], tried):
                    standing[one] = slot
                    return True
        return False

    for slot in sorted(leaf.credentials, key=lambda each: -weights.get(each, 0)):
        fill(slot, set())
    return set(standing.values())


def wrong_credits(account: Account, counted: list[Counted]) -> Iterator[str]:
    """Yield what counts with other credits than its own, or than a trimming cap leaves of them."""
    right = {each.one.id: int(account.reading.amount(each.one)) for each in counted}
    for spot, cap in trimming_caps(account):
        room = most(account.reading.rule, cap.amount)
        for each in sorted(account.under(cap, spot, counted), key=taken_in_order):
            if room <= 0:
                yield f"`{each.one.id}` counts under `{cap.id}`, which is full"
            right[each.one.id] = min(right[each.one.id], max(room, 0))
            room -= account.reading.amount(each.one)
    for each in counted:
        if each.credits != right[each.one.id]:
            name, shown = each.one.id, show_credits(right[each.one.id])
            yield f"`{name}` counts with {show_credits(each.credits)} credits, not {shown}"


def trimming_caps(account: Account) -> Iterator[tuple[Spot, Bound]]:
    """Yield the caps that let a part of an achievement count, and where they are."""
    for spot in account.spots:
        yield from ((spot, cap) for cap in spot.said.at_most if account.trims(cap))


def taken_in_order(each: Counted) -> tuple[bool, int, str]:
    """Order what counts under a trimming cap: by day earned, the undated last, then by id."""
    day = each.one.earned
    return day is None, day.toordinal() if day else 0, each.one.id


def broken_at(account: Account, spot: Spot, counted: list[Counted]) -> Iterator[str]:
    """Yield the caps, upper ends and windows of one spot that are not respected."""
    inside = [each for each in counted if not spot.scope.isdisjoint(each.leaves)]
    for cap in spot.said.at_most:
        if not cap.over_record and amount_of(cap, account.under(cap, spot, inside)) > (
            most(account.reading.rule, cap.amount)
        ):
            yield f"more counts than the cap `{cap.id}` allows"
    for distinct in (each for each in spot.said.distinct if not each.over_record):
        if distinct.high is not None and breadth(account, distinct.by, inside) > distinct.high:
            yield f"there are more different values than `{distinct.id}` allows"
    for window in (each for each in spot.said.windows if not each.over_record):
        if window.anchor == "earliest-used" and not fits_in(account.reading, window, inside):
            place = spot.id or account.award
            yield f"what counts in `{place}` lies further apart than {window.length}"


def amount_of(bound: Bound, counted: Sequence[Counted]) -> int:
    """Return how much counts, in the measure of a bound."""
    if bound.measure == "choose":
        return len(counted)
    return sum(each.credits for each in counted)


def breadth(account: Account, key: str, counted: Sequence[Counted]) -> int:
    """Return how many different values of a fact there are."""
    found = (facts_of(account.reading, key, each.one) for each in counted)
    return len({value for several in found for value in several})


def fits_in(reading: Reading, window: Window, counted: Sequence[Counted]) -> bool:
    """Say whether the last day earned is within the window begun on the first day started."""
    ends = [reading.end(each.one) for each in counted]
    begins = [reading.begin(each.one) for each in counted]
    known = [day for day in begins if day], [day for day in ends if day]
    if len(known[0]) < len(begins) or len(known[1]) < len(ends):
        return False
    return not counted or max(known[1]) <= window.length.after(min(known[0]))


def broken_orders(account: Account, counted: Sequence[Counted]) -> Iterator[str]:
    """Yield what was begun before what comes first was completed, or has no day that shows it."""
    for order in account.orders:
        later = [each.one for each in counted if order.later & each.leaves]
        earlier = [each.one for each in counted if order.earlier & each.leaves]
        for one, other in product(later, earlier):
            done, ended = account.reading.end(other), account.reading.end(one)
            begun = account.reading.begin(one) if ended else None
            if done is None or begun is None or begun < done:
                yield f"`{one.id}` does not come after `{other.id}`"


def broken_lists(account: Account, counted: list[Counted]) -> Iterator[str]:
    """Yield the exclusions and pairs that are not respected."""
    rule = account.reading.rule
    for exclusion in rule.excludes:
        inside = [each for each in counted if account.listed(exclusion, each.one)]
        if len(inside) > exclusion.at_most:
            yield f"more counts than the exclusion `{exclusion.id}` allows"
    for first, second in combinations((each.one for each in counted), 2):
        if account.twins(first, second):
            yield f"`{first.id}` and `{second.id}` are equivalents and both count"
    for leaf in account.leaves:
        there = {each.one.credential for each in counted if leaf in each.leaves}
        around = (spot.said.pairs for spot in account.spots if leaf in spot.scope)
        for pair in (*rule.pairs, *chain.from_iterable(around)):
            if 0 < len(there.intersection(pair.credentials)) < len(set(pair.credentials)):
                yield f"of a pair only a part counts toward `{leaf}`"


def broken_sharing(
    accounts: Sequence[Account], counted: Mapping[str, Sequence[Counted]]
) -> Iterator[str]:
    """Yield what counts in more awards than they allow."""
    standing = {award: {each.one.id for each in inside} for award, inside in counted.items()}
    rules = {account.award: account.reading.rule for account in accounts}
    for own, other in permutations(accounts, 2):
        both = [each for each in counted[own.award] if each.one.id in standing[other.award]]
        if both and not may_share(own, rules[other.award], both):
            yield f"`{own.award}` shares more with `{other.award}` than it allows"
    for account in accounts:
        sharing = account.reading.rule.sharing
        most = sharing.awards if sharing and sharing.awards is not None else len(accounts)
        for name in sorted(standing[account.award]):
            if sum(name in each for each in standing.values()) > most:
                yield f"`{name}` counts in more awards than `{account.award}` allows"


def may_share(own: Account, other: RuleEdition, both: Sequence[Counted]) -> bool:
    """Say whether what counts in both awards is no more than the statement of `own` allows."""
    rule = own.reading.rule
    for named in rule.sharing.shared_with if rule.sharing else ():
        if named.award == other.award:
            shared = len(both) if named.measure == "choose" else sum(each.credits for each in both)
            limit = shared_limit(named.amount, rule, other)
            return limit is None or shared <= limit
    return own.reading.policies.get("double_count") == "free"


def shared_limit(
    amount: int | Share | None, rule: RuleEdition, other: RuleEdition
) -> int | Fraction | None:
    """Return how much may be shared; a share is of the smaller award or of the one that says so."""
    if not isinstance(amount, Share):
        return amount
    return amount.part * (min(rule.total, other.total) if amount.base == "smaller" else rule.total)
