"""What rules and records in the Hanson format call things, and what they are called here.

The importer of rules and that of students share this page: a rule tests what a record states.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.core.language.origin import slug

COLLEGE, COLLEGE_TITLE = "stolaf", "St. Olaf College"
"""The format knows one institution: its own courses are `is_stolaf`."""
UNIT = "credit"
LEVELS = COLLEGE
"""The framework of its levels: the hundreds of a course's number."""
EXAM_OF_AREA = "Exam: {}"
"""The name of the music examination of an area."""

COURSE, PERFORMANCE, RECITAL, DECLARATION = "course", "performance", "recital", "declaration"
"""The types of the credentials in a record."""

TERMS_SINCE_DECLARING = "terms-since-declaring"

ATTRIBUTES: Mapping[str, str] = {
    "subject": "text",
    "course": "text",
    "number": "text",
    "crsid": "text",
    "name": "text",
    "course_name": "text",
    "sub_type": "text",
    "course_type": "text",
    "institution": "text",
    "ap": "text",
    "bucket": "text",
    "gereq": "text",
    "math_perspective": "text",
    "religion_tradition": "text",
    "grade_option": "text",
    "year": "text",
    "semester": "text",
    "section": "text",
    "is_stolaf": "flag",
    "is_in_gpa": "flag",
    "during_covid": "flag",
    "in_first_year": "flag",
    "since_matriculation": "flag",
    "primary_medium": "flag",
    "role": "text",
    "exam_status": "text",
    "area_type": "text",
    "degree": "text",
    TERMS_SINCE_DECLARING: "number",
}
"""What the catalogue declares, each with its type; `bucket` to `religion_tradition` are lists."""

FAMILIES: Mapping[str, str] = {
    "math_perspective": "math_perspective_",
    "religion_tradition": "rel_tradition_",
}
"""Buckets whose names begin alike are also a fact of their own, so that they can be counted."""

SUB_TYPES: Mapping[str, tuple[str, str]] = {
    "": ("Normal", ""),
    "discussion": ("Discussion", ".D"),
    "ensemble": ("Ensemble", ""),
    "flac": ("Flac", ".F"),
    "lab": ("Lab", ".L"),
    "research": ("Research", ""),
    "seminar": ("Seminar", ""),
    "topic": ("Topic", ""),
}
"""By code of a record: the word that rules use, and the ending of the course's name."""

COURSE_TYPES: Mapping[str, str] = {
    "SE": "Semester",
    "IN": "Interim",
    "SM": "Summer",
    "CA": "Carleton",
    "IE": "InterimExchange",
    "OC": "OffCampusCourse",
    "OP": "OffCampusProgram",
    "CE": "ContinuingEducation",
    "AP": "AP",
    "PS": "PSEO",
    "AD": "Adjustment",
    "GE": "GeReq",
    "OT": "Other",
    "TR": "Transfer",
    "PC": "ParaCollege",
}

GRADES: Mapping[str, str | None] = {
    "A+": "4.3",
    "A": "4.0",
    "A-": "3.7",
    "B+": "3.3",
    "B": "3.0",
    "B-": "2.7",
    "C+": "2.3",
    "C": "2.0",
    "C-": "1.7",
    "D+": "1.3",
    "D": "1.0",
    "D-": "0.7",
    "F": "0.0",
    **dict.fromkeys(("P", "S", "U", "N", "I", "IP", "NG", "AU", "UA", "W", "WF", "WP")),
}
"""The scale, best first, with points; all that is no letter grade ranks below F."""
NO_PASS = frozenset({"F", "U", "N"})
WITHDRAWN = frozenset({"W", "WF", "WP"})
AUDITED = frozenset({"AU", "UA"})

_COURSE = re.compile(r"([A-Z]{2,5}(?:/[A-Z]{2,5})?) ([0-9]{3}[A-Z]?)(?:\.[LFD])?")
_SHARED_SUBJECT = {"125": "CHEM", "126": "CHEM", "127": "BIO", "227": "BIO"}


def course_facts(course: str) -> Mapping[str, str | int]:
    """Return what the name of a course such as `ECON 261` or `CHEM 126.L` tells; else nothing.

    Its level is the hundreds of its number.
    """
    found = _COURSE.fullmatch(course)
    if found is None:
        return {}
    subject, number = found.groups()
    level = int(number[:3]) // 100 * 100
    return {"subject": told_subject(course, subject), "number": number, "level": level}


def told_subject(course: str, subject: str) -> str:
    """Return the subject that rules see: each CH/BI course is one of chemistry or of biology."""
    code, _, number = course.partition(" ")
    return _SHARED_SUBJECT.get(number, subject) if code == "CH/BI" else subject


def award_id(code: str, institution: str = COLLEGE) -> str:
    """Return the id of the award of an area's code."""
    return f"{institution}/{code}"


def step_name(title: str) -> str:
    """Return the name under which an examination or a decision is recorded as a milestone."""
    return slug(title)
