"""A what-if without a change differs in nothing."""

from __future__ import annotations

from hypothesis import given

from app.core.explain.difference import difference
from tests.properties.asked import audited
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True))
def test_nothing_changes_where_nothing_was_changed(problem: Problem) -> None:
    for before, after in zip(audited(problem), audited(problem), strict=True):
        assert after == before
        found = difference(before, after)
        assert (found.gained, found.requirements, found.placements, found.text) == (0, (), (), "")
