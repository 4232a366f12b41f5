"""What a credential says of its achievements before any is seen, and what each is still asked.

Sets of selectors are integer bit masks over the award's selectors.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from app.core.engine.listing import Admitted, Listing, places_of
from app.core.engine.selectors import CREDENTIAL_FACTS, Days, Judge, Terms, amount_of
from app.core.model.credential import Credential
from app.core.model.credits import Credits
from app.core.model.errors import AuditError
from app.core.model.record import Achievement
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
)

# So many different answers of achievements of one credential are kept for the ones to come.
MOST_SEEN = 64
Fact: TypeAlias = Callable[[Achievement], Hashable]


@dataclass(frozen=True, slots=True, eq=False)
class Tests:
    """The selectors of an award and the tests that they are made of, each once.

    `parts` and `masks` have the tests of each selector, in its order and as a set; `stating` the
    attributes by which an achievement changes what a test says. `found` fills itself, for
    achievements that may state anything and for those that state nothing.
    """

    selectors: tuple[Selector, ...]
    every: tuple[Test, ...]
    parts: tuple[tuple[int, ...], ...]
    masks: tuple[int, ...]
    stating: tuple[frozenset[str], ...]
    found: dict[bool, tuple[Admitted, ...]] = field(default_factory=dict)

    @classmethod
    def of_all(cls, selectors: Iterable[Selector]) -> Tests:
        """Take selectors apart."""
        known, tests = tuple(selectors), dict[Test, int]()
        parts = [tuple(tests.setdefault(test, len(tests)) for test in one.tests) for one in known]
        masks = [sum({1 << number for number in own}) for own in parts]
        return cls(known, tuple(tests), tuple(parts), tuple(masks), tuple(map(_stating, tests)))

    def of(self, selector: int, tests: int) -> list[Test]:
        """Return those of some tests that a selector is made of, in its order."""
        if not self.masks[selector] & tests:
            return []
        return [self.every[one] for one in self.parts[selector] if tests >> one & 1]

    def admitted(self, listing: Listing, *, stated: bool) -> tuple[Admitted, ...]:
        """Return what each test admits of a listing."""
        found = self.found.get(stated)
        if found is None:
            # Threads may race here; both write the same value.
            passing = [listing.passing(test, stated=stated) for test in self.every]
            found = self.found[stated] = tuple(passing)
        return found


class Ruling(NamedTuple):
    """The tests that a credential passes, fails, or cannot be judged by; the others are open."""

    passed: int = 0
    refused: int = 0
    failed: int = 0


NO_RULING = Ruling()


@dataclass(slots=True, eq=False)
class CredentialPlan:
    """A credential under the selectors of an award; `amount` is absent where nothing converts.

    Selectors that admit its achievements for certain are `decided`; `questions` are what others
    ask, each once, after a `ruling` on the `tests`. `facts` is all that these look at, None where
    they look at days; what was answered for some facts is `seen`.
    """

    credential: Credential
    terms: Terms
    amount: Credits | None
    tests: Tests
    ruling: Ruling
    decided: int
    questions: tuple[tuple[Selector, int], ...]
    facts: Fact | None
    seen: dict[Hashable, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """The selectors that ask something."""
        found = 0
        for _, selectors in self.questions:
            found |= selectors
        return found

    def admits(self, selector: int) -> bool:
        """Say whether a selector admits the credential, whatever an achievement of it says."""
        return bool(self.decided >> selector & 1)

    def may_admit(self, selector: int) -> bool:
        """Say whether a selector admits the credential or some achievement of it."""
        return bool((self.decided | self.open) >> selector & 1)

    def admitting(self, achievement: Achievement, days: Days) -> int:
        """Return the selectors that admit an achievement; AuditError where it cannot be judged."""
        if not self.questions:
            return self.decided
        if self.facts is None:
            return self._judged(achievement, days)
        key = self.facts(achievement)
        found = self.seen.get(key)
        if found is None:
            found = self._judged(achievement, days)
            if len(self.seen) >= MOST_SEEN:
                self.seen.clear()
            # Threads may race here; both write the same value.
            self.seen[key] = found
        return found

    def failing(self, achievement: Achievement, days: Days) -> int:
        """Return the tests that an achievement fails for certain."""
        ruling, failing = self.ruling, 0
        judge = Judge(self.credential, achievement, self.terms, days)
        every = (1 << len(self.tests.every)) - 1
        for number in places_of(every & ~ruling.passed & ~ruling.refused):
            # A test that cannot be judged has refused the record, unless another one failed first.
            with suppress(AuditError):
                failing |= (judge.test(self.tests.every[number]) is False) << number
        return ruling.refused | failing

    def _judged(self, achievement: Achievement, days: Days) -> int:
        """The selectors that do not refuse an achievement."""
        judge, found = Judge(self.credential, achievement, self.terms, days), self.decided
        for asked, selectors in self.questions:
            if judge.all_of(asked) is not False:
                found |= selectors
        return found


def plan(
    credential: Credential,
    tests: Tests,
    terms: Terms,
    stated: Container[str] | None,
    listing: Listing | None,
) -> CredentialPlan:
    """Return the plan of a credential for achievements that state this much, or may state any.

    A `listing` has it as the catalogue has it.
    """
    judge = Judge(credential, None, terms, stated=stated)
    ruling = _ruling(judge, tests, stated, listing)
    decided, questions = 0, dict[Selector, int]()
    for number, own in enumerate(tests.masks):
        if own & ruling.refused and not own & ruling.failed:
            continue
        if not own & ~ruling.passed:
            decided |= 1 << number
            continue
        selector = left = tests.selectors[number]
        try:
            verdict = judge.all_of(selector)
            if verdict is None:
                left = judge.left(selector)
        except AuditError:
            # A unit that nothing converts leaves it undecided.
            verdict = None
        if verdict is None:
            questions[left] = questions.get(left, 0) | 1 << number
    amount = None
    with suppress(AuditError):
        amount = amount_of(None, credential, terms)
    facts = _facts(questions)
    return CredentialPlan(
        credential, terms, amount, tests, ruling, decided, tuple(questions.items()), facts
    )


def _ruling(
    judge: Judge, tests: Tests, stated: Container[str] | None, listing: Listing | None
) -> Ruling:
    """Look up what a listing has for all credentials, and judge what else there is."""
    if listing is None:
        return _judged(judge, tests.every, (1 << len(tests.every)) - 1)
    place = listing.place[judge.credential.id]
    passed = refused = failed = apart = 0
    for number, one in enumerate(tests.admitted(listing, stated=stated is not None)):
        if stated and any(name in stated for name in tests.stating[number]):
            apart |= 1 << number
        elif one.sure >> place & 1:
            passed |= 1 << number
        elif one.failed >> place & 1:
            failed |= 1 << number
        elif not one.open >> place & 1:
            refused |= 1 << number
    found = Ruling(passed, refused, failed)
    return _judged(judge, tests.every, apart, found) if apart else found


def _judged(judge: Judge, tests: Sequence[Test], apart: int, known: Ruling = NO_RULING) -> Ruling:
    """Judge the tests of a set, beside what is known of the others."""
    passed, refused, failed = known
    for number in places_of(apart):
        try:
            verdict = judge.test(tests[number])
        except AuditError:
            failed |= 1 << number
            continue
        if verdict:
            passed |= 1 << number
        elif verdict is False:
            refused |= 1 << number
    return Ruling(passed, refused, failed)


def _facts(questions: Iterable[Selector]) -> Fact | None:
    """All that questions look at; None where they look at days."""
    keys = {key for asked in questions for key in _keys(asked)}
    if keys & _DAYS:
        return None
    facts = [_fact(key) for key in sorted(keys)]
    return facts[0] if len(facts) == 1 else lambda one: tuple([fact(one) for fact in facts])


def asked_of(selectors: Iterable[Selector]) -> tuple[str, ...]:
    """Return what some selectors look at that an achievement may state of its credential."""
    keys = {key for selector in selectors for key in _keys(selector)}
    size = {"credit"} if ".credits" in keys else set()
    return tuple(sorted(keys - _OWN.keys() - _DAYS - CREDENTIAL_FACTS | size))


def dated(selectors: Iterable[Selector]) -> bool:
    """Say whether some selectors look at when something is earned: at its days, or its term."""
    return any(key in _DAYS or key == "term" for one in selectors for key in _keys(one))


def _stating(test: Test) -> frozenset[str]:
    """The names under which an achievement may state what a test sees of its credential."""
    keys = frozenset(_keys_of(test))
    return keys | {"credit"} if ".credits" in keys else keys


def _keys(selector: Selector) -> Iterator[str]:
    """The facts of an achievement that a selector looks at."""
    for test in selector.tests:
        yield from _keys_of(test)


def _keys_of(test: Test) -> Iterator[str]:
    match test:
        case OneOf(key="grade") | GradeTest():
            yield from ("grade", "status")
        case OneOf() | RangeTest():
            yield test.key
        case CreditTest():
            yield from (".credits", ".unit")
        case AgeTest() | DateTest():
            yield from _DAYS
        case LevelTest() | ForWhom() | OwnTest():
            return
        case Not():
            yield from _keys(test.inner)
        case AnyOf():
            for option in test.options:
                yield from _keys(option)


_DAYS = frozenset({".days"})
# A point marks what no rule names as a fact.
_OWN: Mapping[str, Fact] = {
    "grade": lambda one: one.grade,
    "status": lambda one: one.status,
    ".credits": lambda one: one.credits,
    ".unit": lambda one: one.unit,
    "source": lambda one: one.source,
    "attempt": lambda one: one.attempt,
    "registration": lambda one: one.registration,
    "term": lambda one: one.term,
    "used_in": lambda one: one.used_in,
}


def _fact(key: str) -> Fact:
    # What is none of these may be a declared attribute. `True == 1` in Python, but not as text.
    return _OWN.get(key) or (lambda one: repr(one.attributes.get(key)))
