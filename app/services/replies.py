"""Answers kept for requests that may come again under the same idempotency key."""

from __future__ import annotations

from app.services.canonical import digest
from app.services.errors import KeyReusedError
from app.services.ports import Clock, Storage
from app.services.stored import Reply


class ReplyService:
    """Gives the same answer to the same request, and refuses another one under its key."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock

    def recall(self, client: str, key: str, request: bytes) -> Reply | None:
        """Return what was answered, or None; KeyReusedError where the request was another one."""
        with self._storage.reading() as unit:
            kept = unit.replies.get(client, key)
        if kept is None:
            return None
        if kept[0] != digest(request):
            raise KeyReusedError(key)
        return kept[1]

    def keep(self, client: str, key: str, request: bytes, reply: Reply) -> None:
        """Keep an answer; the first one under a key stays."""
        with self._storage.writing() as unit:
            unit.replies.add(client, key, digest(request), reply, self._clock())
