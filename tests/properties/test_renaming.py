"""Names mean nothing: a problem with other ids has the same certificate under those ids."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given

from app.core.engine.certify import certify
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    Qualifiers,
    Window,
    walk,
)
from tests.properties.asked import all_levels, decided
from tests.properties.edits import qualifiers_of
from tests.properties.kept import Plain, from_plain, to_plain
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True))
def test_other_ids_change_no_verdict_and_no_placement(problem: Problem) -> None:
    # What is equally good is chosen by the ids of achievements, so that these keep their order.
    names = {name: f"z-{name}" for name in ids_of(problem)}
    other = from_plain(renamed(to_plain(problem), names))
    assert isinstance(other, Problem)
    assert other != problem
    assert all_levels(other) == all_levels(problem)
    before, after = certify(decided(problem)), certify(decided(other))
    assert to_plain(after) == renamed(to_plain(before), names)


def ids_of(problem: Problem) -> set[str]:
    """The ids of requirements, of what is said of them, and of achievements."""
    requirements = {node.id for rule in problem.rules for node in walk(rule.root)}
    said = {one.id for qualifiers in qualifiers_of(problem) for one in with_ids(qualifiers)}
    lists = {exclusion.id for rule in problem.rules for exclusion in rule.excludes}
    achievements = {one.id for one in problem.record.achievements}
    return {*requirements, *said, *lists, *achievements}


def with_ids(
    said: Qualifiers,
) -> Iterator[Bound | Distinct | Average | Each | Window]:
    """What is said that has an id."""
    for several in (said.at_least, said.at_most, *(one.at_least for one in said.last)):
        yield from several
    yield from said.distinct
    yield from said.averages
    yield from said.each
    yield from said.windows


def renamed(plain: Plain, names: dict[str, str]) -> Plain:
    """The same with other names."""
    if isinstance(plain, str):
        return names.get(plain, plain)
    if isinstance(plain, list):
        return [renamed(each, names) for each in plain]
    if isinstance(plain, dict):
        return {key: renamed(each, names) for key, each in plain.items()}
    return plain
