"""Rule editions in the database; triggers there refuse to change a published one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from app.core.model.credential import CredentialId
from app.core.model.period import Period
from app.persistence.columns import AnyRow
from app.persistence.tables import lower_awards, rule_texts
from app.persistence.tables import rule_editions as table
from app.services.errors import AlreadyPublishedError
from app.services.stored import EditionEntry, StoredEdition

ENTRY = [column for column in table.c if column is not table.c.source]
DRAFT = table.c.status == "draft"


class SqlEditionRepository:
    """Rule editions; a published one refuses every change. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def awards(self, institution: str, after: str, limit: int) -> tuple[CredentialId, ...]:
        """Return at most `limit` awards with a rule, behind `after`; no institution means all."""
        statement = select(table.c.award).distinct().where(table.c.award > after)
        if institution:
            statement = statement.where(table.c.institution == institution)
        found = self._connection.scalars(statement.order_by(table.c.award).limit(limit))
        return tuple(CredentialId(award) for award in found)

    def entries(self, awards: Collection[str]) -> tuple[EditionEntry, ...]:
        """Return the editions of `awards`, by award, first day and name."""
        return self._entries(table.c.award.in_(sorted(awards)))

    def published(self) -> tuple[EditionEntry, ...]:
        """Return every published edition, by award and first day."""
        return self._entries(~DRAFT)

    def published_mark(self) -> str:
        """Return a mark that changes whenever another edition is published."""
        latest = select(func.count(), func.max(table.c.published_at)).where(~DRAFT)
        count, at = self._connection.execute(latest).one()
        return f"{count} {at}"

    def _entries(self, test: ColumnElement[bool]) -> tuple[EditionEntry, ...]:
        order = (table.c.award, table.c.effective_from, table.c.edition)
        rows = self._connection.execute(select(*ENTRY).where(test).order_by(*order))
        return tuple(_entry(row) for row in rows)

    def above(self, awards: Collection[str], *, drafts: bool = False) -> tuple[CredentialId, ...]:
        """Return the awards with a published rule, or a draft, on what becomes of `awards`."""
        joined = lower_awards.join(table)
        statement = select(lower_awards.c.award).distinct().select_from(joined)
        statement = statement.where(lower_awards.c.lower.in_(sorted(awards)))
        if not drafts:
            statement = statement.where(~DRAFT)
        found = self._connection.scalars(statement.order_by(lower_awards.c.award))
        return tuple(CredentialId(award) for award in found)

    def get(self, award: str, edition: str) -> StoredEdition | None:
        """Return one edition with its text, or None."""
        statement = select(table).where(_same(award, edition))
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else StoredEdition(_entry(row), row.source)

    def source(self, sha256: str) -> bytes | None:
        """Return the text of the edition with this digest, or None."""
        for kept in (table, rule_texts):
            statement = select(kept.c.source).where(kept.c.sha256 == sha256).limit(1)
            source: bytes | None = self._connection.scalar(statement)
            if source is not None:
                return source
        return None

    def put_draft(self, stored: StoredEdition) -> None:
        """Keep a draft in place of an earlier draft of the same edition."""
        entry = stored.entry
        kept = self.get(entry.award, entry.edition)
        if kept is not None and kept.entry.status == "published":
            raise AlreadyPublishedError(entry.award, entry.edition)
        row = _row(stored)
        if kept is None:
            self._connection.execute(insert(table).values(row))
        else:
            same = _same(entry.award, entry.edition)
            self._connection.execute(update(table).where(same).values(row))
        self._put_lower(stored)

    def _put_lower(self, stored: StoredEdition) -> None:
        named = {"award": stored.entry.award, "edition": stored.entry.edition}
        same = (lower_awards.c[name] == value for name, value in named.items())
        self._connection.execute(delete(lower_awards).where(*same))
        if stored.lower:
            rows = [{**named, "lower": lower} for lower in dict.fromkeys(stored.lower)]
            self._connection.execute(insert(lower_awards), rows)

    def drop_draft(self, award: str, edition: str) -> None:
        """Forget a draft."""
        gone = self._connection.execute(delete(table).where(_same(award, edition), DRAFT))
        if gone.rowcount == 0:
            raise AlreadyPublishedError(award, edition)

    def publish(self, award: str, edition: str, at: datetime, who: str) -> None:
        """Freeze a draft."""
        frozen = {"status": "published", "published_at": at, "published_by": who}
        draft = update(table).where(_same(award, edition), DRAFT)
        if self._connection.execute(draft.values(frozen)).rowcount == 0:
            raise AlreadyPublishedError(award, edition)


def _same(award: str, edition: str) -> ColumnElement[bool]:
    return and_(table.c.award == award, table.c.edition == edition)


def _entry(row: AnyRow) -> EditionEntry:
    effective = Period(row.effective_from, row.effective_until)
    return EditionEntry(
        award=CredentialId(row.award),
        edition=row.edition,
        title=row.title,
        status=row.status,
        effective=effective,
        in_force=effective,
        sha256=row.sha256,
        recorded_at=row.recorded_at,
        published_at=row.published_at,
    )


def _row(stored: StoredEdition) -> dict[str, object]:
    entry = stored.entry
    return {
        "award": entry.award,
        "edition": entry.edition,
        "institution": entry.award.partition("/")[0],
        "title": entry.title,
        "status": "draft",
        "effective_from": entry.effective.start,
        "effective_until": entry.effective.until,
        "source": stored.source,
        "sha256": entry.sha256,
        "recorded_at": entry.recorded_at,
    }
