"""Every diagnostic has its page, and what the checker's pages say to avoid is what it finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.language.checking import check
from tests.core.language.codes import CODES, NAMES, POLICIES, SENSE, WHOLE

PAGES = Path(__file__).parents[3] / "docs" / "diagnostics"
SOURCES = Path(__file__).parents[3] / "app" / "core" / "language"
HEADINGS = ["## Avoid", "## Prefer", "## Why"]
EXAMPLE = re.compile(r"^```yaml\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
CHECKED = sorted({**NAMES, **POLICIES, **SENSE, **WHOLE})
STATED = {"retakes": "best", "level": "at", "grade_scale": "letter"}


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text()


def policies(code: str) -> dict[str, str]:
    """Return what the institution states, which is less where a policy is what is missing."""
    told = {} if code in {"CN0501", "CN0505"} else {"caps": "whole", "conversion": "convention"}
    return {**STATED, **told, "double_count": "none"}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("CN*.md")} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_titled_and_says_what_to_avoid_what_to_prefer_and_why(code: str) -> None:
    lines = page(code).splitlines()
    assert lines[0] == f"# {code}: {CODES[code]}"
    assert [line for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("code", [code for code in CHECKED if EXAMPLE.search(page(code))])
def test_what_a_page_avoids_is_found_and_what_it_prefers_is_not(code: str) -> None:
    avoid, prefer = EXAMPLE.findall(page(code))
    notes = code in WHOLE
    assert {found.code for found in check(avoid, policies(code), notes=notes)} == {code}
    assert check(prefer, policies(code), notes=notes) == ()


def test_every_code_that_the_checker_uses_is_listed() -> None:
    used = {
        code
        for path in SOURCES.glob("checker*.py")
        for code in re.findall(r'"(CN\d{4})"', path.read_text())
    }
    assert used == set(CHECKED)
