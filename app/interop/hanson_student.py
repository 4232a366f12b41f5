"""A student in the other engine's JSON as a learner's record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from app.core.language.diagnostics import shorten
from app.interop.hanson_enrolment import Enrolment, Years, achievement, credential
from app.interop.hanson_facts import (
    COLLEGE,
    DECLARATION,
    PERFORMANCE,
    RECITAL,
    TERMS_SINCE_DECLARING,
    award_id,
    step_name,
)

Plain: TypeAlias = dict[str, Any]
Row: TypeAlias = Mapping[str, Any]

PROFICIENCIES: Mapping[str, str] = {
    "guitar": "Guitar",
    "keyboard_1": "Keyboard Level I",
    "keyboard_2": "Keyboard Level II",
    "keyboard_3": "Keyboard Level III",
    "keyboard_4": "Keyboard Level IV",
}
EXAMINED: Mapping[str, str] = {"E": "entrance", "C": "continuance"}
FIRST_DAY = (9, 1)
"""The source dates by year alone: a step is taken to be of the first of September."""
YEAR = re.compile("[12][0-9]{3}")


class StudentError(ValueError):
    """The JSON is no student of the other engine."""


@dataclass(slots=True)
class Student:
    """The record on its way, and what of the student is not carried over."""

    credentials: list[Plain] = field(default_factory=list)
    achievements: list[Plain] = field(default_factory=list)
    not_carried: list[str] = field(default_factory=list)


def record_of(
    student: object, *, area: str = "", institution: str = COLLEGE
) -> tuple[Plain, tuple[str, ...]]:
    """Return the record of a student, and sentences on what is not carried over.

    `area` is the area from whose declaration terms are counted; without it, the first that says so.
    """
    row = _row(student, "the student")
    made = Student()
    years = Years(
        matriculation=str(row.get("matriculation") or ""),
        medium=str(_row(row.get("mediums") or {}, "`mediums`").get("ppm") or ""),
    )
    for one in _enrolments(_rows(row, "courses"), made):
        made.credentials.append(credential(one, institution))
        made.achievements.append(achievement(one, years, institution))
    _music(row, made, institution)
    areas = _rows(row, "areas")
    _declarations(areas, made, institution)
    _left(row, made)
    terms = _terms(areas, area)
    record: Plain = {
        "learner": str(row.get("stnum") or "learner"),
        "declared": [award_id(_text(one, "code"), institution) for one in areas],
        "attributes": {} if terms is None else {TERMS_SINCE_DECLARING: terms},
        "milestones": _milestones(row, years),
        "credentials": made.credentials,
        "achievements": made.achievements,
    }
    said = {key: value for key, value in record.items() if value or key == "achievements"}
    return said, tuple(made.not_carried)


def _row(value: object, what: str) -> Row:
    if not isinstance(value, Mapping):
        raise StudentError(f"{what} has to be an object")
    return value


def _rows(row: Row, key: str) -> list[Row]:
    value = row.get(key) or []
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise StudentError(f"`{key}` has to be a list")
    return [_row(one, f"entry {at} of `{key}`") for at, one in enumerate(value, start=1)]


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        raise StudentError(f"`{key}` is missing, or no text")
    return str(value)


def _enrolments(rows: Sequence[Row], made: Student) -> Iterator[Enrolment]:
    seen: set[str] = set()
    for row in rows:
        number = _text(row, "clbid")
        if number in seen:
            number = f"{number}-{_text(row, 'schedid')}"
        seen.add(number)
        texts = {key: _text(row, key) for key in ("subject", "number", "credits", "year", "term")}
        one = Enrolment(number=number, row={**row, **texts})
        if one.audited:
            made.not_carried.append(f"{one.title} was audited, and earned no credit")
        else:
            yield one


def _music(row: Row, made: Student, institution: str) -> None:
    for kind, key in ((PERFORMANCE, "performances"), (RECITAL, "performance_attendances")):
        for number, one in enumerate(_rows(row, key), start=1):
            name = _text(one, "name")
            identifier = f"{institution}/{kind}/{number}"
            status = EXAMINED.get(str(one.get("status") or "").upper())
            facts = {"name": name, "role": one.get("role"), "exam_status": status}
            made.credentials.append(
                _event(identifier, name, kind, institution)
                | {key: value for key, value in facts.items() if value}
            )
            term = f"{_text(one, 'year')}-{_text(one, 'term')}"
            made.achievements.append({"credential": identifier, "term": term})


def _event(identifier: str, title: str, kind: str, institution: str) -> Plain:
    return {"id": identifier, "title": title, "issuer": institution, "type": kind}


def _declarations(areas: Sequence[Row], made: Student, institution: str) -> None:
    for one in areas:
        code = _text(one, "code")
        identifier = f"{institution}/{DECLARATION}/{code}"
        title = str(one.get("name") or f"Area {code}")
        facts = {"area_type": str(one.get("kind") or "").title(), "degree": one.get("degree")}
        made.credentials.append(
            _event(identifier, title, DECLARATION, institution)
            | {key: value for key, value in facts.items() if value}
        )
        made.achievements.append({"credential": identifier})


def _terms(areas: Sequence[Row], area: str) -> int | None:
    stated = [
        one["terms_since_declaration"]
        for one in areas
        if isinstance(one.get("terms_since_declaration"), int)
        and area in {"", str(one.get("code"))}
    ]
    return stated[0] if stated else None


def _milestones(row: Row, years: Years) -> Plain:
    """Return matriculation as the admission, and the examinations passed; none has a day."""
    first = min(years.of(_rows(row, "courses")), default="")
    year = years.matriculation or first or str(row.get("catalog") or "")
    if not YEAR.fullmatch(year):
        return {}
    day = date(int(year), *FIRST_DAY)
    passed = _row(row.get("proficiencies") or {}, "`proficiencies`")
    steps = [
        step_name(PROFICIENCIES.get(name, name))
        for name, given in passed.items()
        if given is True or str(given).upper() == "Y"
    ]
    granted = [step_name(_petition(one)) for one in _rows(row, "exceptions") if _petition(one)]
    return dict.fromkeys(["admission", *steps, *granted], day)


def _petition(exception: Row) -> str:
    """Return the name of an exception that is granted by name."""
    path = exception.get("path")
    named = exception.get("type") == "override" and isinstance(path, list) and path
    return str(path[-1]).strip("$.%[]") if named and path else ""


def _left(row: Row, made: Student) -> None:
    for one in _rows(row, "exceptions"):
        kind = shorten(str(one.get("type")))
        made.not_carried.append(f"an exception (`{kind}`) needs an adjustment by a person")
    if row.get("templates"):
        made.not_carried.append("the approved lists of courses (`templates`) are no part of it")
