"""Routes: from a record to awards, term by term."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.audit import day_of
from app.cli.output import (
    As,
    Format,
    Rules,
    read_form,
    read_learner,
    refusals,
    refuse,
    say,
    say_json,
    tell_findings,
)
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from app.core.search.route_asked import RouteAsked
    from app.core.search.routes import Route
    from app.services.routes import RoutesFound


Words = list[str] | None
First = Annotated[
    str, typer.Option(help="The first day of the first term; else the day judged on.")
]
Names = Annotated[Words, typer.Option(help="What terms are called, in turn, such as autumn.")]
Most = Annotated[str, typer.Option("--credits", help="The most credits in one term.")]
By = Annotated[str, typer.Option(help="What is best, first things first, such as terms,cost.")]
Costs = Annotated[
    str, typer.Option("--cost", help="The catalogue's attribute that says what a credential costs.")
]
SwapOption = Annotated[
    str, typer.Option("--swap", help="A step of the best route to do without: OUT, or OUT=IN.")
]
Question = Annotated[
    Path | None, typer.Option(help="A file with the question as REST has it; options go first.")
]
RecordFile = Annotated[
    Path, typer.Option(help="The learner's record, YAML or JSON; - reads it from the input.")
]


def route(
    award: Annotated[list[str], typer.Option(help="The award; several are completed together.")],
    record: RecordFile,
    terms: Annotated[int | None, typer.Option(help="Over how many terms at most.")] = None,
    first: First = "",
    length: Annotated[str, typer.Option(help="How long a term is.")] = "6 months",
    name: Names = None,
    credits_: Most = "",
    number: Annotated[int | None, typer.Option(help="The most credentials in one term.")] = None,
    take: Annotated[Words, typer.Option(help="What has to be taken.")] = None,
    avoid: Annotated[Words, typer.Option(help="What must not be taken.")] = None,
    by: By = "",
    cost: Costs = "",
    routes: Annotated[int | None, typer.Option(help="How many different routes, up to 10.")] = None,
    swap: SwapOption = "",
    question: Question = None,
    rules: Rules = Path("rules"),
    as_of: Annotated[str, typer.Option(help="The day to judge on; else today.")] = "",
    as_: As = Format.text,
) -> None:
    """Find the best routes: what to take in which term, or the smallest reason why not."""
    from app.interop.route_json import routes_to_plain
    from app.services.routes import routed
    from app.services.stored import AwardChoice

    day = day_of(as_of)
    opening, _, instead = swap.partition("=")
    stated: dict[str, Any] = {
        "terms": _terms(terms, first or day.isoformat(), length, name),
        "load": _given({"credits": credits_, "credentials": number}),
        "take": take,
        "avoid": avoid,
        "objectives": by.split(",") if by else None,
        "cost": cost,
        "routes": routes,
        "swap": {"out": opening, **({"in": instead} if instead else {})} if swap else None,
    }
    asked = _question(_given(stated), question)
    learner = read_learner(record)
    shelf = open_shelf(rules)
    choices = [AwardChoice(one) for one in award]  # type: ignore[arg-type]
    with refusals(learner):
        found = routed(shelf.fitted(learner.record, choices, day), learner.record, asked, day)
    if as_ is Format.json:
        say_json(
            routes_to_plain(found.awards, found.as_of, found.request, found.routes, found.swap)
        )
    else:
        say(_text(found))


def _given(stated: dict[str, Any]) -> dict[str, Any]:
    """What the options say; a number may be nought."""
    return {key: own for key, own in stated.items() if own or own == 0}


def _terms(
    terms: int | None, first: str, length: str, names: list[str] | None
) -> dict[str, Any] | None:
    if terms is None:
        return None
    return {"count": terms, "first": first, "length": length, **({"names": names} if names else {})}


def _question(stated: dict[str, Any], file: Path | None) -> RouteAsked:
    from app.core.language.values import Values
    from app.interop.route_json import ROUTE, asked_of

    given = {} if file is None else read_form(file, "the question")
    values = Values()
    taken = values.take({**given, **stated}, (), ROUTE, "the question", ("terms",))
    problems = values.found.sorted()
    if problems:
        tell_findings(problems, {})
        refuse("the question cannot be used", "`cairn route --help` lists the options")
    return asked_of(taken)


def _text(found: RoutesFound) -> str:
    from app.core.search.route_reason import said_of

    lines: list[str] = []
    for number, one in enumerate(found.routes.routes, 1):
        lines += [*_route(found, number, one), ""]
    if found.routes.status == "open":
        lines.append("No route was found, and it is not proven that there is none.")
    if found.routes.reason is not None:
        lines += said_of(found.routes.reason, found.request)
    lines += [f"Round in circles: {', '.join(one)}." for one in found.routes.cycles]
    if found.routes.besides:
        lines.append(f"Beside any route: {', '.join(found.routes.besides)}.")
    return "\n".join([*lines, *_swap(found)])


def _route(found: RoutesFound, number: int, one: Route) -> list[str]:
    from app.core.model.credits import show_credits

    figures, known = one.figures, found.awards[0].terms.catalogue.credentials
    unit = found.awards[0].rule.unit
    said = [
        f"{figures['terms']} term{'' if figures['terms'] == 1 else 's'}",
        f"{show_credits(figures['credits'])} {unit}",
        f"{figures['credentials']} credential{'' if figures['credentials'] == 1 else 's'}",
        f"at most {show_credits(figures['load'])} {unit} a term",
        *([f"cost {figures['cost']}"] if found.request.costs else []),
        "proven best" if one.proven else "not proven best",
    ]
    lines = [f"Route {number}: {', '.join(said)}."]
    for at, term in enumerate(found.request.terms[: figures["terms"]]):
        lines.append(f"  {term.name} ({term.start} to {term.end})")
        names = [step.credential for step in one.steps if step.term == at]
        lines += [f"    {name}  {known[name].title}" for name in names]
    return lines


def _swap(found: RoutesFound) -> list[str]:
    from app.core.model.credits import show_credits
    from app.core.search.route_reason import said_of

    if found.swap is None:
        return []
    if found.swap.routes.reason is not None:
        return ["Without that step:", *said_of(found.swap.routes.reason, found.request)]
    if not found.swap.routes.routes:
        return ["Without that step no route was found, and none is ruled out."]
    price = found.swap.price
    said = [
        f"{one} {'+' if own > 0 else ''}{show_credits(own) if one in {'credits', 'load'} else own}"
        for one, own in price.items()
        if own
    ]
    lines = _route(found, 1, found.swap.routes.routes[0])
    return [f"Without that step: {', '.join(said) or 'the same by every figure'}.", *lines]
