"""`make bench`: everything that is measured, in one run; also written to benchmarks/results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks import (
    audits,
    combinations,
    graph,
    impact,
    nearest,
    problems,
    routes,
    single,
    starts,
)

RESULTS = Path("benchmarks") / "results" / "latest.json"
TABLE = RESULTS.with_suffix(".md")


def main() -> None:
    """Measure all and keep the figures."""
    found: dict[str, Mapping[str, float]] = {
        "audits": audits.main(),
        **problems.main(),
        **combinations.main(),
        **routes.main(),
        **single.main(),
        "graph": graph.main(),
        "impact": impact.main(),
        "nearest": nearest.main(),
        "starts": starts.main(),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    TABLE.write_text(table(found), encoding="utf-8")
    print(f"written: {RESULTS}, {TABLE}")


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures as a table for each set."""
    return "\n".join(
        f"## {name}\n\n| figure | value |\n|---|---:|\n"
        + "".join(f"| {figure} | {value:.3f} |\n" for figure, value in figures.items())
        for name, figures in found.items()
    )


if __name__ == "__main__":
    main()
