"""Changes: by how much a quantity differs, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.model.selector import Circumstance


@dataclass(frozen=True, slots=True)
class Change:
    """Where the circumstance holds, a quantity grows by `add`, or becomes `to`."""

    circumstance: Circumstance
    add: int = 0
    to: int | None = None
