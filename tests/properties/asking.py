"""Selectors that ask about the learner: some of a rule that is made already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import cast

from app.core.model.credential import Credential
from app.core.model.requirement import Qualifiers, Requirement
from app.core.model.rule import RuleEdition
from app.core.model.selector import AnyOf, Circumstance, ForWhom, Not, NotSo, Selector
from tests.properties.circumstances import CircumstanceMaker
from tests.properties.selectors import fact_test


class Asking:
    """Makes selectors ask, one in two of them, those that circumstances look at too."""

    def __init__(self, random: Random, several: Sequence[Credential]) -> None:
        """Keep what is drawn from."""
        self.random = random
        self.circumstances = CircumstanceMaker(random, frozenset(), several)

    def rule(self, rule: RuleEdition) -> RuleEdition:
        """Return a rule that says the same, but for some."""
        root, whole = cast("Requirement", self.told(rule.root)), self.told(rule.whole)
        return replace(rule, root=root, whole=cast("Qualifiers", whole))

    def told(self, part: object) -> object:
        """Return a part of a rule whose selectors ask."""
        if isinstance(part, Selector):
            return self.asking(part) if self.random.random() < 0.5 else part
        if isinstance(part, tuple):
            return tuple(map(self.told, part))
        if not is_dataclass(part) or isinstance(part, type):
            return part
        told = {each.name: self.told(getattr(part, each.name)) for each in fields(part)}
        return replace(part, **told)

    def asking(self, selector: Selector) -> Selector:
        """Return a selector for some, or one that lets in more, less or other things of them."""
        so = self.circumstances.draw()
        whose, other = ForWhom(so), fact_test(self.random)
        less, more = Selector((*selector.tests, whose)), Selector((other, whose))
        others = Selector((other, ForWhom(Circumstance((NotSo(so),)))))
        return self.random.choice(
            (
                less,
                Selector((AnyOf((selector, more)),)),
                Selector((*selector.tests, Not(more))),
                Selector((AnyOf((less, others)),)),
            )
        )
