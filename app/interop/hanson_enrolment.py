"""One row of a transcript: the class as a credential, the enrolment as an achievement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.language.origin import slug
from app.interop.hanson_facts import (
    AUDITED,
    COURSE,
    COURSE_TYPES,
    FAMILIES,
    LEVELS,
    NO_PASS,
    SUB_TYPES,
    UNIT,
    WITHDRAWN,
    told_subject,
)

Plain = dict[str, Any]

REPEATED = frozenset({"R", "Z"})
"""Repeated later, or being repeated: the earlier credit is given up."""
UNFINISHED = frozenset({"IP", "I"})
COVID = ("2019", "3")
"""Spring 2020, in which a satisfactory grade hides a letter and other grades suffice."""
NO_ID = re.compile("[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Years:
    """What the year and the name of a class are compared with."""

    matriculation: str = ""
    medium: str = ""

    @staticmethod
    def of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the years of a transcript."""
        return [str(row["year"]) for row in rows if row.get("year")]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A row of a transcript; `number` is that of the class, made another where it stands twice."""

    number: str
    row: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Return a fact as text, empty where it is not stated."""
        value = self.row.get(key)
        return "" if value is None else str(value)

    def several(self, key: str) -> list[str]:
        """Return a fact of which there may be several."""
        value = self.row.get(key)
        return [str(one) for one in value] if isinstance(value, list | tuple) else []

    def flag(self, key: str) -> bool:
        """Say whether a fact is so."""
        return self.row.get(key) is True

    @property
    def sub_type(self) -> tuple[str, str]:
        """Return the word for its kind of class, and the ending of the course's name."""
        return SUB_TYPES.get(self.text("sub_type").lower(), (self.text("sub_type"), ""))

    @property
    def course(self) -> str:
        """Return the course as rules name it."""
        return f"{self.text('subject')} {self.text('number')}{self.sub_type[1]}"

    @property
    def title(self) -> str:
        """Return what people call the class."""
        name = self.text("name")
        return self.course if not name or name == self.course else f"{self.course} {name}"

    @property
    def audited(self) -> bool:
        """Say whether it was only listened to."""
        audit = self.text("grade_option").lower() in {"audit", "au"}
        return audit or self.text("grade_code") in AUDITED

    @property
    def covid(self) -> bool:
        """Say whether it fell into the spring of 2020."""
        return (self.text("year"), self.text("term")) == COVID

    @property
    def grade(self) -> str:
        """Return the grade by which rules judge it; none while it is in progress."""
        grade, under = self.text("grade_code"), self.text("su_grade_code")
        if grade in UNFINISHED:
            return ""
        return under if self.covid and grade == "S" and under not in {"", "?"} else grade

    @property
    def status(self) -> str:
        """Return how it stands in the record."""
        grade = self.text("grade_code")
        if self.text("transcript_code") in REPEATED:
            return "surrendered"
        if self.flag("flag_in_progress") or grade in UNFINISHED:
            return "in-progress"
        if grade in WITHDRAWN:
            return "withdrawn"
        return "failed" if grade in NO_PASS else "earned"


def _class(one: Enrolment, institution: str) -> str:
    return f"{institution}/class/{NO_ID.sub('-', one.number).strip('-._') or 'unnamed'}"


def _issuer(one: Enrolment, institution: str) -> str:
    own = one.flag("flag_stolaf")
    return institution if own else slug(one.text("institution_short")) or institution


def credential(one: Enrolment, institution: str) -> Plain:
    """Return the class as a credential: what the catalogue does not list, the record describes."""
    course, name, buckets = one.course, one.text("name"), one.several("attributes")
    facts: Plain = {
        "subject": told_subject(course, one.text("subject")),
        "number": one.text("number"),
        "course": course,
        "crsid": one.text("crsid"),
        "name": name,
        "course_name": f"{one.text('subject')}: {name}" if name else "",
        "sub_type": one.sub_type[0],
        "course_type": COURSE_TYPES.get(one.text("course_type"), one.text("course_type")),
        "institution": one.text("institution_short"),
        "ap": name if one.text("course_type") == "AP" else "",
        "bucket": buckets,
        "gereq": one.several("gereqs"),
        **{
            family: [bucket for bucket in buckets if bucket.startswith(head)]
            for family, head in FAMILIES.items()
        },
    }
    level = one.text("level")
    placed = {"level": {"framework": LEVELS, "at": int(level)}} if level.isdigit() else {}
    return {
        "id": _class(one, institution),
        "title": one.title,
        "issuer": _issuer(one, institution),
        "type": COURSE,
        "credits": one.text("credits"),
        "unit": UNIT,
        **placed,
        **{key: value for key, value in facts.items() if value},
    }


def achievement(one: Enrolment, years: Years, institution: str) -> Plain:
    """Return the enrolment as an achievement, with what only it can state."""
    year, name = one.text("year"), one.text("name")
    stated: Plain = {
        "grade_option": one.text("grade_option"),
        "year": year,
        "semester": one.text("term"),
        "section": one.text("section"),
        "is_stolaf": one.flag("flag_stolaf"),
        "is_in_gpa": one.flag("flag_gpa"),
    }
    compared = {
        "during_covid": one.covid,
        "in_first_year": bool(years.matriculation) and year == years.matriculation,
        "since_matriculation": year >= (years.matriculation or "0"),
        "primary_medium": bool(years.medium) and name == years.medium,
    }
    facts = {key: value for key, value in stated.items() if value != ""}
    facts |= {key: True for key, holds in compared.items() if holds}
    said: Plain = {
        "credential": _class(one, institution),
        "status": one.status,
        "grade": one.grade,
        "term": f"{year}-{one.text('term')}",
        "source": _source(one),
        "attributes": facts,
    }
    usual = {"status": "earned", "source": "taken"}
    return {key: value for key, value in said.items() if value and usual.get(key) != value}


def _source(one: Enrolment) -> str:
    if one.text("course_type") == "AP":
        return "examination"
    return "taken" if one.flag("flag_stolaf") else "transferred"
