"""Records against a catalogue and a day: what does not fit is refused, never guessed."""

# ruff: noqa: E501 -- a finding stands in one line, as it is told

from __future__ import annotations

import time
from datetime import date

import pytest

from app.core.language.catalogues import read_catalogue
from app.core.language.record_checks import check_record
from app.core.language.records import read_record, record_from
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, IssuerId

DAY = date(2026, 6, 1)
CATALOGUE = b"""
institution: x
title: X
issuers: [{id: x, title: X}]
attributes: {cluster: text, rank: number}
grades: {letter: [{grade: A}, {grade: B}], points: [{grade: "1.0"}]}
conversions: {c: {version: "1", rates: [{from: cats, to: ects, rate: 1/2}], rounding: down}}
credentials: [{id: x/ml-1, title: ML, issuer: x, unit: ects}, {id: x/ethics, title: E, issuer: x}]
"""
LATER = "mark it planned or in progress, or ask for a later day"
# Far above what is measured, far below what no bounds would take.
SECONDS = 60


def catalogue() -> Catalogue:
    read = read_catalogue(CATALOGUE, "c.yaml").catalogue
    assert read is not None
    return read


def told_of(value: object, known: Catalogue | None = None) -> list[str]:
    record = record_from(value).record
    assert record is not None
    found = check_record(record, known or catalogue(), DAY)
    return [f"{one.code} {one.path}: {one.message}: {one.help}" for one in found]


def held(**keys: object) -> dict[str, object]:
    return {"achievements": [{"credential": "x/ml-1", **keys}]}


