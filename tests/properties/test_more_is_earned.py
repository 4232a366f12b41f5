"""What is earned takes nothing away, and what nothing asks for changes nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.engine.certify import certify
from app.core.model.credential import CredentialId
from app.core.model.record import Achievement, AchievementId
from app.core.model.requirement import Qualifiers
from tests.oracle.facts import asked_for
from tests.oracle.sheet import Sheet
from tests.properties.asked import all_levels, decided
from tests.properties.edits import with_achievements, with_policy, with_qualifiers
from tests.properties.problem import Problem
from tests.properties.strategies import problems
from tests.properties.test_later_answers import monotone


@given(problem=problems(), number=st.integers(0, 9))
def test_earning_more_lowers_nothing(problem: Problem, number: int) -> None:
    # By circumstance a rule may well ask more of who holds more.
    one_rule = with_policy(problem.for_learner(), {"retakes": "each"})
    more = with_qualifiers(one_rule, monotone)
    achievements = problem.record.achievements
    assume(achievements)
    left_out = achievements[number % len(achievements)]
    less = with_achievements(more, tuple(one for one in achievements if one is not left_out))
    before, after = all_levels(less), all_levels(more)
    assert all(after[answer][:4] >= before[answer][:4] for answer in before)


@given(problem=problems(), number=st.integers(0, 9))
def test_what_nothing_asks_for_changes_nothing(problem: Problem, number: int) -> None:
    # Over the record, whatever is there is seen.
    counted = with_qualifiers(problem.for_learner(), on_what_counts)
    several = [name for name in problem.catalogue.credentials if unasked(counted, name)]
    assume(several)
    one = added(several[number % len(several)])
    more = with_achievements(counted, (*counted.record.achievements, one))
    assert certify(decided(more)) == certify(decided(counted))


def added(credential: CredentialId) -> Achievement:
    """An achievement with little to it."""
    return Achievement(id=AchievementId("more"), credential=credential)


def unasked(problem: Problem, credential: CredentialId) -> bool:
    """Say whether the record has none of a credential, and no leaf asks for it by any grade."""
    if any(one.credential == credential for one in problem.record.achievements):
        return False
    return not any(is_asked_for(sheet, credential) for sheet in problem.sheets("now"))


def is_asked_for(sheet: Sheet, credential: CredentialId) -> bool:
    """Say whether a leaf of an award asks for a credential."""
    one = added(credential)
    return any(asked_for(sheet.view, leaf, one, graded=False) for leaf in sheet.leaves.values())


def on_what_counts(said: Qualifiers) -> Qualifiers:
    """What is said, without what looks at more than what counts."""
    return replace(
        said,
        at_least=tuple(bound for bound in said.at_least if not bound.over_record),
        at_most=tuple(bound for bound in said.at_most if not bound.over_record),
        averages=tuple(each for each in said.averages if not each.over_record),
        each=tuple(each for each in said.each if not each.over_record),
        distinct=tuple(each for each in said.distinct if not each.over_record),
        windows=tuple(each for each in said.windows if not each.over_record),
    )
