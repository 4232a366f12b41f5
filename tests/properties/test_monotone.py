"""Earning more takes nothing away, unless the checker notes that the rule may do so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.language.checker_matches import Matches
from app.core.language.checker_monotone import check_monotone
from app.core.model.certificate import AnswerName
from app.core.model.requirement import Bound, Distinct, Qualifiers, walk
from tests.properties.asked import Levels, all_levels
from tests.properties.edits import as_catalogued, qualifiers_of, with_achievements, with_policy
from tests.properties.generator import make_problems
from tests.properties.problem import ANSWERS, Problem
from tests.properties.strategies import problems

ENOUGH = 6


def noted(problem: Problem) -> bool:
    """Say whether the checker notes something of any of the rules."""
    told = zip(problem.rules, problem.policies, strict=True)
    return any(
        True
        for rule, policies in told
        for _ in check_monotone(rule, Matches(problem.catalogue, rule.unit, policies))
    )


@given(problem=problems(), data=st.data())
def test_one_achievement_more_lowers_nothing_where_nothing_is_noted(
    problem: Problem, data: st.DataObject
) -> None:
    retakes = data.draw(st.sampled_from(("each", "best")))
    plain = with_policy(as_catalogued(problem), {"retakes": retakes})
    assume(plain.record.achievements and not noted(plain))
    left_out = data.draw(st.integers(0, len(plain.record.achievements) - 1))
    assert not lowered(all_levels(plain), all_levels(one_less(plain, left_out)))


def latest(said: Qualifiers) -> bool:
    """Say whether the latest of what counts is looked at."""
    return bool(said.last)


def over_record(said: Qualifiers) -> bool:
    """Say whether a floor or a breadth looks at the whole record."""
    several: tuple[Bound | Distinct, ...] = (*said.at_least, *said.distinct)
    return any(one.over_record for one in several)


LOOKING: Mapping[str, Callable[[Problem], bool]] = {
    "last": lambda problem: any(map(latest, qualifiers_of(problem))),
    "over the record": lambda problem: any(map(over_record, qualifiers_of(problem))),
    "order": lambda problem: any(node.after for rule in problem.rules for node in walk(rule.root)),
}


@pytest.mark.parametrize("construct", LOOKING)
def test_what_looks_at_days_or_at_the_record_and_is_not_noted_is_not_lowered(
    construct: str,
) -> None:
    tried = list(islice(unnoted(LOOKING[construct]), ENOUGH))
    assert len(tried) == ENOUGH
    for problem in tried:
        reached = all_levels(problem)
        for number in range(len(problem.record.achievements)):
            assert not lowered(reached, all_levels(one_less(problem, number)))


def unnoted(test: Callable[[Problem], bool]) -> Iterator[Problem]:
    """Yield problems with a construct, of whose rules the checker notes nothing."""
    for problem in make_problems(3, 1500, most=60, adjusted=False):
        plain = with_policy(as_catalogued(problem), {"retakes": "each"})
        if plain.record.achievements and test(plain) and not noted(plain):
            yield plain


def one_less(problem: Problem, number: int) -> Problem:
    """The problem without one of the achievements."""
    held = problem.record.achievements
    return with_achievements(problem, held[:number] + held[number + 1 :])


def lowered(more: Mapping[AnswerName, Levels], less: Mapping[AnswerName, Levels]) -> bool:
    """Say whether more reaches less in any of the answers, on the levels of the verdict."""
    return any(more[answer][:4] < less[answer][:4] for answer in ANSWERS)
