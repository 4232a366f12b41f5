"""Implied: what the rest of a rule brings in any case, and ways that nobody needs.

Every figure is a lower bound of what counts, for any record: of what a `take` names, by what the
catalogue says of it; of what a selector admits, by what its own tests say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from app.core.language.checker_matches import Matches
from app.core.language.checker_places import Said, Spot, Stand, bounds, group_key, said, stands
from app.core.language.checker_sense import amount_of
from app.core.language.checker_supply import is_compulsory, share
from app.core.language.diagnostics import Diagnostic
from app.core.language.plain_words import quantity_in_words
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Bound,
    From,
    Group,
    Measure,
    Requirement,
    Take,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import EVERYTHING, LevelTest, OneOf, Selector, Test

# Of more than so many the rule is warned of as a whole, and they are not compared one by one.
MOST_COMPARED = 200
DELETE = "delete it, or leave it so where it is stated for all to read"


def check_implied(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """Yield floors and shared requirements that the rest brings in any case, and needless ways."""
    ground = _Ground(rule, matches)
    for here in said(rule):
        yield from _floors(here, ground)
    yield from _shared(rule, ground)
    for stand in stands(rule):
        if isinstance(stand.node, Group) and stand.node.need == 1:
            yield from _needless(stand, stand.node, ground)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """So much of what a selector admits, or the least of it that is looked for."""

    measure: Measure
    selector: Selector


TOTAL = _Wanted("credits", EVERYTHING)


@dataclass(frozen=True)
class _Ground:
    """The least that counts in any case where requirements are met."""

    rule: RuleEdition
    matches: Matches

    def least(self, node: Requirement, wanted: _Wanted, spared: Bound | None = None) -> int:
        """Return how much of what is wanted counts at or below a requirement that is met.

        `spared` is a floor that is not looked at.
        """
        match node:
            case Take():
                own = self._named(node, wanted)
            case From():
                own = self._quantity(node, wanted)
            case Group():
                own = self._parts(node, wanted, spared)
            case _:
                own = 0
        floors = [
            amount_of(floor, self.rule)
            for floor in node.qualifiers.at_least
            if floor is not spared and not floor.changes and self._serves(floor, wanted)
        ]
        return max(own, *floors, 0)

    def _named(self, node: Take, wanted: _Wanted) -> int:
        """What the credentials of a `take` bring, whichever equivalent stands in for one."""
        sure = self.matches.surely(wanted.selector)
        brought = 0
        for name in node.credentials:
            standing = self.matches.of(Selector((OneOf("credential", (name,)),)))
            if standing and standing <= sure:
                credits = min(self.matches.credits(one) or 0 for one in standing)
                brought += credits if wanted.measure == "credits" else 1
        return brought

    def _quantity(self, node: From, wanted: _Wanted) -> int:
        quantity = node.quantity
        if quantity.changes or quantity.fact or not narrower(node.selector, wanted.selector):
            return 0
        if quantity.measure == wanted.measure and not quantity.by:
            return quantity.low
        # So much credit takes one at least; so many may bring any amount.
        return min(quantity.low, 1) if wanted.measure == "choose" else 0

    def _parts(self, group: Group, wanted: _Wanted, spared: Bound | None) -> int:
        parts = sorted(
            self.least(part, wanted, spared)
            for part in group.parts
            if group.need is not None or not part.optional
        )
        if self.shared:
            # What counts in two requirements is one achievement.
            parts = parts[-1:] if group.need is None else parts[:1]
        return sum(parts if group.need is None else parts[: group.need])

    @cached_property
    def shared(self) -> bool:
        """Say whether any two requirements may count the same achievement."""
        return any(
            node.shares_with or node.sharing_limits or (isinstance(node, From) and node.counted_in)
            for node in (stand.node for stand in stands(self.rule))
        )

    def _serves(self, floor: Bound, wanted: _Wanted) -> bool:
        same = floor.measure == wanted.measure and not floor.over_record
        return same and narrower(floor.selector, wanted.selector)


def narrower(inner: Selector, outer: Selector) -> bool:
    """Say whether all that one selector admits is admitted by the other, by what is written."""
    return all(any(_implies(own, test) for own in inner.tests) for test in outer.tests)


def _implies(own: Test, test: Test) -> bool:
    match own, test:
        case OneOf(), OneOf():
            same = own.key == test.key and own.exactly == test.exactly
            return same and set(own.values) <= set(test.values)
        case LevelTest(low=low), LevelTest(low=least, high=None) if least is not None:
            at_least = test.reading == own.reading == "at-least"
            same = own.framework == test.framework and at_least
            return own == test or (same and low is not None and low >= least)
        case _:
            return own == test


def _floors(here: Said, ground: _Ground) -> Iterator[Diagnostic]:
    below = here.stand.node if here.stand is not None else ground.rule.root
    for spot, floor in bounds(here, "at_least"):
        amount = amount_of(floor, ground.rule)
        wanted = _Wanted(floor.measure, floor.selector)
        # That it asks for nothing is told already; a total is stated for all to read.
        if not amount or floor.over_record or floor.changes or wanted == TOTAL:
            continue
        if ground.least(below, wanted, floor) >= amount:
            asked = quantity_in_words(floor.measure, amount)
            message = f"`{floor.id}` is always met: what is asked for below it brings {asked} of it"
            yield spot.note("CN1002", message, DELETE)


def _shared(rule: RuleEdition, ground: _Ground) -> Iterator[Diagnostic]:
    """What is compulsory, and shares with what brings as much of it in any case."""
    compulsory = [stand for stand in stands(rule) if is_compulsory(stand)]
    if not ground.shared or len(compulsory) > MOST_COMPARED:
        return
    for stand in compulsory:
        for other in compulsory:
            partly = any(node.sharing_limits for node in (*stand.chain, *other.chain))
            if other is stand or partly or other.around[:1] != stand.around[:1]:
                continue
            if share(other, stand) and _brings(other.node, stand.node, ground):
                message = f"`{stand.node.id}` is always met where `{other.node.id}` is"
                why = "they share, and that one asks for no less of the same"
                yield stand.spot.note("CN1002", f"{message}: {why}", DELETE)
                break


def _brings(one: Requirement, other: Requirement, ground: _Ground) -> bool:
    """Say whether whoever meets one requirement meets the other by the same achievements."""
    if other.qualifiers != NO_QUALIFIERS:
        return False
    if isinstance(other, Take):
        return set(other.credentials) <= set(_taken(one))
    if isinstance(other, From) and other.quantity.low and not _varies(other):
        wanted = _Wanted(other.quantity.measure, other.selector)
        return ground.least(one, wanted) >= other.quantity.low
    return False


def _varies(node: From) -> bool:
    """Say whether what it asks for, or may count, is not what stands there."""
    quantity = node.quantity
    return bool(quantity.changes or quantity.fact or quantity.by or node.counted_in)


def _taken(node: Requirement) -> Iterator[str]:
    """Yield the credentials that a requirement cannot do without."""
    if isinstance(node, Take):
        yield from node.credentials
    elif isinstance(node, Group) and node.need is None:
        for part in node.parts:
            yield from () if part.optional else _taken(part)


def _needless(stand: Stand, group: Group, ground: _Ground) -> Iterator[Diagnostic]:
    """Of two ways that bring each other the later one is told."""
    told: set[int] = set()
    for (first, one), (second, other) in combinations(enumerate(group.parts[:MOST_COMPARED]), 2):
        for at, way, simpler in ((second, other, one), (first, one, other)):
            if {first, second} & told or not _brings(way, simpler, ground):
                continue
            told.add(at)
            message = f"nobody needs the way `{way.id}`: whoever meets it meets `{simpler.id}`"
            spot = Spot(f"{stand.spot.path}.{group_key(group)}[{at}]", way.span)
            yield spot.warning("CN1003", message, "delete it, or let it ask for something else")
