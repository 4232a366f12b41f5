"""Adjustments of a record, from decoded values; each names what its kind needs and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from app.core.language.diagnostics import Place
from app.core.language.values import (
    Readers,
    Value,
    Values,
    amount,
    any_name,
    day,
    identifier,
    one_of,
    text,
)
from app.core.model.record import ADJUSTMENTS, Adjustment, AdjustmentKind, Naming

ADJUSTMENT: Readers = {
    "id": any_name,
    "kind": one_of(*get_args(AdjustmentKind)),
    "award": identifier,
    "requirement": any_name,
    "reason": text,
    "by": text,
    "on": day,
    "expires": day,
    "achievement": any_name,
    "credential": identifier,
    "amount": amount,
}
NEEDED = ("id", "kind", "award", "reason", "by", "on")
# What an adjustment of a kind may name besides what it has to.
OPTIONAL: Mapping[AdjustmentKind, tuple[Naming, ...]] = {"exclude": ("requirement",)}


def adjustments(values: Values, value: Value, place: Place) -> tuple[Adjustment, ...]:
    """Read the adjustments of a record."""
    found = []
    for at, one in values.placed(value, place):
        taken = values.take(one, at, ADJUSTMENT, "an adjustment", NEEDED)
        refuse_misfit(values, one, taken, at)
        if set(NEEDED) <= set(taken):
            found.append(Adjustment(**taken))
    return tuple(found)


def refuse_misfit(values: Values, given: Value, taken: Mapping[str, Any], place: Place) -> None:
    """Keep what an adjustment lacks or has too much for its kind, and an end before its day."""
    kind: AdjustmentKind | None = taken.get("kind")
    if kind is not None:
        needed = ADJUSTMENTS[kind]
        may = (*needed, *OPTIONAL.get(kind, ()))
        for name in needed:
            if name not in given:
                remedy = f"add `{name}`: {MEANING[name]}"
                values.refuse("CN0711", place, f"`{kind}` has no `{name}`", remedy)
        for name in get_args(Naming):
            if name in given and name not in may:
                message = f"`{name}` says nothing in `{kind}`"
                remedy = f"delete it: `{kind}` names {_listed(may)}"
                values.refuse("CN0711", (*place, name), message, remedy)
    on, expires = taken.get("on"), taken.get("expires")
    if on is not None and expires is not None and expires <= on:
        message = f"an adjustment of {on} expires on {expires}, before it applies"
        values.refuse("CN0213", (*place, "expires"), message, "give the first day without it")


MEANING: Mapping[str, str] = {
    "requirement": "the id of what it is about",
    "credential": "the credential that is meant",
    "achievement": "the id of the achievement that is meant",
    "amount": "the amount that is to hold instead",
}


def _listed(names: tuple[str, ...]) -> str:
    *first, last = [f"`{name}`" for name in names]
    return f"{', '.join(first)} and {last}" if first else last
