"""Routes: from a record to awards, credential by credential and term by term."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.route_basis import Basis, Step, bases_of, sizes_of
from app.core.search.route_model import Cut
from app.core.search.route_reason import Reason, reason_of
from app.core.search.route_request import Objective, RouteError, RouteRequest
from app.core.search.route_search import LIMIT, Reached, Status, search_route


@dataclass(frozen=True, slots=True)
class Route:
    """Steps with what they come to; by each objective asked, no route can be below its `least`.

    What is known of one objective holds where those before it are at their least.
    """

    steps: tuple[Step, ...]
    figures: Mapping[Objective, int]
    least: Mapping[Objective, int]

    @property
    def proven(self) -> bool:
        """Say whether no route is better, by the objectives in their order."""
        return all(self.figures[one] == least for one, least in self.least.items())


@dataclass(frozen=True, slots=True)
class Routes:
    """The best routes, the best first; `complete` where there are no more that differ.

    Where none is possible there is a `reason`. `cycles` are prerequisites that go round in circles,
    `besides` the steps without credit that are yet to be done beside any route.
    """

    status: Status
    routes: tuple[Route, ...]
    complete: bool
    reason: Reason | None
    cycles: tuple[tuple[CredentialId, ...], ...]
    besides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """The best routes without a step, and what that costs by each figure; none without a route."""

    routes: Routes
    price: Mapping[Objective, int]


def find_routes(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    request: RouteRequest,
    as_of: date,
    limit: float = LIMIT,
) -> Routes:
    """Return the best routes to all awards, each without some step of every one before it.

    RouteError where the question makes no sense, AuditError where the record cannot be judged.
    """
    bases = bases_of(awards, record, request, as_of)
    basis = bases[0]
    found: list[Route] = []
    cuts: list[Cut] = []
    status: Status = "found"
    first = 0
    while status == "found" and len(found) < request.count:
        reached = _best(basis, [search_route(one, one.limits, cuts, limit, first) for one in bases])
        status = reached.status
        if status == "found":
            found.append(_route(basis, reached))
            cuts.append(Cut(reached.steps))
            first = found[-1].least.get(request.objectives[0], 0)
            # Beside nothing that has to be taken everything else is only more of it.
            if not reached.steps:
                status = "impossible"
    reason = None if found or status == "open" else reason_of(basis)
    return Routes(
        status="found" if found else status,
        routes=tuple(found),
        complete=status == "impossible",
        reason=reason,
        cycles=basis.cycles,
        besides=basis.besides,
    )


def swap_step(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    request: RouteRequest,
    as_of: date,
    steps: Collection[Step],
    swapped: tuple[CredentialId, CredentialId | None],
) -> Swap:
    """Return the best route without a step of some route, or with another one in its place."""
    out, into = swapped
    if all(step.credential != out for step in steps):
        names = ", ".join(f"`{step.credential}`" for step in steps) or "none"
        raise RouteError("unknown-step", f"`{out}` is no step of the route: there are {names}")
    take = request.take if into is None else request.take | {into}
    other = replace(request, take=take, avoid=request.avoid | {out}, count=1)
    found = find_routes(awards, record, other, as_of)
    if not found.routes:
        return Swap(found, {})
    before = figures_of(request, sizes_of(awards[0], {step.credential for step in steps}), steps)
    after = found.routes[0].figures
    return Swap(found, {one: after[one] - before[one] for one in after})


def figures_of(
    request: RouteRequest, sizes: Mapping[CredentialId, int], steps: Iterable[Step]
) -> dict[Objective, int]:
    """Return what steps come to: terms until all is done, cost, credits, number, largest term."""
    loads: dict[int, int] = {}
    cost = count = 0
    for term, name in steps:
        loads[term] = loads.get(term, 0) + sizes[name]
        cost += request.costs.get(name, 0)
        count += 1
    return {
        "terms": max(loads, default=-1) + 1,
        "cost": cost,
        "credits": sum(loads.values()),
        "credentials": count,
        "load": max(loads.values(), default=0),
    }


def _best(basis: Basis, several: Sequence[Reached]) -> Reached:
    """The best of what was found, the fewest and earliest steps first where that is the same."""

    def key(one: Reached) -> tuple[int, ...]:
        figures = figures_of(basis.request, basis.sizes, one.steps)
        asked = [figures[each] for each in basis.request.objectives]
        return (*asked, len(one.steps), sum(step.term for step in one.steps))

    found = [one for one in several if one.status == "found"]
    return min(found, key=key, default=several[0])


def _route(basis: Basis, reached: Reached) -> Route:
    asked = basis.request.objectives
    # A stricter problem than the awards' own says nothing of what else there might be.
    known = reached.least if basis.exact else ()
    least = {one: known[at] if at < len(known) else 0 for at, one in enumerate(asked)}
    return Route(reached.steps, figures_of(basis.request, basis.sizes, reached.steps), least)
