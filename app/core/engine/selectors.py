"""Selectors judged on credentials and achievements, in three-valued logic.

True and False are final; None is undecided: the fact is the learner's and not given yet
(docs/solver.md §3). What is undecided as a whole admits.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, assert_never

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Fact, each_of
from app.core.model.credits import ConversionPolicy, Credits, show_credits
from app.core.model.errors import AuditError
from app.core.model.grade import Grade, GradeScale
from app.core.model.level import level_in
from app.core.model.record import Achievement, LearnerRecord
from app.core.model.selector import (
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
    fits,
)

Verdict3: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule's tests are read against: the award's unit and the policies that apply."""

    catalogue: Catalogue
    unit: str
    level_reading: str
    scale: GradeScale | None
    conversion: ConversionPolicy | None
    equivalents: Mapping[CredentialId, frozenset[CredentialId]]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that tests of age and windows look at."""

    as_of: date
    milestones: Mapping[str, date] = field(default_factory=dict)

    @classmethod
    def of(cls, record: LearnerRecord, as_of: date) -> Days:
        """Return a day with the milestones that a record has by then."""
        return cls(as_of, {one.name: one.on for one in record.milestones if one.on <= as_of})

    def until(self, name: str) -> date:
        """Return the day of a milestone, or the audit's day where it is not recorded."""
        return self.as_of if name == "audit" else self.milestones.get(name, self.as_of)


def equivalents_of(catalogue: Catalogue) -> Mapping[CredentialId, frozenset[CredentialId]]:
    """Return the direct equivalents of every credential that has any, both ways."""
    return catalogue.once("equivalents", lambda: _equivalents(catalogue))


def _equivalents(catalogue: Catalogue) -> Mapping[CredentialId, frozenset[CredentialId]]:
    found: dict[CredentialId, set[CredentialId]] = {}
    for credential in catalogue.credentials.values():
        for other in credential.equivalents:
            found.setdefault(credential.id, set()).add(other)
            found.setdefault(other, set()).add(credential.id)
    return {name: frozenset(others) for name, others in found.items()}


def seen_by(test: Test) -> Callable[[Credential], Hashable]:
    """Return what a test that holds no other sees of a credential alone; its id apart."""
    match test:
        case OneOf(key="field"):
            return lambda credential: credential.fields
        case OneOf(key=key) if key in _CREDENTIAL_FACTS:
            return _CREDENTIAL_FACTS[key]
        case OneOf(key=key) if key not in {"grade", "used_in"} and key not in _ACHIEVEMENT_FACTS:
            return lambda credential: credential.attributes.get(key)
        case RangeTest(key=key):
            return lambda credential: credential.attributes.get(key)
        case LevelTest():
            return lambda credential: credential.level
        case CreditTest():
            return lambda credential: (credential.credits, credential.unit)
        case _:
            return lambda _: None


def amount_of(achievement: Achievement | None, credential: Credential, terms: Terms) -> Credits:
    """Return the credits in the award's unit; AuditError `no-conversion` where none converts."""
    own, unit = credential.credits, credential.unit
    if achievement is not None and achievement.credits is not None:
        own, unit = achievement.credits, achievement.unit or credential.unit
    if unit in {terms.unit, ""} or own == 0:
        return own
    brought = terms.conversion.convert(own, unit, terms.unit) if terms.conversion else None
    if brought is None:
        raise AuditError("no-conversion", _unconverted(own, unit, credential, terms), credential.id)
    return brought


def _unconverted(own: Credits, unit: str, credential: Credential, terms: Terms) -> str:
    carries = f"`{credential.id}` carries {show_credits(own)} `{unit}` and the award counts in"
    if terms.conversion is None:
        why = "no policy says how to convert; name a `conversion` policy that does"
    elif terms.conversion.rate(unit, terms.unit) is None:
        why = f"the policy `{terms.conversion.name}` has no rate for that; name one that does"
    else:
        why = f"the policy `{terms.conversion.name}` rounds nothing; name one that does"
    return f"{carries} `{terms.unit}`: {why}"


