"""What an award cannot tell apart in a record, or what can only be of use to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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


class Grades:
    """The grades that awards tell apart, looked for in their rules once."""

    def __init__(self, awards: Sequence[CompiledAward], record: LearnerRecord) -> None:
        """Look at the rules of awards, for a record."""
        self._scale = one_scale(awards)
        self._attempts = Counter(one.credential for one in record.achievements)
        self._all = any(tells_apart(award, record) or any(_values(award.rule)) for award in awards)
        self._steps: frozenset[int] = frozenset()
        if self._scale is not None:
            self._steps = self._steps.union(*(_steps(one.rule, self._scale) for one in awards))

    def better(self, one: Achievement) -> list[str]:
        """Return the grades that pass and are above an achievement's, lowest first.

        Of those that the awards cannot tell apart only the lowest.
        """
        if self._scale is None:
            return []
        has = self._scale.get(one.grade) if one.grade else None
        passing = [own for own in self._scale.grades.values() if own.passes]
        above = [own for own in passing if has is None or own.rank > has.rank]
        above.sort(key=lambda own: (own.rank, own.points is None))
        if self._all or self._attempts[one.credential] > 1:
            return [own.symbol for own in above]
        least = has.rank if has is not None and one.status == "earned" else None
        found: list[str] = []
        for own in above:
            if least is None or any(least < step <= own.rank for step in self._steps):
                found.append(own.symbol)
            least = own.rank
        return found


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
