"""Admission, gates and effects on other awards, said of rules that are there already."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import get_args

from app.core.model.requirement import Requirement, walk
from app.core.model.rule import AwardEffect, Gate, OnAward, RuleEdition
from tests.properties.edits import with_nodes
from tests.properties.rules import RuleMaker
from tests.properties.sharing import with_sharing
from tests.properties.worlds import AWARDS


def with_besides(random: Random, maker: RuleMaker, rule: RuleEdition) -> RuleEdition:
    """Return the rule with conditions of their own beside it, and effects on other awards."""
    others = [award for award in AWARDS if award != rule.award]
    named = random.sample(others, random.choice((0, 1, 2, 2)))
    gates = range(random.choice((0, 0, 1, 1, 2)))
    return replace(
        rule,
        admission=_apart(random, maker) if random.random() < 0.6 else None,
        gates=tuple(
            Gate(id=f"gate{number}", title="Gate", require=_apart(random, maker))
            for number in gates
        ),
        on_award=tuple(
            OnAward(award=award, effect=random.choice(get_args(AwardEffect))) for award in named
        ),
    )


def _apart(random: Random, maker: RuleMaker) -> Requirement:
    """Return a requirement that names nothing outside of it, as the language has it."""
    root = maker.part(depth=2)
    inside = {node.id for node in walk(root)}

    def named(node: Requirement) -> Requirement:
        return replace(node, after=tuple(name for name in node.after if name in inside))

    return with_sharing(random, maker.features, with_nodes(root, named))
