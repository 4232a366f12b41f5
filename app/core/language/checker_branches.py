"""Branches: sides of a `when`, and selectors for whom it is so, that nobody reaches.

Circumstances are taken as statements: of one side of a `when` its circumstance holds, of the other
one it does not. What no learner can bring together is a branch that nobody reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import inf
from typing import TypeAlias

from app.core.language.checker_places import Spot, Stand, chosen, stands
from app.core.language.diagnostics import Diagnostic
from app.core.model.credential import Fact
from app.core.model.requirement import Requirement, When
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    AnyOf,
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    ForWhom,
    Holding,
    LearnerFact,
    Not,
    NotSo,
    Recorded,
    Selector,
    fits,
)

Statement: TypeAlias = tuple[Circumstance | CircumstanceTest, bool]
"""That it holds, or that it does not."""
OneValue: TypeAlias = LearnerFact | Recorded
NEVER = {
    "then": "its circumstance contradicts itself",
    "else": "its circumstance holds of everybody",
}
TOGETHER = "of nobody can be so what is said here and around it"
REMEDY = "delete it, or correct one of the circumstances"
# So many alternatives are looked at; beyond them a branch is taken to be reached.
MOST_TRIED = 2_000


def check_branches(rule: RuleEdition) -> Iterator[Diagnostic]:
    """Yield the outermost sides of a `when` that apply to nobody, and selectors for nobody."""
    yield from _sides_of_nobody(rule)
    yield from _selectors_for_nobody(rule)


def _sides_of_nobody(rule: RuleEdition) -> Iterator[Diagnostic]:
    told: list[Requirement] = []
    for stand in stands(rule):
        node = stand.node
        if not isinstance(node, When) or any(one is side for one in stand.chain for side in told):
            continue
        for key, side, holds in _sides(node):
            if not can_be((*_around(stand), (node.circumstance, holds))):
                told.append(side)
                yield _unreached(stand, key, side)


def _sides(node: When) -> Iterator[tuple[str, Requirement, bool]]:
    yield "then", node.then, True
    if node.otherwise is not None:
        yield "else", node.otherwise, False


def _around(stand: Stand) -> Iterator[Statement]:
    """Yield what is so of everybody who reaches a requirement."""
    for around, inside in pairwise(stand.chain):
        if isinstance(around, When):
            yield around.circumstance, inside is around.then


def _unreached(stand: Stand, key: str, side: Requirement) -> Diagnostic:
    inside = any(isinstance(node, When) for node in stand.around)
    why = TOGETHER if inside else NEVER[key]
    spot = Spot(f"{stand.spot.path}.{key}", side.span)
    message = f"nobody reaches `{side.id}`, for {why}"
    return spot.warning("CN0615", message, REMEDY)


def _selectors_for_nobody(rule: RuleEdition) -> Iterator[Diagnostic]:
    """Yield each `when` in a selector that is so of nobody who reaches it, where anybody does."""
    by_path = {stand.spot.path: stand for stand in stands(rule)}
    for use in chosen(rule):
        asked = tuple(_asked(use.selector, ()))
        if not asked:
            continue
        around = tuple(_around_path(use.spot.path, by_path))
        if not can_be(around):
            continue
        for own in asked:
            if not can_be((*around, *own)):
                why = NEVER["then"] if len(around) + len(own) == 1 else TOGETHER
                message = f"nobody is meant by a `when` of this selector, for {why}"
                yield use.spot.warning("CN0615", message, REMEDY)


def _asked(selector: Selector, around: tuple[Statement, ...]) -> Iterator[tuple[Statement, ...]]:
    """Yield what is asked of the learner at each `when` of a selector, and around that in it."""
    own = [(test.circumstance, True) for test in selector.tests if isinstance(test, ForWhom)]
    said = (*around, *own)
    if own:
        yield said
    for test in selector.tests:
        inner = (test.inner,) if isinstance(test, Not) else ()
        for option in test.options if isinstance(test, AnyOf) else inner:
            yield from _asked(option, said)


def _around_path(path: str, by_path: Mapping[str, Stand]) -> Iterator[Statement]:
    """Yield what is so of everybody who reaches what stands at or below a requirement."""
    while path and path not in by_path:
        path = path.rpartition(".")[0]
    return _around(by_path[path]) if path else iter(())


def can_be(statements: tuple[Statement, ...]) -> bool:
    """Say whether all may be so of one learner; True where that is not seen."""
    return _Search().possible(statements, ())


@dataclass
class _Search:
    """Looks for a way in which statements may be so together."""

    tried: int = field(default=0)

    def possible(self, open_: tuple[Statement, ...], plain: tuple[Statement, ...]) -> bool:
        self.tried += 1
        if self.tried > MOST_TRIED or not open_:
            return True
        (what, holds), *rest = open_
        ways = _ways(what, holds=holds)
        if ways is None:
            known = (*plain, (what, holds))
            return not _contradictory(known) and self.possible(tuple(rest), known)
        return any(self.possible((*way, *rest), plain) for way in ways)


def _ways(
    what: Circumstance | CircumstanceTest, *, holds: bool
) -> tuple[tuple[Statement, ...], ...] | None:
    """Return the ways in which a statement may be so; None where it says one thing."""
    match what:
        case NotSo(inner):
            return (((inner, not holds),),)
        case Circumstance(tests):
            return _each_or_one(tests, holds=holds, together=holds)
        case EitherSo(options):
            return _each_or_one(options, holds=holds, together=not holds)
        case Declared(awards) if len(awards) > 1:
            several = tuple(Declared((award,)) for award in awards)
            return _each_or_one(several, holds=holds, together=not holds)
        case _:
            return None


def _each_or_one(
    several: tuple[Circumstance | CircumstanceTest, ...], *, holds: bool, together: bool
) -> tuple[tuple[Statement, ...], ...]:
    """All of them together, or any one of them."""
    statements = tuple((one, holds) for one in several)
    return (statements,) if together else tuple((one,) for one in statements)


def _contradictory(plain: tuple[Statement, ...]) -> bool:
    so = [what for what, holds in plain if holds]
    not_so = [what for what, holds in plain if not holds]
    if any(_implies(one, other) for one in so for other in not_so):
        return True
    keys = {_key(one) for one in so if isinstance(one, OneValue)}
    return any(
        _no_value(
            [one for one in so if isinstance(one, OneValue) and _key(one) == key],
            [one for one in not_so if isinstance(one, OneValue) and _key(one) == key],
        )
        for key in keys
    )


def _implies(one: Circumstance | CircumstanceTest, other: Circumstance | CircumstanceTest) -> bool:
    match one, other:
        case Declared((own,)), Declared((named,)):
            return own == named or fits(named, own)
        case Holding(), Holding():
            same = one.measure == other.measure and one.selector == other.selector
            return same and one.amount >= other.amount
        case _:
            return False


def _key(one: OneValue) -> tuple[str, str]:
    """What has one value for a learner: an attribute, or the day of a milestone."""
    match one:
        case LearnerFact(key=key):
            return "attribute", key
        case Recorded(milestone=name):
            return "milestone", name


def _no_value(so: list[OneValue], not_so: list[OneValue]) -> bool:
    """Say whether no value is all of these and none of those."""
    listed = next((values for one in so if (values := _values(one)) is not None), None)
    if listed is not None:
        return not any(
            all(_admits(one, value) for one in so)
            and not any(_admits(one, value) for one in not_so)
            for value in listed
        )
    ranges = [_range(one) for one in so]
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    others = [_range(one) for one in not_so if _values(one) is None]
    return low > high or any(first <= low and high <= last for first, last in others)


def _values(one: OneValue) -> tuple[Fact, ...] | None:
    """Return the values that are named; None where it is a range."""
    if isinstance(one, Recorded) or one.low is not None or one.high is not None:
        return None
    return one.values


def _range(one: OneValue) -> tuple[float, float]:
    low, high = (end.toordinal() if isinstance(end, date) else end for end in (one.low, one.high))
    return -inf if low is None else low, inf if high is None else high


def _admits(one: OneValue, value: Fact) -> bool:
    values = _values(one)
    if values is not None:
        # `True == 1` in Python; a flag is no number.
        return any(type(own) is type(value) and own == value for own in values)
    low, high = _range(one)
    return type(value) is int and low <= value <= high
