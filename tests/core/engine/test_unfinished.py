"""What is earned counts before what is in progress, and that before what is planned."""

from __future__ import annotations

from dataclasses import replace

from app.core.engine.decide import AnswerVerdict
from app.core.model.record import Achievement
from app.core.model.requirement import Bound, Group, Qualifiers, Requirement
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

KNOWN = catalogue(
    *(credential(name, 4, "core") for name in ("a", "b", "c", "d")),
    *(credential(name, 4, "other") for name in ("w", "x")),
    credential("five", 5, "core"),
)


def running(name: str) -> Achievement:
    return held(name, "", None, "in-progress")


def planned(name: str) -> Achievement:
    return held(name, "", None, "planned")


def asked(root: Requirement, *held: Achievement) -> AnswerVerdict:
    return judged([compiled(rule(root), KNOWN)], *held).planned


def late(answer: AnswerVerdict) -> tuple[int, int, str]:
    """What counts of planned and of running achievements, and how that was shown."""
    return -answer.level.planned, -answer.level.running, answer.method


def test_the_smallest_of_what_is_in_progress_that_is_enough_counts() -> None:
    core = credits_from("core", 8, tagged("core"))
    found = asked(core, held("a"), running("five"), running("b"))
    assert late(found) == (0, 4000, "bounds")


def test_what_is_planned_counts_only_where_what_is_in_progress_is_not_enough() -> None:
    core = choose("core", 2, tagged("core"))
    assert late(asked(core, held("a"), running("b"), planned("c"))) == (0, 4000, "bounds")
    assert late(asked(core, running("b"), planned("c"), planned("d"))) == (4000, 4000, "bounds")


def test_requirements_that_compete_are_bounded_together() -> None:
    two = every(credits_from("core", 8, tagged("core")), credits_from("rest", 8, EVERYTHING))
    found = asked(two, held("a"), held("b"), running("c"), running("w"))
    assert late(found) == (0, 8000, "bounds")


def test_what_has_to_be_met_takes_what_is_unfinished_where_nothing_earned_is_left() -> None:
    # Neither weighs anything, so that only being met speaks for the one in progress.
    one, other = (replace(choose(name, 1, tagged("core")), weight=0) for name in ("one", "other"))
    assert late(asked(every(one, other), held("a"), running("b"))) == (0, 4000, "bounds")
    assert late(asked(every(one, other), running("b"), planned("c"))) == (4000, 4000, "bounds")


def test_in_a_choice_no_more_counts_than_its_parts_need() -> None:
    core, other = choose("core", 2, tagged("core")), choose("other", 1, tagged("other"))
    pick = Group(id="pick", title="Pick", parts=(core, other), need=1)
    found = asked(pick, held("a"), running("b"), planned("c"))
    assert late(found) == (0, 4000, "bounds")


def test_of_parts_that_could_all_be_met_no_more_is_unfinished_than_needed() -> None:
    core, other = choose("core", 1, tagged("core")), choose("other", 1, tagged("other"))
    pick = Group(id="pick", title="Pick", parts=(core, other), need=1)
    # Both parts can be met, and one would be enough for the progress.
    found = asked(pick, held("w"), running("a"), planned("b"))
    assert late(found) == (0, 4000, "bounds")


def test_where_a_cap_trims_the_search_finds_the_least() -> None:
    cap = Bound(id="cap", title="Cap", measure="credits", amount=6000, items="trim")
    core = credits_from("core", 6, tagged("core"), Qualifiers(at_most=(cap,)))
    assert late(asked(core, held("a"), running("b"), planned("c"))) == (0, 2000, "search")
