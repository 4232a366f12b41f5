"""Selectors that ask about the learner: some of a rule that is made already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import cast

from app.core.model.credential import Credential, Fact
from app.core.model.requirement import Qualifiers, Requirement
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    AnyOf,
    Circumstance,
    ForWhom,
    Not,
    NotSo,
    Own,
    OwnTest,
    Selector,
    Test,
)
from tests.properties.circumstances import CircumstanceMaker
from tests.properties.selectors import fact_test
from tests.properties.worlds import DAYS

DATED = (
    OwnTest("earned", Own("opened"), None),
    OwnTest("earned", None, Own("opened")),
    OwnTest("started", None, Own("opened")),
)
STATED: Mapping[str, tuple[OwnTest, ...]] = {
    "cluster": (OwnTest("cluster", Own("cluster"), Own("cluster")),),
    "weeks": (
        OwnTest("weeks", Own("weeks"), Own("weeks")),
        OwnTest("weeks", Own("weeks"), None),
        OwnTest("weeks", 5, Own("weeks")),
    ),
    "opened": (
        OwnTest("opened", Own("opened"), None),
        OwnTest("opened", None, Own("opened")),
        OwnTest("opened", Own("opened"), Own("opened")),
    ),
}
MISFITS = (
    OwnTest("regular", Own("keen"), Own("keen")),
    OwnTest("cluster", Own("lacking"), Own("lacking")),
    # Of another type than what it is compared with, or than the other end.
    OwnTest("weeks", Own("cluster"), None),
    OwnTest("opened", Own("weeks"), None),
    OwnTest("earned", Own("weeks"), None),
    OwnTest("weeks", Own("weeks"), Own("opened")),
)


class Asking:
    """Makes selectors ask, one in two of them, those that circumstances look at too."""

    def __init__(self, random: Random, several: Sequence[Credential]) -> None:
        """Keep what is drawn from."""
        self.random = random
        self.circumstances = CircumstanceMaker(random, frozenset(), several)
        # The learner states what credentials do too, so that often something is equal.
        self.stated = {key: values for key in STATED if (values := values_of(several, key))}

    def own_facts(self) -> dict[str, Fact]:
        """Return what the learner states that is compared with achievements; it may lack."""
        values = {"opened": DAYS, **self.stated}
        own = {key: self.random.choice(values[key]) for key in values}
        return {key: fact for key, fact in own.items() if self.random.random() < 0.9}

    def comparison(self) -> OwnTest:
        """Return a comparison with what the learner states; one that never holds, at times."""
        if self.random.random() < 0.15:
            return self.random.choice(MISFITS)
        return self.random.choice(
            self.random.choice([DATED, *(STATED[key] for key in self.stated)])
        )

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
        whose: Test = ForWhom(so) if self.random.random() < 0.5 else self.comparison()
        other = fact_test(self.random)
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


def values_of(several: Sequence[Credential], key: str) -> tuple[Fact, ...]:
    """Return the values of an attribute that some credentials state."""
    stated = [one.attributes[key] for one in several if key in one.attributes]
    return tuple(fact for own in stated for fact in (own if isinstance(own, tuple) else (own,)))
