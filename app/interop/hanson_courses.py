"""Rules of the Hanson format that name one course."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.language.diagnostics import shorten
from app.interop.hanson_algebra import Written, both
from app.interop.hanson_conditions import Area
from app.interop.hanson_predicates import known_grade
from app.interop.hanson_source import MisshapenError, Node

BY = ("course", "crsid", "ap")
FACTS: Mapping[str, str] = {
    **{key: key for key in ("grade_option", "institution", "section", "year", "term", "name")},
    **{key: key for key in BY},
}
HINTS = frozenset({"hidden", "message", "label"})
READ = frozenset({*FACTS, *HINTS, "grade", "from_claimed", "allow_claimed", "optional", "waived"})
EVERYTHING = "everything"


def names_course(rule: Node) -> bool:
    """Say whether a rule names one course."""
    return isinstance(rule.value, str) or (rule.has(*BY) and not rule.has("proficiency"))


def course_title(rule: Node) -> str:
    """Return what people call the course that a rule names."""
    if isinstance(rule.value, str):
        return rule.value
    named = rule.get("course") or rule.get("ap")
    return named.text if named is not None else f"Course {rule.need('crsid').text}"


def course_name(rule: Node) -> str:
    """Return the course that a rule names by subject and number, or nothing."""
    if isinstance(rule.value, str):
        return rule.value
    named = rule.get("course")
    return "" if named is None else named.text


def course_selector(rule: Node, area: Area) -> Written:
    """Return what a rule that names a course admits: the college's own, unless it says more."""
    if isinstance(rule.value, str):
        return {"course": rule.value, "is_stolaf": True}
    for key in rule.fields.keys() - READ:
        why = "the mapping has no place for it"
        area.leave(key, rule.need(key), why, "mend the written rule")
    found: Written = {FACTS[key]: part.text for key, part in rule.fields.items() if key in FACTS}
    if not rule.has("institution", "ap"):
        found["is_stolaf"] = True
    grade = rule.get("grade")
    # What is in progress has no grade yet, and passes.
    return found if grade is None else both(found, {"grade": {"from": known_grade(grade)}})


def course_leaf(rule: Node, area: Area) -> Written:
    """Return the requirement of a rule that names a course."""
    leaf: Written = {"choose": 1, "from": course_selector(rule, area), **claims(rule)}
    if flagged(rule, "optional") or flagged(rule, "waived"):
        leaf["optional"] = True
    return leaf


def claims(rule: Node) -> Written:
    """Return how what counts for a rule may count elsewhere."""
    if flagged(rule, "from_claimed"):
        return {"counted_in": EVERYTHING}
    return {"shares_with": EVERYTHING} if flagged(rule, "allow_claimed") else {}


def flagged(node: Node, key: str) -> bool:
    """Say whether a rule has a key that says true."""
    found = node.get(key) if isinstance(node.value, Mapping) else None
    return found is not None and found.flag


def need_course(rule: Node) -> Node:
    """Return the rule, which has to name a course."""
    if not names_course(rule):
        found = f"`{shorten(str(next(iter(rule.fields), '')))}`"
        raise MisshapenError(f"a course has to stand here, not {found}", rule.span)
    return rule
