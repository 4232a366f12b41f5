"""Reach, delay and ladders against plain searches over small graphs, rounds among them."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph import measures
from app.core.graph.columns import Columns
from app.core.graph.measures import Ladders, delays, reach
from app.core.graph.order import Order

SIZE = 5
links = st.lists(st.lists(st.integers(0, SIZE - 1), unique=True), min_size=SIZE, max_size=SIZE)
downward = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(
        lambda one: one[0] < one[1]
    )
)


def reached(graph: list[list[int]], node: int) -> set[int]:
    """What a node leads to, by a plain search."""
    found: set[int] = set()
    waiting = [*graph[node]]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += graph[at]
    return found


@given(links)
def test_parts_are_the_rounds_and_come_after_what_they_lead_to(graph: list[list[int]]) -> None:
    order = Order.of(graph)
    assert sorted(node for part in order.parts for node in part) == list(range(SIZE))
    ahead = [reached(graph, node) | {node} for node in range(SIZE)]
    for one in range(SIZE):
        for other in range(SIZE):
            together = one in ahead[other] and other in ahead[one]
            assert (order.place[one] == order.place[other]) is together
    assert all(head < at for at, heads in enumerate(order.heads) for head in heads)


@given(links, st.sets(st.integers(0, SIZE - 1)), st.integers(1, SIZE))
def test_reach_is_how_many_a_search_finds(
    graph: list[list[int]], wanted: set[int], block: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measures, "BLOCK", block)
        found = reach(Order.of(graph), wanted)
    assert list(found) == [len((reached(graph, at) & wanted) - {at}) for at in range(SIZE)]


@given(downward)
def test_a_delay_is_the_longest_path_through_a_node(pairs: list[tuple[int, int]]) -> None:
    graph = [[high for low, high in pairs if low == node] for node in range(SIZE)]
    longest = [0] * SIZE
    for length in range(1, SIZE + 1):
        for path in permutations(range(SIZE), length):
            if all(high in graph[low] for low, high in pairwise(path)):
                for node in path:
                    longest[node] = length
    assert list(delays(Order.of(graph))) == longest


def test_a_round_is_one_step_of_a_path() -> None:
    order = Order.of([[1], [2], [1, 3], [], [1]])
    assert delays(order) == (3, 3, 3, 3, 3)
    ladders = Ladders.of(order)
    assert [ladders.to(top) for top in ladders.tops()] == [(0, 1, 3)]


def test_a_long_chain_takes_no_recursion() -> None:
    order = Order.of([[*range(at + 1, min(at + 2, 5000))] for at in range(5000)])
    assert set(delays(order)) == {5000}
    assert reach(order, range(5000)) == tuple(range(4999, -1, -1))


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(1, 20))), st.integers(0, 60))
def test_columns_are_summed(rows: list[tuple[int, int]], bound: int) -> None:
    sums = Columns()
    for row, weight in rows:
        sums.add(row, weight)
    plain = [sum(weight for row, weight in rows if row >> at & 1) for at in range(8)]
    assert dict(sums.sums()) == {at: total for at, total in enumerate(plain) if total}
    assert sums.above(bound) == sum(1 << at for at, total in enumerate(plain) if total > bound)
