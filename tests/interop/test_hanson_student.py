"""Students in the other engine's JSON as records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.language.printer_yaml import print_yaml
from app.core.language.records import read_record
from app.interop.hanson_student import StudentError, record_of

ROW: dict[str, Any] = {
    "clbid": "7",
    "crsid": "0000000042",
    "subject": "LAKE",
    "number": "201",
    "section": "",
    "sub_type": "",
    "name": "Lake Ice",
    "level": 200,
    "credits": "1.00",
    "term": "1",
    "year": "2023",
    "course_type": "SE",
    "institution_short": "STOLAF",
    "grade_code": "B+",
    "grade_option": "grade",
    "su_grade_code": "?",
    "transcript_code": "",
    "schedid": "70",
    "attributes": ["shore", "math_perspective_a", "rel_tradition_old"],
    "gereqs": ["WET"],
    "flag_gpa": True,
    "flag_in_progress": False,
    "flag_stolaf": True,
}


def student(*rows: dict[str, Any], **more: object) -> dict[str, Any]:
    courses = [{**ROW, **row} for row in rows]
    return {"stnum": "1", "matriculation": "2023", "courses": courses, **more}


def courses(*rows: dict[str, Any], **more: object) -> list[dict[str, Any]]:
    """Return the achievements of a student's courses."""
    found, _ = record_of(student(*rows, **more))
    return list(found["achievements"])


def test_a_class_is_a_credential_and_an_enrolment_an_achievement() -> None:
    found, left = record_of(student({}))
    assert left == ()
    assert found["credentials"] == [
        {
            "id": "stolaf/class/7",
            "title": "LAKE 201 Lake Ice",
            "issuer": "stolaf",
            "type": "course",
            "credits": "1.00",
            "unit": "credit",
            "level": {"framework": "stolaf", "at": 200},
            "subject": "LAKE",
            "number": "201",
            "course": "LAKE 201",
            "crsid": "0000000042",
            "name": "Lake Ice",
            "course_name": "LAKE: Lake Ice",
            "sub_type": "Normal",
            "course_type": "Semester",
            "institution": "STOLAF",
            "bucket": ["shore", "math_perspective_a", "rel_tradition_old"],
            "gereq": ["WET"],
            "math_perspective": ["math_perspective_a"],
            "religion_tradition": ["rel_tradition_old"],
        }
    ]
    assert found["achievements"] == [
        {
            "credential": "stolaf/class/7",
            "grade": "B+",
            "term": "2023-1",
            "attributes": {
                "grade_option": "grade",
                "year": "2023",
                "semester": "1",
                "is_stolaf": True,
                "is_in_gpa": True,
                "in_first_year": True,
                "since_matriculation": True,
            },
        }
    ]


@pytest.mark.parametrize(
    ("row", "status", "grade"),
    [
        ({"grade_code": "IP", "flag_in_progress": True}, "in-progress", ""),
        ({"grade_code": "I"}, "in-progress", ""),
        ({"grade_code": "F"}, "failed", "F"),
        ({"grade_code": "U"}, "failed", "U"),
        ({"grade_code": "N"}, "failed", "N"),
        ({"grade_code": "W"}, "withdrawn", "W"),
        ({"grade_code": "WF"}, "withdrawn", "WF"),
        ({"transcript_code": "R"}, "surrendered", "B+"),
        ({"transcript_code": "Z"}, "surrendered", "B+"),
        ({"grade_code": "S", "grade_option": "s/u"}, "earned", "S"),
        ({"grade_code": "S", "su_grade_code": "C"}, "earned", "S"),
        ({"grade_code": "S", "su_grade_code": "C", "year": "2019", "term": "3"}, "earned", "C"),
    ],
)
def test_only_what_was_passed_or_goes_on_counts(
    row: dict[str, Any], status: str, grade: str
) -> None:
    (found,) = courses(row)
    assert (found.get("status", "earned"), found.get("grade", "")) == (status, grade)


def test_what_was_audited_is_told() -> None:
    found, left = record_of(student({"grade_option": "audit"}, {"clbid": "8", "grade_code": "AU"}))
    assert found["achievements"] == []
    assert len(left) == 2


@pytest.mark.parametrize(
    ("row", "source", "issuer"),
    [
        (
            {"course_type": "AP", "flag_stolaf": False, "institution_short": "AP"},
            "examination",
            "ap",
        ),
        ({"flag_stolaf": False, "institution_short": "SEASIDE"}, "transferred", "seaside"),
        ({"flag_stolaf": False, "institution_short": ""}, "transferred", "stolaf"),
        ({}, "taken", "stolaf"),
    ],
)
def test_where_it_was_earned_is_told(row: dict[str, Any], source: str, issuer: str) -> None:
    record, _ = record_of(student(row))
    (found,) = record["achievements"]
    assert found.get("source", "taken") == source
    assert found["attributes"]["is_stolaf"] is (source == "taken")
    assert record["credentials"][0]["issuer"] == issuer


