"""What was decided for one learner: that part of section 1 of docs/solver.md, executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Literal

from app.core.model.credential import CredentialId
from app.core.model.credits import SCALE, Credits
from app.core.model.record import Achievement, AchievementId, Adjustment
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
from tests.oracle.facts import STATUSES, Asked, Leaf, View, asked_for, equivalent

Thing = Requirement | Bound | Distinct | Average | Window | Each | Exclusion
Slots = tuple[CredentialId | Literal[""], ...]


def things(rule: RuleEdition) -> dict[str, Thing]:
    """Return all that may be named, by its id."""
    nodes = list(walk(rule.root))
    conditions: dict[str, Thing] = {}
    for said in (rule.whole, *(node.qualifiers for node in nodes)):
        floors = [floor for last in said.last for floor in last.at_least]
        conditions |= {one.id: one for one in (*said.at_least, *said.at_most, *floors)}
        conditions |= {one.id: one for one in said.distinct}
        conditions |= {one.id: one for one in said.averages}
        conditions |= {one.id: one for one in said.windows}
        conditions |= {one.id: one for one in said.each}
    every: dict[str, Thing] = {one.id: one for one in rule.excludes}
    return conditions | every | {node.id: node for node in nodes}


def rulings(view: View) -> list[Adjustment]:
    """Return the adjustments that apply, by day, then id."""
    named = things(view.rule)
    return sorted(
        (
            one
            for one in view.record.adjustments
            if one.award in (view.rule.award, "any")
            and one.on <= view.as_of < (one.expires or view.as_of.max)
            and known(view, one)
            and fits_to(view, one, named.get(one.requirement))
        ),
        key=lambda one: (one.on, one.id),
    )


def known(view: View, one: Adjustment) -> bool:
    """Say whether the achievement and the credential that are named are there."""
    statuses = STATUSES["planned"]
    held = {each.id for each in view.record.achievements if each.status in statuses}
    return one.achievement in {None, *held} and one.credential in {None, *view.known}


def fits_to(view: View, one: Adjustment, thing: Thing | None) -> bool:
    """Say whether what is decided can be done to what is named."""
    if one.kind == "adjust-credits" or (one.kind == "exclude" and not one.requirement):
        return True
    if thing is None or one.kind == "waive":
        return thing is not None
    if one.kind == "adjust-quantity":
        return can_ask_for(thing, one.amount or Credits(0))
    if one.kind == "exclude":
        return isinstance(thing, Take | From | Group)
    if not isinstance(thing, Take | From):
        return False
    if one.kind == "apply-here":
        return isinstance(thing, Take) or thing.counted_in == ()
    return one.kind == "also-allow" or wants(view, thing, one)


def wants(view: View, leaf: Leaf, one: Adjustment) -> bool:
    """Say whether a leaf asks for the credential that something stands for."""
    if isinstance(leaf, Take):
        return one.credential in leaf.credentials
    credential = view.known[one.credential] if one.credential else None
    return (
        credential is not None
        and Asked(view, credential, None).admitted(leaf.selector) is not False
    )


def can_ask_for(thing: Thing, amount: Credits) -> bool:
    """Say whether something asks for an amount and this can be one."""
    whole = amount % SCALE == 0
    match thing:
        case From():
            return whole or thing.quantity.measure == "credits"
        case Bound():
            return whole or thing.measure == "credits"
        case Group():
            return whole and thing.need is not None and amount // SCALE <= len(thing.parts)
        case Average():
            return thing.low is not None
        case _:
            return whole and isinstance(thing, Distinct | Exclusion)


def decided(view: View) -> View:
    """Return the view with what is waived and asked for instead, and with the credits decided."""
    made = rulings(view)
    if not made:
        return view
    maker = Maker(view.rule, made)
    credits = {
        one.achievement: one.amount
        for one in made
        if one.kind == "adjust-credits" and one.achievement and one.amount is not None
    }
    return replace(view, rule=maker.rule(), counted=credits, rulings=tuple(made))


class Maker:
    """Makes a rule anew."""

    def __init__(self, rule: RuleEdition, made: list[Adjustment]) -> None:
        """Find what is waived, what lies asleep below that, and which amounts hold instead."""
        self.before = rule
        self.waived = {one.requirement for one in made if one.kind == "waive"}
        self.asleep = {
            below.id for node in walk(rule.root) if node.id in self.waived for below in walk(node)
        }
        without = self.waived | self.asleep | set(self.conditions_asleep())
        self.amounts: Mapping[str, Credits] = {
            one.requirement: one.amount or Credits(0)
            for one in made
            if one.kind == "adjust-quantity" and one.requirement not in without
        }

    def conditions_asleep(self) -> Iterator[str]:
        """Yield the floors, breadths and averages below what is waived."""
        for node in walk(self.before.root):
            if node.id in self.asleep:
                said = node.qualifiers
                yield from (one.id for one in said.at_least)
                yield from (one.id for one in said.distinct)
                yield from (one.id for one in said.averages)
                yield from (floor.id for last in said.last for floor in last.at_least)

    def rule(self) -> RuleEdition:
        """Return the rule."""
        excludes = (one for one in self.before.excludes if one.id not in self.waived)
        return replace(
            self.before,
            root=self.node(self.before.root),
            whole=self.said(self.before.whole, asleep=False),
            excludes=tuple(
                replace(one, at_most=self.count(one.id, one.at_most)) for one in excludes
            ),
        )

    def count(self, name: str, otherwise: int) -> int:
        """Return how many are asked for."""
        return self.amounts[name] // SCALE if name in self.amounts else otherwise

    def node(self, node: Requirement) -> Requirement:
        """Return a requirement; what is asleep asks for nothing."""
        asleep = node.id in self.asleep
        node = replace(node, qualifiers=self.said(node.qualifiers, asleep=asleep))
        if isinstance(node, Group):
            parts = tuple(self.node(part) for part in node.parts)
            need = node.need if node.need is None else self.count(node.id, node.need)
            most = node.most
            if most is not None and need is not None and node.id in self.amounts:
                most = max(need, most)
            return replace(node, parts=parts, need=None if asleep else need, most=most)
        if isinstance(node, From):
            return replace(node, quantity=self.quantity(node.id, node.quantity, asleep=asleep))
        if isinstance(node, Take) and asleep:
            return From(
                id=node.id,
                title=node.title,
                optional=node.optional,
                shares_with=node.shares_with,
                sharing_limits=node.sharing_limits,
                after=node.after,
                prefer=node.prefer,
                qualifiers=node.qualifiers,
                quantity=Quantity("choose", 0, len(node.credentials), plain=False),
                selector=Selector((OneOf("credential", node.credentials),)),
            )
        if isinstance(node, MilestoneStep | Attest) and asleep:
            return Group(id=node.id, title=node.title, optional=node.optional)
        return node

    def quantity(self, name: str, quantity: Quantity, *, asleep: bool) -> Quantity:
        """Return how much is asked for."""
        if asleep:
            capped = quantity.plain and quantity.measure == "choose" and not quantity.by
            top = quantity.low if capped else quantity.high
            return replace(quantity, low=0, high=top, plain=False)
        if name not in self.amounts:
            return quantity
        low = self.amounts[name] // (1 if quantity.measure == "credits" else SCALE)
        return replace(
            quantity, low=low, high=None if quantity.high is None else max(low, quantity.high)
        )

    def said(self, said: Qualifiers, *, asleep: bool) -> Qualifiers:
        """Return what is still said of a requirement."""

        def holds(one: Bound | Distinct | Window | Each) -> bool:
            return one.id not in self.waived and not (asleep and one.over_record)

        return Qualifiers(
            at_least=tuple(self.bound(one) for one in said.at_least if not asleep and holds(one)),
            at_most=tuple(self.bound(one) for one in said.at_most if holds(one)),
            each=tuple(filter(holds, said.each)),
            distinct=tuple(
                self.distinct(one, asleep=asleep) for one in said.distinct if holds(one)
            ),
            averages=tuple(self.average(one, asleep=asleep) for one in said.averages),
            windows=tuple(filter(holds, said.windows)),
            last=tuple(
                replace(one, at_least=tuple(map(self.bound, filter(holds, one.at_least))))
                for one in said.last
                if not asleep
            ),
            pairs=said.pairs,
        )

    def bound(self, one: Bound) -> Bound:
        """Return a floor or a cap."""
        if one.id not in self.amounts:
            return one
        return replace(
            one, amount=self.amounts[one.id] // (1 if one.measure == "credits" else SCALE)
        )

    def distinct(self, one: Distinct, *, asleep: bool) -> Distinct:
        """Return a breadth."""
        low = 0 if asleep else one.low
        if one.id not in self.amounts:
            return replace(one, low=low)
        amount = self.amounts[one.id] // SCALE
        if low == 0 and one.high is not None:
            return replace(one, low=0, high=amount)
        return replace(one, low=amount, high=None if one.high is None else max(amount, one.high))

    def average(self, one: Average, *, asleep: bool) -> Average:
        """Return an average; one that is waived is only reported."""
        silent = asleep or one.id in self.waived
        return replace(one, low=None if silent else self.amounts.get(one.id, one.low))


def about(view: View, one: AchievementId) -> Iterator[Adjustment]:
    """Yield what was decided about one achievement, in order."""
    kinds = ("substitute", "apply-here", "exclude")
    yield from (each for each in view.rulings if each.kind in kinds and each.achievement == one)


def kept_out(view: View, one: Achievement) -> bool:
    """Say whether an achievement is excluded from the award, and nothing later lets it in."""
    inside = {node.id for node in walk(view.rule.root)}
    out = False
    for each in about(view, one.id):
        if each.kind == "exclude":
            out = out or not each.requirement
        elif each.requirement in inside:
            out = False
    return out


def slots_asked(
    view: View,
    leaf: Leaf,
    one: Achievement,
    scopes: Mapping[str, frozenset[str]],
    homes: frozenset[str],
) -> Slots:
    """Return the slots of a leaf in which `one` is asked for; `homes` are where it looks."""
    every: Slots = leaf.credentials if isinstance(leaf, Take) else ("",)
    allowed = [
        each.credential
        for each in view.rulings
        if each.kind == "also-allow" and each.requirement == leaf.id and each.credential
    ]
    if any(equivalent(view, name, one.credential) for name in allowed):
        first = every
    elif isinstance(leaf, From):
        first = every if asked_for(view, leaf, one) else ()
    else:
        first = tuple(slot for slot in leaf.credentials if equivalent(view, slot, one.credential))

    def after(slots: Slots, each: Adjustment) -> Slots:
        here = leaf.id in scopes.get(each.requirement, frozenset())
        if each.kind == "exclude":
            return () if here or not each.requirement else slots
        if each.requirement not in scopes:
            return slots
        if each.kind == "apply-here":
            return every if here else slots if each.requirement in homes else ()
        wanted = tuple(slot for slot in every if slot in ("", each.credential))
        return tuple(dict.fromkeys((*slots, *wanted))) if here else slots

    return reduce(after, about(view, one.id), first)
