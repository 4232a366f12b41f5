"""Whether a rule can be met by anything that the catalogue gives: where, what, why."""

from __future__ import annotations

import pytest

from app.core.language.diagnostics import Diagnostic
from tests.core.checks.checking import decided
from tests.core.language.checking import POLICIES, SOUND
from tests.core.language.codes import DECIDED

TWO_OF_CORE = "{id: one, choose: 2, from: {tag: core}}"
FEWER = "[{when: {declared: atu/msc}, set: 0}]"
PARTLY = "shares_with: [{with: [one], credits: 5}]"
ELECTIVE = "require: {choose: 1, from: {tag: elective}}"
ONE_MORE = "{id: more, choose: 1, from: {tag: core}}"


def one(body: str) -> Diagnostic:
    (found,) = decided(body)
    return found


def test_a_sound_rule_is_let_be() -> None:
    assert decided(SOUND) == []


def test_what_can_never_be_met_is_told_with_the_limit_that_keeps_it_from_that() -> None:
    found = one(
        f"require: {TWO_OF_CORE}\nexcludes: [{{id: x, credentials: [atu/ethics, atu/foundations]}}]"
    )
    assert (found.code, found.severity, found.path) == ("CN1005", "warning", "$.require")
    assert found.message == (
        "`one` can never be met beside `x`: each credential of the catalogue counts once, and that "
        "brings 5 credits of 10 credits"
    )
    assert found.help == "raise what binds it, ask for less or let more count"


def test_what_competes_for_the_same_credentials_is_told_at_the_later_place() -> None:
    found = one(f"require: {{all: [{TWO_OF_CORE}, {{id: two, take: atu/ml-2}}, {ONE_MORE}]}}")
    assert (found.code, found.path) == ("CN1006", "$.require.all[2]")
    assert found.message.startswith("`one` and `more` can never all be met: ")


def test_a_condition_that_nothing_reaches_is_told_at_its_place() -> None:
    found = one(
        "require: {choose: 1, from: {tag: elective}}\naverage: {grade: '4.50', over: counted}"
    )
    assert (found.code, found.path) == ("CN1005", "$.average[0]")
    assert "not even who held all credentials" in found.message


@pytest.mark.parametrize(
    "body",
    [
        f"require: {{all: [{{any: [{TWO_OF_CORE}, {{take: atu/ml-1}}]}}, {{take: atu/ethics}}]}}",
        f"require: {{all: [{{optional: true, all: [{TWO_OF_CORE}]}}, {{take: atu/ethics}}]}}",
    ],
)
def test_a_choice_that_nobody_can_make_is_told(body: str) -> None:
    found = one(body)
    assert found.code == "CN1007"
    assert found.message.endswith("can never be met with what the rule asks for beside it")


def test_a_side_that_cannot_be_met_with_the_rest_is_told() -> None:
    sides = f"{{when: {{declared: atu/msc}}, then: {ONE_MORE}, else: {{take: atu/ml-1}}}}"
    found = one(f"require: {{all: [{TWO_OF_CORE}, {sides}]}}")
    assert (found.code, found.path) == ("CN1007", "$.require.all[1].then")


def test_what_stands_in_a_choice_that_is_told_of_is_not_told_again() -> None:
    inner = f"{{any: [{TWO_OF_CORE}, {{credits: 11, from: {{tag: core}}}}]}}"
    whole = f"{{id: way, all: [{inner}, {{take: [atu/ethics, atu/foundations]}}]}}"
    assert one(f"require: {{any: [{whole}, {{take: atu/ml-1}}]}}").path == "$.require.any[0]"


def test_admission_and_gates_are_rules_of_their_own() -> None:
    parts = f"{{all: [{TWO_OF_CORE}, {{id: two, choose: 1, from: {{tag: core}}}}]}}"
    assert one(f"admission: {parts}").path == "$.admission.all[1]"
    assert one(f"gates: [{{id: thesis, require: {parts}}}]").path == "$.gates[0].require.all[1]"


