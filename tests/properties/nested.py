"""Awards nested in the first rule of a problem, which may nest one in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.nesting import link
from app.core.model.period import Period
from app.core.model.record import Achievement, AchievementId
from app.core.model.requirement import Bound, From, Group, Nested, Requirement, Take, walk
from app.core.model.rule import RuleEdition
from tests.oracle.nested import whole
from tests.properties.features import make_features
from tests.properties.problem import Problem
from tests.properties.rules import RuleMaker
from tests.properties.worlds import AWARDS, DAYS

# The rules of the generator come into force on the first day of 2020.
STARTS = (date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1))


@dataclass(frozen=True, slots=True)
class Nesting:
    """A problem whose first rule nests awards, as it is written, and the rules of those."""

    written: Problem
    others: tuple[RuleEdition, ...]

    def linked(self) -> Problem:
        """Return the problem as the engine is given it."""
        editions: Mapping[CredentialId, Sequence[RuleEdition]] = {
            award: [one for one in self.others if one.award == award] for award in AWARDS
        }
        rules = tuple(link(rule, editions).rule for rule in self.written.rules)
        return replace(self.written, rules=rules)

    def read(self) -> Problem:
        """Return the problem as the oracle reads it."""
        rules = tuple(whole(rule, self.others) for rule in self.written.rules)
        return replace(self.written, rules=rules)


def make_nesting(random: Random, problem: Problem) -> Nesting:
    """Return a problem that nests an award in its first rule, where one is left to nest."""
    asked = [rule.award for rule in problem.rules]
    left = [award for award in AWARDS if award not in asked]
    if not left:
        return Nesting(problem, ())
    first, *rest = problem.rules
    others: list[RuleEdition] = []
    if len(left) > 1 and random.random() < 0.25:
        others += make_editions(random, problem, left[1], first)
        lower = [
            nesting(random, rule, left[1])
            for rule in make_editions(random, problem, left[0], first)
        ]
        others += lower
    else:
        others += make_editions(random, problem, left[0], first)
    rules = (nesting(random, first, left[0]), *rest)
    return Nesting(replace(with_awards(random, problem, left[:2]), rules=rules), tuple(others))


def make_editions(
    random: Random, problem: Problem, award: CredentialId, outer: RuleEdition
) -> list[RuleEdition]:
    """Return one or two editions of an award, small enough to be a part of another."""
    features = make_features(random) - {"joint", "sharing", "own-number"}
    if any(map(is_trimming, bounds_of(outer))):
        # At most one cap of a rule trims.
        features -= {"caps"}
    if random.random() < 0.4:
        features |= {"pairs"}
    catalogue = problem.catalogue
    # What a `take` names has to be in the catalogue, whatever the record describes.
    held = [one.credential for one in problem.record.achievements]
    taken = [one for one in held if one in catalogue.credentials] or [
        one.id for one in catalogue.credentials.values() if one.type != "award"
    ]
    found = []
    for number, start in enumerate(random.sample(STARTS, random.choice((1, 1, 2))), start=1):
        total = random.choice((6000, 7000))
        rule = RuleMaker(random, features, catalogue, taken).rule(award, total)
        found.append(replace(rule, edition=str(number), effective=Period(start)))
    return found


def is_trimming(bound: Bound) -> bool:
    """Say whether a cap may trim."""
    return bound.items != "whole" and bound.measure == "credits"


def bounds_of(rule: RuleEdition) -> list[Bound]:
    """Return every cap of a rule."""
    several = (rule.whole, *(node.qualifiers for node in walk(rule.root)))
    return [cap for said in several for cap in said.at_most]


def nesting(random: Random, rule: RuleEdition, award: CredentialId) -> RuleEdition:
    """Return a rule that nests an award among its requirements."""
    taken = {node.id for node in walk(rule.root)}
    leaves = [node.id for node in walk(rule.root) if isinstance(node, Take | From)]
    node = Nested(
        id="nn" if "n" in taken else "n",
        title=award,
        award=award,
        edition=random.choice(("", "", "1")),
        optional=random.random() < 0.1,
        shares_with=(random.choice(leaves),) if leaves and random.random() < 0.3 else (),
    )
    root: Requirement = Group(id="top", title="Top", parts=(rule.root, node))
    if isinstance(rule.root, Group):
        at = random.randint(0, len(rule.root.parts))
        parts = (*rule.root.parts[:at], node, *rule.root.parts[at:])
        root = replace(rule.root, parts=parts)
    return replace(rule, root=root)


def with_awards(
    random: Random, problem: Problem, awards: Sequence[CredentialId], often: float = 0.3
) -> Problem:
    """Return a problem whose learner holds some awards, now and then."""
    known = {one.credential for one in problem.record.achievements}
    held = tuple(
        Achievement(
            id=AchievementId(f"h-{award}"),
            credential=award,
            grade=random.choice(("A", "C")),
            credits=Credits(random.choice((3000, 6000))),
            unit="cats",
            earned=random.choice(DAYS),
            status=random.choice(("earned", "earned", "in-progress")),
        )
        for award in awards
        if award not in known and random.random() < often
    )
    record = replace(problem.record, achievements=(*held, *problem.record.achievements))
    return replace(problem, record=record)
