"""What a rule is for one learner, as the oracle reads it, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.core.model.change import Change
from app.core.model.credential import CredentialId, Fact
from app.core.model.errors import AuditError
from app.core.model.record import Achievement, AchievementId, LearnerRecord, Milestone
from app.core.model.requirement import From, Group, Quantity, Requirement, SharingLimit, When
from app.core.model.selector import (
    EVERYTHING,
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    Holding,
    LearnerFact,
    NotSo,
    OneOf,
    Recorded,
    Selector,
)
from tests.core.engine.builders import (
    POLICIES,
    TODAY,
    catalogue,
    choose,
    credential,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)
from tests.oracle.brute_force import Judgement, judge

KNOWN = catalogue(
    credential("a", 4, "core"), credential("b", 4, "core", "free"), credential("c", 2, "free")
)
DECLARED = Circumstance((Declared(("x/t*",)),))


def who(
    *achievements: Achievement, declared: str = "", attributes: Mapping[str, Fact] | None = None
) -> LearnerRecord:
    return replace(
        record(*achievements),
        declared=(CredentialId(declared),) if declared else (),
        attributes=attributes or {},
        milestones=(Milestone(name="exam", on=date(2026, 1, 1)),),
    )


def found(root: Requirement, learner: LearnerRecord) -> Judgement:
    """What the oracle says now."""
    return judge([rule(root)], KNOWN, [POLICIES], learner, TODAY, "now")


def met(root: Requirement, learner: LearnerRecord) -> bool:
    return found(root, learner).objective[0] == (True,)


def when(then: Requirement, otherwise: Requirement | None = None) -> When:
    return When(id="when", title="", circumstance=DECLARED, then=then, otherwise=otherwise)


def test_the_side_that_applies_stands_in_its_place() -> None:
    by_track = when(take("one", "a"), take("two", "b"))
    assert met(by_track, who(held("a"), declared="x/t1"))
    assert met(by_track, who(held("b")))
    assert not met(by_track, who(held("a")))


def test_an_all_without_any_part_it_needs_is_not_there() -> None:
    gone = every(when(take("one", "a")), replace(take("spare", "b"), optional=True))
    assert met(every(take("two", "c"), gone), who(held("c")))
    assert not met(gone, who(held("b")))
    assert met(Group(id="g", title="", parts=()), who())


def test_a_choice_stays_and_cannot_be_met_with_too_few_parts() -> None:
    choice = Group(id="g", title="", parts=(when(take("one", "a")), take("two", "b")), need=2)
    assert not met(choice, who(held("a"), held("b")))
    assert met(choice, who(held("a"), held("b"), declared="x/t"))


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        (LearnerFact("year", low=2), True),
        (LearnerFact("year", (1,)), False),
        (LearnerFact("keen", (1,)), False),
        (LearnerFact("keen", low=0), False),
        (LearnerFact("lacking", low=0), False),
        (Holding("credits", 8000, tagged("core")), True),
        (Holding("choose", 3, EVERYTHING), False),
        (Holding("choose", 3, Selector((OneOf("status", ("earned", "planned")),))), True),
        (Recorded("exam"), True),
        (Recorded("exam", low=date(2026, 1, 2)), False),
        (NotSo(DECLARED), True),
        (EitherSo((DECLARED, Circumstance((Recorded("exam"),)))), True),
    ],
)
def test_a_circumstance_looks_at_the_learner(test: CircumstanceTest, *, holds: bool) -> None:
    learner = who(
        held("a"),
        replace(held("a"), id=AchievementId("a-2")),
        held("b"),
        held("c", status="planned"),
        attributes={"year": 2, "keen": True},
    )
    asked = When(
        id="when",
        title="",
        circumstance=Circumstance((test,)),
        then=choose("none", 0, EVERYTHING),
        otherwise=choose("many", 9, EVERYTHING),
    )
    assert met(asked, learner) is holds


def test_changes_are_made_in_order_and_the_top_is_never_below() -> None:
    changes = (Change(DECLARED, add=1), Change(Circumstance((NotSo(DECLARED),)), to=3))
    ranged = Quantity("choose", 1, 1, plain=False, changes=changes)
    leaf = From(id="r", title="", quantity=ranged, selector=EVERYTHING)
    assert not met(leaf, who(held("a")))
    assert met(leaf, who(held("a"), held("b"), declared="x/t"))
    assert met(leaf, who(held("a"), held("b"), held("c")))


def test_a_number_of_the_learners_own_is_asked_for() -> None:
    leaf = replace(choose("r", 0, EVERYTHING), quantity=Quantity("choose", 0, fact="terms"))
    assert not met(leaf, who(held("a"), attributes={"terms": 2}))
    assert met(leaf, who(held("a"), attributes={"terms": 1}))
    with pytest.raises(AuditError, match="does not state `terms`"):
        met(leaf, who(held("a"), attributes={"terms": True}))


def test_groups_share_for_what_is_below_them_up_to_an_amount() -> None:
    core = Group(id="core", title="", parts=(take("one", "a"), take("two", "b")))
    again = choose("again", 2, tagged("core"))
    learner = who(held("a"), held("b"))
    assert not met(every(core, again), learner)
    assert met(every(core, replace(again, shares_with=("core",))), learner)
    assert met(every(core, replace(again, shares_with=("*",))), learner)
    one, both = SharingLimit(("core",), "choose", 1), SharingLimit(("core",), "credits", 8000)
    for limit, enough in ((one, False), (both, True)):
        assert met(every(core, replace(again, sharing_limits=(limit,))), learner) is enough


def test_what_only_looks_counts_what_counts_elsewhere() -> None:
    pool, core = choose("pool", 2, EVERYTHING), choose("core", 1, tagged("core"))
    learner = who(held("a"), held("b"), held("c"))
    assert met(every(pool, replace(core, counted_in=("pool",))), learner)
    assert met(every(pool, replace(core, counted_in=("*",))), learner)
    assert not met(every(pool, replace(core, counted_in=("absent",))), learner)
    nowhere = replace(core, id="look", counted_in=("core",))
    assert not met(every(replace(core, counted_in=("pool",)), nowhere, pool), learner)
