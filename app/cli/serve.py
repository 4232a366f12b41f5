"""Start the service."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from os import strerror
from socket import AF_INET, AF_INET6, create_server, socket
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import refusals, refuse, tell

if TYPE_CHECKING:
    from app.settings import Settings


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "",
    port: Annotated[
        int, typer.Option(help="The port; 0 takes a free one.", min=-1, max=65535)
    ] = -1,
) -> None:
    """Start the service and say where it is."""
    # What is imported stays: looking for garbage in it would take a tenth of the start.
    gc.disable()

    import uvicorn

    from app.api.application import create_app
    from app.settings import Settings
    from app.wiring import open_services

    with ExitStack() as opened:
        with refusals():
            settings = Settings.read()
            services = opened.enter_context(open_services(settings))
        listening = _listen(settings, host, port)
        gc.freeze()
        gc.enable()
        opened.enter_context(services.runner.working())
        config = uvicorn.Config(create_app(services), log_level="warning")
        uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: Settings, host: str, port: int) -> socket:
    """Take the address and say so; one that is taken ends the command."""
    where = host or settings.host
    at = settings.port if port < 0 else port
    try:
        listening = create_server((where, at), family=AF_INET6 if ":" in where else AF_INET)
    except OSError as problem:
        why = strerror(problem.errno or 0).lower()
        refuse(f"port {at} of {where}: {why}", "choose another with `--port` or PORT")
    at = listening.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(where, where)  # noqa: S104
    tell(greeting(f"http://{shown}:{at}"))
    return listening


def greeting(address: str) -> str:
    """Return what a new user wants to know: where it is, three questions, and the documentation."""
    post = f"curl -s {address}/v1/evaluate -H 'Content-Type: application/json' -d"
    return f"""
Cairn listens on {address}

  What does a credential lead to?
    curl -s {address}/v1/graph/ntu/f1/leads-to

  What does this record come to?
    {post} '{{"awards": ["sqa/hnc"], "record": {{"earned": ["sqa/m1"]}}}}'

  Where does a learner stand?
    curl -s {address}/v1/learners/demo-100/audits -H 'Content-Type: application/json' \\
      -d '{{"awards": ["ntu/masters"]}}'

Documentation: {address}/docs  (OpenAPI: {address}/openapi.json; more in the folder docs/)
"""
