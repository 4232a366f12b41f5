"""Problems for hypothesis."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from tests.properties.generator import make_problem
from tests.properties.problem import Problem


def problems(most: int = 200, *, adjusted: bool = False) -> st.SearchStrategy[Problem]:
    """Return problems of which the oracle has to look at no more than `most` allocations.

    Half are drawn by hypothesis, which likes extremes and shrinks what fails; half by a seed, which
    makes problems where much is possible. Some are `adjusted`, where that is asked for: laws over
    other rules or records change what adjustments name.
    """
    drawn = st.randoms(use_true_random=False)
    seeded = st.integers(0, 2**32).map(Random)
    return st.one_of(drawn, seeded).map(
        lambda random: make_problem(random, most, adjusted=adjusted)
    )
