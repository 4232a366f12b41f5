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
from app.core.engine.decide import AnswerVerdict, pooled, settle
from app.core.engine.listing import Listing
from app.core.engine.posing import Posing, pose
from app.core.engine.prepare import ANSWERS, Pool
from app.core.explain.audits import progress_of
from app.core.model.audit import Progress
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, LearnerRecord
from app.core.model.requirement import Attest, MilestoneStep
from app.core.search.alike import some_of, tells_apart
from app.core.search.completion import Asked, Completion, Cost, all_met
from app.core.search.near_index import Bounds, Index, prices_of
from app.core.search.offers import beside

Measured = Literal["credits", "credentials", "cost", "time"]
MEASURES: tuple[Measured, ...] = ("credits", "credentials", "cost", "time")
State = Literal["earned", "projected", "planned", "open"]
"""Met with what is earned, with what is in progress too, with what is planned too, or not yet."""
STATES: tuple[State, ...] = ("earned", "projected", "planned", "open")
_OPEN = STATES.index("open")
Step = MilestoneStep | Attest

# Deterministic seconds for all completions of one question; each takes no more than half of what
# is left, so that those behind a hard one have some too.
LIMIT = 2.0
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


class _Standing(NamedTuple):
    """How an award stands with nothing added: by which answer it is met, and the first of them."""

    state: State
    now: AnswerVerdict
    ready: Pool


class _Reached(NamedTuple):
    """What completes an award of a record, and how it stands where that has been looked at."""

    record: LearnerRecord
    completion: Completion
    stands: _Standing | None


_Waiting = tuple[int, int, int, CredentialId, int, bool | _Reached]
"""An award by its key, its number, and what is known: whether roughly, or what completes it."""


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
        self.bounds = Bounds(sought.ranking.index, self.holder, sought.as_of)
        self.completed = self.out_of_reach = self.held = 0
        self.left = LIMIT
        self.undecided: list[CredentialId] = []
        self.refused: list[Refused] = []

    def found(self) -> Nearest:
        """Complete awards in the order of their bounds, until the list is closed."""
        near: list[Near] = []
        waiting = self._waiting()
        while waiting and len(near) < self.sought.limit:
            *_, number, known = heappop(waiting)
            try:
                if isinstance(known, _Reached):
                    near.append(self._near(self.awards[number], known))
                    continue
                after = self._bounded(number, close=True) if known else self._completed(number)
            except AuditError as refused:
                self._refuse(number, refused)
                continue
            if after is not None:
                heappush(waiting, after)
        return Nearest(
            near=tuple(near),
            awards=len(self.awards),
            completed=self.completed,
            held=self.held,
            out_of_reach=self.out_of_reach,
            undecided=tuple(sorted(self.undecided)),
            refused=tuple(sorted(self.refused, key=lambda one: one.award)),
        )

    def _waiting(self) -> list[_Waiting]:
        """A heap of all awards that may be near, by rough bounds."""
        waiting: list[_Waiting] = []
        for number, award in enumerate(self.awards):
            if award.rule.award in self.claimed and not self.sought.held_too:
                self.held += 1
                continue
            try:
                one = self._bounded(number)
            except AuditError as refused:
                self._refuse(number, refused)
                continue
            if one is not None:
                waiting.append(one)
        heapify(waiting)
        return waiting

    def _refuse(self, number: int, why: AuditError) -> None:
        self.refused.append(Refused(self.awards[number].rule.award, why))

    def _bounded(self, number: int, *, close: bool = False) -> _Waiting | None:
        """An award by a key that its own does not come before; None where it is out of reach."""
        award = self.awards[number]
        least = self.bounds.least(award, close=close)
        if least is None:
            self.out_of_reach += 1
            return None
        rank = _OPEN if least else 0
        return (rank, *divmod(least, MOST_TAKEN), award.rule.award, number, not close)

    def _completed(self, number: int) -> _Waiting | None:
        """An award with what completes it best, by its own key; None where nothing was found."""
        self.completed += 1
        award, sought = self.awards[number], self.sought
        record = beside(self.record, sought.holding, (award,), sought.as_of)
        found = self._completion(award, record)
        if found.credentials is None:
            if found.proven:
                self.out_of_reach += 1
            else:
                self.undecided.append(award.rule.award)
            return None
        taken = len(found.credentials)
        # What lacks credentials is open: how else it stands can wait until it is in the list.
        stands = None if taken else _standing(pooled([award], record, sought.as_of))
        rank = STATES.index(stands.state) if stands else _OPEN
        reached = _Reached(record, found, stands)
        return (rank, found.costs[0], taken, award.rule.award, number, reached)

    def _completion(self, award: CompiledAward, record: LearnerRecord) -> Completion:
        sought, index = self.sought, self.sought.ranking.index
        if tells_apart(award, record):
            every = index.reading(award).offers
            offers = [name for one in every for name in one.names if name not in self.known]
        else:
            bound = applied(award, record, sought.as_of).award
            offers = some_of(index.reading(bound).offers, self.known)
        costs = sought.ranking.costs(award, offers)
        asked = Asked([award], record, sought.as_of, granted=True)
        limit = self.left / 2
        found = asked.completion(offers, costs, limit)
        self.left -= limit - asked.left + asked.guessed
        return found

    def _near(self, award: CompiledAward, reached: _Reached) -> Near:
        record, found, stands = reached
        if stands is None:
            ready = pooled([award], record, self.sought.as_of)
            stands = _Standing("open", settle(pose(ready, "now"), "now"), ready)
        return Near(
            award=award,
            held=award.rule.award in self.claimed,
            state=stands.state,
            progress=progress_of(stands.now, 0),
            completion=found,
            missing=found.costs[0],
            credits=award.listing.credits_of(found.credentials or ()),
            steps=_open_steps(stands.ready),
        )


def _standing(ready: Pool) -> _Standing:
    """How an award stands: the answers are decided up to the first by which it is met."""
    posing = Posing(ready)
    answer = now = settle(posing.problem("now"), "now")
    for state, name, status in zip(STATES, ANSWERS, COUNTING, strict=False):
        if state != "earned" and status in ready.of_status:
            answer = settle(posing.problem(name), name)
        if answer.standings[0].met:
            return _Standing(state, now, ready)
    return _Standing("open", now, ready)


def _open_steps(ready: Pool) -> tuple[Step, ...]:
    """The steps that are not recorded yet, where the award waits for any."""
    steps = ready.awards[0].steps
    if not steps:
        return ()
    problem = pose(ready, "planned")
    if all_met(problem):
        return ()
    met: Mapping[str, bool] = problem.steps_met[0]
    return tuple([one for one in steps if not met[one.id]])
