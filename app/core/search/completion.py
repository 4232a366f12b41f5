"""The best completion: what of the catalogue a record still needs, at the lowest cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import gcd

from app.core.engine.applying import applied, unmoved
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled, settle
from app.core.engine.exact import MOST_TERMS, Model, configured
from app.core.engine.limits import Linear, terms
from app.core.engine.posing import pose
from app.core.engine.prepare import anchor_of
from app.core.engine.problem import ConditionLimit, Problem
from app.core.engine.quick import ways_of
from app.core.engine.selectors import Days
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.guess import Guess, Guessing
from app.core.search.least import compulsory
from app.core.search.offers import beside
from app.core.search.packing import packs, parted

# Deterministic seconds for one completion: for searches, and for audits of what they find.
LIMIT = 1.0
# A guess takes about so many for each term of its problem in each way to fill it.
GUESS = 7e-6
# With nothing left of a limit a guess that takes no more than this is still made.
LITTLE = 0.01
# So many sets are tried where what holds of the whole record is known only once a set is.
MOST_TRIES = 12

Cost = Mapping[CredentialId, int]
"""What each credential costs, in whole units; one that is not named costs nothing."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What completes awards; `least` is what no completion can cost less than, by each cost.

    Where `credentials` is None nothing was found: for certain if it is `proven`.
    """

    credentials: tuple[CredentialId, ...] | None
    costs: tuple[int, ...]
    least: tuple[int, ...]
    proven: bool


UNDECIDED = Completion(None, (), (), proven=False)
NONE = Completion(None, (), (), proven=True)


class Asked:
    """What is to be completed, for whom; with `granted` the steps without credit are done.

    What it finds out is an AuditError where the record cannot be judged. So many deterministic
    seconds are `left` of the limit of a completion, beside those for which it `guessed`.
    """

    def __init__(
        self,
        awards: Sequence[CompiledAward],
        record: LearnerRecord,
        as_of: date,
        *,
        granted: bool = False,
    ) -> None:
        """Keep the question."""
        self.awards = awards
        self.record = record
        self.as_of = as_of
        self.granted = granted
        self.left = LIMIT
        self.guessed = 0.0

    def completion(
        self, offers: Iterable[CredentialId], costs: Sequence[Cost], limit: float = LIMIT
    ) -> Completion:
        """Return what of the offers completes all awards at the lowest cost, by each in turn."""
        self.left = limit
        names = sorted(offers)
        wider = beside(self.record, names, self.awards, self.as_of)
        problem = self.posed(wider)
        at_once = left_to_audits(problem)
        levels = _Levels(costs, names)
        held = {one.id for one in self.record.achievements}
        places = {
            item.credential.id: item.at for item in problem.items if item.achievement.id not in held
        }
        unchanged, lowest = steady(self.awards, self.record, wider, self.as_of), 0
        if len(self.awards) == 1 and unchanged:
            prices = {at: levels.price(name) for name, at in places.items()}
            guess = self._guess(at_once, prices)
            if guess.least is None:
                return NONE
            lowest, found = guess.least, guess.chosen
            if found is not None:
                chosen = tuple([name for name, at in places.items() if found >> at & 1])
                if problem is at_once or self.met(chosen):
                    told = levels.told(chosen)
                    return Completion(chosen, told, told, proven=True)
        if terms(problem) > MOST_TERMS or self.left <= 0:
            return UNDECIDED
        surely = unchanged and problem is at_once
        search = _Search(at_once, places, self, taking=not surely)
        if surely:
            return search.best(levels, lowest)
        return _tried(search, levels, steady=unchanged)

    def _guess(self, problem: Problem, prices: Mapping[int, int]) -> Guess:
        """A guess; where there is no time for it, that nothing is known."""
        price = GUESS * terms(problem) * len(ways_of(problem))
        if self.left <= 0 and price > LITTLE:
            return Guess(0, None)
        self.guessed = price
        return Guessing(problem, prices).best()

    def posed(self, record: LearnerRecord) -> Problem:
        """Return the problem of all that is planned, with the steps done if they are granted."""
        problem = pose(pooled(self.awards, record, self.as_of), "planned")
        return steps_done(problem) if self.granted else problem

    def met(self, names: Iterable[CredentialId]) -> bool:
        """Say whether all awards are met with some credentials."""
        problem = self.posed(beside(self.record, names, self.awards, self.as_of))
        verdict = settle(problem, "planned")
        self.left -= verdict.spent
        return all(standing.met for standing in verdict.standings)


def steps_done(problem: Problem) -> Problem:
    """Return a problem with every step without credit done: none is a credential to be taken."""
    if not any(problem.steps_met):
        return problem
    done = tuple([dict.fromkeys(one, True) for one in problem.steps_met])
    return replace(problem, steps_met=done)


def all_met(problem: Problem) -> bool:
    """Say whether all awards are met with all that is planned."""
    return all(standing.met for standing in settle(problem, "planned").standings)


def left_to_audits(problem: Problem) -> Problem:
    """The problem without what is asked of the whole record, judged as if all offers were held."""
    if not any(one.met is not None for own in problem.conditions for one in own):
        return problem
    conditions = [tuple(map(_kindly, own)) for own in problem.conditions]
    return replace(problem, conditions=tuple(conditions))


def _kindly(limit: ConditionLimit) -> ConditionLimit:
    """A condition that is only judged too kindly: what asks for much is so with more held."""
    much = limit.condition.kind in {"floor", "breadth"} and limit.condition.high is None
    return limit if limit.met is None or much else limit._replace(met=True)


def steady(
    awards: Iterable[CompiledAward], record: LearnerRecord, wider: LearnerRecord, as_of: date
) -> bool:
    """Say whether nothing between a record and a wider one is in other circumstances than it.

    To these belong the days on which windows open.
    """
    return all(
        unmoved(one, record, wider, as_of)
        and _opening(award := applied(one, record, as_of).award, record, as_of)
        == _opening(award, wider, as_of)
        for one in awards
    )


def _opening(award: CompiledAward, record: LearnerRecord, as_of: date) -> list[date | None]:
    days = Days.of(record, as_of)
    return [anchor_of(award, one, record, days) for one in award.windows]


class _Levels:
    """Costs, each outweighing those behind it, brought to one price."""

    def __init__(self, costs: Sequence[Cost], names: Sequence[CredentialId]) -> None:
        self.costs = costs
        self.units = [gcd(*[one.get(name, 0) for name in names]) or 1 for one in costs]
        self.sums = [
            sum([one.get(name, 0) for name in names]) // unit
            for one, unit in zip(costs, self.units, strict=True)
        ]

    def price(self, name: CredentialId) -> int:
        """Return all costs of a credential in one."""
        return self.packed(range(len(self.costs)), name)

    def packed(self, levels: Iterable[int], name: CredentialId) -> int:
        """Return some costs of a credential in one."""
        found = 0
        for at in levels:
            found = found * (self.sums[at] + 1) + self.costs[at].get(name, 0) // self.units[at]
        return found

    def parted(self, levels: range, price: int) -> list[int]:
        """Return the costs that a sum of some levels is made of."""
        found = parted([self.sums[at] for at in levels], price)
        return [own * self.units[at] for at, own in zip(levels, found, strict=True)]

    def told(self, names: Iterable[CredentialId]) -> tuple[int, ...]:
        """Return what some credentials cost, by each cost."""
        taken = [*names]
        return tuple([sum([one.get(name, 0) for name in taken]) for one in self.costs])


class _Search:
    """One model, solved for each cost in turn."""

    def __init__(
        self,
        problem: Problem,
        places: Mapping[CredentialId, int],
        asked: Asked,
        *,
        taking: bool,
    ) -> None:
        """State the problem, with every award met.

        Where it is `taking`, what is taken need not count: it may do for the record to hold it.
        """
        from ortools.sat.python import cp_model  # noqa: PLC0415

        self.library = cp_model
        self.model = Model(problem, cp_model.CpModel())
        self.model.build()
        self.asked, self.size = asked, terms(problem)
        every = sum(problem.whole)
        self.used: dict[CredentialId, Linear] = {
            name: self.model.used(at, every) for name, at in places.items()
        }
        if taking:
            self.used = {name: self._taken(flag) for name, flag in self.used.items()}
            self._whole_record(problem, places)
        for done in self.model.done:
            self.model.cp.add(done == 1)

    def _taken(self, used: Linear) -> Linear:
        taken = self.model.cp.new_bool_var("")
        self.model.cp.add(used <= taken)
        return taken

    def _whole_record(self, problem: Problem, places: Mapping[CredentialId, int]) -> None:
        """State how much a whole record has to hold, or may: all that it would, less what is left.

        What else is asked of it is known only once a set is.
        """
        for award, own, amounts in zip(
            problem.awards, problem.conditions, problem.amounts, strict=True
        ):
            for limit in [own[at] for at in compulsory(award)]:
                kind, amount = limit.condition.kind, limit.condition.amount
                if limit.reach is None or amount is None or kind not in {"floor", "ceiling"}:
                    continue
                by_credits = limit.condition.measure == "credits"
                left = sum(
                    (amounts[at] if by_credits else 1) * (1 - self.used[name])
                    for name, at in places.items()
                    if limit.items >> at & 1
                )
                there = limit.reach - left
                self.model.cp.add(there >= amount if kind == "floor" else there <= amount)

    def best(self, levels: _Levels, lowest: int = 0) -> Completion:
        """Make each cost as small as can be, those before it staying as they are.

        All costs in one come to no less than what is known to be `lowest`.
        """
        chosen: tuple[CredentialId, ...] | None = None
        least: list[int] = []
        proven = True
        groups = packs(levels.sums)
        # The costs that are kept to here are not those of the next set.
        cp = self.model.cp.clone()
        for group in groups:
            whole = sum(levels.packed(group, name) * flag for name, flag in self.used.items())
            if len(groups) == 1 and lowest:
                cp.add(whole >= lowest)
            cp.minimize(whole)
            solver = configured(self.library.CpSolver(), max(self.asked.left, 0.001), self.size)
            status = solver.solve(cp)
            self.asked.left -= solver.response_proto.deterministic_time
            if status == self.library.INFEASIBLE:
                return NONE
            if status not in {self.library.OPTIMAL, self.library.FEASIBLE}:
                proven = False
                break
            chosen = tuple(
                [
                    name
                    for name, flag in self.used.items()
                    if not isinstance(flag, int) and solver.value(flag)
                ]
            )
            bound = levels.parted(group, round(solver.best_objective_bound))
            least += _sure(bound, [levels.told(chosen)[at] for at in group])
            proven = proven and status == self.library.OPTIMAL
            cp.add(whole <= round(solver.objective_value))
        told = () if chosen is None else levels.told(chosen)
        return Completion(chosen, told, tuple(least), proven)

    def forbid(self, chosen: Sequence[CredentialId]) -> None:
        """Let another set be found next."""
        taken = set(chosen)
        others = [flag for name, flag in self.used.items() if name not in taken]
        missing = [1 - self.used[name] for name in chosen]
        self.model.cp.add(sum(others) + sum(missing) >= 1)


def _sure(bound: Sequence[int], found: Sequence[int]) -> Iterator[int]:
    """What no completion costs less than: behind a cost that may be lower yet nothing is sure."""
    open_ = False
    for least, own in zip(bound, found, strict=True):
        yield 0 if open_ else min(least, own)
        open_ = open_ or least < own


def _tried(search: _Search, levels: _Levels, *, steady: bool) -> Completion:
    """The first of the sets in the order of their costs that completes the awards.

    Proven where the circumstances are the same for all sets: then each costs no less than those
    before it.
    """
    first: tuple[int, ...] = ()
    for _ in range(MOST_TRIES):
        found = search.best(levels)
        if found.credentials is None:
            return replace(found, proven=found.proven and steady)
        first = first or (found.least if steady else (0,) * len(found.least))
        if search.asked.met(found.credentials):
            return replace(found, least=first, proven=found.proven and steady)
        if search.asked.left <= 0:
            break
        search.forbid(found.credentials)
    return UNDECIDED
