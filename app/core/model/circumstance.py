"""Circumstances: what `when` looks at before a rule is applied to one learner.

A circumstance is a tuple of tests that must all hold; one without tests always holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from app.core.model.credential import Fact
from app.core.model.selector import Selector


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


@dataclass(frozen=True, slots=True)
class Change:
    """Where the circumstance holds, a quantity grows by `add`, or becomes `to`."""

    circumstance: Circumstance
    add: int = 0
    to: int | None = None
