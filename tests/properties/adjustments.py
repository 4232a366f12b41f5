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
from tests.properties.edits import roots_of
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
        credential=_credential(random, rule, requirement, catalogue, record)
        if "credential" in names
        else None,
        amount=Credits(1000 * random.choice((0, 1, 1, 2, 2, 3, 4))) if "amount" in names else None,
    )


def _ids(rule: RuleEdition, *, leaves: bool, amounts: bool) -> list[str]:
    """The ids that may be named: of leaves, of what may ask for an amount, or of everything."""
    nodes = [node for root in roots_of(rule) for node in walk(root)]
    if amounts:
        nodes = [node for node in nodes if isinstance(node, From | Group)]
    if leaves:
        counting = [node for node in nodes if isinstance(node, Take | From)]
        # What names its credentials most often lacks one of them.
        named = [node.id for node in counting if isinstance(node, Take)]
        return [*named, *named, *(node.id for node in counting)] or ["gone"]
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
    random: Random,
    rule: RuleEdition,
    requirement: str,
    catalogue: Catalogue,
    record: LearnerRecord,
) -> CredentialId:
    """Return what the requirement lists and the learner lacks, where there is any, or any of all.

    Now and then it is what the learner has, which may be let in where it is not asked for.
    """
    held = [one.credential for one in record.achievements]
    if random.random() < 0.5:
        return random.choice(held)
    every = (node for root in roots_of(rule) for node in walk(root))
    nodes = (node for node in every if node.id == requirement)
    listed = [name for node in nodes if isinstance(node, Take) for name in node.credentials]
    lacking = [name for name in listed if name not in held]
    return random.choice(lacking or listed or sorted(catalogue.credentials))
