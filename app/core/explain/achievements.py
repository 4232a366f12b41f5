"""Every achievement: where it counts now and later, or the one reason why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeAlias

from app.core.engine.compiled import Branch, GroupBranch, LeafBranch
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import judge, scope, stand, total
from app.core.engine.problem import Item, SharedLimit, bits
from app.core.explain.adjustments import against
from app.core.explain.choosing import not_opened
from app.core.explain.named import amount, cited, title_of, titles_of
from app.core.explain.near_miss import eligible_slots, nearest
from app.core.explain.order import out_of_order
from app.core.explain.outlook import matching, used_of
from app.core.explain.phrases import because, points
from app.core.language.plain_words import day_in_words
from app.core.model.audit import AchievementOutcome
from app.core.model.credits import NOUGHT
from app.core.model.reason import Param, Reason
from app.core.model.record import COUNTING, Achievement

Requirements: TypeAlias = tuple[str, ...]
"""Ids of requirements."""


def achievement_outcomes(verdict: Verdict, number: int) -> tuple[AchievementOutcome, ...]:
    """Return the outcome of every achievement of the record, in the record's order of ids."""
    item_of = {item.achievement.id: item for item in verdict.pool.items}
    now = _placed(verdict.now, number)
    later = now if verdict.planned is verdict.now else _placed(verdict.planned, number)
    return tuple(
        [
            _outcome(verdict, number, one, item_of.get(one.id), now, later)
            for one in sorted(verdict.pool.record.achievements, key=lambda one: one.id)
        ]
    )


def _outcome(
    verdict: Verdict,
    number: int,
    one: Achievement,
    item: Item | None,
    now: Sequence[Requirements],
    later: Sequence[Requirements],
) -> AchievementOutcome:
    title = title_of(verdict.pool.awards[number], one.credential)
    if item is None:
        reason = because("not-countable", status=one.status)
        return AchievementOutcome(
            id=one.id, credential=one.credential, title=title, status=one.status, reason=reason
        )
    toward, then = now[item.at], later[item.at]
    credits = verdict.now.standings[number].credits[item.at] if toward else NOUGHT
    why_not = None if toward else _why_not(verdict, number, item, then)
    return AchievementOutcome(
        one.id, one.credential, title, one.status, toward, then, credits, why_not
    )


def _placed(answer: AnswerVerdict, number: int) -> list[Requirements]:
    """The requirements that each item counts toward in an answer, in the rule's order."""
    problem = answer.problem
    found: list[Requirements] = [()] * len(problem.items)
    for leaf in problem.awards[number].leaves:
        for index in bits(scope(answer.allocation, leaf.mask << problem.offsets[number])):
            found[index] += (leaf.node.id,)
    return found


def _why_not(verdict: Verdict, number: int, item: Item, later: Requirements) -> Reason:
    now = verdict.now
    if item.achievement.status in COUNTING[1:]:
        if later:
            titles = tuple(_title(verdict, number, name) for name in later)
            return because("not-finished", status=item.achievement.status, requirement=titles)
        now = verdict.planned
    losers = now.problem.superseded[number]
    if item.at in losers:
        return because("superseded", by=now.problem.items[losers[item.at]].achievement.id)
    places = eligible_slots(verdict.pool, number, item)
    if not places:
        return against(verdict.pool, number, item) or nearest(verdict.pool, number, item)
    return _held_back(now, number, item, places)


def _title(verdict: Verdict, number: int, requirement: str) -> str:
    leaves = verdict.pool.awards[number].leaves
    return next(leaf.node.title for leaf in leaves if leaf.node.id == requirement)


def _held_back(answer: AnswerVerdict, number: int, item: Item, places: list[int]) -> Reason:
    """Eligible and not counted: what stands in the way, in the order a learner would ask."""
    award = answer.problem.awards[number]
    mask = sum(1 << place for place in places) << answer.problem.offsets[number]
    leaves = {award.slots[place].leaf: None for place in places}
    titles = tuple(award.leaves[at].node.title for at in leaves)
    excess = because("in-excess", requirement=titles, **_preferred(answer, number, item, leaves))
    reason = (
        _duplicate(answer, number, item)
        or _unpaired(answer, number, item, mask)
        or _too_far(answer, number, item, mask)
        or out_of_order(answer, number, item, mask)
        or (excess if _full(answer, number, item, mask, leaves) else None)
        or _not_shared(answer, number, item)
        or _capped(answer, number, item, mask)
        or _too_many(answer, number, item, mask)
        or not_opened(answer, number, mask)
    )
    if reason is not None:
        return reason
    by_credits = all(award.leaves[at].measure == "credits" for at in leaves)
    if by_credits and not answer.problem.amounts[number][item.at]:
        return because("no-credit", requirement=titles)
    return _useless(answer, number, item, places) or excess


