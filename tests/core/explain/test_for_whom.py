"""What counts for other learners alone is told so, wherever it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.credential import CredentialId
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    compiled,
    credential,
    held,
    record,
    written,
)
from tests.core.explain.saying import needed, reasons, why

KNOWN = catalogue(credential("x/a", 4, "core"), credential("x/b", 4, "wide"))
MINE = "when: {declared: x/t}"
OTHERS = "when: {declared: x/u}"
TOLD = "not-for-learner: What matches it counts only for learners who have"


def audited(rest: str, *declared: str) -> Audit:
    who = replace(record(held("x/a")), declared=tuple(map(CredentialId, declared)))
    return audit_record([compiled(written(rest), KNOWN)], who, TODAY)[0]


@pytest.mark.parametrize(
    ("selector", "whose"),
    [
        (f"{{tag: core, {OTHERS}}}", "declared (x/u)"),
        (f"{{any: [{{tag: core, {OTHERS}}}]}}", "declared (x/u)"),
        ("{any: [{when: {declared: x/u}}, {tag: core, when: {declared: x/v}}]}",
         "declared (x/u) or who have declared (x/v)"),
        (f"{{not: {{{MINE}}}}}", "not declared (x/t)"),
        (f"{{not: {{any: [{{tag: core, {OTHERS}}}, {{{MINE}}}]}}}}", "not declared (x/t)"),
        (f"{{not: {{not: {{tag: core, {OTHERS}}}}}}}", "declared (x/u)"),
        (f"{{{OTHERS}, not: {{{MINE}}}}}", "declared (x/u) and who have not declared (x/t)"),
    ],
)  # fmt: skip
def test_a_requirement_that_nothing_can_match_says_for_whom_it_counts(
    selector: str, whose: str
) -> None:
    audit = audited(f"  {{id: core, choose: 1, from: {selector}}}", "x/t")
    assert reasons(audit, "core") == [f"{TOLD} {whose}."]


@pytest.mark.parametrize(
    "selector",
    [
        "{tag: wide}",
        f"{{any: [{{tag: core, {OTHERS}}}, {{tag: wide}}]}}",
        f"{{tag: core, not: {{tag: core, {MINE}}}}}",
        f"{{tag: wide, not: {{{OTHERS}}}}}",
        "{tag: core, not: {}}",
    ],
)
def test_what_nothing_earned_matches_is_told_as_that(selector: str) -> None:
    audit = audited(f"  {{id: core, choose: 1, from: {selector}}}", "x/t")
    assert reasons(audit, "core") == ["nothing-matches: Nothing that is earned matches it."]


def test_admission_and_gates_say_for_whom_they_count() -> None:
    audit = audited(f"""\
  {{take: x/a}}
admission: {{choose: 1, from: {{tag: core, {OTHERS}}}}}
gates: [{{id: thesis, title: Thesis, require: {{credits: 4, from: {{{OTHERS}}}}}}}]
""")
    said = "What matches it counts only for learners who have declared (x/u)."
    assert f"\nAdmission, a question of its own: not met. {said}\n" in audit.text
    assert f"\nThesis: closed. {said}\n" in audit.text


def test_floors_say_for_whom_they_count() -> None:
    mine = f"{{id: mine, title: Mine, choose: 1, from: {{{OTHERS}}}}}"
    latest = f"{{credits: 4, at_least: {{id: late, credits: 4, from: {{{OTHERS}}}}}}}"
    leaf = "{id: core, title: Core, choose: 1, from: {tag: core}"
    audit = audited(f"  {leaf}, at_least: [{mine}], last: {latest}}}")
    assert reasons(audit, "mine") == reasons(audit, "late") == [f"{TOLD} declared (x/u)."]
    assert needed(audit)[3:5] == [
        "  Mine: 0 of 1, 1 short.",
        "    What matches it counts only for learners who have declared (x/u).",
    ]


def test_a_choice_between_learners_alone_says_for_whom_it_counts() -> None:
    either = f"{{tag: core, any: [{{{OTHERS}}}, {{not: {{{MINE}}}}}]}}"
    audit = audited(f"  {{id: c, title: Core, choose: 1, from: {either}}}", "x/t")
    assert why(audit, "x/a") == (
        "not-for-learner: It counts toward Core only for learners who have declared (x/u) or who "
        "have not declared (x/t)."
    )


def test_a_choice_within_not_names_what_keeps_it_from_the_learner() -> None:
    either = f"{{any: [{{{OTHERS}}}, {{{MINE}}}]}}"
    audit = audited(f"  {{id: c, title: Core, choose: 1, from: {{not: {either}}}}}", "x/t")
    assert why(audit, "x/a") == (
        "not-for-learner: It counts toward Core only for learners who have not declared (x/t)."
    )
