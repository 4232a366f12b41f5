"""What stands where while an allocation is built, from both sides: by slot and by item."""

from __future__ import annotations

from app.core.engine.evaluate import Allocation, scope


class Placed:
    """An allocation, and the slots in which each item stands."""

    def __init__(self, slots: int, items: int) -> None:
        """Begin with nothing placed."""
        self.allocation: Allocation = [0] * slots
        self.standing = [0] * items

    def place(self, index: int, place: int) -> None:
        """Let an item stand in a slot."""
        self.allocation[place] |= 1 << index
        self.standing[index] |= 1 << place

    def take_back(self, index: int, place: int) -> None:
        """Let an item no longer stand in a slot."""
        self.allocation[place] &= ~(1 << index)
        self.standing[index] &= ~(1 << place)

    def kept(self) -> tuple[list[int], list[int]]:
        """Return what stands where, for `restore`."""
        return list(self.allocation), list(self.standing)

    def restore(self, kept: tuple[list[int], list[int]]) -> None:
        """Go back to what was kept."""
        self.allocation[:], self.standing[:] = kept

    def inside(self, slots: int) -> int:
        """Return the items that stand in the slots, asked of whichever are fewer."""
        if slots.bit_count() < len(self.standing):
            return scope(self.allocation, slots)
        return sum(1 << index for index, own in enumerate(self.standing) if own & slots)
