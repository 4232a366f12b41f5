"""What a credential says of its achievements before any is seen, and what each is still asked.

Sets of selectors are integer bit masks over the award's selectors.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

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
class CredentialPlan:
    """A credential under the selectors of an award; `amount` is absent where nothing converts.

    Selectors that admit its achievements for certain are `decided`; `questions` are what others
    ask, each once. `facts` is all that these look at, None where they look at days; what was
    answered for some facts is `seen`.
    """

    credential: Credential
    terms: Terms
    amount: Credits | None
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

    def _judged(self, achievement: Achievement, days: Days) -> int:
        """The selectors that do not refuse an achievement."""
        judge, found = Judge(self.credential, achievement, self.terms, days), self.decided
        for asked, selectors in self.questions:
            if judge.all_of(asked) is not False:
                found |= selectors
        return found


def plan(
    credential: Credential,
    selectors: Sequence[Selector],
    terms: Terms,
    stated: Container[str] | None,
) -> CredentialPlan:
    """Return the plan of a credential for achievements that state this much, or may state any."""
    judge = Judge(credential, None, terms, stated=stated)
    decided, questions = 0, dict[Selector, int]()
    for number, selector in enumerate(selectors):
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
    amount = None
    with suppress(AuditError):
        amount = amount_of(None, credential, terms)
    facts = _facts(questions)
    return CredentialPlan(credential, terms, amount, decided, tuple(questions.items()), facts)


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
