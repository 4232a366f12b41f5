"""Groups of rules in the Hanson format: all, any and so many of them, and at most so many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.interop.hanson_algebra import Written, either, fits
from app.interop.hanson_conditions import Area
from app.interop.hanson_courses import claims, course_name, course_selector, flagged, names_course
from app.interop.hanson_facts import course_facts
from app.interop.hanson_predicates import whole
from app.interop.hanson_source import MisshapenError, Node

NEEDS: Mapping[str, int | None] = {"all": None, "both": None, "any": 1, "either": 1}
MOST_NAMED = 4
"""So many courses are named in the title of a choice."""
READ = frozenset({*NEEDS, "count", "of", "at_most", "audit", "message", "name", "label", "hidden"})


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of a group, how many are needed (None: all), and whether no more are chosen."""

    parts: tuple[Node, ...]
    need: int | None
    exact: bool


def group_of(rule: Node, area: Area) -> Group:
    """Return the group that a rule makes."""
    for key in rule.fields.keys() - READ:
        why = "the mapping has no place for it"
        area.leave(key, rule.need(key), why, "mend the written rule")
    exact = flagged(rule, "at_most")
    key = next((key for key in NEEDS if rule.has(key)), "of")
    parts = rule.need(key).items
    if not parts:
        raise MisshapenError("a group has no parts", rule.span, "add some, or delete it")
    need = NEEDS[key] if key in NEEDS else _count(rule.need("count"), len(parts))
    return Group(parts, need, exact)


def _count(count: Node, parts: int) -> int | None:
    if count.text in NEEDS:
        return NEEDS[count.text]
    need = whole(count)
    if need > parts:
        raise MisshapenError(f"{need} of {parts} parts are asked for", count.span)
    return need


def one_of_courses(group: Group, apart: frozenset[str], area: Area) -> Written | None:
    """Return one leaf for a group of which one course is chosen; None where it is no such group.

    Courses that may count twice stay `apart`, each a requirement of its own.
    """
    rules = list(alternatives(group))
    if group.need != 1 or not group.exact or not rules or not all(map(names_course, rules)):
        return None
    said = [claims(rule) for rule in rules]
    special = any(flagged(rule, key) for rule in rules for key in ("optional", "waived"))
    if special or any(one != said[0] for one in said) or apart & set(map(course_name, rules)):
        return None
    admitted = _gathered([course_selector(rule, area) for rule in rules])
    return {"choose": 1, "from": admitted, **said[0]}


def alternatives(group: Group) -> list[Node]:
    """Return the alternatives; those of an alternative are alternatives too."""
    found: list[Node] = []
    for rule in group.parts:
        inner = next((rule.get(key) for key in ("any", "either") if rule.has(key)), None)
        plain = rule.has("from", "audit") or inner is None
        found += [rule] if plain or inner is None else inner.items
    return found


def one_of(courses: Sequence[str]) -> str:
    """Return what people call a choice of one course."""
    if len(courses) <= MOST_NAMED:
        return f"{', '.join(courses[:-1])} or {courses[-1]}" if len(courses) > 1 else courses[0]
    return f"{', '.join(courses[: MOST_NAMED - 1])} or another course"


def _gathered(options: Sequence[Written]) -> Written:
    """Return what admits one of the options: courses of which the same is asked are one list."""
    alike: dict[str, list[Written]] = {}
    for option in options:
        rest = {key: value for key, value in option.items() if key != "course"}
        alike.setdefault(f"{'course' in option} {sorted(rest.items())}", []).append(option)
    gathered = [
        {**several[0], "course": [one["course"] for one in several]}
        if "course" in several[0] and len(several) > 1
        else either(several)
        for several in alike.values()
    ]
    return either(gathered)


def within_sight(form: Mapping[str, Any], floors: Sequence[Written]) -> bool:
    """Say whether what counts in a requirement may be looked at by one of the floors."""
    some = form["some"]["of"] if "some" in form else None
    parts = form.get("all") or form.get("any") or some
    if parts:
        return any(within_sight(part, floors) for part in parts)
    named = list(_facts(form.get("from", {})))
    return any(fits(floor, known) is not False for floor in floors for known in named)


def _facts(selector: Written) -> Iterator[Written]:
    """Yield what is known of each of the courses that a selector names."""
    if "any" in selector:
        for option in selector["any"]:
            yield from _facts(option)
    elif "ap" in selector:
        # Examinations stand in records with the level nought.
        yield {"course_type": "AP", "level": 0}
    elif "course" in selector:
        named = selector["course"]
        for course in named if isinstance(named, list) else [named]:
            yield {"course": course, **course_facts(course)}
    else:
        yield {}
