"""What the fast path leaves open, settled by CP-SAT: one worker, fixed seed, a limit in deterministic time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from app.core.engine.compiled import Branch, CompiledAward, GroupBranch, LeafBranch, StepBranch
from app.core.engine.evaluate import Allocation
from app.core.engine.problem import ConditionLimit, Problem, bits
from app.core.model.credits import SCALE

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

# A linear expression or a plain number; the library's own union does not add up under strict types.
Linear: TypeAlias = Any

# Deterministic seconds of CP-SAT: the same on every machine, whatever its load.
LIMIT = 4.0
# Progress is the third level from below.
PROGRESS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The best allocation found, whether it is proven best, and by how much it may fall short."""

    allocation: Allocation
    proven: bool
    gap: int


def solve_exactly(problem: Problem, hint: Allocation) -> Found:
    """Return the best allocation on levels 1 to 4, and among those the one of levels 5 to 7."""
    # Half a second to import: only who needs it pays.
    from ortools.sat.python import cp_model  # noqa: PLC0415

    model = _Model(problem, cp_model.CpModel())
    model.build()
    model.hint(hint)
    solver = _solver(cp_model.CpSolver())
    model.maximise()
    status = solver.solve(model.cp)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Found(hint, proven=False, gap=model.most_progress())
    if status == cp_model.FEASIBLE:
        gap = int(solver.best_objective_bound - solver.objective_value) // model.progress_weight
        return Found(model.allocation(solver), proven=False, gap=gap * model.unit)
    model.settle(solver)
    second = _solver(cp_model.CpSolver())
    if second.solve(model.cp) in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Found(model.allocation(second), proven=True, gap=0)
    return Found(model.allocation(solver), proven=True, gap=0)


def _solver(solver: CpSolver) -> CpSolver:
    settings = solver.parameters
    settings.num_workers = 1
    settings.random_seed = 1
    settings.linearization_level = 2
    settings.max_deterministic_time = LIMIT
    return solver


