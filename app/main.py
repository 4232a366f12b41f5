"""The ASGI entry: settings in, application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.api.application import create_app
from app.settings import Settings
from app.wiring import open_services


def create() -> FastAPI:
    """Return the application; the database is opened when it starts and closed when it ends."""
    settings = Settings.read()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_services(settings) as services, services.runner.working():
            app.state.services = services
            yield

    return create_app(lifespan=lifespan)
