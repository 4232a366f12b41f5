"""What covers a need, against all subsets of the offers."""

from __future__ import annotations

from itertools import combinations
from random import Random

from app.core.search import covering
from app.core.search.covering import Cover, Offer

NEEDS = range(0, 60, 7)


def drawn(random: Random) -> list[Offer]:
    """Some offers, no size among them too small to be of use."""
    return [
        Offer(random.choice((0, 5, 10, 12, 20)), random.randint(1, 30), at)
        for at in range(random.randint(0, 7))
    ]


def cheapest(offers: list[Offer], need: int) -> int | None:
    every = (some for count in range(len(offers) + 1) for some in combinations(offers, count))
    enough = (some for some in every if sum(one.size for one in some) >= need)
    return min((sum(one.price for one in some) for some in enough), default=None)


def test_a_need_is_covered_at_the_lowest_price() -> None:
    random = Random(1)
    for _ in range(60):
        offers = drawn(random)
        by_at = {one.at: one for one in offers}
        cover = Cover.of(offers, max(NEEDS))
        told = Cover.of(offers, max(NEEDS), choosing=False)
        for need in NEEDS:
            price = cover.price(need)
            assert price == told.price(need) == cheapest(offers, need)
            if price is not None:
                taken = [by_at[at] for at in cover.taken(need)]
                assert sum(one.size for one in taken) >= need
                assert sum(one.price for one in taken) == price


def test_what_is_too_much_for_a_table_is_bounded_from_below() -> None:
    offers = [Offer(997 + at, 100 + at % 7, at) for at in range(200)]
    most = 80_000
    cover = Cover.of(offers, most)
    assert not cover.exact
    assert most * 200 > covering.MOST_STEPS
    price, taken = cover.price(most), {one.at: one for one in offers}
    chosen = [taken[at] for at in cover.taken(most)]
    assert sum(one.size for one in chosen) >= most
    assert price is not None
    assert price <= sum(one.price for one in chosen) <= price + 200
    assert cover.price(10**9) is None
