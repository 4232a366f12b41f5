"""The best completion costs what the cheapest of all subsets of the offers costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from app.core.search.completion import Asked, Cost
from app.core.search.offers import offers_of
from tests.core.search.offering import left_of
from tests.properties.asked import compiled
from tests.properties.generator import make_problems
from tests.properties.worlds import AS_OF

ANY_SIZE = 10**30
TRIED = 60
Question = tuple[CompiledAward, LearnerRecord]


def asked(seed: int) -> Iterator[Question]:
    """Yield awards, each with a learner who has only begun."""
    for problem in make_problems(seed, TRIED, most=ANY_SIZE):
        record = replace(problem.record, achievements=problem.record.achievements[:2])
        try:
            yield from ((award, record) for award in compiled(problem))
        except AuditError:
            continue


def costs_of(award: CompiledAward, names: Sequence[CredentialId]) -> list[Cost]:
    listing = award.listing
    credits: Cost = {name: listing.sizes[listing.place[name]] for name in names}
    return [credits, dict.fromkeys(names, 1)]


def subsets(names: Sequence[CredentialId]) -> Iterator[tuple[CredentialId, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def told(costs: Sequence[Cost], names: Sequence[CredentialId]) -> tuple[int, ...]:
    return tuple(sum(one[name] for name in names) for one in costs)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_costs_less_than_the_best_completion(seed: int) -> None:
    found_some = found_none = 0
    for award, record in asked(seed):
        names = left_of(offers_of(award), record)
        costs = costs_of(award, names)
        by_cost = sorted(subsets(names), key=lambda some: told(costs, some))
        try:
            found = Asked([award], record, AS_OF).completion(names, costs)
            enough = (some for some in by_cost if Asked([award], record, AS_OF).met(some))
            best = next(enough, None)
        except AuditError:
            continue
        if found.credentials is not None:
            assert Asked([award], record, AS_OF).met(found.credentials)
            assert found.costs == told(costs, found.credentials)
            assert best is not None
            assert found.least <= told(costs, best) <= found.costs
        if found.proven:
            assert (best is None) is (found.credentials is None), (award.rule, record)
            assert best is None or found.costs == told(costs, best), (award.rule, record)
        found_some += bool(found.proven and found.credentials)
        found_none += found.proven and found.credentials is None
    assert found_some > TRIED // 10
    assert found_none > TRIED // 20
