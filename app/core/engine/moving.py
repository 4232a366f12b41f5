"""A forced placement: what an answer would be where an achievement must count in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.core.engine.aims import aim_of, bound_to, number_of, place_of, stands
from app.core.engine.decide import AnswerVerdict, Verdict, settle
from app.core.engine.evaluate import scope
from app.core.engine.problem import Aim, Aims, Item, bits
from app.core.model.record import COUNTING
from app.core.model.wish import Wish


def item_of(verdict: Verdict, wish: Wish) -> Item | None:
    """Return the achievement of a wish, if it may count in any answer."""
    items = verdict.pool.items
    return next((one for one in items if one.achievement.id == wish.achievement), None)


def first_answer(verdict: Verdict, item: Item) -> AnswerVerdict:
    """Return the first answer in which an achievement of its status may count."""
    return verdict.answers[COUNTING.index(item.achievement.status)]


def counts_there(answer: AnswerVerdict, wish: Wish) -> bool:
    """Say whether an achievement counts at or below a requirement in an answer."""
    number = number_of(answer.problem.awards, wish)
    place = place_of(answer.problem.awards[number], wish.requirement)
    items = answer.problem.items
    item = next((one for one in items if one.achievement.id == wish.achievement), None)
    if place is None or item is None:
        return False
    return stands(answer.allocation, Aim(item.at, place << answer.problem.offsets[number]))


def moved(verdict: Verdict, answer: AnswerVerdict, wish: Wish) -> AnswerVerdict | None:
    """Return an answer decided again with a wish as a limit, the rest kept as it can be.

    None where nothing there would take the achievement; whether it counts there is for `obeys`.
    """
    problem = answer.problem
    aim = aim_of(verdict.pool, problem, wish)
    if aim is None:
        return None
    own = problem.aims or Aims()
    aims = Aims((*own.forced, aim), own.wished, tuple(_placed(answer)))
    eligible = bound_to(problem, aims.forced)
    return settle(replace(problem, aims=aims, eligible=eligible), answer.answer)


def _placed(answer: AnswerVerdict) -> Iterator[Aim]:
    """What counts, leaf by leaf."""
    for award, offset in zip(answer.problem.awards, answer.problem.offsets, strict=True):
        for leaf in award.leaves:
            slots = leaf.mask << offset
            yield from (Aim(index, slots) for index in bits(scope(answer.allocation, slots)))
