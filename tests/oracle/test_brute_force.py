"""The oracle itself, on answers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.core.model.credential import CredentialId
from app.core.model.period import Span
from app.core.model.record import Achievement
from app.core.model.requirement import Bound, Group, Qualifiers, Window
from app.core.model.rule import RuleEdition, SharedWith, Sharing
from app.core.model.selector import EVERYTHING
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
from tests.oracle.brute_force import Judgement, judge

KNOWN = catalogue(
    credential("a", 4, "core", "free"),
    credential("b", 4, "free"),
    credential("c", "2.5", "free"),
    credential("d", "1.5", "free"),
)


def found(rules: list[RuleEdition], *achievements: Achievement, **policies: str) -> Judgement:
    """What the oracle says now."""
    said = [{**POLICIES, "double_count": "none", **policies}] * len(rules)
    return judge(rules, KNOWN, said, record(*achievements), TODAY, "now")


def test_the_scarce_one_goes_where_nothing_else_can() -> None:
    core = rule(every(choose("elective", 1, tagged("free")), take("core", "a")))
    best = found([core], held("a"), held("b"))
    assert best.objective == ((True,), 8000, 2, 0, (0, 0))


def test_halves_make_the_sum_exactly() -> None:
    exact = rule(
        every(credits_from("left", 4, tagged("free")), credits_from("right", 4, EVERYTHING))
    )
    best = found([exact], held("a"), held("c"), held("d"))
    assert best.objective[:2] == ((True,), 8000)


def test_the_oldest_is_left_out_of_a_window() -> None:
    window = Qualifiers(windows=(Window(length=Span(1, "year"), anchor="earliest-used"),))
    timed = rule(choose("two", 2, EVERYTHING, window))
    best = found(
        [timed],
        held("a", earned=date(2023, 1, 1)),
        held("b", earned=date(2024, 1, 2)),
        held("c", earned=date(2025, 1, 2)),
    )
    assert {each.one.id for each in best.state[0]} == {"b", "c"}


def test_a_trimming_cap_counts_a_part() -> None:
    cap = Bound(id="cap", title="", measure="credits", amount=5000, items="trim")
    trimmed = rule(credits_from("r", 8, EVERYTHING, Qualifiers(at_most=(cap,))))
    assert found([trimmed], held("a"), held("b")).objective[1] == 5000


def test_parts_of_a_group_bring_equal_shares() -> None:
    parts = (credits_from("big", 8, EVERYTHING), take("small", "c"))
    one_of_them = rule(Group(id="require", title="", parts=parts, need=1))
    best = found([one_of_them], held("a"))
    assert (best.awards[0].reached, best.awards[0].of) == (1250, 2500)


def test_two_awards_share_what_both_allow() -> None:
    leaf = credits_from("r", 4, EVERYTHING)
    free = Sharing(shared_with=(SharedWith(award=CredentialId("q")),))
    first, second = rule(leaf, sharing=free), rule(leaf, award="q")
    assert found([first, second], held("a")).objective[0] == (True, False)
    back = replace(second, sharing=Sharing(shared_with=(SharedWith(award=CredentialId("p")),)))
    assert found([first, back], held("a")).objective[0] == (True, True)
