"""What a set of credentials has reached so far: one row of whole numbers, and how they compare.

Four kinds of entries stand in a row, each the better the less there is of it: what a demand still
lacks, which values are still to be seen, how much of a limit is used, and which of a limit's values
are. A fifth is neither better nor worse: which sets of a pair are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

Row: TypeAlias = tuple[int, ...]
Kind = Literal["lack", "unseen", "use", "used", "paired"]
NEVER = 1 << 62
"""What is lacked where nothing can bring it any more."""


class Entry(NamedTuple):
    """One entry of a row: from what it starts, and what it may come to at most.

    Of values, `unseen` starts with a bit for each and `most` may stay unseen; `used` may have
    `most` bits; `paired` has to end as nought or as `most`. Rows compare only where what has to be
    `alike` is: what takes no more than it lacks has less room once it lacks less. That matters
    `until` none of these lacks anything, or always.
    """

    kind: Kind
    start: int
    most: int = 0
    alike: bool = False
    until: tuple[int, ...] = ()


class Change(NamedTuple):
    """What one credential in one place does to an entry: an amount, or bits."""

    entry: int
    amount: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a credential may count; `open` are the demands that must lack something."""

    changes: tuple[Change, ...]
    open: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """The entries of a row, in one order."""

    entries: tuple[Entry, ...]
    demands: tuple[int, ...] = field(init=False)
    masks: tuple[int, ...] = field(init=False)
    pairs: tuple[int, ...] = field(init=False)

    alike: tuple[tuple[int, tuple[int, ...]], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find what is compared otherwise than by size."""
        kinds = [entry.kind for entry in self.entries]
        demands = tuple(at for at, kind in enumerate(kinds) if kind in {"lack", "unseen"})
        object.__setattr__(self, "demands", demands)
        masks = tuple(at for at, kind in enumerate(kinds) if kind in {"unseen", "used"})
        object.__setattr__(self, "masks", masks)
        pairs = tuple(at for at, kind in enumerate(kinds) if kind == "paired")
        object.__setattr__(self, "pairs", pairs)
        alike = tuple(
            (at, entry.until)
            for at, entry in enumerate(self.entries)
            if entry.alike or entry.kind == "paired"
        )
        object.__setattr__(self, "alike", alike)

    def start(self) -> Row:
        """Return the row of nothing at all."""
        return tuple([entry.start for entry in self.entries])

    def after(self, row: Row, way: Way) -> Row | None:
        """Return a row with one more credential, or None where a limit keeps it out."""
        if any(not row[at] for at in way.open):
            return None
        found = list(row)
        for at, amount in way.changes:
            kind, most = self.entries[at].kind, self.entries[at].most
            own = found[at]
            match kind:
                case "lack":
                    found[at] = max(0, own - amount) if own < NEVER else own
                case "unseen":
                    left = own & ~amount
                    found[at] = 0 if left.bit_count() <= most else left
                case "use":
                    found[at] = own + amount
                    if found[at] > most:
                        return None
                case "used":
                    found[at] = own | amount
                    if found[at].bit_count() > most:
                        return None
                case "paired":
                    found[at] = own | amount
        return tuple(found)

    def no_worse(self, one: Row, other: Row) -> bool:
        """Say whether all that can become of one row can become of another, or better."""
        for own, its in zip(one, other, strict=True):
            if own > its:
                return False
        return all(not one[at] & ~other[at] for at in self.masks) and all(
            one[at] == other[at] or self.is_free(one, until) for at, until in self.alike
        )

    def is_free(self, row: Row, until: Sequence[int]) -> bool:
        """Say whether what was to be alike until then need not be, since none lacks anything."""
        return bool(until) and not any(row[at] for at in until)

    def best(self, rows: Sequence[Row], beside: Sequence[Row] = ()) -> tuple[Row, ...]:
        """Return the rows than which none of them, and none of those `beside`, is as good."""
        kept: list[Row] = []
        for row in sorted(set(rows)):
            if any(self.no_worse(one, row) for one in beside):
                continue
            if not any(self.no_worse(one, row) for one in kept):
                kept.append(row)
        return tuple(kept)

    def lacking(self, row: Row) -> int:
        """Return the entries of demands that still lack something, as bits."""
        return sum(1 << at for at in self.demands if row[at])
