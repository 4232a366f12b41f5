"""Grade scales: an order of symbols, and exact points for those that have any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grade:
    """One symbol of a scale: `rank` orders it (higher is better), `points` are in thousandths."""

    symbol: str
    rank: int
    points: int | None
    passes: bool = True


@dataclass(frozen=True, slots=True)
class GradeScale:
    """A named scale, best grade first; a symbol without points (S, pass) stays out of averages."""

    name: str
    grades: Mapping[str, Grade]

    def get(self, symbol: str) -> Grade | None:
        """Return the grade that `symbol` stands for, or None."""
        return self.grades.get(symbol)
