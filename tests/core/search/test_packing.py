"""Levels in as few exact sums as can be, and what a sum is made of."""

from __future__ import annotations

from itertools import product

import pytest

from app.core.engine.exact import LARGEST
from app.core.search.packing import packs, parted, weights


@pytest.mark.parametrize(
    ("tops", "found"),
    [
        ([], []),
        ([3, 4, 5], [range(3)]),
        ([LARGEST - 1, 1, 1], [range(1), range(1, 3)]),
        ([1, LARGEST // 2 - 1, 1], [range(2), range(2, 3)]),
        # What is too large by itself has a sum of its own, exact or not.
        ([LARGEST, LARGEST], [range(1), range(1, 2)]),
    ],
)
def test_a_pack_takes_as_many_levels_as_stay_exact(tops: list[int], found: list[range]) -> None:
    assert packs(tops) == found


def test_a_sum_tells_its_levels_and_is_in_their_order() -> None:
    tops = [2, 0, 3]
    every = [*product(*(range(top + 1) for top in tops))]
    sums = [sum(map(int.__mul__, weights(tops), one)) for one in every]
    assert sums == sorted(set(sums))
    assert [tuple(parted(tops, one)) for one in sums] == every
