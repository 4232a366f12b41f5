"""Terms: the stretches of time over which a route is spread, each with a name and its days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.model.period import Span

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One term; what is taken in it is begun on its first day and earned on its last."""

    name: str
    start: date
    end: date


def terms_after(start: date, length: Span, names: Iterable[str]) -> tuple[Term, ...]:
    """Return terms of one length, one after the other; ValueError where the years run out."""
    found, first = list[Term](), start
    for number, name in enumerate(names, 1):
        # Counted from the first day of all: a term that opens on the 31st would else drift.
        until = Span(length.count * number, length.unit).after(start)
        if until <= first or until == date.max:
            msg = f"term {number} would never end: ask for fewer or shorter terms, of a day or more"
            raise ValueError(msg)
        found.append(Term(name, first, until - DAY))
        first = until
    return tuple(found)


def terms_called(name: str, terms: Sequence[Term]) -> frozenset[int]:
    """Return the places of the terms that have a name, or have it as a word of theirs.

    `autumn` means every term such as `autumn 2026`.
    """
    exactly = frozenset(at for at, term in enumerate(terms) if term.name == name)
    return exactly or frozenset(
        at for at, term in enumerate(terms) if name.casefold() in term.name.casefold().split()
    )
