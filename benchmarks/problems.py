"""Generated, contested and real rules: the engine against the plain model, in one process.

Each audit is timed once loaded and warm; both sides get the same inputs, one after the other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter
from typing import TypeAlias, TypeVar

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.explain.audits import audit_record
from app.core.model.record import LearnerRecord
from benchmarks.hanson import Real, real
from benchmarks.plain_model import plain_levels
from benchmarks.sets import Case, contested, generated
from benchmarks.timing import at

Figures: TypeAlias = dict[str, float]
Returned = TypeVar("Returned")
GENERATED, CONTESTED = 20, 100
# The other engine's audits per second over all that it was measured on, of which a part is here.
POOLED = 1.04


def main() -> dict[str, Figures]:
    """Measure every set, print a table of each, and return the figures by set."""
    found = {
        "generated": measured([*generated(GENERATED)]),
        "contested": measured([*contested(CONTESTED)]),
    }
    audits = real()
    if audits is not None:
        found["real"] = measured(audits.listed) | beside(audits)
    for name, figures in found.items():
        print(f"{name} ({figures['audits']:.0f} audits, ms)")
        for figure, value in figures.items():
            print(f"  {figure:52} {value:12.3f}")
    if audits is None:
        print("real: skipped, nothing there to audit")
    return found


def beside(audits: Real) -> Figures:
    """Return the real audits beside another engine's, and with classes that the record describes.

    What ran into that engine's limit is counted with the limit, in its favour.
    """
    other = [one.milliseconds for one in audits.recorded]
    verdicts, times = [], []
    for case in audits.listed:
        spent, verdict = timed(decide, case)
        times.append(spent)
        verdicts.append(verdict)
    described = [timed(decide, case)[0] for case in audits.described for _ in range(2)][1::2]
    capped = [verdict for verdict, one in zip(verdicts, audits.recorded, strict=True) if one.capped]
    return {
        **spread("decide, classes in the record", described),
        **spread("other engine", other),
        "throughput against the other engine (decide)": sum(other) / sum(times),
        "throughput against 1.04 audits/s (decide)": 1000 * len(times) / sum(times) / POOLED,
        "other engine gave up": len(capped),
        "of these proven here": sum(
            all(one.proven for one in verdict.answers) for verdict in capped
        ),
    }


def measured(cases: Sequence[Case]) -> Figures:
    """Return the figures of one set."""
    # The first look at a rule fills its tables and loads the solver.
    verdicts = [decide(case.awards, case.record, case.as_of) for case in cases]
    gc.freeze()
    # One way after the other, as each is used; in turns, each would begin in the others' caches.
    plain = [timed(plain_levels, case) for case in cases]
    times = {
        "decide": [timed(decide, case)[0] for case in cases],
        "audit": [timed(audit_record, case)[0] for case in cases],
        "plain CP-SAT": [spent for spent, _ in plain],
    }
    for case, verdict, (_, levels) in zip(cases, verdicts, plain, strict=True):
        for answer, level in zip(verdict.answers, levels, strict=True):
            assert level is None or not answer.proven or answer.level[:4] == level[:4], case.label
    undecided = sum(any(level is None for level in levels) for _, levels in plain)
    found = {"audits": float(len(cases))}
    for run, own in times.items():
        found |= spread(run, own)
    found["throughput against plain CP-SAT (decide)"] = (
        found["decide audits/s"] / found["plain CP-SAT audits/s"]
    )
    found |= {
        f"audit against decide, {name}": at(sorted(times["audit"]), percent)
        / at(sorted(times["decide"]), percent)
        for name, percent in (("p50", 50), ("p99", 99))
    }
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
