"""Entries of which every state is kept: a change ends the row there is and writes a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.services.stored import Outcome

Values: TypeAlias = Mapping[str, Any]
Entries: TypeAlias = Iterable[tuple[str, Values]]
"""What is to be kept, by the names of the entries, which may come more than once."""


def known(table: Table, at: datetime | None) -> ColumnElement[bool]:
    """Return the test for rows that are current, or were so at an instant."""
    ended = table.c["superseded_at"]
    if at is None:
        return ended.is_(None)
    return and_(table.c["recorded_at"] <= at, or_(ended.is_(None), ended > at))


def put(connection: Connection, table: Table, key: Values, values: Values, at: datetime) -> Outcome:
    """Keep `values` under `key`; what was there under it becomes history."""
    current = _current(table, key)
    row = connection.execute(select(table).where(current)).mappings().one_or_none()
    if row is not None and all(row[name] == value for name, value in values.items()):
        return "unchanged"
    if row is not None:
        connection.execute(update(table).where(current).values(superseded_at=at))
    connection.execute(insert(table).values(**key, **values, recorded_at=at))
    return "created" if row is None else "changed"


def put_many(
    connection: Connection, table: Table, owner: Values, key: str, wanted: Entries, at: datetime
) -> tuple[Outcome, ...]:
    """Keep the entries of one owner in turn, as `put` keeps one; three statements for all."""
    rows = connection.execute(select(table).where(_current(table, owner))).mappings()
    now: dict[str, Values] = {row[key]: dict(row) for row in rows}
    new: dict[str, dict[str, Any]] = {}
    written, ended = [], []
    outcomes: list[Outcome] = []
    for name, values in wanted:
        row = now.get(name)
        if row is not None and all(row[column] == value for column, value in values.items()):
            outcomes.append("unchanged")
            continue
        outcomes.append("created" if row is None else "changed")
        if name in new:
            new[name]["superseded_at"] = at
        elif row is not None:
            ended.append({"ended": name})
        now[name] = new[name] = {**owner, key: name, **values, **_since(at)}
        written.append(new[name])
    if ended:
        same = and_(_current(table, owner), table.c[key] == bindparam("ended"))
        connection.execute(update(table).where(same).values(superseded_at=at), ended)
    if written:
        connection.execute(insert(table), written)
    return tuple(outcomes)


def _since(at: datetime) -> Values:
    return {"recorded_at": at, "superseded_at": None}


def insert_missing(connection: Connection, table: Table, row: Values) -> None:
    """Write a row unless there is one under its key, whoever else writes it meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(table).values(row).on_conflict_do_nothing())
    else:
        connection.execute(sqlite.insert(table).values(row).on_conflict_do_nothing())


def end(connection: Connection, table: Table, key: Values, at: datetime) -> bool:
    """End what is kept under `key`; say whether there was anything."""
    ended = connection.execute(update(table).where(_current(table, key)).values(superseded_at=at))
    return ended.rowcount > 0


def _current(table: Table, key: Values) -> ColumnElement[bool]:
    return and_(known(table, None), *(table.c[name] == value for name, value in key.items()))
