"""What if: an audit of changed inputs, beside the audit of what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from app.core.explain.difference import Difference, difference
from app.core.language.diagnostics import shorten
from app.core.model.audit import Audit
from app.core.model.record import Achievement, AchievementId, LearnerRecord
from app.core.model.wish import NOTHING_WANTED, Wanted, Wish
from app.services.audits import in_view, judge, record_of
from app.services.basis import Gathering
from app.services.compiling import Compiler
from app.services.errors import (
    ConflictError,
    RefusedError,
    TooManyError,
    UnknownEntryError,
)
from app.services.ports import Clock, Storage, Unit
from app.services.stored import AwardChoice
from app.services.wanted import NO_WISHES, Wishes, wanted_of
from app.services.what_if_errors import ContradictingChangesError

MOST_CHANGES = 200
Auditing: TypeAlias = Callable[[LearnerRecord, Sequence[AwardChoice], Wanted], tuple[Audit, ...]]
"""Audits a record against awards together, with what is wanted beside the rules."""


class EntryExistsError(ConflictError):
    """The record has an entry of that name already."""

    def __init__(self, learner: str, kind: str, name: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"the record of `{shorten(learner)}` has two entries for the {kind} `{shorten(name)}`: "
            "give the new one an id of its own, or replace the old one",
            learner=learner,
            entry=name,
        )


class UnevenChoicesError(RefusedError):
    """A what-if names other awards or editions, but not one for each that it started from."""

    def __init__(self, before: int, after: int) -> None:
        """Say how many there have to be."""
        super().__init__(
            f"the change names {after} awards to judge by and the question {before}: "
            "name as many, in the same order",
            before=before,
            after=after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """What would be otherwise; `choices` are the awards to judge by instead, in the same order.

    `move` says where an achievement would have to count.
    """

    add: tuple[Achievement, ...] = ()
    remove: tuple[AchievementId, ...] = ()
    replace: tuple[Achievement, ...] = ()
    grades: Mapping[AchievementId, str] = field(default_factory=dict)
    choices: tuple[AwardChoice, ...] = ()
    move: Wish | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The audits before and after a change, and what the change brings, award by award.

    What need not move stays; the price of a move is told in the audit after it.
    """

    before: tuple[Audit, ...]
    after: tuple[Audit, ...]
    differences: tuple[Difference, ...]


class WhatIfService:
    """Audits hypothetical changes; nothing is stored."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def compare(
        self,
        learner: str,
        choices: Sequence[AwardChoice],
        hypothesis: Hypothesis,
        as_of: date | None = None,
        wishes: Wishes = NO_WISHES,
    ) -> Comparison:
        """Compare a learner's audits before and after a change."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            record = in_view(record_of(unit, learner), day)
            wanted = wanted_of(unit, learner, wishes)
            return compare(self._auditing(unit, day), record, choices, hypothesis, wanted)

    def compare_record(
        self,
        record: LearnerRecord,
        choices: Sequence[AwardChoice],
        hypothesis: Hypothesis,
        as_of: date | None = None,
        wishes: Sequence[Wish] = (),
    ) -> Comparison:
        """Compare the audits of a record that nobody keeps before and after a change."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            wanted = Wanted(tuple(wishes)) if wishes else NOTHING_WANTED
            return compare(self._auditing(unit, day), record, choices, hypothesis, wanted)

    def _auditing(self, unit: Unit, as_of: date) -> Auditing:
        def audits(
            record: LearnerRecord, choices: Sequence[AwardChoice], wanted: Wanted
        ) -> tuple[Audit, ...]:
            basis = Gathering(unit, self._compiler, record, as_of).basis(choices)
            return judge(self._compiler, basis, record, as_of, wanted)

        return audits


def compare(
    audits: Auditing,
    record: LearnerRecord,
    choices: Sequence[AwardChoice],
    hypothesis: Hypothesis,
    wanted: Wanted = NOTHING_WANTED,
) -> Comparison:
    """Compare the audits of a record before and after a change."""
    if hypothesis.choices and len(hypothesis.choices) != len(choices):
        raise UnevenChoicesError(len(choices), len(hypothesis.choices))
    changed = changed_record(record, hypothesis)
    before = audits(record, choices, wanted)
    # What need not move stays where it was shown.
    staying = Wanted(wanted.wishes, before[0].certificate, hypothesis.move)
    after = audits(changed, hypothesis.choices or choices, staying)
    pairs = zip(before, after, strict=True)
    return Comparison(before, after, tuple(difference(old, new) for old, new in pairs))


def changed_record(record: LearnerRecord, hypothesis: Hypothesis) -> LearnerRecord:
    """Return the record as it would be; UnknownEntryError where it lacks what is to change."""
    count = sum(map(len, (hypothesis.add, hypothesis.remove, hypothesis.replace)))
    if count + len(hypothesis.grades) > MOST_CHANGES:
        raise TooManyError("changes", count + len(hypothesis.grades), MOST_CHANGES)
    changed = {one.id for one in hypothesis.replace} | set(hypothesis.grades)
    both = sorted(changed.intersection(hypothesis.remove))
    if both:
        raise ContradictingChangesError(both)
    held = {one.id: one for one in record.achievements}
    replaced = {one.id: one for one in hypothesis.replace}
    for name in (*hypothesis.remove, *replaced, *hypothesis.grades):
        if name not in held:
            raise UnknownEntryError(record.learner, "achievement", name)
    held |= replaced
    held |= {name: replace(held[name], grade=grade) for name, grade in hypothesis.grades.items()}
    kept = [one for name, one in held.items() if name not in hypothesis.remove]
    return replace(record, achievements=(*kept, *_added(record, kept, hypothesis.add)))


def _added(
    record: LearnerRecord, kept: Iterable[Achievement], add: Sequence[Achievement]
) -> Iterable[Achievement]:
    taken = Counter(one.id for one in (*kept, *add))
    for name, count in taken.items():
        if count > 1:
            raise EntryExistsError(record.learner, "achievement", name)
    return add
