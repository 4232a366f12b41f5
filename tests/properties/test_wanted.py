"""What is wanted beside the rules: heeded as far as it can be, and never at the rules' cost."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core.engine.certify import certify
from app.core.model.wish import Wanted
from tests.properties.asked import decided, heeds_otherwise, mispriced, rejected
from tests.properties.generator import make_problem
from tests.properties.problem import Problem
from tests.properties.strategies import problems
from tests.properties.wanting import make_wanted

SEEDS = st.integers(0, 2**32)


def wanting(seed: int, *, forced: bool) -> Problem:
    """A problem of which something is wanted."""
    random = Random(seed)
    problem = make_problem(random, 200)
    return replace(problem, wanted=make_wanted(random, problem, forced=forced))


@given(seed=SEEDS)
def test_wishes_and_what_was_shown_are_heeded_as_far_as_can_be(seed: int) -> None:
    assert heeds_otherwise(wanting(seed, forced=False)) == []


@given(seed=SEEDS)
def test_what_is_forced_counts_there_or_cannot(seed: int) -> None:
    assert heeds_otherwise(wanting(seed, forced=True)) == []


@given(seed=SEEDS, forced=st.booleans())
def test_the_checker_accepts_what_is_told_of_wishes(seed: int, forced: bool) -> None:
    assert rejected(wanting(seed, forced=forced)) == ()


@given(seed=SEEDS)
def test_a_price_is_the_progress_that_is_lost_by_a_move_that_can_be(seed: int) -> None:
    assert mispriced(wanting(seed, forced=True)) == []


@given(problem=problems(adjusted=True))
def test_an_audit_that_is_given_its_own_placement_returns_it(problem: Problem) -> None:
    first = certify(decided(problem))
    again = decided(replace(problem, wanted=Wanted(earlier=first)))
    assert [part.placements for part in certify(again).parts] == [
        part.placements for part in first.parts
    ]


@given(problem=problems(adjusted=True))
def test_where_nothing_is_wanted_nothing_changes(problem: Problem) -> None:
    asked = decided(replace(problem, wanted=Wanted()))
    assert certify(asked) == certify(decided(problem))
