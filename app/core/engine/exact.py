"""What the fast path leaves open, settled by CP-SAT: one worker, fixed seed, fixed limit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.core.engine.compiled import Branch, GroupBranch, LeafBranch, StepBranch
from app.core.engine.evaluate import Allocation
from app.core.engine.limits import Limits, Linear, terms
from app.core.engine.problem import ConditionLimit, Problem, bits
from app.core.model.credits import SCALE
from app.core.model.record import Status

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

# Deterministic seconds of CP-SAT for one answer: the same on every machine, whatever its load.
LIMIT = 0.3
# A model of more terms than this is not searched at all: to state it would take longer, and more
# memory, than any search that could follow.
MOST_TERMS = 12_000
FEW_TERMS = 1000
# Deterministic seconds for a first look with the settings of small problems; where slots share,
# what a presolve finds is seldom found without it.
AT_FIRST = 0.05
AT_FIRST_SHARING = 0.003
# Sums up to this size are far below what a float holds exactly, as the solver tells them.
LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class Found:
    """The best allocation found, whether it is proven best, and what is left of the limit.

    It is `proven` by levels 1 to 4, and `finished` where the search came to its end.
    """

    allocation: Allocation
    proven: bool
    left: float
    finished: bool = False


class Goal(NamedTuple):
    """Levels in one sum to be made as large as can be.

    What it holds of levels 1 to 4, if anything, is the sum divided by `below` and rounded down.
    """

    sum: Linear
    below: int
    verdict: bool


def solve_exactly(
    problem: Problem,
    known: Allocation,
    left: float,
    wanted: Collection[int] | None = None,
) -> Found:
    """Return the best allocation on levels 1 to 4, and among those the one of levels 5 to 8.

    Where the limit leaves nothing found, it is the one that is known. Whether an award is met is
    a level of its own for all, or for those `wanted`.
    """
    size = terms(problem)
    if size > MOST_TERMS:
        return Found(known, proven=False, left=left)
    # Half a second to import: only who needs it pays.
    from ortools.sat.python import cp_model  # noqa: PLC0415

    model = Model(problem, cp_model.CpModel())
    model.build(wanted)
    sharing = any(
        mask and shares for mask, shares in zip(problem.eligible, problem.slot_sharing, strict=True)
    )
    first = AT_FIRST_SHARING if sharing else AT_FIRST
    best, settled, finished = known, True, True
    for goal in model.goals():
        if left <= 0:
            return Found(best, settled and not goal.verdict, left)
        solver = configured(cp_model.CpSolver(), min(left, first), size)
        model.cp.maximize(goal.sum)
        status = solver.solve(model.cp)
        if status != cp_model.OPTIMAL and left > first:
            # Now and then a presolve finds at once what none would find in any time.
            left -= solver.response_proto.deterministic_time
            solver = configured(cp_model.CpSolver(), left, size, again=True)
            status = solver.solve(model.cp)
        left -= solver.response_proto.deterministic_time
        if status == cp_model.INFEASIBLE:
            # Without anything forced there is always an allocation: then the model is at fault.
            forced = problem.aims is not None and bool(problem.aims.forced)
            return Found(best, proven=forced, left=left, finished=True)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return Found(best, settled and not goal.verdict, left)
        best, reached = model.allocation(solver), round(solver.objective_value)
        if status != cp_model.OPTIMAL:
            left, finished = 0.0, False
            # Where the limit stops a later level, the placement so far is as good on 1 to 4.
            settled = round(solver.best_objective_bound) // goal.below == reached // goal.below
        model.cp.add(goal.sum >= reached)
    return Found(best, settled, left, finished)


def satisfiable(problem: Problem, number: int, limit: float) -> tuple[bool | None, float]:
    """Say whether any allocation meets one of the awards, and what it took of the limit.

    None where the limit stopped the search, or the problem is too large for one.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415

    size = terms(problem)
    if size > MOST_TERMS:
        return None, 0.0
    model = Model(problem, cp_model.CpModel())
    model.build()
    model.cp.add(model.done[number] == 1)
    solver = configured(cp_model.CpSolver(), limit, size)
    status = solver.solve(model.cp)
    spent = solver.response_proto.deterministic_time
    if status == cp_model.INFEASIBLE:
        return False, spent
    return (True if status in {cp_model.OPTIMAL, cp_model.FEASIBLE} else None), spent


