"""Wishes, inertia and forced places: they choose among what is equally good, and cost nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.engine import decide as deciding
from app.core.engine import exact
from app.core.engine.certify import certify
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.model.certificate import Certificate, CertificatePart, Placement
from app.core.model.credential import CredentialId
from app.core.model.credits import NOUGHT
from app.core.model.errors import AuditError
from app.core.model.record import Achievement, AchievementId
from app.core.model.requirement import Group, Pair
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

KNOWN = catalogue(
    *(credential(name, 4, "core", "free") for name in ("a", "b", "c")),
    *(credential(name, 4, "free") for name in ("x", "y")),
    credential("small", 2, "free"),
)
ROOT = every(choose("core", 1, tagged("core")), choose("free", 1, tagged("free")))
AWARD = compiled(rule(ROOT), KNOWN)


def wish(achievement: str, requirement: str, award: str | None = None) -> Wish:
    named = CredentialId(award) if award else None
    return Wish(AchievementId(achievement), requirement, named)


def shown(*places: tuple[str, str]) -> Certificate:
    """What an earlier audit placed."""
    placements = tuple(
        Placement(CredentialId("p"), leaf, AchievementId(one), NOUGHT) for one, leaf in places
    )
    return Certificate((CertificatePart("now", (), placements, "none"),))


def verdict(wanted: Wanted, *achievements: Achievement, award: CompiledAward = AWARD) -> Verdict:
    return decide([award], record(*achievements), TODAY, wanted)


def places(found: Verdict) -> set[tuple[str, str]]:
    """Where what counts now counts."""
    return {(one.achievement, one.requirement) for one in certify(found).parts[0].placements}


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the exact path was taken."""
    calls: list[int] = []

    def solve(*known: object) -> object:
        calls.append(1)
        return exact.solve_exactly(*known)  # type: ignore[arg-type]

    monkeypatch.setattr(deciding, "solve_exactly", solve)
    return calls


def test_a_wish_that_costs_nothing_is_honoured(searched: list[int]) -> None:
    several = held("a"), held("b"), held("c")
    for one in ("a", "b", "c"):
        assert (one, "free") in places(verdict(Wanted((wish(one, "free"),)), *several))
    assert searched == []


def test_a_wish_is_never_honoured_at_the_cost_of_the_rules() -> None:
    found = verdict(Wanted((wish("a", "free"),)), held("a"), held("x"))
    assert places(found) == {("a", "core"), ("x", "free")}
    assert (found.now.proven, found.now.settled) == (True, True)


def test_what_was_shown_stays(searched: list[int]) -> None:
    several = held("a"), held("b"), held("x"), held("y")
    for core, free in (("a", "x"), ("b", "y"), ("b", "a"), ("a", "b")):
        earlier = shown((core, "core"), (free, "free"))
        assert places(verdict(Wanted(earlier=earlier), *several)) == {
            (core, "core"),
            (free, "free"),
        }
    assert searched == []


@pytest.mark.parametrize(
    ("demand", "kept"),
    [(8, {"a", "x"}), (9, {"a", "small", "x"}), (10, {"a", "small", "x"}), (4, {"a"})],
)
def test_no_search_is_needed_for_what_has_to_leave_a_smaller_requirement(
    searched: list[int], demand: int, kept: set[str]
) -> None:
    award = compiled(rule(every(credits_from("free", demand, tagged("free")))), KNOWN)
    earlier = shown(("a", "free"), ("small", "free"), ("x", "free"))
    several = held("a"), held("b"), held("small"), held("x")
    found = verdict(Wanted(earlier=earlier), *several, award=award)
    assert {one for one, _ in places(found)} == kept
    assert searched == []


def test_a_wish_goes_before_what_was_shown() -> None:
    earlier = shown(("a", "core"), ("b", "free"))
    found = verdict(Wanted((wish("a", "free"),), earlier), held("a"), held("b"), held("c"))
    assert places(found) in ({("b", "core"), ("a", "free")}, {("c", "core"), ("a", "free")})
    assert ("a", "free") in places(found)


