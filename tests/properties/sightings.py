"""What can be seen in what the oracle found, beside the constructs that decide an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.oracle.beside import is_barred, is_late
from tests.oracle.brute_force import Judgement
from tests.oracle.sheet import Standing
from tests.oracle.wanting import wanting
from tests.properties.problem import Problem

ALLOCATED = (
    "met now",
    "not met now",
    "met later",
    "out of reach",
    "some awards met and some not",
    "all of several awards met",
    "trimmed",
    "in two leaves",
    "in two awards",
    "unequal credits",
    "counts though something is preferred",
)
WANTED = (
    "a wish heeded",
    "a wish not heeded",
    "a wish that chooses the placement",
    "stayed with an earlier placement",
    "moved from an earlier placement",
    "an earlier placement that chooses the placement",
    "forced where it would not be",
    "forced where it cannot be",
    "price of a forced placement",
)
# Of what stands beside the rule nothing changes whether the rule is met: it is compared by itself.
BESIDE = (
    "admission met",
    "admission pending",
    "admission not-met",
    "admission barred by an award that is held",
    "admission refused beside a higher award",
    "gate met",
    "gate pending",
    "gate not-met",
    "award kept",
    "award superseded",
    "award surrendered",
    "award opened",
)
SEEN = (*ALLOCATED, *WANTED, *BESIDE)


def seen(problem: Problem, now: Judgement, planned: Judgement) -> set[str]:
    """Return what can be seen in what the oracle found first and last."""
    facts = {**allocated(problem, now, planned), **wanted(problem, planned)}
    return {name for name, holds in facts.items() if holds} | set(told_beside(problem))


def allocated(problem: Problem, now: Judgement, planned: Judgement) -> Mapping[str, bool]:
    """Return what is so of the awards, and of where achievements count."""
    standing = [each for award in planned.state for each in award]
    return {
        "met now": any(now.objective[0]),
        "not met now": not all(now.objective[0]),
        "met later": planned.objective[0] > now.objective[0],
        "out of reach": not all(planned.objective[0]),
        "some awards met and some not": len(set(planned.objective[0])) > 1,
        "all of several awards met": len(problem.rules) > 1 and all(planned.objective[0]),
        "trimmed": any(each.credits < amount_of(problem, planned, each) for each in standing),
        "in two leaves": any(len(each.leaves) > 1 for each in standing),
        "in two awards": len({each.one.id for each in standing}) < len(standing),
        "counts though something is preferred": any(planned.objective[4][2:]),
        "unequal credits": any(unequal_in_a_leaf(award) for award in planned.state),
    }


def wanted(problem: Problem, planned: Judgement) -> Mapping[str, bool]:
    """Return what became of what is wanted, and what would be if nothing were."""
    if problem.wanted is None:
        return {}
    asked = wanting(problem.sheets("planned"), problem.wanted, "planned")
    free = problem.asking(None).judged("planned")
    (wishes, kept), (by_itself, anyway) = planned.heeded, asked.heeded(free.state)
    forced = problem.wanted.forced is not None
    there = bool(asked.forced) and planned.allowed
    return {
        "a wish heeded": wishes > 0,
        "a wish not heeded": wishes < len(asked.wished),
        "a wish that chooses the placement": wishes > by_itself,
        "stayed with an earlier placement": kept > 0,
        "moved from an earlier placement": kept < len(asked.shown),
        "an earlier placement that chooses the placement": kept > anyway,
        "forced where it would not be": there and not asked.allows(free.state),
        "forced where it cannot be": forced and not there,
        "price of a forced placement": there and free.objective[1] > planned.objective[1],
    }


def told_beside(problem: Problem) -> Iterator[str]:
    """Yield how admission and gates stand, and what becomes of other awards."""
    questions = problem.questions()
    for question, told in zip(questions, problem.besides(), strict=True):
        if told.admission is not None:
            yield f"admission {told.admission}"
        if is_barred(question):
            yield "admission barred by an award that is held"
        if is_late(question, questions):
            yield "admission refused beside a higher award"
        yield from (f"gate {state}" for state in told.gates)
        yield from (f"award {effect}" for _, effect in told.effects)


def amount_of(problem: Problem, found: Judgement, standing: Standing) -> int:
    """Return the credits of an achievement before any cap."""
    number = next(n for n, award in enumerate(found.state) if standing in award)
    return problem.sheets("planned")[number].view.amount(standing.one)


def unequal_in_a_leaf(award: tuple[Standing, ...]) -> bool:
    """Say whether achievements of different sizes stand in one leaf."""
    held = {(leaf, each.credits) for each in award for leaf in each.leaves}
    return len({leaf for leaf, _ in held}) < len(held)
