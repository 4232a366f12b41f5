"""Combinations: counting those of the demonstration's awards and of published rules, and a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from app.core.engine.compiled import CompiledAward
from app.core.model.errors import AuditError
from app.core.search.combinations import Combinations, combinations_of
from app.core.search.layout import UncountableError
from app.core.search.offers import NOBODY
from app.services.digits import digits
from app.services.errors import NoEditionInForceError
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from app.wiring import packs_in
from benchmarks.hanson import areas
from benchmarks.sets import DAY
from benchmarks.timing import at

PAGE, QUICK = 50, 50
TERMS = 4
"""What a learner is taken to state of themselves, where a rule takes a number from that."""


def main() -> dict[str, Mapping[str, float]]:
    """Count both, print what was found, and return the figures."""
    sets = {"combinations, demonstration": demonstration(), "combinations, real rules": areas()}
    found: dict[str, Mapping[str, float]] = {
        name: figures for name, awards in sets.items() if (figures := measured(awards))
    }
    for name, told in found.items():
        print(f"== {name}")
        for figure, value in told.items():
            print(f"  {figure:<50} {value:12.3f}")
    return found


def demonstration() -> Iterator[CompiledAward]:
    """Yield every award of the packs by its edition in force."""
    shelf = Shelf.of(packs_in(Path("rules")))
    for award in sorted(shelf.rules):
        try:
            yield shelf.compile(shelf.choose(AwardChoice(award), NOBODY, DAY))
        except NoEditionInForceError:
            continue


def measured(awards: Iterator[CompiledAward]) -> dict[str, float]:
    """Return how long it takes to count, and to read a page once counted; share counted exactly."""
    times, pages, first = list[float](), list[float](), list[float]()
    refused = exact = every = largest = 0
    for award in awards:
        every += 1
        start = perf_counter()
        found = _counted(award)
        times.append((perf_counter() - start) * 1000)
        if found is None:
            refused += 1
            continue
        found.page(0, PAGE)
        first.append((perf_counter() - start) * 1000)
        exact += found.exact
        largest = max(largest, len(digits(found.count)))
        start = perf_counter()
        found.page(found.count // 2, PAGE)
        pages.append((perf_counter() - start) * 1000)
    if not every:
        return {}
    times.sort()
    pages.sort()
    return {
        "awards": every,
        "count p50 ms": at(times, 50),
        "count p99 ms": at(times, 99),
        "count max ms": times[-1],
        "share counted exactly": exact / every,
        "share refused, with the reason": refused / every,
        "digits of the largest count": largest,
        f"share of first pages within {QUICK} ms": sum(one < QUICK for one in first) / len(first),
        "page of 50 once counted, p50 ms": at(pages, 50),
        "page of 50 once counted, p99 ms": at(pages, 99),
    }


def _counted(award: CompiledAward) -> Combinations | None:
    learner = replace(NOBODY, attributes=dict.fromkeys(award.facts, TERMS))
    try:
        return combinations_of(award, DAY, learner=learner)
    except (UncountableError, AuditError):
        return None
