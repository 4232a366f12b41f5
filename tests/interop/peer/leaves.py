"""Rules of the Hanson format that courses stand in: each names a course, or is a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from tests.interop.peer.where import (
    POINTS,
    Row,
    Rule,
    Student,
    admits,
    course_of,
    in_progress,
)

Path: TypeAlias = tuple[str, ...]
Claims: TypeAlias = Mapping[str, frozenset[Path]]
"""By course, the requirements that claim it."""
UNCLAIMED = {"record", False}
NAMING = frozenset({"course", "crsid", "ap"})


@dataclass(frozen=True)
class Leaf:
    """A rule that courses stand in: one that names a course, or a query."""

    rule: Rule
    spot: str

    @property
    def query(self) -> bool:
        return "from" in self.rule

    @property
    def whole(self) -> bool:
        """Say whether it looks at all there is, without claiming it."""
        return self.rule.get("claim", True) in UNCLAIMED or self.rule.get("from") != "courses"

    @property
    def of_claimed(self) -> bool:
        """Say whether it takes what others claim."""
        return bool(self.rule.get("from_claimed")) or self.rule.get("from") == "claimed"

    @property
    def shares(self) -> bool:
        """Say whether a course may stand here and elsewhere."""
        return (
            self.of_claimed or bool(self.rule.get("allow_claimed")) or (self.query and self.whole)
        )

    def admits(self, row: Row, student: Student) -> bool:
        return _names(self.rule, row) if not self.query else _found_by(self.rule, row, student)


def _names(rule: Rule, row: Row) -> bool:
    """Say whether a rule that names a course means this one."""
    stated = {
        "course": course_of(row),
        "crsid": row["crsid"],
        "institution": row["institution_short"],
    }
    stated |= {key: row[key] for key in ("grade_option", "section", "year", "term", "name")}
    stated["ap"] = row["name"] if row["course_type"] == "AP" else ""
    if any(str(rule[key]) != str(stated[key]) for key in stated.keys() & rule.keys()):
        return False
    foreign = not row["flag_stolaf"] and not {"institution", "ap"} & rule.keys()
    if foreign or "grade" not in rule or in_progress(row):
        return not foreign
    points = Decimal(POINTS.get(row["grade_code"], "0"))
    return points >= Decimal(POINTS[rule["grade"]])


def _found_by(rule: Rule, row: Row, student: Student) -> bool:
    return admits(rule.get("where"), row, student) and not any(
        not most_of(limit)[0] and admits(limit["where"], row, student)
        for limit in rule.get("limit", ())
    )


def most_of(limit: Rule) -> tuple[float, str]:
    """Return how much a limit lets in, and of what."""
    said = next(limit[key] for key in ("at_most", "at-most", "at most") if key in limit)
    number, _, of = str(said).partition(" ")
    return float(number), of


def names_course(rule: Rule | str) -> bool:
    """Say whether a rule names one course."""
    if isinstance(rule, str):
        return True
    return bool(NAMING & rule.keys()) and not {"from", "proficiency"} & rule.keys()


def written(rule: Rule | str) -> Rule:
    """Return a rule in full: the name of a course alone is a rule that names it."""
    return {"course": rule} if isinstance(rule, str) else rule


def over_limit(leaf: Leaf, rows: list[Row], student: Student) -> bool:
    """Say whether more stands in a query than its `limit` lets in."""
    return any(
        sum(admits(limit["where"], one, student) for one in rows) > most_of(limit)[0]
        for limit in leaf.rule.get("limit", ())
    )
