"""Whole problems from one `Random`: the same for hypothesis and for the large run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from app.core.model.catalogue import Catalogue
from app.core.model.record import LearnerRecord
from app.core.model.requirement import Take, walk
from app.core.model.rule import POLICIES, RuleEdition
from tests.properties.adjustments import make_adjustments
from tests.properties.asking import Asking
from tests.properties.besides import with_besides
from tests.properties.edits import roots_of
from tests.properties.features import make_features
from tests.properties.nested import make_nesting, with_awards
from tests.properties.problem import Problem
from tests.properties.rules import RuleMaker
from tests.properties.worlds import AS_OF, AWARDS, make_catalogue, make_record

MOST_ALLOCATIONS = 1500
# So many rules have selectors that ask about the learner.
ASKING = 0.2


def make_problem(random: Random, most: int = MOST_ALLOCATIONS, *, adjusted: bool = True) -> Problem:
    """Return a problem that is small enough to try everything on; some are `adjusted`."""
    features = make_features(random)
    catalogue = make_catalogue(random, features)
    record = make_record(random, features, catalogue)
    taken = [one.credential for one in record.achievements]
    awards = AWARDS[: random.choice((2, 2, 2, 3))] if "joint" in features else AWARDS[:1]
    makers = [RuleMaker(random, features, catalogue, taken) for _ in awards]
    rules = tuple(
        maker.rule(award, random.choice((9000, 15000)))
        for maker, award in zip(makers, awards, strict=True)
    )
    if random.random() < 0.25:
        rules = tuple(map(partial(with_besides, random), makers, rules))
    if random.random() < ASKING:
        asking = Asking(
            random, [one for one in catalogue.credentials.values() if one.type != "award"]
        )
        rules = tuple(map(asking.rule, rules))
        record = replace(record, attributes={**record.attributes, **asking.own_facts()})
    policies = tuple(make_policies(random, features) for _ in rules)
    if random.random() < 0.3:
        catalogue, record = described_apart(random, catalogue, record, rules)
    # Last, so that what is drawn before is the same whether anything is decided or not.
    if adjusted and random.random() < 0.3:
        decided = make_adjustments(random, rules, catalogue, record)
        record = replace(record, adjustments=decided)
    problem = Problem(
        rules=rules, catalogue=catalogue, policies=policies, record=record, as_of=AS_OF
    )
    touched = dict.fromkeys(said.award for rule in rules for said in rule.on_award)
    if touched:
        problem = with_awards(random, problem, list(touched), often=0.6)
    if random.random() < 0.12:
        problem = make_nesting(random, problem).linked()
        if adjusted and random.random() < 0.5:
            problem = adjusted_anew(random, problem)
    return small(problem, most)


def adjusted_anew(random: Random, problem: Problem) -> Problem:
    """Return the problem with decisions that name what is nested, too."""
    record = problem.record
    decided = make_adjustments(random, problem.rules, problem.catalogue, record)
    return replace(problem, record=replace(record, adjustments=decided))


def small(problem: Problem, most: int) -> Problem:
    """Return the problem with so much less of a record that everything can be tried."""
    while problem.effort() > most:
        left = problem.record.achievements[:-1]
        problem = replace(problem, record=replace(problem.record, achievements=left))
    return problem


def described_apart(
    random: Random, catalogue: Catalogue, record: LearnerRecord, rules: Sequence[RuleEdition]
) -> tuple[Catalogue, LearnerRecord]:
    """Return both with some credentials described by the record instead of the catalogue.

    Not those that a `take` names: these have to be in the catalogue.
    """
    named = {
        name
        for rule in rules
        for root in roots_of(rule)
        for node in walk(root)
        if isinstance(node, Take)
        for name in node.credentials
    }
    free = [one for one in catalogue.credentials.values() if one.id not in {*named, *AWARDS}]
    moved = random.sample(free, k=min(len(free), random.choice((1, 2, 3))))
    left = {name: one for name, one in catalogue.credentials.items() if one not in moved}
    return replace(catalogue, credentials=left), replace(record, credentials=tuple(moved))


def make_policies(random: Random, features: frozenset[str]) -> Mapping[str, str]:
    """Return an answer to every option."""
    answers = {name: random.choice(options) for name, options in sorted(POLICIES.items())}
    return {
        **answers,
        "caps": "trim" if "trim" in features else "whole",
        "conversion": random.choice(("hours", "convention")),
        "grade_scale": "letter",
    }


def make_problems(
    seed: int, count: int, most: int = MOST_ALLOCATIONS, *, adjusted: bool = True
) -> Iterator[Problem]:
    """Yield problems; the n-th of a seed is always the same, whatever the others are."""
    randoms = (Random(f"{seed}/{number}") for number in range(count))
    return (make_problem(random, most, adjusted=adjusted) for random in randoms)
