"""Sums in many columns at once: rows of bits are added like numbers written below one another."""

from __future__ import annotations

from collections.abc import Iterator


class Columns:
    """A sum for each column; plane k holds bit k of every sum."""

    def __init__(self) -> None:
        """Begin with nothing in any column."""
        self._planes: list[int] = []

    def add(self, row: int, weight: int = 1) -> None:
        """Add a weight in every column where the row has a bit."""
        plane = 0
        while weight:
            if weight & 1:
                self._carry(row, plane)
            weight >>= 1
            plane += 1

    def _carry(self, row: int, plane: int) -> None:
        planes = self._planes
        while row:
            while len(planes) <= plane:
                planes.append(0)
            planes[plane], row = planes[plane] ^ row, planes[plane] & row
            plane += 1

    def above(self, bound: int) -> int:
        """Return a row with a bit for every column whose sum is above a bound from 0 on."""
        more = same = 0
        for plane in self._planes:
            same |= plane
        if bound >> len(self._planes):
            return 0
        for at in reversed(range(len(self._planes))):
            plane = self._planes[at]
            if bound >> at & 1:
                same &= plane
            else:
                more |= same & plane
                same &= ~plane
        return more

    def sums(self) -> Iterator[tuple[int, int]]:
        """Yield every column whose sum is not nothing, with the sum."""
        found: dict[int, int] = {}
        for at, plane in enumerate(self._planes):
            for column, bit in enumerate(reversed(f"{plane:b}")):
                if bit == "1":
                    found[column] = found.get(column, 0) + (1 << at)
        yield from sorted(found.items())
