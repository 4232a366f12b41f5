"""What pages on how rules are written avoid is found; what they prefer is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.language.rules import read_rule
from tests.core.language.codes import NOT_YET, READING, SHAPE

PAGES = Path(__file__).parents[3] / "docs" / "diagnostics"
OURS = sorted({**READING, **SHAPE, **NOT_YET})
EXAMPLE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REST = {
    "award": "award: atu/award",
    "title": "title: Award",
    "edition": 'edition: "2026"',
    "effective": "effective: {from: 2026-09-01}",
    "credit": "credit: {total: 60, unit: ects}",
    "require": "require: {take: atu/ml-1}",
}


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text()


def codes_in(example: str) -> set[str]:
    """Return the codes found in an award file that has the example's keys and the usual rest."""
    rest = [line for key, line in REST.items() if not re.search(f"^{key}:", example, re.MULTILINE)]
    source = "\n".join([*rest, example])
    return {found.code for found in read_rule(source.encode(), "example").diagnostics}


@pytest.mark.parametrize("code", [code for code in OURS if EXAMPLE.search(page(code))])
def test_what_to_avoid_is_told_and_what_to_prefer_is_not(code: str) -> None:
    avoid, prefer = EXAMPLE.findall(page(code))
    assert codes_in(avoid) == {code}
    assert codes_in(prefer) == set()


def test_every_code_that_the_sources_use_is_listed() -> None:
    sources = Path(__file__).parents[3] / "app" / "core" / "language"
    used = {
        code
        for path in sources.glob("*.py")
        for code in re.findall(r'"(CN0[1-3][0-9]{2})"', path.read_text())
    }
    assert used == set(OURS)
