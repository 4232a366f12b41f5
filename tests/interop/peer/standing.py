"""How a requirement stands, with claimed courses in its rules: plain recursion over the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from tests.interop.peer.leaves import (
    Claims,
    Leaf,
    Path,
    names_course,
    over_limit,
    written,
)
from tests.interop.peer.measures import assertions_of, holds_of
from tests.interop.peer.where import Row, Rule, Student, holds

State: TypeAlias = Literal["met", "people", "unmet"]
"""`people`: met but for what people have to confirm."""
Stands: TypeAlias = Mapping[str, list[str]]
"""By the spot of a rule, the courses that stand in it."""
RANK: Mapping[State, int] = {"unmet": 0, "people": 1, "met": 2}
NEEDS: Mapping[str, int | None] = {"all": None, "both": None, "any": 1, "either": 1}
SOURCES = {
    "areas": "areas",
    "music performances": "performances",
    "music recitals": "performance_attendances",
}


@dataclass(frozen=True)
class Case:
    """What is judged: one student's claims by one file."""

    area: Rule
    student: Student
    claims: Claims

    def rows(self, courses: frozenset[str]) -> list[Row]:
        """Return the rows of courses."""
        return [self.student.courses[one] for one in sorted(courses)]

    def asserted(self, rule: Rule | str, found: Found) -> Found:
        """Judge what the `audit` of a rule asserts of all that stands below it."""
        audit = None if isinstance(rule, str) else rule.get("audit")
        rows = self.rows(found.courses)
        if audit is None or all(holds_of(one, rows, self.student) for one in assertions_of(audit)):
            return found
        return replace(found, state="unmet")


@dataclass(frozen=True)
class Place:
    """A requirement, its rule, and what it may name.

    `choice` says that it is one of several, `spare` that no more of them are used than are needed.
    """

    path: Path
    definition: Rule
    scope: Mapping[str, Rule]
    spot: str
    choice: bool = False
    spare: bool = False


@dataclass(frozen=True)
class Found:
    """How a rule stands: its state and the courses that stand in it or below it."""

    state: State
    courses: frozenset[str]


NOTHING = Found("unmet", frozenset())


def least_of(several: list[Found]) -> State:
    """Say how an `all` stands."""
    return min((one.state for one in several), key=RANK.__getitem__, default="met")


