"""The demonstration: the rule packs and made-up learners."""

from __future__ import annotations

import typer

from app.cli.output import refusals, tell

app = typer.Typer(
    help="The demonstration: the rule packs and made-up learners.", no_args_is_help=True
)


@app.callback()
def demo() -> None:
    """The demonstration: the rule packs and made-up learners."""


@app.command()
def load() -> None:
    """Load the rule packs and 200 made-up learners; what is there already stays as it is."""
    from app.settings import Settings
    from app.wiring import open_services

    with refusals(), open_services(Settings.read()) as services:
        loaded = services.demo.load()
    state = "loaded" if loaded.changed else "already there"
    parts = f"{loaded.packs} packs, {loaded.editions} editions, {loaded.learners} learners"
    tell(f"demo: {parts} {state}")
