"""The price of a forced placement, and what becomes of wishes, in data and in words."""

from __future__ import annotations

import pytest

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit, Price
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import Achievement, AchievementId
from app.core.model.requirement import Average, Qualifiers, Requirement
from app.core.model.rule import SharedWith, Sharing
from app.core.model.wish import Wanted, Wish
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
from tests.core.explain.saying import wished, wishing

KNOWN = catalogue(
    credential("stats", 10, "core", "elective"),
    credential("logic", 10, "core"),
    credential("ethics", 10, "elective"),
    credential("law", 10, "elective"),
    credential("spare", 10, "spare"),
)
CORE = credits_from("core", 10, tagged("core"))
ELECTIVES = credits_from("electives", 20, tagged("elective"))
PROGRAMME = every(CORE, ELECTIVES)


def moving(
    achievement: str, requirement: str, *holding: Achievement, root: Requirement = PROGRAMME
) -> Audit:
    forced = Wish(AchievementId(achievement), requirement)
    award = compiled(rule(root), KNOWN)
    return audit_record([award], record(*holding), TODAY, (), Wanted(forced=forced))[0]


def price(audit: Audit) -> Price:
    assert audit.price is not None
    return audit.price


def test_a_move_tells_what_it_costs_and_what_is_then_not_met() -> None:
    audit = moving("stats", "core", held("stats"), held("logic"), held("ethics"))
    told = price(audit)
    assert told.reason.text == (
        "Moving STATS to Core costs 10 au in Electives, and Electives and P are then not met."
    )
    (loss,) = told.losses
    assert (loss.requirement, loss.amount, loss.met) == ("electives", 10_000, False)
    assert (told.costs, told.moved, told.answer) == (10_000, ("logic",), "now")
    assert told.reason.text in audit.text
    assert audit.certificate.parts[0].forced == (("p", "core", "stats"),)


def test_a_move_that_costs_nothing_says_what_else_moves() -> None:
    several = [held(name) for name in ("stats", "logic", "ethics", "law")]
    away = moving("stats", "electives", *several)
    assert price(away).reason.text.startswith("Moving STATS to Electives costs nothing")
    assert price(away).costs == 0
    there = moving("stats", "core", *several)
    assert price(there).reason.text.startswith("Moving STATS to Core costs nothing")
    assert away.now.met
    assert there.now.met


def test_only_what_has_to_move_moves() -> None:
    root = every(
        choose("core", 1, tagged("core")),
        choose("one", 1, tagged("elective")),
        choose("two", 1, tagged("elective")),
    )
    several = [held(name) for name in ("stats", "logic", "ethics", "law")]
    free = audit_record([compiled(rule(root), KNOWN)], record(*several), TODAY)[0]
    places = {one.achievement: one.requirement for one in free.certificate.parts[0].placements}
    target = "two" if places[AchievementId("ethics")] == "one" else "one"
    told = price(moving("ethics", target, *several, root=root))
    assert told.moved == ("law",)
    assert told.reason.text.endswith("costs nothing: LAW moves.")


def test_what_is_spent_early_is_a_price_too() -> None:
    planned = held("law", status="planned", earned=None)
    root = every(credits_from("electives", 10, tagged("elective")))
    told = price(moving("law", "electives", held("ethics"), planned, root=root))
    assert told.answer == "planned"
    assert told.reason.text == ("Moving LAW to Electives costs 10 au more of what is planned.")


@pytest.mark.parametrize(
    ("achievement", "requirement", "why"),
    [
        (
            "ethics",
            "core",
            "`ethics` cannot count toward `core` of `p`: it does not match Core: tag is elective",
        ),
        (
            "ethics",
            "nowhere",
            "`ethics` cannot count toward `nowhere` of `p`: this edition has no requirement",
        ),
        ("law", "core", "`law` cannot count toward `core` of `p`: the record has no law"),
        (
            "failed",
            "core",
            "`failed` cannot count toward `core` of `p`: what is failed does not count",
        ),
    ],
)
def test_what_cannot_count_there_is_refused_with_the_reason(
    achievement: str, requirement: str, why: str
) -> None:
    failed = Achievement(
        id=AchievementId("failed"), credential=CredentialId("logic"), status="failed"
    )
    with pytest.raises(AuditError) as refused:
        moving(achievement, requirement, held("ethics"), failed)
    assert refused.value.code == "cannot-move"
    assert str(refused.value).startswith(why)


def test_a_limit_that_leaves_no_room_is_told() -> None:
    root = every(choose("core", 0, tagged("core")), ELECTIVES)
    with pytest.raises(AuditError, match="under the limits of the rules it cannot count"):
        moving("logic", "core", held("logic"), root=root)


def test_a_joint_move_says_in_which_award_it_costs() -> None:
    sharing = Sharing(
        shared_with=(SharedWith(award=CredentialId("q"), measure="choose", amount=0),)
    )
    one = compiled(rule(every(take("core", "stats")), award="p", sharing=sharing), KNOWN)
    other = compiled(rule(every(take("core", "stats")), award="q"), KNOWN, double_count="free")
    forced = Wish(AchievementId("stats"), "core", CredentialId("q"))
    audits = audit_record([one, other], record(held("stats")), TODAY, (), Wanted(forced=forced))
    assert audits[0].price is None
    assert price(audits[1]).reason.text == (
        "Moving STATS to Core of Q costs 1 in Core of P and brings 1 in Core of Q, and Core of P "
        "and P are then not met."
    )


def test_a_mean_that_is_lost_is_named() -> None:
    whole = Qualifiers(averages=(Average(id="gpa", title="GPA", low=3000),))
    root = every(choose("core", 1, tagged("core")))
    forced = Wish(AchievementId("stats"), "core")
    award = compiled(rule(root, whole=whole), KNOWN)
    low = record(held("stats", "C"), held("logic", "B"))
    audit = audit_record([award], low, TODAY, (), Wanted(forced=forced))[0]
    assert (
        price(audit).reason.text
        == "Moving STATS to Core costs GPA, and GPA and P are then not met."
    )
    assert [(one.requirement, one.measure) for one in price(audit).losses] == [("gpa", "points")]


def test_wishes_are_told_in_the_text_with_their_price() -> None:
    root = every(take("first", "a"), choose("core", 1, tagged("core")))
    audit = wishing(
        root, held("a"), held("b"), held("c"), wishes=(("c", "core"), ("a", "core"), ("x", "core"))
    )
    assert wished(audit) == [
        "",
        "moving: Moving A to Core costs 1 in First, and First and P are then not met.",
        "not-on-record: The record has no x.",
    ]
    assert audit.text.endswith(
        "Wishes\n"
        "  C toward Core: honoured.\n"
        "  A toward Core: moving A to Core costs 1 in First, and First and P are then not met.\n"
        "  x toward Core: the record has no x.\n"
    )
    assert [one.honoured for one in audit.certificate.parts[0].wishes] == [True, False, False]


def test_where_nothing_is_wished_nothing_is_told_of_wishes() -> None:
    audit = wishing(choose("core", 1, tagged("core")), held("a"), wishes=())
    assert (audit.wishes, audit.price) == ((), None)
    assert "Wishes" not in audit.text
