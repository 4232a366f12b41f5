"""Levels, each within its framework; between frameworks only a stated table compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a qualifications framework, such as EQF 7."""

    framework: str
    step: int

    def __str__(self) -> str:
        """Return the level as it is spoken: EQF 7."""
        return f"{self.framework.upper()} {self.step}"


LevelTable = Mapping[tuple[str, int, str], int]
"""(framework, step, other framework) to the step there, as an institution states it."""


def level_in(level: Level, framework: str, table: LevelTable) -> int | None:
    """Return the step of `level` in `framework`, or None where no table says."""
    if level.framework == framework:
        return level.step
    return table.get((level.framework, level.step, framework))
