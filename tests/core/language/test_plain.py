"""Rules in plain English: whole texts, and selectors one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.language.catalogues import read_catalogue
from app.core.language.plain import explain_rule
from app.core.language.plain_selector import SelectorWords
from app.core.language.plain_words import Glossary, day_in_words, points_in_words
from app.core.language.rules import read_rule
from app.core.model.catalogue import Catalogue
from app.core.model.requirement import From
from app.core.model.rule import RuleEdition

TEXTS = Path(__file__).parent / "plain"
RULE = """
award: atu/pgcert
title: Certificate
edition: "2026"
effective: {from: 2026-09-01}
credit: {total: 30, unit: ects}
framework: eqf
require: {choose: 1, from: SELECTOR}
"""


def catalogue() -> Catalogue:
    read = read_catalogue((TEXTS / "catalogue.yaml").read_bytes(), "catalogue.yaml").catalogue
    assert read is not None
    return read


def rule(source: str) -> RuleEdition:
    file = read_rule(source.encode(), "rule.yaml")
    assert file.edition is not None, file.diagnostics
    return file.edition


def phrase(selector: str) -> str:
    edition = rule(RULE.replace("SELECTOR", selector))
    assert isinstance(edition.root, From)
    return SelectorWords(Glossary(edition, catalogue())).phrase(edition.root.selector)


@pytest.mark.parametrize("name", ["certificate", "everything"])
def test_a_rule_reads_as_a_handbook_would_have_it(name: str) -> None:
    edition = rule((TEXTS / f"{name}.yaml").read_text())
    assert explain_rule(edition, catalogue()) == (TEXTS / f"{name}.txt").read_text()


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("{}", "credentials"),
        (
            "{tag: core, any: [{when: {declared: a}}, {when: {declared: b}}]}",
            "credentials tagged core, for learners who have declared (a) or who have declared (b)",
        ),
        (
            "{tag: core, not: {any: [{when: {declared: a}}, {when: {declared: b}}]}}",
            (
                "credentials tagged core, not for learners who have declared (a) or who have "
                "declared (b)"
            ),
        ),
        (
            "{not: {any: [{tag: core}, {when: {declared: a}}, {tag: x, when: {declared: b}}]}}",
            (
                "credentials other than credentials either tagged core or tagged x for learners "
                "who have declared (b) and not for learners who have declared (a)"
            ),
        ),
        (
            "{not: {any: [{tag: core}, {when: {declared: a}}]}}",
            "credentials not tagged core, not for learners who have declared (a)",
        ),
        (
            "{when: {not: {any: [{declared: a}, {milestone: b}]}}}",
            (
                "credentials for learners who have not declared (a) and for whom the step “b” "
                "is not recorded"
            ),
        ),
        (
            "{when: {not: {any: [{declared: a}, {declared: b, milestone: c}]}}}",
            (
                "credentials for learners of whom this is not so: who have declared (a) or who "
                "have declared (b) and for whom the step “c” is recorded"
            ),
        ),
        ("atu/ethics", "Data Ethics"),
        ("[atu/ethics, atu/ml-2]", "Data Ethics or Machine Learning 2"),
        ("atu/ml-1", "Machine Learning 1 (or Machine Learning)"),
        ("{credential: atu/ml-1, exactly: true}", "Machine Learning 1 (no equivalents)"),
        ("atu/project-a", "Project (atu/project-a)"),
        ("x/unknown", "(x/unknown)"),
        ("atu/ml-*", "credentials with an id like atu/ml-*"),
        ("{credential: atu/ethics, grade: A}", "Data Ethics, with grade A"),
        (
            "{level: {at: 7}, issuer: harbour, grade: {from: B}}",
            "credentials issued by Harbour College at EQF level 7, with grade B or better",
        ),
        ("{level: 7}", "credentials at EQF level 7"),
        ("{level: {from: 6}}", "credentials at EQF level 6 or above"),
        ("{level: {to: 6}}", "credentials at EQF level 6 or below"),
        ("{level: {from: 6, to: 7}}", "credentials at EQF levels 6 to 7"),
        ("{level: {from: 6, to: 6}}", "credentials at EQF level 6"),
        (
            "{level: [6, {framework: nfq, at: 9}]}",
            "credentials either at EQF level 6 or at NFQ level 9",
        ),
        ("{credit: 5}", "credentials of 5 credits"),
        ("{credit: {from: 1}}", "credentials of at least 1 credit"),
        ("{credit: {to: 10}}", "credentials of at most 10 credits"),
        ('{credit: {from: "2.5", to: 10}}', "credentials of 2.5 to 10 credits"),
        ("{grade: {to: B}}", "credentials with grade B or lower"),
        ("{grade: {from: C, to: A}}", "credentials with a grade from C to A"),
        ("{earned: {from: 2026-09-01}}", "credentials earned on or after 1 September 2026"),
        ("{awarded: {to: 2026-09-01}}", "credentials awarded on or before 1 September 2026"),
        (
            "{started: {from: 2026-09-01, to: 2026-09-30}}",
            "credentials started from 1 September 2026 to 30 September 2026",
        ),
        ("{earned: {from: 2026-09-01, to: 2026-09-01}}", "credentials earned on 1 September 2026"),
        (
            "{age: {to: 1 year, from: earned, until: audit}}",
            "credentials earned no more than 1 year before the day of the audit",
        ),
        (
            "{source: examination, status: [earned, in-progress]}",
            "credentials gained by examination and recorded as earned or in-progress",
        ),
        (
            "{used_in: atu/pgcert}",
            "credentials already used in Postgraduate Certificate in Data Practice",
        ),
        ("{not: {used_in: any}}", "credentials not already used in another award"),
        ("{not: {issuer: atu}}", "credentials not issued by Atlantic Technological University"),
        ("{not: {cluster: alpha}}", "credentials without cluster alpha"),
        ("{not: atu/ethics}", "credentials other than Data Ethics"),
        (
            "{not: {tag: core, type: module}}",
            "credentials other than credentials of type module tagged core",
        ),
        ("{regular: true}", "credentials marked regular"),
        ("{regular: false}", "credentials marked not regular"),
        ("{since: 2024-01-01}", "credentials with since 1 January 2024"),
        (
            '{tag: [core, elective], field: "061"}',
            "credentials in ISCED-F field 061 tagged core or elective",
        ),
        (
            "{type: [module, badge], tag: core}",
            "credentials of type module or badge, tagged core",
        ),
        ("{any: [atu/ethics, {tag: core}]}", "Data Ethics or credentials tagged core"),
        (
            "{tag: core, any: [atu/ethics, {mode: online}]}",
            "credentials tagged core, either Data Ethics or taught in mode online",
        ),
        (
            "{any: [{tag: core}, {type: [badge, module], grade: A}]}",
            "credentials either tagged core, or of type badge or module and with grade A",
        ),
    ],
)
def test_a_selector_is_put_in_words(selector: str, words: str) -> None:
    assert phrase(selector) == words


def test_a_bare_level_is_read_as_the_rule_says() -> None:
    edition = rule(RULE.replace("SELECTOR", "{level: 7}") + "policies: {level: at-least}\n")
    assert isinstance(edition.root, From)
    words = SelectorWords(Glossary(edition, catalogue()))
    assert words.phrase(edition.root.selector) == "credentials at EQF level 7 or above"


@pytest.mark.parametrize(
    ("unit", "total"), [("ects", "30 ECTS credits in total."), ("points", "30 points in total.")]
)
def test_the_total_is_told_in_its_unit(unit: str, total: str) -> None:
    edition = rule(RULE.replace("unit: ects", f"unit: {unit}").replace("SELECTOR", "{}"))
    assert explain_rule(edition, catalogue()).splitlines()[2] == total


def test_days_and_grade_points_are_written_as_transcripts_write_them() -> None:
    assert day_in_words(rule(RULE.replace("SELECTOR", "{}")).effective.start) == "1 September 2026"
    assert [points_in_words(points) for points in (3000, 2500, 2125)] == ["3.00", "2.50", "2.125"]
