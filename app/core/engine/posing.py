"""A pool to the problem of one answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations

from app.core.engine.compiled import CompiledAward, Condition
from app.core.engine.prepare import STATUSES, Pool
from app.core.engine.problem import (
    CapLimit,
    CeilingLimit,
    ConditionLimit,
    ExclusionLimit,
    Item,
    PairLimit,
    Preference,
    Problem,
    bits,
)
from app.core.engine.whole_record import judge_record
from app.core.model.certificate import AnswerName
from app.core.model.credential import CredentialId, Fact, each_of
from app.core.model.record import COUNTING
from app.core.model.requirement import MilestoneStep
from app.core.model.rule import Exclusion
from app.core.model.selector import fits


def pose(pool: Pool, answer: AnswerName) -> Problem:
    """Return the problem of one answer: only what may count in it, after retakes."""
    present = 0
    for status in STATUSES[answer]:
        present |= pool.of_status.get(status, 0)
    joint, awards = pool.joint, pool.awards
    there = [present & ~out for out in pool.barred]
    superseded = tuple([_superseded(pool, number, items) for number, items in enumerate(there)])
    countable = tuple([_without(*both) for both in zip(there, superseded, strict=True)])
    return Problem(
        awards=awards,
        items=pool.items,
        of_status=pool.of_status,
        amounts=pool.amounts,
        points=pool.points,
        countable=countable,
        superseded=superseded,
        offsets=joint.offsets,
        slots=joint.slots,
        award_of=joint.award_of,
        eligible=_eligible(pool, countable),
        caps=_caps(pool),
        ceilings=_ceilings(pool),
        exclusions=_exclusions(pool),
        pairs=_pairs(pool, countable),
        aparts=pool.aparts,
        overlaps=joint.overlaps,
        views=joint.views,
        orders=pool.orders,
        preferences=tuple(_preferences(pool)),
        shared=joint.shared,
        award_limits=joint.award_limits,
        conditions=tuple(
            [
                tuple([_condition(pool, number, one, counting) for one in award.conditions])
                for number, (award, counting) in enumerate(zip(awards, countable, strict=True))
            ]
        ),
        spread={
            place: _carriers(pool, slot.by, slot.only)
            for place, slot in enumerate(joint.slots)
            if slot.by
        },
        steps_met=tuple([_steps(pool, award) for award in awards]),
        awaiting=joint.awaiting,
        slot_sharing=joint.slot_sharing,
        whole=joint.whole,
    )


def _without(items: int, losers: Iterable[int]) -> int:
    return items & ~sum(1 << loser for loser in losers)


def _eligible(pool: Pool, countable: Sequence[int]) -> tuple[int, ...]:
    """What may stand in each slot; where only what counts elsewhere may, what may count there."""
    found = [
        mask & counting
        for masks, counting in zip(pool.eligible, countable, strict=True)
        for mask in masks
    ]
    for view in pool.joint.views:
        there = 0
        for place in bits(view.homes):
            there |= found[place]
        for place in bits(view.slots):
            found[place] &= there
    return tuple(found)


def _preferences(pool: Pool) -> Iterator[Preference]:
    for number, award, offset in pool.joint.placed:
        for leaf in award.leaves:
            left, behind = (1 << len(pool.items)) - 1, []
            for selector in leaf.prefer:
                left &= ~pool.admitted[number][selector]
                behind.append(left)
            if behind:
                yield Preference(leaf.mask << offset, tuple(behind))


def _caps(pool: Pool) -> tuple[CapLimit, ...]:
    return tuple(
        [
            CapLimit(number, cap.mask << offset, pool.admitted[number][cap.selector], cap)
            for number, award, offset in pool.joint.placed
            for cap in award.caps
        ]
    )


def _ceilings(pool: Pool) -> tuple[CeilingLimit, ...]:
    return tuple(
        [
            CeilingLimit(number, one.mask << offset, _values(pool, one.by), one)
            for number, award, offset in pool.joint.placed
            for one in award.ceilings
        ]
    )


def _exclusions(pool: Pool) -> tuple[ExclusionLimit, ...]:
    return tuple(
        [
            ExclusionLimit(number, pool.joint.whole[number], _any_of(pool, number, one), one)
            for number, award in enumerate(pool.awards)
            for one in (*award.excludes, *_twins(pool, award))
        ]
    )


def _twins(pool: Pool, award: CompiledAward) -> Iterator[Exclusion]:
    """Of equivalents one counts, unless every attempt does; bounds name no such exclusion."""
    known = award.terms.equivalents
    if not known or award.policies.get("retakes", "each") == "each":
        return
    for one, other in combinations(sorted(pool.held & known.keys()), 2):
        if other in known[one]:
            yield Exclusion(id="", credentials=(one, other))


def _any_of(pool: Pool, number: int, exclusion: Exclusion) -> int:
    """The items of the credentials listed and, where a rule lists them, of their equivalents."""
    twins = pool.awards[number].terms.equivalents if exclusion.id else {}
    found = 0
    for name in exclusion.credentials:
        for own in (name, *twins.get(name, ())):
            found |= _of(pool, own)
    return found


def _pairs(pool: Pool, countable: Sequence[int]) -> tuple[PairLimit, ...]:
    return tuple(
        [
            PairLimit(
                number, tuple(_of(pool, name) & countable[number] for name in one.credentials), one
            )
            for number, award in enumerate(pool.awards)
            for one in award.pairs
        ]
    )


def _of(pool: Pool, name: CredentialId) -> int:
    return sum(1 << item.at for item in pool.items if fits(name, item.credential.id))


def _superseded(pool: Pool, number: int, present: int) -> dict[int, int]:
    """Attempts that the policy `retakes` leaves out, each with the attempt that stands for it."""
    award = pool.awards[number]
    policy = award.policies.get("retakes", "each")
    if policy == "each" or len(pool.held) == len(pool.items):
        return {}
    attempts: dict[CredentialId, list[Item]] = {}
    for index in bits(present):
        item = pool.items[index]
        attempts.setdefault(item.credential.id, []).append(item)
    usable = 0
    for mask in pool.eligible[number]:
        usable |= mask
    losers: dict[int, int] = {}
    for several in attempts.values():
        if len(several) > 1:
            keeper = _keeper(award, several, policy, usable)
            losers.update({item.at: keeper.at for item in several if item is not keeper})
    return losers


def _keeper(award: CompiledAward, several: list[Item], policy: str, usable: int) -> Item:
    """The attempt that counts; of equals the one whose id sorts first.

    The best is sought among those of `usable`, which some leaf would take: a better attempt that
    counts for nothing does not cost the learner one that does.
    """
    scale = award.terms.scale

    def rank(item: Item) -> int:
        grade = scale.get(item.achievement.grade) if scale and item.achievement.grade else None
        return -1 if grade is None else grade.rank

    by_id = sorted(several, key=lambda item: item.achievement.id)
    if policy == "best":
        return max(
            by_id,
            key=lambda item: (
                usable >> item.at & 1,
                rank(item),
                -COUNTING.index(item.achievement.status),
                _day(item),
            ),
        )
    if policy == "last":
        return max(by_id, key=lambda item: (_day(item), item.achievement.attempt))
    return min(by_id, key=lambda item: (_day(item), item.achievement.attempt))


def _day(item: Item) -> date:
    return item.achievement.earned or date.max


def _values(pool: Pool, by: str) -> dict[Fact, int]:
    """The items that carry each value of the fact `by`."""
    found: dict[Fact, int] = {}
    for item in pool.items:
        for value in _facts(item, by):
            found[value] = found.get(value, 0) | 1 << item.at
    return found


def _carriers(pool: Pool, by: str, only: Sequence[str]) -> tuple[int, ...]:
    """The items that carry each value of a fact, or each of some values."""
    found = _values(pool, by)
    return tuple([items for value, items in found.items() if not only or value in only])


def _facts(item: Item, by: str) -> tuple[Fact, ...]:
    credential, one = item.credential, item.achievement
    several = {
        "field": credential.fields,
        "tag": credential.tags,
        "skill": credential.skills,
        "outcome": credential.outcomes,
    }
    if by in several:
        return several[by]
    if by == "level":
        return (str(credential.level),) if credential.level else ()
    if by == "credential":
        return (credential.id,)
    for holder in (one, credential) if by in {"term", "source", "registration"} else (credential,):
        value = getattr(holder, by, None) if by in _SINGLE else None
        if value:
            return (value,)
    return each_of(one.attributes.get(by, credential.attributes.get(by)))


_SINGLE = frozenset(
    {"issuer", "type", "mode", "language", "relation", "size", "term", "source", "registration"}
)


def _condition(pool: Pool, number: int, condition: Condition, counting: int) -> ConditionLimit:
    items = pool.admitted[number][condition.selector]
    values = _values(pool, condition.by) if condition.by else {}
    slots = condition.mask << pool.joint.offsets[number]
    if not condition.over_record:
        return ConditionLimit(number, slots, items, values, condition)
    judged = judge_record(pool, number, condition, counting, values)
    return ConditionLimit(number, slots, judged.items, values, condition, judged.reach, judged.met)


def _steps(pool: Pool, award: CompiledAward) -> dict[str, bool]:
    """Which steps without credit are recorded, by requirement id."""
    as_of = pool.days.as_of
    attested = {(one.requirement, one.role) for one in pool.record.attestations if one.on <= as_of}
    met: dict[str, bool] = {}
    for step in award.steps:
        if isinstance(step, MilestoneStep):
            met[step.id] = step.milestone in pool.days.milestones
        else:
            met[step.id] = (step.id, step.role) in attested
    return met