class Standing:
    """The rules of one requirement that stand in no requirement below it."""

    def __init__(self, case: Case, place: Place, judge: Callable[[Place], Found]) -> None:
        self.case, self.place, self.judge = case, place, judge
        self.student = case.student
        self.leaves: list[Leaf] = []
        self.below: dict[str, Found] = {}

    def look(
        self,
        rule: Any,  # noqa: ANN401 -- as written
        spot: str,
        *,
        choice: bool = False,
        spare: bool = False,
    ) -> None:
        """Find the leaves, and judge the requirements below."""
        named = self._named(rule)
        if names_course(rule):
            self.leaves.append(Leaf(written(rule), spot))
        elif named is not None:
            name, definition = named
            scope = {**self.place.scope, **definition.get("requirements", {})}
            path = (*self.place.path, name)
            choice, spare = choice or self.place.choice, spare or self.place.spare
            self.below[spot] = self.judge(
                Place(path, definition, scope, spot, choice=choice, spare=spare)
            )
        elif "from" in rule:
            self.leaves.append(Leaf(rule, spot))
        else:
            parts, need = self._inner(rule)
            choice = choice or need < len(parts)
            spare = spare or (need < len(parts) and rule.get("at_most") is True)
            for end, part in parts:
                self.look(part, f"{spot}{end}", choice=choice, spare=spare)

    def _inner(self, rule: Rule) -> tuple[list[tuple[str, Any]], int]:
        """Return what stands in a rule, with the ends of its spots, and how much is needed."""
        if "$if" in rule:
            branch = self._branch(rule)
            return ([] if branch is None else [(".if", branch)]), 1
        if "proficiency" in rule:
            return ([(".course", rule["course"])] if "course" in rule else []), 1
        if "template" in rule:
            return [], 0
        parts, need = _parts(rule)
        return [(f"[{at}]", part) for at, part in enumerate(parts)], need

    def _named(self, rule: Any) -> tuple[str, Rule] | None:  # noqa: ANN401 -- as written
        if names_course(rule):
            return None
        if "requirement" in rule:
            return rule["requirement"], self.place.scope[rule["requirement"]]
        bare = "name" in rule and "from" not in rule
        return (rule["name"], rule) if bare else None

    def _branch(self, rule: Rule) -> Any:  # noqa: ANN401 -- as written
        return rule["$then"] if holds(rule["$if"], self.student) else rule.get("$else")

    def ways(self, course: str) -> list[tuple[str, ...]]:
        """Return the ways in which a claimed course can stand in the leaves."""
        row = self.student.courses.get(course)
        if row is None:
            return []
        fit = [one for one in self.leaves if one.admits(row, self.student)]
        shared = tuple(one.spot for one in fit if one.shares)
        alone = [(one.spot, *shared) for one in fit if not one.shares]
        return [*alone, *([shared] if shared else [])]

    def crowded(self, stands: Mapping[str, list[str]]) -> bool:
        """Say whether more stands in a leaf than it may hold."""
        by_spot = {one.spot: one for one in self.leaves}
        return any(
            (len(courses) > 1 and not by_spot[spot].query and not by_spot[spot].shares)
            or (not by_spot[spot].whole and self._over(by_spot[spot], courses))
            for spot, courses in stands.items()
        )

    def _over(self, leaf: Leaf, courses: list[str]) -> bool:
        rows = [self.student.courses[one] for one in courses]
        return over_limit(leaf, rows, self.student)

    def stand(self, rule: Any, spot: str, stands: Stands) -> Found:  # noqa: ANN401 -- as written
        """Judge a rule, with courses in the leaves."""
        if spot in self.below:
            found = self.below[spot]
            return replace(found, state="met") if rule.get("optional") else found
        if names_course(rule) or "from" in rule:
            return self._leaf(Leaf(written(rule), spot), frozenset(stands.get(spot, ())))
        if "proficiency" in rule and rule["proficiency"] in self.student.passed:
            return Found("met", frozenset())
        if "template" in rule:
            return Found("people", frozenset())
        return self._group(rule, spot, stands)

    def _group(self, rule: Rule, spot: str, stands: Stands) -> Found:
        parts, need = self._inner(rule)
        there = [one for one in parts if not self._absent(one[1])]
        several = [self.stand(part, f"{spot}{end}", stands) for end, part in there]
        courses = frozenset[str]().union(*(one.courses for one in several))
        least = len(several) if need == len(parts) else need
        best = sorted((one.state for one in several), key=RANK.__getitem__, reverse=True)
        state: State = "unmet" if len(best) < least else best[least - 1] if least else "met"
        return self.case.asserted(rule, Found(state, courses))

    def _absent(self, rule: Any) -> bool:  # noqa: ANN401 -- as written
        """Say whether a rule is not there, as its condition does not hold."""
        return not isinstance(rule, str) and "$if" in rule and self._branch(rule) is None

    def _leaf(self, leaf: Leaf, courses: frozenset[str]) -> Found:
        if not leaf.query:
            waived = leaf.rule.get("optional") or leaf.rule.get("waived")
            return Found("met" if courses or waived else "unmet", courses)
        rows = list(self._seen(leaf, courses))
        met = all(holds_of(one, rows, self.student) for one in assertions_of(leaf.rule))
        counted = frozenset() if leaf.rule.get("claim", True) is False else courses
        return Found("met" if met else "unmet", counted)

    def _seen(self, leaf: Leaf, courses: frozenset[str]) -> Iterator[Row]:
        source = leaf.rule["from"]
        if source == "courses" and not leaf.whole:
            yield from (self.student.courses[one] for one in sorted(courses))
            return
        rows = self._sources(source)
        yield from (one for one in rows if leaf.admits(one, self.student))

    def _sources(self, source: str) -> list[Row]:
        courses = self.student.seen
        if source == "claimed":
            return [row for name, row in courses.items() if name in self.case.claims]
        if source in SOURCES:
            return list(self.student.row.get(SOURCES[source], ()))
        return list(courses.values())


def _parts(rule: Rule) -> tuple[list[Any], int]:
    """Return the parts of a group and how many are needed."""
    for key, need in NEEDS.items():
        if key in rule:
            return list(rule[key]), len(rule[key]) if need is None else need
    needed = {"all": len(rule["of"]), "any": 1}
    count = rule["count"]
    return list(rule["of"]), needed[count] if count in needed else int(count)
