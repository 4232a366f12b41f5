"""Column types and naming that SQLite and PostgreSQL share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, MetaData, Row, String
from sqlalchemy.types import TypeDecorator

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row whose columns are read by name."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Name = String().with_variant(String(collation="C"), "postgresql")
"""An identifier: sorts by its bytes on both engines, so that lists and cursors agree."""

Serial = BigInteger().with_variant(Integer, "sqlite")
"""A row's number in the order of writing; SQLite counts only in a column of type INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring an aware instant to UTC; a naive one is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant without a zone reached the database"
            raise ValueError(msg)
        found = value.astimezone(UTC)
        return found.replace(tzinfo=None) if dialect.name == "sqlite" else found

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def required(name: str, kind: Any, *args: Any, **options: Any) -> Column[Any]:  # noqa: ANN401
    """Return a column that is never empty."""
    return Column(name, kind, *args, nullable=False, **options)
