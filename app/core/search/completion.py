"""The best completion: what of the catalogue a record still needs, at the lowest cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import decide, pooled
from app.core.engine.exact import MOST_TERMS, Model, configured
from app.core.engine.limits import Linear, terms
from app.core.engine.posing import pose
from app.core.engine.problem import Problem
from app.core.model.credential import CredentialId
from app.core.model.record import AchievementId, LearnerRecord
from app.core.search.offers import beside

# Deterministic seconds of CP-SAT for one completion.
LIMIT = 1.0

Cost = Mapping[CredentialId, int]
"""What each credential costs, in whole units; one that is not named costs nothing."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What completes awards; `least` is what no completion can cost less than, by each cost.

    Where `credentials` is None nothing was found: for certain if it is `proven`.
    """

    credentials: tuple[CredentialId, ...] | None
    costs: tuple[int, ...]
    least: tuple[int, ...]
    proven: bool


def complete(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    offers: Iterable[CredentialId],
    as_of: date,
    costs: Sequence[Cost],
    limit: float = LIMIT,
) -> Completion:
    """Return what of the offers completes all awards at the lowest cost, by each in turn.

    AuditError where the record cannot be judged.
    """
    names = sorted(offers)
    wider = beside(record, names, awards, as_of)
    held = {one.id for one in record.achievements}
    problem = pose(pooled(awards, wider, as_of), "planned")
    if terms(problem) > MOST_TERMS:
        return Completion(None, (), (), proven=False)
    return _Search(problem, held, limit).best(costs)


def completes(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    names: Iterable[CredentialId],
    as_of: date,
) -> bool:
    """Say whether a record meets all awards with some credentials beside all that is planned."""
    verdict = decide(awards, beside(record, names, awards, as_of), as_of)
    return all(standing.met for standing in verdict.planned.standings)


class _Search:
    """One model, solved for each cost in turn."""

    def __init__(self, problem: Problem, held: set[AchievementId], limit: float) -> None:
        """State the problem, with every award met."""
        from ortools.sat.python import cp_model  # noqa: PLC0415

        self.library = cp_model
        self.model = Model(problem, cp_model.CpModel())
        self.model.build()
        self.left, self.size = limit, terms(problem)
        every = sum(problem.whole)
        self.used: dict[CredentialId, Linear] = {
            item.credential.id: self.model.used(item.at, every)
            for item in problem.items
            if item.achievement.id not in held
        }
        for done in self.model.done:
            self.model.cp.add(done == 1)

    def best(self, costs: Sequence[Cost]) -> Completion:
        """Make each cost as small as can be, those before it staying as they are."""
        chosen: tuple[CredentialId, ...] | None = None
        found: list[int] = []
        least: list[int] = []
        proven = True
        for cost in costs:
            whole = sum(cost.get(name, 0) * flag for name, flag in self.used.items())
            self.model.cp.minimize(whole)
            solver = configured(self.library.CpSolver(), max(self.left, 0.001), self.size)
            status = solver.solve(self.model.cp)
            self.left -= solver.response_proto.deterministic_time
            if status == self.library.INFEASIBLE:
                return Completion(None, (), (), proven=True)
            if status not in {self.library.OPTIMAL, self.library.FEASIBLE}:
                return Completion(chosen, tuple(found), tuple(least), proven=False)
            chosen = tuple(
                [
                    name
                    for name, flag in self.used.items()
                    if not isinstance(flag, int) and solver.value(flag)
                ]
            )
            found.append(round(solver.objective_value))
            least.append(round(solver.best_objective_bound))
            proven = proven and status == self.library.OPTIMAL
            self.model.cp.add(whole <= found[-1])
        return Completion(chosen, tuple(found), tuple(least), proven)
