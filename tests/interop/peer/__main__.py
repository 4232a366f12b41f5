"""Compare all recorded audits, print what differs and its table, and write that into the page.

python -m tests.interop.peer [--write docs/hanson.md]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.interop.peer.answers import auditor_of, read_lines
from tests.interop.peer.report import compare, table

BEGIN, END = "<!-- compared: begin -->\n", "<!-- compared: end -->\n"


def main() -> int:
    """Print the table; 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.interop.peer")
    parser.add_argument("--write", type=Path, help="the page whose table is replaced")
    asked = parser.parse_args()
    lines = read_lines()
    found = compare(lines, auditor_of(lines))
    shown = table(found)
    wrong = [*found.unexplained, *found.invalid, *found.misjudged, *found.fewer, *found.undecided]
    each = [f"{one}: {one.kind or 'unexplained'}" for one in found.differences]
    sys.stdout.write("\n".join([shown, "", *each, "", *wrong]) + "\n")
    if asked.write:
        page = asked.write.read_text(encoding="utf-8")
        asked.write.write_text(written(page, shown), encoding="utf-8")
    return bool(wrong)


def written(page: str, shown: str) -> str:
    """Return the page with the table in its place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{shown}\n{END}{after}"


if __name__ == "__main__":
    sys.exit(main())
