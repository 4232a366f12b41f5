"""What went wrong once goes wrong no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.asked import rejected, unequal, unproven
from tests.properties.generator import make_problems
from tests.properties.kept import from_text, to_text

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*.json"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_the_engine_equals_the_oracle_where_it_once_did_not(path: Path) -> None:
    problem = from_text(path.read_text())
    assert not unequal(problem)
    assert not unproven(problem)
    assert not rejected(problem)


def test_a_problem_that_is_kept_comes_back_the_same() -> None:
    for problem in make_problems(3, 20):
        assert from_text(to_text(problem)) == problem
