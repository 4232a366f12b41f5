"""What was decided for a learner is told where it shows, and by whom, when and why."""

# ruff: noqa: E501 -- a sentence stands in one line, as it is told

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.record import Adjustment
from app.core.model.requirement import Requirement
from tests.core.engine.builders import (
    TODAY,
    choose,
    compiled,
    credits_from,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)
from tests.core.engine.test_adjustments import adjust
from tests.core.explain.saying import KNOWN

BY = ", decided by registrar on 1 January 2026: Board."
TREE = every(
    take("list", "a", "b"),
    credits_from("core", 8, tagged("core")),
    choose("other", 1, tagged("other")),
)


def decided(*adjusted: Adjustment, root: Requirement = TREE, has: str = "abx") -> Audit:
    who = replace(record(*map(held, has)), adjustments=adjusted)
    return audit_record([compiled(rule(root), KNOWN)], who, TODAY)[0]


def of_p(adjusted: Adjustment) -> Adjustment:
    return replace(adjusted, award=type(adjusted.award)("p"))


@pytest.mark.parametrize(
    ("adjusted", "sentence"),
    [
        (adjust("waive", "list"), "List is waived"),
        (adjust("adjust-quantity", "core", amount=4), "For Core 4 au is the amount"),
        (adjust("adjust-quantity", "other", amount=2), "For Other 2 is the amount"),
        (adjust("also-allow", "other", credential="c"), "C may count toward Other too"),
        (adjust("substitute", "list", "x", "a"), "X stands for A in List"),
        (adjust("apply-here", "list", "a"), "A counts toward List or not at all"),
        (adjust("exclude", "core", "a"), "A does not count toward Core"),
        (adjust("exclude", achievement="a"), "A does not count"),
        (adjust("adjust-credits", achievement="a", amount="2.5"), "A counts with 2.5 au"),
    ],
    ids=lambda value: value.kind if isinstance(value, Adjustment) else "",
)
def test_what_applies_says_what_it_does(adjusted: Adjustment, sentence: str) -> None:
    audit = decided(of_p(adjusted))
    (told,) = audit.adjustments
    assert (told.applies, told.reason.text) == (True, f"{sentence}{BY}")
    assert audit.text.endswith(f"\n\nDecided\n  {sentence}{BY}\n")


@pytest.mark.parametrize(
    ("adjusted", "sentence"),
    [
        (adjust("waive", "gone"), "The waiver of gone by registrar on 1 January 2026 does not apply: this edition has no gone."),
        (adjust("apply-here", "list", "q"), "The assignment of q to List by registrar on 1 January 2026 does not apply: the record has no q."),
        (adjust("adjust-quantity", "list", amount=1), "The amount of 1 au for List by registrar on 1 January 2026 does not apply: List is nothing to which this can be done."),
        (adjust("adjust-quantity", "other", amount="1.5"), "The amount of 1.5 for Other by registrar on 1 January 2026 does not apply: Other cannot ask for 1.5."),
        (adjust("substitute", "list", "x", "c"), "The substitution of X for C in List by registrar on 1 January 2026 does not apply: no C is asked for there."),
    ],
    ids=lambda value: value.kind if isinstance(value, Adjustment) else "",
)  # fmt: skip
def test_what_does_not_apply_says_why(adjusted: Adjustment, sentence: str) -> None:
    audit = decided(of_p(adjusted))
    (told,) = audit.adjustments
    assert (told.applies, told.reason.text) == (False, sentence)
    assert audit.text.endswith(f"\n\nDecided, and not applied\n  {sentence}\n")


def test_a_requirement_and_an_achievement_say_what_was_decided_about_them() -> None:
    audit = decided(of_p(adjust("substitute", "list", "x", "a")))
    (told,) = audit.adjustments
    changed = [one.id for one in audit.requirements if one.adjusted == (told.reason,)]
    assert changed == ["list"]
    assert [one.id for one in audit.achievements if one.adjusted == (told.reason,)] == ["x"]


def test_what_is_also_allowed_says_so_where_it_counts() -> None:
    allowed = of_p(adjust("also-allow", "other", credential="c"))
    audit = decided(allowed, root=choose("other", 1, tagged("other")), has="bc")
    assert [one.id for one in audit.achievements if one.adjusted] == ["c"]


@pytest.mark.parametrize(
    "adjusted", [adjust("exclude", achievement="a"), adjust("exclude", "list", "a")]
)
def test_what_is_excluded_says_that_it_was_decided(adjusted: Adjustment) -> None:
    audit = decided(of_p(adjusted), root=take("list", "a", "b"))
    excluded = next(one for one in audit.achievements if one.id == "a")
    assert excluded.reason == audit.adjustments[0].reason
    short = next(one for one in audit.requirements if one.id == "list")
    assert "not-admitted" in [reason.code for reason in short.reasons]


def test_it_is_said_in_parameters_too() -> None:
    (told,) = decided(of_p(adjust("adjust-quantity", "core", amount=4))).adjustments
    assert told.reason.params == {
        "kind": "adjust-quantity",
        "by": "registrar",
        "on": "1 January 2026",
        "why": "Board",
        "requirement": "Core",
        "amount": "4 au",
    }
