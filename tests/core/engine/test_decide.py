"""The verdict: allocations that slot-by-slot engines get wrong, and exact boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.core.engine import exact, small
from app.core.engine.construct import construct
from app.core.engine.decide import Verdict
from app.core.engine.evaluate import stand_all
from app.core.model.credential import CredentialId
from app.core.model.credits import ConversionPolicy, Credits, parse_credits
from app.core.model.errors import AuditError
from app.core.model.period import Span
from app.core.model.record import AchievementId
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    Group,
    MilestoneStep,
    Qualifiers,
    Share,
    Window,
)
from app.core.model.rule import Exclusion, SharedWith, Sharing
from app.core.model.selector import AgeTest, DateTest, GradeTest, LevelTest, OneOf, Selector
from tests.core.engine.builders import (
    EARNED,
    catalogue,
    choose,
    compiled,
    credential,
    credits_from,
    every,
    held,
    judged,
    rule,
    tagged,
    take,
    written,
)


def test_a_scarce_achievement_goes_where_nothing_else_can() -> None:
    known = catalogue(credential("a", 4, "core", "free"), credential("b", 4, "free"))
    award = compiled(rule(every(choose("electives", 1, tagged("free")), take("core", "a"))), known)
    verdict = judged([award], held("a"), held("b"))
    assert verdict.now.standings[0].met
    assert verdict.now.proven


def test_a_window_on_what_is_used_leaves_the_oldest_out() -> None:
    known = catalogue(credential("p0", 3), *(credential(f"p{n}", 3, "free") for n in range(1, 5)))
    window = Qualifiers(windows=(Window(length=Span(4, "year"), anchor="earliest-used"),))
    root = every(take("core", "p0"), choose("electives", 3, tagged("free")))
    verdict = judged(
        [compiled(rule(root, whole=window), known)],
        held("p0", earned=date(2025, 12, 15)),
        held("p1", earned=date(2021, 8, 1)),
        held("p2", earned=date(2022, 8, 1)),
        held("p3", earned=date(2023, 8, 1)),
        held("p4", earned=date(2024, 1, 1)),
    )
    assert verdict.now.standings[0].met
    counted = {
        verdict.pool.items[place].achievement.id
        for mask in verdict.now.allocation
        for place in range(5)
        if mask >> place & 1
    }
    assert "p1" not in counted


@pytest.mark.parametrize(("awarded", "met"), [(date(2021, 6, 1), True), (date(2021, 5, 31), False)])
def test_exactly_five_years_is_inside(awarded: date, met: bool) -> None:
    known = catalogue(credential("a"))
    recent = Each(must=Selector((AgeTest(Span(5, "year"), "earned", "audit"),)))
    award = compiled(rule(take("core", "a"), whole=Qualifiers(each=(recent,))), known)
    assert judged([award], held("a", earned=awarded)).now.standings[0].met is met


def test_an_average_of_exactly_three_is_three() -> None:
    known = catalogue(*(credential(f"c{n}", "0.1") for n in range(3)))
    mean = Qualifiers(averages=(Average(id="gpa", title="GPA", low=3000),))
    award = compiled(rule(take("core", "c0", "c1", "c2"), whole=mean), known)
    # As binary floats 0.1*(3.3 + 2.7 + 3.0)/0.3 falls short of three.
    assert judged([award], held("c0", "B+"), held("c1", "B-"), held("c2", "B")).now.standings[0].met


@pytest.mark.parametrize(("total", "shared"), [(15, 1), (14, 0)])
def test_awards_share_up_to_a_share_of_the_smaller(total: int, shared: int) -> None:
    known = catalogue(credential("x", 3))
    limit = Share(Fraction(1, 5), "smaller")

    awards = [
        compiled(
            rule(
                take("core", "x"),
                award=name,
                total=size,
                sharing=Sharing(shared_with=(SharedWith(award=CredentialId(other), amount=limit),)),
            ),
            known,
        )
        for name, other, size in (("p", "q", 15), ("q", "p", total))
    ]
    met = [standing.met for standing in judged(awards, held("x")).now.standings]
    assert met == [True, bool(shared)]


def test_a_whole_item_cap_lets_no_more_through_than_fits() -> None:
    known = catalogue(
        credential("w", 30), credential("t1", "12.5", "out"), credential("t2", "12.5", "out")
    )
    cap = Bound(
        id="out",
        title="Outside",
        measure="credits",
        amount=parse_credits(20),
        selector=tagged("out"),
    )
    award = compiled(rule(credits_from("all", 60, Selector(), Qualifiers(at_most=(cap,)))), known)
    whole = judged([award], held("w"), held("t1"), held("t2"))
    assert whole.now.standings[0].reached == 42_500
    trimmed = compiled(award.rule, known, caps="trim")
    assert judged([trimmed], held("w"), held("t1"), held("t2")).now.standings[0].reached == 50_000


def test_later_answers_build_on_earlier_ones() -> None:
    known = catalogue(credential("a"), credential("b"), credential("c"))
    award = compiled(rule(take("core", "a", "b", "c")), known)
    verdict = judged(
        [award], held("a"), held("b", "", None, "in-progress"), held("c", "", None, "planned")
    )
    assert [answer.standings[0].reached for answer in verdict.answers] == [4000, 8000, 12_000]


def test_an_answer_that_nothing_changes_is_the_one_before() -> None:
    known = catalogue(credential("a"))
    verdict = judged([compiled(rule(take("core", "a")), known)], held("a"))
    assert verdict.now is verdict.projected is verdict.planned


def test_a_unit_without_a_conversion_is_an_error_and_not_a_guess() -> None:
    known = catalogue(credential("a", 5, unit="ects"))
    award = compiled(rule(take("core", "a")), known)
    with pytest.raises(AuditError) as refused:
        judged([award], held("a"))
    assert refused.value.code == "no-conversion"


@pytest.mark.parametrize(
    ("rates", "why"),
    [
        ({}, "the policy `hours` has no rate for that; name one that does"),
        ({("ects", "au"): Fraction(1, 3)}, "the policy `hours` rounds nothing; name one that does"),
    ],
)
def test_a_conversion_that_fails_says_what_the_policy_lacks(
    rates: dict[tuple[str, str], Fraction], why: str
) -> None:
    hours = ConversionPolicy(name="hours", version="1", rates=rates, rounding="exact")
    known = replace(catalogue(credential("a", 5, unit="ects")), conversions={"hours": hours})
    award = compiled(rule(take("core", "a")), known, conversion="hours")
    with pytest.raises(AuditError) as refused:
        judged([award], held("a"))
    assert str(refused.value) == f"`a` carries 5 `ects` and the award counts in `au`: {why}"


def test_an_unknown_grade_is_an_error_in_the_record() -> None:
    known = catalogue(credential("a"))
    award = compiled(rule(take("core", "a")), known)
    with pytest.raises(AuditError, match="the scale `letter` has no grade `Z`"):
        judged([award], held("a", "Z"))


def test_an_unknown_credential_is_an_error_in_the_record() -> None:
    award = compiled(rule(take("core", "a")), catalogue(credential("a")))
    with pytest.raises(AuditError, match="the catalogue has no credential `b`"):
        judged([award], held("b"))


def test_a_policy_that_nobody_states_is_an_error() -> None:
    cap = Bound(id="out", title="Outside", measure="credits", amount=1000)
    edition = rule(credits_from("all", 60, Selector(), Qualifiers(at_most=(cap,))))
    with pytest.raises(AuditError) as refused:
        compiled(edition, catalogue(), caps="")
    assert refused.value.code == "policy-missing"


def test_what_is_planned_passes_a_grade_test_and_its_negation() -> None:
    known = catalogue(credential("a"), credential("b"))
    inner = Selector((GradeTest("A"),))
    for selector in (inner, Selector((OneOf("grade", ("A",)),))):
        award = compiled(rule(choose("one", 1, selector)), known)
        verdict = judged([award], held("a", "", None, "planned"))
        assert not verdict.now.standings[0].met
        assert verdict.planned.standings[0].met


def counted(verdict: Verdict, answer: str = "now") -> set[str]:
    """Return the ids of what counts in an answer."""
    used = 0
    for mask in getattr(verdict, answer).allocation:
        used |= mask
    return {item.achievement.id for item in verdict.pool.items if used >> item.at & 1}


def test_a_surplus_counts_where_a_breadth_needs_it() -> None:
    known = catalogue(credential("big", 10, "x", level=6), credential("small", 5, "x", level=7))
    said = Qualifiers(distinct=(Distinct(id="levels", title="Levels", by="level", low=2),))
    award = compiled(rule(credits_from("electives", 10, tagged("x"), said)), known)
    verdict = judged([award], held("big"), held("small"))
    assert verdict.now.standings[0].met
    assert verdict.now.method == "bounds"


def test_a_surplus_counts_where_a_floor_needs_it_and_no_more_of_it() -> None:
    sizes = {"a": (20, 6), "b": (15, 7), "c": (10, 7), "d": (10, 6)}
    known = catalogue(*(credential(n, size, "x", level=at) for n, (size, at) in sizes.items()))
    seven = Selector((LevelTest("eqf", 7, 7, "at"),))
    floor = Bound(
        id="seven", title="Level 7", measure="credits", amount=Credits(25_000), selector=seven
    )
    award = compiled(
        rule(credits_from("m", 30, tagged("x")), whole=Qualifiers(at_least=(floor,))), known
    )
    verdict = judged([award], *map(held, sizes))
    assert verdict.now.standings[0].met
    assert counted(verdict) == {"a", "b", "c"}


def test_a_surplus_does_not_lift_an_average() -> None:
    known = catalogue(credential("low", 10, "x"), credential("high", 5, "x"))
    said = Qualifiers(averages=(Average(id="gpa", title="GPA", low=3000),))
    award = compiled(rule(credits_from("electives", 10, tagged("x"), said)), known)
    assert not judged([award], held("low", "B-"), held("high", "A")).now.standings[0].met


@pytest.mark.parametrize("day", [EARNED, None])
def test_of_what_has_the_same_day_or_none_the_id_that_sorts_last_is_the_latest(
    day: date | None,
) -> None:
    known = catalogue(credential("x/a", 4, "good"), credential("x/b", 4))
    said = "last: {choose: 1, at_least: [{choose: 1, from: {tag: good}}]}"
    award = compiled(written(f"  {{take: [x/a, x/b]}}\n{said}"), known)
    for name, met in (("a", False), ("c", True)):
        good = replace(held("x/a", earned=day), id=AchievementId(name))
        other = replace(held("x/b", earned=day), id=AchievementId("b"))
        assert judged([award], good, other).now.standings[0].met is met


def test_a_better_attempt_that_may_not_count_does_not_cost_one_that_may() -> None:
    known = catalogue(credential("a"))
    early = Selector((OneOf("credential", ("a",)), DateTest("earned", None, date(2025, 12, 31))))
    award = compiled(rule(choose("core", 1, early)), known)
    late = replace(held("a", "A", date(2026, 2, 1)), id=AchievementId("again"))
    verdict = judged([award], held("a", "B"), late)
    assert verdict.now.standings[0].met
    assert counted(verdict) == {"a"}


def test_a_running_retake_counts_for_what_the_graded_attempt_fails() -> None:
    known = catalogue(credential("a"))
    good = Selector((OneOf("credential", ("a",)), GradeTest("B", None)))
    award = compiled(rule(choose("core", 1, good)), known)
    again = replace(held("a", "", None, "in-progress"), id=AchievementId("again"))
    verdict = judged([award], held("a", "C"), again)
    assert not verdict.now.standings[0].met
    assert verdict.projected.standings[0].met


def test_a_planned_repeat_does_not_push_out_an_earned_pass() -> None:
    known = catalogue(credential("a"))
    award = compiled(rule(take("core", "a")), known)
    again = replace(held("a", "", None, "planned"), id=AchievementId("again"))
    assert counted(judged([award], held("a", ""), again), "planned") == {"a"}


def test_a_choice_takes_its_size_from_its_parts_with_credit() -> None:
    known = catalogue(credential("a", 5, "x"))
    native = MilestoneStep(id="native", title="Native speaker", milestone="native")
    either = Group(
        id="either", title="Either", parts=(native, credits_from("course", 10, tagged("x"))), need=1
    )
    award = compiled(rule(either), known)
    assert (award.root.of, judged([award], held("a")).now.standings[0].reached) == (10_000, 5_000)


def test_what_is_not_proven_says_how_much_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "LIMIT", 1e-9)
    monkeypatch.setattr(small, "MOST_LOOKS", 0)
    known = catalogue(*(credential(f"c{n}", size, "x") for n, size in enumerate((7, 6, 5))))
    root = every(credits_from("one", 9, tagged("x")), credits_from("two", 9, tagged("x")))
    answer = judged([compiled(rule(root), known)], held("c0"), held("c1"), held("c2")).now
    reached = answer.standings[0].reached
    assert not answer.proven
    assert answer.gap(0) == 18_000 - reached
    assert 0 < answer.gap(0) < 18_000


def test_of_equivalents_one_counts_unless_every_attempt_does() -> None:
    old, new = credential("old", 5, "x"), credential("new", 5, "x")
    known = catalogue(old, replace(new, equivalents=(old.id,)))
    ten = rule(credits_from("m", 10, tagged("x")))
    once = judged([compiled(ten, known)], held("old"), held("new"))
    twice = judged([compiled(ten, known, retakes="each")], held("old"), held("new"))
    assert (once.now.standings[0].reached, twice.now.standings[0].reached) == (5_000, 10_000)


def test_an_exclusion_binds_equivalents_of_what_it_lists() -> None:
    old, new = credential("old", 5, "x"), credential("new", 5, "x")
    known = catalogue(old, replace(new, equivalents=(old.id,)), credential("like", 5, "x"))
    overlap = Exclusion(id="overlap", credentials=(CredentialId("old"), CredentialId("like")))
    ten = replace(rule(credits_from("m", 10, tagged("x"))), excludes=(overlap,))
    verdict = judged([compiled(ten, known)], held("new"), held("like"))
    assert verdict.now.standings[0].reached == 5_000


def test_what_the_fast_path_found_stands_where_the_search_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "LIMIT", 1e-9)
    monkeypatch.setattr(small, "MOST_LOOKS", 0)
    known = catalogue(*(credential(f"c{n}", size, "x") for n, size in enumerate((7, 6, 5))))
    root = every(credits_from("one", 9, tagged("x")), credits_from("two", 9, tagged("x")))
    answer = judged([compiled(rule(root), known)], held("c0"), held("c1"), held("c2")).now
    assert (
        answer.standings[0].reached
        >= stand_all(answer.problem, construct(answer.problem))[0].reached
    )


def test_levels_that_fit_share_a_goal_and_each_outweighs_what_follows() -> None:
    goals = exact.packed([(1, 1), (40, 99)], [(7, 9)])
    assert goals == [exact.Goal(1 * 1000 + 40 * 10 + 7, below=10, verdict=True)]
    first, second = exact.packed([(1, 1), (40, exact.LARGEST // 2 - 1)], [(7, 9)])
    assert (first.sum, first.below, first.verdict) == (exact.LARGEST // 2 + 40, 1, True)
    assert (second.sum // second.below, second.verdict) == (0, False)
