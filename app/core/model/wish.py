"""What is wanted of a placement beside what the rules say: wishes, inertia, and a forced place."""

from __future__ import annotations

from typing import NamedTuple

from app.core.model.certificate import Certificate
from app.core.model.credential import CredentialId
from app.core.model.record import AchievementId


class Wish(NamedTuple):
    """`achievement` shall count toward `requirement` of `award`, or of the only one audited."""

    achievement: AchievementId
    requirement: str
    award: CredentialId | None = None


class Wanted(NamedTuple):
    """Wishes, the placement that was shown before, and what must count in one place (`forced`).

    The earlier placement is that of an earlier audit's certificate; each answer looks at its own.
    """

    wishes: tuple[Wish, ...] = ()
    earlier: Certificate | None = None
    forced: Wish | None = None


NOTHING_WANTED = Wanted()
