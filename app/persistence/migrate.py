"""Brings a database to the schema that this version needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from app.services.errors import NotReadyError

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(engine: Engine | None = None) -> Config:
    """Return the settings of the migrations, to be run on `engine`."""
    # A fifth of a start to import: only who has to migrate pays.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`; at it already, nothing happens.

    NotReadyError where it does not answer, or was made by a later version.
    """
    try:
        if revision != "head" or not _is_up_to_date(engine):
            _upgrade(engine, revision)
    except DatabaseError as broken:
        problem = "the database does not answer or is none: start it, or correct `CAIRN_DATABASE`"
        raise NotReadyError(problem) from broken


def _is_up_to_date(engine: Engine) -> bool:
    with engine.connect() as connection:
        return present_revision(connection) == needed_revision()


def _upgrade(engine: Engine, revision: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(alembic_config(engine), revision)
    except CommandError as broken:
        problem = "the database was made by a later version of Cairn: run that version"
        raise NotReadyError(problem) from broken


@cache
def needed_revision() -> str:
    """Return the schema that this version needs: the number of its last migration."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*_*.py"))


def present_revision(connection: Connection) -> str:
    """Return the schema that the database has, or nothing."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
