"""Admission, gates and effects on other awards are told as the oracle has them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core.engine.certify import certify
from tests.properties.asked import besides, decided
from tests.properties.edits import with_rules
from tests.properties.generator import make_problem, make_problems
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True))
def test_what_stands_beside_a_rule_is_what_the_oracle_says(problem: Problem) -> None:
    assert besides(problem, decided(problem)) == []


def test_what_stands_beside_a_rule_is_what_the_oracle_says_of_many() -> None:
    several = [one for one in make_problems(5, 300, most=200) if has_some_beside(one)]
    assert len(several) > 50
    assert [found for one in several for found in besides(one, decided(one))] == []


@given(seed=st.integers(0, 2**32))
def test_what_stands_beside_a_rule_changes_nothing_of_it(seed: int) -> None:
    problem = make_problem(Random(seed), 200, adjusted=False)
    bare = with_rules(problem, lambda rule: replace(rule, admission=None, gates=(), on_award=()))
    assert certify(decided(problem)) == certify(decided(bare))


def has_some_beside(problem: Problem) -> bool:
    """Say whether anything stands beside a rule of a problem."""
    return any(rule.admission or rule.gates or rule.on_award for rule in problem.rules)
