"""A record to items and masks: what may count where, before anything is placed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count, repeat
from operator import attrgetter
from typing import NoReturn, TypeAlias

from app.core.engine.adjusting import Decided, credits_of, steer
from app.core.engine.ahead import CredentialPlan
from app.core.engine.compiled import CompiledAward, WindowPlan
from app.core.engine.joint import Joint, join
from app.core.engine.order import follows, ordered
from app.core.engine.problem import ApartLimit, Item, OrderLimit, bits
from app.core.engine.selectors import Days, Judge, amount_of, grade_of
from app.core.model.certificate import AnswerName
from app.core.model.credential import CredentialId
from app.core.model.credits import NOUGHT, Credits
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, Achievement, LearnerRecord, Status
from app.core.model.requirement import Window

ANSWERS: tuple[AnswerName, ...] = ("now", "projected", "planned")
STATUSES: Mapping[AnswerName, frozenset[Status]] = {
    answer: frozenset(COUNTING[: at + 1]) for at, answer in enumerate(ANSWERS)
}
STARTS_CLOCK: frozenset[Status] = frozenset(
    {"earned", "in-progress", "planned", "failed", "withdrawn"}
)
BEGUN: frozenset[Status] = STARTS_CLOCK - {"planned"} | frozenset[Status](
    {"expired", "surrendered"}
)


@dataclass(slots=True, eq=False)
class Pool:
    """A record brought to the terms of some awards; answers are cut out of it.

    `of_status` holds the items of each status, as bits; `amounts[award][item]` credits in the
    award's unit, `points[award][item]` grade points; `admitted[award][selector]` the items that a
    selector admits, and `eligible[award][slot]` those that a slot would take, were they countable;
    `anchors[award][window]` the day on which a static window opens, None where nothing opens it;
    `held` the credentials of them all; `decided` the adjustments that go for each award, and
    `barred` the items that these keep out of it.
    """

    joint: Joint
    awards: tuple[CompiledAward, ...]
    record: LearnerRecord
    days: Days
    items: tuple[Item, ...]
    of_status: Mapping[Status, int]
    amounts: tuple[tuple[Credits, ...], ...]
    points: tuple[tuple[int | None, ...], ...]
    admitted: tuple[tuple[int, ...], ...]
    anchors: tuple[tuple[date | None, ...], ...]
    eligible: tuple[tuple[int, ...], ...]
    aparts: tuple[ApartLimit, ...]
    orders: tuple[OrderLimit, ...]
    held: frozenset[CredentialId]
    decided: tuple[tuple[Decided, ...], ...]
    barred: tuple[int, ...]
    asked: dict[tuple[int, int], int] = field(default_factory=dict)

    def failing(self, number: int, at: int) -> int:
        """Return the tests of an award that an item fails for certain; kept once asked."""
        if (number, at) not in self.asked:
            one = self.items[at].achievement
            self.asked[number, at] = _plan(self.awards[number], one).failing(one, self.days)
        return self.asked[number, at]


def pool(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    as_of: date,
    decided: Sequence[tuple[Decided, ...]],
) -> Pool:
    """Bring a record to the terms of awards, with what was decided for each, or AuditError."""
    joint = join(tuple(awards))
    awards, counting = _beside(joint.awards, record), _counting(record)
    days = Days.of(record, as_of)
    plans = [_plans(award, counting) for award in awards]
    items = tuple(map(Item, count(), counting, (one.credential for one in plans[0]), repeat(as_of)))
    admitted, anchors, eligible, aparts, unjudged, barred = [], [], [], [], [], []
    orders: list[OrderLimit] = []
    for number, award in enumerate(awards):
        masks_of, failures = _admitted(award, plans[number], counting, days)
        admitted.append(masks_of)
        unjudged.append(failures)
        masks, out = _takers(award, masks_of, decided[number], counting)
        barred.append(out)
        anchors.append(tuple([anchor_of(award, plan, record, days) for plan in award.windows]))
        for plan, anchor in zip(award.windows, anchors[-1], strict=True):
            if plan.window.anchor == "earliest-used":
                dated = _dated(plan.window, items)
                inside = sum(1 << at for at, _, end, last in dated if end <= last)
                aparts.append(_apart(number, plan.mask << joint.offsets[number], dated))
            else:
                inside = sum(1 << one.at for one in items if lies_in(one, plan.window, anchor))
            for place in bits(plan.mask):
                masks[place] &= inside
        orders += _orders(award, (number, joint.offsets[number]), items, days, masks)
        eligible.append(tuple(masks))
    needed = tuple(map(_needed, awards, admitted, eligible, unjudged))
    return Pool(
        joint=joint,
        awards=awards,
        record=record,
        days=days,
        items=items,
        of_status=_of_status(counting),
        amounts=tuple(map(_amounts, awards, plans, needed, repeat(counting), decided)),
        points=tuple(map(_points, awards, needed, repeat(counting))),
        admitted=tuple(admitted),
        anchors=tuple(anchors),
        eligible=tuple(eligible),
        aparts=tuple(aparts),
        orders=tuple(orders),
        held=frozenset([one.credential for one in counting]),
        decided=tuple(decided),
        barred=tuple(barred),
    )


def _of_status(counting: Sequence[Achievement]) -> dict[Status, int]:
    unfinished = [at for at, one in enumerate(counting) if one.status != "earned"]
    found: dict[Status, int] = {}
    for at in unfinished:
        status = counting[at].status
        found[status] = found.get(status, 0) | 1 << at
    if len(unfinished) < len(counting):
        found["earned"] = (1 << len(counting)) - 1 & ~sum(found.values())
    return found


def _beside(awards: tuple[CompiledAward, ...], record: LearnerRecord) -> tuple[CompiledAward, ...]:
    """The awards, with the credentials that only the record describes beside their catalogue."""
    own = record.credentials
    return tuple([award.beside(own) for award in awards]) if own else awards


def _counting(record: LearnerRecord) -> list[Achievement]:
    """The achievements that may count in some answer, by day earned (undated last), then id."""
    may_count, latest = STATUSES["planned"], date.max
    counting = [one for one in record.achievements if one.status in may_count]
    counting.sort(key=attrgetter("id"))
    days = [one.earned for one in counting]
    if any(days):
        counting.sort(key=lambda one: one.earned or latest)
    return counting


def _plans(award: CompiledAward, counting: Sequence[Achievement]) -> list[CredentialPlan]:
    """The plans of the credentials; AuditError where there is none."""
    plain, asks = award.plans_of(()), bool(award.asked)
    # By all that achievements state: most of a record state the same.
    tables: dict[Hashable, dict[CredentialId, CredentialPlan]] = {}
    found = []
    for one in counting:
        table = plain
        if asks and (one.attributes or one.credits is not None):
            form = (*one.attributes, one.credits is None)
            table = tables.get(form) or award.plans_of(award.stated(one))
            tables[form] = table
        found.append(table.get(one.credential) or _plan(award, one))
    return found


def _plan(award: CompiledAward, achievement: Achievement) -> CredentialPlan:
    found = award.plan(achievement.credential, award.stated(achievement))
    return found or unknown(achievement)


def unknown(achievement: Achievement) -> NoReturn:
    """Say that nobody describes the credential of an achievement."""
    sentence = f"the catalogue has no credential `{achievement.credential}`"
    raise AuditError("unknown-credential", sentence, achievement.id)


def _needed(
    award: CompiledAward,
    admitted: Sequence[int],
    masks: Sequence[int],
    failures: Mapping[int, AuditError],
) -> int:
    """The achievements whose credits and grades matter: some slot takes or a condition sees them.

    What cannot count anywhere need not convert, nor have a grade of the award's scale; of what
    can, what could not be judged is an AuditError.
    """
    found = 0
    for mask in masks:
        found |= mask
    for condition in award.conditions:
        if condition.over_record:
            found |= admitted[condition.selector]
    for item, failure in failures.items():
        if found & item:
            raise failure
    return found


def _amounts(
    award: CompiledAward,
    plans: Sequence[CredentialPlan],
    needed: int,
    counting: Sequence[Achievement],
    decided: Sequence[Decided],
) -> tuple[Credits, ...]:
    found = [
        plan.amount if one.credits is None else None
        for plan, one in zip(plans, counting, strict=True)
    ]
    if stated := credits_of(decided):
        found = [stated.get(one.id, own) for one, own in zip(counting, found, strict=True)]
    return tuple(
        [
            amount_of(counting[at], plans[at].credential, award.terms)
            if own is None and needed >> at & 1
            else own or NOUGHT
            for at, own in enumerate(found)
        ]
    )


def _points(
    award: CompiledAward, needed: int, counting: Sequence[Achievement]
) -> tuple[int | None, ...]:
    found: list[int | None] = [None] * len(counting)
    for at in bits(needed) if award.terms.scale is not None else ():
        grade = grade_of(counting[at], award.terms)
        found[at] = None if grade is None else grade.points
    return tuple(found)


def _admitted(
    award: CompiledAward,
    plans: Sequence[CredentialPlan],
    counting: Sequence[Achievement],
    days: Days,
) -> tuple[tuple[int, ...], dict[int, AuditError]]:
    """The achievements that each selector admits; what is undecided as a whole admits.

    Where one cannot be judged all open ones admit, and what is wrong is returned with them.
    """
    failures: dict[int, AuditError] = {}
    # By the selectors that admit them, which for many achievements are the same ones.
    alike: dict[int, int] = {}
    item = 1
    for plan, one in zip(plans, counting, strict=True):
        found = plan.decided
        if plan.questions:
            try:
                found = plan.admitting(one, days)
            except AuditError as failure:
                failures[item], found = failure, found | plan.open
        if found:
            alike[found] = alike.get(found, 0) | item
        item <<= 1
    masks = [0] * len(award.selectors)
    for found, items in alike.items():
        for number in bits(found):
            masks[number] |= items
    return tuple(masks), failures


def _takers(
    award: CompiledAward,
    admitted: Sequence[int],
    decided: Sequence[Decided],
    counting: Sequence[Achievement],
) -> tuple[list[int], int]:
    """The achievements that each slot would take, and those that are barred from the award.

    A slot takes what its selector admits or a decision lets in, and no `each` bars.
    """
    masks = [admitted[number] for number in award.slot_selectors]
    barred = steer(award, masks, decided, counting) if decided else 0
    for each in award.eaches:
        failing = admitted[each.selector] & ~admitted[each.must]
        for place in bits(each.mask) if failing else ():
            masks[place] &= ~failing
    return masks, barred


def anchor_of(
    award: CompiledAward, plan: WindowPlan, record: LearnerRecord, days: Days
) -> date | None:
    """Return the day on which a static window opens; None where nothing opens it."""
    if plan.window.anchor == "earliest-used":
        return None
    if plan.window.anchor == "first-applicable":
        return first_applicable(award, plan.mask, record, days)
    return days.until(plan.window.anchor)


def lies_in(item: Item, window: Window, anchor: date | None) -> bool:
    """Say whether an item is inside a window.

    Where no clock was started only what is earned without a day stays outside.
    """
    if item.end is None:
        return False
    return anchor is None or anchor <= item.end <= window.length.after(anchor)


def first_credit(
    awards: Iterable[CompiledAward], record: LearnerRecord, as_of: date
) -> date | None:
    """Return the earliest day on which something was taken that a leaf of any award asks for.

    What was transferred or recognised was taken toward something else.
    """
    begun = [one for one in record.achievements if one.source == "taken" and one.status in BEGUN]
    taken = replace(record, achievements=tuple(begun))
    known = _beside(tuple(awards), record)
    whole = ((award, (1 << len(award.slots)) - 1) for award in known)
    days = (first_applicable(*own, taken, Days(as_of), BEGUN) for own in whole)
    return min((day for day in days if day is not None), default=None)


def first_applicable(
    award: CompiledAward,
    mask: int,
    record: LearnerRecord,
    days: Days,
    statuses: frozenset[Status] = STARTS_CLOCK,
) -> date | None:
    """Return the earliest day on which something that matches the leaves of `mask` was begun."""
    selectors = 0
    for place in bits(mask):
        selectors |= 1 << award.slot_selectors[place]

    def matches(plan: CredentialPlan, one: Achievement) -> bool:
        judge = Judge(plan.credential, one, award.terms, days, graded=False)
        return bool(plan.decided & selectors) or any(
            asking & selectors and judge.all_of(asked) is not False
            for asked, asking in plan.questions
        )

    begun = [
        day
        for one in record.achievements
        if one.status in statuses and (day := one.started or one.earned) is not None
        if (plan := award.plan(one.credential, award.stated(one))) and matches(plan, one)
    ]
    return min(begun, default=None)


def _orders(
    award: CompiledAward,
    place: tuple[int, int],
    items: Sequence[Item],
    days: Days,
    masks: list[int],
) -> Iterator[OrderLimit]:
    """What comes after what; `masks` lose what does not follow a milestone."""
    number, offset = place
    for plan in award.orders:
        inside = sum(1 << item.at for item in items if follows(plan, item, days))
        for at in bits(plan.mask):
            masks[at] &= inside
    yield from (ordered(number, plan, offset, items, masks) for plan in award.orders)


Dated: TypeAlias = tuple[int, date, date, date]
"""An item with its first and last day, and the last day of a window that opens with it."""


def _dated(window: Window, items: Sequence[Item]) -> list[Dated]:
    return [
        (item.at, item.start, item.end, window.length.after(item.start))
        for item in items
        if item.start and item.end
    ]


def _apart(number: int, slots: int, dated: Sequence[Dated]) -> ApartLimit:
    conflicts: dict[int, int] = {}
    windows: list[int] = []
    latest = max((end for _, _, end, _ in dated), default=date.min)
    if latest <= min((last for *_, last in dated), default=date.max):
        return ApartLimit(number, slots, conflicts, ())
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
