"""Single changes: what one thing would complete the awards of real students."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from app.core.model.errors import AuditError
from app.core.search.single import complete, single_changes
from benchmarks.hanson import real
from benchmarks.timing import at

# The students are in the order of their areas: every fifth is of each of them one.
EACH = 5


def main() -> dict[str, Mapping[str, float]]:
    """Measure, print, and return the figures by name; none without the data."""
    found = real()
    if found is None:
        return {}
    times, proven, some, refused = list[float](), 0, 0, 0
    for case in found.listed[::EACH]:
        try:
            if complete(case.awards, case.record, case.as_of):
                continue
            start = perf_counter()
            own = single_changes(case.awards, case.record, case.as_of)
        except AuditError:
            refused += 1
            continue
        times.append((perf_counter() - start) * 1000)
        proven += own.proven
        some += bool(own.changes)
    times.sort()
    told: dict[str, float] = {
        "records that are not complete": len(times),
        "records that cannot be judged": refused,
        **{f"p{percent} ms": at(times, percent) for percent in (50, 90, 99)},
        "max ms": times[-1],
        "share proven": proven / len(times),
        "share that one change completes": some / len(times),
    }
    print("== single changes, real records")
    for figure, value in told.items():
        print(f"  {figure:<50} {value:12.3f}")
    return {"single changes, real records": told}
