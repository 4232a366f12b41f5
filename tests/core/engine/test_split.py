"""Parts that have nothing to do with each other, and what ties them together."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from app.core.engine import exact, search, small
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled
from app.core.engine.evaluate import Allocation
from app.core.engine.exact import Found
from app.core.engine.posing import pose
from app.core.engine.problem import Problem
from app.core.engine.quick import quickest
from app.core.engine.split import Divided, divide
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.record import Achievement
from app.core.model.requirement import NO_QUALIFIERS, Bound, Group, Qualifiers
from app.core.model.rule import SharedWith, Sharing
from app.core.model.selector import EVERYTHING
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    credits_from,
    every,
    held,
    judged,
    record,
    rule,
    tagged,
)

KNOWN = catalogue(
    *(credential(f"{tag}{at}", size, tag) for tag in "xy" for at, size in enumerate((7, 6, 5)))
)
HELD = tuple(held(f"{tag}{at}") for tag in "xy" for at in range(3))
FOUR = [credits_from(f"{tag}-{at}", 9, tagged(tag)) for tag in "xy" for at in (1, 2)]


def divided(*awards: CompiledAward, holding: tuple[Achievement, ...] = HELD) -> Divided:
    problem = pose(pooled(awards, record(*holding), TODAY), "planned")
    return divide(problem, quickest([problem])[0])


def parts(*awards: CompiledAward, holding: tuple[Achievement, ...] = HELD) -> list[int]:
    """The slots of each part."""
    return [part.slots for part in divided(*awards, holding=holding).parts]


def one(said: Qualifiers = NO_QUALIFIERS, known: Catalogue = KNOWN) -> CompiledAward:
    return compiled(rule(every(*FOUR), whole=said), known)


def limit(amount: int, measure: Literal["credits", "choose"] = "credits") -> Bound:
    return Bound(id="b", title="B", measure=measure, amount=amount, selector=EVERYTHING)


def test_leaves_that_compete_for_an_achievement_are_one_part_and_others_another() -> None:
    assert parts(one()) == [0b0011, 0b1100]


def test_slots_for_which_nothing_is_eligible_are_in_no_part() -> None:
    assert parts(one(), holding=HELD[:3]) == [0b0011]


def test_leaves_that_share_are_parts_of_their_own_but_not_for_what_is_unfinished() -> None:
    sharing = [replace(leaf, shares_with=("*",)) for leaf in FOUR]
    award = compiled(rule(every(*sharing)), KNOWN)
    assert parts(award) == [1, 2, 4, 8]
    running = (*HELD[:5], held("y2", status="in-progress"))
    assert parts(award, holding=running) == [1, 2, 0b1100]


def test_a_choice_is_one_part_for_its_progress_is_not_a_sum() -> None:
    root = Group(id="some", title="Some", parts=tuple(FOUR), need=2)
    assert parts(compiled(rule(root), KNOWN)) == [0b1111]


@pytest.mark.parametrize(("amount", "together"), [(36_000, False), (35_000, True)])
def test_a_cap_ties_parts_together_only_where_it_may_bind(amount: int, *, together: bool) -> None:
    whole = Qualifiers(at_most=(limit(amount),))
    assert parts(one(whole)) == ([0b1111] if together else [0b0011, 0b1100])


def test_a_floor_that_is_as_good_as_can_be_is_left_aside() -> None:
    leaves = [choose(tag, 1, tagged(tag)) for tag in "xy"]
    floor = Qualifiers(at_least=(limit(15_000),))
    short = divided(compiled(rule(every(*leaves), whole=floor), KNOWN))
    assert ([part.slots for part in short.parts], short.aside) == ([0b11], ({},))
    ample = divided(one(Qualifiers(at_least=(limit(2, "choose"),))))
    assert ([part.slots for part in ample.parts], len(ample.aside[0])) == ([0b0011, 0b1100], 1)


def test_awards_that_share_nothing_are_tied_by_what_both_want() -> None:
    first, second = (compiled(rule(every(*FOUR), award=name), KNOWN) for name in "pq")
    assert parts(first, second) == [0b0011_0011, 0b1100_1100]
    free = Sharing(shared_with=())
    open_to = [
        compiled(rule(every(*FOUR), award=name, sharing=free), KNOWN, double_count="free")
        for name in "pq"
    ]
    assert parts(*open_to) == [0b0011, 0b1100, 0b0011_0000, 0b1100_0000]


def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every part go to the exact path; the slots of those that did."""
    monkeypatch.setattr(small, "MOST_LOOKS", 0)
    gone: list[int] = []
    solve = exact.solve_exactly

    def noting(problem: Problem, known: Allocation, left: float, wanted: object = None) -> Found:
        gone.append(sum(1 << at for at, mask in enumerate(problem.eligible) if mask))
        return solve(problem, known, left, wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "solve_exactly", noting)
    return gone


def test_each_part_is_searched_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = searched(monkeypatch)
    answer = judged([one()], *HELD).now
    assert gone == [0b0011, 0b1100]
    assert (answer.proven, answer.standings[0].reached) == (True, 32_000)


def test_what_one_part_rules_out_is_nothing_for_another_to_give_anything_up_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first part can have its floor or two optional leaves, the other can never be whole."""
    gone = searched(monkeypatch)
    known = catalogue(
        *(
            credential(f"x{at}", size, "x", level=level)
            for at, (size, level) in enumerate(((6, 6), (3, 7), (3, 7)))
        ),
        *(credential(f"y{at}", size, "y") for at, size in enumerate((7, 6, 5))),
    )
    assert gone == []
    root = every(
        choose("deep", 1, tagged("x"), Qualifiers(at_least=(limit(6_000),))),
        replace(choose("own", 1, tagged("x")), optional=True),
        *FOUR[2:],
    )
    answer = judged([compiled(rule(root), known)], *(held(name) for name in known.credentials)).now
    assert answer.proven
    assert not answer.standings[0].met
    assert answer.standings[0].leaf_met[:2] == (True, True)


@pytest.mark.parametrize(("most", "together"), [(2, False), (1, True)])
def test_what_two_awards_may_share_ties_parts_together_only_where_it_may_bind(
    most: int, *, together: bool
) -> None:
    leaves = [choose(tag, 1, tagged(tag)) for tag in "xy"]
    awards = [
        compiled(
            rule(every(*leaves), award=own, sharing=Sharing(shared_with=(shared(other, most),))),
            KNOWN,
        )
        for own, other in ("pq", "qp")
    ]
    holding = (held("x0"), held("y0"))
    apart = [0b01, 0b10, 0b0100, 0b1000]
    assert parts(*awards, holding=holding) == ([0b1111] if together else apart)
    answer = judged(awards, *holding).now
    assert [standing.met for standing in answer.standings] == [True, not together]


def shared(award: str, most: int) -> SharedWith:
    return SharedWith(award=CredentialId(award), measure="choose", amount=most)


def test_what_an_award_asks_for_as_a_whole_adds_to_it_even_where_it_is_optional() -> None:
    root = Group(id="some", title="Some", parts=tuple(FOUR[:2]), need=2, optional=True)
    award = compiled(rule(root, whole=Qualifiers(at_least=(limit(1, "choose"),))), KNOWN)
    assert judged([award], *HELD).now.standings[0].reached == 16_000
