"""Catalogues and policies: what is read, and what can be wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.language.catalogues import read_catalogue, read_policies

WHOLE = """
institution: u
title: University
issuers: [{id: u, title: University, country: IE}]
attributes: {cluster: text, lab: flag}
grades:
  letter: [{grade: A, points: "4.0"}, {grade: C, points: "2.0"}, {grade: S, like: C}, {grade: F, points: "0", passes: false}]
conversions:
  hours-30: {version: "2", rates: [{from: cats, to: ects, rate: 10/30}], rounding: up}
levels: [{framework: eqf, step: 7, same: {framework: rqf, step: 7}}]
credentials:
  - {id: u/a, title: Algebra, issuer: u, credits: "7.5", unit: ects, level: {framework: eqf, at: 7}, cluster: alpha, lab: true}
  - {id: u/b, title: Geometry, issuer: u, prerequisites: [u/a], equivalents: u/a, cluster: [alpha, beta]}
"""  # noqa: E501


def test_a_catalogue_is_read_whole() -> None:
    read = read_catalogue(WHOLE.encode(), "c.yaml")
    assert read.diagnostics == ()
    found = read.catalogue
    assert found is not None
    algebra, geometry = found.credentials.values()
    assert (algebra.credits, algebra.attributes) == (7500, {"cluster": "alpha", "lab": True})
    assert geometry.attributes == {"cluster": ("alpha", "beta")}
    assert (geometry.prerequisites, geometry.equivalents) == (("u/a",), ("u/a",))
    scale = found.scales["letter"].grades
    assert scale["S"].rank == scale["C"].rank
    assert (scale["S"].points, scale["A"].points, scale["F"].passes) == (None, 4000, False)
    assert found.conversions["hours-30"].rates == {("cats", "ects"): Fraction(1, 3)}
    assert found.levels == {("eqf", 7, "rqf"): 7, ("rqf", 7, "eqf"): 7}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: u/b", "id: u/a", "CN0801"),
        ("{grade: C,", "{grade: A,", "CN0801"),
        ("issuer: u, credits", "issuer: v, credits", "CN0802"),
        ("prerequisites: [u/a]", "prerequisites: [u/z]", "CN0802"),
        ("cluster: text", "level: text", "CN0803"),
        ("like: C", "like: D", "CN0804"),
        ("rate: 10/30", "rate: 0", "CN0805"),
        ("rate: 10/30", "rate: 1/0", "CN0805"),
        ("id: u/b", "id: v/b", "CN0806"),
        ("lab: true", "lab: 1", "CN0203"),
        ("lab: true", "lab: [true]", "CN0203"),
        ("cluster: alpha", "cluster: [alpha, 2]", "CN0203"),
        ("lab: flag", "lab: text", "CN0203"),
        ("cluster: alpha", "clustre: alpha", "CN0201"),
        ('credits: "7.5"', "credits: 7.5", "CN0105"),
        ("title: University\n", "", "CN0202"),
    ],
)
def test_what_is_wrong_is_told_by_code(old: str, new: str, code: str) -> None:
    read = read_catalogue(WHOLE.replace(old, new, 1).encode(), "c.yaml")
    assert code in {one.code for one in read.diagnostics}
    assert read.catalogue is None
    assert all(one.span.line for one in read.diagnostics)


def test_policies_are_named_options_with_known_answers() -> None:
    read = read_policies(b"policies: {retakes: best, conversion: hours-30}\n", "p.yaml")
    assert (read.policies, read.diagnostics) == ({"retakes": "best", "conversion": "hours-30"}, ())
    wrong = read_policies(b"policies: {retake: best, caps: some}\n", "p.yaml")
    assert [(one.code, one.help) for one in wrong.diagnostics] == [
        ("CN0201", "did you mean `retakes`?"),
        ("CN0204", "write one of whole, trim"),
    ]
