"""The combinations of a rule are the sets that meet it while no smaller one does: all of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.engine.compile import compile_rule
from app.core.model.credential import Credential, CredentialId
from app.core.search.combinations import ALL, all_done, combinations_of
from app.core.search.completion import Asked
from app.core.search.layout import UncountableError
from app.core.search.offers import offers_of
from app.services.combining import find
from app.services.errors import ServiceError
from app.services.measures import PRICE, Stated, stated_costs
from app.services.ranking import ranked, stating
from tests.properties.problem import Problem
from tests.properties.strategies import problems

MOST_TRIED = 8
"""Of so many credentials every subset is tried."""
MOST_SORTED = 2000
COMPARED: tuple[Stated, ...] = ("cost", "time")
MOSTLY = 0.8


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


@given(problem=problems(), random=st.randoms(use_true_random=False), by=st.sampled_from(COMPARED))
def test_the_cheapest_and_the_shortest_are_the_first_of_all_in_order(
    problem: Problem, random: Random, by: Stated
) -> None:
    credentials = {
        name: stated_by_chance(one, random) for name, one in problem.catalogue.credentials.items()
    }
    catalogue = replace(problem.catalogue, credentials=credentials)
    award = compile_rule(problem.rules[0], catalogue, problem.policies[0])
    costs = stated_costs(credentials.values(), by)
    try:
        every = find(award, problem.as_of, ALL)
        found = find(award, problem.as_of, stating(award, by, ALL))
    except ServiceError:
        assume(False)
    assume(every.exact and every.count <= MOST_SORTED)
    listed = every.page(0, every.count)
    known = [one for one in listed if costs.keys() >= {*one}]
    for most in (1, 3, 100):
        told = ranked(found, problem.as_of, by, most, None).page.items
        assert {one.credentials for one in told} <= {*known}
        assert len({one.credentials for one in told}) == len(told)
        assert [one.stated[by] for one in told] == sorted(
            sum(costs[name] for name in one) for one in known
        )[:most]


def stated_by_chance(credential: Credential, random: Random) -> Credential:
    """A credential that states a price and hours, or one of both, or neither."""
    price = {PRICE: random.randrange(5)} if random.random() < MOSTLY else {}
    hours = f"{random.randrange(5)} hours" if random.random() < MOSTLY else ""
    attributes = {**credential.attributes, **price}
    return replace(credential, attributes=attributes, workload=hours)
