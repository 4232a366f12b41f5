"""A record to items and masks: what may count where, before anything is placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.engine.compiled import CompiledAward, CredentialPlan
from app.core.engine.problem import ApartLimit, Item, bits
from app.core.engine.selectors import Days, admits, amount_of, grade_of
from app.core.model.certificate import AnswerName
from app.core.model.errors import AuditError
from app.core.model.record import Achievement, LearnerRecord, Status
from app.core.model.requirement import Window

ANSWERS: tuple[AnswerName, ...] = ("now", "projected", "planned")
STATUSES: Mapping[AnswerName, frozenset[Status]] = {
    "now": frozenset({"earned"}),
    "projected": frozenset({"earned", "in-progress"}),
    "planned": frozenset({"earned", "in-progress", "planned"}),
}
STARTS_CLOCK = frozenset({"earned", "in-progress", "planned", "failed", "withdrawn"})


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """A record brought to the terms of some awards; answers are cut out of it.

    `admitted[award][item]` holds the award's selectors that admit the item, as bits;
    `eligible[award][slot]` the items that a slot would take, were they countable.
    """

    awards: tuple[CompiledAward, ...]
    record: LearnerRecord
    days: Days
    items: tuple[Item, ...]
    admitted: tuple[tuple[int, ...], ...]
    eligible: tuple[tuple[int, ...], ...]
    aparts: tuple[ApartLimit, ...]
    offsets: tuple[int, ...]


def pool(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Pool:
    """Bring a record to the terms of `awards`; AuditError where it cannot be judged."""
    days = Days(as_of, {step.name: step.on for step in record.milestones if step.on <= as_of})
    items = tuple(_items(awards, record, as_of))
    offsets = _offsets(awards)
    admitted, eligible, aparts = [], [], []
    for number, award in enumerate(awards):
        plans = [_plan(award, item.achievement) for item in items]
        bits_of = tuple(
            _admitted(award, plan, item.achievement, days)
            for plan, item in zip(plans, items, strict=True)
        )
        admitted.append(bits_of)
        masks = _eligible(award, bits_of)
        for plan in award.windows:
            apart = _window(award, number, plan.mask, plan.window, items, masks, record, days)
            if apart is not None:
                aparts.append(replace(apart, slots=apart.slots << offsets[number]))
        eligible.append(tuple(masks))
    return Pool(
        tuple(awards), record, days, items, tuple(admitted), tuple(eligible), tuple(aparts), offsets
    )


def _offsets(awards: Sequence[CompiledAward]) -> tuple[int, ...]:
    starts, at = [], 0
    for award in awards:
        starts.append(at)
        at += len(award.slots)
    return tuple(starts)


def _plan(award: CompiledAward, achievement: Achievement) -> CredentialPlan:
    plan = award.plan(achievement.credential)
    if plan is None:
        sentence = f"the catalogue has no credential `{achievement.credential}`"
        raise AuditError("unknown-credential", sentence, achievement.id)
    return plan


def _items(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Iterable[Item]:
    """The achievements that may count in some answer, by day earned (undated last), then id."""
    counting = [one for one in record.achievements if one.status in STATUSES["planned"]]
    counting.sort(key=lambda one: (one.earned or date.max, one.id))
    for index, one in enumerate(counting):
        plans = [_plan(award, one) for award in awards]
        start, end = one.started or one.earned, one.earned or one.started
        if one.status != "earned":
            start = start or as_of
            end = one.earned or max(as_of, start)
        elif one.earned is None:
            start = end = None
        yield Item(
            index=index,
            achievement=one,
            credential=plans[0].credential,
            amounts=tuple(
                amount_of(one, plan.credential, award.terms)
                for plan, award in zip(plans, awards, strict=True)
            ),
            points=tuple(_points(one, award) for award in awards),
            start=start,
            end=end,
        )


def _points(one: Achievement, award: CompiledAward) -> int | None:
    grade = grade_of(one, award.terms)
    return None if grade is None else grade.points


def _admitted(award: CompiledAward, plan: CredentialPlan, one: Achievement, days: Days) -> int:
    """The selectors that admit the achievement; what is undecided as a whole admits."""
    found, undecided = plan.decided, plan.open
    if one.attributes or one.credits is not None:
        # The achievement may say otherwise than its credential: nothing is decided ahead.
        found, undecided = 0, tuple(range(len(award.selectors)))
    for number in undecided:
        if admits(award.selectors[number], plan.credential, one, award.terms, days) is not False:
            found |= 1 << number
    return found


def _eligible(award: CompiledAward, admitted: Sequence[int]) -> list[int]:
    """The items that each slot would take, by its selector and every `each` that holds there."""
    masks = [0] * len(award.slots)
    for index, found in enumerate(admitted):
        barred = 0
        for each in award.eaches:
            if found >> each.selector & 1 and not found >> each.must & 1:
                barred |= each.mask
        for place, number in enumerate(award.slot_selectors):
            if found >> number & 1 and not barred >> place & 1:
                masks[place] |= 1 << index
    return masks


def _window(
    award: CompiledAward,
    number: int,
    mask: int,
    window: Window,
    items: Sequence[Item],
    masks: list[int],
    record: LearnerRecord,
    days: Days,
) -> ApartLimit | None:
    """Cut `masks` to a static window, or return the pairs that a window of its own choice keeps apart."""
    if window.anchor == "earliest-used":
        return _apart(number, mask, window, items, masks)
    anchor = (
        first_applicable(award, mask, record)
        if window.anchor == "first-applicable"
        else days.until(window.anchor)
    )
    if anchor is None:
        return None
    last = window.length.after(anchor)
    inside = sum(
        1 << item.index for item in items if item.end is not None and anchor <= item.end <= last
    )
    for place in bits(mask):
        masks[place] &= inside
    return None


def first_applicable(award: CompiledAward, mask: int, record: LearnerRecord) -> date | None:
    """Return the earliest day on which something that matches the leaves of `mask` was begun."""
    selectors = {award.slot_selectors[place] for place in bits(mask)}
    days = [
        day
        for one in record.achievements
        if one.status in STARTS_CLOCK and (day := one.started or one.earned) is not None
        if (plan := award.plan(one.credential)) is not None
        and any(
            admits(award.selectors[number], plan.credential, one, award.terms, None, graded=False)
            is not False
            for number in selectors
        )
    ]
    return min(days, default=None)


def _apart(
    number: int, mask: int, window: Window, items: Sequence[Item], masks: list[int]
) -> ApartLimit:
    fitting = sum(
        1 << item.index
        for item in items
        if item.start is not None
        and item.end is not None
        and item.end <= window.length.after(item.start)
    )
    conflicts: dict[int, int] = {}
    for one in items:
        for other in items[one.index + 1 :]:
            if one.start is None or one.end is None or other.start is None or other.end is None:
                continue
            if max(one.end, other.end) > window.length.after(min(one.start, other.start)):
                conflicts[one.index] = conflicts.get(one.index, 0) | 1 << other.index
                conflicts[other.index] = conflicts.get(other.index, 0) | 1 << one.index
    for place in bits(mask):
        masks[place] &= fitting
    return ApartLimit(number, mask, conflicts)
