"""What can go wrong with the combinations of an award."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.language.diagnostics import did_you_mean, shorten
from app.services.digits import digits
from app.services.errors import ConflictError, RefusedError


class UncountableRuleError(RefusedError):
    """Whether a set of credentials meets the rule depends on more than which ones they are."""

    def __init__(self, award: str, what: str) -> None:
        """Say what the rule has that sets do not tell."""
        super().__init__(
            f"the combinations of `{award}` cannot be counted, because its rule has {what}: "
            "audit a record against it instead",
            award=award,
            what=what,
        )


class LearnerNeededError(RefusedError):
    """A rule takes a number from the learner, and nobody was named."""

    def __init__(self, award: str, facts: Sequence[str]) -> None:
        """Say what would work."""
        named = " and ".join(f"`{fact}`" for fact in facts)
        super().__init__(
            f"the combinations of `{award}` are different for each learner, because its rule takes "
            f"{named} from the learner's record: name a learner who states it",
            award=award,
            facts=list(facts),
        )


class TooManyIssuersError(RefusedError):
    """Which few issuers are enough is a question of too many sets of them."""

    def __init__(self, issuers: int) -> None:
        """Say what would work."""
        super().__init__(
            f"{issuers} issuers are too many to find out how few of them are enough: "
            "name a few with `issuer`",
            issuers=issuers,
        )


class NobodyHoldsError(RefusedError):
    """Combinations are to be the best by what is held, and nobody is named who holds anything."""

    def __init__(self) -> None:
        """Say what would work."""
        super().__init__("nobody says what is held: name a learner, or a record of theirs")


class ContradictoryFiltersError(RefusedError):
    """One filter asks for what another leaves out."""

    def __init__(self, credential: str, why: str) -> None:
        """Name the credential, and what leaves it out."""
        super().__init__(
            f"`{shorten(credential)}` must be there and is left out by `{why}`: drop one of them",
            credential=credential,
            filter=why,
        )


class CannotCountError(RefusedError):
    """What must be there is in no combination, whatever else is."""

    def __init__(self, credential: str, award: str, why: str) -> None:
        """Say why, where that is known."""
        known = why or "no requirement of its rule asks for it, or it is retired"
        super().__init__(
            f"`{shorten(credential)}` must be there and cannot count in `{award}`: {known}",
            credential=credential,
            award=award,
        )


class NoSuchFilterValueError(RefusedError):
    """A filter names an issuer or a mode that nothing in the catalogue has."""

    def __init__(self, name: str, value: str, known: Iterable[str]) -> None:
        """Say so, with the nearest of those there are."""
        there = sorted(known)
        remedy = did_you_mean(value, there) or f"there are {', '.join(there[:10]) or 'none'}"
        super().__init__(
            f"nothing that counts has the {name} `{shorten(value)}`: {remedy}", filter=name
        )


class UnknownMeasureError(RefusedError):
    """Combinations are to be the best by what nobody measures."""

    def __init__(self, by: str, known: Sequence[str]) -> None:
        """Name the measures there are."""
        super().__init__(f"nothing is measured by `{shorten(by)}`: use {', '.join(known)}", by=by)


class NoSuchNumberError(RefusedError):
    """Combinations are asked for from a number on that none has."""

    def __init__(self, number: int, count: int) -> None:
        """Say which is the last one."""
        last = f"the last one is {digits(count - 1)}" if count else "there is none at all"
        super().__init__(
            f"there is no combination {digits(number)}: {last}",
            number=digits(number),
            count=digits(count),
        )


class StaleCursorError(ConflictError):
    """A cursor of combinations as they were listed before something changed."""

    def __init__(self, award: str) -> None:
        """Say what may have changed, and what would work."""
        super().__init__(
            f"the combinations of `{award}` are no longer those that this cursor is of, because "
            "its rule, the catalogue or the day changed: begin again without a cursor",
            award=award,
        )