def grade_of(achievement: Achievement, terms: Terms) -> Grade | None:
    """Return the achievement's grade on the scale that applies; None where it has none."""
    if not achievement.grade or terms.scale is None:
        return None
    grade = terms.scale.get(achievement.grade)
    if grade is None:
        known = ", ".join(terms.scale.grades)
        sentence = (
            f"the scale `{terms.scale.name}` has no grade `{achievement.grade}`; it knows {known}"
        )
        raise AuditError("unknown-grade", sentence, achievement.id)
    return grade


class Judge:
    """One credential (and achievement) under judgement; what is absent is undecided.

    Of an achievement not seen yet may be known which attributes it has `stated`, none besides.
    """

    __slots__ = ("achievement", "credential", "days", "graded", "stated", "terms")

    def __init__(  # noqa: D107 -- the class says it
        self,
        credential: Credential,
        achievement: Achievement | None,
        terms: Terms,
        days: Days | None = None,
        *,
        graded: bool = True,
        stated: Container[str] | None = None,
    ) -> None:
        self.credential = credential
        self.achievement = achievement
        self.terms = terms
        self.days = days
        self.graded = graded
        self.stated = stated

    def all_of(self, selector: Selector) -> Verdict3:
        """Judge a selector."""
        verdict: Verdict3 = True
        for test in selector.tests:
            one = self.test(test)
            if one is False:
                return False
            if one is None:
                verdict = None
        return verdict

    def test(self, test: Test) -> Verdict3:
        """Judge one test."""
        match test:
            case OneOf():
                return self._one_of(test)
            case LevelTest():
                return self._level(test)
            case GradeTest():
                return self._grade(test)
            case CreditTest():
                return self._credit(test)
            case DateTest() | AgeTest():
                return self._dated(test)
            case RangeTest():
                own = self._attribute(test.key)
                return None if own is None else any(map(test.holds, own))
            case ForWhom() | OwnTest():
                return _of_the_learner(test)
            case Not():
                inner = self.all_of(test.inner)
                return None if inner is None else not inner
            case AnyOf():
                return _or([self.all_of(option) for option in test.options])
            case _:
                assert_never(test)

    def _credit(self, test: CreditTest) -> Verdict3:
        if self.achievement is None and self.stated is not None and "credit" in self.stated:
            return None
        own = amount_of(self.achievement, self.credential, self.terms)
        return _within(own, test.low, test.high)

    def left(self, selector: Selector) -> Selector:
        """Return what an undecided selector still asks, without what is certain inside it."""
        tests = [test for test in selector.tests if self.test(test) is not True]
        return Selector(tuple(map(self._left, tests)))

    def _left(self, test: Test) -> Test:
        match test:
            case Not():
                return Not(self.left(test.inner))
            case AnyOf():
                return AnyOf(tuple(map(self.left, filter(self._asks, test.options))))
            case _:
                return test

    def _asks(self, option: Selector) -> bool:
        """Say whether anything is asked before a certain no: that may be a grade none knows."""
        return next(
            (one is None for test in option.tests if (one := self.test(test)) is not True), True
        )

    def _one_of(self, test: OneOf) -> Verdict3:
        key, values = test.key, test.values
        if key == "credential":
            return self._named(values, exactly=test.exactly)
        if key in _CREDENTIAL_FACTS:
            own = _CREDENTIAL_FACTS[key](self.credential)
            return own in values if isinstance(own, str) else not set(own).isdisjoint(values)
        if key == "field":
            return any(
                code.startswith(str(value)) for code in self.credential.fields for value in values
            )
        if key == "grade":
            return self._grade_among(values)
        if key in _ACHIEVEMENT_FACTS:
            return (
                None
                if self.achievement is None
                else _ACHIEVEMENT_FACTS[key](self.achievement) in values
            )
        if key == "used_in":
            return self._used_in(values)
        return self._has_value(key, values)

    def _named(self, values: tuple[Fact, ...], *, exactly: bool) -> bool:
        own = self.credential.id
        candidates = {own} if exactly else {own, *self.terms.equivalents.get(own, ())}
        return any(fits(str(value), name) for value in values for name in candidates)

    def _used_in(self, values: tuple[Fact, ...]) -> Verdict3:
        if self.achievement is None:
            return None
        used = self.achievement.used_in
        return bool(used) if "any" in values else any(award in values for award in used)

    def _attribute(self, key: str) -> tuple[Fact, ...] | None:
        """The values stated of a declared attribute; None where that is not known yet."""
        own = self.credential.attributes.get(key)
        if self.achievement is not None:
            own = self.achievement.attributes.get(key, own)
        elif key in self.stated if self.stated is not None else own is None:
            return None
        return each_of(own)

    def _has_value(self, key: str, values: tuple[Fact, ...]) -> Verdict3:
        own = self._attribute(key)
        if own is None:
            return None
        # `True == 1` in Python; a flag is never a number here.
        return any(type(one) is type(value) and one == value for one in own for value in values)

    def _level(self, test: LevelTest) -> bool:
        if self.credential.level is None:
            return False
        step = level_in(self.credential.level, test.framework, self.terms.catalogue.levels)
        if step is None:
            return False
        reading = self.terms.level_reading if test.reading == "policy" else test.reading
        if reading == "at":
            return step == test.low
        return (test.low is None or step >= test.low) and (test.high is None or step <= test.high)

    def _ungraded(self) -> Verdict3:
        """What a test of a grade says where there is none."""
        if self.achievement is None or self.achievement.status in {"in-progress", "planned"}:
            return None
        return False

    def _grade(self, test: GradeTest) -> Verdict3:
        if not self.graded or self.achievement is None:
            return None
        own = grade_of(self.achievement, self.terms)
        if own is None:
            return self._ungraded()
        return _within(own.rank, self._rank(test.low), self._rank(test.high))

    def _grade_among(self, values: tuple[Fact, ...]) -> Verdict3:
        if not self.graded or self.achievement is None:
            return None
        return self.achievement.grade in values if self.achievement.grade else self._ungraded()

    def _rank(self, symbol: str | None) -> int | None:
        if symbol is None:
            return None
        grade = self.terms.scale.get(symbol) if self.terms.scale else None
        if grade is None:
            sentence = f"the rule asks for grade `{symbol}`, which the scale that applies lacks"
            raise AuditError("unknown-grade", sentence)
        return grade.rank

    def _day(self, fact: str) -> date | Verdict3:
        if self.achievement is None:
            return None
        day: date | None = getattr(self.achievement, fact)
        if day is None and fact == "awarded":
            day = self.achievement.earned
        return self._ungraded() if day is None else day

    def _dated(self, test: DateTest | AgeTest) -> Verdict3:
        day = self._day(test.fact if isinstance(test, DateTest) else test.since)
        if not isinstance(day, date):
            return day
        if isinstance(test, DateTest):
            return _within(day, test.low, test.high)
        return None if self.days is None else test.span.after(day) >= self.days.until(test.until)


