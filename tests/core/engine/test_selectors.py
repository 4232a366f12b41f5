"""Selectors judged on credentials: patterns of ids, and what a scale does not know."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.engine import verify_selectors
from app.core.engine.decide import decide
from app.core.model.credential import CredentialId, Stated
from app.core.model.errors import AuditError
from app.core.model.requirement import Distinct, Qualifiers
from app.core.model.selector import CreditTest, GradeTest, Not, OneOf, Selector, fits
from tests.core.engine.builders import (
    EARNED,
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    held,
    judged,
    record,
    rule,
    tagged,
    take,
)

KNOWN = catalogue(credential("a"))


@pytest.mark.parametrize(
    ("written", "name", "meant"),
    [
        ("u/math-3*", "u/math-3", True),
        ("u/math-3*", "u/math-2", False),
        ("u/math", "u/math-3", False),
        ("*", "", True),
        ("a*a", "a", False),
        ("a*b*c", "a/b/b/c", True),
        ("a*b*c", "a/c/b", False),
        ("*" * 200 + "z", "a" * 200, False),
        ("*a" * 100, "a" * 200, True),
    ],
)
def test_an_id_or_pattern_names_what_it_says(written: str, name: str, meant: bool) -> None:
    assert fits(written, name) is meant
    assert verify_selectors.fits(written, name) is meant


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_a_star_stands_for_any_text(pattern: str, name: str) -> None:
    meant = fnmatchcase(name, pattern)
    assert fits(pattern, name) is meant
    assert verify_selectors.fits(pattern, name) is meant


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


def in_buckets(*buckets: str) -> Selector:
    return Selector((OneOf("bucket", buckets),))


@pytest.mark.parametrize(
    ("stated", "own", "asked", "admitted"),
    [
        (("arts", "law"), None, in_buckets("law", "music"), True),
        (("arts", "law"), None, in_buckets("music"), False),
        (("arts", "law"), None, Selector((Not(in_buckets("law")),)), False),
        ("arts", ("law", "music"), in_buckets("law"), True),
        (("arts", "law"), "music", in_buckets("law"), False),
        (("arts", "law"), (), in_buckets("arts", "law"), False),
        (None, ("law",), in_buckets("law"), True),
        ((), None, in_buckets("law"), False),
    ],
)
def test_of_several_values_one_is_enough_and_the_achievements_own_stand_instead(
    stated: Stated | None, own: Stated | None, asked: Selector, *, admitted: bool
) -> None:
    course = replace(credential("a"), attributes={} if stated is None else {"bucket": stated})
    one = replace(held("a"), attributes={} if own is None else {"bucket": own})
    award = compiled(rule(choose("core", 1, asked)), catalogue(course))
    assert judged([award], one).now.standings[0].met is admitted


def test_each_of_several_values_is_one_of_the_different_ones() -> None:
    courses = (
        replace(credential("a"), attributes={"bucket": ("arts", "law")}),
        replace(credential("b"), attributes={"bucket": ("law", "music")}),
    )
    three = Distinct(id="d", title="Buckets", by="bucket", low=3, high=3)
    root = choose("core", 2, in_buckets("law"), Qualifiers(distinct=(three,)))
    award = compiled(rule(root), catalogue(*courses))
    assert judged([award], held("a"), held("b")).now.standings[0].met
    elsewhere = replace(held("b"), attributes={"bucket": ("law", "arts")})
    assert not judged([award], held("a"), elsewhere).now.standings[0].met


LOGIC = replace(credential("e/logic", 6, "core"), title="Logic", equivalents=(CredentialId("a"),))


def test_what_a_record_describes_counts_for_that_record_alone() -> None:
    award = compiled(rule(choose("core", 1, tagged("core"))), catalogue(credential("a")))
    theirs = replace(record(held("e/logic")), credentials=(LOGIC,))
    other = replace(LOGIC, tags=("other",))
    assert decide([award], theirs, TODAY).now.standings[0].met
    elsewhere = replace(theirs, credentials=(other,))
    assert not decide([award], elsewhere, TODAY).now.standings[0].met
    with pytest.raises(AuditError, match="has no credential `e/logic`"):
        judged([award], held("e/logic"))
    assert award.plan(LOGIC.id) is None
    assert decide([award], theirs, TODAY).now.standings[0].met


def test_what_a_record_describes_stands_for_what_it_is_equivalent_to_both_ways() -> None:
    award = compiled(rule(take("core", "a")), catalogue(credential("a")))
    theirs = replace(record(held("e/logic")), credentials=(LOGIC,))
    assert decide([award], theirs, TODAY).now.standings[0].met
    local = compiled(rule(choose("local", 1, Selector((OneOf("credential", ("e/*",)),)))), KNOWN)
    with_both = replace(record(held("a")), credentials=(LOGIC,))
    assert decide([local], with_both, TODAY).now.standings[0].met
    assert not judged([local], held("a")).now.standings[0].met


def test_what_the_catalogue_says_of_a_credential_goes_before_what_a_record_says() -> None:
    award = compiled(rule(choose("core", 1, tagged("core"))), KNOWN)
    says_otherwise = replace(record(held("a")), credentials=(credential("a", 4, "core"),))
    assert not decide([award], says_otherwise, TODAY).now.standings[0].met


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


def test_what_can_count_nowhere_needs_no_conversion_and_no_known_grade() -> None:
    badge = credential("badge", 25, unit="hours")
    good = Selector((OneOf("tag", ("x",)), GradeTest("B", None)))
    known = catalogue(credential("a", 4, "x"), badge)
    award = compiled(rule(choose("core", 1, good)), known)
    assert judged([award], held("a"), held("badge", "distinction")).now.standings[0].met


@pytest.mark.parametrize(
    ("one", "grade", "code"), [("badge", "B", "no-conversion"), ("a", "1.7", "unknown-grade")]
)
def test_what_can_count_has_to_convert_and_have_a_known_grade(
    one: str, grade: str, code: str
) -> None:
    good = Selector((OneOf("tag", ("x",)), GradeTest("B", None)))
    known = catalogue(credential("a", 4, "x"), credential("badge", 25, "x", unit="hours"))
    with pytest.raises(AuditError) as refused:
        judged([compiled(rule(choose("core", 1, good)), known)], held(one, grade))
    assert refused.value.code == code


def test_what_a_credential_rules_out_is_ruled_out_whatever_else_cannot_be_judged() -> None:
    asked = Selector((OneOf("tag", ("lab",)), CreditTest(2000, None)))
    award = compiled(rule(choose("any", 1, asked)), catalogue(credential("a", unit="elsewhere")))
    plan = award.plan(CredentialId("a"))
    assert plan is not None
    assert not plan.may_admit(award.slot_selectors[0])
