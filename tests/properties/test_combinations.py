"""The combinations of a rule are the sets that meet it while no smaller one does: all of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import assume, given

from app.core.engine.compile import compile_rule
from app.core.model.credential import CredentialId
from app.core.search.combinations import all_done, combinations_of
from app.core.search.completion import Asked
from app.core.search.layout import UncountableError
from app.core.search.offers import offers_of
from tests.properties.problem import Problem
from tests.properties.strategies import problems

MOST_TRIED = 8
"""Of so many credentials every subset is tried."""


@given(problem=problems())
def test_what_is_counted_is_what_trying_every_set_finds(problem: Problem) -> None:
    award = compile_rule(problem.rules[0], problem.catalogue, problem.policies[0])
    # What has to come later, or last, is taken to: an audit of one day alone would not.
    ordered = award.orders or award.windows or any(one.kind == "latest" for one in award.conditions)
    names = sorted(offers_of(award))
    assume(not ordered and len(names) <= MOST_TRIED)
    who = replace(problem.record, credentials=(), achievements=())
    try:
        found = combinations_of(award, problem.as_of, learner=who)
    except UncountableError:
        assume(False)
    done = all_done(award, who, problem.as_of)
    least: list[set[CredentialId]] = []
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            smaller = any(one <= {*some} for one in least)
            if not smaller and Asked([award], done, problem.as_of).met(some):
                least.append({*some})
    assert found.exact
    assert found.count == len(least)
    assert sorted(found.page(0, found.count)) == sorted(tuple(sorted(one)) for one in least)
