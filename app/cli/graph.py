"""Follow the credit graph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.graph_lines import insight_lines
from app.cli.output import As, Format, Rules, refuse, say, say_json
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from app.core.graph.build import CreditGraph, RequirementNode

app = typer.Typer(help="Follow the credit graph.", no_args_is_help=True)
FORMS = {
    "all": "all of",
    "take": "every one of",
    "credits": "credit from",
    "when": "by circumstance",
    "award": "an award",
    "step": "a step",
}


def _graph(rules: Path) -> CreditGraph:
    from app.core.graph.build import build_graph
    from app.services.compiling import with_policies

    shelf = open_shelf(rules)
    editions = [
        with_policies(one, shelf.pack(award).policies)
        for award in shelf.rules
        for one in shelf.editions(award).values()
    ]
    return build_graph(shelf.everything, editions)


@app.command("leads-to")
def leads_to(
    credential: Annotated[str, typer.Argument(help="The id of a credential.")],
    rules: Rules = Path("rules"),
    as_: As = Format.text,
) -> None:
    """List every award that a credential can become part of."""
    from app.core.graph.questions import UnknownNodeError
    from app.core.graph.questions import leads_to as ask
    from app.interop.graph_json import lead_to_plain

    graph = _graph(rules)
    try:
        found = ask(graph, credential)
    except UnknownNodeError as unknown:
        refuse(str(unknown), unknown.remedy)
    if as_ is Format.json:
        say_json({"credential": credential, "leads_to": [lead_to_plain(one) for one in found]})
        return
    if not found:
        say(f"{credential} leads to no award.")
    for one in found:
        by = f" by {', '.join(one.by)}" if one.by else ""
        says = "compulsory" if any(way.compulsory for way in one.ways) else "elective"
        where = ", ".join(dict.fromkeys(name for way in one.ways for name in way.requirements))
        how = f" ({says}: {where})" if where else ""
        steps = f"{one.steps} {'step ' if one.steps == 1 else 'steps'}"
        say(f"{steps}  {one.award}  {one.title}{by}{how}")


@app.command("made-of")
def made_of(
    award: Annotated[str, typer.Argument(help="The id of an award.")],
    rules: Rules = Path("rules"),
    as_: As = Format.text,
) -> None:
    """Show the requirements of an award, and what may fill each."""
    from app.core.graph.questions import UnknownNodeError
    from app.core.graph.questions import made_of as ask
    from app.interop.graph_json import requirement_to_plain

    graph = _graph(rules)
    try:
        found = ask(graph, award)
    except UnknownNodeError as unknown:
        refuse(str(unknown), unknown.remedy)
    if as_ is Format.json:
        say_json({"award": award, "made_of": requirement_to_plain(found)})
        return
    say("\n".join(_lines(found, 0)))


def _lines(node: RequirementNode, depth: int) -> list[str]:
    some = "some of" if node.need is None else f"{node.need} of"
    lines = [f"{'  ' * depth}{node.title or node.id}: {FORMS.get(node.form, some)}"]
    lines += [f"{'  ' * (depth + 1)}{name}" for name in node.credentials]
    for part in node.parts:
        lines += _lines(part, depth + 1)
    return lines


@app.command("insight")
def insight(
    rules: Rules = Path("rules"),
    limit: Annotated[int, typer.Option(min=1, help="How many of each list at most.")] = 10,
    as_: As = Format.text,
) -> None:
    """Show what leads to most, what there is no way round, and what leads nowhere."""
    from app.core.graph.whole import insight as ask
    from app.interop.graph_json import insight_to_plain

    graph = _graph(rules)
    found = insight_to_plain(ask(graph), graph.title, limit)
    if as_ is Format.json:
        say_json(found)
        return
    say("\n".join(insight_lines(found)))


class Form(StrEnum):
    """In which form the graph is written."""

    graphml = "graphml"
    dot = "dot"
    json = "json"
    mermaid = "mermaid"


@app.command("export")
def export(
    form: Annotated[Form, typer.Option("--form", help="graphml, dot, json or mermaid.")],
    award: Annotated[
        str | None, typer.Option(help="Only this award, with what it is made of.")
    ] = None,
    rules: Rules = Path("rules"),
) -> None:
    """Write the graph for other tools."""
    from app.core.graph.drawing import draw_award, draw_whole
    from app.core.graph.questions import UnknownNodeError
    from app.interop.graph_forms import write_drawing
    from app.interop.graph_mermaid import TooLargeError

    graph = _graph(rules)
    try:
        drawing = draw_whole(graph) if award is None else draw_award(graph, award)
        say(write_drawing(drawing, form.value))
    except (UnknownNodeError, TooLargeError) as refused:
        refuse(str(refused), refused.remedy)
