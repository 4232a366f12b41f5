"""Monotone: whether earning more can ever take something away (docs/solver.md §8).

What counts is chosen, so that more to choose from takes nothing away. What is not chosen does:
conditions over the whole record, clocks that start by themselves, and attempts that replace others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.core.language.checker_places import Said, Spot, circumstances, said, tests_in, uses
from app.core.language.diagnostics import Diagnostic
from app.core.model.circumstance import Holding
from app.core.model.requirement import From
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    CREDENTIAL_KEYS,
    AgeTest,
    DateTest,
    GradeTest,
    OneOf,
    Test,
)

CREDENTIAL_FACTS = CREDENTIAL_KEYS | {"level"}
MEANT = "leave it so where the regulation says it"
REPLACES: Mapping[str, str] = {
    "last": "the last attempt stands for all: a retake that goes worse lowers what counts",
    "first": "the first attempt stands for all: one that is recorded later and lies before it "
    "replaces it",
}
BEST = (
    "the attempt with the best grade stands for all, though another may count where it may not, by "
    "what only attempts state"
)


def check_monotone(rule: RuleEdition, policies: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield a note for each thing by which earning more may lower the progress."""
    for here in said(rule):
        yield from _over_record(here)
        yield from _clocks(here)
    for spot, test in circumstances(rule):
        if isinstance(test, Holding):
            yield _note(spot, "what is asked for depends on what is held")
    retakes = policies.get("retakes", "each")
    if retakes in REPLACES:
        yield _note(Spot("$", rule.span), f"`retakes: {retakes}`: {REPLACES[retakes]}")
    elif retakes == "best":
        yield from _best(rule)


def _note(spot: Spot, why: str) -> Diagnostic:
    return spot.note("CN1001", f"earning more may lower the progress: {why}", MEANT)


def _over_record(here: Said) -> Iterator[Diagnostic]:
    """A floor over the record only grows; a top and a mean may be broken by more of it."""
    path, qualifiers = here.spot.path, here.qualifiers
    for index, cap in enumerate(qualifiers.at_most):
        if cap.over_record:
            spot = Spot(f"{path}.at_most[{index}]", cap.span)
            yield _note(spot, f"`{cap.id}` looks at all of the record, whatever counts")
    for index, mean in enumerate(qualifiers.averages):
        if mean.over_record and mean.low is not None:
            spot = Spot(f"{path}.average[{index}]", mean.span)
            yield _note(spot, f"`{mean.id}` looks at all of the record, whatever counts")


def _clocks(here: Said) -> Iterator[Diagnostic]:
    for index, window in enumerate(here.qualifiers.windows):
        if window.anchor == "first-applicable":
            spot = Spot(f"{here.spot.path}.within[{index}]", window.span)
            why = "the clock starts at the first achievement that could be used, used or not"
            yield _note(spot, f"{why}, so that an older one moves it")


def _best(rule: RuleEdition) -> Iterator[Diagnostic]:
    """What is asked of all that counts in the award is asked of every attempt alike."""
    told_apart = any(
        _tells_apart(test)
        for use in uses(rule)
        if not use.spot.path.startswith("$.each")
        for test in tests_in(use.selector)
    )
    if told_apart or any(map(_looks_at_attempts, said(rule))):
        yield _note(Spot("$", rule.span), f"`retakes: best`: {BEST}")


def _looks_at_attempts(here: Said) -> bool:
    """Say whether windows of a part, or values that only attempts state, are looked at."""
    looked_at = [one.by for one in here.qualifiers.distinct]
    if here.stand is not None and isinstance(here.stand.node, From):
        looked_at += [here.stand.node.quantity.by] if here.stand.node.quantity.by else []
    by_attempt = any(one not in CREDENTIAL_FACTS for one in looked_at)
    return by_attempt or (here.stand is not None and bool(here.qualifiers.windows))


def _tells_apart(test: Test) -> bool:
    """Say whether the attempt with the better grade may fail a test that another one passes."""
    if isinstance(test, GradeTest):
        return test.high is not None
    if isinstance(test, OneOf):
        return test.key in ACHIEVEMENT_KEYS or test.key == "grade"
    return isinstance(test, AgeTest | DateTest)
