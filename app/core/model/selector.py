"""Selectors: which credentials or achievements a requirement admits; circumstances: for whom.

Either is a tuple of tests that must all hold; a selector without tests admits everything, a
circumstance without tests always holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from app.core.model.credential import Fact
from app.core.model.period import Span

DateFact = Literal["started", "earned", "awarded"]
LevelReading = Literal["at", "at-least", "policy"]

# In the order in which a selector states them.
DAYS: tuple[DateFact, ...] = ("earned", "awarded", "started")
# What a credential states, and what only the learner's achievement states.
CREDENTIAL_KEYS = frozenset(
    {
        "credential",
        "type",
        "issuer",
        "field",
        "mode",
        "language",
        "tag",
        "relation",
        "size",
        "outcome",
        "skill",
    }
)
ACHIEVEMENT_KEYS = frozenset({"source", "status", "attempt", "registration", "term", "used_in"})


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact named `key` is one of `values`.

    Of `credential` a value may be a pattern (`nus/dsml-*`), and equivalents match unless `exactly`;
    of `field` a value is a code or its prefix; of `used_in` the value `any` admits every award. Any
    other key is a declared attribute, looked up on the achievement and then on its credential.
    """

    key: str
    values: tuple[Fact, ...]
    exactly: bool = False

    def __eq__(self, other: object) -> bool:
        """Say whether another test admits the same: `True == 1` in Python, but not as a fact."""
        if not isinstance(other, OneOf):
            return NotImplemented
        kinds = [*map(type, self.values)] == [*map(type, other.values)]
        same = self.key == other.key and self.values == other.values
        return same and kinds and self.exactly == other.exactly

    def __hash__(self) -> int:
        """Return the same for equal tests."""
        return hash((self.key, self.values, self.exactly))


@dataclass(frozen=True, slots=True)
class LevelTest:
    """The credential's level in `framework` is at `low`, or from `low` up to `high`."""

    framework: str
    low: int | None
    high: int | None
    reading: LevelReading


@dataclass(frozen=True, slots=True)
class CreditTest:
    """The size, in the rule's unit and in thousandths, is from `low` to `high`, ends inside."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class GradeTest:
    """The grade is at least `low` (and at most `high`) on its scale; one not graded yet passes."""

    low: str | None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class DateTest:
    """The day `fact` lies from `low` to `high`, both inside."""

    fact: DateFact
    low: date | None
    high: date | None


@dataclass(frozen=True, slots=True)
class AgeTest:
    """No more than `span` lies between the achievement's `since` day and `until`, both ends inside.

    `until` is `audit` or a milestone's name; one not recorded yet falls on the audit's day.
    """

    span: Span
    since: DateFact
    until: str


@dataclass(frozen=True, slots=True)
class RangeTest:
    """The declared attribute `key`, a number or a day, is from `low` to `high`, both inside.

    It is looked up as any attribute is; what is stated of another type is in no range.
    """

    key: str
    low: int | date | None
    high: int | date | None

    def holds(self, value: Fact) -> bool:
        """Say whether a stated value lies in the range."""
        # A flag equals a number in Python; here it is none.
        kind = int if int in {type(self.low), type(self.high)} else date
        if type(value) is not kind:
            return False
        return not (
            (self.low is not None and value < self.low)  # type: ignore[operator]
            or (self.high is not None and value > self.high)  # type: ignore[operator]
        )


@dataclass(frozen=True, slots=True)
class Own:
    """What the learner states of the attribute `key`."""

    key: str


End: TypeAlias = int | date | Own | None


@dataclass(frozen=True, slots=True)
class OwnTest:
    """The fact `key` is what the learner states, or lies from `low` to `high`; ends inside.

    Of the ends one at least is the learner's own; where both are the same, it has to be that. Once
    a rule is read for a learner who states nothing that fits, `lacks` names what is lacking.
    """

    key: str
    low: End
    high: End
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class ForWhom:
    """The circumstance holds of the learner; `so` once a rule is read for one of whom it does not.

    Where it holds, the test is not there any more, unless another selector has nothing else in it.
    """

    circumstance: Circumstance
    so: bool | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """The inner selector does not match."""

    inner: Selector


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the inner selectors matches."""

    options: tuple[Selector, ...]


Test: TypeAlias = (
    OneOf
    | LevelTest
    | CreditTest
    | GradeTest
    | DateTest
    | AgeTest
    | RangeTest
    | OwnTest
    | ForWhom
    | Not
    | AnyOf
)


@dataclass(frozen=True, slots=True)
class Selector:
    """Every test must hold."""

    tests: tuple[Test, ...] = ()


EVERYTHING = Selector()


@dataclass(frozen=True, slots=True)
class Declared:
    """The learner has declared one of `awards`: ids, or patterns such as `atu/msc-*`."""

    awards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnerFact:
    """The learner's attribute `key` is one of `values`, or a number from `low` to `high`."""

    key: str
    values: tuple[Fact, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """The record holds at least `amount` of what `selector` admits, each credential once.

    Of what is earned, unless the selector tests the status.
    """

    measure: Literal["credits", "choose"]
    amount: int
    selector: Selector


@dataclass(frozen=True, slots=True)
class Recorded:
    """A milestone is recorded on or before the audit's day, on a day from `low` to `high`."""

    milestone: str
    low: date | None = None
    high: date | None = None


@dataclass(frozen=True, slots=True)
class NotSo:
    """The inner circumstance does not hold."""

    inner: Circumstance


@dataclass(frozen=True, slots=True)
class EitherSo:
    """At least one of these circumstances holds."""

    options: tuple[Circumstance, ...]


CircumstanceTest: TypeAlias = Declared | LearnerFact | Holding | Recorded | NotSo | EitherSo


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Every test must hold."""

    tests: tuple[CircumstanceTest, ...] = ()


def of_learner(selector: Selector) -> Circumstance | None:
    """Return a selector that asks nothing of achievements as the circumstance that it is."""
    found: list[CircumstanceTest] = []
    for test in selector.tests:
        match test:
            case ForWhom(circumstance=asked):
                found += asked.tests
            case Not(inner) if (kept := of_learner(inner)) is not None:
                found.append(NotSo(kept))
            case AnyOf(options):
                several = [own for one in options if (own := of_learner(one)) is not None]
                if len(several) < len(options):
                    return None
                found.append(EitherSo(tuple(several)))
            case _:
                return None
    return Circumstance(tuple(found)) if found else None


# Ids that end in a number from one to another, both inside: `atu/math-300..399`.
NUMBERED = re.compile(r"([^*]*?)([0-9]{1,9})\.\.([0-9]{1,9})")


def is_pattern(text: str) -> bool:
    """Say whether a text means ids by their form, and is none itself."""
    return "*" in text or ".." in text


def fits(pattern: str, credential: str) -> bool:
    """Say whether an id or a pattern means `credential`: a star is any text, `3..9` a number.

    Each part is taken where it first fits, so that no pattern takes more than a look a part.
    """
    if ".." in pattern:
        return _numbered(pattern, credential)
    first, *parts = pattern.split("*")
    if not parts:
        return pattern == credential
    if not credential.startswith(first):
        return False
    at, last = len(first), parts.pop()
    for part in parts:
        found = credential.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return credential.endswith(last) and at + len(last) <= len(credential)


def _numbered(pattern: str, credential: str) -> bool:
    found = NUMBERED.fullmatch(pattern)
    if found is None or not credential.startswith(found[1]):
        return False
    number = credential[len(found[1]) :]
    whole = number.isascii() and number.isdecimal()
    return whole and int(found[2]) <= int(number) <= int(found[3])
