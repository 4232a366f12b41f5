"""The plain way, for comparison: each answer as one CP-SAT model, and nothing else.

Levels 1 to 4 are one weighted sum, solved once; no fast path, no bounds, no second solve for the
placement. The settings are those found best (linearisation level 2, one worker). Answers over the
same achievements are solved once, as in the engine: what is unfair favours the plain model.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ortools.sat.python import cp_model

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled
from app.core.engine.evaluate import Level, level_of, stand_all
from app.core.engine.exact import LIMIT, Model, packed
from app.core.engine.posing import pose
from app.core.engine.prepare import ANSWERS, STATUSES
from app.core.engine.problem import Problem
from app.core.model.record import LearnerRecord


def plain_levels(
    awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date
) -> list[Level | None]:
    """Return levels 1 to 4 of the three answers, each decided by CP-SAT alone."""
    ready = pooled(awards, record, as_of)
    found: list[Level | None] = []
    seen: frozenset[str] = frozenset()
    for answer in ANSWERS:
        present = frozenset(item.achievement.status for item in ready.items) & STATUSES[answer]
        if found and present == seen:
            found.append(found[-1])
        else:
            found.append(_solve(pose(ready, answer)))
        seen = present
    return found


def _solve(problem: Problem) -> Level | None:
    """Return the levels of an answer, or None where the engine's own limit ends the search."""
    model = Model(problem, cp_model.CpModel())
    model.build()
    solver, left = cp_model.CpSolver(), LIMIT
    for goal in packed(model.levels):
        solver.parameters.linearization_level = 2
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = left
        model.cp.maximize(goal.sum)
        if left <= 0 or solver.solve(model.cp) != cp_model.OPTIMAL:
            return None
        left -= solver.response_proto.deterministic_time
        model.cp.add(goal.sum >= round(solver.objective_value))
    allocation = model.allocation(solver)
    return level_of(problem, allocation, stand_all(problem, allocation))
