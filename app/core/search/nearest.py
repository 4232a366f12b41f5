"""Nearest awards: of many the few that lack least, each with what completes it best.

Every award has a bound that what it lacks cannot go below; awards are completed in the order of
their bounds, until no bound is left that is below what the list holds already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush
from typing import Literal, NamedTuple

from app.core.engine.applying import applied
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict, Verdict, decide
from app.core.engine.listing import Listing
from app.core.explain.audits import progress_of
from app.core.model.audit import Progress
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, LearnerRecord
from app.core.model.requirement import Attest, MilestoneStep
from app.core.search.alike import some_of, tells_apart
from app.core.search.completion import Asked, Completion, Cost
from app.core.search.near_index import Bounds, Index, prices_of
from app.core.search.offers import beside

Measured = Literal["credits", "credentials", "cost", "time"]
MEASURES: tuple[Measured, ...] = ("credits", "credentials", "cost", "time")
State = Literal["earned", "projected", "planned", "open"]
"""Met with what is earned, with what is in progress too, with what is planned too, or not yet."""
STATES: tuple[State, ...] = ("earned", "projected", "planned", "open")
Step = MilestoneStep | Attest

# More credentials than this no completion has: a cost outweighs any number of them.
MOST_TAKEN = 1_000_000
Stated = Callable[[Listing], Cost]
"""What credentials cost where that is stated of them, by the catalogue they are in."""


class Ranking:
    """A measure of what lacks, and all that is kept for it about a catalogue and its rules."""

    def __init__(self, by: Measured, stated: Stated | None = None) -> None:
        """Rank by credits or credentials, or by what is `stated` of credentials."""
        self.by = by
        self._stated = stated
        self.index = Index(self._priced)

    def _costs(self, listing: Listing) -> Cost | None:
        """What each credential costs; None where it is its credits."""
        if self.by == "credits":
            return None
        if self._stated is None:
            return dict.fromkeys(listing.names, 1)
        return self._stated(listing)

    def _priced(self, listing: Listing) -> Sequence[int | None]:
        return prices_of(listing, self._costs(listing), MOST_TAKEN)

    def costs(self, award: CompiledAward, names: Sequence[CredentialId]) -> list[Cost]:
        """Return what some credentials cost, and that each is one."""
        prices, place = self.index.listed(award.listing).prices, award.listing.place
        own = {name: (prices[place[name]] or 0) // MOST_TAKEN for name in names}
        return [own, dict.fromkeys(names, 1)]


class Near(NamedTuple):
    """One award: how it stands now, what completes it best, and the steps it still waits for.

    `missing` is what the completion comes to in the measure asked for, `credits` what in credits.
    """

    award: CompiledAward
    held: bool
    state: State
    progress: Progress
    completion: Completion
    missing: int
    credits: Credits
    steps: tuple[Step, ...]


class Refused(NamedTuple):
    """An award by which the record cannot be judged, and why."""

    award: CredentialId
    why: AuditError


@dataclass(frozen=True, slots=True)
class Nearest:
    """The awards that lack least, and what became of the others.

    Of `awards` so many were `completed` one by one. `out_of_reach` counts those that are known to
    be beyond what is offered; where nothing was found in the time there was they are `undecided`.
    """

    near: tuple[Near, ...]
    awards: int
    completed: int
    held: int
    out_of_reach: int
    undecided: tuple[CredentialId, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is sought: how many awards, by what measure, those that are held too.

    What is `holding` is held beside the record, with the best grade.
    """

    ranking: Ranking
    limit: int
    as_of: date
    held_too: bool = False
    holding: tuple[CredentialId, ...] = ()


def nearest(awards: Sequence[CompiledAward], record: LearnerRecord, sought: Sought) -> Nearest:
    """Return the awards that lack least; those that are earned and not claimed come first."""
    return _Seeking(awards, record, sought).found()


