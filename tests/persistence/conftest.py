"""The same tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.persistence.databases import (
    ENGINES,
    database_url,
    postgres_server,
    storage,
    templates,
)

__all__ = ["database_url", "postgres_server", "storage", "templates"]


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return the engine that a test runs on."""
    return str(request.param)
