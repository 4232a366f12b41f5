"""Selectors judged on credentials: patterns of ids, and what a scale does not know."""

from __future__ import annotations

import pytest

from app.core.engine.selectors import names
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.selector import CreditTest, GradeTest, Not, OneOf, Selector
from tests.core.engine.builders import (
    EARNED,
    catalogue,
    choose,
    compiled,
    credential,
    held,
    judged,
    rule,
)


@pytest.mark.parametrize(
    ("written", "name", "meant"),
    [
        ("u/math-300..399", "u/math-300", True),
        ("u/math-300..399", "u/math-399", True),
        ("u/math-300..399", "u/math-400", False),
        ("u/math-300..399", "u/phys-350", False),
        ("u/math-300..399", "u/math-thesis", False),
        ("u/math-3*", "u/math-3", True),
        ("u/math-3*", "u/math-2", False),
        ("u/math", "u/math-3", False),
    ],
)
def test_an_id_or_pattern_names_what_it_says(written: str, name: str, meant: bool) -> None:
    assert names(written, CredentialId(name)) is meant


@pytest.mark.parametrize(
    ("selector", "status", "grade", "admitted"),
    [
        (Selector((GradeTest("B", None),)), "planned", "", True),
        (Selector((Not(Selector((GradeTest("B", None),))),)), "planned", "", True),
        (Selector((GradeTest("B", None),)), "earned", "C", False),
        (Selector((GradeTest("B", None), OneOf("tag", ("lab",)))), "planned", "", False),
    ],
)
def test_what_cannot_be_decided_yet_admits(
    selector: Selector,
    status: str,
    grade: str,
    admitted: bool,
) -> None:
    award = compiled(rule(choose("any", 1, selector)), catalogue(credential("a")))
    verdict = judged([award], held("a", grade, EARNED if status == "earned" else None, status))
    assert verdict.planned.standings[0].met is admitted


def test_a_grade_that_the_scale_lacks_is_an_error_of_the_rule() -> None:
    high = choose("high", 1, Selector((GradeTest("Distinction", None),)))
    with pytest.raises(AuditError, match="asks for grade `Distinction`, which the scale") as wrong:
        judged([compiled(rule(high), catalogue(credential("a")))], held("a"))
    assert wrong.value.code == "unknown-grade"


def test_a_size_in_a_unit_that_nothing_converts_is_an_error_only_where_it_is_held() -> None:
    large = choose("large", 1, Selector((CreditTest(4000, None),)))
    known = catalogue(credential("a"), credential("b", unit="ects"))
    award = compiled(rule(large), known)
    assert judged([award], held("a")).now.standings[0].met
    with pytest.raises(AuditError, match="no policy says how to convert"):
        judged([award], held("b"))
