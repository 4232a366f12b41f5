"""Units of work on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,  # noqa: A004 -- of the pool
)
from sqlalchemy.pool import ConnectionPoolEntry

from app.persistence.audits import SqlAuditRepository
from app.persistence.catalogue import SqlCatalogueRepository
from app.persistence.changes import SqlChangeRepository, SqlReplyRepository
from app.persistence.editions import SqlEditionRepository
from app.persistence.learners import SqlLearnerRepository
from app.persistence.migrate import needed_revision, present_revision
from app.persistence.population import SqlPopulationRepository
from app.persistence.runs import SqlRunRepository
from app.persistence.what_ifs import SqlWhatIfRepository
from app.services.errors import BusyError, NotReadyError, UnstorableError

BUSY_MS = 10_000
POOL = 20
# The lock of number 0 is shared by all who lock a name, and taken from them by who locks any.
NAMED_LOCK = (
    "SELECT pg_advisory_xact_lock_shared(0), pg_advisory_xact_lock(hashtextextended(:name, 0))"
)
ANY_LOCK = "SELECT pg_advisory_xact_lock(0)"
# Every connection would have a database of its own, lost when it closes.
MEMORY = (None, "", ":memory:")


class SqlUnit:
    """One transaction; the repositories share it."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection
        self.catalogue = SqlCatalogueRepository(connection)
        self.editions = SqlEditionRepository(connection)
        self.learners = SqlLearnerRepository(connection)
        self.audits = SqlAuditRepository(connection)
        self.changes = SqlChangeRepository(connection)
        self.replies = SqlReplyRepository(connection)
        self.population = SqlPopulationRepository(connection)
        self.runs = SqlRunRepository(connection)
        self.what_ifs = SqlWhatIfRepository(connection)

    def lock(self, name: str | None) -> None:
        """Let nobody else past the same name, or any if it is None, before this unit ends."""
        # On SQLite a writing unit is alone from its first statement on.
        if self._connection.dialect.name == "postgresql":
            lock = ANY_LOCK if name is None else NAMED_LOCK
            self._connection.execute(text(lock), {} if name is None else {"name": name})


class SqlStorage:
    """Gives out units of work; thread-safe. To another process goes where the database is."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine, once for reading and once for writing."""
        self.engine = engine
        postgres = engine.dialect.name == "postgresql"
        # One state for all queries of a reading unit; SQLite's read transactions are that anyway.
        steady = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = engine.execution_options(**steady) if postgres else engine
        self._writer = engine.execution_options(writing=True)

    def __reduce__(self) -> tuple[Callable[[URL], SqlStorage], tuple[URL]]:
        """Return how another process opens connections of its own."""
        return _opened, (self.engine.url,)

    @contextmanager
    def reading(self) -> Iterator[SqlUnit]:
        """Open a unit that only reads, on one state of everything."""
        with _answering(), self._reader.connect() as connection:
            yield SqlUnit(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlUnit]:
        """Open a unit that may write; it commits unless its block raises."""
        with _answering(), self._writer.begin() as connection:
            yield SqlUnit(connection)

    def check(self) -> None:
        """Raise NotReadyError where the database does not answer or has another schema."""
        try:
            with self.engine.connect() as connection:
                present = present_revision(connection)
        except SQLAlchemyError as broken:
            problem = "the database does not answer: start it, or correct `CAIRN_DATABASE`"
            raise NotReadyError(problem) from broken
        if present != needed_revision():
            problem = (
                f"the database is at schema `{present or 'none'}` and `{needed_revision()}` is "
                "needed: bring it up to date"
            )
            raise NotReadyError(problem)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _opened(url: URL) -> SqlStorage:
    return SqlStorage(open_engine(url))


@contextmanager
def _answering() -> Iterator[None]:
    """Say in our words that the database is busy or away, or cannot hold what it is given."""
    try:
        yield
    except (OperationalError, TimeoutError) as broken:
        raise BusyError from broken
    except (DataError, OverflowError, UnicodeEncodeError) as broken:
        raise UnstorableError from broken


def open_engine(url: str | URL) -> Engine:
    """Return an engine for a SQLAlchemy URL; a SQLite file's directory is made where needed."""
    try:
        found = make_url(url)
        if found.get_backend_name() == "sqlite":
            return _sqlite(found)
        return create_engine(found, pool_pre_ping=True, pool_size=POOL, max_overflow=POOL)
    except (ArgumentError, ImportError, OSError) as broken:
        # The address itself is not repeated: it may hold a password.
        problem = (
            "`CAIRN_DATABASE` names no database that can be used: give a file in a directory that "
            "can be written, or postgresql://user@host/name with the extra `postgres` installed"
        )
        raise NotReadyError(problem) from broken


def _sqlite(url: URL) -> Engine:
    if url.database in MEMORY:
        raise ArgumentError(MEMORY)
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=POOL, max_overflow=POOL)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Prepare a SQLite connection; its transactions are begun by `_begin` and nobody else."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", f"busy_timeout = {BUSY_MS}"):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A unit that reads first and writes later would fail where another one wrote in between:
    # whoever may write says so at once, and waits for its turn.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
