"""Times and percentiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TypeVar

Given = TypeVar("Given")


def milliseconds(
    run: Callable[[Given], object], inputs: Sequence[Given], rounds: int = 3
) -> list[float]:
    """Return the time of each run, sorted; the first round warms up and is left out."""
    for one in inputs:
        run(one)
    times = []
    for _ in range(rounds):
        for one in inputs:
            start = perf_counter()
            run(one)
            times.append((perf_counter() - start) * 1000)
    return sorted(times)


def at(times: Sequence[float], percent: float) -> float:
    """Return a percentile of sorted times."""
    return times[min(len(times) - 1, int(len(times) * percent / 100))]
