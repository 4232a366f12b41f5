"""What requirements of one award share with each other, said of a tree that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from app.core.model.requirement import (
    EVERYWHERE,
    From,
    Group,
    Requirement,
    SharingLimit,
    Take,
    When,
    parts_of,
    walk,
)
from tests.properties.edits import with_nodes

SHARING = frozenset({"shares-with", "group-sharing", "sharing-limits", "counted-in"})


def with_sharing(random: Random, features: frozenset[str], root: Requirement) -> Requirement:
    """Return the tree with what its requirements share, where that is in play."""
    if not features & SHARING:
        return root
    counting = [node for node in walk(root) if any(is_leaf(one) for one in walk(node))]
    looking = frozenset(
        node.id
        for node in counting
        if isinstance(node, From) and "counted-in" in features and random.random() < 0.35
    )
    maker = SharingMaker(random, features, counting, looking)
    return with_nodes(root, maker.said)


def is_leaf(node: Requirement) -> bool:
    """Say whether achievements count toward a requirement itself."""
    return isinstance(node, Take | From)


class SharingMaker:
    """Says of the requirements of one tree what they share, and which of them only look."""

    def __init__(
        self,
        random: Random,
        features: frozenset[str],
        counting: Sequence[Requirement],
        looking: frozenset[str],
    ) -> None:
        """Keep what may be named: leaves, and all that is around them."""
        self.random = random
        self.features = features
        self.counting = counting
        self.looking = looking

    def chance(self, feature: str, probability: float) -> bool:
        """Say whether to use a construct here."""
        return feature in self.features and self.random.random() < probability

    def said(self, node: Requirement) -> Requirement:
        """Return a requirement with what it shares."""
        if node.id in self.looking and isinstance(node, From):
            return replace(node, counted_in=self.pools())
        if isinstance(node, When) or node not in self.counting:
            return node
        if isinstance(node, Group) and not self.chance("group-sharing", 0.75):
            return node
        return replace(node, shares_with=self.others(node), sharing_limits=self.limits(node))

    def others(self, node: Requirement) -> tuple[str, ...]:
        """Return what it shares with: leaves, else whatever is around them, else everything."""
        if self.chance("group-sharing", 0.3 if is_leaf(node) else 1):
            return self.names(node)
        leaves = [one.id for one in self.counting if is_leaf(one) and one.id != node.id]
        return tuple(name for name in leaves if self.chance("shares-with", 0.35))

    def limits(self, node: Requirement) -> tuple[SharingLimit, ...]:
        """Return with what it shares no more than an amount."""
        if not self.chance("sharing-limits", 0.6):
            return ()
        names = self.names(node)
        if self.random.random() < 0.5:
            return (SharingLimit(names, "choose", self.random.choice((0, 1, 1, 2))),)
        return (SharingLimit(names, "credits", self.random.choice((1000, 2000, 3000, 5000))),)

    def names(self, node: Requirement) -> tuple[str, ...]:
        """Return one or two names of what is not inside a requirement, or everything."""
        inside = {one.id for one in walk(node)}
        outside = [one.id for one in self.counting if one.id not in inside]
        if not outside or self.random.random() < 0.2:
            return (EVERYWHERE,)
        return tuple(
            self.random.sample(outside, k=min(len(outside), self.random.choice((1, 1, 2))))
        )

    def pools(self) -> tuple[str, ...]:
        """Return one or two names of what something counts in by itself, or everything."""
        homes = [one.id for one in self.counting if self.holds_by_itself(one)]
        if not homes or self.random.random() < 0.25:
            return (EVERYWHERE,)
        return self.one_or_two(homes)

    def one_or_two(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return one or two of some names, more often than not of what holds several leaves."""
        above = [one.id for one in self.counting if one.id in names and not is_leaf(one)]
        if above and self.random.random() < 0.6:
            return (self.random.choice(above),)
        return tuple(self.random.sample(names, k=min(len(names), self.random.choice((1, 1, 2)))))

    def holds_by_itself(self, node: Requirement) -> bool:
        """Say whether something below a requirement counts without looking."""
        if is_leaf(node):
            return node.id not in self.looking
        return any(self.holds_by_itself(part) for part in parts_of(node))
