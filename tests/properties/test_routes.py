"""The best route keeps to all that binds it, and no other way over the terms is better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, Achievement, LearnerRecord
from app.core.search.offers import offers_of
from app.core.search.route_request import OBJECTIVES, Load, RouteRequest
from app.core.search.routes import find_routes
from tests.core.search.offering import left_of
from tests.core.search.routing import TERMS, Question, best, broken, value, ways_of
from tests.properties.asked import compiled
from tests.properties.generator import make_problems
from tests.properties.worlds import AS_OF

ANY_SIZE = 10**30
TRIED = 30
OFFERS = 3


def questions(seed: int) -> Iterator[Question]:
    """Yield awards with a learner who has begun, a few offers, and two terms with limits."""
    for number, problem in enumerate(make_problems(seed, TRIED, most=ANY_SIZE)):
        counting = [one for one in problem.record.achievements if one.status in COUNTING]
        record = replace(problem.record, achievements=tuple(counting[:-2]))
        try:
            awards = compiled(problem)
        except AuditError:
            continue
        yield asked_of(Random(f"{seed}/{number}"), awards[0], record, counting[-2:])


def asked_of(
    random: Random, award: CompiledAward, record: LearnerRecord, undone: Sequence[Achievement]
) -> Question:
    """A question with few offers, among them what the learner would have gone on with."""
    known = award.terms.catalogue
    left = left_of(offers_of(award), record)
    random.shuffle(left)
    names = sorted(left, key=lambda name: all(name != one.credential for one in undone))[:OFFERS]
    there = {one.credential for one in record.achievements}
    few = {name: one for name, one in known.credentials.items() if name in {*names, *there}}
    most = max((few[name].credits for name in names), default=0)
    request = RouteRequest(
        terms=TERMS[:2],
        loads=(Load("credits", (most, 2 * most)), Load("credentials", (2, 2))),
        offered={name: frozenset({random.choice((0, 1))}) for name in names[:1]},
        only=frozenset(names),
        costs={name: random.choice((10, 20, 35)) for name in names},
        objectives=tuple(random.sample(OBJECTIVES, k=random.choice((1, 2)))),
    )
    return Question(award, replace(known, credentials=few), record, request, AS_OF)


@pytest.mark.parametrize("seed", range(2))
def test_no_way_to_spread_what_is_offered_is_better(seed: int) -> None:
    found_some = found_none = 0
    for asked in questions(seed):
        try:
            found = find_routes([asked.award], asked.who, asked.request, asked.as_of)
        except AuditError:
            continue
        # Steps without credit are taken as done, which no audit of the tests does.
        if found.besides or found.status == "open":
            continue
        least = best(asked, ways_of(asked))
        if found.status == "impossible":
            assert least is None, asked
            found_none += 1
            continue
        (route,) = found.routes
        assert broken(asked, route.steps) == set()
        assert least is not None
        told = tuple(route.figures[one] for one in asked.request.objectives)
        assert told == value(asked, route.steps)
        assert told == least if route.proven else told >= least, asked
        found_some += bool(route.steps) and route.proven
    assert found_some > TRIED // 20
    assert found_none > TRIED // 20
