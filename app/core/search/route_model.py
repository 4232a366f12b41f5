"""Routes as CP-SAT sees them: the awards' own model, and in which term each credential is taken."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Literal, NamedTuple

from app.core.engine.exact import Model
from app.core.engine.limits import Linear
from app.core.model.credential import CredentialId
from app.core.search.route_basis import Basis, Step
from app.core.search.route_limits import Limit
from app.core.search.route_request import Objective

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

# What a route is measured by: an objective, or how early its steps are, all together.
Measure = Literal[Objective, "early"]


class Cut(NamedTuple):
    """Steps that are known: not to be found again, `wholly` and nothing else, or with more."""

    steps: tuple[Step, ...]
    wholly: bool = False


class Level(NamedTuple):
    """What is to be made as small as can be, and the unit it counts in."""

    sum: Linear
    unit: int = 1


class RouteModel:
    """All routes of some terms at most that keep to some limits and that no cut rules out."""

    def __init__(
        self, basis: Basis, limits: Iterable[Limit], cuts: Iterable[Cut], count: int
    ) -> None:
        """State the awards, the terms, and what binds the route."""
        from ortools.sat.python import cp_model  # noqa: PLC0415

        self.basis, self.count = basis, count
        self.cp: CpModel = cp_model.CpModel()
        self.model = Model(basis.problem, self.cp)
        self.model.build()
        for done in self.model.done:
            self.cp.add(done == 1)
        self.costs, self.sizes = basis.request.costs, basis.sizes
        self.unit = self._unit()
        # Whether a credential is taken in a term or before: what comes before what says less
        # with it than with the term itself, and in a term without an offer it stays as it was.
        self.by: dict[CredentialId, list[IntVar]] = {}
        self.at: dict[CredentialId, list[Linear]] = {}
        self.taken: dict[CredentialId, Linear] = {}
        for name in basis.candidates:
            self._credential(name)
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

    def _credential(self, name: CredentialId) -> None:
        by = self.by[name] = [self.cp.new_bool_var("") for _ in range(self.count)]
        for one, following in pairwise(by):
            self.cp.add_implication(one, following)
        self.at[name] = [*by[:1], *(after - before for before, after in pairwise(by))]
        self.taken[name] = by[-1] if by else 0

    def _copies(self) -> None:
        """Only what is taken counts, and in its own term where that matters."""
        for copy in self.basis.copies:
            flag = self.taken[copy.credential]
            if copy.term is not None:
                flag = self._placed(Step(copy.term, copy.credential))
            for own in self.model.x:
                if copy.item in own:
                    self.cp.add(own[copy.item] <= flag)

    def _placed(self, step: Step) -> Linear:
        """Whether a credential is taken in just this term."""
        return self.at[step.credential][step.term] if step.term < self.count else 0

    def _cut(self, cut: Cut) -> None:
        if not cut.wholly:
            by_term = self.basis.request.differ == "terms"
            known = sum(self._known(step, by_term=by_term) for step in cut.steps)
            self.cp.add(known <= len(cut.steps) - 1)
            return
        # In whatever terms, each credential is taken once.
        known = sum(self._known(step, by_term=not self.alike) for step in cut.steps)
        self.cp.add(sum(self.taken.values()) - 2 * known >= 1 - len(cut.steps))

    def _known(self, step: Step, *, by_term: bool) -> Linear:
        return self._placed(step) if by_term else self.taken[step.credential]

    def before(self, names: Iterable[CredentialId], term: int) -> Linear:
        """How many of some credentials are taken before a term."""
        return sum(self.by[name][term - 1] for name in names) if term else 0

    def level(self, measure: Measure) -> Level:
        """What a route comes to by a measure; by the terms it is the model that counts."""
        match measure:
            case "cost":
                costs = {name: self.costs.get(name, 0) for name in self.taken}
                unit = gcd(*costs.values()) or 1
                return Level(sum(costs[one] // unit * self.taken[one] for one in costs), unit)
            case "credits":
                return Level(self._credits(self.taken.items()), self.unit)
            case "credentials":
                return Level(sum(self.taken.values()))
            case "early":
                return Level(sum(by[-1] - one for by in self.by.values() for one in by[:-1]))
        load = self.cp.new_int_var(0, sum(self.sizes.values()) // self.unit, "load")
        for term in range(self.count):
            self.cp.add(load >= self._credits((name, own[term]) for name, own in self.at.items()))
        return Level(load, self.unit)

    def _credits(self, flags: Iterable[tuple[CredentialId, Linear]]) -> Linear:
        return sum(self.sizes[name] // self.unit * flag for name, flag in flags)

    def found(self, solver: CpSolver) -> tuple[Step, ...]:
        """Return the steps of the route that the solver found."""
        return tuple(
            sorted(
                Step(self.count - sum(map(solver.boolean_value, by)), name)
                for name, by in self.by.items()
                if by and solver.boolean_value(by[-1])
            )
        )

    def begin_with(self, solver: CpSolver) -> None:
        """Let the next search begin where the last one came to."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        for place, value in enumerate(solver.response_proto.solution):
            self.cp.add_hint(self.cp.get_int_var_from_proto_index(place), value)