def _of_the_learner(test: ForWhom | OwnTest) -> Verdict3:
    """Return what a rule that is read for one learner says; else it may be for anybody."""
    if isinstance(test, ForWhom):
        return test.so
    return False if test.lacks else None


def _within(own: int | date, low: int | date | None, high: int | date | None) -> bool:
    return (low is None or own >= low) and (high is None or own <= high)  # type: ignore[operator]


def _or(verdicts: list[Verdict3]) -> Verdict3:
    if True in verdicts:
        return True
    return None if None in verdicts else False


_CREDENTIAL_FACTS: Mapping[str, Callable[[Credential], str | tuple[str, ...]]] = {
    "type": lambda credential: credential.type,
    "issuer": lambda credential: credential.issuer,
    "mode": lambda credential: credential.mode,
    "language": lambda credential: credential.language,
    "relation": lambda credential: credential.relation or "",
    "size": lambda credential: credential.size or "",
    "tag": lambda credential: credential.tags,
    "outcome": lambda credential: credential.outcomes,
    "skill": lambda credential: credential.skills,
}
CREDENTIAL_FACTS: frozenset[str] = frozenset({"credential", "field", *_CREDENTIAL_FACTS})
_ACHIEVEMENT_FACTS: Mapping[str, Callable[[Achievement], Fact]] = {
    "source": lambda achievement: achievement.source,
    "status": lambda achievement: achievement.status,
    "attempt": lambda achievement: achievement.attempt,
    "registration": lambda achievement: achievement.registration,
    "term": lambda achievement: achievement.term,
}
