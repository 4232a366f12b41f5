"""`make bench`: everything that is measured, in one run; also written to benchmarks/results."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import audits, graph, problems, starts

RESULTS = Path("benchmarks") / "results" / "latest.json"


def main() -> None:
    """Measure all and keep the figures."""
    found: dict[str, object] = {
        "audits": audits.main(),
        **problems.main(),
        "graph": graph.main(),
        "starts": starts.main(),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"written: {RESULTS}")


if __name__ == "__main__":
    main()
