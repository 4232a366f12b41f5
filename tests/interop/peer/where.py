"""The `where` of the Hanson format, judged over a row of a student's JSON as it stands.

Plain code for the tests alone: it shares nothing with the importer or the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Rule = Mapping[str, Any]

LETTERS = ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")
POINTS = dict(
    zip(
        LETTERS,
        ["4.3", "4.0", "3.7", "3.3", "3.0", "2.7", "2.3", "2.0", "1.7", "1.3", "1.0", "0.7", "0.0"],
        strict=True,
    )
)
NO_LETTER = len(LETTERS)
ENDINGS = {"lab": ".L", "flac": ".F", "discussion": ".D"}
KINDS = {"": "Normal", **{code: code.title() for code in (*ENDINGS, "seminar", "topic")}}
COURSE_TYPES = {"SE": "Semester", "IN": "Interim", "SM": "Summer"}
SUBJECTS = {"125": "CHEM", "126": "CHEM", "127": "BIO", "227": "BIO"}
EXAMS = {
    "guitar": "Guitar",
    "keyboard_1": "Keyboard Level I",
    "keyboard_2": "Keyboard Level II",
    "keyboard_3": "Keyboard Level III",
    "keyboard_4": "Keyboard Level IV",
}
SPRING_2020 = ("2019", "3")


@dataclass(frozen=True)
class Student:
    """A student's JSON, for the area of study `code`; what is in progress may be left out of sight.

    Conditions and claims still find it.
    """

    row: Row
    code: str
    finished_only: bool = False

    @property
    def courses(self) -> dict[str, Row]:
        return {str(one["clbid"]): one for one in self.row["courses"]}

    @property
    def seen(self) -> dict[str, Row]:
        """What is looked at without being claimed."""
        found = self.courses.items()
        return {name: row for name, row in found if not (self.finished_only and in_progress(row))}

    @property
    def passed(self) -> set[str]:
        given = self.row.get("proficiencies") or {}
        return {EXAMS.get(name, name) for name, flag in given.items() if flag in {True, "Y"}}

    @property
    def terms_since_declaring(self) -> int | None:
        own = [one for one in self.row["areas"] if one["code"] == self.code]
        stated = [one.get("terms_since_declaration") for one in own]
        return next((int(one) for one in stated if one is not None), None)


def course_of(row: Row) -> str:
    """Name a course as rules do."""
    return f"{row['subject']} {row['number']}{ENDINGS.get(str(row.get('sub_type')), '')}"


def subject_of(row: Row) -> str:
    """Return the subject that rules see."""
    subject = str(row["subject"])
    return SUBJECTS.get(row["number"], subject) if subject == "CH/BI" else subject


def in_progress(row: Row) -> bool:
    return bool(row.get("flag_in_progress")) or row.get("grade_code") in {"IP", "I"}


def admits(where: Rule | None, row: Row, student: Student) -> bool:
    """Say whether a predicate holds of a row; one that does not apply holds."""
    return where is None or _judge(where, row, student) is not False


def _judge(where: Rule, row: Row, student: Student) -> bool | None:
    """Judge a predicate; None where its condition does not apply."""
    if "$if" in where:
        branch = where["$then"] if holds(where["$if"], student) else where.get("$else")
        return None if branch is None else _judge(branch, row, student)
    found = [_one(key, value, row, student) for key, value in where.items()]
    return _every(found)


def _every(found: list[bool | None]) -> bool | None:
    said = [one for one in found if one is not None]
    return all(said) if said else None


def _one(key: str, value: Any, row: Row, student: Student) -> bool | None:  # noqa: ANN401 -- as written
    if key in {"$and", "$or"}:
        said = [one for one in (_judge(part, row, student) for part in value) if one is not None]
        if not said:
            return None
        return all(said) if key == "$and" else any(said)
    if key == "$not":
        inner = _judge(value, row, student)
        return None if inner is None else not inner
    if key == "grade":
        return _grade(value, row)
    (operator, asked), *rest = value.items()
    assert not rest, value
    return _compare(operator, _facts(key, row), _asked(asked, student))


def _asked(value: Any, student: Student) -> list[Any]:  # noqa: ANN401 -- as written
    constants = {
        "$matriculation-year": student.row["matriculation"],
        "$primary-performing-medium": (student.row.get("mediums") or {}).get("ppm", ""),
        "$current-area-code-music-exam": f"Exam: {student.code}",
    }
    listed = value if isinstance(value, list) else [value]
    return [constants.get(one, one) if isinstance(one, str) else one for one in listed]


def _compare(operator: str, facts: list[Any], asked: list[Any]) -> bool:
    if operator in {"$eq", "$in", "$neq", "$nin"}:
        near = any(_same(fact, one) for fact in facts for one in asked)
        return near if operator in {"$eq", "$in"} else not near
    (limit,) = asked
    ways = {"$gte": (0, 1), "$gt": (1,), "$lte": (0, -1), "$lt": (-1,)}
    return any(_sign(fact, limit) in ways[operator] for fact in facts)


def _sign(fact: object, limit: object) -> int:
    own, other = Decimal(str(fact)), Decimal(str(limit))
    return (own > other) - (own < other)


def _same(fact: object, asked: object) -> bool:
    if isinstance(fact, bool) or isinstance(asked, bool):
        return fact is asked
    if isinstance(fact, Decimal | int):
        return Decimal(fact) == Decimal(str(asked))
    return str(fact) == str(asked)


def _facts(key: str, row: Row) -> list[Any]:
    """Return what a row states under the name that predicates have for it."""
    if "clbid" not in row:
        return _of_no_course(key, row)
    transferred = row["course_type"] == "AP"
    named: dict[str, Any] = {
        "attribute": row["attributes"],
        "attributes": row["attributes"],
        "gereqs": row["gereqs"],
        "course": course_of(row),
        "subject": subject_of(row),
        "level": int(row["level"]),
        "credits": Decimal(row["credits"]),
        "semester": row["term"],
        "type": KINDS[row["sub_type"]],
        "course_type": COURSE_TYPES.get(row["course_type"], row["course_type"]),
        "institution": row["institution_short"],
        "is_stolaf": row["flag_stolaf"],
        "is_in_gpa": row["flag_gpa"],
        "is_in_progress": in_progress(row),
        "ap": row["name"] if transferred else [],
    }
    found = named.get(key, row.get(key, []))
    return list(found) if isinstance(found, list) else [found]


def _of_no_course(key: str, row: Row) -> list[Any]:
    kind = {"E": "entrance", "C": "continuance"}.get(str(row.get("status")), row.get("status"))
    named = {"type": str(row.get("kind")).title(), "status": kind}
    found = named.get(key, row.get(key))
    return [] if found is None else [found]


def _grade(value: Rule, row: Row) -> bool:
    hidden = (row["year"], row["term"]) == SPRING_2020
    asked = value.get("$during_covid") if hidden else None
    (operator, usual), *_ = ((key, one) for key, one in value.items() if key != "$during_covid")
    own, limit = _rank(row["grade_code"]), _rank(asked or usual)
    ways = {"$gte": own <= limit, "$lt": own > limit, "$lte": own >= limit, "$eq": own == limit}
    return ways[operator]


def _rank(grade: str) -> int:
    """Return how many grades are better; what is no letter comes after F."""
    return LETTERS.index(grade) if grade in LETTERS else NO_LETTER


def holds(condition: Rule, student: Student) -> bool:
    """Say whether a condition of `$if` holds for the student."""
    return all(_holds(key, value, student) for key, value in condition.items())


def _holds(key: str, value: Any, student: Student) -> bool:  # noqa: ANN401 -- as written
    if key in {"$and", "$or"}:
        several = [holds(one, student) for one in value]
        return all(several) if key == "$and" else any(several)
    if key == "$not":
        return not holds(value, student)
    if key == "has-declared-area-code":
        return any(one["code"] == str(value) for one in student.row["areas"])
    if key == "passed-proficiency-exam":
        return value in student.passed
    if key == "has-override-exception":
        return any(value in str(one.get("path")) for one in student.row["exceptions"])
    rows = student.courses.values()
    if key == "student-has-course-with-attribute":
        return any(value in one["attributes"] for one in rows)
    going = {"has-ip-course": True, "has-completed-course": False}[key]
    return any(course_of(one) == value and in_progress(one) is going for one in rows)
