"""Runs the migrations on the engine it is given, or on the one that the settings name."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

import app.persistence.tables  # noqa: F401 - the tables are known once this is read
from app.persistence.columns import Instant, metadata
from app.persistence.storage import open_engine
from app.settings import Settings


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types into a migration as what they are in the database."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = context.config.attributes.get("engine") or open_engine(Settings().database_url)
# A second process that starts meanwhile waits here, and then finds nothing left to do.
with engine.execution_options(writing=True).begin() as opened:
    if opened.dialect.name == "postgresql":
        opened.exec_driver_sql("SELECT pg_advisory_xact_lock(7203014)")
    run(opened)
