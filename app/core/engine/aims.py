"""What is wanted beside what the rules say, as aims of a problem: docs/solver.md, section 7.

A forced place is a limit. Wishes, and then the placement that was shown before, choose among
allocations that are equal on levels 1 to 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from app.core.engine.compiled import Branch, CompiledAward, GroupBranch, LeafBranch, slots_of
from app.core.engine.evaluate import Allocation, Level
from app.core.engine.prepare import ANSWERS, Pool
from app.core.engine.problem import Aim, Aims, Problem, bits
from app.core.model.certificate import AnswerName, Certificate, Placement
from app.core.model.errors import AuditError
from app.core.model.wish import Wanted, Wish


class Merit(NamedTuple):
    """What an allocation is worth, the weightier first: larger is better."""

    allowed: bool
    level: Level
    wished: int = 0
    shown: int = 0


def merit_of(problem: Problem, allocation: Allocation, level: Level) -> Merit:
    """Return what an allocation is worth that reaches `level`."""
    aims = problem.aims
    if aims is None:
        return Merit(allowed=True, level=level)
    return Merit(
        obeys(problem, allocation),
        level,
        sum(stands(allocation, one) for one in aims.wished),
        sum(stands(allocation, one) for one in aims.shown),
    )


def obeys(problem: Problem, allocation: Allocation) -> bool:
    """Say whether all stands where it is forced to."""
    return problem.aims is None or all(stands(allocation, one) for one in problem.aims.forced)


def stands(allocation: Allocation, aim: Aim) -> bool:
    """Say whether an item stands where it is to."""
    return any(allocation[place] >> aim.item & 1 for place in bits(aim.slots))


def heeds(problem: Problem, merit: Merit) -> bool:
    """Say whether nothing can heed more of what is wanted."""
    return problem.aims is None or (merit.allowed and merit[2:] >= _most(problem, problem.aims))


def _most(problem: Problem, aims: Aims) -> tuple[int, int]:
    """The most wishes, and with all of these the most of what was shown, that can be heeded."""
    own = [one for one in aims.wished if _open(problem, one)]
    first = [*aims.forced, *own]
    kept = [one for one in aims.shown if _open(problem, one)]
    kept = [one for one in kept if not any(_clash(problem, one, other) for other in first)]
    return len(own), len(kept) - sum(_crowded_out(problem, kept, first))


def _open(problem: Problem, aim: Aim) -> int:
    """The slots of an aim that would take the item; fewer where windows were cut."""
    found = 0
    for place in bits(aim.slots):
        found |= (problem.eligible[place] >> aim.item & 1) << place
    return found


def _clash(problem: Problem, one: Aim, other: Aim) -> bool:
    """Say whether an item cannot stand in the slots of both in one award."""
    if one.item != other.item or one.slots & other.slots:
        return False
    within = next(whole for whole in problem.whole if one.slots & whole)
    sharing = 0
    for place in bits(one.slots):
        sharing |= problem.slot_sharing[place]
    return bool(other.slots & within) and not other.slots & sharing


def _crowded_out(problem: Problem, kept: Sequence[Aim], first: Sequence[Aim]) -> Iterator[int]:
    """Of what was shown in each slot that holds so many, how many have to make room."""
    for place in range(len(problem.slots)):
        at = 1 << place
        old = {one.item for one in kept if _open(problem, one) == at}
        new = {one.item for one in first if _open(problem, one) == at}
        both = old | new
        yield min(len(old - new), max(0, len(both) - _room(problem, place, both)))


def _room(problem: Problem, place: int, items: Collection[int]) -> int:
    """How many of the items may stand in a slot together, at most."""
    slot = problem.slots[place]
    if slot.measure == "choose" and slot.high is not None and not slot.by:
        return slot.high
    if not slot.minimal or any(limit.cap.trim for limit in problem.caps):
        return len(items)
    # It counts no more than it needs: without the least of them its demand is not reached.
    amounts = problem.amounts[problem.award_of[place]]
    beside = accumulate(sorted([amounts[item] for item in items])[1:])
    return 1 + sum([1 for reached in beside if reached < slot.demand])


def aimed(pool: Pool, problem: Problem, answer: AnswerName, wanted: Wanted) -> Problem:
    """Return the problem of an answer with what is wanted in it."""
    forced = [aim_of(pool, problem, wanted.forced)] if wanted.forced else []
    aims = Aims(
        tuple([one for one in forced if one]),
        tuple([one for wish in wanted.wishes if (one := aim_of(pool, problem, wish))]),
        tuple(_shown(pool, problem, placements_of(wanted.earlier, answer))),
    )
    if not any(aims):
        return problem
    return replace(problem, aims=aims, eligible=bound_to(problem, aims.forced))


def _shown(pool: Pool, problem: Problem, placements: Sequence[Placement]) -> Iterator[Aim]:
    """Where what was shown may stand again; what is gone, or is not audited now, is left out."""
    audited = {award.rule.award for award in pool.awards}
    for one in placements:
        if one.award in audited:
            aim = aim_of(pool, problem, Wish(one.achievement, one.requirement, one.award))
            if aim is not None:
                yield aim


def placements_of(certificate: Certificate | None, answer: AnswerName) -> tuple[Placement, ...]:
    """Return the placements of an answer: those of the last part up to it."""
    parts = certificate.parts if certificate else ()
    upto = ANSWERS[: ANSWERS.index(answer) + 1]
    found = [part.placements for part in parts if part.answer in upto]
    return found[-1] if found else ()


def bound_to(problem: Problem, forced: Sequence[Aim]) -> tuple[int, ...]:
    """Return what may stand where, once what is forced stands in its award there alone."""
    eligible = list(problem.eligible)
    for one in forced:
        within = next(whole for whole in problem.whole if one.slots & whole)
        beside = one.slots
        for place in bits(one.slots):
            beside |= problem.slot_sharing[place]
        for place in bits(within & ~beside):
            eligible[place] &= ~(1 << one.item)
    return tuple(eligible)


def number_of(awards: Sequence[CompiledAward], wish: Wish) -> int:
    """Return the number of the award of a wish; AuditError where it is not clear or not audited."""
    named = [award.rule.award for award in awards]
    if wish.award is None and len(named) == 1:
        return 0
    if wish.award in named:
        return named.index(wish.award)
    listed = ", ".join(f"`{name}`" for name in named)
    sentence = (
        f"the wish for `{wish.achievement}` names no award: name one of {listed}"
        if wish.award is None
        else f"the wish for `{wish.achievement}` is about `{wish.award}`, which is not audited "
        f"here: name one of {listed}"
    )
    raise AuditError("wish-award", sentence)


def aim_of(pool: Pool, problem: Problem, wish: Wish) -> Aim | None:
    """Return where a wish would have an achievement stand; None where nothing would take it."""
    number = number_of(pool.awards, wish)
    asked = place_of(pool.awards[number], wish.requirement)
    item = next((one for one in pool.items if one.achievement.id == wish.achievement), None)
    if asked is None or item is None:
        return None
    aim = Aim(item.at, asked << problem.offsets[number])
    slots = _open(problem, aim)
    return aim._replace(slots=slots) if slots else None


def place_of(award: CompiledAward, requirement: str) -> int | None:
    """Return the slots at or below a requirement of that id; None where the award has none."""
    found = branch_of(award, award.root, requirement)
    return None if found is None else slots_of(award, found)


def branch_of(award: CompiledAward, branch: Branch, requirement: str) -> Branch | None:
    """Return the leaf, step or group of that id at or below a branch."""
    node = award.leaves[branch.leaf].node if isinstance(branch, LeafBranch) else branch.node
    if node.id == requirement:
        return branch
    for part in branch.parts if isinstance(branch, GroupBranch) else ():
        found = branch_of(award, part, requirement)
        if found is not None:
            return found
    return None
