"""The problems reach what the laws are about: each construct decides answers."""

from __future__ import annotations

from collections import Counter

from tests.properties.constructs import DECIDING, decides
from tests.properties.numbered import numbered
from tests.properties.sightings import SEEN, seen

TRIED, OFTEN = 3000, 3


def test_every_construct_decides_some_answers() -> None:
    times: Counter[str] = Counter()
    for number in range(TRIED):
        problem = numbered(1, number, most=100)
        now, planned = problem.judged("now"), problem.judged("planned")
        times.update(seen(problem, now, planned))
        rare = [name for name in DECIDING if times[name] < OFTEN]
        times.update(name for name in rare if decides(name, problem, planned))
        if all(times[name] >= OFTEN for name in (*DECIDING, *SEEN)):
            return
    assert not [name for name in (*DECIDING, *SEEN) if times[name] < OFTEN]