def _preferred(
    answer: AnswerVerdict, number: int, item: Item, leaves: Iterable[int]
) -> dict[str, Param]:
    """What the only leaf that would take an item counts before it, where it says so."""
    award = answer.problem.awards[number]
    slots = [award.leaves[at].mask << answer.problem.offsets[number] for at in leaves]
    for one in answer.problem.preferences if len(slots) == 1 else ():
        if one.slots == slots[0] and one.behind[0] >> item.at & 1:
            counted = scope(answer.allocation, one.slots) & ~one.behind[0]
            return {"first": titles_of(answer, counted)} if counted else {}
    return {}


def _full(answer: AnswerVerdict, number: int, item: Item, mask: int, leaves: Iterable[int]) -> bool:
    """Say whether all that would take the item has enough, and no open condition would gain."""
    problem, standing = answer.problem, answer.standings[number]
    if any(standing.reach[at] < problem.awards[number].leaves[at].demand for at in leaves):
        return False
    for limit, met, reach in zip(
        problem.conditions[number], standing.condition_met, standing.condition_reach, strict=True
    ):
        if met or not limit.slots & mask:
            continue
        inside = scope(answer.allocation, limit.slots) | 1 << item.at
        if judge(limit, inside, standing.credits, problem.points[number])[0] > reach:
            return False
    return True


def _useless(answer: AnswerVerdict, number: int, item: Item, places: list[int]) -> Reason | None:
    """Why it is better not to count it toward a requirement that has not what it needs."""
    problem, standing = answer.problem, answer.standings[number]
    award = problem.awards[number]
    for place in places:
        at = award.slots[place].leaf
        if standing.reach[at] >= award.leaves[at].demand:
            continue
        allocation = list(answer.allocation)
        allocation[problem.offsets[number] + place] |= 1 << item.at
        after = stand(problem, allocation, number)
        for one, condition in enumerate(award.conditions):
            lost = standing.condition_met[one] and not after.condition_met[one]
            if lost and condition.kind == "average":
                return because(
                    "would-lower",
                    condition=condition.title,
                    mean=points(after.condition_reach[one], condition.amount or 0),
                    demanded=points(condition.amount or 0, condition.amount or 0),
                    **cited(condition.reason),
                )
        title = award.leaves[at].node.title
        for group in reversed(_groups(award.root, at) or ()):
            if group.need is not None:
                return because(
                    "not-chosen", requirement=title, group=group.node.title, needed=group.need
                )
        return because("no-gain", requirement=title)
    return None


def _groups(branch: Branch, leaf: int) -> tuple[GroupBranch, ...] | None:
    """The groups above a leaf, from the root down; None where it lies elsewhere."""
    if isinstance(branch, LeafBranch):
        return () if branch.leaf == leaf else None
    for part in branch.parts if isinstance(branch, GroupBranch) else ():
        below = _groups(part, leaf)
        if below is not None and isinstance(branch, GroupBranch):
            return (branch, *below)
    return None


def _duplicate(answer: AnswerVerdict, number: int, item: Item) -> Reason | None:
    for limit in answer.problem.exclusions:
        if limit.award != number or not limit.items >> item.at & 1:
            continue
        counted = scope(answer.allocation, limit.slots) & limit.items
        if counted.bit_count() >= limit.exclusion.at_most:
            return because(
                "duplicates", other=titles_of(answer, counted), **cited(limit.exclusion.reason)
            )
    return None


def _unpaired(answer: AnswerVerdict, number: int, item: Item, mask: int) -> Reason | None:
    problem = answer.problem
    reachable = matching(problem, mask)
    for limit in problem.pairs:
        if limit.award != number or not limit.slots & mask:
            continue
        if not any(items >> item.at & 1 for items in limit.sets):
            continue
        absent = [
            name
            for name, items in zip(limit.pair.credentials, limit.sets, strict=True)
            if not items & reachable
        ]
        if absent:
            titles = tuple(title_of(problem.awards[number], name) for name in absent)
            return because("pair-incomplete", missing=titles, **cited(limit.pair.reason))
    return None


