"""The checker's own reading of selectors: docs/solver.md, section 3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, assert_never

from app.core.engine.verify_facts import Reading, unfinished
from app.core.model.credential import Credential, Fact
from app.core.model.errors import InvariantError
from app.core.model.level import level_in
from app.core.model.record import Achievement
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    AgeTest,
    AnyOf,
    CreditTest,
    DateTest,
    ForWhom,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    OwnTest,
    RangeTest,
    Selector,
    Test,
)

Ordered = TypeVar("Ordered", int, date)

# Three-valued truth as numbers: `and` is the least, `or` the greatest, `not` is YES less it.
NO, UNDECIDED, YES = 0, 1, 2

STATED: Mapping[str, Callable[[Credential], Iterable[Fact]]] = {
    "credential": lambda credential: (credential.id,),
    "type": lambda credential: (credential.type,),
    "issuer": lambda credential: (credential.issuer,),
    "field": lambda credential: credential.fields,
    "mode": lambda credential: (credential.mode,),
    "language": lambda credential: (credential.language,),
    "tag": lambda credential: credential.tags,
    "relation": lambda credential: (credential.relation or "",),
    "size": lambda credential: (credential.size or "",),
    "outcome": lambda credential: credential.outcomes,
    "skill": lambda credential: credential.skills,
    "level": lambda credential: (str(credential.level or ""),),
}


def admits(reading: Reading, selector: Selector, one: Achievement) -> bool:
    """Say whether a selector admits `one`; what is undecided as a whole is admitted."""
    return Question(reading, reading.credential(one), one).all(selector) != NO


def applies(reading: Reading, selector: Selector, one: Achievement) -> bool:
    """Say the same with every test of a grade undecided."""
    return Question(reading, reading.credential(one), one, graded=False).all(selector) != NO


def can_admit(reading: Reading, selector: Selector, credential: Credential) -> bool:
    """Say whether some achievement of `credential` could be admitted."""
    return Question(reading, credential, None).all(selector) != NO


def facts_of(reading: Reading, key: str, one: Achievement) -> frozenset[Fact]:
    """Return what `one`, else its credential, says of `key`."""
    return Question(reading, reading.credential(one), one).facts(key) or frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What a test is asked about: a credential, and one achievement of it or any (None)."""

    reading: Reading
    credential: Credential
    one: Achievement | None
    graded: bool = True

    def all(self, selector: Selector) -> int:
        """Return the truth of all tests together."""
        return min((self.truth(test) for test in selector.tests), default=YES)

    def truth(self, test: Test) -> int:
        """Return the truth of one test."""
        match test:
            case OneOf():
                return self.one_of(test)
            case LevelTest():
                return self.level(test)
            case CreditTest():
                reading = self.reading
                size = (
                    reading.amount(self.one, decided=False)
                    if self.one
                    else reading.size(self.credential)
                )
                return YES if inside(test.low, size, test.high) else NO
            case GradeTest():
                return self.grade(test)
            case DateTest() | AgeTest():
                return self.day(test)
            case RangeTest():
                return self.in_range(test)
            case ForWhom() | OwnTest():
                raise InvariantError(UNREAD)
            case Not():
                return YES - self.all(test.inner)
            case AnyOf():
                return max((self.all(option) for option in test.options), default=NO)
            case _:
                assert_never(test)

    def one_of(self, test: OneOf) -> int:
        """Return whether a fact is one of several values."""
        if test.key == "grade" and (self.to_come("grade") or not self.graded):
            return UNDECIDED
        if test.key == "credential":
            return YES if any(self.named(str(value), test) for value in test.values) else NO
        found = self.facts(test.key)
        if found is None:
            return UNDECIDED
        if test.key == "used_in" and "any" in test.values:
            return YES if found else NO
        if test.key == "field":
            return YES if any(str(f).startswith(str(v)) for f in found for v in test.values) else NO
        return NO if found.isdisjoint(test.values) else YES

    def in_range(self, test: RangeTest) -> int:
        """Return whether an attribute is a number or a day between two others."""
        found = self.facts(test.key)
        if found is None:
            return UNDECIDED
        kinds = {type(end) for end in (test.low, test.high) if end is not None}
        alike = [value for value in found if {type(value)} == kinds]
        return YES if any(between_ends(test, value) for value in alike) else NO

    def named(self, pattern: str, test: OneOf) -> bool:
        """Say whether a pattern names the credential, or one equivalent to it."""
        own = self.credential.id
        if fits(pattern, own) or test.exactly:
            return fits(pattern, own)
        called = {*self.reading.known, *self.credential.equivalents}
        known = (other for other in called if fits(pattern, other))
        return any(self.reading.equivalent(own, other) for other in known)

    def facts(self, key: str) -> frozenset[Fact] | None:
        """Return what is said of `key`; None where only an achievement would say it."""
        if key == "used_in":
            return frozenset(self.one.used_in) if self.one else None
        if key in ACHIEVEMENT_KEYS or key == "grade":
            return frozenset({getattr(self.one, key)} - {""}) if self.one else None
        if key in STATED:
            return frozenset(STATED[key](self.credential)) - {""}
        for declared in (self.one.attributes if self.one else {}, self.credential.attributes):
            if key in declared:
                stated = declared[key]
                return frozenset(stated if isinstance(stated, tuple) else {stated})
        return frozenset() if self.one else None

    def to_come(self, fact: str) -> bool:
        """Say whether a fact of the learner's is not there yet, but will be."""
        return self.one is None or (not getattr(self.one, fact) and unfinished(self.one))

    def level(self, test: LevelTest) -> int:
        """Return whether the level is right, compared within one framework."""
        own, table = self.credential.level, self.reading.catalogue.levels
        step = level_in(own, test.framework, table) if own else None
        if step is None:
            return NO
        policy = self.reading.policies.get("level")
        exact = test.high is None and (policy if test.reading == "policy" else test.reading) == "at"
        return YES if inside(test.low, step, test.low if exact else test.high) else NO

    def grade(self, test: GradeTest) -> int:
        """Return whether the grade is high and low enough."""
        if self.to_come("grade") or not self.graded:
            return UNDECIDED
        if self.one is None or not self.one.grade:
            return NO
        low, high = (self.reading.grade(end).rank if end else None for end in (test.low, test.high))
        return YES if inside(low, self.reading.grade(self.one.grade).rank, high) else NO

    def day(self, test: DateTest | AgeTest) -> int:
        """Return whether a day is between two others, or recent enough."""
        fact = test.fact if isinstance(test, DateTest) else test.since
        if fact == "awarded" and self.one is not None and self.one.awarded is None:
            fact = "earned"
        if self.to_come(fact):
            return UNDECIDED
        day: date | None = getattr(self.one, fact)
        if day is None:
            return NO
        if isinstance(test, DateTest):
            return YES if inside(test.low, day, test.high) else NO
        return YES if self.reading.milestone(test.until) <= test.span.after(day) else NO


