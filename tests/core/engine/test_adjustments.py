"""What is decided for one learner: adjustments of all kinds, and those that apply no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest

from app.core.engine.applying import MOST_BOUND
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.model.credential import CredentialId
from app.core.model.credits import parse_credits
from app.core.model.record import (
    Achievement,
    AchievementId,
    Adjustment,
    AdjustmentKind,
    LearnerRecord,
    Milestone,
)
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    certified,
    compiled,
    credential,
    held,
    record,
    written,
)

KNOWN = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 4, "core", "wide"),
    credential("x/c", 4, "wide"),
    credential("x/d", 8, "wide", level=6),
)
NUMBERS = count(1)
DAY = date(2026, 1, 1)
CORE = """\
  all:
    - {id: core, take: [x/a, x/b]}
    - {id: wide, credits: 8, from: {tag: wide}}
"""
BOTH = "  {id: core, take: [x/a, x/b]}"


def adjust(  # noqa: PLR0913 -- each is one thing that an adjustment may name
    kind: AdjustmentKind,
    requirement: str = "",
    achievement: str | None = None,
    credential: str | None = None,
    amount: str | int | None = None,
    *,
    award: str = "x/p",
    on: date = DAY,
    expires: date | None = None,
) -> Adjustment:
    return Adjustment(
        id=f"j{next(NUMBERS):03}",
        kind=kind,
        award=CredentialId(award),
        requirement=requirement,
        reason="Board",
        by="registrar",
        on=on,
        expires=expires,
        achievement=None if achievement is None else AchievementId(achievement),
        credential=None if credential is None else CredentialId(credential),
        amount=None if amount is None else parse_credits(amount),
    )


def learner(*held_: str | Achievement, adjusted: tuple[Adjustment, ...] = ()) -> LearnerRecord:
    achievements = [held(one) if isinstance(one, str) else one for one in held_]
    return replace(record(*achievements), adjustments=adjusted)


def verdict_of(require: str, who: LearnerRecord, **policies: str) -> Verdict:
    return certified(written(require), KNOWN, who, **policies)


def figures(require: str, who: LearnerRecord) -> tuple[bool, int, int]:
    """Whether the award is met, and the credits of progress reached of those demanded."""
    verdict = verdict_of(require, who)
    standing = verdict.now.standings[0]
    return standing.met, standing.reached // 1000, verdict.pool.awards[0].root.of // 1000


def counts(require: str, who: LearnerRecord) -> dict[str, set[str]]:
    """What counts toward each leaf."""
    verdict = verdict_of(require, who)
    award, items = verdict.pool.awards[0], verdict.pool.items
    return {
        leaf.node.id: {
            one.achievement.id
            for one in items
            if any(verdict.now.allocation[place] >> one.at & 1 for place in leaf.slots)
        }
        for leaf in award.leaves
    }


def lapse(require: str, adjusted: Adjustment, *held_: str | Achievement) -> str | None:
    """Why an adjustment does not apply."""
    (found,) = verdict_of(require, learner(*held_, adjusted=(adjusted,))).pool.decided[0]
    return found.lapsed


class TestWaiving:
    """A requirement that is waived is met without anything."""

    @pytest.mark.parametrize(
        ("require", "name"),
        [
            ("  {id: it, take: [x/a, x/b]}", "it"),
            ("  {id: it, credits: 8, from: {tag: wide}}", "it"),
            ("  {id: it, choose: {from: 1, to: 3}, from: {tag: wide}}", "it"),
            ("  {id: it, milestone: thesis}", "it"),
            ("  {id: it, attest: dean}", "it"),
            ("  {id: it, some: {choose: 2, of: [{take: x/a}, {take: x/b}, {attest: dean}]}}", "it"),
            ("  {id: it, all: [{take: x/a}, {any: [{take: x/b}, {milestone: m}]}]}", "it"),
            (
                "  {id: it, choose: 1, from: {tag: wide}, average: {grade: '3.0', over: counted}}",
                "it",
            ),
        ],
    )
    def test_it_asks_for_nothing_and_for_no_progress(self, require: str, name: str) -> None:
        assert figures(require, learner(adjusted=(adjust("waive", name),))) == (True, 0, 0)

    def test_different_values_had_no_top_and_have_none_when_they_are_waived(self) -> None:
        require = "  all: [{id: core, terms: 1, from: {}}]\n  at_least: [{credits: 8}]"
        terms = [replace(held(f"x/{name}"), term=name) for name in "ab"]
        for waived in ((), (adjust("waive", "core"),)):
            assert figures(require, learner(*terms, adjusted=waived))[0]

    def test_only_what_is_named_is_waived(self) -> None:
        who = learner("x/d", adjusted=(adjust("waive", "core"),))
        assert figures(CORE, who) == (True, 8, 8)
        assert figures(CORE, learner(adjusted=(adjust("waive", "core"),))) == (False, 0, 8)

    def test_in_a_choice_it_is_a_part_that_is_met(self) -> None:
        choice = "  {some: {choose: 2, of: [{id: one, take: x/a}, {take: x/b}, {take: x/c}]}}"
        assert figures(choice, learner("x/b", adjusted=(adjust("waive", "one"),)))[0]

    def test_what_it_would_have_taken_still_fills_a_floor_of_the_award(self) -> None:
        require = f"{CORE}at_least: [{{credits: 16}}]"
        full = learner("x/a", "x/b", "x/d")
        assert figures(require, full) == (True, 16, 16)
        waived = replace(full, adjustments=(adjust("waive", "core"),))
        assert figures(require, waived) == (True, 8, 8)

    @pytest.mark.parametrize(
        ("require", "name", "who"),
        [
            ("  {credits: 4, from: {tag: wide}, at_least: [{id: f, choose: 2}]}", "f", ("x/b",)),
            (
                "  {choose: {from: 3}, from: {tag: wide}, at_most: [{id: c, credits: 8}]}",
                "c",
                ("x/b", "x/c", "x/d"),
            ),
            (
                "  {choose: {from: 1}, from: {tag: wide}, distinct: {id: w, by: level, from: 2}}",
                "w",
                ("x/b",),
            ),
            (
                "  {choose: {from: 3}, from: {tag: wide}, distinct: {id: w, by: level, to: 1}}",
                "w",
                ("x/b", "x/c", "x/d"),
            ),
            ("  {take: x/a, average: {id: m, grade: '3.5', over: counted}}", "m", ("x/a",)),
            ("  {take: x/a, within: {id: w, span: 1 month, from: entry}}", "w", ("x/a",)),
            (
                "  {take: [x/a, x/b]}\nexcludes: [{id: x, credentials: [x/a, x/b]}]",
                "x",
                ("x/a", "x/b"),
            ),
        ],
    )
    def test_a_condition_or_bound_that_is_waived_does_not_bind(
        self, require: str, name: str, who: tuple[str, ...]
    ) -> None:
        steps = (Milestone(name="entry", on=date(2020, 1, 1)),)
        plain = replace(learner(*who), milestones=steps)
        assert not figures(require, plain)[0]
        assert figures(require, replace(plain, adjustments=(adjust("waive", name),)))[0]

    def test_its_caps_still_hold_for_what_counts_there(self) -> None:
        capped = "{id: core, choose: 2, from: {tag: core}, at_most: [{id: top, choose: 1}]}"
        require = f"  {capped}\nat_least: [{{choose: 2}}]\n"
        who = learner("x/a", "x/b", adjusted=(adjust("waive", "core"),))
        assert not figures(require, who)[0]
        freed = (*who.adjustments, adjust("waive", "top"))
        assert figures(require, replace(who, adjustments=freed))[0]


class TestAmounts:
    """Another amount instead, in its own measure."""

    @pytest.mark.parametrize(
        ("require", "name", "amount"),
        [
            ("  {id: it, credits: 12, from: {tag: wide}}", "it", 8),
            ("  {id: it, choose: 4, from: {tag: wide}}", "it", 2),
            ("  {id: it, choose: {from: 4, to: 5}, from: {tag: wide}}", "it", 2),
            ("  {id: it, some: {choose: 3, of: [{take: x/a}, {take: x/b}, {take: x/c}]}}", "it", 2),
            ("  {choose: 2, from: {tag: wide}, at_least: [{id: it, credits: 20}]}", "it", 8),
            ("  {choose: 2, from: {tag: wide}, at_most: [{id: it, choose: 1}]}", "it", 2),
            (
                "  {choose: 2, from: {tag: wide}, at_most: [{id: it, share: 10%, of: award}]}",
                "it",
                8,
            ),
            ("  {choose: 2, from: {tag: wide}, distinct: {id: it, by: level, from: 2}}", "it", 1),
            (
                "  {choose: 2, from: {tag: wide}, distinct: {id: it, by: credential, to: 1}}",
                "it",
                2,
            ),
            (
                "  {choose: 2, from: {tag: wide}, average: {id: it, grade: '3.5', over: counted}}",
                "it",
                "3.0",
            ),
            ("  {take: [x/b, x/c]}\nexcludes: [{id: it, credentials: [x/b, x/c]}]", "it", 2),
        ],
    )
    def test_it_holds_instead(self, require: str, name: str, amount: str | int) -> None:
        who = learner("x/b", "x/c")
        assert not figures(require, who)[0]
        decided = adjust("adjust-quantity", name, amount=amount)
        assert figures(require, replace(who, adjustments=(decided,)))[0]

    def test_of_two_the_later_holds_and_the_earlier_is_overruled(self) -> None:
        later = adjust("adjust-quantity", "wide", amount=4, on=DAY + timedelta(days=1))
        earlier = adjust("adjust-quantity", "wide", amount=12)
        who = learner(adjusted=(later, earlier))
        verdict = verdict_of(CORE, who)
        assert verdict.pool.awards[0].root.of == 12_000
        assert [one.lapsed for one in verdict.pool.decided[0]] == ["overruled", None]

    def test_what_is_waived_has_no_amount(self) -> None:
        waived = adjust("waive", "core")
        floor = "  {id: core, choose: 1, from: {tag: wide}, at_least: [{id: f, credits: 8}]}"
        for name in ("core", "f"):
            who = learner(adjusted=(waived, adjust("adjust-quantity", name, amount=2)))
            verdict = verdict_of(floor, who)
            assert [one.lapsed for one in verdict.pool.decided[0]] == [None, "waived"]


class TestPlacing:
    """What may count where, whether or not the rule would have it."""

    def test_a_credential_is_also_allowed(self) -> None:
        allowed = adjust("also-allow", "wide", credential="x/a")
        assert counts("  {id: wide, choose: 1, from: {tag: wide}}", learner("x/a")) == {
            "wide": set()
        }
        who = learner("x/a", adjusted=(allowed,))
        assert counts("  {id: wide, choose: 1, from: {tag: wide}}", who) == {"wide": {"x/a"}}

    def test_one_credential_is_also_allowed_in_any_place_of_a_list(self) -> None:
        who = learner("x/a", "x/d", adjusted=(adjust("also-allow", "core", credential="x/d"),))
        assert counts(BOTH, who) == {"core": {"x/a", "x/d"}}

    def test_a_substitute_stands_in_the_place_that_is_named_and_in_no_other(self) -> None:
        instead = adjust("substitute", "core", credential="x/b", achievement="x/d")
        assert counts(BOTH, learner("x/a", "x/d", adjusted=(instead,))) == {"core": {"x/a", "x/d"}}
        assert len(counts(BOTH, learner("x/b", "x/d", adjusted=(instead,)))["core"]) == 1

    def test_applied_here_it_counts_nowhere_else(self) -> None:
        who = learner("x/b", "x/c", adjusted=(adjust("apply-here", "core", "x/c"),))
        assert counts(CORE, who) == {"core": {"x/b", "x/c"}, "wide": set()}
        here = learner("x/b", adjusted=(adjust("apply-here", "wide", "x/b"),))
        assert counts(CORE, here) == {"core": set(), "wide": {"x/b"}}

    def test_what_only_looks_there_still_sees_what_is_applied_there(self) -> None:
        require = f"{CORE}    - {{id: seen, choose: 1, from: {{tag: core}}, counted_in: [core]}}\n"
        who = learner("x/a", adjusted=(adjust("apply-here", "core", "x/a"),))
        assert counts(require, who)["seen"] == {"x/a"}

    def test_an_excluded_achievement_counts_there_or_in_the_award_no_more(self) -> None:
        who = learner("x/b", adjusted=(adjust("exclude", "core", "x/b"),))
        assert counts(CORE, who) == {"core": set(), "wide": {"x/b"}}
        nowhere = learner("x/b", adjusted=(adjust("exclude", achievement="x/b"),))
        assert counts(CORE, nowhere) == {"core": set(), "wide": set()}

    def test_another_attempt_stands_for_an_excluded_one(self) -> None:
        tries = [
            replace(held("x/a"), id=AchievementId(name), earned=day)
            for name, day in (("first", date(2024, 1, 1)), ("second", date(2025, 1, 1)))
        ]
        who = learner(*tries, adjusted=(adjust("exclude", achievement="second"),))
        verdict = verdict_of("  {take: x/a}", who, retakes="last")
        assert verdict.now.standings[0].met

    def test_of_decisions_on_one_achievement_the_later_has_the_last_word(self) -> None:
        out = adjust("exclude", achievement="x/b")
        back = adjust("substitute", "core", "x/b", "x/a", on=DAY + timedelta(days=1))
        assert counts(CORE, learner("x/b", adjusted=(back, out)))["core"] == {"x/b"}
        late = replace(out, on=DAY + timedelta(days=2))
        assert counts(CORE, learner("x/b", adjusted=(back, late)))["core"] == set()

    def test_what_each_must_be_holds_as_ever(self) -> None:
        require = "  {id: wide, choose: 1, from: {tag: core}, each: {credit: {to: '4'}}}"
        for one in (
            adjust("also-allow", "wide", credential="x/d"),
            adjust("apply-here", "wide", "x/d"),
            adjust("substitute", "wide", "x/d", "x/a"),
        ):
            assert counts(require, learner("x/d", adjusted=(one,)))["wide"] == set()


def test_it_counts_with_the_credits_that_were_decided() -> None:
    who = learner("x/c", adjusted=(adjust("adjust-credits", achievement="x/c", amount="6.5"),))
    verdict = verdict_of(CORE, who)
    assert verdict.now.standings[0].reached == 6500
    sized = "  {credits: 8, from: {credit: {to: '4'}}}"
    assert verdict_of(sized, who).now.standings[0].reached == 6500


class TestLapsing:
    """What cannot apply is told with the reason, and changes nothing."""

    @pytest.mark.parametrize(
        ("adjusted", "why"),
        [
            (adjust("waive", "core", on=TODAY), None),
            (adjust("waive", "core", on=TODAY + timedelta(days=1)), "not-yet"),
            (adjust("waive", "core", expires=TODAY), "expired"),
            (adjust("waive", "core", expires=TODAY + timedelta(days=1)), None),
            (adjust("waive", "gone"), "no-requirement"),
            (adjust("waive", "core", award="any"), None),
            (adjust("adjust-quantity", "core", amount=1), "wrong-kind"),
            (adjust("adjust-quantity", "wide", amount="1.5"), None),
            (adjust("also-allow", "top", credential="x/a"), "wrong-kind"),
            (adjust("also-allow", "core", credential="x/gone"), "no-credential"),
            (adjust("apply-here", "core", "gone"), "no-achievement"),
            (adjust("apply-here", "core", "failed"), "not-countable"),
            (adjust("apply-here", "top", "x/c"), "wrong-kind"),
            (adjust("exclude", "top", "x/c"), "wrong-kind"),
            (adjust("substitute", "core", "x/c", "x/d"), "no-credential"),
            (adjust("substitute", "wide", "x/c", "x/a"), "no-credential"),
            (adjust("substitute", "wide", "x/c", "x/b"), None),
        ],
    )
    def test_it_says_why(self, adjusted: Adjustment, why: str | None) -> None:
        require = CORE.replace("tag: wide}", "tag: wide}, at_most: [{id: top, credits: 12}]")
        failed = replace(held("x/c"), id=AchievementId("failed"), status="failed")
        assert lapse(require, adjusted, "x/c", failed) == why

    def test_an_amount_of_parts_is_whole_and_no_more_than_there_are(self) -> None:
        choice = "  {id: it, some: {choose: 1, of: [{take: x/a}, {take: x/b}]}}"
        assert lapse(choice, adjust("adjust-quantity", "it", amount="1.5")) == "wrong-amount"
        assert lapse(choice, adjust("adjust-quantity", "it", amount=3)) == "wrong-amount"
        assert lapse(choice, adjust("adjust-quantity", "it", amount=2)) is None

    def test_what_is_not_there_for_the_learner_is_told_apart_from_what_is_nowhere(self) -> None:
        require = "  {all: [{take: x/a}, {when: {declared: x/t}, then: {id: track, take: x/b}}]}"
        assert lapse(require, adjust("waive", "track")) == "not-there"

    def test_what_is_for_another_award_is_none_of_its_business(self) -> None:
        who = learner(adjusted=(adjust("waive", "core", award="x/other"),))
        assert verdict_of(CORE, who).pool.decided == ((),)

    def test_nothing_is_applied_where_only_another_part_of_the_award_looks(self) -> None:
        require = f"{CORE}admission: {{id: entry, take: x/a}}\n"
        here, away = adjust("apply-here", "core", "x/a"), adjust("apply-here", "entry", "x/a")
        who = learner("x/a", adjusted=(here, away))
        assert [one.lapsed for one in verdict_of(require, who).pool.decided[0]] == [None, None]
        assert counts(require, who)["core"] == {"x/a"}


def test_admission_and_gates_are_adjusted_by_their_own_ids() -> None:
    rule = written(f"{CORE}admission: {{id: entry, take: x/d}}\n")
    award = compiled(rule, KNOWN)
    admission: CompiledAward | None = award.admission
    assert admission is not None
    who = learner(adjusted=(adjust("waive", "entry"),))
    assert decide([admission], who, TODAY).now.standings[0].met
    assert not decide([award], who, TODAY).now.standings[0].met


def test_readings_are_kept_by_what_was_decided_and_never_without_end() -> None:
    award = compiled(written(CORE), KNOWN)

    def verdict_at(amount: int) -> Verdict:
        decided = adjust("adjust-quantity", "wide", amount=amount)
        return decide([award], learner(adjusted=(decided,)), TODAY)

    for amount in range(MOST_BOUND + 5):
        assert verdict_at(amount).pool.awards[0].root.of == (8 + amount) * 1000
    assert 0 < len(award.bound) <= MOST_BOUND
    assert verdict_at(1).pool.awards[0] is verdict_at(1).pool.awards[0]
