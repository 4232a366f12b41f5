"""What an award needs at least where whatever is held stands in one slot, and whole."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from app.core.engine.compiled import CompiledAward
from app.core.model.record import AchievementId, LearnerRecord
from app.core.search.near_index import Bounds
from app.core.search.nearest import MOST_TAKEN, Ranking
from app.core.search.offers import offers_of
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, held, record, written
from tests.core.search.test_completion import cheapest

KNOWN = catalogue(
    credential("x/a", 4, "core", "extra"),
    credential("x/b", 3, "core", "extra"),
    credential("x/c", 2, "core", "extra"),
    credential("x/d", 3, "extra"),
    credential("x/e", 1, "core"),
)
BOTH = """\
  all:
    - {credits: 5, from: {tag: core}}
    - {credits: 4, from: {tag: extra}}
"""
SMALL = """\
  all:
    - {credits: 2, from: {tag: core}}
    - {credits: 2, from: {tag: extra}}
"""
CHOICE = """\
  all:
    - {credits: 5, from: {tag: core}}
    - some:
        choose: 1
        of:
          - {credits: 4, from: {tag: extra}}
          - {choose: 2, from: {tag: extra}}
"""


def least(award: CompiledAward, who: LearnerRecord, *, close: bool) -> int | None:
    """The least credits that are known to be needed."""
    found = Bounds(Ranking("credits").index, who, TODAY).least(award, close=close)
    return None if found is None else found // MOST_TAKEN


def test_what_is_held_stands_whole_in_one_place() -> None:
    award, who = compiled(written(SMALL), KNOWN), record(held("x/a"))
    # Its 4 credits were enough for 2 and 2.
    assert least(award, who, close=False) == 0
    assert least(award, who, close=True) == 2000 == cheapest(award, who)


def test_a_close_bound_is_never_above_the_best_completion_and_at_times_above_a_rough_one() -> None:
    random, above = Random(1), 0
    for rule in (BOTH, SMALL, CHOICE):
        award = compiled(written(rule), KNOWN)
        for _ in range(12):
            taken = random.sample(sorted(offers_of(award)), random.choice((1, 2, 3)))
            who = record(*map(held, taken))
            rough, close = (least(award, who, close=one) for one in (False, True))
            best = cheapest(award, who)
            if close is None:
                assert best is None
                continue
            assert rough is not None
            assert best is None or rough <= close <= best
            above += close > rough
    assert above


def test_what_is_held_twice_may_stand_in_two_places() -> None:
    award = compiled(written(BOTH), KNOWN, retakes="each")
    who = record(held("x/a"), replace(held("x/a"), id=AchievementId("again")))
    assert cheapest(award, who) == 1000
    assert least(award, who, close=True) in {0, 1000}
