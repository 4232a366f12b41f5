"""Saved what-ifs as they are kept: the question, what came of it each time, and links to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from app.core.model.record import LearnerId


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWhatIf:
    """A what-if of a learner under a name; `compared` counts its comparisons."""

    id: str
    learner: LearnerId
    name: str
    question: bytes
    created_at: datetime
    compared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredComparison:
    """What came of a what-if on a day, as JSON; its comparisons are numbered from one."""

    number: int
    as_of: date
    compared_at: datetime
    engine: str
    document: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLink:
    """A link to a what-if: of its secret only the digest is kept."""

    sha256: str
    what_if: str
    created_at: datetime
    expires_at: datetime


class LinkRepository(Protocol):
    """Links to saved what-ifs."""

    def add(self, link: SharedLink) -> None:
        """Keep a link."""

    def get(self, sha256: str) -> SharedLink | None:
        """Return the link whose secret has this digest, or None."""

    def to(self, what_if: str) -> tuple[SharedLink, ...]:
        """Return the links to a what-if, latest first."""

    def drop(self, sha256: str) -> None:
        """Forget a link."""


class WhatIfRepository(Protocol):
    """Saved what-ifs, and what came of them."""

    @property
    def links(self) -> LinkRepository:
        """Links to what is saved."""

    def add(self, what_if: StoredWhatIf) -> None:
        """Keep a what-if."""

    def get(self, what_if: str) -> StoredWhatIf | None:
        """Return a what-if, or None."""

    def count(self, learner: str) -> int:
        """Return how many what-ifs a learner has."""

    def named(self, learner: str, name: str) -> str | None:
        """Return the id of a learner's what-if of that name, or None."""

    def page(
        self, learner: str, after: tuple[datetime, str] | None, limit: int
    ) -> tuple[StoredWhatIf, ...]:
        """Return at most `limit` what-ifs of a learner, latest first, behind an instant and id."""

    def drop(self, what_if: str) -> None:
        """Forget a what-if with all that belongs to it."""

    def keep(self, what_if: str, comparison: StoredComparison) -> None:
        """Keep what came of a what-if."""

    def comparisons(self, what_if: str, after: int, limit: int) -> tuple[StoredComparison, ...]:
        """Return at most `limit` comparisons by number, behind `after`."""
