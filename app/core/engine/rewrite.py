"""A rule without what was waived for one learner, and with the amounts that hold instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from app.core.model.credits import SCALE, Credits
from app.core.model.record import Adjustment
from app.core.model.requirement import (
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    MilestoneStep,
    Node,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    Window,
)
from app.core.model.rule import Exclusion, RuleEdition
from app.core.model.selector import OneOf, Selector


def rewritten(rule: RuleEdition, edits: Sequence[Adjustment]) -> RuleEdition:
    """Return the rule with waivers and amounts made; it is bound to a learner already."""
    waived = frozenset(one.requirement for one in edits if one.kind == "waive")
    amounts = {
        one.requirement: one.amount
        for one in edits
        if one.kind == "adjust-quantity" and one.amount is not None
    }
    writer = _Writer(waived, amounts)
    return replace(
        rule,
        root=writer.node(rule.root, free=False),
        whole=writer.qualifiers(rule.whole, free=False),
        excludes=tuple(writer.exclusion(one) for one in rule.excludes if one.id not in waived),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one rule anew; what is `free` stands below a waiver."""

    waived: frozenset[str]
    amounts: Mapping[str, Credits]

    def node(self, node: Requirement, *, free: bool) -> Requirement:
        free = free or node.id in self.waived
        node = replace(node, qualifiers=self.qualifiers(node.qualifiers, free=free))
        match node:
            case Group():
                return self.group(node, free=free)
            case From():
                return replace(node, quantity=self.quantity(node, free=free))
            case Take() if free:
                # What it takes may still count there, up to as many, and none has to.
                top = Quantity("choose", 0, len(node.credentials), plain=False)
                selector = Selector((OneOf("credential", node.credentials),))
                return From(**_kept_of(node), quantity=top, selector=selector, prefer=node.prefer)
            case MilestoneStep() | Attest() if free:
                return Group(**_kept_of(node), parts=())
            case _:
                return node

    def group(self, node: Group, *, free: bool) -> Group:
        need, most = node.need, node.most
        if free:
            need = None
        elif node.id in self.amounts:
            need = self.number(node.id)
            most = None if most is None else max(need, most)
        parts = tuple(self.node(part, free=free) for part in node.parts)
        return replace(node, parts=parts, need=need, most=most)

    def number(self, name: str) -> int:
        return self.amounts[name] // SCALE

    def quantity(self, node: From, *, free: bool) -> Quantity:
        """Another amount, or none: then what counted there may still, up to where it could."""
        quantity = node.quantity
        if free:
            by_number = quantity.plain and quantity.measure == "choose" and not quantity.by
            top = quantity.low if by_number else quantity.high
            return replace(quantity, low=0, high=top, plain=False)
        if node.id not in self.amounts:
            return quantity
        by_credits = quantity.measure == "credits"
        low = self.amounts[node.id] if by_credits else self.number(node.id)
        high = None if quantity.high is None else max(low, quantity.high)
        return replace(quantity, low=low, high=high)

    def qualifiers(self, said: Qualifiers, *, free: bool) -> Qualifiers:
        """What is still said: below a waiver no condition, and every bound."""
        floors, latest = ((), ()) if free else (said.at_least, said.last)
        caps = (one for one in said.at_most if self.says(one, free=free))
        breadths = (one for one in said.distinct if self.says(one, free=free))
        return replace(
            said,
            at_least=tuple(self.bound(one) for one in floors if self.says(one, free=free)),
            at_most=tuple(map(self.bound, caps)),
            each=tuple(one for one in said.each if self.says(one, free=free)),
            distinct=tuple(self.distinct(one, free=free) for one in breadths),
            averages=tuple(self.average(one, free=free) for one in said.averages),
            windows=tuple(one for one in said.windows if self.says(one, free=free)),
            last=tuple(
                replace(
                    one,
                    at_least=tuple(
                        self.bound(floor) for floor in one.at_least if floor.id not in self.waived
                    ),
                )
                for one in latest
            ),
        )

    def says(self, one: Bound | Each | Distinct | Window, *, free: bool) -> bool:
        """Say whether something still holds; what looks at the whole record is a condition."""
        return one.id not in self.waived and not (free and one.over_record)

    def bound(self, one: Bound) -> Bound:
        if one.id not in self.amounts:
            return one
        by_credits = one.measure == "credits"
        return replace(one, amount=self.amounts[one.id] if by_credits else self.number(one.id))

    def distinct(self, one: Distinct, *, free: bool) -> Distinct:
        """The lower end, or the upper one where there is no other."""
        one = replace(one, low=0) if free else one
        if one.id not in self.amounts:
            return one
        amount = self.number(one.id)
        if one.low == 0 and one.high is not None:
            return replace(one, high=amount)
        return replace(one, low=amount, high=None if one.high is None else max(amount, one.high))

    def average(self, one: Average, *, free: bool) -> Average:
        """A mean that is waived is still reported."""
        if free or one.id in self.waived:
            return replace(one, low=None)
        return replace(one, low=self.amounts.get(one.id, one.low))

    def exclusion(self, one: Exclusion) -> Exclusion:
        return replace(one, at_most=self.number(one.id)) if one.id in self.amounts else one


def _kept_of(node: Requirement) -> dict[str, Any]:
    """What a requirement has whatever it asks for; what it asks for is not weighed any more."""
    return {field.name: getattr(node, field.name) for field in fields(Node)} | {"weight": None}
