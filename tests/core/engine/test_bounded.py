"""Rules built to hurt: bounded work, the best answer so far, and how far it may be from the best.

Work is counted in moves and terms, not in seconds.
"""

from __future__ import annotations

import pytest

from app.core.engine import exact, fitting
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict
from app.core.engine.evaluate import scope
from app.core.engine.limits import terms
from app.core.model.catalogue import Catalogue
from app.core.model.requirement import Bound, Group, Qualifiers, Requirement
from app.core.model.selector import EVERYTHING
from tests.core.engine.builders import (
    catalogue,
    compiled,
    credential,
    credits_from,
    every,
    held,
    judged,
    rule,
    tagged,
)

SIZES = ("2.5", "3.5", "4.5", "1.5", 5)
ACHIEVEMENTS = 120


def everywhere() -> Catalogue:
    """120 credentials that count toward whatever asks for x."""
    return catalogue(*(credential(f"c{n}", SIZES[n % 5], "x") for n in range(ACHIEVEMENTS)))


def audited(root: Requirement, whole: Qualifiers | None = None) -> AnswerVerdict:
    """What a learner who holds all of it comes to."""
    award: CompiledAward = compiled(rule(root, whole=whole or Qualifiers()), everywhere())
    return judged([award], *(held(f"c{n}") for n in range(ACHIEVEMENTS))).now


def cap(name: str, amount: int) -> Bound:
    return Bound(id=name, title=name, measure="credits", amount=amount, selector=EVERYTHING)


def counted_once(answer: AnswerVerdict) -> bool:
    """Whether no achievement stands in two slots."""
    inside = scope(answer.allocation, answer.problem.whole[0])
    return sum(mask.bit_count() for mask in answer.allocation) == inside.bit_count()


def test_two_thousand_leaves_that_all_want_the_same_are_answered_without_a_search() -> None:
    leaves = (credits_from(f"l{n}", 4, tagged("x")) for n in range(2000))
    answer = audited(every(*leaves))
    assert terms(answer.problem) > exact.MOST_TERMS
    assert counted_once(answer)
    assert not answer.proven
    # Everything that is held may be needed; the answer says how much of it found no use.
    supply = sum(answer.problem.amounts[0])
    assert supply * 3 // 4 < answer.standings[0].reached < supply
    assert answer.gap(0) == supply - answer.standings[0].reached


def test_caps_that_contradict_what_is_asked_leave_nothing_to_search() -> None:
    leaves = (
        credits_from(f"l{n}", 4, tagged("x"), Qualifiers(at_most=(cap(f"c{n}", 1000),)))
        for n in range(500)
    )
    nothing = Qualifiers(at_most=tuple(cap(f"w{n}", 1000 * n) for n in range(5)))
    answer = audited(every(*leaves), nothing)
    assert (answer.standings[0].reached, answer.proven, answer.method) == (0, True, "bounds")


def test_groups_sixty_deep_each_with_a_cap_are_answered_without_a_search() -> None:
    node: Requirement = credits_from("leaf", 4, tagged("x"))
    for depth in range(60):
        beside = credits_from(f"beside{depth}", 4, tagged("x"))
        node = Group(
            id=f"g{depth}",
            title=f"g{depth}",
            parts=(node, beside),
            need=1 if depth % 2 else None,
            qualifiers=Qualifiers(at_most=(cap(f"cap{depth}", 50_000 + depth),)),
        )
    answer = audited(node)
    assert terms(answer.problem) > exact.MOST_TERMS
    assert counted_once(answer)
    assert not answer.proven
    assert answer.gap(0) > 0


def test_what_is_tried_for_an_allocation_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_TRIES", 50)
    answer = audited(every(*(credits_from(f"l{n}", 4, tagged("x")) for n in range(200))))
    assert 0 < sum(mask.bit_count() for mask in answer.allocation) <= 50
    assert counted_once(answer)
