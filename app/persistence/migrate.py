"""Brings a database to the schema that this version needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from app.services.errors import NotReadyError

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(engine: Engine | None = None) -> Config:
    """Return the settings of the migrations, to be run on `engine`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`; at it already, nothing happens.

    NotReadyError where it does not answer, or was made by a later version.
    """
    try:
        command.upgrade(alembic_config(engine), revision)
    except DatabaseError as broken:
        problem = "the database does not answer or is none: start it, or correct `CAIRN_DATABASE`"
        raise NotReadyError(problem) from broken
    except CommandError as broken:
        problem = "the database was made by a later version of Cairn: run that version"
        raise NotReadyError(problem) from broken


@cache
def needed_revision() -> str:
    """Return the schema that this version needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def present_revision(connection: Connection) -> str:
    """Return the schema that the database has, or nothing."""
    return MigrationContext.configure(connection).get_current_revision() or ""
