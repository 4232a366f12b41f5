"""What it takes to come by a credential or an award, by structure: its prerequisites, its rule.

Quantities are held against what the catalogue supplies. What depends on the learner may ask for
nothing, and what only a record can break (caps, floors, exclusions, days) breaks nothing here, so
that whatever cannot be met by this cannot be met at all out of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from app.core.engine.selectors import equivalents_of
from app.core.graph.build import CreditGraph, RequirementNode
from app.core.graph.order import Order
from app.core.language.checker_matches import Matches
from app.core.model.credential import CredentialId
from app.core.model.requirement import (
    From,
    Group,
    Nested,
    Requirement,
    Take,
    When,
    parts_of,
)
from app.core.model.selector import OneOf


@dataclass(frozen=True, slots=True)
class Demand:
    """Of `parts`, each with its weight, at least so much; `requirement` asks for it.

    A part is a demand, or a node by its number. `spare` is by how much the weights of all parts
    exceed what is asked for; where it is negative, no supply will do.
    """

    requirement: str
    parts: tuple[Demand | int, ...]
    weights: tuple[int, ...]
    spare: int

    @classmethod
    def of(
        cls, requirement: str, least: int, parts: Sequence[Demand | int], weights: Sequence[int]
    ) -> Demand:
        """Return a demand in the largest unit in which every weight is whole."""
        unit = gcd(*weights) or 1
        spare = (sum(weights) - least) // unit
        return cls(requirement, tuple(parts), tuple(one // unit for one in weights), spare)

    @classmethod
    def every(cls, requirement: str, parts: Sequence[Demand | int]) -> Demand:
        """Return the demand for all of several parts."""
        return cls(requirement, tuple(parts), (1,) * len(parts), 0)

    @classmethod
    def some(cls, requirement: str, least: int, parts: Sequence[Demand | int]) -> Demand:
        """Return the demand for so many of several parts."""
        return cls.of(requirement, least, parts, [1] * len(parts))

    def nodes(self) -> Iterator[int]:
        """Yield every node that is named in it."""
        for part in self.parts:
            if isinstance(part, int):
                yield part
            else:
                yield from part.nodes()


@dataclass(frozen=True, slots=True)
class Demands:
    """What each node takes: all of the nodes `before` it, and its rule's demand where it has one.

    `order` has each part after all that it depends on; `depending` are the parts that depend on
    something.
    """

    names: tuple[CredentialId, ...]
    before: tuple[tuple[int, ...], ...]
    rules: Mapping[int, Demand]
    order: Order
    depending: tuple[int, ...]


def demands_of(graph: CreditGraph, names: tuple[CredentialId, ...]) -> Demands:
    """Return the demands of a graph whose nodes are numbered as they are named."""
    number = {name: at for at, name in enumerate(names)}
    equivalents = equivalents_of(graph.catalogue)
    rules: dict[int, Demand] = {}
    for award, rule in graph.rules.items():
        matches = Matches(graph.catalogue, rule.unit, rule.policies)
        reader = _Reader(number, equivalents, matches)
        rules[number[award]] = reader.demand(graph.roots[award], graph.made_of[award])
    before: list[tuple[int, ...]] = [()] * len(names)
    for credential in graph.catalogue.credentials.values():
        # What no catalogue lists is had elsewhere, and an equivalent is a way round.
        known = [name for name in credential.prerequisites if name in number]
        alone = [name for name in known if name not in equivalents]
        at = number[credential.id]
        before[at] = tuple(number[name] for name in alone)
        if len(alone) < len(known):
            several = [_one_of(name, number, equivalents) for name in known if name not in alone]
            own = [rules[at]] if at in rules else []
            rules[at] = Demand.every("", [*several, *own])
    links = [
        (*first, *rules[at].nodes()) if at in rules else first for at, first in enumerate(before)
    ]
    order = Order.of(links)
    places = sorted({order.place[at] for at in range(len(names)) if before[at] or at in rules})
    return Demands(names, tuple(before), rules, order, tuple(places))


def _one_of(
    name: CredentialId,
    number: Mapping[CredentialId, int],
    equivalents: Mapping[CredentialId, frozenset[CredentialId]],
) -> Demand | int:
    """A credential or one that stands for it; a demand that nothing fills where there is none."""
    found = [number[one] for one in (name, *sorted(equivalents.get(name, ()))) if one in number]
    return found[0] if len(found) == 1 else Demand.some("", 1, found)


class _Reader:
    """Reads the demands of one rule."""

    def __init__(
        self,
        number: Mapping[CredentialId, int],
        equivalents: Mapping[CredentialId, frozenset[CredentialId]],
        matches: Matches,
    ) -> None:
        self.number = number
        self.equivalents = equivalents
        self.matches = matches
        # Where every attempt counts, there is no end to what one credential can bring.
        self.endless = matches.policies.get("retakes", "each") == "each"

    def demand(self, asked: Requirement, node: RequirementNode) -> Demand:
        """The demand of a requirement, which `node` shows with what may fill it."""
        match asked:
            case Group():
                return self.group(asked, node)
            case When():
                parts = [self.demand(*one) for one in self.below(asked, node)]
                least = 1 if asked.otherwise is not None else 0
                return Demand.some(asked.id, least, parts)
            case Take():
                several = [
                    _one_of(name, self.number, self.equivalents) for name in asked.credentials
                ]
                return Demand.every(asked.id, several)
            case From():
                filled = [self.number[name] for name in node.credentials]
                least = self.least(asked)
                return Demand.of(asked.id, least, filled, self.weights(asked, node, least))
            case Nested():
                held = [self.number[asked.award]] if asked.award in self.number else []
                return Demand.some(asked.id, 1, held)
            case _:
                return Demand.every(asked.id, ())

    def group(self, asked: Group, node: RequirementNode) -> Demand:
        several = self.below(asked, node)
        if asked.need is not None:
            return Demand.some(asked.id, asked.need, [self.demand(*one) for one in several])
        needed = [self.demand(*one) for one in several if not one[0].optional]
        return Demand.every(asked.id, needed)

    def below(
        self, asked: Group | When, node: RequirementNode
    ) -> list[tuple[Requirement, RequirementNode]]:
        return list(zip(parts_of(asked), node.parts, strict=True))

    def least(self, asked: From) -> int:
        """What it asks of everybody."""
        quantity = asked.quantity
        if quantity.fact or quantity.changes or quantity.every:
            return 0
        # What a credential does not state of a declared attribute, an achievement may.
        declared = self.matches.catalogue.attributes
        tests = (test for test in asked.selector.tests if isinstance(test, OneOf))
        return 0 if any(test.key in declared for test in tests) else quantity.low

    def weights(self, asked: From, node: RequirementNode, least: int) -> list[int]:
        """How much each credential can bring: no less than it does bring to any learner."""
        if self.endless or asked.quantity.by:
            return [least] * len(node.credentials)
        if asked.quantity.measure == "choose":
            return [1] * len(node.credentials)
        # Without credits of its own it brings what the achievement states.
        return [self.matches.credits(name) or least for name in node.credentials]