@pytest.mark.parametrize(
    ("row", "course", "subject"),
    [
        ({"sub_type": "lab"}, "LAKE 201.L", "LAKE"),
        ({"sub_type": "flac"}, "LAKE 201.F", "LAKE"),
        ({"sub_type": "discussion"}, "LAKE 201.D", "LAKE"),
        ({"sub_type": "topic"}, "LAKE 201", "LAKE"),
        ({"subject": "CH/BI", "number": "125"}, "CH/BI 125", "CHEM"),
        ({"subject": "CH/BI", "number": "227"}, "CH/BI 227", "BIO"),
        ({"subject": "AS/ES", "number": "201"}, "AS/ES 201", "AS/ES"),
    ],
)
def test_a_course_is_called_as_rules_call_it(
    row: dict[str, Any], course: str, subject: str
) -> None:
    found, _ = record_of(student(row))
    (one,) = found["credentials"]
    assert (one["course"], one["subject"]) == (course, subject)


def test_years_and_the_medium_are_compared_here() -> None:
    before, later = courses({"year": "2022"}, {"clbid": "8", "year": "2024"})
    assert not {"in_first_year", "since_matriculation"} & set(before["attributes"])
    assert later["attributes"]["since_matriculation"] is True
    assert "in_first_year" not in later["attributes"]
    (played,) = courses({"name": "Organ"}, mediums={"ppm": "Organ"})
    assert played["attributes"]["primary_medium"] is True


def test_a_class_that_stands_twice_is_told_apart() -> None:
    one, two = courses({}, {"schedid": "71"})
    assert (one["credential"], two["credential"]) == ("stolaf/class/7", "stolaf/class/7-71")


def test_music_areas_and_steps_are_in_the_record() -> None:
    found, left = record_of(
        student(
            performances=[
                {"name": "Exam: 450", "id": "x", "year": "2024", "term": "1", "status": "E"}
            ],
            performance_attendances=[{"name": "Concert", "id": "y", "year": "2024", "term": "1"}],
            areas=[
                {"code": "900", "name": "Lake Studies", "kind": "major", "degree": "B.A."},
                {"code": "456", "kind": "major", "terms_since_declaration": 5},
                {"code": "458", "kind": "major", "terms_since_declaration": 3},
            ],
            proficiencies={"keyboard_1": "Y", "guitar": True, "keyboard_2": "N"},
            exceptions=[{"type": "override", "path": ["$", "%by-petition"]}],
            templates={"own_courses": ["LAKE 1"]},
        )
    )
    assert found["declared"] == ["stolaf/900", "stolaf/456", "stolaf/458"]
    assert found["attributes"] == {"terms-since-declaring": 5}
    assert found["milestones"] == dict.fromkeys(
        ("admission", "keyboard-level-i", "guitar", "by-petition"), date(2023, 9, 1)
    )
    played, heard, declared = found["credentials"][:3]
    assert (played["type"], played["name"], played["exam_status"]) == (
        "performance",
        "Exam: 450",
        "entrance",
    )
    assert heard["type"] == "recital"
    assert (declared["type"], declared["area_type"]) == ("declaration", "Major")
    assert len(left) == 2


def test_terms_are_counted_from_the_declaration_that_is_asked_for() -> None:
    areas = [
        {"code": "456", "kind": "major", "terms_since_declaration": 5},
        {"code": "458", "kind": "major", "terms_since_declaration": 3},
    ]
    found, _ = record_of(student(areas=areas), area="458")
    assert found["attributes"] == {"terms-since-declaring": 3}


def test_without_a_matriculation_the_first_year_begins_the_studies() -> None:
    found, _ = record_of(student({"year": "2021"}, matriculation=""))
    assert found["milestones"] == {"admission": date(2021, 9, 1)}
    assert "milestones" not in record_of({"stnum": "1"})[0]


def test_what_is_printed_can_be_read() -> None:
    found, _ = record_of(student({}, {"clbid": "8", "grade_code": "IP"}))
    read = read_record(print_yaml(found).encode(), "student.json")
    assert read.record is not None
    assert [one.status for one in read.record.achievements] == ["earned", "in-progress"]


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"courses": "LAKE 201"},
        {"courses": ["LAKE 201"]},
        {"courses": [{"clbid": "7"}]},
        {"courses": [{**ROW, "credits": None}]},
        {"areas": [{"name": "no code"}]},
        {"mediums": ["Organ"]},
    ],
)
def test_what_is_no_student_is_refused(value: object) -> None:
    with pytest.raises(StudentError):
        record_of(value)
