"""Where in a file a piece of a rule stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SourceSpan:
    """A place in a file: line and column count from one; no place is line nought."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


NOWHERE = SourceSpan()
