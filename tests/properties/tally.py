"""What a large run has found so far, as a page that can be read and gone on with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.properties.constructs import DECIDING
from tests.properties.numbered import LOOKED_INTO, Trial
from tests.properties.sightings import SEEN

ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)
FAILURE = re.compile(r"^- problem (\d+): (.+)$", re.MULTILINE)
SAID = (
    "A problem is a generated rule, or several, with a catalogue and a record.",
    "The oracle tries every allocation; the engine has to say the same in all three answers.",
    "It has to call its answers proven, and the checker has to accept the certificate.",
    "In every third problem something is wanted: wishes, an earlier placement, a forced one.",
    "Every other problem is left to the exact path, which small problems seldom need.",
)
COMMAND = "python -m tests.properties.large --first {first} --count {count} --seed {seed}"


@dataclass(slots=True)
class Tally:
    """How many problems of a seed came out how, from the first tried up to the next."""

    seed: int
    first: int
    commits: tuple[str, ...]
    tried: int = 0
    seconds: int = 0
    looked_into: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)

    @property
    def next(self) -> int:
        """Return the number to go on at."""
        return self.first + self.tried

    def add(self, trial: Trial) -> None:
        """Count one problem more."""
        self.tried += 1
        self.outcomes[trial.outcome] += 1
        if trial.outcome != "equal":
            self.failures[trial.number] = trial.outcome
        if trial.constructs is not None:
            self.looked_into += 1
            self.reached.update(trial.constructs)

    def lines(self) -> Iterator[str]:
        """Yield what was found, a line each."""
        for outcome, number in self.outcomes.most_common():
            yield f"{number:7} {outcome}"
        yield f"of {self.looked_into} looked into, so many were decided by or had"
        for name in (*DECIDING, *SEEN):
            yield f"{self.reached[name]:7} {name}"


def to_page(tally: Tally) -> str:
    """Return a tally as a page; it says nothing that is not counted."""
    run: Mapping[str, str | int] = {
        "seed": tally.seed,
        "first problem": tally.first,
        "problems tried": tally.tried,
        "commit": ", ".join(tally.commits),
        "seconds": tally.seconds,
        "problems looked into": tally.looked_into,
    }
    command = COMMAND.format(first=tally.first, count=tally.tried, seed=tally.seed)
    return "\n".join(
        (
            "# The large run",
            "",
            f"Written by `{command} --report` with the name of this file.",
            *SAID,
            "",
            *table("the run", "", run),
            *table("outcome", "problems", tally.outcomes),
            *(f"- problem {number}: {outcome}" for number, outcome in tally.failures.items()),
            *([""] if tally.failures else []),
            f"One problem in {LOOKED_INTO} is looked into.",
            "The oracle judges it once more without each construct that it has.",
            "",
            *table("without it the answer is another", "problems", all_of(DECIDING, tally)),
            *table("what else there is", "problems", all_of(SEEN, tally)),
        )
    )


def all_of(names: Mapping[str, object] | tuple[str, ...], tally: Tally) -> dict[str, int]:
    """Return how often each of these was found, what was never found too."""
    return {name: tally.reached[name] for name in names}


def table(first: str, second: str, rows: Mapping[str, str | int]) -> Iterator[str]:
    """Yield a table of two columns, and an empty line."""
    yield from (f"| {first} | {second} |".replace("|  |", "| |"), "|---|---|")
    yield from (f"| {name} | {value} |" for name, value in rows.items())
    yield ""


def from_page(page: str) -> Tally:
    """Return the tally that a page holds."""
    rows = dict(ROW.findall(page))
    failures = {int(number): outcome for number, outcome in FAILURE.findall(page)}
    numbers = {name: int(value) for name, value in rows.items() if value.isdigit()}
    found = Tally(
        seed=numbers["seed"],
        first=numbers["first problem"],
        commits=tuple(rows["commit"].split(", ")),
        tried=numbers["problems tried"],
        seconds=numbers["seconds"],
        looked_into=numbers["problems looked into"],
        failures=failures,
    )
    for name in (*DECIDING, *SEEN):
        found.reached[name] = numbers.get(name, 0)
    outcomes = {"equal", *failures.values()}
    found.outcomes.update({name: numbers[name] for name in outcomes if name in numbers})
    return found
