"""Services on a real database, with a small institution loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.persistence.storage import SqlStorage
from app.wiring import Services, join
from tests.persistence.databases import (
    ENGINES,
    database_url,
    postgres_server,
    storage,
    templates,
)
from tests.services.builders import NOTE, pack, ticking

__all__ = ["database_url", "postgres_server", "storage", "templates"]


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return the engine that a test runs on."""
    return str(request.param)


@pytest.fixture
def empty(storage: SqlStorage) -> Services:
    """Services on an empty database."""
    return join(storage, ticking(), Path("rules"))


@pytest.fixture
def services(empty: Services) -> Services:
    """Services with the small institution loaded."""
    empty.packs.load(pack(), NOTE)
    return empty
