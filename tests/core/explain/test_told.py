"""What a learner is told where the plain reasons would be untrue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.explain.audits import audit_record
from app.core.model.credential import CredentialId
from app.core.model.requirement import (
    Average,
    Bound,
    Group,
    MilestoneStep,
    Qualifiers,
    Quantity,
)
from app.core.model.rule import Exclusion
from app.core.model.selector import (
    AnyOf,
    Circumstance,
    CreditTest,
    Declared,
    ForWhom,
    Not,
    NotSo,
    Own,
    OwnTest,
    Selector,
)
from tests.core.engine.builders import (
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
from tests.core.explain.saying import KNOWN, at_most, audited, needed, reasons, together, why


def test_what_brings_no_credit_is_not_called_spare() -> None:
    audit = audited(credits_from("core", 8, tagged("core")), held("none"))
    assert why(audit, "none") == "no-credit: It brings no credit to Core."


def test_a_cap_says_what_does_not_fit_beside_what_is_used() -> None:
    core = credits_from("core", 12, tagged("core"), at_most(8))
    alone = audited(core, held("large"))
    assert why(alone, "large") == "cap-reached: Cap lets at most 8 au count, and it has 9 au."
    beside = audited(core, held("a"), held("large"))
    assert why(beside, "large") == (
        "cap-reached: Cap lets at most 8 au count; 4 au of that is used, and it has 9 au."
    )
    full = audited(core, held("a"), held("b"), held("c"))
    assert why(full, "c") == "cap-reached: Cap lets at most 8 au count, and 8 au of that is used."
    nothing = audited(credits_from("core", 12, tagged("core"), at_most(0)), held("a"))
    assert why(nothing, "a") == "cap-reached: The limit Cap lets none of it count."


def test_a_requirement_tells_what_would_match_and_is_held_back() -> None:
    core = credits_from("core", 12, tagged("core"), at_most(8))
    audit = audited(core, held("a"), held("b"), held("c"), held("large"))
    assert reasons(audit, "core") == [
        "not-enough: What matches comes to 8 au of 12 au.",
        (
            "held-back: C and LARGE would match: "
            "Cap lets at most 8 au count, and 8 au of that is used."
        ),
    ]


def test_nothing_is_advised_that_a_cap_or_an_exclusion_would_bar() -> None:
    capped = audited(credits_from("core", 12, tagged("core"), at_most(8)), held("a"))
    assert capped.requirements[0].fills == ("b", "c")
    award = compiled(rule(credits_from("core", 12, tagged("core"))), KNOWN)
    ids = tuple(CredentialId(name) for name in ("a", "b", "large"))
    excluding = replace(award.rule, excludes=(Exclusion(id="e", credentials=ids),))
    audit = audit_record([compiled(excluding, KNOWN)], record(held("a")), TODAY)[0]
    assert audit.requirements[0].fills == ("c",)


def test_a_choice_tells_its_ways_and_why_one_of_them_does_not_count() -> None:
    way = Group(
        id="way",
        title="Way",
        parts=(
            every(credits_from("core", 12, tagged("core")), take("y", "y")),
            choose("other", 2, tagged("other")),
        ),
        need=1,
    )
    audit = audited(way, held("a"), held("x"))
    assert needed(audit) == [
        "  Way: 1 of these.",
        "    All: all of these.",
        "      Core: 4 of 12 au, 8 short.",
        "        So far: A.",
        "        This would fill it: LARGE.",
        "      Y: 0 of 1, 1 short.",
        "        Missing: Y.",
        "    Other: 1 of 2, 1 short.",
        "      So far: X.",
        "      This would fill it: Y.",
    ]


def test_what_is_left_out_for_the_sake_of_an_average_names_the_choice() -> None:
    core, other = choose("core", 3, tagged("core")), choose("other", 2, tagged("other"))
    way = Group(id="way", title="Way", parts=(core, other), need=1)
    mean = Qualifiers(averages=(Average(id="gpa", title="GPA", low=3000),))
    audit = audited(way, held("a", "B"), held("x", "B"), held("y", "C"), whole=mean)
    assert why(audit, "a") == (
        "not-chosen: Way counts by the part nearest to being met, and Core is not it."
    )


def test_the_other_ways_of_a_choice_that_is_met_are_not_needed() -> None:
    core, other = choose("core", 1, tagged("core")), choose("other", 1, tagged("other"))
    way = Group(id="way", title="Way", parts=(core, other), need=1)
    step = MilestoneStep(id="step", title="Step", milestone="thesis")
    audit = audited(every(way, step), held("x"))
    assert needed(audit) == ["  Step: 0 of 1, 1 short.", "    The step thesis is not recorded."]
    assert "\nNot needed: optional, or another way is met\n  Core: 0 of 1.\n" in audit.text


def of_one_part(need: int, most: int = 1) -> Group:
    ranges = [
        replace(choose(tag, 1, tagged(tag)), quantity=Quantity("choose", 1, 2, plain=False))
        for tag in ("core", "other")
    ]
    return Group(id="way", title="Way", parts=tuple(ranges), need=need, most=most, reason="R 7")


def test_what_counts_in_no_part_that_is_used_says_which_are() -> None:
    floor = Bound(id="all", title="All", measure="credits", amount=12_000)
    whole = Qualifiers(at_least=(floor,))
    audit = audited(of_one_part(1), held("a"), held("b"), held("x"), whole=whole)
    assert why(audit, "x") == (
        "parts-used: Only 1 of the parts of Way can be used, and Core is (R 7)."
    )
    assert reasons(audit, "other")[-1] == (
        "held-back: X would match: only 1 of the parts of Way can be used, and Core is (R 7)."
    )


def test_a_choice_that_lets_no_part_be_used_says_so() -> None:
    assert why(audited(of_one_part(0, 0), held("a")), "a") == (
        "parts-used: None of the parts of Way can be used (R 7)."
    )


def test_nothing_is_told_to_fill_a_part_that_a_choice_is_met_without() -> None:
    met = audited(of_one_part(1), held("a"))
    assert [one.fills for one in met.requirements if one.id == "other"] == [()]
    open_yet = Group(
        id="way",
        title="Way",
        parts=(choose("core", 3, tagged("core")), choose("other", 1, tagged("other"))),
        need=1,
        most=1,
    )
    short = audited(open_yet, held("a"))
    assert [one.fills for one in short.requirements if one.id == "other"] == [("x", "y")]


def test_what_would_lower_an_average_is_held_back_and_not_missing() -> None:
    mean = Qualifiers(averages=(Average(id="gpa", title="GPA", low=3000),))
    extra = replace(take("extra", "y"), optional=True)
    audit = audited(every(take("core", "a"), extra), held("a", "B"), held("y", "C"), whole=mean)
    assert why(audit, "y") == "would-lower: With it the average would be 2.50, and GPA needs 3.00."
    assert reasons(audit, "extra") == [
        "held-back: Y would match: with it the average would be 2.50, and GPA needs 3.00."
    ]
    assert audit.requirements[2].fills == ()


def test_a_test_without_a_fact_of_its_own_is_told_as_the_rule_says_it() -> None:
    either = Selector((AnyOf((tagged("other"), Selector((CreditTest(9000, None),)))),))
    audit = audited(credits_from("core", 8, either), held("a"))
    assert why(audit, "a") == (
        "does-not-match: It does not match Core, which takes credentials either tagged other "
        "or of at least 9 credits."
    )


@pytest.mark.parametrize(
    ("test", "told"),
    [
        (OwnTest("wing", Own("wing"), Own("wing")), "with wing the learner's wing"),
        (OwnTest("earned", Own("wing"), None), "earned no earlier than the learner's wing"),
        # Stated, but as a number.
        (OwnTest("earned", None, Own("year")), "earned no later than the learner's year"),
    ],
)
def test_what_cannot_be_compared_with_the_learner_is_told(test: OwnTest, told: str) -> None:
    award = compiled(rule(choose("core", 1, Selector((test,)))), KNOWN)
    learner = replace(record(held("a")), attributes={"year": 2026})
    _, _, key = told.rpartition(" ")
    assert why(audit_record([award], learner, TODAY)[0], "a") == (
        f"does-not-match: It does not match Core, which takes credentials {told} "
        f"(the record states no {key} to compare with)."
    )


def averaging(low: int | None) -> Qualifiers:
    return Qualifiers(averages=(Average(id="gpa", title="GPA", low=low),))


def test_an_average_is_told_as_finely_as_its_floor_and_short_by_what_is_shown() -> None:
    core = choose("core", 3, tagged("core"))
    grades = held("a", "A-"), held("b", "C+"), held("c", "C")
    fine = audited(core, *grades, whole=averaging(2667))
    assert needed(fine) == [
        "  GPA: 2.666 of 2.667, 0.001 short.",
        "    The average is 2.666, needs 2.667.",
    ]
    coarse = audited(core, *grades, whole=averaging(2700))
    assert needed(coarse) == [
        "  GPA: 2.66 of 2.70, 0.04 short.",
        "    The average is 2.66, needs 2.70.",
    ]


def test_an_average_of_nothing_is_not_called_nought() -> None:
    core = choose("core", 2, tagged("core"))
    unmet = audited(core, held("a", "S"), whole=averaging(2000))
    assert needed(unmet)[-1] == "  GPA: no graded credit, 2.00 needed."
    assert reasons(unmet, "gpa") == [
        "no-graded-credit: Nothing that counts here has a grade with points."
    ]
    reported = audited(core, held("a", "S"), whole=averaging(None))
    assert "\n  GPA: no graded credit.\n" in reported.text


def test_what_a_cap_cuts_says_how_much_of_it_counts() -> None:
    core = credits_from("core", 12, tagged("core"), at_most(8))
    (audit,) = together(rule(core), held=(held("large"),), caps="trim")
    assert reasons(audit, "core")[-1] == (
        "trimmed: LARGE counts with 8 of its 9 au, as Cap lets at most 8 au count."
    )
    assert "    So far: LARGE (8 of 9)." in needed(audit)


def test_each_award_calls_a_credential_as_its_own_catalogue_does() -> None:
    renamed = catalogue(replace(credential("a", 4, "core"), title="Called otherwise"))
    root = credits_from("core", 4, tagged("core"))
    awards = [compiled(rule(root), KNOWN), compiled(rule(root, award="other"), renamed)]
    one, other = audit_record(awards, record(held("a")), TODAY)
    assert [audit.achievements[0].title for audit in (one, other)] == ["A", "Called otherwise"]


def test_what_may_not_be_more_is_told_as_a_limit_whether_it_holds_or_not() -> None:
    cap = Bound(id="cap", title="Cap", measure="choose", amount=2, over_record=True, attempts=True)
    tops, core = Qualifiers(at_most=(cap,)), choose("core", 1, tagged("core"))
    kept = audited(core, held("a"), held("b", status="failed"), whole=tops)
    assert "\n  Cap: 2, at most 2.\n" in kept.text
    over = audited(core, held("a"), held("b", status="failed"), held("c"), whole=tops)
    assert needed(over) == [
        "  Cap: 3, at most 2.",
        "    Cap: at most 2 may be on the record, and it holds 3.",
    ]


def test_what_is_kept_from_a_learner_says_for_whom_it_counts() -> None:
    mine = Selector((ForWhom(Circumstance((NotSo(Circumstance((Declared(("x/t",)),))),))),))
    audit = audited(choose("core", 1, Selector((*tagged("core").tests, Not(mine)))), held("a"))
    assert why(audit, "a") == (
        "not-for-learner: It counts toward Core only for learners who have declared (x/t)."
    )
