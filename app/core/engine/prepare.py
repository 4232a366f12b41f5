"""A record to items and masks: what may count where, before anything is placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.engine.compiled import CompiledAward, CredentialPlan, WindowPlan
from app.core.engine.problem import ApartLimit, Item, bits
from app.core.engine.selectors import Days, admits, amount_of, grade_of
from app.core.model.certificate import AnswerName
from app.core.model.credits import Credits
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
    `eligible[award][slot]` the items that a slot would take, were they countable. `repeats` says
    that a credential stands more than once.
    """

    awards: tuple[CompiledAward, ...]
    record: LearnerRecord
    days: Days
    items: tuple[Item, ...]
    admitted: tuple[tuple[int, ...], ...]
    eligible: tuple[tuple[int, ...], ...]
    aparts: tuple[ApartLimit, ...]
    offsets: tuple[int, ...]
    repeats: bool


def pool(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Pool:
    """Bring a record to the terms of `awards`; AuditError where it cannot be judged."""
    _once(awards)
    days = Days(as_of, {step.name: step.on for step in record.milestones if step.on <= as_of})
    counting = _counting(record)
    plans = [[_plan(award, one) for one in counting] for award in awards]
    items = tuple(_items(awards, counting, plans, as_of))
    offsets = _offsets(awards)
    admitted, eligible, aparts = [], [], []
    for number, award in enumerate(awards):
        bits_of, masks = _eligible(award, plans[number], counting, days)
        admitted.append(bits_of)
        for plan in award.windows:
            if plan.window.anchor == "earliest-used":
                inside = _fitting(plan.window, items)
                aparts.append(_apart(number, plan.mask << offsets[number], plan.window, items))
            else:
                inside = _inside(award, plan, items, record, days)
            for place in bits(plan.mask):
                masks[place] &= inside
        eligible.append(tuple(masks))
    return Pool(
        awards=tuple(awards),
        record=record,
        days=days,
        items=items,
        admitted=tuple(admitted),
        eligible=tuple(eligible),
        aparts=tuple(aparts),
        offsets=offsets,
        repeats=len({one.credential for one in counting}) < len(counting),
    )


def _counting(record: LearnerRecord) -> list[Achievement]:
    """The achievements that may count in some answer, by day earned (undated last), then id."""
    counting = [one for one in record.achievements if one.status in STATUSES["planned"]]
    counting.sort(key=lambda one: (one.earned or date.max, one.id))
    return counting


def _once(awards: Sequence[CompiledAward]) -> None:
    """A certificate speaks of an award by its id: two editions at once would be one claim."""
    named = [award.rule.award for award in awards]
    for name in named:
        if named.count(name) > 1:
            sentence = f"`{name}` is named {named.count(name)} times: audit an award once at a time"
            raise AuditError("award-twice", sentence)


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


def _items(
    awards: Sequence[CompiledAward],
    counting: Sequence[Achievement],
    plans: Sequence[Sequence[CredentialPlan]],
    as_of: date,
) -> Iterable[Item]:
    """The achievements in the terms of every award, with the days on which they lie."""
    for index, (one, *known) in enumerate(zip(counting, *plans, strict=True)):
        start, end = one.started or one.earned, one.earned or one.started
        if one.status != "earned":
            start = start or as_of
            end = one.earned or max(as_of, start)
        elif one.earned is None:
            start = end = None
        yield Item(
            index=index,
            achievement=one,
            credential=known[0].credential,
            amounts=tuple([_amount(*own, one) for own in zip(awards, known, strict=True)]),
            points=tuple([_points(award, one) for award in awards]),
            start=start,
            end=end,
        )


def _amount(award: CompiledAward, plan: CredentialPlan, one: Achievement) -> Credits:
    if one.credits is None and plan.amount is not None:
        return plan.amount
    return amount_of(one, plan.credential, award.terms)


def _points(award: CompiledAward, one: Achievement) -> int | None:
    grade = grade_of(one, award.terms)
    return None if grade is None else grade.points


def _eligible(
    award: CompiledAward,
    plans: Sequence[CredentialPlan],
    counting: Sequence[Achievement],
    days: Days,
) -> tuple[tuple[int, ...], list[int]]:
    """The selectors that admit each achievement, and the items that each slot would take."""
    masks = [0] * len(award.slots)
    admitted = []
    for index, (plan, one) in enumerate(zip(plans, counting, strict=True)):
        found = _admitted(award, plan, one, days)
        slots = plan.slots if found == plan.decided else award.takers(found)
        for place in bits(slots):
            masks[place] |= 1 << index
        admitted.append(found)
    return tuple(admitted), masks


def _admitted(award: CompiledAward, plan: CredentialPlan, one: Achievement, days: Days) -> int:
    """The selectors that admit the achievement; what is undecided as a whole admits."""
    found, left = plan.decided, plan.open.items()
    if one.attributes or one.credits is not None:
        # The achievement may say otherwise than its credential: nothing is decided ahead.
        found, left = 0, dict(enumerate(award.selectors)).items()
    for number, selector in left:
        if admits(selector, plan.credential, one, award.terms, days) is not False:
            found |= 1 << number
    return found


def _inside(
    award: CompiledAward, plan: WindowPlan, items: Sequence[Item], record: LearnerRecord, days: Days
) -> int:
    """The items that lie in a static window."""
    window = plan.window
    anchor = (
        first_applicable(award, plan.mask, record, days)
        if window.anchor == "first-applicable"
        else days.until(window.anchor)
    )
    return sum(1 << item.index for item in items if _lies_in(item, window, anchor))


def _lies_in(item: Item, window: Window, anchor: date | None) -> bool:
    """Where no clock was started only what is earned without a day stays outside."""
    if item.end is None:
        return False
    return anchor is None or anchor <= item.end <= window.length.after(anchor)


def first_applicable(
    award: CompiledAward, mask: int, record: LearnerRecord, days: Days
) -> date | None:
    """Return the earliest day on which something that matches the leaves of `mask` was begun."""
    selectors = {award.slot_selectors[place] for place in bits(mask)}
    begun = [
        day
        for one in record.achievements
        if one.status in STARTS_CLOCK and (day := one.started or one.earned) is not None
        if (plan := award.plan(one.credential)) is not None
        and any(
            admits(award.selectors[number], plan.credential, one, award.terms, days, graded=False)
            is not False
            for number in selectors
        )
    ]
    return min(begun, default=None)


def _fitting(window: Window, items: Sequence[Item]) -> int:
    """The items that are no longer than a window by themselves."""
    return sum(
        1 << item.index
        for item in items
        if item.start is not None
        and item.end is not None
        and item.end <= window.length.after(item.start)
    )


def _apart(number: int, slots: int, window: Window, items: Sequence[Item]) -> ApartLimit:
    conflicts: dict[int, int] = {}
    windows: list[int] = []
    dated = [
        (item.index, item.start, item.end, window.length.after(item.start))
        for item in items
        if item.start and item.end
    ]
    for one, start, end, last in dated:
        inside = far = 0
        for other, began, ended, until in dated:
            if start <= began and ended <= last:
                inside |= 1 << other
            if max(end, ended) > min(last, until):
                far |= 1 << other
        if far:
            conflicts[one] = far
        windows.append(inside)
    largest = {one for one in windows if not any(one != two and one & ~two == 0 for two in windows)}
    return ApartLimit(number, slots, conflicts, tuple(sorted(largest)))
