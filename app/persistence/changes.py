"""The change log, and the answers kept for requests that may come again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from app.persistence.tables import changes, replies
from app.services.canonical import canonical_json
from app.services.stored import Change, KeptReply, Reply

UNANSWERED = 0
"""The status of a request that is still being answered."""


class SqlChangeRepository:
    """Who changed what, when and why. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def add(self, *several: Change) -> None:
        """Keep changes."""
        rows = [
            {
                "at": change.at,
                "who": change.who,
                "what": change.what,
                "subject": change.subject,
                "why": change.why,
                "facts": canonical_json(change.facts).decode(),
            }
            for change in several
        ]
        if rows:
            self._connection.execute(insert(changes), rows)

    def page(self, subject: str, after: str, limit: int) -> tuple[tuple[str, Change], ...]:
        """Return at most `limit` changes as they came, each with its cursor, behind `after`."""
        behind = int(after or 0)
        statement = select(changes).where(changes.c.subject == subject, changes.c.seq > behind)
        rows = self._connection.execute(statement.order_by(changes.c.seq).limit(limit))
        return tuple(
            (
                str(row.seq),
                Change(
                    at=row.at,
                    who=row.who,
                    what=row.what,
                    subject=row.subject,
                    why=row.why,
                    facts=json.loads(row.facts),
                ),
            )
            for row in rows
        )


class SqlReplyRepository:
    """Answers kept under the idempotency keys of their requests. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def get(self, client: str, key: str) -> KeptReply | None:
        """Return what is kept under a key, or None."""
        row = self._connection.execute(select(replies).where(_under(client, key))).one_or_none()
        if row is None:
            return None
        reply = Reply(row.status, row.media_type, row.body, row.location, row.etag)
        return KeptReply(row.request, row.at, None if row.status == UNANSWERED else reply)

    def claim(self, client: str, key: str, request: str, at: datetime) -> None:
        """Keep that a request, by its digest, is being answered; the key has to be locked."""
        self._connection.execute(delete(replies).where(_under(client, key)))
        row = {"client": client, "key": key, "request": request, "at": at}
        empty = {"status": UNANSWERED, "media_type": "", "body": b""}
        self._connection.execute(insert(replies).values({**row, **empty}))

    def settle(self, client: str, key: str, at: datetime, reply: Reply | None) -> None:
        """Keep the answer to what was claimed at `at`, or give the key back where there is none."""
        own = and_(_under(client, key), replies.c.at == at, replies.c.status == UNANSWERED)
        if reply is None:
            self._connection.execute(delete(replies).where(own))
        else:
            self._connection.execute(update(replies).where(own).values(asdict(reply)))


def _under(client: str, key: str) -> ColumnElement[bool]:
    return and_(replies.c.client == client, replies.c.key == key)