@pytest.mark.parametrize(
    "body",
    [
        # What only a learner states: a grade, a source, a day, an order of days.
        "require: {all: [{choose: 2, from: {tag: core, grade: B}}, {choose: 1, from: {grade: A}}]}",
        f"require: {TWO_OF_CORE}\nat_most: [{{choose: 1, from: {{source: transferred}}}}]",
        f"require: {TWO_OF_CORE}\nwithin: {{span: 1 day, from: first-applicable}}",
        f"require: {TWO_OF_CORE}\ndistinct: {{by: source, from: 2}}",
        f"require: {TWO_OF_CORE}\nat_least: [{{choose: 9, from: atu/ml-1, over: all-attempts}}]",
        # What brings as much credit as a record says.
        "require: {credits: 30, from: {type: award}}",
        "require: {credits: {from: 5, to: 10}, from: {type: award}}",
        "require: {all: [{milestone: placement}, {attest: tutor}]}",
        # What applies to some, and what they are asked for.
        f"require: {{when: {{declared: atu/msc}}, then: {TWO_OF_CORE}, else: {ONE_MORE}}}",
        f"require: {{all: [{TWO_OF_CORE}, {{choose: 1, from: {{tag: core}}, changes: {FEWER}}}]}}",
        # What counts elsewhere too takes nothing away.
        f"require: {{all: [{TWO_OF_CORE}, {{choose: 1, from: {{level: 7}}, counted_in: one}}]}}",
        f"require: {{all: [{TWO_OF_CORE}, {{choose: 1, from: {{tag: core}}, {PARTLY}}}]}}",
    ],
)
def test_what_a_learner_may_bring_is_taken_as_it_serves(body: str) -> None:
    assert decided(body) == []


@pytest.mark.parametrize(
    "body",
    [
        # What the record may not hold need not be held.
        f"{ELECTIVE}\neach: {{must: {{issuer: harbour}}, over: record}}",
        f"{ELECTIVE}\ndistinct: {{by: level, to: 1, over: record}}",
        f"{ELECTIVE}\nat_most: [{{choose: 1, from: {{tag: elective}}, over: record}}]",
        f"{SOUND}\nwithin: {{span: 1 day, from: earliest-used, over: record}}",
        # What it has to hold may lie beyond what is asked for elsewhere.
        f"{SOUND}\ndistinct: {{by: issuer, from: 2, over: record}}",
        f"{SOUND}\naverage: {{grade: '3.00', over: record, from: {{tag: elective}}}}",
        f"{SOUND}\naverage: {{grade: '3.00', over: all-attempts, from: {{tag: elective}}}}",
        # Order, and what is latest, are the learner's.
        "require: {all: [{id: first, take: atu/ethics}, {take: atu/foundations, after: first}]}",
        "require: {all: [{id: step, milestone: m}, {take: atu/foundations, after: step}]}",
        f"require: {TWO_OF_CORE}\nlast: {{choose: 1, at_least: [{{choose: 1, from: atu/ethics}}]}}",
        # What counts in part leaves room under another cap.
        f"require: {TWO_OF_CORE}\nat_most: [{{credits: 10, items: trim}}, {{credits: 12}}]",
        "require: {choose: 2, from: {tag: core}, at_most: [{credits: 10, items: trim}]}",
        # What needs more than the quantity below it lets it count more.
        """require: {all: [{id: all, credits: 5, from: {}},
        {choose: 2, from: {tag: core}, counted_in: all}]}\ndistinct: {by: source, from: 2}""",
    ],
)
def test_what_some_record_meets_is_not_said_to_be_beyond_meeting(body: str) -> None:
    assert [one for one in decided(body) if one.code in DECIDED] == []


def test_a_floor_that_is_there_for_some_is_beyond_those_alone() -> None:
    some = "{when: {declared: atu/msc}, then: {choose: 1, from: {tag: core}}}"
    group = f"{{id: group, all: [{some}], at_least: [{{credits: 15, from: {{tag: core}}}}]}}"
    assert one(f"require: {{all: [{{take: atu/ethics}}, {group}]}}").code == "CN1007"


def test_where_every_attempt_counts_there_is_no_end_to_what_is_held() -> None:
    parts = f"{{all: [{TWO_OF_CORE}, {{choose: 1, from: {{tag: core}}}}]}}"
    assert decided(f"require: {parts}", {**POLICIES, "retakes": "each"}) == []


def test_beside_errors_nothing_more_is_told() -> None:
    found = decided(
        f"require: {{all: [{TWO_OF_CORE}, {{choose: 1, from: {{tag: core}}}}, {{take: atu/x}}]}}"
    )
    assert {each.code for each in found} == {"CN0401"}
