"""The checker accepts what the engine certifies."""

from __future__ import annotations

from hypothesis import given

from tests.properties.asked import rejected
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems())
def test_every_certificate_is_accepted(problem: Problem) -> None:
    assert rejected(problem) == ()
