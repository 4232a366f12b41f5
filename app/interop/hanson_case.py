"""The case that every imported rule has: whether it is met by somebody who holds nothing.

The files have no cases, and a rule without one is not used; what a learner needs has to be told by
people who know the regulation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.interop.hanson_facts import TERMS_SINCE_DECLARING
from app.interop.hanson_size import least_of

Form = Mapping[str, Any]
NAME = "nothing is held"
TERMS = 8
"""As many terms as studies usually take; more than none is what matters here."""


def case_of(required: Form, on: date) -> dict[str, Any]:
    """Return the case, on a day on which the edition is in force."""
    told: dict[str, Any] = {"earned": []}
    if _asks(required):
        told = {"attributes": {TERMS_SINCE_DECLARING: TERMS}}
    met = bool(_stands(required))
    return {"name": NAME, "on": on, "record": told, "expect": {"met": met}}


def _asks(value: object) -> bool:
    """Say whether a fact of the learner's stands in it."""
    if isinstance(value, Mapping):
        return any(map(_asks, value.values()))
    if isinstance(value, list):
        return any(map(_asks, value))
    return value == TERMS_SINCE_DECLARING


def _stands(form: Form) -> bool | None:
    """Say whether a requirement is met by nothing; None where it is not there."""
    if "when" in form:
        side = form.get("then") if _holds(form["when"]) else form.get("else")
        return None if side is None else _stands(side)
    if "milestone" in form or "attest" in form:
        return False
    below = _below(form)
    return None if below is None else below and not _demands(form)


def _below(form: Form) -> bool | None:
    if "tracks" in form:
        return None
    for key, need in (("all", None), ("any", 1)):
        if key in form:
            return _enough(form[key], need)
    if "some" in form:
        return _enough(form["some"]["of"], least_of(form["some"]))
    quantity = next(form[key] for key in ("choose", "credits", "terms") if key in form)
    return (quantity.get("from") if isinstance(quantity, Mapping) else quantity) == 0


def _enough(parts: Sequence[Form], need: int | None) -> bool | None:
    states = [_stands(part) for part in parts if not part.get("optional")]
    there = [state for state in states if state is not None]
    if need is not None:
        return sum(there) >= need
    return all(there) if there or not states else None


def _demands(form: Form) -> bool:
    """Say whether a floor, a breadth or an average asks for something."""
    floors = any(one.get("choose", one.get("credits")) for one in form.get("at_least", ()))
    breadths = any(one.get("from") for one in form.get("distinct", ()))
    return floors or breadths or "average" in form


def _holds(circumstance: Form) -> bool:
    """Say whether a circumstance holds for somebody who has declared, passed and holds nothing."""
    for key, value in circumstance.items():
        ruled_out = key == "not" and not _holds(value)
        if not ruled_out and not (key == "any" and any(map(_holds, value))):
            return False
    return True
