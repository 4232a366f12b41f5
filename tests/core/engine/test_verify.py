"""The checker: right certificates are accepted, and those tampered with are rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.core.engine.verify import verify
from app.core.model.certificate import (
    AnswerName,
    AwardClaim,
    Certificate,
    CertificatePart,
    Placement,
    SupplyBound,
)
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.period import Span
from app.core.model.record import Achievement, AchievementId, Milestone
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    Last,
    Measure,
    MilestoneStep,
    Pair,
    Qualifiers,
    Quantity,
    Share,
    Window,
)
from app.core.model.rule import Exclusion, RuleEdition, SharedWith, Sharing
from app.core.model.selector import EVERYTHING, GradeTest, Selector
from tests.core.engine.builders import (
    POLICIES,
    TODAY,
    catalogue,
    choose,
    credential,
    credits_from,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)

KNOWN = catalogue(
    credential("a", 4, "core"),
    credential("b", 4, "core"),
    credential("d", 4, "free"),
    credential("e", 3, "free"),
    credential("x", 4, "free", "outside"),
    credential("y", 4, "free", "outside"),
)
OUTSIDE = Bound(
    id="outside", title="Outside", measure="credits", amount=4000, selector=tagged("outside")
)
RULE = rule(
    every(
        take("core", "a", "b"),
        credits_from("first", 4, tagged("free")),
        credits_from("second", 8, tagged("free")),
    ),
    whole=Qualifiers(at_most=(OUTSIDE,)),
)
HELD = (held("a"), held("d"), held("x"), held("y"))


def placed(requirement: str, achievement: str, credits: int = 4000, award: str = "p") -> Placement:
    return Placement(CredentialId(award), requirement, AchievementId(achievement), Credits(credits))


def claimed(reached: int, of: int, *unmet: str, met: bool = False, award: str = "p") -> AwardClaim:
    return AwardClaim(CredentialId(award), met, Credits(reached), Credits(of), unmet)


def bound(
    requirements: str, limit: int, achievements: str, *caps: str, award: str = "p"
) -> SupplyBound:
    names = tuple(AchievementId(one) for one in achievements.split())
    return SupplyBound(
        CredentialId(award), tuple(requirements.split()), Credits(limit), names, caps
    )


# Half of the second elective is missing, since the cap lets in only one of x and y.
PART = CertificatePart(
    answer="now",
    claims=(claimed(12000, 20000, "core", "second"),),
    placements=(placed("core", "a"), placed("first", "d"), placed("second", "x")),
    proof="bounds",
    bounds=(bound("core", 4000, "a"), bound("first second", 8000, "d x y", "outside")),
)


def found(
    part: CertificatePart,
    achievements: Sequence[Achievement] = HELD,
    rules: Sequence[RuleEdition] = (RULE,),
    **policies: str,
) -> str:
    """What the checker finds wrong with a certificate of one part."""
    said = [{**POLICIES, **policies}] * len(rules)
    wrong = verify(rules, KNOWN, said, record(*achievements), TODAY, Certificate((part,)))
    return "; ".join(wrong)


def by_search(claim: AwardClaim, *placements: Placement) -> CertificatePart:
    return CertificatePart("now", (claim,), placements, "search")


def test_a_right_certificate_with_bounds_is_accepted() -> None:
    assert not found(PART)


def test_a_right_certificate_without_a_proof_is_accepted() -> None:
    assert not found(PART._replace(proof="search", bounds=()))


TAMPERINGS = [
    (
        "an ineligible achievement",
        {"placements": (*PART.placements, placed("core", "y"))},
        "not eligible",
    ),
    ("counted twice", {"placements": (*PART.placements, placed("second", "d"))}, "counts twice"),
    ("placed twice", {"placements": (*PART.placements, placed("core", "a"))}, "placed twice"),
    (
        "credits inflated",
        {"placements": (placed("core", "a", 8000), *PART.placements[1:])},
        "with 8 credits",
    ),
    ("a cap exceeded", {"placements": (*PART.placements, placed("second", "y"))}, "cap `outside`"),
    ("met flipped", {"claims": (claimed(12000, 20000, "core", "second", met=True),)}, "not met"),
    ("progress raised", {"claims": (claimed(16000, 20000, "core", "second"),)}, "12 of 20"),
    ("demand lowered", {"claims": (claimed(12000, 16000, "core", "second"),)}, "12 of 20"),
    ("unmet emptied", {"claims": (claimed(12000, 20000),)}, "core, second"),
    (
        "unmet padded",
        {"claims": (claimed(12000, 20000, "core", "first", "second"),)},
        "core, second",
    ),
    ("a placement dropped", {"placements": PART.placements[1:]}, "8 of 20"),
    (
        "an unknown achievement",
        {"placements": (*PART.placements, placed("second", "z"))},
        "may not count",
    ),
    (
        "an unknown requirement",
        {"placements": (*PART.placements, placed("third", "y"))},
        "is no leaf",
    ),
    (
        "another award placed in",
        {"placements": (placed("core", "a", award="q"),)},
        "not asked about",
    ),
    (
        "another award claimed",
        {"claims": (claimed(12000, 20000, award="q"),)},
        "not about the awards",
    ),
    ("a claim too many", {"claims": (*PART.claims, *PART.claims)}, "not about the awards"),
    (
        "a bound of another award",
        {"bounds": (bound("core", 4000, "a", award="q"),)},
        "not asked about",
    ),
    (
        "a bound lowered",
        {"bounds": (bound("core", 3000, "a"), PART.bounds[1])},
        "more than its limit",
    ),
    ("a bound raised", {"bounds": (bound("core", 8000, "a"), PART.bounds[1])}, "leave room"),
    ("a bound dropped", {"bounds": PART.bounds[:1]}, "leave room"),
    ("a bound said twice", {"bounds": (*PART.bounds, PART.bounds[0])}, "two bounds name `core`"),
    ("a bound on nothing", {"bounds": (*PART.bounds, bound("third", 0, ""))}, "which is no leaf"),
    ("an empty bound", {"bounds": (*PART.bounds, bound("", -1, ""))}, "names nothing"),
    (
        "a bound's achievements cut",
        {"bounds": (PART.bounds[0], bound("first second", 8000, "d x", "outside"))},
        "leaves out `y`",
    ),
    (
        "a bound's achievement made up",
        {"bounds": (bound("core", 4000, "a z"), PART.bounds[1])},
        "unknown achievement `z`",
    ),
    (
        "a bound's cap left out",
        {"bounds": (PART.bounds[0], bound("first second", 8000, "d x y"))},
        "more than its limit",
    ),
    (
        "a bound's cap made up",
        {"bounds": (PART.bounds[0], bound("first second", 8000, "d x y", "inside"))},
        "a cap that does not hold",
    ),
]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [pytest.param(changes, complaint, id=name) for name, changes, complaint in TAMPERINGS],
)
def test_a_tampered_certificate_is_rejected(changes: dict[str, object], complaint: str) -> None:
    assert complaint in found(PART._replace(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("names", [(), ("projected",), ("projected", "now"), ("now", "now")])
def test_parts_come_in_order_and_begin_with_now(names: tuple[AnswerName, ...]) -> None:
    parts = tuple(PART._replace(answer=name) for name in names)
    (wrong,) = verify((RULE,), KNOWN, (POLICIES,), record(*HELD), TODAY, Certificate(parts))
    assert "order" in wrong


def test_a_part_must_hold_for_the_later_answers_it_stands_for() -> None:
    wrong = found(PART, (*HELD, held("b", status="in-progress")))
    assert wrong.startswith("projected: the bound on `core` leaves out `b`")


def test_an_unfinished_achievement_does_not_count_now() -> None:
    held_later = (held("a", status="planned"), *HELD[1:])
    assert "now: `a` is placed in `core` but may not count" in found(PART, held_later)


def test_a_superseded_attempt_does_not_count() -> None:
    better = replace(held("a", "A"), id=AchievementId("a2"))
    assert "`a` is placed in `core` but may not count" in found(PART, (*HELD, better))


def test_a_leaf_holds_no_more_than_it_needs() -> None:
    few = (rule(credits_from("few", 4, tagged("free"))),)
    part = by_search(claimed(4000, 4000, met=True), placed("few", "d"), placed("few", "e", 3000))
    assert "reaches what it asks for without `e`" in found(part, (held("d"), held("e")), few)


def test_a_number_asked_for_is_not_exceeded() -> None:
    one = (rule(choose("one", 1, tagged("free"))),)
    part = by_search(claimed(4000, 4000, met=True), placed("one", "d"), placed("one", "e", 3000))
    assert "`one` holds more than it asks for" in found(part, (held("d"), held("e")), one)


def test_the_upper_end_of_a_range_is_respected() -> None:
    quantity = Quantity("credits", 4000, 6000, plain=False)
    ranged = (rule(From(id="r", title="R", quantity=quantity, selector=tagged("free"))),)
    part = by_search(claimed(4000, 4000, met=True), placed("r", "d"), placed("r", "e", 3000))
    assert "upper end" in found(part, (held("d"), held("e")), ranged)


def test_an_achievement_counts_with_the_same_credits_wherever_leaves_share() -> None:
    left = credits_from("left", 4, EVERYTHING)
    right = replace(credits_from("right", 4, EVERYTHING), shares_with=("left",))
    sharing = (rule(every(left, right)),)
    claim = claimed(8000, 8000, met=True)
    both = by_search(claim, placed("left", "a"), placed("right", "a"))
    uneven = by_search(claim, placed("left", "a"), placed("right", "a", 3000))
    assert not found(both, (held("a"),), sharing)
    assert "counts with different credits in `p`" in found(uneven, (held("a"),), sharing)


def test_two_achievements_of_one_credential_fill_one_place() -> None:
    both = (rule(take("t", "a", "b")),)
    twice = (held("a"), replace(held("a"), id=AchievementId("a2")))
    part = by_search(claimed(4000, 8000, "t"), placed("t", "a"), placed("t", "a2"))
    assert "than it has places" in found(part, twice, both, retakes="each")


def test_a_trimming_cap_counts_the_later_one_with_the_rest() -> None:
    trimming = replace(OUTSIDE, amount=6000, items="trim")
    trimmed = (rule(credits_from("r", 8, tagged("free"), Qualifiers(at_most=(trimming,)))),)
    earlier = (held("y", earned=date(2024, 1, 1)), held("x"))
    right = by_search(claimed(6000, 8000, "r"), placed("r", "x", 2000), placed("r", "y"))
    wrong = by_search(claimed(6000, 8000, "r"), placed("r", "x"), placed("r", "y", 2000))
    assert not found(right, earlier, trimmed)
    assert "`x` counts with 4 credits, not 2" in found(wrong, earlier, trimmed)


def test_nothing_counts_under_a_full_trimming_cap() -> None:
    trimming = replace(OUTSIDE, items="trim")
    trimmed = (rule(credits_from("r", 8, tagged("free"), Qualifiers(at_most=(trimming,)))),)
    part = by_search(claimed(4000, 8000, "r"), placed("r", "x"), placed("r", "y", 0))
    assert "under `outside`, which is full" in found(part, (held("x"), held("y")), trimmed)


def test_different_values_stay_below_their_upper_end() -> None:
    narrow = Qualifiers(distinct=(Distinct(id="one-tag", title="", by="tag", high=1),))
    one_tag = (rule(credits_from("r", 8, EVERYTHING, narrow)),)
    part = by_search(claimed(8000, 8000, met=True), placed("r", "a"), placed("r", "d"))
    assert "values than `one-tag` allows" in found(part, (held("a"), held("d")), one_tag)


def test_what_counts_lies_within_its_window() -> None:
    window = Qualifiers(windows=(Window(length=Span(1, "year"), anchor="earliest-used"),))
    timed = (rule(credits_from("r", 8, EVERYTHING, window)),)
    old = held("a", earned=date(2024, 6, 29))
    part = by_search(claimed(8000, 8000, met=True), placed("r", "a"), placed("r", "d"))
    assert "further apart than 1 year" in found(part, (old, held("d")), timed)
    assert not found(part, (replace(old, earned=date(2024, 6, 30)), held("d")), timed)


def test_what_comes_after_was_begun_once_the_first_was_completed() -> None:
    then = replace(choose("then", 1, tagged("free")), after=("first",))
    ordered = (rule(every(choose("first", 1, tagged("core")), then)),)
    both = by_search(claimed(8000, 8000, met=True), placed("first", "a"), placed("then", "d"))
    for begun, day, complaint in (
        (date(2025, 1, 1), date(2025, 1, 1), ""),
        (date(2024, 12, 31), date(2025, 1, 1), "`d` does not come after `a`"),
        (date(2025, 1, 1), None, "`d` does not come after `a`"),
    ):
        later = held("d", started=begun, earned=date(2025, 6, 30))
        assert complaint in found(both, [held("a", earned=day), later], ordered)


def test_what_comes_after_a_milestone_is_begun_once_it_is_recorded() -> None:
    step = MilestoneStep(id="step", title="Step", milestone="step")
    ordered = rule(every(step, replace(choose("then", 1, tagged("free")), after=("step",))))
    part = by_search(claimed(4000, 4000, met=True), placed("then", "d"))
    for day, complaint in (
        (date(2025, 1, 1), ""),
        (date(2025, 1, 2), "`d` is not eligible for `then`"),
        (date(2027, 1, 1), "`d` is not eligible for `then`"),
    ):
        taken = replace(
            record(held("d", earned=date(2025, 1, 1))), milestones=(Milestone(name="step", on=day),)
        )
        wrong = verify([ordered], KNOWN, [POLICIES], taken, TODAY, Certificate((part,)))
        assert complaint in "; ".join(wrong)
        assert bool(wrong) == bool(complaint)


def test_the_latest_are_taken_from_the_end_and_the_last_of_them_in_part() -> None:
    floor = Bound(id="floor", title="", measure="credits", amount=4000, selector=tagged("core"))
    both = (placed("r", "a"), placed("r", "d"))
    later, earlier = date(2026, 1, 1), date(2025, 1, 1)
    cases: tuple[tuple[Measure, int, date, bool], ...] = (
        ("credits", 7000, earlier, False),
        ("credits", 8000, earlier, True),
        ("credits", 4000, later, True),
        ("choose", 1, earlier, False),
        ("choose", 2, earlier, True),
    )
    for measure, amount, core, met in cases:
        last = Last(measure=measure, amount=amount, at_least=(floor,))
        judged = (rule(credits_from("r", 8, EVERYTHING), whole=Qualifiers(last=(last,))),)
        taken = held("a", earned=core), held("d", earned=date(2025, 6, 1))
        unmet = () if met else ("floor",)
        assert not found(by_search(claimed(8000, 8000, *unmet, met=met), *both), taken, judged)


RECORD = Qualifiers(
    each=(Each(id="graded", must=Selector((GradeTest("B"),)), over_record=True),),
    distinct=(Distinct(id="tags", title="Tags", by="tag", low=1, high=2, over_record=True),),
    windows=(
        Window(id="time", length=Span(1, "year"), anchor="earliest-used", over_record=True),
        Window(id="late", length=Span(1, "year"), anchor="admission", over_record=True),
    ),
    averages=(
        Average(id="every", title="Every", low=3000, over="all-attempts"),
        Average(id="own", title="Own", low=3000, over="not-transferred"),
    ),
)


def test_what_is_said_of_the_whole_record_holds_or_is_named_unmet() -> None:
    judged = (rule(choose("r", 1, tagged("core")), whole=RECORD),)
    met = by_search(claimed(4000, 4000, "late", met=False), placed("r", "a"))
    long_ago = date(2020, 1, 1)
    for spoilt, unmet in (
        (held("d", "C"), "every, graded, late"),
        (held("d", earned=long_ago), "late, time"),
        (held("x"), "late, tags"),
        (replace(held("d", "C"), status="failed"), "every, late"),
    ):
        wrong = found(met, [held("a"), spoilt], judged)
        assert f"unmet in `p` is {unmet}, not what is claimed" in wrong
    assert not found(met, [held("a"), replace(held("d"), source="transferred")], judged)
    moved = replace(held("a"), source="transferred")
    assert "unmet in `p` is late, own" in found(met, [moved], judged)


def test_exclusions_and_pairs_are_respected() -> None:
    plain = rule(credits_from("r", 8, EVERYTHING))
    both = (CredentialId("a"), CredentialId("d"))
    part = by_search(claimed(8000, 8000, met=True), placed("r", "a"), placed("r", "d"))
    alone = by_search(claimed(4000, 8000, "r"), placed("r", "a"))
    having = (held("a"), held("d"))
    excluding = (replace(plain, excludes=(Exclusion(id="overlap", credentials=both),)),)
    pairing = (replace(plain, pairs=(Pair(credentials=both),)),)
    assert "exclusion `overlap`" in found(part, having, excluding)
    assert "of a pair only a part" in found(alone, having, pairing)
    assert not found(part, having, pairing)


def test_a_condition_not_met_is_named_and_keeps_the_award_from_being_met() -> None:
    floor = Bound(id="level", title="", measure="choose", amount=1, selector=tagged("outside"))
    average = Average(id="mean", title="", low=3001)
    said = Qualifiers(at_least=(floor,), averages=(average,))
    conditioned = (rule(credits_from("r", 4, EVERYTHING), whole=said),)
    right = by_search(claimed(4000, 4000, "level", "mean"), placed("r", "a"))
    wrong = by_search(claimed(4000, 4000, "level", met=True), placed("r", "a"))
    assert not found(right, (held("a"),), conditioned)
    assert "level, mean" in found(wrong, (held("a"),), conditioned)


def test_a_claim_that_full_progress_is_not_enough_needs_a_reason() -> None:
    floor = Bound(id="home", title="", measure="credits", amount=4000, selector=tagged("core"))
    floored = (rule(credits_from("r", 4, EVERYTHING), whole=Qualifiers(at_least=(floor,))),)
    part = by_search(claimed(4000, 4000, "home"), placed("r", "d"))._replace(
        proof="bounds",
        bounds=(bound("r", 4000, ""),),
    )
    assert not found(part, (held("d"),), floored)
    assert "nothing shows that `p` cannot be met" in found(part, (held("a"), held("d")), floored)


@pytest.mark.parametrize(("most", "holds"), [(1, True), (2, False)])
def test_a_number_of_credentials_is_bounded_below_a_cap(most: int, *, holds: bool) -> None:
    cap = Bound(id="cap", title="", measure="choose", amount=most, selector=tagged("free"))
    capped = (rule(choose("two", 2, EVERYTHING, Qualifiers(at_most=(cap,)))),)
    part = by_search(claimed(4000, 8000, "two"), placed("two", "d"))._replace(
        proof="bounds",
        bounds=(bound("two", 4000, "d x", "cap"),),
    )
    assert (not found(part, (held("d"), held("x")), capped)) is holds


def test_a_group_of_which_some_are_enough_counts_its_best_parts() -> None:
    parts = (credits_from("big", 8, tagged("free")), credits_from("small", 4, tagged("core")))
    some = (rule(Group(id="require", title="", parts=parts, need=1)),)
    part = by_search(claimed(2000, 4000, "big", "small"), placed("big", "d"))._replace(
        proof="bounds",
        bounds=(bound("big", 4000, "d"), bound("small", 0, "")),
    )
    assert not found(part, (held("d"),), some)
    assert "leave room" in found(part._replace(bounds=part.bounds[:1]), (held("d"),), some)


@pytest.mark.parametrize(("most", "holds"), [(1, False), (2, True)])
def test_no_more_parts_of_a_group_hold_anything_than_may(most: int, *, holds: bool) -> None:
    inner = Group(id="inner", title="", parts=(choose("free", 1, tagged("free")),))
    parts = (choose("core", 1, tagged("core")), inner)
    some = (rule(Group(id="require", title="", parts=parts, need=1, most=most)),)
    part = by_search(claimed(4000, 4000, met=True), placed("core", "a"), placed("free", "d"))
    told = "something counts in 2 parts of `require`, and in 1 it may"
    assert (told not in found(part, (held("a"), held("d")), some)) is holds


@pytest.mark.parametrize(
    ("amount", "enough"),
    [
        (None, True),
        (Credits(4000), True),
        (Credits(3999), False),
        (Share(Fraction(1, 5), "smaller"), True),
        (Share(Fraction(1, 10), "receiving"), True),
        (Share(Fraction(1, 16), "receiving"), False),
    ],
)
def test_two_awards_share_no_more_than_the_tighter_statement(
    amount: int | Share | None, *, enough: bool
) -> None:
    def naming(award: str, other: str, total: int, said: int | Share | None) -> RuleEdition:
        named = Sharing(shared_with=(SharedWith(award=CredentialId(other), amount=said),))
        leaf = credits_from("r", 4, EVERYTHING)
        return rule(leaf, award=award, total=total, sharing=named)

    rules = (naming("p", "q", 20, None), naming("q", "p", 60, amount))
    part = CertificatePart(
        "now",
        (claimed(4000, 4000, met=True), claimed(4000, 4000, met=True, award="q")),
        (placed("r", "a"), placed("r", "a", award="q")),
        "search",
    )
    assert ("`q` shares more with `p`" not in found(part, (held("a"),), rules)) is enough


def test_an_achievement_counts_in_no_more_awards_than_one_of_them_allows() -> None:
    leaf = credits_from("r", 4, EVERYTHING)
    rules = (rule(leaf, sharing=Sharing(awards=1)), rule(leaf, award="q"))
    part = CertificatePart(
        "now",
        (claimed(4000, 4000, met=True), claimed(4000, 4000, met=True, award="q")),
        (placed("r", "a"), placed("r", "a", award="q")),
        "search",
    )
    assert "more awards than `p` allows" in found(part, (held("a"),), rules, double_count="free")
    assert "`q` shares more with `p`" in found(part, (held("a"),), rules, double_count="none")
