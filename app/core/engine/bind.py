"""A rule to what it is for one learner: no circumstances, and every quantity a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from app.core.model.circumstance import Change, Circumstance
from app.core.model.requirement import (
    Bound,
    Distinct,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    Share,
    When,
    walk,
)
from app.core.model.rule import RuleEdition

Changed = TypeVar("Changed", Quantity, Bound, Distinct)


@dataclass(frozen=True, slots=True)
class Bearings:
    """What a rule asks of a learner before it applies: which circumstances hold, which numbers."""

    holds: Mapping[Circumstance, bool] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)


def circumstances_of(rule: RuleEdition) -> tuple[Circumstance, ...]:
    """Return the circumstances that the root of a rule and what is said of it depend on."""
    return tuple(dict.fromkeys(_circumstances(rule)))


def facts_of(rule: RuleEdition) -> tuple[str, ...]:
    """Return the numbers among the learner's attributes that quantities take their size from."""
    quantities = (node.quantity for node in walk(rule.root) if isinstance(node, From))
    return tuple(dict.fromkeys(one.fact for one in quantities if one.fact))


def _circumstances(rule: RuleEdition) -> Iterator[Circumstance]:
    yield from _of_qualifiers(rule.whole)
    for node in walk(rule.root):
        if isinstance(node, When):
            yield node.circumstance
        if isinstance(node, From):
            yield from (change.circumstance for change in node.quantity.changes)
        yield from _of_qualifiers(node.qualifiers)


def _of_qualifiers(said: Qualifiers) -> Iterator[Circumstance]:
    yield from (change.circumstance for change in _changes(said))


def _changes(said: Qualifiers) -> Iterator[Change]:
    for bound in (*said.at_least, *said.at_most):
        yield from bound.changes
    for distinct in said.distinct:
        yield from distinct.changes


def bind(rule: RuleEdition, bearings: Bearings) -> RuleEdition:
    """Return the rule for whom the bearings are true; a root that is not there cannot be met."""
    binder = _Binder(bearings)
    root = binder.node(rule.root)
    if root is None:
        root = Group(id=rule.root.id, title=rule.root.title, need=1, span=rule.root.span)
    return replace(rule, root=root, whole=binder.qualifiers(rule.whole))


def widest(rule: RuleEdition) -> RuleEdition:
    """Return the rule with everything there that is there for anybody."""
    return replace(rule, root=_both_sides(rule.root))


def _both_sides(node: Requirement) -> Requirement:
    match node:
        case When():
            sides = [node.then] if node.otherwise is None else [node.then, node.otherwise]
            parts = tuple(map(_both_sides, sides))
            return Group(id=node.id, title=node.title, parts=parts, span=node.span)
        case Group():
            return replace(node, parts=tuple(map(_both_sides, node.parts)))
        case _:
            return node


class _Binder:
    """Binds one rule."""

    def __init__(self, bearings: Bearings) -> None:
        self.bearings = bearings

    def node(self, node: Requirement) -> Requirement | None:
        """The requirement as it applies; None where it is not there."""
        match node:
            case When():
                applies = self.bearings.holds[node.circumstance]
                chosen = node.then if applies else node.otherwise
                return None if chosen is None else self.node(chosen)
            case Group():
                return self.group(node)
            case From():
                quantity = self.quantity(node.quantity)
                said = self.qualifiers(node.qualifiers)
                return replace(node, quantity=quantity, qualifiers=said)
            case _:
                return replace(node, qualifiers=self.qualifiers(node.qualifiers))

    def group(self, node: Group) -> Group | None:
        """A group with the parts that are there; an `all` that loses every one it needs is lost.

        Else an absent part would meet whatever is around it. A choice stays, and is not met.
        """
        parts = tuple([one for part in node.parts if (one := self.node(part)) is not None])
        lost = len(parts) < len(node.parts) and node.need is None
        if lost and all(part.optional for part in parts):
            return None
        return replace(node, parts=parts, qualifiers=self.qualifiers(node.qualifiers))

    def quantity(self, quantity: Quantity) -> Quantity:
        """A quantity with its learner's number and the changes that apply made."""
        if quantity.fact:
            low = self.bearings.facts[quantity.fact]
            quantity = replace(quantity, low=low, fact="")
        high = quantity.high
        for change in self.applying(quantity):
            low = quantity.low + change.add if change.to is None else change.to
            if high is not None:
                high = max(low, high + change.add if change.to is None else high)
            quantity = replace(quantity, low=low)
        return replace(quantity, high=high, changes=())

    def qualifiers(self, said: Qualifiers) -> Qualifiers:
        """What is said of a requirement, with the changes that apply made."""
        if not any(_changes(said)):
            return said
        return replace(
            said,
            at_least=tuple(map(self.bound, said.at_least)),
            at_most=tuple(map(self.bound, said.at_most)),
            distinct=tuple(map(self.distinct, said.distinct)),
        )

    def bound(self, bound: Bound) -> Bound:
        amount = bound.amount
        for change in self.applying(bound):
            if change.to is not None:
                amount = change.to
            elif not isinstance(amount, Share):
                amount += change.add
        return replace(bound, amount=amount, changes=())

    def distinct(self, distinct: Distinct) -> Distinct:
        low, high = distinct.low, distinct.high
        for change in self.applying(distinct):
            low = low + change.add if change.to is None else change.to
        high = None if high is None else max(low, high)
        return replace(distinct, low=low, high=high, changes=())

    def applying(self, one: Changed) -> Iterator[Change]:
        return (change for change in one.changes if self.bearings.holds[change.circumstance])