def described(**keys: object) -> dict[str, object]:
    return {"id": "e/logic", "title": "Logic", "issuer": "e", **keys}


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        (held(credential="x/ml-l"), "CN0703 $.achievements[0].credential: the catalogue has no credential `x/ml-l`: did you mean `x/ml-1`?"),
        (held(credential="q/zzz"), "CN0703 $.achievements[0].credential: the catalogue has no credential `q/zzz`: name one that it lists, or describe it under `credentials`"),
        (held(earned="2026-06-02"), f"CN0704 $.achievements[0].earned: `x/ml-1` is earned with the day 2026-06-02, after the audit's day 2026-06-01: {LATER}"),
        (held(status="failed", started="2027-01-01"), f"CN0704 $.achievements[0].started: `x/ml-1` is failed with the day 2027-01-01, after the audit's day 2026-06-01: {LATER}"),
        (held(grade="A-"), "CN0705 $.achievements[0].grade: no grade scale knows the grade `A-`: did you mean `A`?"),
        (held(grade="Z"), "CN0705 $.achievements[0].grade: no grade scale knows the grade `Z`: the grades are 1.0, A, B"),
        (held(credits="5", unit="etcs"), "CN0706 $.achievements[0].unit: the catalogue knows no unit of credit `etcs`: did you mean `ects`?"),
        (held(attributes={"clustr": "a"}), "CN0707 $.achievements[0].attributes.clustr: the catalogue declares no attribute `clustr`: did you mean `cluster`?"),
        (held(attributes={"cluster": 1}), "CN0709 $.achievements[0].attributes.cluster: `cluster` is not the text that the catalogue declares it to be: write a text"),
        (held(attributes={"rank": ["a", "b"]}), "CN0709 $.achievements[0].attributes.rank: `rank` is not the number that the catalogue declares it to be: write a number"),
        ({"attributes": {"rank": True}}, "CN0709 $.attributes.rank: `rank` is not the number that the catalogue declares it to be: write a number"),
        ({"credentials": [described(id="x/ml-1")]}, "CN0710 $.credentials[0].id: the catalogue lists `x/ml-1`, and what it says of it counts: leave it out; what is the learner's own stands on the achievement"),
        ({"credentials": [described(unit="etcs")]}, "CN0706 $.credentials[0].unit: the catalogue knows no unit of credit `etcs`: did you mean `ects`?"),
        ({"credentials": [described(clustr="a")]}, "CN0707 $.credentials[0].clustr: the catalogue declares no attribute `clustr`: did you mean `cluster`?"),
        ({"credentials": [described(titel="a")]}, "CN0707 $.credentials[0].titel: the catalogue declares no attribute `titel`: did you mean `title`?"),
        ({"credentials": [described(cluster=1)]}, "CN0709 $.credentials[0].cluster: `cluster` is not the text that the catalogue declares it to be: write a text"),
        ({"credentials": [described(equivalents="x/ml-l")]}, "CN0703 $.credentials[0].equivalents: the catalogue has no credential `x/ml-l`: did you mean `x/ml-1`?"),
        ({"attributes": {"zzz": 1}}, "CN0707 $.attributes.zzz: the catalogue declares no attribute `zzz`: leave it out, or have it declared"),
        ({"milestones": {"entry": "2026-06-02"}}, "CN0704 $.milestones[0]: the milestone `entry` lies on 2026-06-02, after the audit's day 2026-06-01: leave it out, or ask for a later day"),
        ({"attestations": [{"requirement": "thesis", "role": "dean", "by": "B.", "on": "2026-06-02"}]}, "CN0704 $.attestations[0]: the attestation of `thesis` lies after the audit's day 2026-06-01: ask for a later day"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_place_and_a_remedy(value: object, finding: str) -> None:
    assert told_of(value) == [finding]


def test_what_fits_is_let_be() -> None:
    day = {"credential": "x/ml-1", "earned": "2026-06-01", "grade": "1.0", "unit": "cats"}
    ahead = {
        "credential": "x/ethics",
        "earned": "2027-01-31",
        "attributes": {"cluster": ["a", "b"]},
    }
    steps = {"entry": "2026-06-01"}
    assert told_of({"earned": [day], "planned": [ahead], "milestones": steps}) == []


def test_a_record_may_describe_what_no_catalogue_lists() -> None:
    logic = described(unit="cats", cluster=["a"], equivalents=["x/ethics", "f/logic"])
    local = described(id="x/local", issuer="x", prerequisites=["e/logic"])
    assert told_of({"credentials": [logic, local], "earned": ["e/logic", "x/local"]}) == []


def test_every_part_of_a_record_has_its_place_in_the_file() -> None:
    source = b"""
failed: {credential: x/a}
earned: [x/b, {credential: x/c, grade: Z}]
achievements: [x/d]
milestones: [{name: entry, on: 2030-01-01}]
attributes: {zzz: 1}
credentials:
  - {id: e/logic, title: Logic, issuer: e}
  - {id: e/ethics, title: Ethics, issuer: e, unit: zz}
"""
    file = read_record(source, "r.yaml")
    assert file.record is not None
    found = [file.located(one) for one in check_record(file.record, catalogue(), DAY)]
    assert sorted((one.span.line, one.path) for one in found) == [
        (2, "$.failed.credential"),
        (3, "$.earned[0].credential"),
        (3, "$.earned[1].credential"),
        (3, "$.earned[1].grade"),
        (4, "$.achievements[0].credential"),
        (5, "$.milestones[0]"),
        (6, "$.attributes.zzz"),
        (9, "$.credentials[1].unit"),
    ]


def test_a_catalogue_that_grades_nothing_refuses_no_grade() -> None:
    known = catalogue()
    ungraded = Catalogue(credentials=known.credentials)
    assert told_of(held(grade="anything"), ungraded) == []


def test_every_misfit_is_told_at_once() -> None:
    value = {**held(credential="q/zzz", grade="Z", unit="zz"), "milestones": {"m": "2027-01-01"}}
    assert [one[:6] for one in told_of(value)] == ["CN0703", "CN0705", "CN0706", "CN0704"]


def test_thousands_of_unknown_credentials_are_told_in_time() -> None:
    ids = [CredentialId(f"x/c{number}") for number in range(10_000)]
    listed = {one: Credential(id=one, title="C", issuer=IssuerId("x")) for one in ids}
    value = {"earned": [f"x/d{number}" for number in range(2000)]}
    started = time.process_time()
    found = told_of(value, Catalogue(credentials=listed))
    assert time.process_time() - started < SECONDS
    assert len(found) == 21
    assert found[0].endswith("name one that it lists, or describe it under `credentials`")