class _Seeking:
    """One search, the awards by what they lack at least."""

    def __init__(
        self, awards: Sequence[CompiledAward], record: LearnerRecord, sought: Sought
    ) -> None:
        self.awards = awards
        self.record = record
        self.sought = sought
        self.holder = beside(record, sought.holding, (), sought.as_of)
        held = [one for one in self.holder.achievements if one.status == "earned"]
        self.claimed = {one.credential for one in held}
        self.known = {one.credential for one in self.holder.achievements if one.status in COUNTING}
        self.completed = self.out_of_reach = self.held = 0
        self.undecided: list[CredentialId] = []
        self.refused: list[Refused] = []

    def found(self) -> Nearest:
        """Complete awards in the order of their bounds, until the list is closed."""
        near: list[Near] = []
        waiting = self._bounds()
        while waiting and len(near) < self.sought.limit:
            *_, number, one = heappop(waiting)
            if one is not None:
                near.append(one)
                continue
            found = self._completed(self.awards[number])
            if found is not None:
                heappush(waiting, (*self._key(found), number, found))
        return Nearest(
            near=tuple(near),
            awards=len(self.awards),
            completed=self.completed,
            held=self.held,
            out_of_reach=self.out_of_reach,
            undecided=tuple(sorted(self.undecided)),
            refused=tuple(sorted(self.refused, key=lambda one: one.award)),
        )

    def _bounds(self) -> list[tuple[int, int, int, CredentialId, int, Near | None]]:
        """A heap of all awards that may be near, with a key that none comes before."""
        bounds = Bounds(self.sought.ranking.index, self.holder, self.sought.as_of)
        waiting: list[tuple[int, int, int, CredentialId, int, Near | None]] = []
        for number, award in enumerate(self.awards):
            name = award.rule.award
            if name in self.claimed and not self.sought.held_too:
                self.held += 1
                continue
            try:
                least = bounds.least(award)
            except AuditError as refused:
                self.refused.append(Refused(name, refused))
                continue
            if least is None:
                self.out_of_reach += 1
                continue
            rank = STATES.index("open") if least else 0
            waiting.append((rank, *divmod(least, MOST_TAKEN), name, number, None))
        heapify(waiting)
        return waiting

    def _key(self, near: Near) -> tuple[int, int, int, CredentialId]:
        taken = len(near.completion.credentials or ())
        return STATES.index(near.state), near.missing, taken, near.award.rule.award

    def _completed(self, award: CompiledAward) -> Near | None:
        self.completed += 1
        name = award.rule.award
        try:
            record = beside(self.record, self.sought.holding, (award,), self.sought.as_of)
            found = self._completion(award, record)
            if found.credentials is None:
                if found.proven:
                    self.out_of_reach += 1
                else:
                    self.undecided.append(name)
                return None
            return self._near(award, record, found)
        except AuditError as refused:
            self.refused.append(Refused(name, refused))
            return None

    def _completion(self, award: CompiledAward, record: LearnerRecord) -> Completion:
        sought, index = self.sought, self.sought.ranking.index
        if tells_apart(award, record):
            every = index.reading(award).offers
            offers = [name for one in every for name in one.names if name not in self.known]
        else:
            bound = applied(award, record, sought.as_of).award
            offers = some_of(index.reading(bound).offers, self.known)
        costs = sought.ranking.costs(award, offers)
        return Asked([award], record, sought.as_of, granted=True).completion(offers, costs)

    def _near(self, award: CompiledAward, record: LearnerRecord, found: Completion) -> Near:
        verdict = decide([award], record, self.sought.as_of)
        taken = found.credentials or ()
        return Near(
            award=award,
            held=award.rule.award in self.claimed,
            state=_state(verdict, complete=not taken),
            progress=progress_of(verdict.now, 0),
            completion=found,
            missing=found.costs[0],
            credits=award.listing.credits_of(taken),
            steps=_open_steps(verdict.planned),
        )


def _state(verdict: Verdict, *, complete: bool) -> State:
    """The first of the answers by which an award is met."""
    if complete:
        for state, answer in zip(STATES, verdict.answers, strict=False):
            if answer.standings[0].met:
                return state
    return "open"


def _open_steps(answer: AnswerVerdict) -> tuple[Step, ...]:
    """The steps that are not recorded yet, where the award waits for any."""
    if answer.standings[0].met:
        return ()
    met: Mapping[str, bool] = answer.problem.steps_met[0]
    return tuple([one for one in answer.problem.awards[0].steps if not met[one.id]])
