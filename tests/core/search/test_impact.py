"""What a change of a rule does to a learner, told from two decisions."""

from __future__ import annotations

import pytest

from app.core.engine import exact, small
from app.core.engine.certify import certify
from app.core.engine.decide import decide
from app.core.explain.difference import difference
from app.core.model.record import Achievement
from app.core.model.requirement import Requirement
from app.core.search.impact import (
    Impact,
    Judged,
    Refusal,
    count_changes,
    impact_in_full,
    impact_of,
    impact_on,
)
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    compiled,
    credential,
    credits_from,
    every,
    held,
    record,
    rule,
    tagged,
)

KNOWN = catalogue(
    credential("a", 4, "core"),
    credential("b", 4, "elective"),
    credential("c", 4, "elective"),
    credential("d", 4, "core", "elective"),
)
CORE = credits_from("core", 4, tagged("core"))
OLD = every(CORE, credits_from("electives", 4, tagged("elective")))


def impact(new: Requirement, *achievements: Achievement, old: Requirement = OLD) -> Impact:
    awards = [compiled(rule(root, total=8), KNOWN) for root in (old, new)]
    return impact_on(awards[0], awards[1], record(*achievements), TODAY)


def test_a_lower_demand_completes_and_a_higher_one_takes_it_back() -> None:
    lower = every(CORE)
    found = impact(lower, held("a"))
    assert found.changes == ("completed", "in-sight", "nearer")
    back = impact(OLD, held("a"), old=lower)
    assert back.changes == ("no-longer-complete", "out-of-sight", "farther")
    assert isinstance(back.before, Judged)
    assert isinstance(back.after, Judged)
    assert [(one.reached, one.of, one.missing) for one in (back.before, back.after)] == [
        (4000, 4000, 0),
        (4000, 8000, 4000),
    ]


def test_what_is_planned_may_come_into_sight_alone() -> None:
    more = every(CORE, credits_from("electives", 8, tagged("elective")))
    planned = held("b", earned=None, status="planned")
    found = impact(more, held("a"), planned)
    assert found.changes == ("out-of-sight", "farther")
    assert impact(OLD, held("a"), planned, old=more).changes == ("in-sight", "nearer")


def test_what_need_not_move_stays() -> None:
    renamed = every(CORE, credits_from("options", 4, tagged("elective")))
    found = impact(renamed, held("a"), held("b"))
    assert (found.changes, found.moved) == (("moved",), ("b",))
    # Both could stand in either place: each stays where it was.
    turned = every(*OLD.parts[::-1])
    assert impact(turned, held("d"), held("b")).changes == ()
    both = every(
        credits_from("core", 4, tagged("core", "elective")),
        credits_from("electives", 4, tagged("core", "elective")),
    )
    assert impact(both, held("a"), held("d")).changes == ()


def test_parts_in_another_order_move_nothing() -> None:
    awards = [
        compiled(rule(every(*parts), total=8), KNOWN) for parts in (OLD.parts, OLD.parts[::-1])
    ]
    before, after, found = impact_in_full(awards[0], awards[1], record(held("a")), TODAY)
    assert found == difference(before, after)
    assert (found.placements, found.text) == ((), "")


def test_what_cannot_be_judged_is_not_compared_and_says_why() -> None:
    found = impact(every(CORE), held("z"))
    assert found.changes == ("not-audited",)
    assert found.before == found.after
    assert isinstance(found.before, Refusal)
    assert found.before.code == "unknown-credential"
    assert "the catalogue has no credential `z`" in found.before.text


def test_what_is_not_proven_is_decided_as_audits_decide_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "LIMIT", 1e-9)
    monkeypatch.setattr(small, "MOST_LOOKS", 0)
    sizes = {f"c{n}": size for n, size in enumerate((7, 6, 5))}
    known = catalogue(*(credential(name, size, "x") for name, size in sizes.items()))
    parts = (credits_from("one", 9, tagged("x")), credits_from("two", 9, tagged("x")))
    alone = every(credits_from("two", 9, tagged("x")))
    old, new = (compiled(rule(root, total=18), known) for root in (alone, every(*parts)))
    own = record(held("c0"), held("c1"), held("c2", earned=None, status="planned"))
    freely = certify(decide([new], own, TODAY)).parts[0].placements
    assert {one.requirement for one in freely} == {"one"}
    _, after, full = impact_in_full(old, new, own, TODAY)
    assert not after.planned.proven
    found = impact_on(old, new, own, TODAY)
    assert isinstance(found.after, Judged)
    assert not found.after.proven
    assert found.after.reached == after.now.progress.reached
    assert (found.moved, full.placements) == ((), ())


def judged(*, met: bool, proven: bool = True) -> Judged:
    return Judged(
        met=met, reached=CORE_CREDITS, of=CORE_CREDITS, planned=met, proven=proven, places={}
    )


CORE_CREDITS = KNOWN.credentials[next(iter(KNOWN.credentials))].credits


def test_everybody_is_counted_once_and_each_change_by_itself() -> None:
    met, unmet = judged(met=True), judged(met=False, proven=False)
    refused = Refusal("no", "it cannot be")
    found = count_changes(
        impact_of(*pair)
        for pair in ((met, met), (met, unmet), (unmet, met), (refused, met), (met, refused))
    )
    assert found == {
        "learners": 5,
        "unchanged": 1,
        "completed": 1,
        "no-longer-complete": 1,
        "in-sight": 1,
        "out-of-sight": 1,
        "not-audited": 2,
        "complete_before": 2,
        "complete_after": 2,
        "unproven": 2,
    }


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_refusal_on_either_side_leaves_nothing_to_compare(side: str) -> None:
    refused, fine = Refusal("no", "it cannot be"), judged(met=True)
    found = impact_of(refused, fine) if side == "before" else impact_of(fine, refused)
    assert (found.changes, found.moved) == (("not-audited",), ())
