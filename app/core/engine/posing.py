"""A pool to the problem of one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from operator import attrgetter

from app.core.engine.compiled import CompiledAward, Leaf, Slot
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
from app.core.model.credential import Credential, CredentialId, Fact, each_of
from app.core.model.record import COUNTING, Achievement
from app.core.model.requirement import MilestoneStep
from app.core.model.rule import Exclusion
from app.core.model.selector import fits


def pose(pool: Pool, answer: AnswerName) -> Problem:
    """Return the problem of one answer alone."""
    return Posing(pool).problem(answer)


class Posing:
    """Poses the answers over one pool; what binds all of them alike is made once."""

    def __init__(self, pool: Pool) -> None:
        """Find what binds whatever counts."""
        self.pool = pool
        self._carrying: dict[str, dict[Fact, int]] = {}
        self.caps: list[CapLimit] = []
        self.ceilings: list[CeilingLimit] = []
        self.exclusions: list[ExclusionLimit] = []
        self.conditions: list[list[ConditionLimit]] = []
        for number, award in enumerate(pool.awards):
            self._bind(number, award, pool.joint.offsets[number])
        slots = pool.joint.slots
        self.preferences = tuple([_preference(pool, *one) for one in pool.joint.preferring])
        self.spread = {place: self._carriers(slots[place]) for place in pool.joint.spreading}
        self.steps_met = tuple([_steps(pool, award) for award in pool.awards])

    def _bind(self, number: int, award: CompiledAward, offset: int) -> None:
        """Say of an award what does not depend on the answer."""
        pool, admitted = self.pool, self.pool.admitted[number]
        for cap in award.caps:
            self.caps.append(CapLimit(number, cap.mask << offset, admitted[cap.selector], cap))
        for top in award.ceilings:
            values = self.values(top.by)
            self.ceilings.append(CeilingLimit(number, top.mask << offset, values, top))
        for one in (*award.excludes, *_twins(pool, award)):
            items = _any_of(pool, number, one)
            self.exclusions.append(ExclusionLimit(number, pool.joint.whole[number], items, one))
        self.conditions.append(
            [
                ConditionLimit(
                    number,
                    one.mask << offset,
                    admitted[one.selector],
                    self.values(one.by) if one.by else {},
                    one,
                )
                for one in award.conditions
            ]
        )

    def values(self, by: str) -> dict[Fact, int]:
        """Return the items that carry each value of the fact `by`."""
        found = self._carrying.get(by)
        if found is None:
            found = self._carrying[by] = _values(self.pool, by)
        return found

    def _carriers(self, slot: Slot) -> tuple[int, ...]:
        """The items that carry each of the different values that a slot counts."""
        found, only = self.values(slot.by), slot.only
        return tuple([items for value, items in found.items() if not only or value in only])

    def problem(self, answer: AnswerName, once: int = 0) -> Problem:
        """Return the problem of one answer: only what may count in it, after retakes.

        The items of `once` are ways to earn a credential of which one at most is taken: they are no
        attempts beside each other.
        """
        pool, joint = self.pool, self.pool.joint
        present = 0
        for status in STATUSES[answer]:
            present |= pool.of_status.get(status, 0)
        there = [present & ~out for out in pool.barred]
        superseded = tuple(
            [_superseded(pool, number, items & ~once) for number, items in enumerate(there)]
        )
        countable = tuple([_without(*both) for both in zip(there, superseded, strict=True)])
        return Problem(
            awards=pool.awards,
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
            caps=tuple(self.caps),
            ceilings=tuple(self.ceilings),
            choices=joint.choices,
            exclusions=tuple(self.exclusions),
            pairs=_pairs(pool, countable),
            aparts=pool.aparts,
            overlaps=joint.overlaps,
            views=joint.views,
            orders=pool.orders,
            preferences=self.preferences,
            shared=joint.shared,
            award_limits=joint.award_limits,
            conditions=tuple(
                [
                    self._judged(limits, counting, present)
                    for limits, counting in zip(self.conditions, countable, strict=True)
                ]
            ),
            spread=self.spread,
            steps_met=self.steps_met,
            awaiting=joint.awaiting,
            slot_sharing=joint.slot_sharing,
            whole=joint.whole,
        )

    def _judged(
        self, limits: Sequence[ConditionLimit], counting: int, present: int
    ) -> tuple[ConditionLimit, ...]:
        """The conditions of an award, those over the whole record judged by what counts in it."""
        pool = self.pool
        return tuple(
            [
                _over_record(pool, one, present if one.condition.attempts else counting)
                if one.condition.over_record
                else one
                for one in limits
            ]
        )


def _over_record(pool: Pool, limit: ConditionLimit, counting: int) -> ConditionLimit:
    judged = judge_record(pool, limit.award, limit.condition, counting, limit.values)
    return limit._replace(items=judged.items, reach=judged.reach, met=judged.met)


def _without(items: int, losers: Iterable[int]) -> int:
    for loser in losers:
        items &= ~(1 << loser)
    return items


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


def _preference(pool: Pool, number: int, leaf: Leaf) -> Preference:
    left, behind = (1 << len(pool.items)) - 1, []
    for selector in leaf.prefer:
        left &= ~pool.admitted[number][selector]
        behind.append(left)
    return Preference(leaf.mask << pool.joint.offsets[number], tuple(behind))


def _twins(pool: Pool, award: CompiledAward) -> Iterator[Exclusion]:
    """Of equivalents one counts, unless every attempt does; bounds name no such exclusion."""
    known = award.terms.equivalents
    if not known or award.policies.get("retakes", "each") == "each":
        return
    for one, other in combinations(sorted(known.keys() & pool.held), 2):
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
                number,
                plan.mask << offset,
                tuple(_of(pool, name) & countable[number] for name in plan.pair.credentials),
                plan.pair,
            )
            for number, award, offset in pool.joint.placed
            for plan in award.pairs
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
        for value in values_of(item.credential, by, item.achievement):
            found[value] = found.get(value, 0) | 1 << item.at
    return found


_SEVERAL: Mapping[str, Callable[[Credential], tuple[Fact, ...]]] = {
    "field": attrgetter("fields"),
    "tag": attrgetter("tags"),
    "skill": attrgetter("skills"),
    "outcome": attrgetter("outcomes"),
    "level": lambda one: (str(one.level),) if one.level else (),
    "credential": lambda one: (one.id,),
}


def values_of(
    credential: Credential, by: str, achievement: Achievement | None = None
) -> tuple[Fact, ...]:
    """Return the values of the fact `by` that a credential carries, or an achievement of it."""
    several = _SEVERAL.get(by)
    if several:
        return several(credential)
    if by in _SINGLE:
        holders = (achievement, credential) if by in _TAKEN else (credential,)
        value = next((own for holder in holders if (own := getattr(holder, by, None))), None)
        if value:
            return (value,)
    stated = achievement.attributes if achievement else {}
    return each_of(stated.get(by, credential.attributes.get(by)))


_SINGLE = frozenset(
    {"issuer", "type", "mode", "language", "relation", "size", "term", "source", "registration"}
)
_TAKEN = frozenset({"term", "source", "registration"})


def _steps(pool: Pool, award: CompiledAward) -> dict[str, bool]:
    """Which steps without credit are recorded, by requirement id."""
    if not award.steps:
        return {}
    as_of = pool.days.as_of
    attested = {(one.requirement, one.role) for one in pool.record.attestations if one.on <= as_of}
    met: dict[str, bool] = {}
    for step in award.steps:
        if isinstance(step, MilestoneStep):
            met[step.id] = step.milestone in pool.days.milestones
        else:
            met[step.id] = (step.id, step.role) in attested
    return met
