"""Prints the audits of generated problems: `python -m tests.properties.printed SEED COUNT`."""

from __future__ import annotations

import sys

from tests.properties.asked import printed
from tests.properties.generator import make_problems


def main(seed: int, count: int) -> None:
    """Print the audits, one a line."""
    for problem in make_problems(seed, count):
        sys.stdout.buffer.write(printed(problem) + b"\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
