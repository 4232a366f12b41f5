"""Parts in which every placement is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.engine import exact, search, small
from app.core.engine.decide import AnswerVerdict
from app.core.model.record import Achievement
from app.core.model.requirement import Average, Pair, Qualifiers, Requirement
from app.core.model.selector import EVERYTHING
from tests.core.engine.builders import (
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
)

KNOWN = catalogue(*(credential(f"c{n}", size, "x") for n, size in enumerate((7, 6, 5))))
TWO = (credits_from("one", 9, tagged("x")), credits_from("two", 9, tagged("x")))


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to the exact path."""
    gone: list[str] = []
    solve = exact.solve_exactly

    def noting(*args: object) -> object:
        gone.append("searched")
        return solve(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "solve_exactly", noting)
    return gone


def answered(root: Requirement, *achievements: Achievement) -> AnswerVerdict:
    everything = achievements or tuple(held(name) for name in KNOWN.credentials)
    return judged([compiled(rule(root), KNOWN)], *everything).planned


def test_what_is_small_needs_no_search(searches: list[str]) -> None:
    answer = answered(every(*TWO))
    assert (answer.method, answer.proven, searches) == ("search", True, [])
    assert answer.standings[0].reached == 16_000


def test_a_slot_is_left_with_nothing_that_it_can_do_without() -> None:
    answer = answered(every(*TWO))
    for place, slot in enumerate(answer.problem.slots):
        amounts = [
            answer.problem.amounts[0][at] for at in range(3) if answer.allocation[place] >> at & 1
        ]
        assert sum(amounts) - min(amounts) < slot.demand


def test_what_is_unfinished_counts_as_seldom_as_can_be() -> None:
    achievements = [held("c0", status="planned"), held("c1", status="planned"), held("c2")]
    answer = answered(every(*TWO), *achievements)
    assert (answer.standings[0].reached, answer.level.planned) == (16_000, -13_000)


def test_averages_go_to_the_exact_path(searches: list[str]) -> None:
    low = Average(id="mean", title="Mean", low=3500, selector=EVERYTHING)
    mean = choose("mean", 2, tagged("x"), Qualifiers(averages=(low,)))
    answered(every(mean, *TWO), *(held(f"c{n}", grade) for n, grade in enumerate("ABC")))
    assert searches != []


def test_pairs_go_to_the_exact_path(searches: list[str]) -> None:
    edition = rule(every(*TWO))
    pair = Pair(credentials=tuple(list(KNOWN.credentials)[:2]))
    award = compiled(replace(edition, pairs=(pair,)), KNOWN)
    judged([award], *(held(name) for name in KNOWN.credentials))
    assert searches != []


def test_what_would_need_too_many_looks_goes_to_the_exact_path(
    searches: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "MOST_LOOKS", 3)
    assert answered(every(*TWO)).standings[0].reached == 16_000
    assert searches == ["searched"]
