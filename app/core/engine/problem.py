"""The allocation problem of one answer, solver-neutral: items, slots and what binds them.

Slots of several awards are numbered in one row; sets of slots and of items are integer bit masks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.engine.compiled import Cap, Ceiling, CompiledAward, Condition, Slot
from app.core.model.credential import Credential, Fact
from app.core.model.record import Achievement
from app.core.model.rule import Exclusion, Pair


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One achievement that may count: its credits and grade points in each award, and its days.

    What is unfinished gets a `start` and `end` by convention; an earned one without a day has None.
    """

    index: int
    achievement: Achievement
    credential: Credential
    amounts: tuple[int, ...]
    points: tuple[int | None, ...]
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class CapLimit:
    """A cap at work: the items of `items` in the slots of `slots`."""

    award: int
    slots: int
    items: int
    cap: Cap


@dataclass(frozen=True, slots=True)
class CeilingLimit:
    """A ceiling on distinct values at work; `values` holds the items that carry each value."""

    award: int
    slots: int
    values: Mapping[Fact, int]
    ceiling: Ceiling


@dataclass(frozen=True, slots=True)
class ExclusionLimit:
    """At most so many of `items` count in the award's slots."""

    award: int
    slots: int
    items: int
    exclusion: Exclusion


@dataclass(frozen=True, slots=True)
class PairLimit:
    """In each leaf either every set of items gives one, or none does."""

    award: int
    sets: tuple[int, ...]
    pair: Pair


@dataclass(frozen=True, slots=True)
class ApartLimit:
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


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """Of what counts in both awards at most so much: (award whose credits, amount) and a number."""

    first: int
    second: int
    credits_amount: tuple[tuple[int, int], ...]
    choose_amount: int | None


@dataclass(frozen=True, slots=True)
class ConditionLimit:
    """A condition at work; one over the whole record is judged ahead, in `reach` and `met`."""

    award: int
    slots: int
    items: int
    values: Mapping[Fact, int]
    condition: Condition
    reach: int | None = None
    met: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Everything that decides one answer."""

    awards: tuple[CompiledAward, ...]
    items: tuple[Item, ...]
    countable: tuple[int, ...]
    superseded: tuple[Mapping[int, int], ...]
    offsets: tuple[int, ...]
    slots: tuple[Slot, ...]
    award_of: tuple[int, ...]
    eligible: tuple[int, ...]
    caps: tuple[CapLimit, ...]
    ceilings: tuple[CeilingLimit, ...]
    exclusions: tuple[ExclusionLimit, ...]
    pairs: tuple[PairLimit, ...]
    aparts: tuple[ApartLimit, ...]
    shared: tuple[SharedLimit, ...]
    award_limits: tuple[int | None, ...]
    conditions: tuple[tuple[ConditionLimit, ...], ...]
    steps_met: tuple[Mapping[str, bool], ...]
    awaiting: tuple[frozenset[str], ...]
    slot_sharing: tuple[int, ...]

    def slots_of(self, award: int) -> int:
        """Return the slots of an award as a mask."""
        width = len(self.awards[award].slots)
        return ((1 << width) - 1) << self.offsets[award]


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
