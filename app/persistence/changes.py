"""The change log, and the answers kept for requests that may come again."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.persistence.tables import changes, replies
from app.persistence.versions import insert_missing
from app.services.canonical import canonical_json
from app.services.stored import Change, Reply


class SqlChangeRepository:
    """Who changed what, when and why. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def add(self, change: Change) -> None:
        """Keep a change."""
        row = {
            "at": change.at,
            "who": change.who,
            "what": change.what,
            "subject": change.subject,
            "why": change.why,
            "facts": canonical_json(change.facts).decode(),
        }
        self._connection.execute(insert(changes).values(row))

    def page(self, subject: str, after: str, limit: int) -> tuple[tuple[str, Change], ...]:
        """Return at most `limit` changes as they came, each with its cursor, behind `after`."""
        behind = int(after) if after.isdecimal() else 0
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

    def get(self, client: str, key: str) -> tuple[str, Reply] | None:
        """Return the digest of the request and the answer to it, or None."""
        statement = select(replies).where(replies.c.client == client, replies.c.key == key)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else (row.request, Reply(row.status, row.media_type, row.body))

    def add(self, client: str, key: str, request: str, reply: Reply, at: datetime) -> None:
        """Keep an answer; kept already, nothing happens."""
        row = {
            "client": client,
            "key": key,
            "request": request,
            "status": reply.status,
            "media_type": reply.media_type,
            "body": reply.body,
            "at": at,
        }
        insert_missing(self._connection, replies, row)
