"""What can go wrong with saved what-ifs and links to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.core.language.diagnostics import shorten
from app.services.errors import ConflictError, RefusedError, ServiceError, UnknownError


class UnknownWhatIfError(UnknownError):
    """The learner has no such saved what-if."""

    def __init__(self, learner: str, what_if: str) -> None:
        """Say so."""
        super().__init__(
            f"`{shorten(learner)}` has no saved what-if `{shorten(what_if)}`",
            learner=learner,
            what_if=what_if,
        )


class UnknownComparisonError(UnknownError):
    """A saved what-if was not compared so often."""

    def __init__(self, number: int, compared: int) -> None:
        """Say how often it was."""
        super().__init__(
            f"there is no comparison {number}: there are those from 1 to {compared}",
            number=number,
            compared=compared,
        )


class NameTakenError(ConflictError):
    """The learner has a what-if of that name already."""

    def __init__(self, name: str, what_if: str) -> None:
        """Say which."""
        super().__init__(
            f"there is a what-if `{shorten(name)}` already: choose another name, compare that one "
            "again, or remove it first",
            name=name,
            what_if=what_if,
        )


class BadExpiryError(RefusedError):
    """A link cannot last so long."""

    def __init__(self, days: int, most: int) -> None:
        """Say how long it may."""
        super().__init__(f"a link lasts from 1 to {most} days, not {days}", days=days, most=most)


class UnknownLinkError(UnknownError):
    """No link has that secret or id, or it was withdrawn."""

    def __init__(self) -> None:
        """Say so, and what may be the matter."""
        super().__init__("there is no such link: it may have been withdrawn, ask for a new one")


class LinkExpiredError(ServiceError):
    """A link that was good once."""

    def __init__(self, expired_at: datetime) -> None:
        """Say since when it is not."""
        day = expired_at.date().isoformat()
        super().__init__(
            f"the link expired on {day}: ask whoever sent it for a new one", expired_on=day
        )


class TooMuchToTryError(RefusedError):
    """A record has too many achievements to try a change of each."""

    def __init__(self, count: int, most: int) -> None:
        """Say how many may be tried."""
        super().__init__(
            f"the record has {count} achievements, and changes are tried one by one for at most "
            f"{most}: ask for the nearest awards or a route instead",
            count=count,
            most=most,
        )


class ContradictingChangesError(RefusedError):
    """One achievement is to be removed and changed."""

    def __init__(self, names: Sequence[str]) -> None:
        """Say which."""
        listed = ", ".join(f"`{shorten(one)}`" for one in names[:8])
        super().__init__(
            f"{listed} would be removed and also changed: leave out one of both",
            entries=list(names),
        )


class QuestionTooLongError(RefusedError):
    """The question of a what-if is too long to be kept."""

    def __init__(self, size: int, most: int) -> None:
        """Say how long it may be."""
        super().__init__(
            f"the question takes {size} bytes, and at most {most} are kept: change less at once",
            size=size,
            most=most,
        )


class FullError(ConflictError):
    """As many are kept as may be."""

    def __init__(self, what: str, most: int) -> None:
        """Say how many, and what would work."""
        super().__init__(
            f"there are {most} {what} already, and no more are kept: remove one first", most=most
        )
