"""Ranges in words: of credits, grades, days, and of what attributes say."""

from __future__ import annotations

from datetime import date

from app.core.language.plain_words import credits_in_words, day_in_words, listed, ranged, spoken
from app.core.model.credits import show_credits
from app.core.model.selector import (
    DAYS,
    AgeTest,
    CreditTest,
    DateTest,
    End,
    GradeTest,
    Own,
    OwnTest,
    RangeTest,
)


def compared(test: CreditTest | GradeTest | DateTest | RangeTest | AgeTest) -> str:
    """Return what a test compares, as it follows a noun: of 10 credits, with grade B or better."""
    match test:
        case CreditTest():
            return f"of {_credit_range(test)}"
        case GradeTest():
            return f"with {_grade_range(test)}"
        case DateTest():
            return f"{test.fact} {_day_range(test)}"
        case RangeTest():
            return f"with {spoken(test.key)} {_attribute_range(test)}"
        case AgeTest():
            until = "the day of the audit" if test.until == "audit" else spoken(test.until)
            return f"{test.since} no more than {test.span} before {until}"


def compared_with_own(test: OwnTest) -> str:
    """Return what a test compares with the learner: with cluster the learner's cluster."""
    dated = test.key in DAYS
    least, most = ("earlier", "later") if dated else ("less", "more")
    head = test.key if dated else f"with {spoken(test.key)}"
    unknown = f" (the record states no {spoken(test.lacks)} to compare with)" if test.lacks else ""
    if test.low == test.high and not dated:
        return f"{head} {_own_end(test.low)}{unknown}"
    ends = [(least, test.low), (most, test.high)]
    said = [f"no {word} than {_own_end(end)}" for word, end in ends if end is not None]
    return f"{head} {listed(said, 'and')}{unknown}"


def _own_end(end: End) -> str:
    if isinstance(end, Own):
        return f"the learner's {spoken(end.key)}"
    return day_in_words(end) if isinstance(end, date) else str(end)


def _credit_range(test: CreditTest) -> str:
    low = None if test.low is None else show_credits(test.low)
    high = None if test.high is None else credits_in_words(test.high)
    if test.low == test.high and test.low is not None:
        return credits_in_words(test.low)
    if test.high is None and test.low is not None:
        low = credits_in_words(test.low)
    return ranged(low, high)


def _attribute_range(test: RangeTest) -> str:
    low, high = test.low, test.high
    if isinstance(low, date) or isinstance(high, date):
        return _day_range(DateTest("earned", _day(low), _day(high)))
    return ranged(None if low is None else str(low), None if high is None else str(high))


def _day(end: int | date | None) -> date | None:
    return end if isinstance(end, date) else None


def _grade_range(test: GradeTest) -> str:
    if test.low is None:
        return f"grade {test.high} or lower"
    if test.high is None:
        return f"grade {test.low} or better"
    return f"a grade from {test.low} to {test.high}"


def _day_range(test: DateTest) -> str:
    if test.low is None or test.high is None:
        day = test.high if test.low is None else test.low
        side = "before" if test.low is None else "after"
        return f"on or {side} {day_in_words(day)}" if day else ""
    if test.low == test.high:
        return f"on {day_in_words(test.low)}"
    return f"from {day_in_words(test.low)} to {day_in_words(test.high)}"
