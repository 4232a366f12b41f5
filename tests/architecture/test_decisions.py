"""Decisions name what enforces them, and that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_enforced_by_something_that_is_there(decision: Path) -> None:
    _, _, enforced = decision.read_text().partition("**Enforced by**")
    named = re.findall(r"`([^`]+)`", enforced)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
