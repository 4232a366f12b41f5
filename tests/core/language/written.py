"""Rules in a few words: what a test says of one, with the rest that every file has."""

from __future__ import annotations

from pathlib import Path

from app.core.language.diagnostics import Diagnostic
from app.core.language.rules import RuleFile, read_rule
from app.core.model.requirement import From, Requirement
from app.core.model.rule import RuleEdition
from app.core.model.selector import Test

GOOD = Path(__file__).parent / "good"
HEAD = """
award: x/award
title: Award
edition: "1"
effective: {from: 2026-01-01}
credit: {total: 60, unit: ects}
"""


def told(text: str) -> tuple[Diagnostic, ...]:
    return read_rule((HEAD + text).encode(), "f").diagnostics


def edition(text: str) -> RuleEdition:
    rule = read_rule((HEAD + text).encode(), "f")
    assert rule.diagnostics == ()
    assert rule.edition is not None
    return rule.edition


def required(text: str) -> Requirement:
    return edition(f"require: {text}").root


def selected(text: str) -> tuple[Test, ...]:
    leaf = required(f"{{choose: 1, from: {text}}}")
    assert isinstance(leaf, From)
    return leaf.selector.tests


def everything() -> RuleEdition:
    rule = read_rule((GOOD / "every-form.yaml").read_bytes(), "every-form.yaml")
    assert rule.edition is not None
    return rule.edition


def without_places(rule: RuleFile) -> str:
    assert rule.edition is not None
    text = repr(rule.edition)
    return "".join(piece.partition(")")[2] for piece in text.split("SourceSpan("))
