"""Services on a real database, with a small institution loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.storage import SqlStorage, open_engine
from app.wiring import Services, join
from tests.persistence.databases import (
    Templates,
    migrated,
    postgres_server,
    templates,
)
from tests.services.builders import NOTE, pack, ticking

__all__ = ["postgres_server", "templates"]


@pytest.fixture
def engine_name() -> str:
    """Return the engine that a test runs on; a module may ask for both."""
    return "sqlite"


@pytest.fixture
def empty(engine_name: str, templates: Templates) -> Iterator[Services]:
    """Services on an empty database."""
    with templates.copy(engine_name, "migrated", migrated) as url:
        yield from services_on(url)


@pytest.fixture
def database_url(engine_name: str, templates: Templates) -> Iterator[str]:
    """Return the URL of a database with the small institution loaded."""
    with templates.copy(engine_name, "loaded", loaded) as url:
        yield url


@pytest.fixture
def services(database_url: str) -> Iterator[Services]:
    """Services with the small institution loaded."""
    yield from services_on(database_url)


def services_on(url: str) -> Iterator[Services]:
    """Give services on a database, with a clock that ticks."""
    storage = SqlStorage(open_engine(url))
    yield join(storage, ticking(), Path("rules"))
    storage.close()


def loaded(url: str) -> None:
    """Bring a new database up to date and load the small institution."""
    migrated(url)
    for services in services_on(url):
        services.packs.load(pack(), NOTE)
