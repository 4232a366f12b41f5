"""What is found where a rule nests an award, and what is told where the nested rule is checked."""

from __future__ import annotations

import pytest

from app.core.language.checker import check_rule
from app.core.language.plain import explain_rule
from app.core.language.rules import read_rule
from tests.core.language.checking import POLICIES, catalogue, check, check_all, completed

NESTED = "{id: n, award: atu/pgdip}"
REST = "{id: rest, credits: 5, from: {type: seminar}}"


def found(body: str) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in check(body, POLICIES)]


def test_an_award_with_a_rule_may_be_nested() -> None:
    assert found(f"require: {{all: [{NESTED}, {REST}]}}") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("require: {award: atu/pgdp}", "CN0412"),
        ('require: {award: atu/pgdip, edition: "2020"}', "CN0412"),
        ("require: {award: atu/harbour}", "CN0622"),
        ("require: {award: atu/pgcert}", "CN0623"),
        ("require: {award: atu/msc}", "CN0623"),
    ],
)
def test_what_cannot_be_nested_is_an_error_with_what_would_work(body: str, code: str) -> None:
    (one,) = check(body, POLICIES)
    assert (one.code, one.severity, one.path) == (code, "error", "$.require.award")
    assert one.help


def test_a_misspelled_award_is_told_with_the_nearest_that_has_a_rule() -> None:
    (one,) = check("require: {award: atu/pgdp}", POLICIES)
    assert "`atu/pgdip`" in one.help


def test_each_nested_award_is_told_by_itself() -> None:
    body = "require: {all: [{award: atu/pgdp}, {award: atu/harbour}]}"
    assert {one for one in found(body) if one[0] != "CN0614"} == {
        ("CN0412", "$.require.all[0].award"),
        ("CN0622", "$.require.all[1].award"),
    }


def test_admission_and_gates_are_looked_at_too() -> None:
    assert ("CN0412", "$.admission.award") in found("admission: {award: atu/pgdp}")


def test_others_may_share_with_it_and_come_after_it() -> None:
    share = "{id: rest, credits: 5, from: {tag: core}, shares_with: n}"
    assert found(f"require: {{all: [{NESTED}, {share}]}}") == []
    after = "{id: rest, credits: 5, from: {type: seminar}, after: n}"
    assert found(f"require: {{all: [{NESTED}, {after}]}}") == []


@pytest.mark.parametrize("award", ["atu/pgdip", "atu/pgdp"])
def test_an_award_that_may_bring_any_credit_leaves_totals_open(award: str) -> None:
    told = check_all(f"credit: {{total: 90, unit: ects}}\nrequire: {{award: {award}}}", POLICIES)
    assert [one for one in told if one.path == "$.credit.total"] == []


def test_a_policy_that_only_the_nested_rule_needs_is_asked_for() -> None:
    source = b"""
award: atu/inner
title: Inner
edition: "2026"
effective: {from: 2026-01-01}
credit: {total: 20, unit: ects}
require: {choose: 1, from: {tag: core}}
average: {grade: "2.00"}
"""
    inner = read_rule(source, "inner.yaml").edition
    file = read_rule(completed("require: {award: atu/inner}").encode(), "rule.yaml")
    assert inner is not None
    assert file.edition is not None
    stated = {name: answer for name, answer in POLICIES.items() if name != "grade_scale"}
    nestable = {inner.award: [inner]}
    told = check_rule(file.edition, file.cases, catalogue(), stated, nestable)
    assert [(one.code, one.path, one.span.file) for one in told if one.severity == "error"] == [
        ("CN0501", "$.require", "rule.yaml")
    ]


def test_the_edition_that_is_named_is_named_in_plain_english() -> None:
    body = 'require: {award: atu/pgdip, edition: "2026"}'
    edition = read_rule(completed(body).encode(), "rule.yaml").edition
    assert edition is not None
    sentence = "or the requirements of its edition 2026 must be met here."
    assert sentence in explain_rule(edition, catalogue())
