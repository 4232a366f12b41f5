"""The smallest conflict: what competes is named, what is only short is not."""

from __future__ import annotations

from dataclasses import replace

from app.core.engine.compiled import LeafBranch
from app.core.engine.conflict import Conflict, smallest_conflict, without
from app.core.engine.decide import Verdict
from app.core.engine.problem import CapLimit
from app.core.model.requirement import Bound, Qualifiers, Requirement
from app.core.model.selector import Selector
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
    take,
)

KNOWN = catalogue(
    credential("a", 4, "core", "free"),
    credential("b", 4, "free"),
    credential("c", 4, "other"),
    credential("d", 4, "rare"),
)


def verdict(root: Requirement, *names: str, whole: Qualifiers | None = None) -> Verdict:
    edition = rule(root, whole=whole or Qualifiers())
    return judged([compiled(edition, KNOWN)], *(held(name) for name in names))


def named(conflict: Conflict | None, judgement: Verdict) -> list[str]:
    assert conflict is not None
    award = judgement.pool.awards[0]
    return [
        award.leaves[one.branch.leaf].node.id
        if isinstance(one.branch, LeafBranch)
        else award.conditions[one.condition or 0].id
        for one in conflict.demands
    ]


def test_requirements_that_compete_for_one_achievement_are_named_and_no_others() -> None:
    parts = (
        choose("other", 1, tagged("other")),
        take("core", "a"),
        choose("free", 2, tagged("free")),
    )
    found = verdict(every(*parts), "a", "b", "c")
    conflict = smallest_conflict(found.planned, 0)
    assert named(conflict, found) == ["core", "free"]
    assert conflict is not None
    assert (conflict.limits, conflict.minimal) == ((), True)
    # Of twelve credits' worth for the two, eight can be reached; only one serves both.
    assert (conflict.reached, conflict.of, conflict.items.bit_count()) == (8000, 12000, 1)


def test_what_is_short_by_itself_is_in_no_conflict() -> None:
    parts = (take("rare", "d"), take("core", "a"), choose("free", 1, tagged("free")))
    assert smallest_conflict(verdict(every(*parts), "a", "b").planned, 0) is None
    # What competes is told though something else is short as well.
    found = verdict(every(*parts), "a")
    assert named(smallest_conflict(found.planned, 0), found) == ["core", "free"]


def test_what_is_met_has_no_conflict() -> None:
    assert smallest_conflict(verdict(take("core", "a"), "a").planned, 0) is None


def test_a_cap_belongs_to_the_conflict_where_it_is_needed_for_it() -> None:
    cap = Bound(id="cap", title="Cap", measure="choose", amount=1, selector=tagged("free"))
    unused = Bound(id="unused", title="Unused", measure="choose", amount=3, selector=Selector())
    parts = (take("core", "a"), choose("free", 1, tagged("free")))
    found = verdict(every(*parts), "a", "b", whole=Qualifiers(at_most=(cap, unused)))
    conflict = smallest_conflict(found.planned, 0)
    assert named(conflict, found) == ["core", "free"]
    assert conflict is not None
    assert [one.cap.id for one in conflict.limits if isinstance(one, CapLimit)] == ["cap"]


def test_a_floor_of_the_award_competes_with_what_fills_its_room() -> None:
    floor = Bound(
        id="floor", title="Floor", measure="credits", amount=4000, selector=tagged("rare")
    )
    cap = Bound(id="cap", title="Cap", measure="credits", amount=4000, selector=Selector())
    root = every(take("core", "a"), credits_from("more", 0, Selector()))
    whole = Qualifiers(at_least=(floor,), at_most=(cap,))
    found = verdict(root, "a", "d", whole=whole)
    assert named(smallest_conflict(found.planned, 0), found) == ["core", "floor"]


def test_what_only_looks_at_what_counts_elsewhere_competes_with_nothing() -> None:
    looking = replace(choose("looking", 1, tagged("free")), counted_in=("core",))
    found = verdict(every(take("core", "a"), looking, choose("free", 2, tagged("free"))), "a", "b")
    assert named(smallest_conflict(found.planned, 0), found) == ["core", "free"]
    found = verdict(every(take("core", "c"), looking), "a", "c")
    assert smallest_conflict(found.planned, 0) is None


def test_what_is_left_out_is_no_more_than_can_be() -> None:
    # Met without 3 or without both 5 and 6: nothing else matters.
    def can(left: object) -> bool:
        assert isinstance(left, list)
        return not (3 in left and (5 in left or 6 in left))

    assert without(range(40), can) == ([3, 5], True)
    assert without(range(4), lambda _: None) == ([0, 1, 2, 3], False)
