"""Routes as CP-SAT sees them: the awards' own model, and in which term each credential is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, Literal, NamedTuple

from app.core.engine.exact import MOST_TERMS, Model
from app.core.engine.limits import Linear, terms
from app.core.model.credential import CredentialId
from app.core.search.packing import packs, parted, weights
from app.core.search.route_basis import Basis, Step
from app.core.search.route_limits import Limit
from app.core.search.route_request import Objective

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

# Deterministic seconds of CP-SAT for one route.
LIMIT = 0.5

Status = Literal["found", "impossible", "open"]


class Cut(NamedTuple):
    """Steps that are known: not to be found again, `wholly` and nothing else, or with more."""

    steps: tuple[Step, ...]
    wholly: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """What a search came to; by each objective so far nothing can be below its `least`."""

    status: Status
    steps: tuple[Step, ...] = ()
    least: tuple[int, ...] = ()
    spent: float = 0.0


class Level(NamedTuple):
    """What is to be made as small as can be, the most it can come to, and the unit it counts in."""

    sum: Linear
    most: int
    unit: int = 1


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
    return _Search(basis, limits, cuts).best(limit, first) if _fits(basis) else Reached("open")


def possible(basis: Basis, limits: Iterable[Limit], limit: float) -> Reached:
    """Say whether there is any route under some limits."""
    return _Search(basis, limits, ()).any(limit) if _fits(basis) else Reached("open")


def _fits(basis: Basis) -> bool:
    """Say whether a model is small enough to be worth stating."""
    steps = len(basis.candidates) * len(basis.request.terms)
    return max(terms(basis.problem), steps) <= MOST_TERMS


def settings(solver: CpSolver, limit: float) -> CpSolver:
    """Return the solver as it is set for routes: what is linear decides, and cuts seldom help."""
    own = solver.parameters
    own.num_workers = 1
    own.random_seed = 1
    own.max_deterministic_time = limit
    own.linearization_level = 2
    own.cut_level = 0
    own.cp_model_probing_level = 0
    own.symmetry_level = 0
    own.max_presolve_iterations = 1
    return solver


class _Search:
    """One model, solved for each objective in turn."""

    def __init__(self, basis: Basis, limits: Iterable[Limit], cuts: Sequence[Cut]) -> None:
        """State the awards, the terms, and what binds the route."""
        from ortools.sat.python import cp_model  # noqa: PLC0415

        self.library, self.basis = cp_model, basis
        self.cp: CpModel = cp_model.CpModel()
        self.model = Model(basis.problem, self.cp)
        self.model.build()
        for done in self.model.done:
            self.cp.add(done == 1)
        self.costs, self.sizes = basis.request.costs, basis.sizes
        self.unit = self._unit()
        count = len(basis.request.terms)
        self.open = [self.cp.new_bool_var(f"open{term}") for term in range(count)]
        self.at: dict[CredentialId, list[IntVar]] = {}
        self.taken: dict[CredentialId, IntVar] = {}
        for name in basis.candidates:
            self._credential(name, count)
        for earlier, later in zip(self.open, self.open[1:], strict=False):
            self.cp.add(later <= earlier)
        # Whether it makes no difference to the awards in which term something is earned.
        self.alike = all(copy.term is None for copy in basis.copies)
        self._copies()
        for one in limits:
            one.state(self)
        for cut in cuts:
            self._cut(cut)

    def _unit(self) -> int:
        tops = [
            most
            for load in self.basis.request.loads
            if load.measure == "credits"
            for most in load.most
            if most is not None
        ]
        return gcd(*self.sizes.values(), *tops) or 1

    def _credential(self, name: CredentialId, count: int) -> None:
        flags = self.at[name] = [self.cp.new_bool_var("") for _ in range(count)]
        self.taken[name] = self.cp.new_bool_var("")
        self.cp.add(sum(flags) == self.taken[name])
        for flag, opened in zip(flags, self.open, strict=True):
            self.cp.add(flag <= opened)

    def _copies(self) -> None:
        """Only what is taken counts, and in its own term where that matters."""
        for copy in self.basis.copies:
            flag = self.taken[copy.credential]
            if copy.term is not None:
                flag = self.at[copy.credential][copy.term]
            for own in self.model.x:
                if copy.item in own:
                    self.cp.add(own[copy.item] <= flag)

    def _cut(self, cut: Cut) -> None:
        known = [self._flag(step) for step in cut.steps]
        if not cut.wholly:
            self.cp.add(sum(known) <= len(known) - 1)
            return
        every = self.taken.values() if self.alike else self._every()
        taken = [
            self.taken[step.credential] if self.alike else self.at[step.credential][step.term]
            for step in cut.steps
        ]
        self.cp.add(sum(every) - 2 * sum(taken) >= 1 - len(taken))

    def _every(self) -> list[IntVar]:
        return [flag for flags in self.at.values() for flag in flags]

    def _flag(self, step: Step) -> IntVar:
        if self.basis.request.differ == "terms":
            return self.at[step.credential][step.term]
        return self.taken[step.credential]

    def before(self, names: Iterable[CredentialId], term: int) -> Linear:
        """How many of some credentials are taken before a term."""
        return sum(flag for name in names for flag in self.at[name][:term])

    def levels(self) -> list[Level]:
        """The objectives in their order; of what is alike, the fewest steps and the earliest."""
        asked = self.basis.request.objectives
        found = [self._level(one) for one in asked]
        if "credentials" not in asked:
            found.append(self._level("credentials"))
        early = [term * flag for flags in self.at.values() for term, flag in enumerate(flags)]
        return [*found, Level(sum(early), len(self.at) * len(self.open))]

    def _level(self, objective: Objective) -> Level:
        match objective:
            case "terms":
                return Level(sum(self.open), len(self.open))
            case "cost":
                costs = {name: self.costs.get(name, 0) for name in self.taken}
                unit = gcd(*costs.values()) or 1
                whole = sum(costs[name] // unit * flag for name, flag in self.taken.items())
                return Level(whole, sum(costs.values()) // unit, unit)
            case "credits":
                most = sum(self.sizes.values()) // self.unit
                return Level(self._credits(self.taken.items()), most, self.unit)
            case "credentials":
                return Level(sum(self.taken.values()), len(self.taken))
        most = sum(self.sizes.values()) // self.unit
        load = self.cp.new_int_var(0, most, "load")
        for term in range(len(self.open)):
            self.cp.add(load >= self._credits((name, own[term]) for name, own in self.at.items()))
        return Level(load, most, self.unit)

    def _credits(self, flags: Iterable[tuple[CredentialId, IntVar]]) -> Linear:
        return sum(self.sizes[name] // self.unit * flag for name, flag in flags)

    def any(self, limit: float) -> Reached:
        """Say whether there is any route."""
        solver = settings(self.library.CpSolver(), limit)
        status = solver.solve(self.cp)
        spent = solver.response_proto.deterministic_time
        if status == self.library.INFEASIBLE:
            return Reached("impossible", spent=spent)
        found = status in {self.library.OPTIMAL, self.library.FEASIBLE}
        return Reached("found" if found else "open", spent=spent)

    def best(self, limit: float, first: int) -> Reached:
        """Make each level as small as can be, those before it staying as they are."""
        levels, left = self.levels(), limit
        self.cp.add(levels[0].sum * levels[0].unit >= first)
        steps: tuple[Step, ...] | None = None
        least: list[int] = []
        for several in packs([level.most for level in levels]):
            pack = levels[several.start : several.stop]
            tops = [level.most for level in pack]
            own = zip(weights(tops), pack, strict=True)
            whole = sum(weight * level.sum for weight, level in own)
            self.cp.minimize(whole)
            solver = settings(self.library.CpSolver(), max(left, 0.001))
            status = solver.solve(self.cp)
            left -= solver.response_proto.deterministic_time
            if status == self.library.INFEASIBLE:
                return Reached("impossible", spent=limit - left)
            if status not in {self.library.OPTIMAL, self.library.FEASIBLE}:
                break
            steps = self._found(solver)
            # What each cannot go below where those before it are at their least.
            bound = parted(tops, max(round(solver.best_objective_bound), 0))
            least += [part * level.unit for part, level in zip(bound, pack, strict=True)]
            if status != self.library.OPTIMAL:
                break
            self.cp.add(whole <= round(solver.objective_value))
        if steps is None:
            return Reached("open", spent=limit - left)
        return Reached("found", steps, tuple(least), limit - left)

    def _found(self, solver: CpSolver) -> tuple[Step, ...]:
        found = [
            Step(term, name)
            for name, flags in self.at.items()
            for term, flag in enumerate(flags)
            if solver.value(flag)
        ]
        return tuple(sorted(found))
