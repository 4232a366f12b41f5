"""Changes back to their written form."""

from __future__ import annotations

from collections.abc import Callable

from app.core.language.printer_selectors import written_circumstance
from app.core.language.printer_yaml import Written
from app.core.model.change import Change
from app.core.model.selector import NotSo


def written_changes(
    changes: tuple[Change, ...], framework: str, in_measure: Callable[[int], Written]
) -> tuple[Written, ...]:
    """Return the changes of a quantity, their amounts as `in_measure` writes them."""
    return tuple(_change(one, framework, in_measure) for one in changes)


def _change(change: Change, framework: str, in_measure: Callable[[int], Written]) -> Written:
    how = {"add": in_measure(change.add)} if change.to is None else {"set": in_measure(change.to)}
    match change.circumstance.tests:
        case (NotSo(inner),):
            return {"unless": written_circumstance(inner, framework), **how}
    return {"when": written_circumstance(change.circumstance, framework), **how}
