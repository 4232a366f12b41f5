"""Migrations go up, down and up again, and give the tables that the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect

from app.persistence import tables
from app.persistence.migrate import alembic_config, migrate, needed_revision, present_revision
from app.persistence.storage import SqlStorage, open_engine
from app.services.errors import NotReadyError
from tests.persistence.databases import database_of, new_database

METADATA = tables.institutions.metadata
TABLES = METADATA.tables


@pytest.fixture
def empty(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'new' / 'empty.db'}"
    if engine_name == "postgres":
        server = request.getfixturevalue("postgres_server")
        url = database_of(server, new_database(server))
    engine = open_engine(url)
    yield engine
    engine.dispose()


def test_up_down_and_up_again_leaves_the_tables_of_the_code(empty: Engine) -> None:
    migrate(empty)
    command.downgrade(alembic_config(empty), "base")
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    migrate(empty)
    with empty.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
        assert present_revision(connection) == needed_revision()
    assert differences == []
    assert set(TABLES) <= set(inspect(empty).get_table_names())


def test_the_schema_that_is_needed_is_the_head_of_the_migrations() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [needed_revision()]


def test_check_constraints_are_those_of_the_code(empty: Engine) -> None:
    migrate(empty)
    found = {
        (name, one["name"]) for name in TABLES for one in inspect(empty).get_check_constraints(name)
    }
    stated = {
        (table.name, one.name)
        for table in TABLES.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert found == stated


def test_a_second_migration_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    migrate(empty)
    with empty.connect() as connection:
        assert present_revision(connection) == needed_revision()


def test_a_database_without_tables_is_not_ready(empty: Engine) -> None:
    with pytest.raises(NotReadyError, match="schema `none`"):
        SqlStorage(empty).check()


def test_a_migrated_database_is_ready(empty: Engine) -> None:
    migrate(empty)
    SqlStorage(empty).check()
    assert inspect(empty).has_table("rule_editions")
