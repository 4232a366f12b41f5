"""What is asked of a route, and what makes no sense to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, get_args

from app.core.language.diagnostics import did_you_mean, shorten
from app.core.model.credential import CredentialId
from app.core.search.terms import Term

Objective = Literal["terms", "cost", "credits", "credentials", "load"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
Difference = Literal["credentials", "terms"]
LoadMeasure = Literal["credits", "credentials"]
# So many terms and routes at most.
MOST_TERMS = 24
MOST_ROUTES = 10
# What all credentials together may cost: sums up to this are exact for the solver.
MOST_COST = 10**9


class RouteError(Exception):
    """A question about routes that makes no sense; `code` is stable, the text names a remedy."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code."""
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Load:
    """The most that may be taken in each term; None where a term has no limit."""

    measure: LoadMeasure
    most: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """A question about routes; terms are told by their places.

    `offered` has the terms in which a credential can be taken, all where it is not named;
    `together` what has to be taken in the same term or before it; `due` its latest term;
    `only`, if given, all that may be taken; `costs` are in whole units, `budget` in the same.
    Routes `differ` in their credentials, or in their terms at least.
    """

    terms: tuple[Term, ...]
    loads: tuple[Load, ...] = ()
    offered: Mapping[CredentialId, frozenset[int]] = field(default_factory=dict)
    together: Mapping[CredentialId, tuple[CredentialId, ...]] = field(default_factory=dict)
    due: Mapping[CredentialId, int] = field(default_factory=dict)
    take: frozenset[CredentialId] = frozenset()
    avoid: frozenset[CredentialId] = frozenset()
    only: frozenset[CredentialId] | None = None
    costs: Mapping[CredentialId, int] = field(default_factory=dict)
    budget: int | None = None
    objectives: tuple[Objective, ...] = ("terms",)
    count: int = 1
    differ: Difference = "credentials"

    def named(self) -> Iterator[CredentialId]:
        """Yield the credentials that the question names, some of them several times."""
        yield from (*self.offered, *self.together, *self.due, *self.take, *self.avoid)
        yield from (*(self.only or ()), *self.costs)
        for others in self.together.values():
            yield from others


def check_request(request: RouteRequest, known: Iterable[CredentialId]) -> None:
    """Refuse what makes no sense with RouteError; `known` are the credentials there are."""
    terms = request.terms
    if not 1 <= len(terms) <= MOST_TERMS:
        msg = f"a route is spread over 1 to {MOST_TERMS} terms, not {len(terms)}"
        raise RouteError("terms-out-of-range", msg)
    if not 1 <= request.count <= MOST_ROUTES:
        msg = f"ask for 1 to {MOST_ROUTES} routes, not {request.count}"
        raise RouteError("routes-out-of-range", msg)
    _in_order(terms)
    there = set(known)
    for name in request.named():
        if name not in there:
            near = did_you_mean(name, sorted(there))
            msg = f"the catalogue has no credential `{shorten(name)}`"
            raise RouteError("unknown-credential", f"{msg}: {near}" if near else msg)
    _amounts(request)
    _wishes(request)


def _in_order(terms: tuple[Term, ...]) -> None:
    if len({term.name for term in terms}) < len(terms):
        raise RouteError("terms-alike", "two terms have the same name: give each its own")
    for term in terms:
        if term.end < term.start:
            msg = f"term `{term.name}` ends on {term.end}, before it starts on {term.start}"
            raise RouteError("terms-out-of-order", msg)
    for one, following in pairwise(terms):
        if following.start <= one.end:
            msg = f"term `{following.name}` starts before `{one.name}` has ended on {one.end}"
            raise RouteError("terms-out-of-order", msg)


def _amounts(request: RouteRequest) -> None:
    for load in request.loads:
        if len(load.most) > len(request.terms):
            msg = (
                f"there are {len(load.most)} loads of {load.measure} and {len(request.terms)} terms"
                ": give one for all terms, or no more than one for each"
            )
            raise RouteError("loads-out-of-range", msg)
    amounts = [most for load in request.loads for most in load.most if most is not None]
    amounts += [*request.costs.values(), request.budget or 0]
    if min(amounts, default=0) < 0:
        raise RouteError("negative-amount", "a load, a cost or a budget is nought or more")
    if sum(request.costs.values()) > MOST_COST:
        msg = f"all costs together come to more than {MOST_COST}: state them in a larger unit"
        raise RouteError("costs-too-large", msg)
    if len(set(request.objectives)) < len(request.objectives) or not request.objectives:
        msg = f"name each objective once, the first one first: {', '.join(OBJECTIVES)}"
        raise RouteError("objectives-unclear", msg)


def _wishes(request: RouteRequest) -> None:
    """Refuse wishes that contradict each other."""
    both = sorted(request.take & request.avoid)
    if request.only is not None:
        both += sorted(request.take - request.only)
    if both:
        msg = f"`{both[0]}` has to be taken and must not be: drop one of the two wishes"
        raise RouteError("contradictory-wishes", msg)
