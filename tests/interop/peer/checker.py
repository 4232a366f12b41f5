"""A neutral checker: whether claims of courses are valid by a Hanson file, and what they satisfy.

Claims name requirements by the path of their names. The checker tries how the claimed courses can
stand in the rules of each requirement; it looks for no better claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod

from tests.interop.peer.leaves import Claims, Leaf, Path, most_of
from tests.interop.peer.standing import (
    NOTHING,
    RANK,
    Case,
    Found,
    Place,
    Standing,
    State,
    least_of,
)
from tests.interop.peer.where import Row, Rule, Student, admits, course_of

MOST_TRIES = 200_000
PEOPLE = ("department_audited", "department-audited", "contract")


@dataclass
class Judged:
    """What the claims satisfy, by path; and what is wrong with them."""

    states: dict[Path, State] = field(default_factory=dict)
    choices: set[Path] = field(default_factory=set)
    spare: set[Path] = field(default_factory=set)
    leaves: dict[Path, list[Leaf]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def met(self) -> int:
        """Return how many requirements are met for which something can be claimed."""
        return sum(state == "met" for path, state in self.states.items() if self.leaves.get(path))


class Checker:
    """Judges the claims of one student by one file."""

    def __init__(self, area: Rule, student: Student, claims: Claims) -> None:
        self.case = Case(area, student, claims)
        self.courses = student.courses
        self.judged = Judged()
        self.by_path: dict[Path, list[str]] = defaultdict(list)
        for course, paths in claims.items():
            for path in sorted(paths):
                self.by_path[path].append(course)

    def judge(self) -> Judged:
        """Return what the claims satisfy."""
        area, student = self.case.area, self.case.student
        found = [self._place(Place((), area, area.get("requirements", {}), "$"))]
        declared = {str(one["code"]) for one in student.row["areas"]}
        for code, one in area.get("emphases", {}).items():
            if str(code) in declared:
                own = one.get("requirements", {})
                found.append(self._place(Place((one["name"],), one, own, f"$.{code}")))
        courses = frozenset[str]().union(*(one.courses for one in found))
        whole = self.case.asserted(area["result"], Found(least_of(found), courses))
        self.judged.states[()] = whole.state
        self._limits()
        for course in self.case.claims.keys() & self.courses.keys():
            self._once(course)
        for path in self.by_path.keys() - self.judged.states.keys():
            self._fault(f"{_shown(path)} is no requirement here")
        return self.judged

    def _fault(self, text: str) -> None:
        self.judged.faults.append(text)

    def _place(self, place: Place) -> Found:
        """Judge a requirement and all below it."""
        result = place.definition.get("result")
        people = any(place.definition.get(key) for key in PEOPLE)
        if result is None:
            found = Found("people", frozenset()) if people else NOTHING
        else:
            found = self._best(place, result)
            if people and found.state == "met":
                found = replace(found, state="people")
        self.judged.states[place.path] = found.state
        if place.choice:
            self.judged.choices.add(place.path)
        if place.spare:
            self.judged.spare.add(place.path)
        return found

    def _best(self, place: Place, result: Rule) -> Found:
        """Return how a requirement stands when its courses stand in its rules as well as can be."""
        own = Standing(self.case, place, self._place)
        own.look(result, place.spot)
        self.judged.leaves[place.path] = own.leaves
        ways = {course: own.ways(course) for course in self.by_path.get(place.path, ())}
        for course in [course for course, several in ways.items() if not several]:
            del ways[course]
            self._fault(f"{self._name(course)} does not fit {_shown(place.path)}")
        if prod(map(len, ways.values())) > MOST_TRIES:
            raise OverflowError(place.path)
        best: Found | None = None
        for chosen in product(*ways.values()):
            stands = _by_spot(zip(ways, chosen, strict=True))
            if own.crowded(stands):
                continue
            found = own.stand(result, place.spot, stands)
            best = found if best is None or RANK[found.state] > RANK[best.state] else best
            if best.state == "met":
                break
        if best is None:
            self._fault(f"too much is claimed for {_shown(place.path)}")
        return best or NOTHING

    def _name(self, course: str) -> str:
        return course_of(self.courses[course]) if course in self.courses else course

    def _limits(self) -> None:
        """All that is claimed keeps to the limits of the file."""
        rows = [self.courses[one] for one in self.case.claims.keys() & self.courses.keys()]
        for limit in self.case.area.get("limit", ()):
            most, of = most_of(limit)
            within = [one for one in rows if admits(limit["where"], one, self.case.student)]
            by_credit = of.startswith("credit")
            reached = sum(float(one["credits"]) for one in within) if by_credit else len(within)
            if reached > most:
                self._fault(f"{reached:g} count where a limit is {most:g}")

    def _once(self, course: str) -> None:
        """A course stands in one rule alone, unless the rule shares or the file says otherwise."""
        row, paths = self.courses[course], self.case.claims[course]
        alone = [path for path in paths if not any(one.shares for one in self._leaves(path, row))]
        twice = self.case.area.get("multicountable", {}).get(course_of(row), ())
        allowed = [tuple(map(str, path)) for path in twice]
        outside = [path for path in alone if not any(path[: len(a)] == a for a in allowed)]
        if len(alone) > 1 and outside:
            self._fault(f"{course_of(row)} counts {len(alone)} times")
        if not alone and all(self._borrowed(path, row) for path in paths):
            self._fault(f"{course_of(row)} is borrowed, and nobody claims it")

    def _leaves(self, path: Path, row: Row) -> list[Leaf]:
        own = self.judged.leaves.get(path, [])
        return [one for one in own if one.admits(row, self.case.student)]

    def _borrowed(self, path: Path, row: Row) -> bool:
        leaves = self._leaves(path, row)
        return bool(leaves) and all(one.of_claimed for one in leaves)


def _shown(path: Path) -> str:
    return " > ".join(path) or "the award"


def _by_spot(chosen: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for course, spots in chosen:
        for spot in spots:
            found[spot].append(course)
    return found
