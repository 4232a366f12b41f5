"""Why an achievement does not count: the one reason that is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.explain.audits import audit_record
from app.core.model.credential import CredentialId
from app.core.model.period import Span
from app.core.model.requirement import Bound, Distinct, From, Qualifiers, Window
from app.core.model.rule import RuleEdition, SharedWith, Sharing
from app.core.model.selector import AgeTest, DateTest, GradeTest, Not, OneOf, Selector, Test
from tests.core.engine.builders import (
    EARNED,
    TODAY,
    choose,
    compiled,
    credential,
    credits_from,
    held,
    record,
    rule,
    tagged,
)
from tests.core.explain.saying import KNOWN, audited, reasons, together, why

CORE = tagged("core")


def sharing(award: str, need: int, *others: str, amount: int | None = None) -> RuleEdition:
    """An award of so many core credentials that shares with others: all, or up to an amount."""
    shared = tuple(SharedWith(award=CredentialId(other), amount=amount) for other in others)
    root = choose("core", need, tagged("core"))
    return rule(root, award=award, sharing=Sharing(shared_with=shared))


def test_what_a_met_requirement_has_no_need_of_is_in_excess_whatever_is_shared() -> None:
    both = held("a"), held("b")
    free, _ = together(sharing("p", 1, "q"), sharing("q", 2, "p"), held=both)
    assert why(free, "b") == "in-excess: Enough counts toward Core without it."
    scarce, _ = together(
        sharing("p", 1, "q", amount=4000), sharing("q", 2, "p", amount=4000), held=both
    )
    assert why(scarce, "b") == "in-excess: Enough counts toward Core without it."


def test_what_a_met_requirement_has_no_need_of_is_not_held_back_by_a_cap() -> None:
    cap = Bound(id="cap", title="Cap", measure="choose", amount=1)
    audit = audited(choose("core", 1, tagged("core"), Qualifiers(at_most=(cap,))), *map(held, "ab"))
    assert why(audit, "b") == "in-excess: Enough counts toward Core without it."


def test_what_a_record_describes_is_told_by_its_title_and_fills_nothing() -> None:
    logic = replace(credential("e/logic", 4, "core"), title="Logic")
    spare = replace(credential("e/spare", 4, "core"), title="Spare")
    award = compiled(rule(choose("core", 3, CORE)), KNOWN)
    theirs = replace(
        record(held("e/logic"), replace(held("e/spare"), status="failed")),
        credentials=(logic, spare),
    )
    (audit,) = audit_record([award], theirs, TODAY)
    assert [(one.title, bool(one.counts_toward)) for one in audit.achievements] == [
        ("Logic", True),
        ("Spare", False),
    ]
    (core,) = (one for one in audit.requirements if one.id == "core")
    assert set(core.fills) == {"a", "b", "c", "large"}


def test_nobody_is_sent_again_to_what_only_the_record_describes() -> None:
    good = Selector((OneOf("tag", ("core",)), GradeTest("A")))
    two = Qualifiers(distinct=(Distinct(id="d", title="D", by="level", high=2),))
    award = compiled(rule(choose("core", 1, good, two)), KNOWN)
    theirs = replace(record(held("e/logic")), credentials=(credential("e/logic", 4, "core"),))
    (audit,) = audit_record([award], theirs, TODAY)
    assert "e/logic" not in next(one.fills for one in audit.requirements if one.id == "core")


def test_a_cap_is_told_where_an_open_condition_would_gain() -> None:
    cap = Bound(id="cap", title="Cap", measure="credits", amount=4000, selector=CORE)
    floor = Bound(
        id="floor", title="Floor", measure="credits", amount=8000, selector=tagged("core")
    )
    said = Qualifiers(at_most=(cap,), at_least=(floor,))
    audit = audited(credits_from("any", 8, tagged("core", "other"), said), *map(held, "abx"))
    assert why(audit, "b") == "cap-reached: Cap lets at most 4 au count, and 4 au of that is used."


def test_what_may_be_shared_is_told_only_of_awards_whose_limit_binds() -> None:
    # R says nothing of the others nor they of it, and what double counts is free.
    awards = sharing("p", 3, "q", amount=4000), sharing("q", 3, "p", amount=4000), sharing("r", 3)
    _, second, _ = together(*awards, held=tuple(map(held, "abc")), double_count="free")
    assert {why(second, name) for name in "abc"} == {
        "",
        "not-shareable: It counts in P, and what the awards may share is used up.",
    }


def test_awards_that_share_nothing_are_said_to() -> None:
    root = choose("core", 1, tagged("core"))
    audits = together(rule(root), rule(root, award="q"), held=(held("a"),))
    assert why(audits[1], "a") == "not-shareable: It counts in P, and the awards share nothing."


def test_how_many_awards_one_achievement_may_count_in_is_told() -> None:
    names = ("p", "q", "r")
    rules = [sharing(name, 1, *(other for other in names if other != name)) for name in names]
    bound = [replace(one, sharing=replace(one.sharing or Sharing(), awards=2)) for one in rules]
    audits = together(*bound, held=(held("a"),))
    assert why(audits[2], "a") == (
        "not-shareable: It counts in P and Q, and may count in 2 of the awards at most."
    )


def only(*tests: Test) -> From:
    """One credential of those tagged core that passes more tests."""
    return choose("core", 1, Selector((*CORE.tests, *tests)))


def test_a_grade_above_the_top_is_not_called_too_low() -> None:
    audit = audited(only(GradeTest(None, "B")), held("a", "A"))
    assert why(audit, "a") == "grade-too-high: Grade A is above B."


def test_a_missing_grade_is_said_to_be_missing() -> None:
    audit = audited(only(GradeTest("B")), held("a", ""))
    assert why(audit, "a") == "grade-too-low: It has no grade, needs B."


def test_use_elsewhere_is_told_by_title_whether_it_is_asked_for_or_barred() -> None:
    used = replace(held("a"), used_in=(CredentialId("x"),))
    barred = audited(only(Not(Selector((OneOf("used_in", ("any",)),)))), used)
    assert why(barred, "a") == "already-used: It already counts in X."
    asked = audited(only(OneOf("used_in", ("any",))), held("a"))
    assert why(asked, "a") == "not-used: It counts in no other award, as Core asks."
    named = audited(only(OneOf("used_in", ("x", "y"))), held("a"))
    assert why(named, "a") == "not-used: It does not count in X or Y, as Core asks."


def test_a_milestone_that_is_not_recorded_is_not_said_to_be() -> None:
    old = held("a", earned=date(2020, 1, 1))
    aged = audited(only(AgeTest(Span(2, "year"), "awarded", "first-placement")), old)
    assert why(aged, "a") == (
        "too-old: It was awarded on 1 January 2020, more than 2 years before 1 June 2026, "
        "the audit's day, while first placement is not recorded."
    )
    window = Qualifiers(windows=(Window(length=Span(18, "month"), anchor="admission"),))
    late = audited(choose("core", 1, CORE, window), old)
    assert why(late, "a") == (
        "outside-window: It lies outside the 18 months that run from 1 June 2026, "
        "the audit's day, while admission is not recorded."
    )


@pytest.mark.parametrize(
    "test", [AgeTest(Span(2, "year"), "earned", "audit"), DateTest("earned", EARNED, None)]
)
def test_what_has_no_day_is_not_given_one(test: Test) -> None:
    audit = audited(only(test), held("a", earned=None))
    assert why(audit, "a") == "no-day: The day on which it was earned is not recorded."


def test_a_start_that_nobody_states_is_not_taken_from_the_day_earned() -> None:
    audit = audited(only(AgeTest(Span(2, "year"), "started", "audit")), held("a"))
    assert why(audit, "a") == "no-day: The day on which it was started is not recorded."


def test_what_is_asked_for_by_name_is_told_by_title() -> None:
    audit = audited(choose("core", 1, Selector((OneOf("credential", ("b", "c")),))), held("a"))
    assert why(audit, "a") == (
        "does-not-match: It does not match Core: credential is A, needs B or C."
    )


def test_what_a_window_of_its_own_choice_bars_says_why_and_the_requirement_hints_at_it() -> None:
    window = Qualifiers(windows=(Window(length=Span(2, "year"), anchor="earliest-used"),))
    long = replace(held("a", earned=date(2025, 6, 1)), started=date(2020, 1, 1))
    audit = audited(choose("core", 2, CORE, window), long, held("b", earned=None))
    ran = "ran from 1 January 2020 to 1 June 2025, longer than 2 years."
    assert why(audit, "a") == f"too-long: It {ran}"
    assert why(audit, "b") == "no-day: The day on which it was earned is not recorded."
    assert reasons(audit, "core")[1:] == [
        f"not-admitted: A does not count toward it: it {ran}",
        "not-admitted: B does not count toward it: the day on which it was earned is not recorded.",
    ]
