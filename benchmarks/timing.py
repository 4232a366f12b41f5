"""Times and percentiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import TypeVar

Given = TypeVar("Given")


def milliseconds(
    runs: Mapping[str, Callable[[Given], object]], inputs: Sequence[Given], rounds: int = 5
) -> dict[str, list[float]]:
    """Return the times of each run by name, sorted; the first round warms up and is left out.

    The runs take turns, so that a machine's better and worse moments meet all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    for lap in range(rounds + 1):
        for name, run in runs.items():
            for one in inputs:
                start = perf_counter()
                run(one)
                if lap:
                    times[name].append((perf_counter() - start) * 1000)
    return {name: sorted(own) for name, own in times.items()}


def at(times: Sequence[float], percent: float) -> float:
    """Return a percentile of sorted times."""
    return times[min(len(times) - 1, int(len(times) * percent / 100))]
