"""How requirements and conditions stand in each answer, in their own measures."""

from __future__ import annotations

from app.core.engine.compiled import Branch, GroupBranch, LeafBranch, StepBranch
from app.core.engine.decide import AnswerVerdict
from app.core.engine.evaluate import scope, total
from app.core.engine.problem import CapLimit, Problem, bits
from app.core.model.audit import Count, Outlook, State


def leaf_outlook(answer: AnswerVerdict, number: int, at: int) -> Outlook:
    """Return how a leaf stands in an answer."""
    award, standing = answer.problem.awards[number], answer.standings[number]
    leaf, reach = award.leaves[at], standing.reach[at]
    state: State = "met" if standing.leaf_met[at] else "not-met"
    return Outlook(state, reach, max(0, leaf.demand - reach), counts(answer, number, at))


def counts(answer: AnswerVerdict, number: int, at: int) -> tuple[Count, ...]:
    """Return what counts toward a leaf in an answer, in the record's order of days."""
    problem = answer.problem
    items, sizes = problem.items, problem.amounts[number]
    leaf, credits = problem.awards[number].leaves[at], answer.standings[number].credits
    inside = scope(answer.allocation, leaf.mask << problem.offsets[number])
    return tuple(
        [
            Count(one.achievement.id, one.credential.id, credits[one.at], sizes[one.at])
            for one in [items[index] for index in bits(inside)]
        ]
    )


# Of these whatever they reach is too much.
JUDGED = frozenset({"each", "window"})


def condition_outlook(answer: AnswerVerdict, number: int, at: int) -> Outlook:
    """Return how a condition stands in an answer; a mean is in thousandths of a point."""
    standing, condition = answer.standings[number], answer.problem.awards[number].conditions[at]
    reach = standing.condition_reach[at]
    top = condition.amount if condition.kind in JUDGED else condition.high
    if top is not None and reach > top:
        short = reach - top
    elif condition.kind == "ceiling":
        short = max(0, reach - (condition.amount or 0))
    else:
        short = max(0, (condition.amount or 0) - reach)
    state: State = "met" if standing.condition_met[at] else "not-met"
    return Outlook(state, reach, short)


def has_points(answer: AnswerVerdict, number: int, at: int) -> bool:
    """Say whether anything that a mean looks at has a grade with points."""
    problem, limit = answer.problem, answer.problem.conditions[number][at]
    over = limit.condition.over_record
    if limit.condition.attempts:
        return bool(limit.items)
    items = problem.countable[number] if over else scope(answer.allocation, limit.slots)
    points = problem.points[number]
    return any(points[index] is not None for index in bits(items & limit.items))


def step_outlook(answer: AnswerVerdict, number: int, step: StepBranch) -> Outlook:
    """Return how a step without credit stands."""
    met = answer.problem.steps_met[number][step.node.id]
    waiting = step.node.id in answer.problem.awaiting[number]
    state: State = "met" if met else "pending" if waiting else "not-met"
    return Outlook(state, int(met), int(not met))


def group_outlook(answer: AnswerVerdict, number: int, group: GroupBranch) -> Outlook:
    """Return how a group stands: how many of its parts are met of how many it needs."""
    parts = (
        group.parts
        if group.need is not None
        else [part for part in group.parts if not part.optional]
    )
    states = [branch_state(answer, number, part) for part in parts]
    needed = len(parts) if group.need is None else group.need
    met = states.count("met")
    holds = all(answer.standings[number].condition_met[at] for at in group.conditions)
    if met >= needed and holds:
        state: State = "met"
    elif holds and met + states.count("pending") >= needed:
        state = "pending"
    else:
        state = "not-met"
    return Outlook(state, met, max(0, needed - met))


def branch_state(answer: AnswerVerdict, number: int, branch: Branch) -> State:
    """Return the state of any branch of the tree."""
    if isinstance(branch, LeafBranch):
        return "met" if answer.standings[number].leaf_met[branch.leaf] else "not-met"
    if isinstance(branch, StepBranch):
        return step_outlook(answer, number, branch).state
    return group_outlook(answer, number, branch).state


def matching(problem: Problem, slots: int) -> int:
    """Return the items that could stand in the slots of `slots`."""
    return scope(problem.eligible, slots)


def used_of(answer: AnswerVerdict, limit: CapLimit) -> int:
    """Return how much of a cap is used, in its own measure."""
    inside = scope(answer.allocation, limit.slots) & limit.items
    if limit.cap.measure == "choose":
        return inside.bit_count()
    return total(inside, answer.standings[limit.award].credits)
