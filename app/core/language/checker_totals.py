"""Totals: whether what the requirements let count can add up to the award and to its floors.

Every figure is an upper bound by the catalogue; where a learner's record may bring more there is
none, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.core.language.checker_matches import Matches
from app.core.language.checker_places import Said, Spot, bounds, leaves, said, trees
from app.core.language.checker_sense import amount_of
from app.core.language.diagnostics import Diagnostic
from app.core.language.plain_words import credits_in_words
from app.core.model.requirement import (
    From,
    Group,
    Nested,
    Qualifiers,
    Requirement,
    Take,
    When,
    parts_of,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import EVERYTHING, OneOf, Selector


def check_totals(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """Yield the total and the award-wide floors that all that may count stays below."""
    if matches.policies.get("retakes") == "each" or not leaves(next(trees(rule))):
        return
    most = _Most(rule, matches).of_award()
    if most is None:
        return
    reached = f"all that the requirements let count brings at most {credits_in_words(most)}"
    if most < rule.total:
        message = f"the award totals {credits_in_words(rule.total)}, and {reached}"
        remedy = "let more count, or correct `credit.total`"
        yield Spot("$.credit.total", rule.span).warning("CN0614", message, remedy)
    for spot, floor in bounds(Said(Spot("$", rule.span), rule.whole), "at_least"):
        least = amount_of(floor, rule)
        # What is above the total is told already, as is what lies below it with the total.
        if floor.measure == "credits" and not floor.over_record and most < least < rule.total:
            message = f"`{floor.id}` asks for {credits_in_words(least)}, and {reached}"
            yield spot.warning("CN0614", message, "let more count, or ask for less")


@dataclass(frozen=True)
class _Most:
    """The most credits that can count; None where there is no bound."""

    rule: RuleEdition
    matches: Matches

    def of_award(self) -> int | None:
        return self._capped(self._of(self.rule.root), self.rule.whole)

    def _of(self, node: Requirement) -> int | None:
        match node:
            case Take():
                slots = (Selector((OneOf("credential", (name,)),)) for name in node.credentials)
                most = _sum(self._largest(slot, 1) for slot in slots)
            case From():
                most = self._of_leaf(node)
            case Group():
                most = _sum(map(self._of, node.parts), node.most)
            case When():
                most = _sum(map(self._of, parts_of(node)))
            case Nested():
                # What it brings is known where it is linked.
                most = None
            case _:
                most = 0
        return self._capped(most, node.qualifiers)

    def _of_leaf(self, node: From) -> int | None:
        quantity = node.quantity
        if node.counted_in:
            return 0
        if quantity.changes or quantity.fact or quantity.by:
            return self._largest(node.selector, None)
        high = quantity.low if quantity.plain else quantity.high
        if quantity.measure == "choose":
            return self._largest(node.selector, high)
        every, largest = self._largest(node.selector, None), self._largest(node.selector, 1)
        if quantity.plain:
            # A plain amount is overshot by less than its largest part, and freely where caps trim.
            high = None if largest is None or self._trims else quantity.low + largest
        return min((one for one in (every, high) if one is not None), default=None)

    @property
    def _trims(self) -> bool:
        caps = [cap for here in said(self.rule) for cap in here.qualifiers.at_most]
        items = {
            self.matches.policies.get("caps") if c.items == "policy" else c.items for c in caps
        }
        return "trim" in items

    def _largest(self, selector: Selector, number: int | None) -> int | None:
        """Return what the largest `number` of the selector's credentials bring together."""
        amounts = [self.matches.credits(name) for name in self.matches.of(selector)]
        known = sorted((amount for amount in amounts if amount), reverse=True)
        return sum(known[:number]) if known and len(known) == len(amounts) else None

    def _capped(self, most: int | None, qualifiers: Qualifiers) -> int | None:
        caps = [
            amount_of(cap, self.rule)
            for cap in qualifiers.at_most
            if cap.measure == "credits" and cap.selector == EVERYTHING
            if not (cap.over_record or cap.changes)
        ]
        return min((one for one in (most, *caps) if one is not None), default=None)


def _sum(several: Iterable[int | None], largest: int | None = None) -> int | None:
    """Return the sum of so many of the largest amounts, of all if nothing is said."""
    amounts = list(several)
    known = sorted((amount for amount in amounts if amount is not None), reverse=True)
    return sum(known[:largest]) if len(known) == len(amounts) else None
