"""Ids and titles that the reader makes where a file gives none, and that need not be written."""

from __future__ import annotations

from typing import assert_never

from app.core.language.origin import spoken
from app.core.language.plain_words import counted, quantity_in_words, share_in_words
from app.core.model.requirement import (
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    Last,
    MilestoneStep,
    Nested,
    Quantity,
    Requirement,
    Share,
    Take,
    When,
    Window,
)


def made_title(node: Requirement) -> str:
    """Return the title that a requirement has where neither title nor id is given."""
    match node:
        case Take():
            return f"Take {', '.join(node.credentials)}"
        case From():
            return _quantity_title(node.quantity)
        case MilestoneStep():
            return spoken(node.milestone)
        case Attest():
            return f"Confirmed by {node.role}"
        case Group(most=most) if most is not None:
            if most == node.need:
                return _so_many(most)
            return f"{node.need} to {most} of these" if node.need else f"Up to {most} of these"
        case Group():
            return "All of these" if node.need is None else _so_many(node.need)
        case When():
            return f"{node.then.title}, where it applies"
        case Nested():
            return node.award
        case _:
            assert_never(node)


def _so_many(need: int) -> str:
    return "One of these" if need == 1 else f"{need} of these"


def _quantity_title(quantity: Quantity) -> str:
    if quantity.fact:
        return f"As many as {spoken(quantity.fact).lower()}"
    if quantity.share:
        return f"{share_in_words(quantity.share.part)} of the award"
    if quantity.every:
        return f"All {quantity.by}s"
    if quantity.by:
        return counted(quantity.low, f"different {quantity.by}")
    return quantity_in_words(quantity.measure, quantity.low)


AVERAGE_TITLE = "Average grade"
# What is over the record is told with how much of it is not as it has to be.
EACH_TITLE = "On the record and not as it must be"
WINDOW_TITLE = "On the record and out of time"


def made_limit_title(bound: Bound, key: str) -> str:
    """Return the title of a floor (`at_least`) or cap (`at_most`) where neither is given."""
    if isinstance(bound.amount, Share):
        words = f"{share_in_words(bound.amount.part)} of the {bound.amount.base}"
    else:
        words = quantity_in_words(bound.measure, bound.amount)
    return f"{spoken(key)} {words}"


def made_latest_title(last: Last, floor: Bound) -> str:
    """Return the title of a floor on the latest where neither title nor id is given."""
    latest = quantity_in_words(last.measure, last.amount)
    return f"{made_limit_title(floor, 'at least')} of the latest {latest}"


def made_condition_title(condition: Distinct | Average | Each | Window) -> str:
    """Return the title of a breadth, an average, an `each` or a window where neither is given."""
    match condition:
        case Distinct():
            return made_breadth_title(condition.by)
        case Average():
            return AVERAGE_TITLE
        case Each():
            return EACH_TITLE
        case Window():
            return WINDOW_TITLE
        case _:
            assert_never(condition)


def made_breadth_title(by: str) -> str:
    """Return the title of a breadth where neither title nor id is given."""
    return f"Different values of {by}"


def given_names(name: str, title: str, made: str, words: str) -> dict[str, str]:
    """Return the id and the title, as far as the reader would not make them.

    An id that could be made from its title is kept: it has to outlive a change of the title.
    """
    if (name, title) == (made, words):
        return {}
    return {"id": name} if title == spoken(name) else {"id": name, "title": title}
