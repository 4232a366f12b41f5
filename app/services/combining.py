"""Combinations found, and how they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from app.core.engine.compiled import CompiledAward
from app.core.engine.selectors import amount_of
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits, show_credits
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, LearnerRecord
from app.core.search.combinations import Combinations, Filters, combinations_of
from app.core.search.layout import UncountableError
from app.core.search.offers import NOBODY, offers_of, unconverted, undescribed
from app.services.combination_errors import (
    CannotCountError,
    ContradictoryFiltersError,
    LearnerNeededError,
    NoSuchFilterValueError,
    UncountableRuleError,
)
from app.services.digits import digits
from app.services.errors import BadLimitError, NotAuditableError, UnknownCredentialError
from app.services.measures import Stated
from app.services.stored import Page

MOST_TOLD = 100
MOST_LEFT_OUT = 20
"""So many of what is left out are told with the reason, and how many there are in all."""
UNDESCRIBED = "the catalogue does not state what the rule asks of it"


@dataclass(frozen=True, slots=True)
class One:
    """A combination with its number, its credits, and how many of it a record lacks.

    `stated` is what it costs or how long it takes, where it is among the best by that.
    """

    number: int | None
    credentials: tuple[CredentialId, ...]
    credits: Credits
    lacking: int | None = None
    stated: Mapping[Stated, int] = field(default_factory=dict)


class LeftOut(NamedTuple):
    """A credential that may count and is in no combination, because it cannot be judged."""

    credential: CredentialId
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """Some combinations of an award, and how many there are of all that the filters admit."""

    award: CredentialId
    edition: str
    unit: str
    as_of: date
    count: int
    exact: bool
    page: Page[One]
    left_out: tuple[LeftOut, ...]
    seed: int | None = None


def find(
    award: CompiledAward, day: date, filters: Filters, learner: LearnerRecord = NOBODY
) -> Combinations:
    """Find the combinations that filters admit; ServiceError where that cannot be."""
    check(award, filters)
    try:
        return combinations_of(award, day, filters, learner)
    except UncountableError as refused:
        raise UncountableRuleError(award.rule.award, refused.what) from refused
    except AuditError as refused:
        if refused.code == "learner-fact-missing" and learner is NOBODY:
            raise LearnerNeededError(award.rule.award, award.facts) from refused
        raise NotAuditableError(refused) from refused


def check(award: CompiledAward, filters: Filters) -> None:
    """Refuse filters that name nothing, or that leave out what must be there."""
    known = award.terms.catalogue.credentials
    for name in sorted(filters.must | filters.without):
        if name not in known:
            raise UnknownCredentialError(name, known)
    counting = [known[name] for name in offers_of(award)]
    there: Mapping[str, tuple[frozenset[str], set[str]]] = {
        "issuer": (frozenset(filters.issuers), {one.issuer for one in counting}),
        "mode": (filters.modes, {one.mode for one in counting if one.mode}),
    }
    for what, (asked, values) in there.items():
        for value in sorted(asked - values):
            raise NoSuchFilterValueError(what, value, values)
    unjudged = dict(cannot_be_judged(award))
    for name in sorted(filters.must):
        one = known[name]
        if one not in counting:
            raise CannotCountError(name, award.rule.award, unjudged.get(name, ""))
        if name in filters.without:
            raise ContradictoryFiltersError(name, "without")
        if filters.issuers and one.issuer not in filters.issuers:
            raise ContradictoryFiltersError(name, "issuer")
        if filters.modes and one.mode not in filters.modes:
            raise ContradictoryFiltersError(name, "mode")


def sorted_of(filters: Filters) -> str:
    """Return filters in one order."""
    several = (filters.must, filters.without, filters.issuers, filters.modes)
    return " ".join(",".join(sorted(own)) for own in several)


def few(count: int) -> None:
    """Refuse to tell none, or too many at once."""
    if not 1 <= count <= MOST_TOLD:
        raise BadLimitError(count, MOST_TOLD)


def one(
    found: Combinations,
    number: int | None,
    names: tuple[CredentialId, ...],
    held: frozenset[CredentialId] | None,
) -> One:
    """Return a combination as it is told, with how many of it are not held."""
    lacking = None if held is None else len(set(names) - held)
    return One(number, names, found.award.listing.credits_of(names), lacking)


def held_in(record: LearnerRecord | None) -> frozenset[CredentialId] | None:
    """Return what a record holds, or is about to; None where there is no record."""
    if record is None:
        return None
    return frozenset([own.credential for own in record.achievements if own.status in COUNTING])


def cannot_be_judged(award: CompiledAward) -> Iterator[LeftOut]:
    """Yield what may count and is not offered, because it cannot be judged."""
    for name in unconverted(award):
        try:
            amount_of(None, award.terms.catalogue.credentials[name], award.terms)
        except AuditError as refused:
            yield LeftOut(name, str(refused))
    for name in undescribed(award):
        yield LeftOut(name, UNDESCRIBED)


def left_out(found: Combinations) -> tuple[LeftOut, ...]:
    """Return what the filters admit and cannot be judged, or does not state what is compared."""
    known = found.award.terms.catalogue.credentials
    filters = replace(found.filters, unstated=frozenset())
    unstated = [
        LeftOut(name, f"it states no {found.filters.compared}") for name in found.filters.unstated
    ]
    every = (*cannot_be_judged(found.award), *unstated)
    return tuple(sorted(one for one in every if filters.admits(known[one.credential])))


def told(found: Combinations, day: date, items: Page[One], seed: int | None = None) -> Told:
    """Return some combinations with how many there are."""
    rule, many = found.award.rule, (found.count, found.exact)
    return Told(rule.award, rule.edition, rule.unit, day, *many, items, left_out(found), seed)


def told_to_plain(found: Told) -> dict[str, Any]:
    """Return combinations as plain values; counts are text, since no size is too large for them."""
    return {
        "award": found.award,
        "edition": found.edition,
        "as_of": found.as_of.isoformat(),
        "unit": found.unit,
        "count": digits(found.count),
        "exact": found.exact,
        **({} if found.seed is None else {"seed": found.seed}),
        "items": [
            {
                **({} if own.number is None else {"number": digits(own.number)}),
                "credentials": list(own.credentials),
                "credits": show_credits(own.credits),
                **({} if own.lacking is None else {"lacking": own.lacking}),
                **own.stated,
            }
            for own in found.page.items
        ],
        "next": found.page.next,
        "left_out": {
            "count": len(found.left_out),
            "first": [one._asdict() for one in found.left_out[:MOST_LEFT_OUT]],
        },
    }
