"""What went wrong once goes wrong no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.properties.asked import heeds_otherwise, rejected, unequal, unproven
from tests.properties.generator import make_problems
from tests.properties.kept import from_text, to_text
from tests.properties.wanting import make_wanted

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*.json"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_the_engine_equals_the_oracle_where_it_once_did_not(path: Path) -> None:
    problem = from_text(path.read_text())
    assert not (heeds_otherwise(problem) if problem.wanted else unequal(problem))
    assert not unproven(problem)
    assert not rejected(problem)


def test_a_problem_that_is_kept_comes_back_the_same() -> None:
    for seed, problem in enumerate(make_problems(3, 20)):
        asked = replace(problem, wanted=make_wanted(Random(seed), problem, forced=True))
        for one in (problem, asked):
            assert from_text(to_text(one)) == one
            assert repr(from_text(to_text(one)).wanted) == repr(one.wanted)
