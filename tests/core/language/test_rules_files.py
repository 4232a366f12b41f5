"""Whole files: what is right in `good/`, and what is told of each in `bad/`, written at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.language.rules import read_rule

HERE = Path(__file__).parent
EXPECTED = "# expected\n"


@pytest.mark.parametrize("path", sorted(HERE.glob("good/*.yaml")), ids=lambda path: path.stem)
def test_a_good_file_is_read_without_a_word(path: Path) -> None:
    rule = read_rule(path.read_bytes(), path.name)
    assert rule.diagnostics == ()
    assert rule.edition is not None


@pytest.mark.parametrize("path", sorted(HERE.glob("bad/*.yaml")), ids=lambda path: path.stem)
def test_of_a_bad_file_exactly_the_problems_at_its_end_are_told(path: Path) -> None:
    rule = read_rule(path.read_bytes(), path.name)
    told = "".join(
        f"# {found.span.line}:{found.span.column} {found.code} {found.message}\n"
        + (f"#   {found.help}\n" if found.help else "")
        for found in rule.diagnostics
    )
    assert rule.edition is None
    assert told == path.read_text().partition(EXPECTED)[2]
