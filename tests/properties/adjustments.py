"""Adjustments as they may be decided: most apply, some apply no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import get_args

from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.record import (
    ADJUSTMENTS,
    ANY_AWARD,
    Adjustment,
    AdjustmentKind,
    LearnerRecord,
)
from app.core.model.requirement import From, Group, Take, walk
from app.core.model.rule import RuleEdition
from tests.properties.worlds import AS_OF

LEAVES_ONLY = ("substitute", "also-allow", "apply-here")
DAYS = (-400, -30, -30, -2, -1, 0, 1)


def make_adjustments(
    random: Random, rules: Sequence[RuleEdition], catalogue: Catalogue, record: LearnerRecord
) -> tuple[Adjustment, ...]:
    """Return up to three adjustments of the rules for the record."""
    if not record.achievements:
        return ()
    several = range(random.choice((1, 1, 2, 3)))
    return tuple(_one(random, random.choice(rules), catalogue, record, at) for at in several)


def _one(
    random: Random, rule: RuleEdition, catalogue: Catalogue, record: LearnerRecord, at: int
) -> Adjustment:
    kind: AdjustmentKind = random.choice(get_args(AdjustmentKind))
    names = ADJUSTMENTS[kind]
    requirement = random.choice(
        _ids(rule, leaves=kind in LEAVES_ONLY, amounts=kind == "adjust-quantity")
    )
    bare = "requirement" not in names and (kind != "exclude" or random.random() < 0.5)
    on = AS_OF + timedelta(days=random.choice(DAYS))
    return Adjustment(
        id=f"j{at}",
        kind=kind,
        award=random.choice((rule.award, rule.award, ANY_AWARD)),
        requirement="" if bare else requirement,
        reason="Board",
        by="registrar",
        on=on,
        expires=on + timedelta(days=random.choice((1, 500))) if random.random() < 0.2 else None,
        achievement=random.choice(record.achievements).id if "achievement" in names else None,
        credential=_credential(random, rule, requirement, catalogue)
        if "credential" in names
        else None,
        amount=Credits(1000 * random.choice((0, 1, 1, 2, 2, 3, 4))) if "amount" in names else None,
    )


def _ids(rule: RuleEdition, *, leaves: bool, amounts: bool) -> list[str]:
    """The ids that may be named: of leaves, of what may ask for an amount, or of everything."""
    nodes = list(walk(rule.root))
    if amounts:
        nodes = [node for node in nodes if isinstance(node, From | Group)]
    if leaves:
        return [node.id for node in nodes if isinstance(node, Take | From)] or ["gone"]
    found = [node.id for node in nodes] + [one.id for one in rule.excludes]
    for said in (rule.whole, *(node.qualifiers for node in nodes)):
        floors = [floor for last in said.last for floor in last.at_least]
        found += [one.id for one in (*said.at_least, *said.at_most, *floors)]
        found += [one.id for one in said.distinct] + [one.id for one in said.averages]
        found += [one.id for one in said.windows if one.id] + [
            one.id for one in said.each if one.id
        ]
    return found or ["gone"]


def _credential(
    random: Random, rule: RuleEdition, requirement: str, catalogue: Catalogue
) -> CredentialId:
    """Return a credential that the requirement lists, where it lists any, or any of all."""
    nodes = (node for node in walk(rule.root) if node.id == requirement)
    listed = [name for node in nodes if isinstance(node, Take) for name in node.credentials]
    return random.choice(listed or sorted(catalogue.credentials))
