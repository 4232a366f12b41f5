"""Generated, contested and real rules: the engine against the plain model, in one process.

Each audit is timed once loaded and warm; both sides get the same inputs, one after the other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain
from time import perf_counter
from typing import TypeAlias, TypeVar

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.engine.evaluate import Level
from app.core.explain.audits import audit_record
from app.core.model.record import LearnerRecord
from benchmarks.hanson import Real, real
from benchmarks.plain_model import plain_levels
from benchmarks.sets import Case, contested, generated
from benchmarks.timing import at

Figures: TypeAlias = dict[str, float]
Returned = TypeVar("Returned")
GENERATED, CONTESTED = 20, 100
# So often each way is taken; generated rules take minutes, so once.
ROUNDS = 3
# The other engine's audits per second over all that it was measured on, of which a part is here.
POOLED = 1.04


def main() -> dict[str, Figures]:
    """Measure every set, print a table of each, and return the figures by set."""
    found = {
        "generated": measured([*generated(GENERATED)], 1),
        "contested": measured([*contested(CONTESTED)], ROUNDS),
    }
    audits = real()
    if audits is not None:
        own = measured(audits.listed, ROUNDS)
        found["real"] = own | beside(audits, own["decide audits/s"])
    for name, figures in found.items():
        print(f"{name} ({figures['audits']:.0f} audits, ms)")
        for figure, value in figures.items():
            print(f"  {figure:52} {value:12.3f}")
    if audits is None:
        print("real: skipped, nothing there to audit")
    return found


def beside(audits: Real, rate: float) -> Figures:
    """Return the real audits, `rate` of them a second, beside those of another engine.

    What ran into that engine's limit is counted with the limit, in its favour. Once more with
    classes that the record describes.
    """
    other = [one.milliseconds for one in audits.recorded]
    described = [timed(decide, case)[0] for case in audits.described for _ in range(2)][1::2]
    capped = [
        decide(case.awards, case.record, case.as_of)
        for case, one in zip(audits.listed, audits.recorded, strict=True)
        if one.capped
    ]
    return {
        **spread("decide, classes in the record", [described]),
        **spread("other engine", [other]),
        "throughput against the other engine (decide)": rate * sum(other) / 1000 / len(other),
        "throughput against 1.04 audits/s (decide)": rate / POOLED,
        "other engine gave up": len(capped),
        "of these proven here": sum(
            all(one.proven for one in verdict.answers) for verdict in capped
        ),
    }


def measured(cases: Sequence[Case], rounds: int) -> Figures:
    """Return the figures of one set."""
    # The first look at a rule fills its tables and loads the solver.
    verdicts = [decide(case.awards, case.record, case.as_of) for case in cases]
    gc.freeze()
    times: dict[str, list[list[float]]] = {"decide": [], "audit": [], "plain CP-SAT": []}
    found_plain: list[list[Level | None]] = []
    # One way after the other, as each is used; in turns, each would begin in the others' caches.
    for _ in range(rounds):
        times["decide"].append([timed(decide, case)[0] for case in cases])
        times["audit"].append([timed(audit_record, case)[0] for case in cases])
        plain = [timed(plain_levels, case) for case in cases]
        times["plain CP-SAT"].append([spent for spent, _ in plain])
        found_plain = [levels for _, levels in plain]
    undecided = sum(None in levels for levels in found_plain)
    for case, verdict, levels in zip(cases, verdicts, found_plain, strict=True):
        for answer, level in zip(verdict.answers, levels, strict=True):
            assert level is None or not answer.proven or answer.level[:4] == level[:4], case.label
    found = {"audits": float(len(cases))}
    for run, own in times.items():
        found |= spread(run, own)
    found["throughput against plain CP-SAT (decide)"] = (
        found["decide audits/s"] / found["plain CP-SAT audits/s"]
    )
    found |= {
        f"audit against decide, {name}": found[f"audit {name}"] / found[f"decide {name}"]
        for name in ("p50", "p99")
    }
    return (
        found | proofs(verdicts, best_of(times["decide"])) | {"plain CP-SAT undecided": undecided}
    )


def best_of(times: Sequence[Sequence[float]]) -> list[float]:
    """Return the best time of each input, in the order of the inputs."""
    return [min(own) for own in zip(*times, strict=True)]


def timed(
    run: Callable[[Sequence[CompiledAward], LearnerRecord, date], Returned], case: Case
) -> tuple[float, Returned]:
    """Return the milliseconds of one run, and what it returned."""
    start = perf_counter()
    returned = run(case.awards, case.record, case.as_of)
    return (perf_counter() - start) * 1000, returned


def spread(name: str, times: Sequence[Sequence[float]]) -> Figures:
    """Return the percentiles of every run, and what the best run of each input comes to."""
    ordered, best = sorted(chain.from_iterable(times)), best_of(times)
    return {
        f"{name} p50": at(ordered, 50),
        f"{name} p90": at(ordered, 90),
        f"{name} p99": at(ordered, 99),
        f"{name} max": ordered[-1],
        f"{name} over 1 s, %": 100 * sum(one > 1000 for one in ordered) / len(ordered),
        f"{name} audits/s": 1000 * len(best) / sum(best),
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
