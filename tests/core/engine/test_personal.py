"""Selectors as they are for one learner: what they ask is answered before anything is admitted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.engine.decide import decide
from app.core.engine.personal import for_learner
from app.core.engine.problem import bits
from app.core.model.credential import CredentialId, Fact, Stated
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from tests.core.engine.builders import (
    EARNED,
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
    replace(credential("x/a", 4, "core"), outcomes=("plan",)),
    replace(credential("x/b", 4, "core", "wide"), outcomes=("plan", "report")),
    credential("x/c", 4, "wide"),
    credential("x/d", 8, "wide"),
)
MINE = "when: {declared: x/t}"


def learner(*names: str, declared: bool = False) -> LearnerRecord:
    tracks = (CredentialId("x/t"),) if declared else ()
    return replace(record(*map(held, names)), declared=tracks)


def met(require: str, *names: str, declared: bool = False) -> bool:
    who = learner(*names, declared=declared)
    return certified(written(require), KNOWN, who).now.standings[0].met


@pytest.mark.parametrize(
    ("selector", "names", "for_all", "for_me"),
    [
        (f"{{tag: core, {MINE}}}", ("x/a",), False, True),
        (f"{{any: [{{tag: core}}, {{tag: wide, {MINE}}}]}}", ("x/c",), False, True),
        (f"{{any: [{{tag: core}}, {{tag: wide, {MINE}}}]}}", ("x/a",), True, True),
        (f"{{not: {{tag: core, {MINE}}}}}", ("x/a",), True, False),
        (f"{{not: {{tag: core, {MINE}}}}}", ("x/c",), True, True),
        (f"{{not: {{{MINE}}}}}", ("x/a",), True, False),
        (f"{{not: {{any: [{{{MINE}}}, {{tag: wide}}]}}}}", ("x/a",), True, False),
        (f"{{not: {{not: {{{MINE}}}}}}}", ("x/a",), False, True),
        ("{when: {not: {declared: x/t}}}", ("x/a",), True, False),
        ("{when: {learner: {year: 1}}}", ("x/a",), False, False),
        (f"{{tag: core, when: {{holds: {{choose: 1, from: {{{MINE}}}}}}}}}", ("x/a",), False, True),
    ],
)
def test_a_selector_admits_by_who_the_learner_is(
    selector: str, names: tuple[str, ...], *, for_all: bool, for_me: bool
) -> None:
    require = f"  {{choose: 1, from: {selector}}}"
    assert met(require, *names) is for_all
    assert met(require, *names, declared=True) is for_me


@pytest.mark.parametrize(
    "said",
    [
        f"at_least: [{{choose: 1, from: {{not: {{tag: core, {MINE}}}}}}}]",
        f"at_most: [{{choose: 0, from: {{tag: core, {MINE}}}}}]",
        f"each: [{{from: {{tag: core}}, must: {{not: {{{MINE}}}}}}}]",
        f"each: [{{from: {{{MINE}}}, must: {{tag: wide}}}}]",
        f"average: {{grade: '1.00', over: counted, from: {{not: {{{MINE}}}}}}}",
        f"last: {{choose: 1, at_least: [{{choose: 1, from: {{not: {{{MINE}}}}}}}]}}",
    ],
)
def test_what_is_said_of_a_requirement_looks_at_who_the_learner_is(said: str) -> None:
    require = f"  choose: {{from: 1, to: 1}}\n  from: {{}}\n  {said}"
    assert met(require, "x/a")
    assert not met(require, "x/a", declared=True)


@pytest.mark.parametrize(
    ("test", "mine", "so"),
    [
        ("cluster: {learner: wing}", {"wing": "east"}, True),
        ("cluster: {learner: wing}", {"wing": "west"}, False),
        ("cluster: {learner: wing}", {}, False),
        ("not: {cluster: {learner: wing}}", {}, True),
        ("weeks: {from: {learner: few}, to: 6}", {"few": 5}, True),
        ("weeks: {from: {learner: few}, to: 6}", {"few": 6}, False),
        ("weeks: {from: {learner: few}}", {"few": True}, False),
        ("weeks: {to: {learner: few}}", {"few": "5"}, False),
        ("weeks: {from: {learner: few}, to: {learner: day}}", {"few": 1, "day": TODAY}, False),
        ("earned: {from: {learner: day}}", {"day": EARNED}, True),
        ("earned: {from: {learner: day}}", {"day": TODAY}, False),
        ("earned: {from: {learner: day}}", {"day": 3}, False),
        ("when: {holds: {choose: 1, from: {cluster: {learner: wing}}}}", {"wing": "east"}, True),
    ],
)
def test_what_is_stated_is_compared_with_what_the_learner_states(
    test: str, mine: dict[str, Fact], *, so: bool
) -> None:
    facts: dict[str, Stated] = {"cluster": "east", "weeks": 5}
    who = replace(record(replace(held("x/a"), attributes=facts)), attributes={"other": "x", **mine})
    rule = written(f"  {{choose: 1, from: {{{test}}}}}")
    assert certified(rule, KNOWN, who).now.standings[0].met is so


def test_what_is_preferred_differs_by_learner() -> None:
    require = f"  {{choose: 1, from: {{tag: wide}}, prefer: {{credential: x/d, {MINE}}}}}"
    for declared, chosen in ((False, "x/c"), (True, "x/d")):
        who = learner("x/c", "x/d", declared=declared)
        now = certified(written(require), KNOWN, who).now
        (placed,) = bits(now.allocation[0])
        assert now.problem.items[placed].credential.id == chosen


def test_every_outcome_is_what_the_learners_credentials_teach() -> None:
    both = f"{{any: [x/a, {{credential: x/b, {MINE}}}]}}"
    assert met(f"  {{outcomes: all, from: {both}}}", "x/a")
    assert not met(f"  {{outcomes: all, from: {both}}}", "x/a", declared=True)
    assert met(f"  {{outcomes: all, from: {both}}}", "x/b", declared=True)


def test_nothing_is_asked_on_a_side_that_does_not_apply() -> None:
    known = catalogue(credential("x/a"), credential("x/b", unit="hours"))
    asking = "{choose: 1, from: {when: {holds: {credits: 4, from: {}}}}}"
    rule = written(f"  {{when: {{declared: x/t}}, then: {asking}, else: {{take: x/a}}}}")
    award, both = compiled(rule, known), ("x/a", "x/b")
    assert decide([award], learner(*both), TODAY).now.standings[0].met
    with pytest.raises(AuditError) as refused:
        decide([award], learner(*both, declared=True), TODAY)
    assert refused.value.code == "no-conversion"


def test_a_rule_that_asks_nothing_of_the_learner_stays_as_it_is() -> None:
    rule = written("  {all: [{when: {declared: x/t}, then: {take: x/a}}, {take: x/b}]}")
    assert for_learner(rule, lambda _: None, lambda _: None) is rule
