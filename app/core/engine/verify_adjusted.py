"""What persons decided for the learner, as the checker reads it: docs/solver.md, section 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.engine.verify_facts import Reading
from app.core.engine.verify_selectors import can_admit
from app.core.model.credits import SCALE
from app.core.model.record import ANY_AWARD, COUNTING, Adjustment
from app.core.model.requirement import (
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    MilestoneStep,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    Window,
    walk,
)
from app.core.model.rule import Exclusion, RuleEdition
from app.core.model.selector import OneOf, Selector

Said = Requirement | Bound | Distinct | Average | Window | Each | Exclusion


@dataclass(frozen=True, slots=True)
class Changes:
    """What is no longer asked for, and what is asked for instead."""

    waived: frozenset[str]
    amounts: Mapping[str, int]


def adjusted(reading: Reading) -> Reading:
    """Return the reading with what was decided made in its rule, credits and placing decisions.

    Its rule is the learner's already.
    """
    if not reading.record.adjustments:
        return reading
    said = dict(said_in(reading.rule))
    valid = [one for one in in_order(reading) if applies(reading, one, said.get(one.requirement))]
    waived = frozenset(one.requirement for one in valid if one.kind == "waive")
    silent = waived.union(*(silenced(said[name]) for name in waived))
    amounts = {
        one.requirement: one.amount or 0
        for one in valid
        if one.kind == "adjust-quantity" and one.requirement not in silent
    }
    rule, changes = reading.rule, Changes(waived, amounts)
    return replace(
        reading,
        rule=replace(
            rule,
            root=eased(rule.root, changes, asks=True),
            whole=still_said(rule.whole, changes, asks=True),
            excludes=tuple(
                replace(one, at_most=amounts.get(one.id, one.at_most * SCALE) // SCALE)
                for one in rule.excludes
                if one.id not in waived
            ),
        ),
        placing=tuple(one for one in valid if one.kind not in {"waive", "adjust-quantity"}),
        stated={
            str(one.achievement): one.amount or 0 for one in valid if one.kind == "adjust-credits"
        },
    )


def silenced(said: Said) -> set[str]:
    """Return the ids of what asks for nothing any more below what is waived."""
    if not isinstance(said, Requirement):
        return set()
    found: set[str] = set()
    for node in walk(said):
        own = node.qualifiers
        found.add(node.id)
        found.update(one.id for one in own.at_least)
        found.update(one.id for one in own.distinct)
        found.update(one.id for one in own.averages)
        found.update(floor.id for last in own.last for floor in last.at_least)
    return found


def in_order(reading: Reading) -> list[Adjustment]:
    """Return what is in force for the award on the day, by day and id."""
    day, award = reading.as_of, reading.rule.award
    own = [
        one
        for one in reading.record.adjustments
        if one.award in {award, ANY_AWARD} and one.on <= day
        if one.expires is None or day < one.expires
    ]
    return sorted(own, key=lambda one: (one.on, one.id))


def said_in(rule: RuleEdition) -> Iterator[tuple[str, Said]]:
    """Yield all that may be named, by its id."""
    for said in (rule.whole, *(node.qualifiers for node in walk(rule.root))):
        conditions: tuple[Said, ...] = (
            *said.at_least,
            *said.at_most,
            *said.distinct,
            *said.averages,
            *said.windows,
            *said.each,
            *(floor for last in said.last for floor in last.at_least),
        )
        yield from ((one.id, one) for one in conditions)
    yield from ((node.id, node) for node in walk(rule.root))
    yield from ((one.id, one) for one in rule.excludes)


def applies(reading: Reading, one: Adjustment, said: Said | None) -> bool:
    """Say whether an adjustment in force can be made to what it names."""
    present = {each.id for each in reading.record.achievements if each.status in COUNTING}
    if one.achievement is not None and one.achievement not in present:
        return False
    if one.credential is not None and one.credential not in reading.known:
        return False
    match one.kind:
        case "adjust-credits":
            return True
        case "exclude":
            return not one.requirement or isinstance(said, Take | From | Group)
        case "waive":
            return said is not None
        case "adjust-quantity":
            return said is not None and takes_amount(said, one.amount or 0)
        case "apply-here":
            return isinstance(said, Take) or (isinstance(said, From) and not said.counted_in)
        case "also-allow":
            return isinstance(said, Take | From)
        case "substitute":
            return stands_for(reading, one, said)


def takes_amount(said: Said, amount: int) -> bool:
    """Say whether something asks for an amount, and could ask for this one."""
    whole = amount % SCALE == 0
    if isinstance(said, From):
        return whole or said.quantity.measure == "credits"
    if isinstance(said, Bound):
        return whole or said.measure == "credits"
    if isinstance(said, Group):
        return whole and said.need is not None and amount <= SCALE * len(said.parts)
    if isinstance(said, Average):
        return said.low is not None
    return whole and isinstance(said, Distinct | Exclusion)


def stands_for(reading: Reading, one: Adjustment, said: Said | None) -> bool:
    """Say whether a requirement asks for the credential that something is to stand for."""
    if isinstance(said, Take):
        return one.credential in said.credentials
    known = reading.known.get(one.credential) if one.credential else None
    return isinstance(said, From) and bool(known and can_admit(reading, said.selector, known))


def eased(node: Requirement, changes: Changes, *, asks: bool) -> Requirement:
    """Return a requirement after the changes; below a waiver nothing `asks` for anything."""
    asks = asks and node.id not in changes.waived
    said = still_said(node.qualifiers, changes, asks=asks)
    amount = changes.amounts.get(node.id)
    if isinstance(node, Group):
        need = node.need if amount is None else amount // SCALE
        top = node.most if node.most is None or amount is None else max(node.most, need or 0)
        parts = tuple(eased(part, changes, asks=asks) for part in node.parts)
        need = need if asks else None
        return replace(node, need=need, most=top, parts=parts, qualifiers=said)
    if isinstance(node, From):
        return replace(node, quantity=asked(node.quantity, amount, asks=asks), qualifiers=said)
    if asks:
        return replace(node, qualifiers=said)
    if isinstance(node, Take):
        return From(
            id=node.id,
            title=node.title,
            optional=node.optional,
            shares_with=node.shares_with,
            sharing_limits=node.sharing_limits,
            after=node.after,
            prefer=node.prefer,
            qualifiers=said,
            quantity=Quantity("choose", 0, len(node.credentials), plain=False),
            selector=Selector((OneOf("credential", node.credentials),)),
        )
    if isinstance(node, MilestoneStep | Attest):
        return Group(
            id=node.id, title=node.title, optional=node.optional, after=node.after, qualifiers=said
        )
    return node


def asked(quantity: Quantity, amount: int | None, *, asks: bool) -> Quantity:
    """Return how much is asked for: nothing, the other amount, or what always was."""
    if not asks:
        number = quantity.plain and quantity.measure == "choose" and not quantity.by
        high = quantity.low if number else quantity.high
        return replace(quantity, low=0, high=high, plain=False)
    if amount is None:
        return quantity
    low = amount if quantity.measure == "credits" else amount // SCALE
    return replace(quantity, low=low, high=raised(quantity.high, low))


def raised(high: int | None, low: int) -> int | None:
    """Return an upper end, which may be nought, that leaves room for what is asked."""
    return None if high is None else max(low, high)


def still_said(said: Qualifiers, changes: Changes, *, asks: bool) -> Qualifiers:
    """Return what is still said of a requirement."""
    waived, amounts = changes.waived, changes.amounts

    def bound(one: Bound) -> Bound:
        other = amounts.get(one.id)
        if other is None:
            return one
        return replace(one, amount=other if one.measure == "credits" else other // SCALE)

    def distinct(one: Distinct) -> Distinct:
        low, high = (one.low if asks else 0), one.high
        if one.id in amounts:
            other = amounts[one.id] // SCALE
            upper = low == 0 and high is not None
            low, high = (0, other) if upper else (other, raised(high, other))
        return replace(one, low=low, high=high)

    def average(one: Average) -> Average:
        silent = not asks or one.id in waived
        return replace(one, low=None if silent else amounts.get(one.id, one.low))

    return replace(
        said,
        at_least=tuple(bound(one) for one in said.at_least if asks and one.id not in waived),
        at_most=tuple(
            bound(one)
            for one in said.at_most
            if one.id not in waived and (asks or not one.over_record)
        ),
        each=tuple(
            one for one in said.each if one.id not in waived and (asks or not one.over_record)
        ),
        distinct=tuple(
            distinct(one)
            for one in said.distinct
            if one.id not in waived and (asks or not one.over_record)
        ),
        averages=tuple(map(average, said.averages)),
        windows=tuple(
            one for one in said.windows if one.id not in waived and (asks or not one.over_record)
        ),
        last=tuple(
            replace(
                one, at_least=tuple(bound(each) for each in one.at_least if each.id not in waived)
            )
            for one in said.last
            if asks
        ),
    )


Asked = dict[str, dict[str, tuple[str, ...]]]
"""By leaf, the achievements that it asks for, and which slots."""


def placed(
    reading: Reading,
    asked: Asked,
    scopes: Mapping[str, frozenset[str]],
    views: Mapping[str, frozenset[str]],
) -> set[str]:
    """Change what the leaves ask for as was decided; return what is kept out of the award.

    `scopes` are the leaves at or below each requirement, `views` the leaves that each leaf with
    `counted_in` looks at.
    """
    present = {one.id: one.credential for one in reading.present().values()}
    for each in (one for one in reading.placing if one.kind == "also-allow"):
        for name, credential in present.items():
            if each.credential and reading.equivalent(each.credential, credential):
                let_in(reading.rule, asked, scopes.get(each.requirement, ()), name)
    out: set[str] = set()
    for each in (one for one in reading.placing if one.achievement in present):
        one, here = str(each.achievement), scopes.get(each.requirement, frozenset())
        if each.kind == "exclude":
            for leaf in here if each.requirement else asked:
                asked[leaf].pop(one, None)
            out |= set() if each.requirement else {one}
        elif here and each.kind == "substitute":
            let_in(reading.rule, asked, here, one, str(each.credential))
            out.discard(one)
        elif here and each.kind == "apply-here":
            looking = {leaf for leaf, seen in views.items() if seen & here}
            for leaf in asked.keys() - here - looking:
                asked[leaf].pop(one, None)
            let_in(reading.rule, asked, here, one)
            out.discard(one)
    return out


def let_in(
    rule: RuleEdition,
    asked: Asked,
    leaves: Sequence[str] | frozenset[str],
    one: str,
    slot: str = "",
) -> None:
    """Let an achievement stand in leaves; of a `take` in one slot, or in any if none is named."""
    for leaf in (node for node in walk(rule.root) if node.id in leaves):
        slots: tuple[str, ...] = ("",)
        if isinstance(leaf, Take):
            slots = (slot,) if slot else leaf.credentials
        before = asked[leaf.id].get(one, ())
        asked[leaf.id][one] = tuple(dict.fromkeys((*before, *slots)))
