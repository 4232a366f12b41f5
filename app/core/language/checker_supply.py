"""Supply: whether the catalogue can ever meet what a rule asks for, each credential once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from app.core.language.checker_matches import SEVERAL, Matches
from app.core.language.checker_places import Said, Spot, Stand, bounds, leaves, said, trees, trims
from app.core.language.checker_sense import amount_of
from app.core.language.diagnostics import Diagnostic
from app.core.language.plain_words import quantity_in_words
from app.core.model.credential import CredentialId
from app.core.model.requirement import EVERYWHERE, Bound, From, Group, Measure, Take
from app.core.model.rule import RuleEdition
from app.core.model.selector import Not, OneOf, Selector, Test

Supply = frozenset[CredentialId]
# Facts of which one achievement may have several values, and grades, which may be open yet.
NOT_APART = frozenset({*SEVERAL, "credential", "used_in", "grade"})


@dataclass(frozen=True, slots=True)
class Demand:
    """So much is asked for, and only these credentials can bring it."""

    spot: Spot
    name: str
    measure: Measure
    amount: int
    supply: Supply


def check_supply(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """Yield demands that the catalogue cannot meet, and what is asked for or trimmed twice."""
    ground = _Ground(rule, matches)
    yield from _teaches_nothing(rule, matches)
    if matches.policies.get("retakes") != "each":
        for demand in ground.demands():
            yield from _short(demand, matches)
        for tree in ground.forest:
            yield from _asked_twice(tree)
    yield from _trimmed_twice(ground)


@dataclass(frozen=True)
class _Ground:
    """What counts where: the leaves of a rule and the credentials for them."""

    rule: RuleEdition
    matches: Matches

    @cached_property
    def forest(self) -> tuple[tuple[Stand, ...], ...]:
        return tuple(trees(self.rule))

    @cached_property
    def leaves(self) -> tuple[Stand, ...]:
        return tuple(leaf for tree in self.forest for leaf in leaves(tree))

    def scope(self, here: Said) -> tuple[Stand, ...]:
        """Return the leaves that qualifiers speak of."""
        if here.stand is None:
            return leaves(self.forest[0])
        node = here.stand.node
        return tuple(leaf for leaf in self.leaves if any(node is above for above in leaf.chain))

    def demands(self) -> Iterator[Demand]:
        for stand in self.leaves:
            if isinstance(stand.node, From):
                quantity, supply = stand.node.quantity, self.matches.of(stand.node.selector)
                if not (quantity.changes or quantity.by):
                    yield Demand(stand.spot, stand.node.id, quantity.measure, quantity.low, supply)
        for here in said(self.rule):
            for spot, floor in bounds(here, "at_least"):
                if not (floor.over_record or floor.changes):
                    amount = amount_of(floor, self.rule)
                    supply = self.matches.of(floor.selector) & self._countable(here)
                    yield Demand(spot, floor.id, floor.measure, amount, supply)

    def _countable(self, here: Said) -> Supply:
        return frozenset().union(*(self.matches.of_leaf(leaf.node) for leaf in self.scope(here)))


def _teaches_nothing(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """What asks for every outcome of credentials that teach none asks for nothing."""
    for stand in (stand for tree in trees(rule) for stand in leaves(tree)):
        if not (isinstance(stand.node, From) and stand.node.quantity.every):
            continue
        supply = matches.of(stand.node.selector)
        if supply and not any(matches.catalogue.credentials[one].outcomes for one in supply):
            message = (
                f"`{stand.node.id}` asks for all outcomes, and what may count there teaches none"
            )
            remedy = "list the outcomes of these credentials in the catalogue"
            yield stand.spot.warning("CN0613", message, remedy)


def _short(demand: Demand, matches: Matches) -> Iterator[Diagnostic]:
    asked = quantity_in_words(demand.measure, demand.amount)
    # That nothing matches is said of the selector already.
    if not demand.supply:
        return
    if demand.measure == "choose":
        if len(demand.supply) < demand.amount:
            have = quantity_in_words("choose", len(demand.supply))
            message = f"`{demand.name}` asks for {asked} and only {have} of the catalogue can count"
            remedy = "ask for fewer, widen the selector, or add credentials to the catalogue"
            yield demand.spot.error("CN0603", f"{message}, so it can never be met", remedy)
        return
    amounts = [matches.credits(name) for name in sorted(demand.supply)]
    # A credential without stated credits brings what the learner's record says.
    if all(amounts) and sum(filter(None, amounts)) < demand.amount:
        have = quantity_in_words("credits", sum(filter(None, amounts)))
        message = f"`{demand.name}` asks for {asked} and all that can count brings {have}"
        remedy = "ask for less, widen the selector, or add credentials to the catalogue"
        yield demand.spot.warning("CN0604", message, remedy)


def _asked_twice(tree: tuple[Stand, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Stand] = {}
    for stand in filter(is_compulsory, tree):
        if not isinstance(stand.node, Take):
            continue
        for name in stand.node.credentials:
            other = first.setdefault(name, stand)
            if other is not stand and not share(other, stand):
                message = f"`{stand.node.id}` and `{other.node.id}` both need `{name}`"
                why = "it counts only once, so they can never both be met"
                remedy = f"name it once, or add `shares_with: {other.node.id}`"
                yield stand.spot.error("CN0605", f"{message}, and {why}", remedy)


def compulsory(rule: RuleEdition) -> Iterator[CredentialId]:
    """Yield the credentials without which the rule cannot be met."""
    for stand in filter(is_compulsory, next(trees(rule))):
        if isinstance(stand.node, Take):
            yield from stand.node.credentials


def is_compulsory(stand: Stand) -> bool:
    """Say whether the whole tree fails without it."""
    needed = all(
        isinstance(one, Group) and one.need in {None, len(one.parts)} for one in stand.around
    )
    return needed and not any(node.optional for node in stand.chain)


def share(one: Stand, other: Stand) -> bool:
    """Say whether two may share, at least in part, by what either or a group around it says."""
    return _says_so(one, other) or _says_so(other, one)


def _says_so(one: Stand, other: Stand) -> bool:
    called = {EVERYWHERE, *(node.id for node in other.chain)}
    return any(
        called.intersection(names)
        for node in one.chain
        for names in (node.shares_with, *(limit.requirements for limit in node.sharing_limits))
    )


def _trimmed_twice(ground: _Ground) -> Iterator[Diagnostic]:
    """docs/solver.md §4: an achievement stands under at most one trimming cap of an award."""
    caps = [
        (spot, cap, ground.scope(here))
        for here in said(ground.rule)
        for spot, cap in bounds(here, "at_most")
        if trims(cap, ground.matches.policies)
    ]
    for (_, first, wide), (spot, cap, scope) in combinations(caps, 2):
        if not _apart(first.selector, cap.selector) and _meet(
            (first, wide), (cap, scope), ground.matches
        ):
            message = (
                f"`{first.id}` and `{cap.id}` may both trim one credential, and it is not said "
                "which of them does first"
            )
            remedy = "write `items: whole` on one, or let no credential match both"
            yield spot.error("CN0606", message, remedy)


def _meet(
    one: tuple[Bound, tuple[Stand, ...]], other: tuple[Bound, tuple[Stand, ...]], matches: Matches
) -> bool:
    """Say whether some credential may stand under both caps, in one leaf or in two that share."""
    both = matches.of(one[0].selector) & matches.of(other[0].selector)
    return any(
        both & matches.of_leaf(a.node) & matches.of_leaf(b.node)
        for a in one[1]
        for b in other[1]
        if a.node is b.node or share(a, b)
    )


def _apart(one: Selector, other: Selector) -> bool:
    """Say whether no achievement can be admitted by both, whatever is open about it yet."""
    return any(_exclude(a, b) or _exclude(b, a) for a in one.tests for b in other.tests)


def _exclude(a: Test, b: Test) -> bool:
    if not isinstance(b, OneOf) or b.key == "grade":
        return False
    if isinstance(a, Not):
        return a.inner.tests == (b,)
    if not isinstance(a, OneOf) or a.key != b.key or b.key in NOT_APART:
        return False
    return not set(a.values) & set(b.values)
