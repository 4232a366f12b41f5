"""Saved what-ifs in the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select

from app.persistence.what_if_tables import what_if_comparisons, what_if_links, what_ifs
from app.services.stored_what_ifs import SharedLink, StoredComparison, StoredWhatIf


class SqlLinkRepository:
    """Links to saved what-ifs. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def add(self, link: SharedLink) -> None:
        """Keep a link."""
        self._connection.execute(insert(what_if_links).values(asdict(link)))

    def get(self, sha256: str) -> SharedLink | None:
        """Return the link whose secret has this digest, or None."""
        found = self._read(select(what_if_links).where(what_if_links.c.sha256 == sha256))
        return found[0] if found else None

    def to(self, what_if: str) -> tuple[SharedLink, ...]:
        """Return the links to a what-if, latest first."""
        table = what_if_links
        order = (table.c.created_at.desc(), table.c.sha256)
        return self._read(select(table).where(table.c.what_if == what_if).order_by(*order))

    def drop(self, sha256: str) -> None:
        """Forget a link."""
        self._connection.execute(delete(what_if_links).where(what_if_links.c.sha256 == sha256))

    def _read(self, statement: Select[Any]) -> tuple[SharedLink, ...]:
        return tuple(SharedLink(**row) for row in self._connection.execute(statement).mappings())


class SqlWhatIfRepository:
    """Saved what-ifs and what came of them. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection
        self.links = SqlLinkRepository(connection)

    def add(self, what_if: StoredWhatIf) -> None:
        """Keep a what-if."""
        row = {column.name: getattr(what_if, column.name) for column in what_ifs.c}
        self._connection.execute(insert(what_ifs).values(row))

    def get(self, what_if: str) -> StoredWhatIf | None:
        """Return a what-if, or None."""
        found = self._read(_counted().where(what_ifs.c.id == what_if))
        return found[0] if found else None

    def count(self, learner: str) -> int:
        """Return how many what-ifs a learner has."""
        own = select(func.count()).select_from(what_ifs).where(what_ifs.c.learner == learner)
        return int(self._connection.scalar(own) or 0)

    def named(self, learner: str, name: str) -> str | None:
        """Return the id of a learner's what-if of that name, or None."""
        own = and_(what_ifs.c.learner == learner, what_ifs.c.name == name)
        found: str | None = self._connection.scalar(select(what_ifs.c.id).where(own))
        return found

    def page(
        self, learner: str, after: tuple[datetime, str] | None, limit: int
    ) -> tuple[StoredWhatIf, ...]:
        """Return at most `limit` what-ifs of a learner, latest first, behind an instant and id."""
        statement = _counted().where(what_ifs.c.learner == learner)
        if after is not None:
            at, name = after
            beside = and_(what_ifs.c.created_at == at, what_ifs.c.id < name)
            statement = statement.where(or_(what_ifs.c.created_at < at, beside))
        order = (what_ifs.c.created_at.desc(), what_ifs.c.id.desc())
        return self._read(statement.order_by(*order).limit(limit))

    def drop(self, what_if: str) -> None:
        """Forget a what-if with all that belongs to it."""
        self._connection.execute(delete(what_ifs).where(what_ifs.c.id == what_if))

    def keep(self, what_if: str, comparison: StoredComparison) -> None:
        """Keep what came of a what-if."""
        row = {"what_if": what_if, **asdict(comparison)}
        self._connection.execute(insert(what_if_comparisons).values(row))

    def comparisons(self, what_if: str, after: int, limit: int) -> tuple[StoredComparison, ...]:
        """Return at most `limit` comparisons by number, behind `after`."""
        table = what_if_comparisons
        own = and_(table.c.what_if == what_if, table.c.number > after)
        statement = select(*[one for one in table.c if one.name != "what_if"]).where(own)
        rows = self._connection.execute(statement.order_by(table.c.number).limit(limit))
        return tuple(StoredComparison(**row) for row in rows.mappings())

    def _read(self, statement: Select[Any]) -> tuple[StoredWhatIf, ...]:
        return tuple(StoredWhatIf(**row) for row in self._connection.execute(statement).mappings())


def _counted() -> Select[Any]:
    """What-ifs with how often each was compared."""
    own = what_if_comparisons.c.what_if == what_ifs.c.id
    compared = select(func.count()).where(own).scalar_subquery().label("compared")
    return select(what_ifs, compared)
