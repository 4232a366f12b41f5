"""Questions about routes from plain values, and the answers to them as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from app.core.engine.compiled import CompiledAward
from app.core.language.diagnostics import Place
from app.core.language.values import (
    Reader,
    Readers,
    Value,
    Values,
    amount,
    any_name,
    between,
    day,
    identifier,
    one_of,
    several,
    text,
    whole,
)
from app.core.model.credential import CredentialId
from app.core.model.credits import show_credits
from app.core.model.period import Span, parse_span
from app.core.search.route_asked import RouteAsked
from app.core.search.route_basis import sizes_of
from app.core.search.route_limits import Limit, Loaded, Only
from app.core.search.route_reason import Reason, said_of, say
from app.core.search.route_request import (
    MOST_ROUTES,
    MOST_TERMS,
    OBJECTIVES,
    Load,
    LoadMeasure,
    RouteRequest,
)
from app.core.search.routes import Route, Routes, Swap
from app.core.search.terms import Term, terms_after

Plain = dict[str, Any]
LENGTH = Span(6, "month")
CREDITS = ("credits", "load")


def _span(values: Values, value: Value, place: Place) -> Span | None:
    read = text(values, value, place)
    if read is None:
        return None
    try:
        return parse_span(read)
    except ValueError as wrong:
        values.refuse("CN0206", place, str(wrong).partition(": ")[0], "write such as 6 months")
        return None


def _terms(values: Values, value: Value, place: Place) -> tuple[Term, ...] | None:
    """Read terms: how many of one length from a day on, or each with its days."""
    if isinstance(value, list):
        return _listed(values, value, place)
    readers: Readers = {
        "first": day,
        "count": between(1, MOST_TERMS),
        "length": _span,
        "names": several(any_name),
    }
    taken = values.take(value, place, readers, "the terms", ("first", "count"))
    if "first" not in taken or "count" not in taken:
        return None
    names = taken.get("names") or ("term",)
    # A name that comes back is told apart by its number.
    again = (f"{name} {number}" for number in count(1) for name in names)
    try:
        every = [next(again) for _ in range(taken["count"])]
        return terms_after(taken["first"], taken.get("length", LENGTH), every)
    except ValueError as wrong:
        sentence, _, remedy = str(wrong).partition(": ")
        values.refuse("CN0206", place, sentence, remedy)
        return None


def _listed(values: Values, value: list[Value], place: Place) -> tuple[Term, ...]:
    needed = ("name", "start", "end")
    readers: Readers = {"name": any_name, "start": day, "end": day}
    found = []
    for number, one in enumerate(value):
        taken = values.take(one, (*place, number), readers, "a term", needed)
        if all(key in taken for key in needed):
            found.append(Term(taken["name"], taken["start"], taken["end"]))
    return tuple(found)


def _load(values: Values, value: Value, place: Place) -> Mapping[str, tuple[int | None, ...]]:
    """Read the most a term may take: one amount for all terms, or one for each."""
    readers: Readers = {"credits": several(amount), "credentials": several(whole)}
    return values.take(value, place, readers, "the load of a term")


def _by_credential(reader: Reader[Any]) -> Reader[dict[CredentialId, Any]]:
    def read(values: Values, value: Value, place: Place) -> dict[CredentialId, Any]:
        given = values.chosen(value, place, "the credentials").items()
        read = {CredentialId(key): reader(values, own, (*place, key)) for key, own in given}
        return {key: own for key, own in read.items() if own is not None}

    return read


def _swap(values: Values, value: Value, place: Place) -> tuple[CredentialId, CredentialId | None]:
    readers: Readers = {"out": identifier, "in": identifier}
    taken = values.take(value, place, readers, "a swap", ("out",))
    return CredentialId(taken.get("out", "")), taken.get("in")


ROUTE: Readers = {
    "terms": _terms,
    "load": _load,
    "offered": _by_credential(several(any_name)),
    "corequisites": _by_credential(several(identifier)),
    "due": _by_credential(any_name),
    "take": several(identifier),
    "avoid": several(identifier),
    "only": several(identifier),
    "costs": _by_credential(whole),
    "cost": any_name,
    "budget": whole,
    "objectives": several(one_of(*OBJECTIVES)),
    "routes": between(1, MOST_ROUTES),
    "differ": one_of("credentials", "terms"),
    "swap": _swap,
}


def asked_of(taken: Mapping[str, Any]) -> RouteAsked:
    """Return the question that values read by `ROUTE` ask; `terms` have to be there."""
    terms = taken["terms"]
    out, into = taken.get("swap", (None, None))
    return RouteAsked(
        terms=terms,
        loads=tuple(_loads(taken.get("load", {}), len(terms))),
        offered=taken.get("offered", {}),
        together=taken.get("corequisites", {}),
        due=taken.get("due", {}),
        take=frozenset(taken.get("take", ())),
        avoid=frozenset(taken.get("avoid", ())),
        only=frozenset(taken["only"]) if "only" in taken else None,
        costs=taken.get("costs", {}),
        cost=taken.get("cost", ""),
        budget=taken.get("budget"),
        objectives=taken.get("objectives", ("terms",)),
        count=taken.get("routes", 1),
        differ=taken.get("differ", "credentials"),
        out=out,
        into=into,
    )


def _loads(stated: Mapping[str, Sequence[int]], terms: int) -> list[Load]:
    """One amount goes for all terms; of several each for its own, the last for those after it.

    More than there are terms are left for the question to be refused.
    """
    measures: tuple[LoadMeasure, ...] = ("credits", "credentials")
    return [
        Load(measure, (*most, *[most[-1]] * (terms - len(most))))
        for measure in measures
        if (most := stated.get(measure))
    ]


def routes_to_plain(
    awards: Sequence[CompiledAward],
    as_of: date,
    request: RouteRequest,
    routes: Routes,
    swap: Swap | None,
) -> Plain:
    """Return the answer to a question about routes; credits are decimal strings, days ISO 8601."""
    return {
        "awards": [
            {"award": one.rule.award, "edition": one.rule.edition, "title": one.rule.title}
            for one in awards
        ],
        "as_of": as_of.isoformat(),
        "unit": awards[0].rule.unit,
        "objectives": list(request.objectives),
        **_routes(awards[0], request, routes),
        "swap": None if swap is None else _swapped(awards[0], request, swap),
    }


def _routes(award: CompiledAward, request: RouteRequest, routes: Routes) -> Plain:
    return {
        "status": routes.status,
        "complete": routes.complete,
        "routes": [_route(award, request, one) for one in routes.routes],
        "reason": None if routes.reason is None else _reason(routes.reason, request),
        "cycles": [list(one) for one in routes.cycles],
        "besides": list(routes.besides),
    }


def _route(award: CompiledAward, request: RouteRequest, route: Route) -> Plain:
    known = award.terms.catalogue.credentials
    sizes = sizes_of(award, {step.credential for step in route.steps})
    terms = []
    for at, term in enumerate(request.terms[: route.figures["terms"]]):
        names = [step.credential for step in route.steps if step.term == at]
        steps = [
            {
                "credential": name,
                "title": known[name].title,
                "credits": show_credits(sizes[name]),
                "cost": request.costs.get(name, 0),
            }
            for name in names
        ]
        terms.append(
            {
                "name": term.name,
                "start": term.start.isoformat(),
                "end": term.end.isoformat(),
                "credits": show_credits(sum(sizes[name] for name in names)),
                "steps": steps,
            }
        )
    gaps = {one: route.figures[one] - least for one, least in route.least.items()}
    return {
        "proven": route.proven,
        "figures": _shown(route.figures),
        "gaps": _shown(gaps),
        "terms": terms,
    }


def _shown(figures: Mapping[Any, int]) -> Plain:
    return {one: show_credits(own) if one in CREDITS else own for one, own in figures.items()}


def _swapped(award: CompiledAward, request: RouteRequest, swap: Swap) -> Plain:
    return {**_routes(award, request, swap.routes), "price": _shown(swap.price)}


def _reason(reason: Reason, request: RouteRequest) -> Plain:
    return {
        "kind": reason.kind,
        "minimal": reason.minimal,
        "limits": [{**_limit(one), "text": say(one, request)} for one in reason.limits],
        "text": " ".join(said_of(reason, request)),
    }


def _limit(limit: Limit) -> Plain:
    """What a limit is about: credentials by their ids; a load by what it measures."""
    if isinstance(limit, Loaded):
        return {"kind": limit.kind, "credentials": [], "measure": limit.load.measure}
    if isinstance(limit, Only):
        return {"kind": limit.kind, "credentials": sorted(limit.names), "measure": ""}
    names = [getattr(limit, key) for key in ("credential", "other") if hasattr(limit, key)]
    return {"kind": limit.kind, "credentials": names, "measure": ""}
