"""What became of each wish: honoured, or why not and what it would cost."""

from __future__ import annotations

from app.core.engine.aims import number_of
from app.core.engine.decide import Verdict
from app.core.engine.moving import counts_there, first_answer, item_of, moved
from app.core.explain.phrases import because
from app.core.explain.price import barred, no_room, priced
from app.core.model.audit import WishOutcome
from app.core.model.reason import Reason
from app.core.model.wish import Wish

# Each price is a decision of its own: of more wishes than these it is told only when asked for.
MOST_PRICED = 8


def wish_outcomes(verdict: Verdict, number: int) -> tuple[WishOutcome, ...]:
    """Return the outcome of every wish for an award, as it was wished.

    What counts is the first answer in which an achievement of its status may count.
    """
    awards, found = verdict.pool.awards, []
    left = MOST_PRICED
    for wish in verdict.wanted.wishes:
        if number_of(awards, wish) != number:
            continue
        reason = _why_not(verdict, wish, price=left > 0)
        left -= reason is not None
        found.append(WishOutcome(wish.achievement, wish.requirement, reason is None, reason))
    return tuple(found)


def _why_not(verdict: Verdict, wish: Wish, *, price: bool) -> Reason | None:
    """Why a wish is not honoured; None where it is."""
    item, why_not = item_of(verdict, wish), barred(verdict, wish)
    if item is None or why_not is not None:
        return why_not
    answer = first_answer(verdict, item)
    if counts_there(answer, wish):
        return None
    if not price:
        return because("price-not-asked")
    there = moved(verdict, answer, wish)
    why_not = no_room(answer, there, wish)
    if there is None or why_not is not None:
        return why_not
    if there.level >= answer.level:
        return because("wish-instead" if answer.settled else "wish-open")
    return priced(answer, there, wish, item).reason
