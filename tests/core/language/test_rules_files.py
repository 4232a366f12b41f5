"""Whole files: what is right in `good/`, and what is told of each in `bad/`, written at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.language.records import read_record
from app.core.language.rules import LARGEST_RULE, MOST_IN_FILE, read_rule

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


def filled(size: int) -> bytes:
    """A good rule with a comment behind it that makes it so large."""
    rule = (HERE / "good" / "hnc.yaml").read_bytes() + b"#"
    return rule.ljust(size, b"x")


def test_a_rule_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    assert read_rule(filled(LARGEST_RULE), "f").edition is not None
    (found,) = read_rule(filled(LARGEST_RULE + 1), "f").diagnostics
    assert found.code == "CN0116"
    assert found.message == "the file has 524289 bytes, more than the 524288 that are read"


def test_a_rule_that_is_kept_is_read_whatever_the_limit_is_now() -> None:
    assert read_rule(filled(LARGEST_RULE + 1), "f", kept=True).edition is not None


def test_a_rule_of_too_many_values_is_given_up_and_a_record_may_hold_more() -> None:
    many = b"declared: [" + b"x/a," * MOST_IN_FILE + b"]\n"
    (found,) = read_rule(many, "f").diagnostics
    assert (found.code, found.message) == ("CN0117", "the file holds more than 100000 values")
    assert read_record(many, "f").record is not None
