"""The command `cairn`.

Exit codes: 0 answered, 1 the rule or a case failed, 2 wrong use or bad input.
"""

from __future__ import annotations

import sys

import typer

from app.cli import (
    audit,
    combinations,
    demo,
    graph,
    impact,
    imports,
    nearest,
    route,
    rules,
    serve,
    verify,
    what_if,
)
from app.cli.output import BAD_INPUT, tell

app = typer.Typer(
    name="cairn",
    help="Stackable credentials: audit a record, check and test rules, follow the credit graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("audit")(audit.audit)
app.command("combinations")(combinations.combinations)
app.command("impact")(impact.impact)
app.command("route")(route.route)
app.command("nearest")(nearest.nearest)
app.command("what-if")(what_if.what_if)
app.command("verify")(verify.verify)
app.command("serve")(serve.serve)
app.add_typer(rules.app, name="rules")
app.add_typer(graph.app, name="graph")
app.add_typer(demo.app, name="demo")
app.add_typer(imports.app, name="import")


def main() -> None:
    """Run the command; a file or an output that cannot be used is bad input."""
    try:
        app()
    except OSError as problem:
        what = f"`{str(problem.filename)[:200]}`" if problem.filename else "the output"
        tell(f"cairn: {what} cannot be used: {(problem.strerror or 'unusable').lower()}")
        sys.exit(BAD_INPUT)
