"""What an award cannot tell apart in a record, or what can only be of use to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.core.engine.compiled import CompiledAward
from app.core.language.checker_matches import Matches
from app.core.language.checker_monotone import check_monotone
from app.core.language.checker_places import said, stands, tests_in, uses
from app.core.model.grade import GradeScale
from app.core.model.record import Achievement, LearnerRecord
from app.core.model.requirement import From
from app.core.model.rule import RuleEdition
from app.core.model.selector import GradeTest, OneOf
from app.core.search.alike import tells_apart
from app.core.search.offers import one_scale


def only_grows(award: CompiledAward, record: LearnerRecord) -> bool:
    """Say whether having more earned can take nothing away from an award (docs/solver.md §8).

    Of several attempts the one that stands for them may state what another one does not.
    """
    rule, terms = award.rule, award.terms
    names = [one.credential for one in record.achievements]
    replaced = len(set(names)) < len(names) and award.policies.get("retakes", "each") != "each"
    if replaced or tells_apart(award, record):
        return False
    return not any(check_monotone(rule, Matches(terms.catalogue, rule.unit, award.policies)))


def better_grades(
    awards: Sequence[CompiledAward], record: LearnerRecord, one: Achievement
) -> list[str]:
    """Return the grades that pass and are above an achievement's, lowest first.

    Of those that the awards cannot tell apart only the lowest.
    """
    scale = one_scale(awards)
    if scale is None:
        return []
    has = scale.get(one.grade) if one.grade else None
    passing = [own for own in scale.grades.values() if own.passes]
    above = [own for own in passing if has is None or own.rank > has.rank]
    above.sort(key=lambda own: (own.rank, own.points is None))
    if _compared(awards, record, one):
        return [own.symbol for own in above]
    steps = frozenset().union(*(_steps(award.rule, scale) for award in awards))
    least = has.rank if has is not None and one.status == "earned" else None
    ranks = [least, *[own.rank for own in above]]
    return [
        own.symbol
        for own, (before, after) in zip(above, pairwise(ranks), strict=True)
        if before is None or any(before < step <= after for step in steps if after is not None)
    ]


def _compared(awards: Sequence[CompiledAward], record: LearnerRecord, one: Achievement) -> bool:
    """Say whether any two grades of an achievement may be told apart."""
    attempts = [own for own in record.achievements if own.credential == one.credential]
    return len(attempts) > 1 or any(
        tells_apart(award, record) or any(_values(award.rule)) for award in awards
    )


def _values(rule: RuleEdition) -> Iterator[bool]:
    """Say of each part of a rule whether it looks at what a grade is, not at where it stands."""
    for use in uses(rule):
        for test in tests_in(use.selector):
            yield isinstance(test, OneOf) and test.key == "grade"
    for here in said(rule):
        yield any(one.low is not None for one in here.qualifiers.averages)
        yield any(one.by == "grade" for one in here.qualifiers.distinct)
    for stand in stands(rule):
        yield isinstance(stand.node, From) and stand.node.quantity.by == "grade"


def _steps(rule: RuleEdition, scale: GradeScale) -> set[int]:
    """The ranks from which on a test of a grade comes out otherwise than below."""
    found: set[int] = set()
    tests = [test for use in uses(rule) for test in tests_in(use.selector)]
    for test in tests:
        if isinstance(test, GradeTest):
            low, high = (scale.get(own) if own else None for own in (test.low, test.high))
            found |= {own for own in (low and low.rank, high and high.rank + 1) if own}
    return found
