"""What is decided part by part comes to what the whole comes to, in problems of any size."""

from __future__ import annotations

import pytest

from app.core.engine import decide, exact, search
from app.core.engine.exact import Found, solve_exactly
from app.core.engine.problem import Problem as Posed
from app.core.engine.quick import Try
from app.core.engine.split import Divided, divide
from tests.properties.asked import decided, levels
from tests.properties.generator import make_problems
from tests.properties.problem import Problem

ANY_SIZE = 10**30
TRIED = 300


def whole(problem: Posed, best: Try) -> Found:
    """Leave everything to the exact path at once."""
    return solve_exactly(problem, best.allocation, exact.LIMIT)


def proven_levels(problem: Problem) -> list[object]:
    return [levels(one) if one.proven else "open" for one in decided(problem).answers]


@pytest.mark.parametrize("seed", range(4))
def test_parts_come_to_what_the_whole_comes_to(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    several = 0

    def counting(problem: Posed, best: Try) -> Divided:
        nonlocal several
        found = divide(problem, best)
        several += len(found.parts) > 1
        return found

    monkeypatch.setattr(search, "divide", counting)
    problems = [*make_problems(seed, TRIED, most=ANY_SIZE)]
    apart = [proven_levels(one) for one in problems]
    assert several >= TRIED // 30
    monkeypatch.setattr(decide, "search", whole)
    together = [proven_levels(one) for one in problems]
    for problem, own, other in zip(problems, apart, together, strict=True):
        both = [two for two in zip(own, other, strict=True) if "open" not in two]
        assert all(one == as_a_whole for one, as_a_whole in both), problem.record
