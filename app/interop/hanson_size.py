"""How much an imported rule demands at least, a course counted as one credit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.interop.hanson_facts import COURSE

Form = Mapping[str, Any]
NONE = Decimal(0)


def demanded(form: Form) -> int | str:
    """Return the least credits with which the requirement can be met.

    What shares with everything demands nothing beside the rest. No requirement asks for more, not
    even one that only some learners have.
    """
    alone, shared = _demands(form)
    total = max(alone, shared, _largest(form))
    whole = total == total.to_integral_value()
    return int(total) if whole else f"{total.normalize():f}"


def weighed(form: Form) -> dict[str, Any]:
    """Return the requirement with a course counted as one credit in the progress.

    The catalogue of what the rules name says nothing of the courses that a selector usually finds.
    """
    below: dict[str, Any] = {key: weighed(form[key]) for key in ("then", "else") if key in form}
    below |= {key: list(map(weighed, form[key])) for key in ("all", "any") if key in form}
    if "some" in form:
        below["some"] = {**form["some"], "of": list(map(weighed, form["some"]["of"]))}
    if "tracks" in form:
        tracks = [{**one, "require": weighed(one["require"])} for one in form["tracks"]["of"]]
        below["tracks"] = {**form["tracks"], "of": tracks}
    counted = "from" in form and "credits" not in form
    return {**form, **below, **({"weight": 1} if counted and "weight" not in form else {})}


def _demands(form: Form) -> tuple[Decimal, Decimal]:
    """Return what is demanded of its own, and the most that a part which shares demands."""
    if "then" in form:
        both = [_demands(form[key]) if key in form else (NONE, NONE) for key in ("then", "else")]
        return min(one[0] for one in both), min(one[1] for one in both)
    alone, shared = _demands_below(form)
    floors = [one["credits"] for one in form.get("at_least", ()) if "credits" in one]
    return max([alone, *map(Decimal, floors)]), shared


def _demands_below(form: Form) -> tuple[Decimal, Decimal]:
    parts, need = _parts(form)
    if need:
        several = [_demands(part) for part in parts]
        least = sorted(one[0] for one in several)[:need]
        shared = max(one[1] for one in several) if need == len(parts) else NONE
        return sum(least, NONE), shared
    amount = _amount(form)
    return (NONE, amount) if "shares_with" in form or "counted_in" in form else (amount, NONE)


def _largest(value: object) -> Decimal:
    """Return the most credits that any requirement asks for."""
    if isinstance(value, list):
        return max(map(_largest, value), default=NONE)
    if not isinstance(value, Mapping):
        return NONE
    own = _amount({"credits": value["credits"]}) if "credits" in value else NONE
    return max([own, *map(_largest, value.values())])


def _parts(form: Form) -> tuple[list[Form], int]:
    if "all" in form:
        parts = [one for one in form["all"] if not one.get("optional")]
        return parts, len(parts)
    if "any" in form:
        return form["any"], 1
    if "some" in form:
        return form["some"]["of"], least_of(form["some"])
    return [], 0


def least_of(some: Form) -> int:
    """Return how many parts of a `some` are needed."""
    choose = some["choose"]
    return int(choose["from"]) if isinstance(choose, Mapping) else int(choose)


def _amount(form: Form) -> Decimal:
    if form.get("from", {}).get("type", COURSE) != COURSE:
        return NONE
    for measure in ("credits", "choose", "terms"):
        if measure in form:
            quantity = form[measure]
            least = quantity.get("from", 0) if isinstance(quantity, dict) else quantity
            return Decimal(least) if str(least)[:1].isdigit() else NONE
    return NONE
