"""The best route under some limits: the fewest terms from below, then objective by objective."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from app.core.engine.exact import MOST_TERMS
from app.core.engine.limits import terms
from app.core.search.route_basis import Basis, Step
from app.core.search.route_limits import Limit, Loaded
from app.core.search.route_model import Cut, Level, Measure, RouteModel
from app.core.search.route_request import Load

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver

# Deterministic seconds of CP-SAT for one route.
LIMIT = 0.8
# Of what is left of them, so much for how many terms are needed at least.
LOOK = 0.05
# And so much for a look from the lowest value up: it proves the most, but finds little before.
TRY = 0.6
# So often a route that an audit does not find enough is put aside for the next best.
MOST_TRIES = 25

Status = Literal["found", "impossible", "open"]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a search came to; by each objective so far nothing can be below its `least`."""

    status: Status
    steps: tuple[Step, ...] = ()
    least: tuple[int, ...] = ()
    spent: float = 0.0


def search_route(
    basis: Basis,
    limits: Iterable[Limit],
    cuts: Sequence[Cut] = (),
    limit: float = LIMIT,
    first: int = 0,
) -> Reached:
    """Return the best route under some limits that no cut rules out.

    None is better than `first` by the first objective, as far as is known.
    """
    several = tuple(limits)
    return _audited(
        basis, limit, lambda more, left: _Search(basis, several, (*cuts, *more), left).best(first)
    )


def possible(basis: Basis, limits: Iterable[Limit], limit: float) -> Reached:
    """Say whether there is any route under some limits."""
    several = tuple(limits)
    return _audited(basis, limit, lambda more, left: _Search(basis, several, more, left).any())


def _audited(
    basis: Basis, limit: float, look: Callable[[Sequence[Cut], float], Reached]
) -> Reached:
    """What a search comes to once an audit finds it enough, which asks what no model can."""
    refused: list[Cut] = []
    left = limit if _fits(basis) else 0.0
    while len(refused) < MOST_TRIES and left > 0:
        reached = look(refused, left)
        left -= reached.spent
        if reached.status == "impossible" and not basis.exact:
            break
        if reached.status != "found" or basis.completes(reached.steps):
            return replace(reached, spent=limit - left)
        refused.append(Cut(reached.steps, wholly=True))
    return Reached("open", spent=limit - left)


def _fits(basis: Basis) -> bool:
    """Say whether a model is small enough to be worth stating."""
    steps = len(basis.candidates) * len(basis.request.terms)
    return max(terms(basis.problem), steps) <= MOST_TERMS