def configured(solver: CpSolver, limit: float, size: int, *, again: bool = False) -> CpSolver:
    """Return the solver with the settings that every answer is decided by."""
    brief = size <= FEW_TERMS and not again
    settings = solver.parameters
    settings.num_workers = 1
    settings.random_seed = 1
    settings.max_deterministic_time = limit
    # What a first look leaves open may be closed by cuts alone, or by probing; in a first look both
    # cost more than they save, as does any presolve, and in what is large probing does. All that is
    # linear at once: what is large is seldom decided without, what is small now and then with it.
    settings.cut_level = 0 if brief else 1
    settings.cp_model_probing_level = 2 if again else 0
    settings.add_lp_constraints_lazily = again and size <= FEW_TERMS
    settings.symmetry_level = 0
    settings.max_presolve_iterations = 1
    settings.cp_model_presolve = not brief
    settings.use_sat_inprocessing = not brief
    settings.linearization_level = 1 if brief else 2
    return solver


class Model(Limits):
    """The limits with what is reached under them, and the levels of the objective."""

    def __init__(self, problem: Problem, cp: CpModel) -> None:
        """State the limits; `build` states the rest."""
        super().__init__(problem, cp)
        self.reach: list[Linear] = []
        self.met: list[IntVar] = []
        self.floors: list[tuple[Linear, int]] = []
        self.levels: list[tuple[Linear, int]] = []
        self.done: list[IntVar] = []

    def build(self, wanted: Collection[int] | None = None) -> None:
        """State what is reached, and the levels of the objective.

        Only the awards that are wanted, if given, have a level of their own.
        """
        progress: list[Linear] = []
        # Tops bind below what is not asked for, too.
        for where, number in enumerate(self.problem.award_of):
            self.reach.append(self._slot(number, where) if self.x[where] else 0)
        for number, award in enumerate(self.problem.awards):
            done = self._flag()
            ok, reached = self._branch(number, award.root)
            self.cp.add_implication(done, ok)
            self._need(number, award.whole, done)
            self.done.append(done)
            progress.append(reached)
        for number, done in enumerate(self.done):
            if wanted is None or number in wanted:
                self.levels.append((done, 1))
        most = sum(award.root.of for award in self.problem.awards)
        self.levels.append((sum(progress), most // self.unit))
        self.levels.append((sum(self.met), len(self.met)))
        self.levels.append(
            (sum(reach for reach, _ in self.floors), sum(most for _, most in self.floors))
        )

    def _need(self, number: int, conditions: Iterable[int], flag: IntVar) -> None:
        """State conditions of the award, which have to hold where the flag is up."""
        for at in conditions:
            holds = self._condition(number, self.problem.conditions[number][at])
            if holds is not None:
                self.cp.add_implication(flag, holds)
                self.met.append(holds)

    def _leaf(self, number: int, at: int) -> tuple[IntVar, Linear]:
        """State a leaf's reach and top; return whether it is met, and its progress."""
        award, offset, parts = self.problem.awards[number], self.problem.offsets[number], []
        leaf, met = award.leaves[at], self._flag()
        for place in leaf.slots:
            slot = award.slots[place]
            by_credits = slot.measure == "credits"
            reach = self.reach[offset + place]
            demand = slot.demand // (self.unit if by_credits else 1)
            brought = self.cp.new_int_var(0, demand, "")
            self.cp.add(brought <= reach)
            self.cp.add(reach >= demand).only_enforce_if(met)
            parts.append(brought * (slot.weight if by_credits else slot.weight // self.unit))
        self.met.append(met)
        self._need(number, leaf.conditions, met)
        return met, sum(parts)

    def _slot(self, number: int, where: int) -> Linear:
        """State the top of a slot; return its reach."""
        slot, own = self.problem.slots[where], self.x[where]
        if slot.by:
            return self._different(where, slot.high)
        if slot.measure == "choose":
            reach: Linear = sum(own.values())
            if slot.high is not None:
                self.cp.add(reach <= slot.high)
            return reach
        reach = self._credits(self.problem.eligible[where], 1 << where, number)
        if slot.high is not None:
            self.cp.add(reach <= slot.high // self.unit)
        if slot.minimal:
            for item, flag in own.items():
                # Without the item, with what it counts after trimming, the demand is not reached.
                left = reach - self._counted(item, number, flag)
                self.cp.add(left <= slot.demand // self.unit - 1).only_enforce_if(flag)
        return reach

    def _different(self, where: int, high: int | None) -> Linear:
        """State how many different values a slot may hold; return how many it does."""
        carriers, at = self.problem.spread[where], 1 << where
        if high is not None:
            self.cp.add(sum(self._values(carriers, at, exactly=True)) <= high)
        return sum(self._values(carriers, at, exactly=False))

    def _condition(self, number: int, limit: ConditionLimit) -> IntVar | None:
        """State what makes a condition hold; None where it is only told."""
        if limit.condition.amount is None:
            return None
        if limit.met is not None:
            return self._fixed(limit.met)
        flag = self._flag()
        if limit.condition.kind == "average":
            self._average(number, limit, flag)
            return flag
        reach, unit, amount = self._reach(number, limit)
        brought = self.cp.new_int_var(0, amount, "")
        self.cp.add(brought <= reach)
        self.cp.add(reach >= amount).only_enforce_if(flag)
        self.floors.append((brought * unit, amount * unit))
        return flag

    def _reach(self, number: int, limit: ConditionLimit) -> tuple[Linear, int, int]:
        """The reach of a floor or breadth, what a unit of it brings, and how much is asked."""
        condition, amount = limit.condition, limit.condition.amount or 0
        items = limit.items & self._standing(limit.slots)
        # INVARIANT: _common_divisor divides SCALE wherever a condition counts by number.
        whole = max(SCALE // self.unit, 1)
        if condition.kind == "breadth":
            return (
                sum(self._values(limit.values.values(), limit.slots, exactly=False)),
                whole,
                amount,
            )
        if condition.kind == "latest":
            by_credits = condition.measure == "credits"
            reach = self._latest(number, limit)
            return (reach, 1, amount // self.unit) if by_credits else (reach, whole, amount)
        if condition.measure == "credits":
            return self._credits(items, limit.slots, number), 1, amount // self.unit
        return self._number(items, limit.slots), whole, amount

    def _average(self, number: int, limit: ConditionLimit, flag: IntVar) -> None:
        """State what makes a mean hold."""
        low = limit.condition.amount or 0
        above: list[Linear] = []
        graded: list[Linear] = []
        for item in bits(limit.items & self._standing(limit.slots)):
            points = self.problem.points[number][item]
            if points is None:
                continue
            counted = self._credits(1 << item, limit.slots, number)
            above.append((points - low) * counted)
            graded.append(counted)
        self.cp.add(sum(above) >= 0).only_enforce_if(flag)
        self.cp.add(sum(graded) >= 1).only_enforce_if(flag)

    def _branch(self, number: int, branch: Branch) -> tuple[IntVar, Linear]:
        """Return whether a branch is met, and its progress."""
        if isinstance(branch, LeafBranch):
            return self._leaf(number, branch.leaf)
        if isinstance(branch, StepBranch):
            met = self.problem.steps_met[number][branch.node.id]
            return self._fixed(met), branch.of // self.unit if met else 0
        return self._group(number, branch)

    def _group(self, number: int, group: GroupBranch) -> tuple[IntVar, Linear]:
        """Return whether a branch is met, and its progress."""
        parts = [(part, *self._branch(number, part)) for part in group.parts]
        ok = self._flag()
        self._need(number, group.conditions, ok)
        if group.need is None:
            needed = [(met, progress) for part, met, progress in parts if not part.optional]
            for met, _ in needed:
                self.cp.add_implication(ok, met)
            return ok, sum(progress for _, progress in needed)
        self.cp.add(sum(met for _, met, _ in parts) >= group.need).only_enforce_if(ok)
        chosen, brought, share = [], [], group.share // self.unit
        for part, met, progress in parts:
            pick, gain = self._flag(), self.cp.new_int_var(0, share, "")
            self.cp.add(gain <= share * pick)
            if part.of:
                self.cp.add(gain * (part.of // self.unit) <= share * progress)
            else:
                self.cp.add(gain <= share * met)
            chosen.append(pick)
            brought.append(gain)
        self.cp.add(sum(chosen) <= group.need)
        return ok, sum(brought)

    def goals(self) -> list[Goal]:
        """Levels 1 to 8 in as few sums as can be, and 9 where it fits or a placement is to stay."""
        spared = [*self._spared()]
        goals, settled = packed(self.levels, [*spared, self._order()]), packed(self.levels, spared)
        return goals if len(goals) == len(settled) or self.staying else settled

    def _spared(self) -> Iterator[tuple[Linear, int]]:
        """Levels 5 to 8: what is left of planned, running, less preferred, and of all credits."""
        late: dict[Status, list[Linear]] = {"planned": [], "in-progress": []}
        most: dict[Status, int] = dict.fromkeys(late, 0)
        spent: list[Linear] = []
        whole = 0
        for number, slots in enumerate(self.problem.whole):
            for item in bits(self._standing(slots)):
                used, own = self.used(item, slots), max(self._amount(item, number), 1)
                spent.append(own * used)
                whole += own
                status = self.problem.items[item].achievement.status
                if status in late:
                    late[status].append(self._counted(item, number, used))
                    most[status] += own
        for status, counted in late.items():
            if counted:
                yield most[status] - sum(counted), most[status]
        yield from self._preferred()
        yield from self.wanted()
        yield whole - sum(spent), whole

    def _order(self) -> tuple[Linear, int]:
        """Level 9: what is left of the places in the rule's order and the record's."""
        places, most, ranks = len(self.x), 0, []
        for place, own in enumerate(self.x, int(self.staying)):
            for item, flag in own.items():
                ranks.append((place + item * places) * flag)
                most += place + item * places
        return most - sum(ranks), most

    def _preferred(self) -> Iterator[tuple[Linear, int]]:
        """How much does not count behind each preference, the first one first."""
        preferences = self.problem.preferences
        for rank in range(max((len(one.behind) for one in preferences), default=0)):
            behind = [
                (one.behind[rank] & self._standing(one.slots), one.slots)
                for one in preferences
                if rank < len(one.behind)
            ]
            most = sum(items.bit_count() for items, _ in behind)
            yield most - sum(self._number(*one) for one in behind), most

    def allocation(self, solver: CpSolver) -> Allocation:
        """Return the allocation that the solver found."""
        return [
            sum(1 << item for item, flag in own.items() if solver.value(flag)) for own in self.x
        ]


def packed(
    verdict: Sequence[tuple[Linear, int]], spared: Sequence[tuple[Linear, int]] = ()
) -> list[Goal]:
    """Levels, each outweighing what follows, in sums that stay exact for the solver.

    Each is an expression and the most that it can come to; those of `verdict` make the verdict.
    """
    found: list[Goal] = []
    summed, weight = Goal(0, 1, verdict=False), 1
    for number, (expression, most) in reversed([*enumerate([*verdict, *spared])]):
        if weight > 1 and weight * (most + 1) > LARGEST:
            found.append(summed)
            summed, weight = Goal(0, 1, verdict=False), 1
        decides = number < len(verdict)
        below = summed.below if decides else weight * (most + 1)
        summed = Goal(summed.sum + weight * expression, below, decides)
        weight *= most + 1
    return [*found, summed][::-1]
