"""A compiled award to what it is for one learner on one day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from app.core.engine.adjusting import Decided, decided
from app.core.engine.bind import Bearings, Question, asks_holdings, bind
from app.core.engine.compile import compile_bound
from app.core.engine.compiled import CompiledAward
from app.core.engine.personal import for_learner, selector_for_learner
from app.core.engine.rewrite import rewritten
from app.core.engine.selectors import Days, Judge, amount_of
from app.core.engine.taught import with_outcomes
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import Adjustment, AdjustmentKind, LearnerRecord
from app.core.model.selector import (
    AnyOf,
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    Holding,
    LearnerFact,
    Not,
    NotSo,
    OneOf,
    Recorded,
    Selector,
    fits,
)

# So many readings of one award are kept for the learners to come.
MOST_BOUND = 256
# Adjustments that make another rule; others change what may count, and with how many credits.
REWRITING: frozenset[AdjustmentKind] = frozenset({"waive", "adjust-quantity"})


class Applied(NamedTuple):
    """An award as it is for a learner, and the adjustments that go for it."""

    award: CompiledAward
    decided: tuple[Decided, ...] = ()


def applied(award: CompiledAward, record: LearnerRecord, as_of: date) -> Applied:
    """Return the award as it is for a learner; AuditError where the record lacks a number."""
    if not (award.questions or award.facts or award.owns or record.adjustments):
        return Applied(award)
    asked = _Asked(award.beside(record.credentials), record, as_of)
    holds = asked.answers(award.questions)
    facts = {name: asked.number(name) for name in award.facts}
    bearings = Bearings(holds, facts, {name: record.attributes.get(name) for name in award.owns})
    bound = _reading(award, bearings)
    if not record.adjustments:
        return Applied(bound)
    found = decided(asked.award, bound.rule, record, as_of)
    edits = [one.adjustment for one in found if one.lapsed is None]
    edits = [one for one in edits if one.kind in REWRITING]
    return Applied(_reading(award, bearings, edits) if edits else bound, found)


def _reading(
    award: CompiledAward, bearings: Bearings, edits: Sequence[Adjustment] = ()
) -> CompiledAward:
    """The award compiled for all for whom the same holds and was decided; kept once made."""
    if not (bearings.holds or bearings.facts or bearings.own or edits):
        return award
    decisions = frozenset((one.kind, one.requirement, one.amount) for one in edits)
    key: Hashable = (
        tuple(bearings.holds.values()),
        tuple(bearings.facts.values()),
        # `True == 1` in Python; a flag is never a number here.
        tuple([(type(own), own) for own in bearings.own.values()]),
        decisions,
    )
    found = award.bound.get(key)
    if found is None:
        if len(award.bound) >= MOST_BOUND:
            award.bound.clear()
        # Threads may race here; both write the same reading.
        rule = for_learner(award.rule, bearings.holds.get, bearings.own.get)
        if rule is not award.rule:
            rule = with_outcomes(rule, award.terms)
        bound = bind(rule, bearings)
        if edits:
            bound = rewritten(bound, edits)
        found = award.bound[key] = replace(
            compile_bound(award, bound), admission=award.admission, gates=award.gates
        )
    return found


def unmoved(award: CompiledAward, record: LearnerRecord, wider: LearnerRecord, as_of: date) -> bool:
    """Say whether who holds more than a record, up to a wider one, is in the same circumstances.

    With more held each test of it turns to yes, if at all: what it says of both it says of all
    between, and what is asked after it is the same.
    """
    if not asks_holdings(award.questions):
        return True
    told = []
    for one in (record, wider):
        asked = _Asked(award.beside(one.credentials), one, as_of)
        try:
            asked.answers(award.questions)
        except AuditError:
            return False
        told.append(asked.told)
    return told[0] == told[1]


class _Asked:
    """A learner under question; `told` is what each test of what is held came to."""

    def __init__(self, award: CompiledAward, record: LearnerRecord, as_of: date) -> None:
        self.award = award
        self.record = record
        self.days = Days.of(record, as_of)
        self.told: dict[Holding, bool] = {}

    def number(self, name: str) -> int | None:
        """The learner's attribute of that name, where it is a whole number."""
        own = self.record.attributes.get(name)
        return own if type(own) is int and own >= 0 else None

    def answers(self, questions: Iterable[Question]) -> dict[Circumstance, bool]:
        """What holds of the learner, of what is asked; in the order in which it is."""
        found: dict[Circumstance, bool] = {}
        waiting = [*reversed(list(questions))]
        while waiting:
            asked = waiting.pop()
            if asked.circumstance not in found:
                found[asked.circumstance] = self.holds(asked.circumstance)
            further = asked.then if found[asked.circumstance] else asked.otherwise
            waiting.extend(reversed(further))
        return found

    def holds(self, circumstance: Circumstance) -> bool:
        return all(map(self.test, circumstance.tests))

    def test(self, test: CircumstanceTest) -> bool:
        match test:
            case Declared():
                return any(fits(one, own) for own in self.record.declared for one in test.awards)
            case LearnerFact():
                return self.is_so(test)
            case Holding():
                return self.holding(test)
            case Recorded():
                on = self.days.milestones.get(test.milestone)
                early = on is None or (test.low is not None and on < test.low)
                return not early and (test.high is None or on is None or on <= test.high)
            case NotSo():
                return not self.holds(test.inner)
            case EitherSo():
                return any(map(self.holds, test.options))

    def is_so(self, test: LearnerFact) -> bool:
        own = self.record.attributes.get(test.key)
        if test.low is None and test.high is None:
            # `True == 1` in Python; a flag is never a number here.
            return any(type(own) is type(value) and own == value for value in test.values)
        if type(own) is not int:
            return False
        return (test.low is None or own >= test.low) and (test.high is None or own <= test.high)

    def holding(self, test: Holding) -> bool:
        """Say whether the record holds so much, each credential with its largest achievement."""
        stated = _tests_status(test.selector)
        selector = selector_for_learner(test.selector, self.holds, self.record.attributes.get)
        largest: dict[CredentialId, int] = {}
        for one in self.record.achievements:
            credential = self.award.credential(one.credential)
            if credential is None or not (stated or one.status == "earned"):
                continue
            judge = Judge(credential, one, self.award.terms, self.days)
            if judge.all_of(selector) is False:
                continue
            credits = test.measure == "credits"
            own = amount_of(one, credential, self.award.terms) if credits else 1
            largest[one.credential] = max(largest.get(one.credential, 0), own)
        found = self.told[test] = sum(largest.values()) >= test.amount
        return found


def _tests_status(selector: Selector) -> bool:
    """Say whether a selector says anything of the status: if not, only what is earned counts."""
    for test in selector.tests:
        match test:
            case OneOf(key="status"):
                return True
            case Not(inner):
                if _tests_status(inner):
                    return True
            case AnyOf(options):
                if any(map(_tests_status, options)):
                    return True
    return False
