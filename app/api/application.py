"""The application: routes, problems, the API's page, and health."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from app.api import (
    audits,
    awards,
    catalogue,
    combinations,
    graph,
    learners,
    nearest,
    record_parts,
    routes,
    runs,
    what_ifs,
)
from app.api.dependencies import WHOLE, Services, ServicesDep
from app.api.describing import answers, describe
from app.api.heads import HeadAsGet
from app.api.parameters import known, readable
from app.api.problems import RequestError, install, known_problems, problems
from app.api.replying import reply
from app.api.views import ProblemTypesView, ProblemTypeView, StatusView
from app.services.errors import BadCursorError, NotReadyError

ABOUT = """\
Audits learner records against stacking rules: exact, explained, repeatable.

Ids of credentials and awards hold a slash (`sqa/hnc`) and stand in addresses as they are.
There is no sign-in yet: the service listens on this machine alone unless told otherwise.
"""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

about = APIRouter(tags=["operations"])


@about.get(
    "/health/live",
    summary="Is the process alive?",
    responses=answers(StatusView, "It is."),
)
def live() -> Response:
    """Answer, which is all that is asked."""
    return reply({"status": "alive"})


@about.get(
    "/health/ready",
    summary="Can it answer?",
    responses={**answers(StatusView, "It can."), **problems(NotReadyError)},
)
def ready(services: ServicesDep) -> Response:
    """Answer where the database can be used."""
    services.ready()
    return reply({"status": "ready"})


@about.get(
    "/problems",
    summary="Every kind of problem",
    dependencies=WHOLE,
    responses={
        **answers(ProblemTypesView, "The problem types, by name."),
        **problems(BadCursorError),
    },
)
def list_problems(request: Request) -> Response:
    """Return the problem types with their status and meaning."""
    return reply({"items": [*_problem_types(request.app).values()], "next": None})


@about.get(
    "/problems/{name}",
    summary="One kind of problem",
    responses={**answers(ProblemTypeView, "The problem type."), **problems(plain=(404,))},
)
def read_problem(name: str, request: Request) -> Response:
    """Return what a problem type means."""
    found = _problem_types(request.app).get(name)
    if found is None:
        raise RequestError(404)
    return reply(found)


def _problem_types(app: FastAPI) -> dict[str, dict[str, object]]:
    return {
        name: {"type": f"/problems/{name}", "status": status, "meaning": meaning}
        for name, (status, meaning) in known_problems(app.openapi()).items()
    }


def create_app(services: Services | None = None, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the application; `lifespan` may put the services in its state when it starts."""
    app = FastAPI(
        title="Cairn",
        version=version("cairn"),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.services = services
    # What stands below an award goes before the award, whose id may hold slashes.
    below = (catalogue, combinations, runs)
    several = (*below, awards, learners, record_parts, audits, what_ifs, nearest, routes, graph)
    asked = [Depends(readable), Depends(known)]
    for module in several:
        app.include_router(module.router, prefix="/v1", dependencies=asked)
    app.include_router(about)
    install(app)
    app.add_middleware(HeadAsGet)
    _serve_page(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _serve_page(app: FastAPI) -> None:
    """The API's page; its assets come from an installed package, so it works without internet."""
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")]))

    @app.get("/", include_in_schema=False)
    def front() -> RedirectResponse:
        return RedirectResponse("/docs")

    @app.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Cairn: the API",
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon.png",
            swagger_ui_parameters={"validatorUrl": None},
        )


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = describe(app)
    return app.openapi_schema
