"""The catalogue and the policies that imported rules stand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.core.language.origin import slug
from app.core.language.printer_yaml import Open
from app.interop.hanson_area import AreaFile
from app.interop.hanson_facts import (
    ATTRIBUTES,
    COURSE,
    GRADES,
    LEVELS,
    NO_PASS,
    UNIT,
    WITHDRAWN,
    award_id,
    course_facts,
)

SCALE = "letter"
USUAL_CREDITS = 1
"""The files say nothing of a course's size; what counts in an audit is what the record says."""
NAMING = ("course", "crsid", "ap")


def policies_of() -> dict[str, Any]:
    """Return the answers that the format implies.

    Every enrolment counts by itself, and nothing is said of counting in two areas.
    """
    answers = {
        "retakes": "each",
        "caps": "whole",
        "level": "at",
        "edition": "admission",
        "double_count": "free",
        "late_lower_award": "grant",
        "grade_scale": SCALE,
    }
    return {"policies": Open(answers)}


def catalogue_of(areas: Sequence[AreaFile], institution: str, title: str) -> dict[str, Any]:
    """Return the catalogue of what the rules name, with the attributes that they test."""
    credentials = {
        one["id"]: one
        for several in (
            _kinds(areas, institution),
            _awards(areas, institution),
            _named(areas, institution),
        )
        for one in several
    }
    return {
        "institution": institution,
        "title": title,
        "issuers": Open([{"id": institution, "title": title}]),
        "attributes": Open(dict(ATTRIBUTES)),
        "grades": Open({SCALE: Open([*_grades()])}),
        "credentials": Open([credentials[name] for name in sorted(credentials)]),
    }


def _grades() -> Iterator[dict[str, Any]]:
    for grade, points in GRADES.items():
        said = {"grade": grade} if points is None else {"grade": grade, "points": points}
        lost = grade in NO_PASS | WITHDRAWN
        yield {**said, "passes": False} if lost else said


def _awards(areas: Sequence[AreaFile], institution: str) -> Iterator[dict[str, Any]]:
    """Yield the areas that others look at, then the tracks, then the areas of the files."""
    for area in areas:
        for name in sorted(_declared(area.award)):
            code = name.rpartition("/")[2]
            yield _award(name, f"Area {code}", "area", institution)
    for area in areas:
        for code, name in area.tracks.items():
            yield _award(award_id(code, institution), name, "emphasis", institution)
    for area in areas:
        award = _award(award_id(area.code, institution), area.name, area.kind, institution)
        sized = {"credits": area.award["credit"]["total"], "unit": UNIT}
        yield {**award, **sized, **({"degree": area.degree} if area.degree else {})}


def _award(identifier: str, title: str, kind: str, institution: str) -> dict[str, Any]:
    return {"id": identifier, "title": title, "issuer": institution, "type": kind}


def _declared(value: object) -> set[str]:
    return {str(name) for name in _values(value, "declared")}


def _kinds(areas: Sequence[AreaFile], institution: str) -> Iterator[dict[str, Any]]:
    """Yield one credential for each kind that the rules tell by its type, size or level alone."""
    for area in areas:
        required = area.award["require"]
        for kind in _values(required, "type"):
            if kind != COURSE:
                yield _award(
                    f"{institution}/{kind}", str(kind).capitalize(), str(kind), institution
                )
        for size in _values(required, "credit"):
            name = f"{institution}/course-of-{size}"
            course = _award(name, f"A course of {size} credits", COURSE, institution)
            yield {**course, "credits": size, "unit": UNIT}
        for tested in _values(required, "level"):
            level = next(iter(tested.values())) if isinstance(tested, Mapping) else tested
            name = f"{institution}/course-of-level-{level}"
            course = _award(name, f"A course of level {level}", COURSE, institution)
            usual = {"credits": USUAL_CREDITS, "unit": UNIT}
            yield {**course, **usual, "level": {"framework": LEVELS, "at": level}}


def _named(areas: Sequence[AreaFile], institution: str) -> Iterator[dict[str, Any]]:
    for area in areas:
        for key in NAMING:
            for name in _values(area.award["require"], key):
                yield _course(key, str(name), institution)


def _course(key: str, name: str, institution: str) -> dict[str, Any]:
    label = f"crsid-{name}" if key == "crsid" else name
    title = f"Course {name}" if key == "crsid" else name
    facts: dict[str, Any] = {key: name, "is_stolaf": key != "ap"}
    if key == "ap":
        facts["course_type"] = "AP"
    # Subjects and numbers stay out: of most subjects the rules name few courses, or none.
    level = course_facts(name).get("level") if key == "course" else None
    placed = {} if level is None else {"level": {"framework": LEVELS, "at": level}}
    return {
        "id": f"{institution}/{slug(label)}",
        "title": title,
        "issuer": institution,
        "type": COURSE,
        "credits": USUAL_CREDITS,
        "unit": UNIT,
        **placed,
        **facts,
    }


def _values(value: object, key: str) -> Iterator[object]:
    """Yield what stands under a key, wherever it is; of a list every item."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name == key:
                yield from part if isinstance(part, list) else [part]
            else:
                yield from _values(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _values(part, key)
