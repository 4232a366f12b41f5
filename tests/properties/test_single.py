"""A single change is told where a whole audit of the changed record is complete, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import decide
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from app.core.search.offers import beside, offers_of
from app.core.search.single import UNFINISHED, Kind, SingleChange, complete, single_changes
from tests.properties.asked import compiled
from tests.properties.generator import make_problems
from tests.properties.problem import Problem
from tests.properties.worlds import AS_OF

TRIED = 60


def asked(seed: int) -> Iterator[tuple[list[CompiledAward], LearnerRecord]]:
    for problem in make_problems(seed, TRIED):
        yield from questions(problem)


def questions(problem: Problem) -> Iterator[tuple[list[CompiledAward], LearnerRecord]]:
    """Yield awards that a record, or one without its last achievement, does not complete."""
    achievements = problem.record.achievements
    for count in {len(achievements), max(len(achievements) - 1, 0)}:
        record = replace(problem.record, achievements=achievements[:count])
        try:
            awards = list(compiled(problem))
            if not complete(awards, record, AS_OF):
                yield awards, record
        except AuditError:
            continue


def met(awards: list[CompiledAward], record: LearnerRecord) -> bool:
    try:
        return all(one.met for one in decide(awards, record, AS_OF).now.standings)
    except AuditError:
        return False


def named(found: list[SingleChange], kind: Kind) -> set[str]:
    return {one.credential or "" for one in found if one.kind == kind}


@pytest.mark.parametrize("seed", range(3))
def test_each_credential_that_completes_is_told_and_no_other(seed: int) -> None:
    some = 0
    for awards, record in asked(seed):
        found = single_changes(awards, record, AS_OF)
        begun = {one.credential for one in record.achievements if one.status in UNFINISHED}
        offers = frozenset().union(*map(offers_of, awards)) - begun
        does = {one for one in offers if met(awards, beside(record, [one], awards, AS_OF))}
        assert named(found, "take") == does
        some += bool(does)
    assert some


@pytest.mark.parametrize("seed", range(3))
def test_each_achievement_without_which_it_is_complete_is_told(seed: int) -> None:
    for awards, record in asked(seed):
        found = single_changes(awards, record, AS_OF)
        every = record.achievements
        without = {
            one.id: replace(record, achievements=tuple(o for o in every if o.id != one.id))
            for one in every
        }
        told = {one.achievement for one in found if one.kind == "leave-out"}
        assert told == {name for name, less in without.items() if met(awards, less)}


@pytest.mark.parametrize("seed", range(3))
def test_a_told_grade_completes_and_none_below_it(seed: int) -> None:
    for awards, record in asked(seed):
        for one in single_changes(awards, record, AS_OF):
            if one.kind != "grade":
                continue
            scale = awards[0].terms.scale
            assert scale is not None
            (was,) = [own for own in record.achievements if own.id == one.achievement]
            for grade in scale.grades.values():
                own = replace(was, status="earned", grade=grade.symbol)
                others = [own if o.id == own.id else o for o in record.achievements]
                does = met(awards, replace(record, achievements=tuple(others)))
                below = grade.rank < scale.grades[one.grade].rank
                above = not was.grade or grade.rank > scale.grades[was.grade].rank
                if grade.symbol == one.grade or (below and above and grade.passes):
                    assert does is (grade.symbol == one.grade)
