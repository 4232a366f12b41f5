"""Which edition of an award binds a learner.

An edition without a last day is in force until a later one begins: a published edition is never
edited, it is superseded from a date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from app.core.model.period import Period
from app.core.model.record import LearnerRecord
from app.core.model.rule import POLICIES, RuleEdition
from app.services.errors import NoEditionInForceError, PolicyMissingError
from app.services.stored import EditionEntry

ADMISSION = "admission"
FirstCredit: TypeAlias = Callable[[], date | None]
"""Finds the day on which something was first taken toward the award, by any of its editions."""


def in_force(periods: Mapping[str, Period]) -> Mapping[str, Period]:
    """Return when each edition is in force, given the periods that the editions state."""
    starts = sorted(period.start for period in periods.values())
    return {edition: _cut(period, starts) for edition, period in periods.items()}


def _cut(period: Period, starts: Sequence[date]) -> Period:
    if period.until is not None:
        return period
    return Period(period.start, next((day for day in starts if day > period.start), None))


def settle(entries: Sequence[EditionEntry]) -> tuple[EditionEntry, ...]:
    """Return the editions of one award with the periods in which they are in force."""
    published = {one.edition: one.effective for one in entries if one.status == "published"}
    periods = in_force(published)
    return tuple(replace(one, in_force=periods.get(one.edition, one.effective)) for one in entries)


def overlap(periods: Mapping[str, Period], edition: str, period: Period) -> tuple[str, date] | None:
    """Return another edition that would be in force beside `edition`, and the first such day."""
    for other, kept in sorted(periods.items()):
        if other == edition:
            continue
        earlier, later = sorted((period, kept), key=lambda one: one.start)
        same_start = earlier.start == later.start
        if same_start or (earlier.until is not None and earlier.until > later.start):
            return other, later.start
    return None


def edition_on(award: str, periods: Mapping[str, Period], on: date) -> str:
    """Return the edition in force on a day; NoEditionInForceError names a day that would work."""
    found = [edition for edition, period in in_force(periods).items() if period.holds(on)]
    if not found:
        raise NoEditionInForceError(award, on, tuple(in_force(periods).values()))
    return found[0]


def bound_edition(
    award: str,
    editions: Mapping[str, RuleEdition],
    policies: Mapping[str, str],
    told: Mapping[str, str],
    anchor: Callable[[str], date],
) -> RuleEdition:
    """Return the edition that binds a learner; what is `told` goes before what anybody states.

    `anchor` returns the day that a policy binds by.
    """
    periods = {name: one.effective for name, one in editions.items()}
    latest = max(editions.values(), key=lambda one: one.effective.start)
    policy = edition_policy(award, periods, {**policies, **latest.policies, **told})
    return editions[edition_on(award, periods, anchor(policy))]


def anchor_day(policy: str, record: LearnerRecord, as_of: date, first_credit: FirstCredit) -> date:
    """Return the day whose edition binds; what is not recorded falls on the audit's day."""
    if policy == "admission":
        days = (step.on for step in record.milestones if step.name == ADMISSION)
        return min(days, default=as_of)
    return (first_credit() if policy == "first-credit" else None) or as_of


def edition_policy(award: str, periods: Mapping[str, Period], policies: Mapping[str, str]) -> str:
    """Return what the institution says binds a learner; one edition alone needs no answer."""
    if "edition" in policies:
        return policies["edition"]
    if len(periods) > 1:
        raise PolicyMissingError("edition", award, POLICIES["edition"])
    return "audit"
