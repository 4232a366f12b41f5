"""Nested awards put into a rule: that part of section 1 of docs/solver.md, executed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias, TypeVar, cast

from app.core.model.requirement import (
    EVERYWHERE,
    Bound,
    Group,
    Nested,
    Quantity,
    Requirement,
    Share,
    Take,
    When,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import Circumstance, OneOf, Selector

Said = TypeVar("Said")
Rounding: TypeAlias = Callable[[Fraction], int]
# Where requirements name one another.
NAMES = frozenset({"shares_with", "requirements", "after", "counted_in"})


def whole(rule: RuleEdition, others: Sequence[RuleEdition]) -> RuleEdition:
    """Return the rule with every nested award in the place where it is named."""
    return replace(rule, root=filled(rule.root, rule.effective.start, others))


def filled(node: Requirement, day: date, others: Sequence[RuleEdition]) -> Requirement:
    """Return a requirement of a rule that comes into force on `day` with what it nests."""
    match node:
        case Nested():
            inner = meant(node, day, others)
            return choice(node, inner, filled(inner.root, inner.effective.start, others))
        case Group():
            return replace(node, parts=tuple(filled(part, day, others) for part in node.parts))
        case When():
            other = node.otherwise and filled(node.otherwise, day, others)
            return replace(node, then=filled(node.then, day, others), otherwise=other)
        case _:
            return node


def meant(node: Nested, day: date, others: Sequence[RuleEdition]) -> RuleEdition:
    """Return the edition that is named; else the one of the day, else the next."""
    several = sorted(
        (one for one in others if one.award == node.award), key=lambda one: one.effective.start
    )
    if node.edition:
        return next(one for one in several if one.edition == node.edition)
    begun = [one for one in several if one.effective.holds(day)]
    return begun[-1] if begun else next(one for one in several if one.effective.start > day)


def choice(node: Nested, inner: RuleEdition, root: Requirement) -> Group:
    """Return the award, or all that its rule asks for, one of which is enough."""
    held = Take(id=f"{node.id}:held", title="", credentials=(node.award,), weight=inner.total)
    said = renamed(inner.whole, node.id, inner.total)
    overlaps = (
        Bound(
            id=f"{node.id}/{each.id}",
            title="",
            measure="choose",
            amount=each.at_most,
            selector=Selector((OneOf("credential", each.credentials),)),
        )
        for each in inner.excludes
    )
    own = Group(
        id=f"{node.id}:rule",
        title="",
        parts=(replace(renamed(root, node.id, inner.total), optional=False),),
        qualifiers=replace(said, at_most=(*said.at_most, *overlaps), pairs=inner.pairs),
    )
    kept = {
        name: getattr(node, name)
        for name in ("optional", "shares_with", "sharing_limits", "after", "qualifiers")
    }
    return Group(id=node.id, title="", parts=(held, own), need=1, **kept)


def renamed(said: Said, owner: str, total: int) -> Said:
    """Return anything that is said in a rule as it is said below the requirement `owner`."""
    return cast("Said", _told(said, owner, total, floor))


def _told(said: object, owner: str, total: int, in_whole: Rounding) -> object:
    if isinstance(said, Share):
        return in_whole(said.part * total)
    if isinstance(said, tuple):
        return tuple(_told(each, owner, total, in_whole) for each in said)
    if isinstance(said, Selector | Circumstance):
        return said
    if isinstance(said, Quantity):
        low = said.low if said.share is None else ceil(said.share.part * total)
        high = said.high if said.top is None else max(low, floor(said.top.part * total))
        return replace(said, low=low, high=high, share=None, top=None)
    if not is_dataclass(said) or isinstance(said, type):
        return said
    found: dict[str, object] = {}
    for field in fields(said):
        value = getattr(said, field.name)
        if field.name == "id":
            found["id"] = f"{owner}/{value}" if value else ""
        elif field.name in NAMES:
            found[field.name] = tuple(
                f"{owner}:rule" if name == EVERYWHERE else f"{owner}/{name}" for name in value
            )
        else:
            rounding = ceil if field.name == "at_least" else in_whole
            found[field.name] = _told(value, owner, total, rounding)
    return replace(said, **found)
