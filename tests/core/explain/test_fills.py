"""What would fill a requirement or a condition: the smallest things that truly would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.credential import CredentialId
from app.core.model.period import Span
from app.core.model.record import Achievement
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Bound,
    Distinct,
    Each,
    Group,
    Pair,
    Qualifiers,
    Quantity,
    Requirement,
    Window,
)
from app.core.model.selector import AgeTest, GradeTest, LevelTest, OneOf, Selector, Test
from tests.core.engine.builders import (
    EARNED,
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    credits_from,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)
from tests.core.explain.saying import needed, reasons

CORE = tagged("core")
KNOWN = catalogue(
    replace(credential("a", 4, "core", level=6), fields=("061",)),
    replace(credential("b", 4, "core", level=6), fields=("061",)),
    replace(credential("c", 4, "core"), fields=("041",)),
    replace(credential("d", 4, "core", level=6), fields=("061",)),
    credential("half", 2, "core"),
    credential("other-half", 2, "core"),
    credential("small", 2, "core"),
)


def audited(
    root: Requirement,
    *holding: Achievement,
    whole: Qualifiers = NO_QUALIFIERS,
    pairs: tuple[str, ...] = (),
    **policies: str,
) -> Audit:
    edition = rule(root, whole=whole)
    if pairs:
        edition = replace(edition, pairs=(Pair(credentials=tuple(map(CredentialId, pairs))),))
    return audit_record([compiled(edition, KNOWN, **policies)], record(*holding), TODAY)[0]


def fills(audit: Audit, name: str) -> tuple[str, ...]:
    return next(one.fills for one in audit.requirements if one.id == name)


def each(*tests: Test) -> Qualifiers:
    return Qualifiers(each=(Each(must=Selector(tests)),))


def test_a_retake_is_among_what_would_fill() -> None:
    audit = audited(credits_from("core", 8, CORE, each(GradeTest("B"))), held("a"), held("b", "C"))
    assert fills(audit, "core")[:2] == ("b", "c")
    assert needed(audit)[-1] == "    Any one of these would fill it: B, retaken; C; D."


@pytest.mark.parametrize(
    ("test", "policy", "helps"),
    [
        (AgeTest(Span(2, "year"), "earned", "audit"), "best", True),
        (OneOf("grade", ("A",)), "best", True),
        (OneOf("attempt", (2, 3)), "best", True),
        # The first attempt has been made, and so has the one that counts.
        (OneOf("attempt", (0,)), "best", False),
        (GradeTest("A"), "first", False),
        (OneOf("source", ("transferred",)), "best", False),
    ],
)
def test_a_retake_helps_only_where_another_attempt_may_pass(
    test: Test, policy: str, helps: bool
) -> None:
    old = held("a", earned=date(2020, 1, 1))
    audit = audited(choose("core", 2, CORE, each(test)), old, retakes=policy)
    assert ("a" in fills(audit, "core")) is helps


def test_what_is_asked_for_by_name_and_fails_a_grade_is_to_be_retaken() -> None:
    core = replace(take("core", "a", "b"), qualifiers=each(GradeTest("B")))
    audit = audited(core, held("a"), held("b", "C"))
    assert fills(audit, "core") == ("b",)
    assert reasons(audit, "core") == [
        "missing: Missing: B.",
        "not-admitted: B does not count toward it: grade C is below B.",
        "retake: Retake B.",
    ]


def test_the_other_half_of_a_pair_fills_with_the_half_that_is_held() -> None:
    audit = audited(
        credits_from("core", 8, CORE), held("a"), held("half"), pairs=("half", "other-half")
    )
    assert fills(audit, "core")[:2] == ("other-half", "b")
    assert needed(audit)[-1].startswith("    Any one of these would fill it: OTHER-HALF; B;")


def test_half_of_a_pair_fills_nothing_alone() -> None:
    audit = audited(credits_from("core", 8, CORE), held("a"), pairs=("half", "other-half"))
    assert fills(audit, "core") == ("b", "c", "d", "small")


def test_nothing_is_advised_that_would_be_one_value_too_many() -> None:
    one = Distinct(id="one", title="One field", by="field", high=1)
    audit = audited(credits_from("core", 8, CORE, Qualifiers(distinct=(one,))), held("a"))
    assert "c" not in fills(audit, "core")


def test_nothing_new_is_advised_where_a_window_has_closed() -> None:
    window = Window(length=Span(2, "year"), anchor="first-applicable")
    old = held("a", earned=date(2020, 1, 1))
    audit = audited(choose("core", 2, CORE, Qualifiers(windows=(window,))), old)
    assert fills(audit, "core") == ()


def level(at: int) -> Selector:
    return Selector((LevelTest("eqf", at, None, "at"),))


def test_a_floor_that_is_short_is_filled_by_what_takes_the_place_of_something_else() -> None:
    floor = Bound(id="floor", title="Level 7", measure="credits", amount=4000, selector=level(7))
    core = credits_from("core", 8, CORE, Qualifiers(at_least=(floor,)))
    audit = audited(core, held("a"), held("b"))
    assert fills(audit, "floor")[0] == "c"
    assert reasons(audit, "core") == ["condition-short: Enough of it is met, but Level 7 is not."]
    assert needed(audit) == [
        "  Core: 8 of 8 au.",
        "    So far: A and B.",
        "    Enough of it is met, but Level 7 is not.",
        "  Level 7: 0 of 4 au, 4 short.",
        "    This would fill it: C.",
    ]


def test_a_breadth_that_is_short_is_filled_by_what_brings_a_new_value() -> None:
    two = Distinct(id="two", title="Two fields", by="field", low=2)
    audit = audited(choose("core", 2, CORE, Qualifiers(distinct=(two,))), held("a"), held("b"))
    assert fills(audit, "two") == ("c",)


def test_a_total_is_not_filled_by_what_would_only_take_the_place_of_something() -> None:
    total = Bound(id="total", title="Total", measure="credits", amount=12000)
    root = every(choose("core", 2, CORE), replace(take("extra", "c"), optional=True))
    audit = audited(root, held("a"), held("b"), whole=Qualifiers(at_least=(total,)))
    assert fills(audit, "total") == ("c",)


def test_a_floor_does_not_repeat_what_a_requirement_asks_for() -> None:
    total = Bound(id="total", title="Total", measure="credits", amount=8000)
    audit = audited(credits_from("core", 8, CORE), held("a"), whole=Qualifiers(at_least=(total,)))
    assert fills(audit, "total") == fills(audit, "core")
    assert needed(audit)[-1] == "  Total: 4 of 8 au, 4 short."


def test_a_group_with_enough_parts_names_the_condition_that_is_short() -> None:
    floor = Bound(id="floor", title="Level 7", measure="choose", amount=1, selector=level(7))
    group = Group(
        id="way",
        title="Way",
        parts=(choose("core", 1, CORE), choose("more", 1, tagged("none"))),
        need=1,
        qualifiers=Qualifiers(at_least=(floor,)),
    )
    audit = audited(group, held("a", earned=EARNED))
    assert reasons(audit, "way") == ["condition-short: Enough of it is met, but Level 7 is not."]
    assert fills(audit, "floor") == ("half", "other-half", "small", "c")


def test_nobody_is_sent_to_what_the_catalogue_does_not_say_has_the_attribute() -> None:
    lab = Selector((OneOf("lab", (True,)),))
    known = catalogue(replace(credential("wet"), attributes={"lab": True}), credential("dry"))
    award = compiled(rule(choose("labs", 1, lab)), known)
    (audit,) = audit_record([award], record(), TODAY)
    assert fills(audit, "labs") == ("wet",)


def test_different_values_are_filled_by_what_brings_another_one() -> None:
    fields = replace(choose("wide", 2, CORE), quantity=Quantity("choose", 2, by="field"))
    assert fills(audited(fields, held("a")), "wide") == ("c",)