def _too_far(answer: AnswerVerdict, number: int, item: Item, mask: int) -> Reason | None:
    for limit in answer.problem.aparts:
        far = limit.conflicts.get(item.at, 0) & scope(answer.allocation, limit.slots)
        if limit.award != number or not limit.slots & mask or not far:
            continue
        window = next(
            plan.window
            for plan in answer.problem.awards[number].windows
            if plan.window.anchor == "earliest-used"
            and plan.mask << answer.problem.offsets[number] == limit.slots
        )
        used = [
            answer.problem.items[index] for index in bits(scope(answer.allocation, limit.slots))
        ]
        anchor = min(one.start for one in used if one.start is not None)
        return because(
            "outside-window",
            span=str(window.length),
            anchor=f"the earliest credential used, {day_in_words(anchor)}",
            last=day_in_words(window.length.after(anchor)),
            day=day_in_words(item.end) if item.end else "an unknown day",
            **cited(window.reason),
        )
    return None


def _not_shared(answer: AnswerVerdict, number: int, item: Item) -> Reason | None:
    """What the awards may share, if counting the item in one more would break it."""
    problem = answer.problem
    inside = [scope(answer.allocation, slots) for slots in problem.whole]
    counting = [at for at, items in enumerate(inside) if at != number and items >> item.at & 1]
    if not counting:
        return None
    limits = [problem.award_limits[at] for at in (number, *counting)]
    most = min((limit for limit in limits if limit is not None), default=len(inside))
    why: dict[str, Param] = {"most": most}
    if len(counting) < most:
        both = {at: inside[at] & (inside[number] | 1 << item.at) for at in counting}
        broken = {at: limit for at in counting if (limit := _broken(answer, number, at, both[at]))}
        counting = list(broken)
        why = {} if any(map(_allows, broken.values())) else {"most": 0}
    if not counting:
        return None
    rule, status = problem.awards[number].rule, item.achievement.status
    late = {"status": status} if status != "earned" else {}
    regulation = cited(rule.sharing.reason if rule.sharing else "")
    titles = tuple(problem.awards[at].rule.title for at in counting)
    return because("not-shareable", awards=titles, **why, **late, **regulation)


def _broken(answer: AnswerVerdict, one: int, other: int, both: int) -> SharedLimit | None:
    """The limit on what two awards share, if the items `both` break it."""
    limit = next(
        limit for limit in answer.problem.shared if {limit.first, limit.second} == {one, other}
    )
    most = limit.choose_amount
    broken = (most is not None and both.bit_count() > most) or any(
        total(both, answer.standings[award].credits) > amount
        for award, amount in limit.credits_amount
    )
    return limit if broken else None


def _allows(limit: SharedLimit) -> bool:
    """Say whether the awards may share anything."""
    return limit.choose_amount != 0 and all(amount for _, amount in limit.credits_amount)


def _capped(answer: AnswerVerdict, number: int, item: Item, mask: int) -> Reason | None:
    """The cap on it with the least room left, if adding the item would break one."""
    problem = answer.problem
    amounts = problem.amounts[number]
    for limit in problem.caps:
        if limit.award != number or not limit.slots & mask or not limit.items >> item.at & 1:
            continue
        by_number = limit.cap.measure == "choose"
        used = used_of(answer, limit)
        own = 1 if by_number else amounts[item.at]
        if used + own > limit.cap.amount:
            shown = partial(amount, problem.awards[number], limit.cap.measure)
            return because(
                "cap-reached",
                cap=limit.cap.title,
                amount=shown(limit.cap.amount),
                used=shown(used),
                room=shown(limit.cap.amount - used),
                own=shown(own),
                **cited(limit.cap.reason),
            )
    return None


def _too_many(answer: AnswerVerdict, number: int, item: Item, mask: int) -> Reason | None:
    """A ceiling on distinct values that one more would break."""
    for top in answer.problem.ceilings:
        if top.award != number or not top.slots & mask:
            continue
        inside = scope(answer.allocation, top.slots)
        values = sum(1 for carriers in top.values.values() if carriers & inside)
        more = sum(1 for carriers in top.values.values() if carriers & (inside | 1 << item.at))
        if more > top.ceiling.high >= values:
            return because(
                "cap-reached",
                cap=top.ceiling.title,
                amount=f"{top.ceiling.high} different values of {top.ceiling.by}",
                used=str(values),
                room=str(top.ceiling.high - values),
                **cited(top.ceiling.reason),
            )
    return None
