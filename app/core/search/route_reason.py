"""Why no route is possible: the smallest reason, as data and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.model.credits import show_credits
from app.core.search.completion import Asked
from app.core.search.route_basis import Basis
from app.core.search.route_limits import Budget, Due, Limit, Loaded, Needs, Offered, Only, Wished
from app.core.search.route_request import RouteRequest
from app.core.search.route_search import possible

# Deterministic seconds of CP-SAT for one reason, and for one look at some of the limits.
LIMIT = 4.0
ONE_LOOK = 0.5

ReasonKind = Literal["catalogue", "dates", "limits"]


@dataclass(frozen=True, slots=True)
class Reason:
    """What makes a route impossible: the catalogue, the rules' own dates, or some limits together.

    Without any one of the limits there would be a route, if they are `minimal`.
    """

    kind: ReasonKind
    limits: tuple[Limit, ...] = ()
    minimal: bool = True


def reason_of(basis: Basis) -> Reason:
    """Return the smallest reason why a question has no route."""
    filtering = _Filtering(basis)
    if not filtering.possible(()):
        return Reason(_beyond(basis))
    found = filtering.smallest((), basis.limits)
    return Reason("limits", tuple(found), filtering.certain)


def _beyond(basis: Basis) -> ReasonKind:
    """Say whether the catalogue has too little, or only the days of the terms are in the way."""
    if all(copy.term is None for copy in basis.copies):
        return "catalogue"
    asked = Asked(basis.awards, basis.record, basis.as_of, granted=True)
    found = asked.completion(basis.candidates, [{}])
    return "dates" if found.credentials is not None else "catalogue"


class _Filtering:
    """Looks for a set of limits of which none can be spared, by halves."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.left = LIMIT
        self.certain = True

    def possible(self, limits: Sequence[Limit]) -> bool:
        """Say whether there is a route under some limits; what is not decided counts as one."""
        if self.left <= 0:
            self.certain = False
            return True
        reached = possible(self.basis, limits, min(self.left, ONE_LOOK))
        self.left -= reached.spent
        self.certain = self.certain and reached.status != "open"
        return reached.status != "impossible"

    def smallest(
        self, kept: Sequence[Limit], limits: Sequence[Limit], *, added: bool = False
    ) -> list[Limit]:
        """Return the fewest of some limits with which, beside those kept, nothing is possible.

        Junker's QuickXplain: `added` where something was kept since the last look.
        """
        if added and not self.possible(kept):
            return []
        if len(limits) == 1:
            return list(limits)
        half = len(limits) // 2
        former, latter = limits[:half], limits[half:]
        second = self.smallest([*kept, *former], latter, added=bool(former))
        first = self.smallest([*kept, *second], former, added=bool(second))
        return [*first, *second]


def said_of(reason: Reason, request: RouteRequest) -> list[str]:
    """Return a reason in sentences, what it is about first."""
    if reason.kind == "catalogue":
        return ["Nothing in the catalogue completes it, whatever the terms."]
    if reason.kind == "dates":
        return ["The rules' own dates and order are not met in any of these terms."]
    count = len(request.terms)
    whole = f"It cannot be done in {count} term{'' if count == 1 else 's'} because:"
    return [whole, *(say(one, request) for one in reason.limits)]


def say(limit: Limit, request: RouteRequest) -> str:
    """Return one limit in a sentence."""
    names = [term.name for term in request.terms]
    match limit:
        case Offered(name, terms) if not terms:
            elsewhere = name in request.offered and not request.offered[name]
            return f"`{name}` is {'offered in none of these terms' if elsewhere else 'retired'}."
        case Offered(name, terms):
            listed = ", ".join(names[at] for at in sorted(terms))
            return f"`{name}` is offered in {listed} only."
        case Due(name, last):
            return f"`{name}` is due by {names[last]}."
        case Needs(name, other, same=True):
            return f"`{name}` needs `{other}` before it or beside it."
        case Needs(name, other):
            return f"`{name}` needs `{other}` before it."
        case Loaded(load):
            tops = sorted({most for most in load.most if most is not None})
            shown = [show_credits(top) if load.measure == "credits" else str(top) for top in tops]
            return f"A term takes at most {' or '.join(shown)} {load.measure}."
        case Wished(name, take):
            return f"`{name}` {'has to' if take else 'must not'} be taken."
        case Only(several):
            return f"Only {len(several)} named credentials may be taken."
        case Budget(most):
            return f"All steps together may cost {most} at most."
