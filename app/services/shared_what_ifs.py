"""Links to saved what-ifs: whoever has one sees it, until it expires or is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.canonical import digest
from app.services.learners import log_change
from app.services.ports import Clock, Storage
from app.services.saved_what_ifs import SavedWhatIf, comparison_of, stored_of
from app.services.stored import Note, spoken_instant
from app.services.stored_what_ifs import SharedLink
from app.services.what_if_errors import (
    BadExpiryError,
    FullError,
    LinkExpiredError,
    UnknownLinkError,
)

USUAL_DAYS, MOST_DAYS = 14, 366
MOST_LINKS = 50
NAMED = 16
"""So much of a digest names a link: it does not lead to the secret."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link and its secret, which nobody can tell again."""

    link: SharedLink
    secret: str


@dataclass(frozen=True, slots=True)
class SharedWhatIf:
    """What a link shows."""

    saved: SavedWhatIf
    link: SharedLink


class SharedWhatIfService:
    """Gives out links, and what they show."""

    def __init__(self, storage: Storage, clock: Clock, secret: Callable[[], str]) -> None:
        """Keep where things are stored; `secret` makes one that nobody can guess."""
        self._storage = storage
        self._clock = clock
        self._secret = secret

    def share(self, learner: str, what_if: str, days: int, note: Note) -> NewLink:
        """Make a link that lasts so many days; BadExpiryError."""
        if not 1 <= days <= MOST_DAYS:
            raise BadExpiryError(days, MOST_DAYS)
        now, secret = self._clock(), self._secret()
        with self._storage.writing() as unit:
            # Nobody removes meanwhile what the link leads to.
            unit.lock(f"what-ifs of {learner}")
            stored = stored_of(unit, learner, what_if)
            if len(unit.what_ifs.links.to(stored.id)) >= MOST_LINKS:
                raise FullError("links to the what-if", MOST_LINKS)
            link = SharedLink(
                sha256=digest(secret.encode()),
                what_if=stored.id,
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
            unit.what_ifs.links.add(link)
            facts = {
                "what_if": stored.id,
                "link": link_id(link),
                "expires_at": spoken_instant(link.expires_at),
            }
            log_change(unit, now, note, "what-if.shared", learner, facts)
        return NewLink(link, secret)

    def links(self, learner: str, what_if: str) -> tuple[tuple[SharedLink, ...], datetime]:
        """Return the links to a what-if, latest first, expired ones too, and the instant it is."""
        with self._storage.reading() as unit:
            return unit.what_ifs.links.to(stored_of(unit, learner, what_if).id), self._clock()

    def withdraw(self, learner: str, what_if: str, link: str, note: Note) -> None:
        """End a link; UnknownLinkError."""
        with self._storage.writing() as unit:
            unit.lock(f"what-ifs of {learner}")
            stored = stored_of(unit, learner, what_if)
            links = unit.what_ifs.links.to(stored.id)
            found = next((one for one in links if link_id(one) == link), None)
            if found is None:
                raise UnknownLinkError
            unit.what_ifs.links.drop(found.sha256)
            facts = {"what_if": stored.id, "link": link}
            log_change(unit, self._clock(), note, "what-if.withdrawn", learner, facts)

    def shared(self, secret: str) -> SharedWhatIf:
        """Return what a link shows: the latest comparison; UnknownLinkError, LinkExpiredError."""
        with self._storage.reading() as unit:
            link = unit.what_ifs.links.get(digest(secret.encode()))
            if link is None:
                raise UnknownLinkError
            if link.expires_at <= self._clock():
                raise LinkExpiredError(link.expires_at)
            stored = unit.what_ifs.get(link.what_if)
            if stored is None:
                raise UnknownLinkError
            return SharedWhatIf(SavedWhatIf(stored, comparison_of(unit, stored, None)), link)


def link_id(link: SharedLink) -> str:
    """Return the name of a link that may be told."""
    return link.sha256[:NAMED]
