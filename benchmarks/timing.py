"""Times and percentiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from time import perf_counter
from typing import NamedTuple, TypeVar

Given = TypeVar("Given")


class Times(NamedTuple):
    """Milliseconds, sorted: every run, and the best of each input, free of what disturbed it."""

    every: list[float]
    best: list[float]


def milliseconds(
    runs: Mapping[str, Callable[[Given], object]], inputs: Sequence[Given], rounds: int = 10
) -> dict[str, Times]:
    """Return the times of each run by name; the first round warms up and is left out.

    The runs take turns, so that a machine's better and worse moments meet all of them.
    """
    times: dict[str, list[list[float]]] = {name: [[] for _ in inputs] for name in runs}
    for lap in range(rounds + 1):
        for name, run in runs.items():
            for own, one in zip(times[name], inputs, strict=True):
                start = perf_counter()
                run(one)
                if lap:
                    own.append((perf_counter() - start) * 1000)
    return {
        name: Times(sorted(chain.from_iterable(own)), sorted(map(min, own)))
        for name, own in times.items()
    }


def at(times: Sequence[float], percent: float) -> float:
    """Return a percentile of sorted times."""
    return times[min(len(times) - 1, int(len(times) * percent / 100))]
