"""Order: what comes too early counts nowhere beside what it should have followed, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.core.explain.audits import audit_record
from app.core.model.record import Achievement, Milestone
from app.core.model.requirement import MilestoneStep, Requirement
from tests.core.engine.builders import TODAY, choose, compiled, every, held, record, rule, tagged
from tests.core.explain.saying import KNOWN, audited, reasons, why

FIRST = choose("first", 1, tagged("core"))
THEN = replace(choose("then", 1, tagged("other")), after=("first",))
STEP = MilestoneStep(id="step", title="Approval", milestone="approval")
MARCH, APRIL, MAY = (date(2025, month, 1) for month in (3, 4, 5))


def counting(root: Requirement, *achievements: Achievement) -> set[str]:
    audit = audited(root, *achievements)
    return {each.achievement for one in audit.requirements for each in one.now.counts}


def test_what_begins_on_the_day_the_first_was_completed_comes_after_it() -> None:
    taken = held("a", earned=MARCH), held("x", started=MARCH, earned=MAY)
    assert counting(every(FIRST, THEN), *taken) == {"a", "x"}


def test_what_began_before_is_told_what_it_should_have_followed() -> None:
    taken = held("a", earned=APRIL), held("x", started=MARCH, earned=MAY)
    audit = audited(every(FIRST, replace(THEN, optional=True)), *taken)
    assert why(audit, "x") == (
        "out-of-order: It was begun on 1 March 2025, before A was completed on 1 April 2025."
    )
    assert reasons(audit, "then")[1] == (
        "held-back: X would match: it was begun on 1 March 2025, before A was completed on "
        "1 April 2025."
    )


def test_what_was_completed_late_is_told_what_follows_it() -> None:
    taken = held("a", earned=APRIL), held("x", started=MARCH, earned=MAY)
    audit = audited(every(replace(FIRST, optional=True), THEN), *taken)
    assert why(audit, "a") == (
        "out-of-order: It was completed on 1 April 2025, and X, which is to come after it, was "
        "begun on 1 March 2025."
    )


def test_another_first_one_that_is_early_enough_makes_room() -> None:
    taken = held("a", earned=MAY), held("b", earned=MARCH), held("x", earned=APRIL)
    assert counting(every(FIRST, THEN), *taken) == {"b", "x"}


def test_an_earned_one_without_a_day_shows_no_order() -> None:
    first = replace(FIRST, optional=True)
    undated, dated = held("x", earned=None), held("x", earned=MAY)
    late = audited(every(first, THEN), held("a", earned=MARCH), undated)
    assert why(late, "a") == "out-of-order: X comes after it and has no day that shows so."
    early = audited(every(FIRST, replace(THEN, optional=True)), held("a", earned=None), dated)
    assert why(early, "x") == "out-of-order: It has to come after A, which has no day."
    nowhere = audited(every(FIRST, replace(THEN, optional=True)), held("a"), undated)
    assert why(nowhere, "x") == "no-day: The day on which it was earned is not recorded."


def test_a_milestone_that_is_named_has_to_be_recorded_first() -> None:
    root = every(STEP, replace(THEN, after=("step",)))
    award, taken = compiled(rule(root), KNOWN), record(held("x", started=MARCH, earned=MAY))
    (before,) = audit_record([award], taken, TODAY)
    assert why(before, "x") == (
        "out-of-order: It has to come after Approval, which is not recorded."
    )
    dated = replace(taken, milestones=(Milestone(name="approval", on=APRIL),))
    (late,) = audit_record([award], dated, TODAY)
    assert why(late, "x") == (
        "out-of-order: It was begun on 1 March 2025, before Approval was recorded on 1 April 2025."
    )
    assert reasons(late, "then")[1].startswith("not-admitted: X does not count toward it: it was")
    dated = replace(taken, milestones=(Milestone(name="approval", on=MARCH),))
    assert audit_record([award], dated, TODAY)[0].now.met


def test_nothing_is_offered_that_would_come_too_late() -> None:
    audit = audited(every(FIRST, THEN), held("x", earned=MARCH))
    assert {one.id: one.fills for one in audit.requirements}["first"] == ()
