"""A small catalogue, and rules over it that are sound but for what a test adds to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from app.core.language.catalogues import read_catalogue
from app.core.language.checker import check_rule
from app.core.language.diagnostics import Diagnostic
from app.core.language.rules import read_rule
from app.core.model.catalogue import Catalogue
from app.core.model.nesting import Editions

FILES = Path(__file__).parent / "plain"
NESTABLE = FILES / "nested"
REST = {
    "award": "award: atu/pgcert",
    "title": "title: Certificate",
    "edition": 'edition: "2026"',
    "effective": "effective: {from: 2026-09-01}",
    "credit": "credit: {total: 30, unit: ects}",
    "framework": "framework: eqf",
}
POLICIES = {
    "retakes": "best",
    "caps": "whole",
    "level": "at",
    "double_count": "none",
    "late_lower_award": "refuse",
    "conversion": "convention",
    "grade_scale": "letter",
}
SOUND = "require: {take: atu/ethics}"
CASES = """cases:
  - {name: met, on: 2027-01-01, record: {earned: [atu/ethics]}, expect: {met: true}}
  - {name: not met, on: 2027-01-01, record: {}, expect: {met: false}}
"""


def catalogue() -> Catalogue:
    read = read_catalogue((FILES / "catalogue.yaml").read_bytes(), "catalogue.yaml").catalogue
    assert read is not None
    return read


def editions() -> Editions:
    """Return rules that others may nest."""
    read = (read_rule(path.read_bytes(), path.name) for path in sorted(NESTABLE.glob("*.yaml")))
    found = [file.edition for file in read if file.edition is not None]
    return {one.award: [one] for one in found}


def completed(body: str) -> str:
    """Return an award file that has the keys of `body` and the usual rest, below it."""
    usual = {**REST, "require": SOUND, "cases": CASES}
    rest = [lines for key, lines in usual.items() if not re.search(f"^{key}:", body, re.MULTILINE)]
    return "\n".join([body, *rest, ""])


def check(body: str, policies: Mapping[str, str], *, notes: bool = False) -> tuple[Diagnostic, ...]:
    """Return what the checker finds in an award file that is made complete.

    A rule in a few words need not add up to its award; notes are no fault of it.
    """
    return tuple(
        one
        for one in check_all(body, policies)
        if one.path != "$.credit.total" and (notes or one.severity != "note")
    )


def check_all(body: str, policies: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Return what the checker finds, the total included."""
    file = read_rule(completed(body).encode(), "rule.yaml")
    assert file.edition is not None, file.diagnostics
    return check_rule(file.edition, file.cases, catalogue(), policies, editions())
