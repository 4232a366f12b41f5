"""Real rules and students, where they are at hand: another engine's answers, and ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.peer.__main__ import BEGIN, END
from tests.interop.peer.answers import HERE, Line, auditor_of, read_lines
from tests.interop.peer.report import Comparison, compare, table

PAGE = Path(__file__).parents[2] / "docs" / "hanson.md"
EVERY = 10
"""One area in so many is compared by default."""

pytestmark = pytest.mark.skipif(not (HERE / "areas").is_dir(), reason="the files are not at hand")


def sample(lines: list[Line]) -> list[Line]:
    """Return the lines of some areas, and all on which the other engine gave up."""
    names = sorted({line.name for line in lines})[::EVERY]
    return [line for line in lines if line.capped or line.name in names]


@pytest.fixture(scope="module")
def found() -> Comparison:
    lines = sample(read_lines())
    return compare(lines, auditor_of(lines))


@pytest.fixture(scope="module")
def everything() -> Comparison:
    lines = read_lines()
    return compare(lines, auditor_of(lines))


def test_each_difference_of_a_sample_is_explained(found: Comparison) -> None:
    assert found.compared
    assert found.not_imported == set()
    assert found.unexplained == []


def test_a_neutral_checker_finds_our_claims_valid_and_our_verdicts_right(found: Comparison) -> None:
    assert found.invalid == []
    assert found.misjudged == []


def test_we_never_meet_fewer_requirements(found: Comparison) -> None:
    assert found.fewer == []


def test_what_the_other_engine_gave_up_on_is_decided_and_proven(found: Comparison) -> None:
    assert found.given_up
    assert found.undecided == []


@pytest.mark.slow
def test_the_whole_set_is_as_it_should_be(everything: Comparison) -> None:
    assert everything.not_imported == set()
    assert everything.unexplained == []
    assert everything.invalid == []
    assert everything.misjudged == []
    assert everything.fewer == []
    assert everything.undecided == []


@pytest.mark.slow
def test_the_page_has_the_table_of_the_whole_set(everything: Comparison) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0] == f"{table(everything)}\n"
