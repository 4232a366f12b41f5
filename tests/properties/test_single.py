"""A single change is told where a whole audit of the changed record is complete, and only there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import decide
from app.core.model.errors import AuditError
from app.core.model.record import Achievement, LearnerRecord
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


def named(found: Sequence[SingleChange], kind: Kind) -> set[str]:
    return {one.credential or "" for one in found if one.kind == kind}


@pytest.mark.parametrize("seed", range(3))
def test_each_credential_that_completes_is_told_and_no_other(seed: int) -> None:
    some = 0
    for awards, record in asked(seed):
        found = single_changes(awards, record, AS_OF).changes
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
        told = {one.achievement for one in found.changes if one.kind == "leave-out"}
        assert told == {name for name, less in without.items() if met(awards, less)}


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_lowest_better_grade_that_completes_is_told(seed: int) -> None:
    some = 0
    for awards, record in asked(seed):
        found = single_changes(awards, record, AS_OF)
        told = {one.achievement: one.grade for one in found.changes if one.kind == "grade"}
        for one in record.achievements:
            ranks = enough(awards, record, one)
            assert (one.id in told) == bool(ranks)
            if ranks:
                scale = awards[0].terms.scale
                assert scale is not None
                assert scale.grades[told[one.id]].rank == min(ranks)
                some += 1
    assert some


def enough(awards: list[CompiledAward], record: LearnerRecord, one: Achievement) -> set[int]:
    """Return the ranks of the better grades with which awards are complete."""
    scales = {award.terms.scale.name: award.terms.scale for award in awards if award.terms.scale}
    if len(scales) != 1 or one.status not in {"earned", "failed"}:
        return set()
    (scale,) = scales.values()
    found = set()
    for grade in scale.grades.values():
        if grade.passes and (not one.grade or grade.rank > scale.grades[one.grade].rank):
            own = replace(one, status="earned", grade=grade.symbol)
            others = tuple(own if other.id == own.id else other for other in record.achievements)
            if met(awards, replace(record, achievements=others)):
                found.add(grade.rank)
    return found
