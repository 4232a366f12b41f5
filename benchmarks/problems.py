"""Generated, contested and real rules: the engine against the plain model, in one process.

Each audit is timed once loaded and warm; both sides get the same inputs, one after the other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from time import perf_counter
from typing import TypeAlias, TypeVar

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.explain.audits import audit_record
from app.core.model.record import LearnerRecord
from benchmarks.plain_model import plain_levels
from benchmarks.sets import Case, contested, generated
from benchmarks.timing import at

Figures: TypeAlias = dict[str, float]
Returned = TypeVar("Returned")
GENERATED, CONTESTED = 20, 100


def real() -> Iterable[Case]:
    """Yield the audits of real rules; none until rules of others can be read from a file."""
    return ()


def main() -> dict[str, Figures]:
    """Measure every set, print a table of each, and return the figures by set."""
    sets = {"generated": generated(GENERATED), "contested": contested(CONTESTED), "real": real()}
    found = {}
    for name, drawn in sets.items():
        cases = list(drawn)
        if not cases:
            print(f"{name}: skipped, nothing there to audit")
            continue
        found[name] = measured(cases)
        print(f"{name} ({len(cases)} audits, ms)")
        for figure, value in found[name].items():
            print(f"  {figure:45} {value:12.3f}")
    return found


def measured(cases: Sequence[Case]) -> Figures:
    """Return the figures of one set."""
    # The first look at a rule fills its tables and loads the solver.
    verdicts = [decide(case.awards, case.record, case.as_of) for case in cases]
    gc.freeze()
    times: dict[str, list[float]] = {"decide": [], "audit": [], "plain CP-SAT": []}
    undecided = 0
    for case, verdict in zip(cases, verdicts, strict=True):
        times["decide"].append(timed(decide, case)[0])
        times["audit"].append(timed(audit_record, case)[0])
        spent, levels = timed(plain_levels, case)
        times["plain CP-SAT"].append(spent)
        undecided += any(level is None for level in levels)
        for answer, level in zip(verdict.answers, levels, strict=True):
            assert level is None or not answer.proven or answer.level[:4] == level[:4], case.label
    found = {name: value for run, own in times.items() for name, value in spread(run, own).items()}
    found["throughput against plain CP-SAT (decide)"] = (
        found["decide audits/s"] / found["plain CP-SAT audits/s"]
    )
    return found | proofs(verdicts, times["decide"]) | {"plain CP-SAT undecided": undecided}


def timed(
    run: Callable[[Sequence[CompiledAward], LearnerRecord, date], Returned], case: Case
) -> tuple[float, Returned]:
    """Return the milliseconds of one run, and what it returned."""
    start = perf_counter()
    returned = run(case.awards, case.record, case.as_of)
    return (perf_counter() - start) * 1000, returned


def spread(name: str, times: Sequence[float]) -> Figures:
    """Return the percentiles of some times and what they come to."""
    ordered = sorted(times)
    return {
        f"{name} p50": at(ordered, 50),
        f"{name} p90": at(ordered, 90),
        f"{name} p99": at(ordered, 99),
        f"{name} max": ordered[-1],
        f"{name} over 1 s, %": 100 * sum(one > 1000 for one in ordered) / len(ordered),
        f"{name} audits/s": 1000 * len(ordered) / sum(ordered),
    }


def proofs(verdicts: Sequence[Verdict], times: Sequence[float]) -> Figures:
    """Return how many audits the fast path proves alone, and what those and the others cost."""
    fast = [all(one.method == "bounds" for one in verdict.answers) for verdict in verdicts]
    by_bounds = [time for time, alone in zip(times, fast, strict=True) if alone]
    searched = [time for time, alone in zip(times, fast, strict=True) if not alone]
    return {
        "proven by bounds alone, %": 100 * len(by_bounds) / len(times),
        "proven, %": 100
        * sum(all(one.proven for one in verdict.answers) for verdict in verdicts)
        / len(times),
        "mean of those by bounds": sum(by_bounds) / max(len(by_bounds), 1),
        "mean of those searched": sum(searched) / max(len(searched), 1),
    }


if __name__ == "__main__":
    main()
