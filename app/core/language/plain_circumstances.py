"""Circumstances in words: for whom something applies, and by how much it differs for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from app.core.language.plain_selector import SelectorWords
from app.core.language.plain_words import (
    Glossary,
    counted,
    credits_in_words,
    day_in_words,
    fact_in_words,
    listed,
    ranged,
    spoken,
)
from app.core.model.circumstance import (
    Change,
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    Holding,
    LearnerFact,
    NotSo,
    Recorded,
)
from app.core.model.selector import is_pattern


@dataclass(frozen=True, slots=True)
class CircumstanceWords:
    """Puts circumstances in words, as they follow "learners"."""

    glossary: Glossary

    def who(self, circumstance: Circumstance) -> str:
        """Return a clause: who have declared Physics, whose cohort is 2026."""
        return listed([self._test(test, so=True) for test in circumstance.tests], "and")

    def changes(self, changes: tuple[Change, ...], in_words: Callable[[int], str]) -> Iterator[str]:
        """Yield a sentence for each change."""
        for one in changes:
            much = f"{in_words(one.add)} more" if one.to is None else f"{in_words(one.to)} instead"
            yield f"For learners {self.who(one.circumstance)}, {much}."

    def _test(self, test: CircumstanceTest, *, so: bool) -> str:
        never = "" if so else "not "
        match test:
            case Declared():
                return (
                    f"who have {never}declared {listed(list(map(self._award, test.awards)), 'or')}"
                )
            case LearnerFact():
                return f"whose {spoken(test.key)} is {never}{_value(test)}"
            case Holding():
                return f"who {'hold' if so else 'do not hold'} at least {self._held(test)}"
            case Recorded():
                step = f"the step “{spoken(test.milestone)}”"
                return f"for whom {step} is {never}recorded{_days(test)}"
            case NotSo():
                return self._negated(test.inner, so=so)
            case EitherSo():
                choice = listed([self.who(one) for one in test.options], "or")
                return choice if so else f"of whom this is not so: {choice}"
            case _:
                assert_never(test)

    def _negated(self, inner: Circumstance, *, so: bool) -> str:
        if len(inner.tests) == 1:
            return self._test(inner.tests[0], so=not so)
        return self.who(inner) if not so else f"of whom this is not so: {self.who(inner)}"

    def _award(self, name: str) -> str:
        return f"an award like {name}" if is_pattern(name) else self.glossary.credential(name)

    def _held(self, test: Holding) -> str:
        words = SelectorWords(self.glossary)
        if test.measure == "credits":
            return f"{credits_in_words(test.amount)} from {words.phrase(test.selector)}"
        if words.named(test.selector):
            return f"{test.amount} of {words.phrase(test.selector, 'and')}"
        return f"{counted(test.amount, 'credential')} of {words.phrase(test.selector)}"


def _value(test: LearnerFact) -> str:
    if test.values:
        return listed([fact_in_words(value) for value in test.values], "or")
    low = None if test.low is None else str(test.low)
    return ranged(low, None if test.high is None else str(test.high))


def _days(test: Recorded) -> str:
    if test.low is not None and test.high is not None:
        return f" from {day_in_words(test.low)} to {day_in_words(test.high)}"
    if test.low is not None:
        return f" on or after {day_in_words(test.low)}"
    return f" on or before {day_in_words(test.high)}" if test.high is not None else ""