class _Model:
    """The problem as CP-SAT sees it; amounts are divided by `unit`, their common divisor."""

    def __init__(self, problem: Problem, cp: CpModel) -> None:
        self.problem = problem
        self.cp = cp
        self.unit = _common_divisor(problem)
        self.x: list[dict[int, IntVar]] = []
        self.scopes: dict[tuple[int, int], Linear] = {}
        self.trimmed: dict[tuple[int, int], Linear] = {}
        self.leaf_met: list[list[IntVar]] = []
        self.condition_met: list[list[IntVar | None]] = []
        self.levels: list[tuple[Linear, int]] = []
        self.progress_weight = 1

    def build(self) -> None:
        """State variables, limits and the levels of the objective."""
        for place, mask in enumerate(self.problem.eligible):
            self.x.append({i: self.cp.new_bool_var(f"x{place}_{i}") for i in bits(mask)})
        self.once_only()
        self.limits()
        awards, progress, met, floors = [], [], [], []
        for number, award in enumerate(self.problem.awards):
            self.leaf_met.append([self.flag() for _ in award.leaves])
            floors.extend(self.conditions(number))
            leaf_progress = self.leaves(number, award)
            done = self.flag()
            ok, reached = self.branch(number, award.root, leaf_progress)
            self.cp.add_implication(done, ok)
            for condition in award.whole:
                flag = self.condition_met[number][condition]
                if flag is not None:
                    self.cp.add_implication(done, flag)
            awards.append(done)
            progress.append(reached)
            met.extend(self.leaf_met[-1])
            met.extend(flag for flag in self.condition_met[-1] if flag is not None)
        for done in awards:
            self.levels.append((done, 1))
        self.levels.append((sum(progress), self.most_progress() // self.unit))
        self.levels.append((sum(met), len(met)))
        self.levels.append(
            (sum(expression for expression, _ in floors), sum(most for _, most in floors))
        )

    # -- variables ---------------------------------------------------------------------------

    def flag(self) -> IntVar:
        return self.cp.new_bool_var("")

    def fixed(self, value: bool) -> IntVar:  # noqa: FBT001 -- the value is the whole meaning
        return self.cp.new_constant(int(value))

    def used(self, item: int, slots: int) -> Linear:
        """Whether the item stands in any of the slots."""
        own = [place for place in bits(slots) if item in self.x[place]]
        if not own:
            return 0
        if not any(self.problem.slot_sharing[place] & slots for place in own):
            return sum(self.x[place][item] for place in own)
        key = (item, sum(1 << place for place in own))
        if key not in self.scopes:
            either = self.flag()
            self.cp.add_max_equality(either, [self.x[place][item] for place in own])
            self.scopes[key] = either
        return self.scopes[key]

    def amount(self, item: int, award: int) -> int:
        return self.problem.items[item].amounts[award] // self.unit

    def credits(self, items: int, slots: int, award: int) -> Linear:
        """The credits counted of `items` in the slots."""
        terms: list[Linear] = []
        for item in bits(items):
            most = self.amount(item, award)
            if (award, item) in self.trimmed:
                terms.append(self.product(self.trimmed[award, item], self.used(item, slots), most))
            else:
                terms.append(most * self.used(item, slots))
        return sum(terms)

    def product(self, value: Linear, flag: Linear, most: int) -> Linear:
        """The value where the flag is up, else nought."""
        if isinstance(flag, int):
            return 0
        found = self.cp.new_int_var(0, most, "")
        self.cp.add(found <= most * flag)
        self.cp.add(found <= value)
        self.cp.add(found >= value - most * (1 - flag))
        return found

    # -- limits ------------------------------------------------------------------------------

    def once_only(self) -> None:
        for number in range(len(self.problem.awards)):
            places = list(bits(self.problem.slots_of(number)))
            sharing = any(self.problem.slot_sharing[place] for place in places)
            for item in range(len(self.problem.items)):
                own = [place for place in places if item in self.x[place]]
                if not sharing:
                    if len(own) > 1:
                        self.cp.add_at_most_one(self.x[place][item] for place in own)
                    continue
                for at, one in enumerate(own):
                    for other in own[at + 1 :]:
                        if not self.problem.slot_sharing[one] >> other & 1:
                            self.cp.add_at_most_one(self.x[one][item], self.x[other][item])

    def limits(self) -> None:
        problem = self.problem
        for limit in problem.caps:
            if limit.cap.trim:
                self.trim(limit.award, limit.slots, limit.items, limit.cap.amount // self.unit)
        for limit in problem.caps:
            items = limit.items & self.standing(limit.slots)
            if limit.cap.measure == "choose":
                self.cp.add(sum(self.used(i, limit.slots) for i in bits(items)) <= limit.cap.amount)
            elif not limit.cap.trim:
                self.cp.add(
                    self.credits(items, limit.slots, limit.award) <= limit.cap.amount // self.unit
                )
        for top in problem.ceilings:
            self.cp.add(
                sum(self.values(top.values.values(), top.slots, exactly=True)) <= top.ceiling.high
            )
        for out in problem.exclusions:
            items = out.items & self.standing(out.slots)
            self.cp.add(sum(self.used(i, out.slots) for i in bits(items)) <= out.exclusion.at_most)
        for apart in problem.aparts:
            for one, others in apart.conflicts.items():
                for other in bits(others):
                    if one < other:
                        self.cp.add(
                            self.used(one, apart.slots) + self.used(other, apart.slots) <= 1
                        )
        self.pairs()
        self.across()

    def standing(self, slots: int) -> int:
        found = 0
        for place in bits(slots):
            found |= self.problem.eligible[place]
        return found

    def trim(self, award: int, slots: int, items: int, room: int) -> None:
        """Items in order count in full until the room is used; the one that crosses, with the rest."""
        before: Linear = 0
        over_before: Linear = 0
        most = 0
        for item in bits(items & self.standing(slots)):
            own, used = self.amount(item, award), self.used(item, slots)
            most += own
            over = self.cp.new_int_var(0, most, "")
            self.cp.add_max_equality(over, [0, before + own * used - room])
            # Nothing is placed once the room is used up.
            self.cp.add(before <= room - 1 + (most + 1) * (1 - used))
            # What stands outside the cap's scope counts in full: the overflow does not grow there.
            self.trimmed[award, item] = own - (over - over_before)
            before, over_before = before + own * used, over

    def values(self, carriers: Iterable[int], slots: int, *, exactly: bool) -> list[Linear]:
        """For each value whether something that carries it stands in the slots."""
        flags: list[Linear] = []
        standing = self.standing(slots)
        for mask in carriers:
            own = [self.used(item, slots) for item in bits(mask & standing)]
            if not own:
                continue
            flag = self.flag()
            if exactly:
                for used in own:
                    self.cp.add(used <= flag)
            else:
                self.cp.add(flag <= sum(own))
            flags.append(flag)
        return flags

    def pairs(self) -> None:
        for limit in self.problem.pairs:
            for leaf in self.problem.awards[limit.award].leaves:
                slots = leaf.mask << self.problem.offsets[limit.award]
                together = self.flag()
                for items in limit.sets:
                    own = [self.x[p][i] for p in bits(slots) for i in bits(items) if i in self.x[p]]
                    if own:
                        self.cp.add_max_equality(together, own)
                    else:
                        self.cp.add(together == 0)

    def across(self) -> None:
        problem = self.problem
        for limit in problem.shared:
            first, second = problem.slots_of(limit.first), problem.slots_of(limit.second)
            both: dict[int, IntVar] = {}
            for item in bits(self.standing(first) & self.standing(second)):
                flag = both[item] = self.flag()
                self.cp.add(flag >= self.used(item, first) + self.used(item, second) - 1)
            for award, amount in limit.credits_amount:
                self.cp.add(
                    sum(self.amount(i, award) * flag for i, flag in both.items())
                    <= amount // self.unit
                )
            if limit.choose_amount is not None:
                self.cp.add(sum(both.values()) <= limit.choose_amount)
        for number, most in enumerate(problem.award_limits):
            if most is None:
                continue
            for item in range(len(problem.items)):
                own = self.used(item, problem.slots_of(number))
                every = sum(
                    self.used(item, problem.slots_of(n)) for n in range(len(problem.awards))
                )
                self.cp.add(every <= most + len(problem.awards) * (1 - own))

    # -- what is reached ----------------------------------------------------------------------

    def leaves(self, number: int, award: CompiledAward) -> list[Linear]:
        """State each leaf's reach, top and met; return the progress of each."""
        progress: list[Linear] = []
        offset = self.problem.offsets[number]
        for at, leaf in enumerate(award.leaves):
            parts: list[Linear] = []
            for place in leaf.slots:
                slot, where = award.slots[place], offset + place
                reach = self.slot(number, where)
                divisor = self.unit if slot.measure == "credits" else 1
                brought = self.cp.new_int_var(0, slot.demand // divisor, "")
                self.cp.add(brought <= reach)
                self.cp.add(reach >= slot.demand // divisor).only_enforce_if(
                    self.leaf_met[number][at]
                )
                parts.append(
                    brought
                    * (slot.weight if slot.measure == "credits" else slot.weight // self.unit)
                )
            for condition in leaf.conditions:
                flag = self.condition_met[number][condition]
                if flag is not None:
                    self.cp.add_implication(self.leaf_met[number][at], flag)
            progress.append(sum(parts))
        return progress

    def slot(self, number: int, where: int) -> Linear:
        """State the top of a slot; return its reach."""
        slot, own = self.problem.slots[where], self.x[where]
        if slot.measure == "choose":
            reach: Linear = sum(own.values())
            if slot.high is not None:
                self.cp.add(reach <= slot.high)
            return reach
        reach = self.credits(self.problem.eligible[where], 1 << where, number)
        if slot.high is not None:
            self.cp.add(reach <= slot.high // self.unit)
        spared = any(limit.cap.trim and limit.slots >> where & 1 for limit in self.problem.caps)
        if slot.minimal and not spared:
            for item, flag in own.items():
                spare = slot.demand // self.unit - 1 + self.amount(item, number)
                self.cp.add(reach <= spare).only_enforce_if(flag)
        return reach

    def conditions(self, number: int) -> list[tuple[Linear, int]]:
        """State what makes each condition hold; return the progress of floors and breadths."""
        floors: list[tuple[Linear, int]] = []
        flags: list[IntVar | None] = []
        for limit in self.problem.conditions[number]:
            condition = limit.condition
            if condition.amount is None:
                flags.append(None)
                continue
            if limit.met is not None:
                flags.append(self.fixed(limit.met))
                continue
            flag = self.flag()
            flags.append(flag)
            if condition.kind == "average":
                self.average(number, limit, flag)
                continue
            reach, unit, amount = self.reach(number, limit)
            brought = self.cp.new_int_var(0, amount, "")
            self.cp.add(brought <= reach)
            self.cp.add(reach >= amount).only_enforce_if(flag)
            floors.append((brought * unit, amount * unit))
        self.condition_met.append(flags)
        return floors

    def reach(self, number: int, limit: ConditionLimit) -> tuple[Linear, int, int]:
        """The reach of a floor or breadth, what a unit of it brings, and how much is asked."""
        condition, amount = limit.condition, limit.condition.amount or 0
        items = limit.items & self.standing(limit.slots)
        # INVARIANT: _common_divisor divides SCALE wherever a condition counts by number.
        whole = max(SCALE // self.unit, 1)
        if condition.kind == "breadth":
            return (
                sum(self.values(limit.values.values(), limit.slots, exactly=False)),
                whole,
                amount,
            )
        if condition.measure == "credits":
            return self.credits(items, limit.slots, number), 1, amount // self.unit
        return sum(self.used(i, limit.slots) for i in bits(items)), whole, amount

    def average(self, number: int, limit: ConditionLimit, flag: IntVar) -> None:
        low = limit.condition.amount or 0
        above: list[Linear] = []
        graded: list[Linear] = []
        for item in bits(limit.items & self.standing(limit.slots)):
            points = self.problem.items[item].points[number]
            if points is None:
                continue
            counted = self.credits(1 << item, limit.slots, number)
            above.append((points - low) * counted)
            graded.append(counted)
        self.cp.add(sum(above) >= 0).only_enforce_if(flag)
        self.cp.add(sum(graded) >= 1).only_enforce_if(flag)

    def branch(
        self, number: int, branch: Branch, leaves: Sequence[Linear]
    ) -> tuple[IntVar, Linear]:
        """Return whether a branch is met, and its progress."""
        if isinstance(branch, LeafBranch):
            return self.leaf_met[number][branch.leaf], leaves[branch.leaf]
        if isinstance(branch, StepBranch):
            met = self.problem.steps_met[number][branch.node.id]
            return self.fixed(met), branch.of // self.unit if met else 0
        return self.group(number, branch, leaves)

    def group(
        self, number: int, group: GroupBranch, leaves: Sequence[Linear]
    ) -> tuple[IntVar, Linear]:
        parts = [(part, *self.branch(number, part, leaves)) for part in group.parts]
        ok = self.flag()
        for condition in group.conditions:
            flag = self.condition_met[number][condition]
            if flag is not None:
                self.cp.add_implication(ok, flag)
        if group.need is None:
            needed = [(met, progress) for part, met, progress in parts if not part.optional]
            for met, _ in needed:
                self.cp.add_implication(ok, met)
            return ok, sum(progress for _, progress in needed)
        self.cp.add(sum(met for _, met, _ in parts) >= group.need).only_enforce_if(ok)
        chosen, brought, share = [], [], group.share // self.unit
        for part, met, progress in parts:
            pick, gain = self.flag(), self.cp.new_int_var(0, share, "")
            self.cp.add(gain <= share * pick)
            if part.of:
                self.cp.add(gain * (part.of // self.unit) <= share * progress)
            else:
                self.cp.add(gain <= share * met)
            chosen.append(pick)
            brought.append(gain)
        self.cp.add(sum(chosen) <= group.need)
        return ok, sum(brought)

    # -- objective ----------------------------------------------------------------------------

    def most_progress(self) -> int:
        return sum(award.root.of for award in self.problem.awards)

    def hint(self, allocation: Allocation) -> None:
        for place, own in enumerate(self.x):
            for item, flag in own.items():
                self.cp.add_hint(flag, allocation[place] >> item & 1)

    def maximise(self) -> None:
        """Levels 1 to 4 as one sum: each level outweighs all below it together."""
        weight, terms = 1, []
        for expression, most in reversed(self.levels):
            terms.append(weight * expression)
            if len(terms) == PROGRESS:
                self.progress_weight = weight
            weight *= most + 1
        self.objective = sum(terms)
        self.cp.maximize(self.objective)

    def settle(self, solver: CpSolver) -> None:
        """Hold levels 1 to 4 where they are and ask for the least of levels 5 to 7."""
        best = round(solver.objective_value)
        self.cp.add(self.objective >= best)
        planned: list[Linear] = []
        running: list[Linear] = []
        spent: list[Linear] = []
        ranks: list[Linear] = []
        places = len(self.x)
        for number in range(len(self.problem.awards)):
            slots = self.problem.slots_of(number)
            for item in bits(self.standing(slots)):
                own, used = max(self.amount(item, number), 1), self.used(item, slots)
                spent.append(own * used)
                status = self.problem.items[item].achievement.status
                planned.extend([own * used] if status == "planned" else [])
                running.extend([own * used] if status == "in-progress" else [])
        for place, own_flags in enumerate(self.x):
            ranks.extend((place + item * places) * flag for item, flag in own_flags.items())
        most = sum(max(self.amount(i, 0), 1) for i in range(len(self.problem.items)))
        most = (most + 1) * len(self.problem.awards)
        ranked = (places + 1) * (len(self.problem.items) + 1) * len(self.x) * 4 + 1
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        self.hint(self.allocation(solver))
        cheapest = sum(spent) + most * (sum(running) + most * sum(planned))
        self.cp.minimize(ranked * cheapest + sum(ranks))

    def allocation(self, solver: CpSolver) -> Allocation:
        return [
            sum(1 << item for item, flag in own.items() if solver.value(flag)) for own in self.x
        ]


def _common_divisor(problem: Problem) -> int:
    """The largest amount of which every amount in the problem is a multiple."""
    found = 0
    for item in problem.items:
        found = math.gcd(found, *item.amounts)
    for slot in problem.slots:
        found = math.gcd(found, slot.demand if slot.measure == "credits" else slot.weight)
    for limit in problem.caps:
        if limit.cap.trim:
            found = math.gcd(found, limit.cap.amount)
    for conditions in problem.conditions:
        for one in conditions:
            if one.condition.measure == "credits" and one.condition.kind == "floor":
                found = math.gcd(found, one.condition.amount or 0)
            elif one.condition.kind != "average":
                found = math.gcd(found, SCALE)
    for award in problem.awards:
        if not _even(award.root):
            return 1
        found = math.gcd(found, _steps(award.root))
    return found or 1


def _even(branch: Branch) -> bool:
    """Say whether no part of a `some` has to be brought to another size."""
    if not isinstance(branch, GroupBranch):
        return True
    same = branch.need is None or all(part.of == branch.share for part in branch.parts)
    return same and all(_even(part) for part in branch.parts)


def _steps(branch: Branch) -> int:
    if isinstance(branch, StepBranch):
        return branch.of
    if isinstance(branch, GroupBranch):
        return math.gcd(*(_steps(part) for part in branch.parts), 0)
    return 0
