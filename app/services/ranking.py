"""The best combinations of an award, by a measure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Literal, get_args

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.combinations import Combinations, Filters
from app.core.search.numbering import Weigh, Weighed
from app.core.search.offers import NOBODY, offers_of
from app.services.combination_errors import (
    ContradictoryFiltersError,
    NobodyHoldsError,
    TooManyIssuersError,
    UnknownMeasureError,
)
from app.services.combining import One, Told, few, find, held_in, one, told
from app.services.measures import MeasureUnstatedError, stated_costs
from app.services.stored import Page

MOST_LOOKED = 2_000_000
"""To so much, in credentials, nodes and edges, the sets of issuers looked at may come."""
By = Literal["credits", "credentials", "cost", "time", "held", "issuers"]
"""What is best: the least credit, cost or time; the fewest credentials, not held yet, issuers."""
MEASURES: tuple[By, ...] = get_args(By)


def measure_of(by: str, *, for_whom: bool) -> By:
    """Return the measure of a name; UnknownMeasureError.

    NobodyHoldsError by what is held, where it is not said for whom.
    """
    for own in MEASURES:
        if own == by:
            if own == "held" and not for_whom:
                raise NobodyHoldsError
            return own
    raise UnknownMeasureError(by, MEASURES)


def stating(award: CompiledAward, by: By, filters: Filters) -> Filters:
    """Return filters with what does not state its cost or time, where these are compared.

    MeasureUnstatedError where nothing that may count states it.
    """
    if by not in {"cost", "time"}:
        return filters
    offered, known = offers_of(award), award.terms.catalogue.credentials
    left_out = offered.difference(stated_costs([known[name] for name in offered], by))
    if left_out == offered:
        raise MeasureUnstatedError(by, f"that may count in `{award.rule.award}`")
    for name in sorted(filters.must & left_out):
        raise ContradictoryFiltersError(name, by)
    return replace(filters, unstated=left_out, compared=by)


def best_of(
    award: CompiledAward,
    day: date,
    by: By,
    most: int,
    filters: Filters,
    record: LearnerRecord | None,
) -> Told:
    """Find the combinations of an award, and return the best of them."""
    found = find(award, day, stating(award, by, filters), record or NOBODY)
    return ranked(found, day, by, most, record)


def ranked(found: Combinations, day: date, by: By, most: int, record: LearnerRecord | None) -> Told:
    """Return the best combinations by a measure; of equals those with the lowest numbers.

    By cost or time they are found among those of filters that are `stating` it.
    """
    few(most)
    held = held_in(record)
    if by == "issuers":
        best = _of_fewest_issuers(found, most)
    else:
        best = found.lightest(_weighing(found.award, by, held or ()), most)
    items = tuple([_ranked(found, by, own, held) for own in best])
    return told(found, day, Page(items, None))


def _weighing(award: CompiledAward, by: By, held: Container[CredentialId]) -> Weigh:
    """What each credential weighs by a measure."""
    if by == "credits":
        return lambda name: award.listing.credits_of((name,))
    if by == "held":
        return lambda name: name not in held
    if by in {"cost", "time"}:
        return stated_costs(award.listing.credentials, by).__getitem__
    return lambda _: 1


def _ranked(
    found: Combinations, by: By, best: Weighed, held: frozenset[CredentialId] | None
) -> One:
    """Return one of the best as it is told."""
    plain = one(found, None, best.names, held)
    return replace(plain, stated={by: best.weight}) if by in {"cost", "time"} else plain


def _of_fewest_issuers(found: Combinations, most: int) -> Sequence[Weighed]:
    """The combinations of fewest issuers; of equals those of fewest credentials.

    Each set of issuers is looked at by itself, small sets first, until enough are found.
    """
    known = found.award.terms.catalogue.credentials
    issuers = {known[name].issuer for name in found.credentials}
    there = {known[name].issuer for name in found.filters.must}
    best = [*found.lightest(len, most)] if found.diagram.empty else []
    each = found.size
    left = MOST_LOOKED
    for size in range(max(1, len(there)), len(issuers) + 1):
        alike: list[Weighed] = []
        for some in combinations(sorted(issuers - there), size - len(there)):
            left -= each
            if left < 0:
                raise TooManyIssuersError(len(issuers))
            own = found.of_issuers({*there, *some})
            # What fewer issuers are enough for was found before, and is fewer than so many.
            alike += [
                one
                for one in own.lightest(lambda _: 1, most + len(best))
                if len({known[name].issuer for name in one.names}) == size
            ]
        best += sorted(alike, key=lambda own: (own.weight, own.names))[: most - len(best)]
        if len(best) == most:
            break
    return best
