"""The engine says what trying every allocation says."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.core.engine import small
from tests.properties.asked import unequal, unproven
from tests.properties.generator import make_problems
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True))
def test_the_engine_equals_the_oracle(problem: Problem) -> None:
    assert not unequal(problem)
    assert not unproven(problem)


@pytest.mark.parametrize("seed", range(8))
def test_the_engine_equals_the_oracle_on_problems_as_large_as_can_be_tried(seed: int) -> None:
    assert [found for problem in make_problems(seed, 40) for found in unequal(problem)] == []


@pytest.mark.parametrize("seed", range(8, 12))
def test_the_exact_path_equals_the_oracle_where_nothing_is_tried_out_before(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "MOST_LOOKS", 0)
    assert [found for problem in make_problems(seed, 40) for found in unequal(problem)] == []
