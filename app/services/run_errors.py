"""What can go wrong with runs over a population."""

from __future__ import annotations

from app.core.language.diagnostics import shorten
from app.services.errors import ConflictError, RefusedError, UnknownError
from app.services.stored_runs import Members, RunState

NOBODY: dict[Members, tuple[str, str]] = {
    "all": ("no learner is kept", "keep one first"),
    "declared": ("no learner has declared `{award}`", "ask for `all` or `audited` learners"),
    "audited": ("no learner has a stored audit of `{award}`", "ask for `all` learners"),
}


class UnknownRunError(UnknownError):
    """No run is kept by that name."""

    def __init__(self, run: str) -> None:
        """Say so."""
        super().__init__(f"there is no run `{shorten(run)}`", run=run)


class NotInRunError(UnknownError):
    """The run has no result for the learner."""

    def __init__(self, run: str, learner: str, *, ended: bool) -> None:
        """Say so, and whether there may be one later."""
        later = "it is not among those that were judged" if ended else "it may come: ask again"
        super().__init__(
            f"the run has no result for `{shorten(learner)}`: {later}", run=run, learner=learner
        )


class RunEndedError(ConflictError):
    """A run that has ended cannot be cancelled."""

    def __init__(self, run: str, state: RunState) -> None:
        """Say how it ended."""
        super().__init__(f"the run is {state} already: its results stay", run=run, state=state)


class SameEditionError(RefusedError):
    """An edition would be compared with itself."""

    def __init__(self, award: str, edition: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"edition `{shorten(edition)}` of `{shorten(award)}` is the one to compare with: "
            "name another one as `edition` or as `against`",
            award=award,
            edition=edition,
        )


class NobodyToJudgeError(RefusedError):
    """The population of a run is empty."""

    def __init__(self, award: str, members: Members) -> None:
        """Say who was looked for, and what would work."""
        sentence, remedy = NOBODY[members]
        found = sentence.format(award=shorten(award))
        super().__init__(f"{found}: {remedy}", award=award, members=members)
