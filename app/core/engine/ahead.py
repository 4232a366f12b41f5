"""What a credential says of its achievements before any is seen, and what each is still asked.

Sets of selectors are integer bit masks over the award's selectors.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from app.core.engine.selectors import Judge, Terms, amount_of
from app.core.model.credential import Credential
from app.core.model.credits import Credits
from app.core.model.errors import AuditError
from app.core.model.record import Achievement
from app.core.model.selector import (
    AgeTest,
    AnyOf,
    CreditTest,
    DateTest,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    Selector,
    Test,
)

# So many different answers of achievements of one credential are kept for the ones to come.
MOST_SEEN = 64
Fact: TypeAlias = Callable[[Achievement], Hashable]


@dataclass(slots=True, eq=False)
class Ahead:
    """The selectors that admit for certain, and what the open ones ask, each question once.

    `facts` are all that the questions look at; None where they look at days. What was answered for
    some facts is `seen`.
    """

    decided: int
    questions: tuple[tuple[Selector, int], ...]
    facts: tuple[Fact, ...] | None
    seen: dict[Hashable, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """The selectors that ask something."""
        found = 0
        for _, selectors in self.questions:
            found |= selectors
        return found

    def admitting(self, judge: Judge, achievement: Achievement) -> int:
        """Return the selectors that admit an achievement; AuditError where it cannot be judged."""
        if not self.questions:
            return self.decided
        if self.facts is None:
            return self.judged(judge)
        key = tuple([fact(achievement) for fact in self.facts])
        found = self.seen.get(key)
        if found is None:
            found = self.judged(judge)
            if len(self.seen) >= MOST_SEEN:
                self.seen.clear()
            # Threads may race here; both write the same value.
            self.seen[key] = found
        return found

    def judged(self, judge: Judge) -> int:
        """Return the selectors that do not refuse what the judge looks at."""
        found = self.decided
        for asked, selectors in self.questions:
            if judge.all_of(asked) is not False:
                found |= selectors
        return found


@dataclass(slots=True, eq=False)
class CredentialPlan:
    """A credential under the selectors of an award; `amount` is absent where nothing converts.

    `kinds` fills itself: what is known of achievements by the attributes that they state, under
    None of those that may state anything.
    """

    credential: Credential
    selectors: Sequence[Selector]
    terms: Terms
    amount: Credits | None
    kinds: dict[frozenset[str] | None, Ahead] = field(default_factory=dict)

    def admits(self, selector: int) -> bool:
        """Say whether a selector admits the credential, whatever an achievement of it says."""
        return bool(self.ahead(None).decided >> selector & 1)

    def may_admit(self, selector: int) -> bool:
        """Say whether a selector admits the credential or some achievement of it."""
        known = self.ahead(None)
        return bool((known.decided | known.open) >> selector & 1)

    def of(self, achievement: Achievement) -> Ahead:
        """Return what is known of achievements that state what this one does."""
        stated = frozenset(achievement.attributes)
        return self.ahead(stated if achievement.credits is None else stated | {"credit"})

    def ahead(self, stated: frozenset[str] | None) -> Ahead:
        """Return what is known of achievements that state these attributes, or any."""
        found = self.kinds.get(stated)
        if found is None:
            # Threads may race here; both write the same value.
            found = self.kinds[stated] = self._ahead(stated)
        return found

    def _ahead(self, stated: frozenset[str] | None) -> Ahead:
        judge = Judge(self.credential, None, self.terms, stated=stated)
        decided, questions = 0, dict[Selector, int]()
        for number, selector in enumerate(self.selectors):
            left = selector
            try:
                verdict = judge.all_of(selector)
                if verdict is None:
                    left = judge.left(selector)
            except AuditError:
                # A unit that nothing converts leaves it undecided.
                verdict = None
            if verdict is None:
                questions[left] = questions.get(left, 0) | 1 << number
            elif verdict:
                decided |= 1 << number
        keys = {key for asked in questions for key in _keys(asked)}
        dated = not keys.isdisjoint(_DAYS)
        facts = None if dated else tuple(_fact(key) for key in sorted(keys))
        return Ahead(decided, tuple(questions.items()), facts)


def plan(credential: Credential, selectors: Sequence[Selector], terms: Terms) -> CredentialPlan:
    """Return the plan of a credential, with nothing known of its achievements yet."""
    amount = None
    with suppress(AuditError):
        amount = amount_of(None, credential, terms)
    return CredentialPlan(credential, selectors, terms, amount)


def _keys(selector: Selector) -> Iterator[str]:
    """The facts of an achievement that a selector looks at."""
    for test in selector.tests:
        yield from _keys_of(test)


def _keys_of(test: Test) -> Iterator[str]:
    match test:
        case OneOf(key="grade") | GradeTest():
            yield from ("grade", "status")
        case OneOf():
            yield test.key
        case CreditTest():
            yield from (".credits", ".unit")
        case AgeTest() | DateTest():
            yield from _DAYS
        case LevelTest():
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
