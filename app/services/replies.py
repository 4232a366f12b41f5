"""Answers kept for requests that may come again under the same idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.services.canonical import digest
from app.services.ports import Clock, Storage
from app.services.reply_errors import KeyReusedError, StillAnsweringError
from app.services.stored import Reply

ABANDONED = timedelta(minutes=5)
"""Nothing takes as long to answer: whoever began has ended without a word."""


class ReplyService:
    """Gives the same answer to the same request, and refuses another one under its key."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock

    def once(self, client: str, key: str, request: bytes, act: Callable[[], Reply]) -> Reply:
        """Act and keep the answer, or return what was answered to the same request before.

        KeyReusedError where the request was another one, StillAnsweringError where the same one is
        being answered now; an act that raises gives the key back.
        """
        now = self._clock()
        with self._storage.writing() as unit:
            unit.lock(f"key {client} {key}")
            kept = unit.replies.get(client, key)
            if kept is not None and kept.request != digest(request):
                raise KeyReusedError(key)
            if kept is not None and kept.reply is not None:
                return kept.reply
            if kept is not None and now - kept.at < ABANDONED:
                raise StillAnsweringError(key)
            unit.replies.claim(client, key, digest(request), now)
        reply = None
        try:
            reply = act()
        finally:
            with self._storage.writing() as unit:
                unit.replies.settle(client, key, now, reply)
        return reply
