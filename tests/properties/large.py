"""The large run: `python -m tests.properties.large --count 20000 --seed 1 --workers 2`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

from tests.properties.kept import to_text
from tests.properties.numbered import Trial, numbered, tried, try_number
from tests.properties.shrink import shrink
from tests.properties.tally import Tally, from_page, to_page

CORPUS = Path(__file__).parent.parent / "corpus"
AT_ONCE = 20
"""So many problems are handed to a process at a time."""
OFTEN = 1000
"""After every so many problems it is said, and written, how far the run is."""


def main(command: Sequence[str]) -> int:
    """Try problems, say what was found, and return how many failed."""
    asked = arguments(command)
    tally = begun(asked.seed, asked.first, asked.report)
    numbers = range(asked.first, asked.first + asked.count)
    before, start = tally.seconds, monotonic()
    with suppress(KeyboardInterrupt):
        for trial in trials(asked.seed, numbers, asked.workers):
            tally.add(trial)
            tally.seconds = before + round(monotonic() - start)
            if trial.outcome != "equal":
                say(f"problem {trial.number} of seed {asked.seed}: {trial.outcome}")
            if tally.tried % OFTEN == 0:
                say(f"{tally.tried} tried, {tally.outcomes['equal']} equal")
                write(tally, asked.report)
    write(tally, asked.report)
    say("\n".join(tally.lines()))
    # What an earlier run found it has kept, and it may have been mended since.
    found = {at: outcome for at, outcome in tally.failures.items() if at >= asked.first}
    if found:
        keep(asked.seed, found)
    return len(tally.failures)


def arguments(command: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.properties.large", description=__doc__)
    parser.add_argument("--count", type=natural, default=20_000, help="how many problems are tried")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=natural, default=0, help="the number of the first one")
    parser.add_argument(
        "--workers", type=natural, default=1, help="so many processes share the work"
    )
    parser.add_argument("--report", type=Path, help="a page to write, or to go on with")
    asked = parser.parse_args(command)
    if not asked.workers:
        parser.error("somebody has to do the work: --workers 1")
    if asked.report is not None and not asked.report.parent.is_dir():
        parser.error(f"there is no directory {asked.report.parent}")
    return asked


def natural(text: str) -> int:
    """Return a number that is not below nought."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of nought or more")
    return int(text)


def begun(seed: int, first: int, report: Path | None) -> Tally:
    """Return a tally with nothing in it, or that of a report which stops where this run starts."""
    commit = described_commit()
    if report is None or not report.exists():
        return Tally(seed, first, (commit,))
    try:
        found = from_page(report.read_text())
    except KeyError:
        sys.exit(f"{report} is not the report of a run: name another page")
    if (found.seed, found.next) != (seed, first):
        sys.exit(
            f"{report} stops before problem {found.next} of seed {found.seed}: "
            f"go on with --seed {found.seed} --first {found.next}, or name another page"
        )
    found.commits = tuple(dict.fromkeys((*found.commits, commit)))
    return found


def described_commit() -> str:
    """Return which commit the work tree holds, and whether anything in it is changed."""
    command = ("git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12")
    return subprocess.run(
        command, capture_output=True, check=True, text=True, cwd=CORPUS
    ).stdout.strip()


def trials(seed: int, numbers: Sequence[int], workers: int) -> Iterator[Trial]:
    """Yield how each problem came out, in order, whoever tried it."""
    if workers == 1:
        yield from map(partial(try_number, seed), numbers)
        return
    shares = [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield from chain.from_iterable(pool.map(partial(try_share, seed), shares))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def try_share(seed: int, numbers: Sequence[int]) -> list[Trial]:
    """Try a few problems after each other."""
    return [try_number(seed, number) for number in numbers]


def write(tally: Tally, report: Path | None) -> None:
    """Write the report, where one is wanted."""
    if report is not None:
        report.write_text(to_page(tally))


def keep(seed: int, failures: Mapping[int, str]) -> None:
    """Write the smallest problem that fails as one of them does to the corpus."""
    number = min(failures, key=lambda each: numbered(seed, each).effort())
    outcome = failures[number]
    least = shrink(numbered(seed, number), lambda one: tried(one, number) == outcome)
    path = CORPUS / f"seed_{seed}_{number}.json"
    path.write_text(to_text(least))
    say(f"kept in {path.name}")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
