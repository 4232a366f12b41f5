"""A rule as it is for one learner: circumstances, changes, tracks, and what requirements share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.core.engine.decide import Verdict, decide
from app.core.model.credential import CredentialId, Fact
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord, Milestone
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    certified,
    compiled,
    credential,
    held,
    record,
    written,
)

KNOWN = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 4, "core", "wide"),
    credential("x/c", 4, "wide"),
    credential("x/d", 8, "wide"),
)


def learner(
    *names: str,
    declared: tuple[str, ...] = (),
    attributes: Mapping[str, Fact] | None = None,
    milestones: tuple[Milestone, ...] = (),
) -> LearnerRecord:
    return replace(
        record(*map(held, names)),
        declared=tuple(map(CredentialId, declared)),
        attributes=attributes or {},
        milestones=milestones,
    )


def verdict_of(require: str, who: LearnerRecord) -> Verdict:
    return certified(written(require), KNOWN, who)


def met(require: str, who: LearnerRecord) -> bool:
    return verdict_of(require, who).now.standings[0].met


BY_TRACK = "  {when: {declared: x/t*}, then: {take: x/a}, else: {take: x/b}}"


def test_the_side_that_applies_stands_in_its_place() -> None:
    assert met(BY_TRACK, learner("x/a", declared=("x/t1",)))
    assert not met(BY_TRACK, learner("x/b", declared=("x/t1",)))
    assert met(BY_TRACK, learner("x/b", declared=("x/other",)))


def test_a_part_that_is_not_there_is_not_asked_for() -> None:
    both = "  {all: [{take: x/a}, {when: {declared: x/t}, then: {take: x/b}}]}"
    assert met(both, learner("x/a"))
    assert not met(both, learner("x/a", declared=("x/t",)))


@pytest.mark.parametrize(
    "require",
    [
        "  {any: [{take: x/a}, {when: {declared: x/t}, then: {take: x/b}}]}",
        "  {any: [{take: x/a}, {all: [{when: {declared: x/t}, then: {take: x/b}}]}]}",
        "  {any: [{when: {declared: x/t}, then: {take: x/b}}]}",
        "  {when: {declared: x/t}, then: {take: x/b}}",
        "  {some: {choose: 2, of: [{take: x/c}, {when: {declared: x/t}, then: {take: x/b}}]}}",
    ],
)
def test_absence_never_meets_anything(require: str) -> None:
    assert not met(require, learner("x/c"))


@pytest.mark.parametrize(
    ("circumstance", "holds"),
    [
        ("{learner: {cohort: [b, a]}}", True),
        ("{learner: {cohort: b}}", False),
        ("{learner: {year: {from: 2, to: 3}}}", True),
        ("{learner: {year: {from: 3}}}", False),
        ("{learner: {keen: true}}", True),
        ("{learner: {year: {from: 0}, missing: a}}", False),
        ("{holds: {choose: 2, from: {tag: core}}}", True),
        ("{holds: {choose: 3, from: {tag: [core, wide]}}}", False),
        ("{holds: {credits: 8, from: {tag: core}}}", True),
        ("{holds: {choose: 1, from: {credential: x/c}}}", False),
        ("{holds: {choose: 1, from: {credential: x/c, status: planned}}}", True),
        ("{milestone: exam}", True),
        ("{milestone: {name: exam, from: 2026-02-01}}", False),
        ("{milestone: {name: exam, to: 2026-01-01}}", True),
        ("{milestone: later}", False),
        ("{milestone: [later, exam]}", True),
        ("{not: {milestone: later}}", True),
        ("{any: [{milestone: later}, {learner: {cohort: a}}]}", True),
        ("{milestone: exam, declared: x/z}", False),
    ],
)
def test_a_circumstance_looks_at_the_learner_on_the_audits_day(
    circumstance: str, *, holds: bool
) -> None:
    who = learner(
        "x/a",
        "x/b",
        attributes={"cohort": "a", "year": 2, "keen": True},
        milestones=(
            Milestone(name="exam", on=date(2026, 1, 1)),
            Milestone(name="later", on=date(2026, 12, 1)),
        ),
    )
    planned = held("x/c", earned=None, status="planned")
    who = replace(who, achievements=(*who.achievements, planned))
    require = f"  {{when: {circumstance}, then: {{take: x/a}}, else: {{take: x/d}}}}"
    assert met(require, who) is holds


def test_changes_are_made_in_order_for_those_to_whom_they_apply() -> None:
    require = """\
  credits: 4
  from: {}
  changes: [{when: {declared: x/t}, add: 4}, {unless: {declared: [x/t, x/u]}, set: 12}]"""
    assert met(require, learner("x/a", declared=("x/u",)))
    assert not met(require, learner("x/a", declared=("x/t",)))
    assert met(require, learner("x/a", "x/b", declared=("x/t",)))
    assert not met(require, learner("x/a", "x/b"))
    assert met(require, learner("x/a", "x/d"))


def test_a_changed_floor_and_breadth_ask_for_more() -> None:
    require = """\
  choose: {from: 1}
  from: {}
  at_least: [{credits: 4, from: {tag: core}, changes: [{when: {declared: x/t}, add: 4}]}]
  distinct: {by: credential, from: 1, changes: [{when: {declared: x/t}, set: 3}]}"""
    assert met(require, learner("x/a"))
    assert not met(require, learner("x/a", "x/b", declared=("x/t",)))
    assert met(require, learner("x/a", "x/b", "x/c", declared=("x/t",)))


def test_a_number_of_the_learners_own_is_asked_for_and_has_to_be_there() -> None:
    require = "  {choose: terms, from: {}}"
    assert met(require, learner("x/a", "x/b", attributes={"terms": 2}))
    assert not met(require, learner("x/a", attributes={"terms": 2}))
    with pytest.raises(AuditError, match="add it as a whole number") as refused:
        met(require, learner("x/a"))
    assert refused.value.code == "learner-fact-missing"


def test_a_number_is_asked_only_of_those_who_need_it() -> None:
    require = "  {when: {declared: x/t}, then: {choose: terms, from: {}}, else: {take: x/a}}"
    assert met(require, learner("x/a"))
    with pytest.raises(AuditError, match="add it as a whole number"):
        met(require, learner("x/a", declared=("x/t",)))


def test_what_is_asked_on_a_side_that_does_not_apply_refuses_no_record() -> None:
    known = catalogue(credential("x/a"), credential("x/b", unit="hours"))
    inner = "{when: {holds: {credits: 4, from: {}}}, then: {take: x/a}}"
    rule = written(f"  {{when: {{declared: x/t}}, then: {inner}, else: {{take: x/a}}}}")
    award, both = compiled(rule, known), ("x/a", "x/b")
    assert decide([award], learner(*both), TODAY).now.standings[0].met
    with pytest.raises(AuditError) as refused:
        decide([award], learner(*both, declared=("x/t",)), TODAY)
    assert refused.value.code == "no-conversion"


def test_the_top_of_a_range_is_raised_only_where_it_ends_below() -> None:
    require = """\
  choose: {from: 1, to: 1}
  from: {}
  changes: [{when: {declared: x/t}, set: 3}, {when: {declared: x/t}, set: 1}]
  at_least: [{choose: 2}]"""
    assert not met(require, learner("x/a", "x/b", declared=("x/t",)))
    assert met(
        require.replace("set: 1}]", "add: 0}]"), learner("x/a", "x/b", "x/c", declared=("x/t",))
    )


@pytest.mark.parametrize(("change", "so_many"), [("add: 1", 2), ("set: 3", 3)])
def test_a_breadth_with_no_lower_end_changes_its_upper_end(change: str, so_many: int) -> None:
    require = f"""\
  choose: {{from: 0}}
  from: {{}}
  distinct: {{by: credential, to: 1, changes: [{{when: {{declared: x/t}}, {change}}}]}}
  at_least: [{{choose: {so_many}}}]"""
    assert met(require, learner("x/a", "x/b", "x/c", declared=("x/t",)))
    assert not met(require, learner("x/a", "x/b", "x/c"))
    nothing = require.replace(f"choose: {so_many}", "choose: 0")
    assert met(nothing, learner(declared=("x/t",)))


TRACKS = """\
  tracks:
    {}of:
      - {{declared: x/t, require: {{take: x/a}}}}
      - {{declared: x/u, require: {{take: x/b}}}}"""


def test_of_tracks_so_many_that_are_declared_have_to_be_met() -> None:
    require = TRACKS.format("choose: 1\n    ")
    assert not met(require, learner("x/a", "x/b"))
    assert met(require, learner("x/b", declared=("x/u",)))
    assert met(require, learner("x/b", declared=("x/t", "x/u")))


def test_without_a_number_every_track_that_is_declared_applies() -> None:
    require = "  all:\n    - take: x/c\n    - " + TRACKS.format("").strip().replace("\n", "\n    ")
    assert met(require, learner("x/c"))
    assert not met(require, learner("x/c", "x/b", declared=("x/t", "x/u")))
    assert met(require, learner("x/c", "x/b", "x/a", declared=("x/t", "x/u")))


def test_a_reading_of_the_rule_is_made_once_for_learners_alike() -> None:
    award = compiled(written(BY_TRACK), KNOWN)
    for who in (learner("x/a"), learner("x/b"), learner(declared=("x/t",))):
        decide([award], who, TODAY)
    assert len(award.bound) == 2


def test_a_group_shares_for_all_that_is_below_it() -> None:
    parts = "[{id: g, all: [{take: x/a}, {take: x/b}]}, {choose: 2, from: {tag: core}SHARES}]"
    require = f"  {{all: {parts}}}"
    assert not met(require.replace("SHARES", ""), learner("x/a", "x/b"))
    assert met(require.replace("SHARES", ", shares_with: g"), learner("x/a", "x/b"))
    assert met(require.replace("SHARES", ", shares_with: everything"), learner("x/a", "x/b"))


def test_a_group_that_shares_counts_an_achievement_once_among_its_own_parts() -> None:
    twice = "{id: g, shares_with: everything, all: [CORE, CORE]}"
    require = f"  {{all: [{twice}, CORE]}}".replace("CORE", "{choose: 1, from: {tag: core}}")
    assert not met(require, learner("x/a"))
    assert met(require, learner("x/a", "x/b"))


@pytest.mark.parametrize("said", ["shares_with: either", "counted_in: either"])
def test_a_when_that_is_named_is_the_side_that_applies(said: str) -> None:
    require = f"""\
  all:
    - {{id: either, when: {{declared: x/t}}, then: {{take: x/a}}, else: {{take: x/b}}}}
    - {{choose: 1, from: {{tag: core}}, {said}}}"""
    assert met(require, learner("x/a", declared=("x/t",)))
    assert met(require, learner("x/b"))


def test_with_an_amount_only_so_much_counts_twice() -> None:
    require = """\
  all:
    - {id: core, choose: 2, from: {tag: core}}
    - {choose: 2, from: {tag: [core, wide]}, shares_with: {with: core, credits: 4}}"""
    assert not met(require, learner("x/a", "x/b"))
    assert met(require, learner("x/a", "x/b", "x/c"))
    number = require.replace("credits: 4", "choose: 2")
    assert met(number, learner("x/a", "x/b"))


LOOKING = """\
  all:
    - {id: pool, choose: 2, from: {tag: [core, wide]}}
    - {choose: 1, from: {tag: wide}, counted_in: pool}
    - {choose: 1, from: {tag: core}, counted_in: everything}"""


def test_what_only_looks_takes_nothing_and_counts_only_what_counts() -> None:
    assert met(LOOKING, learner("x/b", "x/c"))
    assert met(LOOKING, learner("x/a", "x/d"))
    assert not met(LOOKING, learner("x/c", "x/d"))


def test_the_pool_is_filled_so_that_those_who_look_at_it_are_met() -> None:
    verdict = verdict_of(LOOKING, learner("x/a", "x/b", "x/c", "x/d"))
    assert verdict.now.standings[0].met
    assert verdict.now.proven


OUTCOMES = catalogue(
    *(
        replace(credential(f"x/{name}", 4, "core"), outcomes=taught, fields=fields)
        for name, taught, fields in (
            ("a", ("plan", "report"), ("061", "041")),
            ("b", ("plan",), ("061",)),
            ("c", ("teach",), ()),
        )
    )
)


@pytest.mark.parametrize(
    ("quantity", "names", "reached"),
    [
        ("outcomes: 2", ("x/a",), 2),
        ("outcomes: 2", ("x/b",), 1),
        ("outcomes: 3", ("x/a", "x/b", "x/c"), 3),
        ("outcomes: [plan, teach]", ("x/a", "x/b"), 1),
        ("outcomes: [plan, teach]", ("x/b", "x/c"), 2),
        ("outcomes: all", ("x/a", "x/b"), 2),
        ("outcomes: all", ("x/a", "x/c"), 3),
        ("fields: {from: 2}", ("x/a",), 2),
        ("fields: {from: 1, to: 1}", ("x/a",), 0),
        ("fields: {from: 1, to: 1}", ("x/a", "x/b"), 1),
        ("issuers: 2", ("x/a", "x/b"), 1),
        ("terms: 1", ("x/a",), 0),
    ],
)
def test_different_values_are_counted_whoever_brings_them(
    quantity: str, names: tuple[str, ...], reached: int
) -> None:
    rule = written(f"  {{{quantity}, from: {{tag: core}}}}")
    verdict = certified(rule, OUTCOMES, learner(*names))
    standing = verdict.now.standings[0]
    asked = verdict.now.problem.awards[0].leaves[0].demand
    assert (standing.reach[0], standing.met) == (reached, reached >= asked)
    assert verdict.now.proven


def test_every_outcome_is_what_the_selectors_credentials_teach_by_the_catalogue() -> None:
    rule = written("  {outcomes: all, from: [x/b, x/c]}")
    described = replace(credential("x/local"), outcomes=("sing",))
    local = replace(learner("x/b", "x/c", "x/local"), credentials=(described,))
    verdict = certified(rule, OUTCOMES, local)
    assert verdict.now.standings[0].met
    assert verdict.now.problem.awards[0].leaves[0].demand == 2


def test_where_no_credential_teaches_anything_every_outcome_is_none() -> None:
    assert met("  {outcomes: all, from: {}}", learner("x/a"))


def test_a_learner_for_whom_it_changes_needs_so_many_of_every_outcome() -> None:
    change = "[{when: {declared: x/t}, set: 1}]"
    rule = written(f"  {{outcomes: all, from: {{tag: core}}, changes: {change}}}")
    for declared, met in ((("x/t",), True), ((), False)):
        verdict = certified(rule, OUTCOMES, learner("x/b", declared=declared))
        assert verdict.now.standings[0].met is met