class _Search:
    """One question, solved for each objective in turn, those before it staying as they are."""

    def __init__(
        self, basis: Basis, limits: Sequence[Limit], cuts: Sequence[Cut], limit: float
    ) -> None:
        """Begin with all terms."""
        from ortools.sat.python import cp_model  # noqa: PLC0415

        self.library = cp_model
        self.basis, self.limits, self.cuts = basis, limits, cuts
        self.limit = self.left = limit
        self.count = self.most = len(basis.request.terms)
        self.kept: list[tuple[Measure, int]] = []
        self.model: RouteModel | None = None
        self.steps: tuple[Step, ...] | None = None
        self.least: list[int] = []
        # The fewest terms that are not ruled out, as long as a term more may have to be tried.
        self.fewest: int | None = None
        self.sure = True

    def any(self) -> Reached:
        """Say whether there is any route."""
        model = self._stated()
        solver, status = self._solve(model, None, self.left)
        if status == self.library.INFEASIBLE:
            return self._reached("impossible")
        if not self._has_route(status):
            return self._reached("open")
        self.steps = model.found(solver)
        return self._reached("found")

    def best(self, first: int) -> Reached:
        """Return what is best by all measures; of what is alike, the fewest and the earliest."""
        asked: list[Measure] = [*self.basis.request.objectives]
        asked += [one for one in ("credentials",) if one not in asked]
        for place, measure in enumerate([*asked, "early"]):
            floor = first if place == 0 else 0
            if measure == "terms":
                self._look_from(max(floor, self._terms_needed()))
                continue
            status = self._make_least(measure, floor)
            if status == self.library.INFEASIBLE:
                return self._reached("impossible")
            if status != self.library.OPTIMAL:
                break
        return self._reached("open" if self.steps is None else "found")

    def _reached(self, status: Status) -> Reached:
        return Reached(status, self.steps or (), tuple(self.least), self.limit - self.left)

    def _look_from(self, lowest: int) -> None:
        """Let the next measure be made least in the fewest terms, of which there are so many."""
        if self.steps is not None:
            self.most = max([step.term + 1 for step in self.steps], default=0)
        self.count = self.fewest = min(lowest, self.most)
        self.model = None

    def _terms_needed(self) -> int:
        """Say how many terms have room for the least that completes the awards, whatever else."""
        loads = [one.load for one in self.limits if isinstance(one, Loaded)]
        if not loads:
            return 0
        others = [one for one in self.limits if not isinstance(one, Loaded)]
        model, found = RouteModel(self.basis, others, (), self.most), 0
        for load in loads:
            level = model.level(load.measure)
            solver, status = self._solve(model, level, self.left * LOOK, from_below=True)
            if status == self.library.INFEASIBLE:
                return self.most
            least = max(round(solver.best_objective_bound), 0) * level.unit
            found = max(found, _first_room(load, least))
        return found

    def _make_least(self, measure: Measure, floor: int) -> int:
        """Make a measure as small as can be, in the fewest terms if these are looked for."""
        solver, status, level = self._least(measure, floor)
        if not self._has_route(status):
            return status
        model = self._stated()
        self.steps = model.found(solver)
        if self.fewest is not None:
            self.least.append(self.fewest)
            # Behind what may be less yet nothing is sure.
            self.sure = self.fewest == self.count
            self.fewest = None
        if self.sure:
            self.least.append(max(round(solver.best_objective_bound), 0) * level.unit)
        self._keep(model, measure, level, solver)
        return status

    def _least(self, measure: Measure, floor: int) -> tuple[CpSolver, int, Level]:
        """Look for the least by a measure, with a term more as long as there is none."""
        again = False
        while True:
            model = self._stated()
            level = model.level(measure)
            if floor:
                model.cp.add(level.sum * level.unit >= floor)
            limit = self.left if again else self.left * TRY
            solver, status = self._solve(model, level, limit, from_below=not again)
            if again or status == self.library.OPTIMAL:
                return solver, status, level
            if self._has_route(status):
                model.begin_with(solver)
                again = True
            elif self.fewest is not None and self.count < self.most:
                self._one_term_more(status)
            elif status == self.library.INFEASIBLE:
                return solver, status, level
            else:
                again = True

    def _one_term_more(self, status: int) -> None:
        """Go on with a term more, after so many that were ruled out or are left undecided."""
        if status == self.library.INFEASIBLE and self.fewest == self.count:
            self.fewest += 1
        self.count, self.model = self.count + 1, None

    def _keep(self, model: RouteModel, measure: Measure, level: Level, solver: CpSolver) -> None:
        """Let what was reached by a measure stay, whatever comes next."""
        value = round(solver.objective_value)
        self.kept.append((measure, value))
        model.cp.add(level.sum <= value)
        model.begin_with(solver)

    def _stated(self) -> RouteModel:
        """Return the model of so many terms, with what was reached so far."""
        if self.model is None:
            self.model = RouteModel(self.basis, self.limits, self.cuts, self.count)
            for measure, value in self.kept:
                self.model.cp.add(self.model.level(measure).sum <= value)
        return self.model

    def _solve(
        self, model: RouteModel, level: Level | None, limit: float, *, from_below: bool = False
    ) -> tuple[CpSolver, int]:
        if level is not None:
            model.cp.minimize(level.sum)
        solver = _settings(self.library.CpSolver(), max(limit, 0.001))
        solver.parameters.use_objective_lb_search = from_below
        status = solver.solve(model.cp)
        self.left -= solver.response_proto.deterministic_time
        return solver, int(status)

    def _has_route(self, status: int) -> bool:
        return status in {self.library.OPTIMAL, self.library.FEASIBLE}


def _first_room(load: Load, least: int) -> int:
    """The number of first terms that take so much together."""
    room = 0
    for count, most in enumerate(load.most):
        if room >= least:
            return count
        if most is None:
            return count + 1
        room += most
    return len(load.most)


def _settings(solver: CpSolver, limit: float) -> CpSolver:
    """Return the solver as it is set for routes: what is linear decides."""
    own = solver.parameters
    own.num_workers = 1
    own.random_seed = 1
    own.max_deterministic_time = limit
    own.linearization_level = 2
    own.cut_level = 1
    own.cp_model_probing_level = 0
    own.symmetry_level = 0
    own.max_presolve_iterations = 1
    return solver