def test_what_was_shown_and_is_gone_is_left_out() -> None:
    earlier = shown(("gone", "core"), ("a", "nowhere"), ("x", "core"), ("y", "free"))
    found = verdict(Wanted(earlier=earlier), held("a"), held("x"), held("y"))
    assert places(found) == {("a", "core"), ("y", "free")}


def test_a_wish_may_name_a_group() -> None:
    either = Group(
        id="either",
        title="Either",
        parts=(choose("one", 1, tagged("free")), choose("two", 1, tagged("core"))),
        need=None,
    )
    award = compiled(rule(every(choose("first", 1, tagged("free")), either)), KNOWN)
    several = held("a"), held("b"), held("x")
    found = verdict(Wanted((wish("x", "either"),)), *several, award=award)
    assert ("x", "one") in places(found)
    assert ("x", "first") in places(verdict(Wanted((wish("x", "first"),)), *several, award=award))


def test_a_wish_may_count_more_than_is_needed_where_more_may_count() -> None:
    ranged = rule(every(credits_from("free", 4, tagged("free"))))
    found = verdict(
        Wanted((wish("small", "free"),)),
        held("a"),
        held("small"),
        award=compiled(ranged, KNOWN),
    )
    # A plain number counts no more than it needs.
    assert places(found) == {("a", "free")}
    both = verdict(
        Wanted((wish("small", "free"),)),
        held("small"),
        held("x"),
        held("y"),
        award=compiled(rule(every(credits_from("free", 10, tagged("free")))), KNOWN),
    )
    assert places(both) == {("small", "free"), ("x", "free"), ("y", "free")}


def test_what_is_forced_counts_there_at_any_cost() -> None:
    found = verdict(Wanted(forced=wish("a", "free")), held("a"), held("x"))
    assert places(found) == {("a", "free")}
    assert not found.now.standings[0].met
    assert found.now.proven


def test_what_cannot_be_forced_is_decided_freely() -> None:
    pairs = (Pair(credentials=(CredentialId("a"), CredentialId("x"))),)
    award = compiled(replace(rule(ROOT), pairs=pairs), KNOWN)
    found = verdict(Wanted(forced=wish("a", "core")), held("a"), held("b"), award=award)
    assert places(found) == {("b", "core")}
    assert (found.now.proven, found.now.settled) == (True, True)


def test_each_answer_keeps_to_its_own_earlier_placement() -> None:
    award = compiled(rule(every(choose("core", 1, tagged("core")), take("x", "x"))), KNOWN)
    several = held("a"), held("b"), held("c", status="planned", earned=None)
    later = Placement(CredentialId("p"), "core", AchievementId("b"), NOUGHT)
    earlier = Certificate(
        (*shown(("a", "core")).parts, CertificatePart("planned", (), (later,), "none"))
    )
    found = certify(verdict(Wanted(earlier=earlier), *several, award=award)).parts
    assert [[one.achievement for one in part.placements] for part in found] == [["a"], ["b"]]


def test_a_wish_of_an_award_that_is_not_audited_is_refused() -> None:
    with pytest.raises(AuditError, match="is about `q`, which is not audited here") as refused:
        verdict(Wanted((wish("a", "core", "q"),)), held("a"))
    assert refused.value.code == "wish-award"
    other = compiled(rule(ROOT, award="other"), KNOWN)
    with pytest.raises(AuditError, match="names no award: name one of `p`, `other`"):
        decide([AWARD, other], record(held("a")), TODAY, Wanted((wish("a", "core"),)))


def test_where_no_search_may_be_made_the_verdict_is_proven_and_the_wish_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "MOST_TERMS", 0)
    found = verdict(Wanted((wish("a", "free"), wish("a", "core"))), held("a"), held("b"))
    assert found.now.standings[0].met
    assert (found.now.proven, found.now.settled, found.now.method) == (True, False, "bounds")