UNREAD = "the checker reads selectors as they are for a learner, without circumstances"
DIGITS = "0123456789"


def inside(low: Ordered | None, value: Ordered, high: Ordered | None) -> bool:
    """Say whether `value` is between two ends, both inside; None is no end."""
    return not ((low is not None and value < low) or (high is not None and value > high))


def between_ends(test: RangeTest, value: Fact) -> bool:
    """Say whether a number or a day lies between the ends of a range."""
    own, low, high = (
        None if end is None else end.toordinal() if isinstance(end, date) else int(end)
        for end in (value, test.low, test.high)
    )
    return own is not None and inside(low, own, high)


def fits(pattern: str, name: str) -> bool:
    """Say whether a pattern writes `name`: a star is any text, `3..9` a number at the end."""
    start, dots, last = pattern.partition("..")
    if dots:
        stem = start.rstrip(DIGITS)
        number = name.removeprefix(stem)
        right = name.startswith(stem) and number and not number.strip(DIGITS)
        return bool(right) and int(start[len(stem) :]) <= int(number) <= int(last)
    if "*" not in pattern:
        return pattern == name
    # The places in the pattern that are reached after each letter; a star may stay where it is.
    reached = stars(pattern, {0})
    for letter in name:
        stepped = {at + 1 for at in reached if pattern[at : at + 1] == letter != "*"}
        reached = stars(pattern, stepped | {at for at in reached if pattern[at : at + 1] == "*"})
    return len(pattern) in reached


def stars(pattern: str, places: set[int]) -> set[int]:
    """Return the places with those that skipping stars leads to."""
    found = set(places)
    for at in range(len(pattern)):
        if at in found and pattern[at] == "*":
            found.add(at + 1)
    return found
