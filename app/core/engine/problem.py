"""The allocation problem of one answer, solver-neutral: items, slots and what binds them.

Slots of several awards are numbered in one row; sets of slots and of items are integer bit masks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from app.core.engine.compiled import (
    Cap,
    Ceiling,
    ChoicePlan,
    CompiledAward,
    Condition,
    OrderPlan,
    Slot,
)
from app.core.model.credential import Credential, Fact
from app.core.model.credits import Credits
from app.core.model.record import Achievement, Status
from app.core.model.requirement import Pair
from app.core.model.rule import Exclusion


@dataclass(slots=True, eq=False)
class Item:
    """One achievement that may count; what it lacks of days is told by the audit's, `as_of`."""

    at: int
    achievement: Achievement
    credential: Credential
    as_of: date

    @property
    def start(self) -> date | None:
        """The day on which it was begun; None where it is earned and has no day."""
        one = self.achievement
        if one.status != "earned":
            return one.started or one.earned or self.as_of
        return None if one.earned is None else one.started or one.earned

    @property
    def end(self) -> date | None:
        """The day on which it was or is to be earned; None where it is earned and has no day."""
        one = self.achievement
        if one.status == "earned" or one.earned is not None:
            return one.earned
        return max(self.as_of, one.started or self.as_of)


class CapLimit(NamedTuple):
    """A cap at work: the items of `items` in the slots of `slots`."""

    award: int
    slots: int
    items: int
    cap: Cap


class CeilingLimit(NamedTuple):
    """A ceiling on distinct values at work; `values` holds the items that carry each value."""

    award: int
    slots: int
    values: Mapping[Fact, int]
    ceiling: Ceiling


class ChoiceLimit(NamedTuple):
    """Of several sets of slots at most so many hold anything; `slots` are all of them."""

    award: int
    slots: int
    parts: tuple[int, ...]
    plan: ChoicePlan

    def used(self, allocation: Sequence[int]) -> int:
        """Return in how many of the parts anything stands."""
        return sum([1 for part in self.parts if any(allocation[at] for at in bits(part))])


class ExclusionLimit(NamedTuple):
    """At most so many of `items` count in the award's slots."""

    award: int
    slots: int
    items: int
    exclusion: Exclusion


class PairLimit(NamedTuple):
    """In each leaf among `slots` either every set of items gives one, or none does."""

    award: int
    slots: int
    sets: tuple[int, ...]
    pair: Pair


class ApartLimit(NamedTuple):
    """Items too far apart for both to count in the slots of `slots`.

    `windows` are the largest sets of items that all lie within the span of one of them.
    """

    award: int
    slots: int
    conflicts: Mapping[int, int]
    windows: tuple[int, ...]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each pair of items that may not both count, once."""
        for one, others in self.conflicts.items():
            yield from ((one, other) for other in bits(others) if one < other)


class OverlapLimit(NamedTuple):
    """At most `amount` of what counts in the slots of `slots` counts in those of `others` too."""

    award: int
    slots: int
    others: int
    by_credits: bool
    amount: int


class ViewLimit(NamedTuple):
    """In the slots of `slots` counts only what counts in those of `homes` too."""

    slots: int
    homes: int


class OrderLimit(NamedTuple):
    """What counts in the slots of `later` comes after what counts in those of `earlier`.

    `conflicts` holds for an item in the later slots those that may not count in the earlier ones.
    """

    award: int
    later: int
    earlier: int
    conflicts: Mapping[int, int]
    plan: OrderPlan

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each later item with each earlier one that it may not count beside."""
        for one, others in self.conflicts.items():
            yield from ((one, other) for other in bits(others))


class Preference(NamedTuple):
    """What the slots of `slots` put behind, by preference: the items that none so far admits."""

    slots: int
    behind: tuple[int, ...]


class SharedLimit(NamedTuple):
    """Of what counts in both awards at most so much: (award whose credits, amount) and a number."""

    first: int
    second: int
    credits_amount: tuple[tuple[int, int], ...]
    choose_amount: int | None


class ConditionLimit(NamedTuple):
    """A condition at work; one over the whole record is judged ahead, in `reach` and `met`."""

    award: int
    slots: int
    items: int
    values: Mapping[Fact, int]
    condition: Condition
    reach: int | None = None
    met: bool | None = None


class Aim(NamedTuple):
    """An item that is to stand in one of `slots`, each of which would take it."""

    item: int
    slots: int


class Aims(NamedTuple):
    """What is wanted beside what the rules say: a place that is forced, wishes, what was shown."""

    forced: tuple[Aim, ...] = ()
    wished: tuple[Aim, ...] = ()
    shown: tuple[Aim, ...] = ()


@dataclass(slots=True, eq=False)
class Problem:
    """Everything that decides one answer.

    `of_status` holds the items of each status, as bits; `amounts[award][item]` credits,
    `points[award][item]` grade points; `whole` all slots of each award; `spread` holds for a slot
    that counts different values the items that carry each of them; `aims` are None where nothing
    is wanted beside what the rules say.
    """

    awards: tuple[CompiledAward, ...]
    items: tuple[Item, ...]
    of_status: Mapping[Status, int]
    amounts: tuple[tuple[Credits, ...], ...]
    points: tuple[tuple[int | None, ...], ...]
    countable: tuple[int, ...]
    superseded: tuple[Mapping[int, int], ...]
    offsets: tuple[int, ...]
    slots: tuple[Slot, ...]
    award_of: tuple[int, ...]
    eligible: tuple[int, ...]
    caps: tuple[CapLimit, ...]
    ceilings: tuple[CeilingLimit, ...]
    choices: tuple[ChoiceLimit, ...]
    exclusions: tuple[ExclusionLimit, ...]
    pairs: tuple[PairLimit, ...]
    aparts: tuple[ApartLimit, ...]
    overlaps: tuple[OverlapLimit, ...]
    views: tuple[ViewLimit, ...]
    orders: tuple[OrderLimit, ...]
    preferences: tuple[Preference, ...]
    shared: tuple[SharedLimit, ...]
    award_limits: tuple[int | None, ...]
    conditions: tuple[tuple[ConditionLimit, ...], ...]
    spread: Mapping[int, tuple[int, ...]]
    steps_met: tuple[Mapping[str, bool], ...]
    awaiting: tuple[frozenset[str], ...]
    slot_sharing: tuple[int, ...]
    whole: tuple[int, ...]
    aims: Aims | None = None

    def number(self, place: int, inside: int) -> int:
        """Return how many items count in a slot by number, or how many values they have."""
        if self.spread and place in self.spread:
            return sum([1 for carriers in self.spread[place] if carriers & inside])
        return inside.bit_count()


@lru_cache(maxsize=1 << 10)
def bits(mask: int) -> tuple[int, ...]:
    """Return the numbers of the bits that are set, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return tuple(found)
