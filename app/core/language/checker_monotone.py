"""Monotone: whether earning more can ever take something away (docs/solver.md §8).

What counts is chosen, so that more to choose from takes nothing away. What is not chosen does:
conditions over the whole record, clocks that start by themselves, and attempts that replace others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from app.core.language.checker_matches import Matches
from app.core.language.checker_places import (
    Said,
    Spot,
    circumstances,
    said,
    stands,
    tests_in,
    trims,
    uses,
)
from app.core.language.diagnostics import Diagnostic
from app.core.model.requirement import Average, Bound, Distinct, Each, From, Window
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    CREDENTIAL_KEYS,
    DAYS,
    AgeTest,
    DateTest,
    GradeTest,
    Holding,
    Not,
    OneOf,
    OwnTest,
    Test,
)

Looking: TypeAlias = Bound | Each | Distinct | Average | Window
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


def check_monotone(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """Yield a note for each thing by which earning more may lower the progress."""
    for here in said(rule):
        yield from _over_record(here)
        yield from _clocks(here)
    yield from _holdings(rule)
    retakes = matches.policies.get("retakes", "each")
    if retakes in REPLACES:
        yield _note(Spot("$", rule.span), f"`retakes: {retakes}`: {REPLACES[retakes]}")
    elif retakes == "best":
        yield from _best(rule, matches)


def _holdings(rule: RuleEdition) -> Iterator[Diagnostic]:
    """What depends on what is held, once however much is asked of that within."""
    told: list[str] = []
    for spot, test in circumstances(rule):
        if isinstance(test, Holding) and not spot.path.startswith(tuple(told)):
            told.append(spot.path)
            yield _note(spot, "what is asked for depends on what is held")


def _note(spot: Spot, why: str) -> Diagnostic:
    return spot.note("CN1001", f"earning more may lower the progress: {why}", MEANT)


def _over_record(here: Said) -> Iterator[Diagnostic]:
    """A floor and a breadth over the record only grow; all else may be broken by more of it."""
    said_here = here.qualifiers
    several: Mapping[str, Sequence[Looking]] = {
        "at_most": said_here.at_most,
        "each": said_here.each,
        "distinct": said_here.distinct,
        "average": said_here.averages,
        "within": said_here.windows,
    }
    for key, those in several.items():
        for index, one in enumerate(those):
            if one.over_record and _breakable(one):
                spot = Spot(f"{here.spot.path}.{key}[{index}]", one.span)
                yield _note(spot, f"`{one.id}` looks at all of the record, whatever counts")


def _breakable(one: Looking) -> bool:
    match one:
        case Distinct():
            return one.high is not None
        case Average():
            return one.low is not None
        case _:
            return True


def _clocks(here: Said) -> Iterator[Diagnostic]:
    for index, window in enumerate(here.qualifiers.windows):
        if window.anchor == "first-applicable":
            spot = Spot(f"{here.spot.path}.within[{index}]", window.span)
            why = "the clock starts at the first achievement that could be used, used or not"
            yield _note(spot, f"{why}, so that an older one moves it")


def _best(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """What is asked of all that counts in the award is asked of every attempt alike."""
    told_apart = any(
        _tells_apart(test)
        for use in uses(rule)
        if not use.spot.path.startswith("$.each")
        for test in tests_in(use.selector)
    )
    compared = any(_compares_attempts(here, matches) for here in said(rule))
    if told_apart or compared or any(stand.node.after for stand in stands(rule)):
        yield _note(Spot("$", rule.span), f"`retakes: best`: {BEST}")


def _compares_attempts(here: Said, matches: Matches) -> bool:
    """Say whether attempts are compared with something by a value, a day or points of their own."""
    qualifiers = here.qualifiers
    looked_at = [one.by for one in qualifiers.distinct]
    if here.stand is not None and isinstance(here.stand.node, From):
        looked_at += [here.stand.node.quantity.by] if here.stand.node.quantity.by else []
    by_value = any(one not in CREDENTIAL_FACTS for one in looked_at)
    # A window of the whole award that starts on a day of its own asks it of every attempt alike.
    clocks = [
        one for one in qualifiers.windows if here.stand is not None or one.anchor == "earliest-used"
    ]
    trimming = any(trims(cap, matches.policies) for cap in qualifiers.at_most)
    means = any(one.low is not None for one in qualifiers.averages) and _uneven(matches)
    return by_value or bool(clocks or qualifiers.last) or trimming or means


def _uneven(matches: Matches) -> bool:
    """Say whether a better grade, or an equal one, may have fewer points or none."""
    scale = matches.catalogue.scales.get(matches.policies.get("grade_scale", ""))
    grades = scale.grades.values() if scale else ()
    return any(
        one.points is not None
        and other.rank >= one.rank
        and (other.points is None or other.points < one.points)
        for one in grades
        for other in grades
    )


def _tells_apart(test: Test) -> bool:
    """Say whether the attempt with the better grade may fail a test that another one passes."""
    if isinstance(test, GradeTest):
        return test.high is not None
    if isinstance(test, Not):
        return any(isinstance(one, GradeTest) for one in tests_in(test.inner))
    if isinstance(test, OneOf):
        return test.key in ACHIEVEMENT_KEYS or test.key == "grade"
    own_day = isinstance(test, OwnTest) and test.key in DAYS
    return own_day or isinstance(test, AgeTest | DateTest)
