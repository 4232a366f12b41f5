"""The combinations of an award: how many there are, which, and the best of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import shake_256
from itertools import combinations
from itertools import count as _count
from typing import Any, Literal, get_args

from app.core.engine.compiled import CompiledAward
from app.core.language.diagnostics import did_you_mean, shorten
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits, show_credits
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, LearnerRecord
from app.core.search.combinations import ALL, Combinations, Filters, combinations_of
from app.core.search.layout import UncountableError
from app.core.search.numbering import Weighed
from app.core.search.offers import NOBODY, offers_of
from app.services.audits import in_view, record_of
from app.services.basis import Gathering
from app.services.bounded import Bounded
from app.services.compiling import Compiler
from app.services.errors import (
    NotAuditableError,
    RefusedError,
    TooManyError,
    UnknownCredentialError,
)
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage
from app.services.stored import AwardChoice, Page

KEPT = 64
MOST_BEST = 100
MOST_GROUPS = 40
"""So many sets of issuers are looked at to find out how few are enough."""
By = Literal["credits", "credentials", "held", "issuers"]
"""What is best: the least credit, or the fewest credentials, ones not held yet, or issuers."""
MEASURES: tuple[By, ...] = get_args(By)


class UncountableRuleError(RefusedError):
    """Whether a set of credentials meets the rule depends on more than which ones they are."""

    def __init__(self, award: str, what: str) -> None:
        """Say what the rule has that sets do not tell."""
        super().__init__(
            f"the combinations of `{award}` cannot be counted, because its rule has {what}: "
            "audit a record against it instead",
            award=award,
            what=what,
        )


class ContradictoryFiltersError(RefusedError):
    """One filter asks for what another leaves out."""

    def __init__(self, credential: str, why: str) -> None:
        """Name the credential, and what leaves it out."""
        super().__init__(
            f"`{shorten(credential)}` must be there and is left out by `{why}`: drop one of them",
            credential=credential,
            filter=why,
        )


class NoSuchFilterValueError(RefusedError):
    """A filter names an issuer or a mode that nothing in the catalogue has."""

    def __init__(self, name: str, value: str, known: Iterable[str]) -> None:
        """Say so, with the nearest of those there are."""
        there = sorted(known)
        remedy = did_you_mean(value, there) or f"there are {', '.join(there[:10]) or 'none'}"
        super().__init__(
            f"nothing that counts has the {name} `{shorten(value)}`: {remedy}", filter=name
        )


class UnknownMeasureError(RefusedError):
    """Combinations are to be the best by what nobody measures."""

    def __init__(self, by: str, known: Sequence[str]) -> None:
        """Name the measures there are."""
        super().__init__(f"nothing is measured by `{shorten(by)}`: use {', '.join(known)}", by=by)


@dataclass(frozen=True, slots=True)
class One:
    """A combination with its number, its credits, and how many of it a record lacks."""

    number: int | None
    credentials: tuple[CredentialId, ...]
    credits: Credits
    lacking: int | None = None


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
    seed: int | None = None


class CombinationService:
    """Counts, lists, samples and ranks the combinations of published awards."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler
        self._found: Bounded[tuple[int, date, Filters], Combinations] = Bounded(KEPT)

    def list(
        self,
        choice: AwardChoice,
        filters: Filters = ALL,
        as_of: date | None = None,
        cursor: str | None = None,
        limit: int = LISTED,
    ) -> Told:
        """Return a page of the combinations, in the order of their numbers."""
        day = as_of or self._clock().date()
        found = self._combinations(choice, filters, day)
        return told(found, day, listed(found, day, filters, cursor, limit))

    def sample(
        self,
        choice: AwardChoice,
        size: int,
        seed: int = 0,
        filters: Filters = ALL,
        as_of: date | None = None,
    ) -> Told:
        """Return so many different combinations, each as likely as any other."""
        day = as_of or self._clock().date()
        found = self._combinations(choice, filters, day)
        return sampled(found, day, size, seed)

    def best(
        self,
        choice: AwardChoice,
        by: str,
        most: int,
        learner: str | None = None,
        filters: Filters = ALL,
        as_of: date | None = None,
    ) -> Told:
        """Return the best combinations: proven, since every one has been weighed."""
        day = as_of or self._clock().date()
        found = self._combinations(choice, filters, day)
        record = None
        if learner is not None:
            with self._storage.reading() as unit:
                record = in_view(record_of(unit, learner), day)
        return ranked(found, day, by, most, record)

    def _combinations(self, choice: AwardChoice, filters: Filters, day: date) -> Combinations:
        with self._storage.reading() as unit:
            basis = Gathering(unit, self._compiler, NOBODY, day).basis([choice])
        award = self._compiler.award(basis.awards[0], basis.foreign)
        # The award is kept with what was found of it, so that no other has its number.
        return self._found.get((id(award), day, filters), lambda: find(award, day, filters))


def find(award: CompiledAward, day: date, filters: Filters) -> Combinations:
    """Find the combinations that filters admit; ServiceError where that cannot be."""
    check(award, filters)
    try:
        return combinations_of(award, day, filters)
    except UncountableError as refused:
        raise UncountableRuleError(award.rule.award, refused.what) from refused
    except AuditError as refused:
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
    for name in sorted(filters.must):
        one = known[name]
        if name in filters.without:
            raise ContradictoryFiltersError(name, "without")
        if filters.issuers and one.issuer not in filters.issuers:
            raise ContradictoryFiltersError(name, "issuer")
        if filters.modes and one.mode not in filters.modes:
            raise ContradictoryFiltersError(name, "mode")


def listed(
    found: Combinations, day: date, filters: Filters, cursor: str | None, limit: int
) -> Page[One]:
    """Return a page of combinations; a cursor is of one rule, catalogue, day and filter alone."""

    def fetch(after: str, count: int) -> tuple[One, ...]:
        return _from(found, int(after) + 1 if after else 0, count)

    rule = found.award.rule
    # What another rule, catalogue or filter numbers is another list.
    of = f"combinations of {rule.award} {rule.edition} {day} {found.count} {sorted_of(filters)}"
    return page(of, fetch, lambda own: str(own.number), cursor, limit, "[0-9]{1,4000}")


def numbered(found: Combinations, day: date, first: int, size: int) -> Told:
    """Return combinations from a number on."""
    _few(size)
    return told(found, day, Page(_from(found, first, size), None))


def _from(found: Combinations, first: int, size: int) -> tuple[One, ...]:
    pages = enumerate(found.page(first, size), first)
    return tuple([one(found, at, names) for at, names in pages])


def sorted_of(filters: Filters) -> str:
    """Return filters in one order."""
    several = (filters.must, filters.without, filters.issuers, filters.modes)
    return " ".join(",".join(sorted(own)) for own in several)


def sampled(found: Combinations, day: date, size: int, seed: int) -> Told:
    """Return so many different combinations, drawn evenly; a seed always draws the same ones."""
    _few(size)
    numbers: dict[int, None] = {}
    draws = drawn(seed, found.count)
    while len(numbers) < min(size, found.count):
        numbers[next(draws)] = None
    items = tuple([one(found, at, found.numbered(at)) for at in numbers])
    return told(found, day, Page(items, None), seed)


def drawn(seed: int, count: int) -> Iterator[int]:
    """Yield numbers below a count, each as likely as any other, the same ones for a seed."""
    size = count.bit_length()
    for at in _count():
        digest = shake_256(f"{seed}/{at}".encode()).digest(-(-size // 8))
        number = int.from_bytes(digest) >> (-size % 8)
        if number < count:
            yield number


def ranked(
    found: Combinations, day: date, by: str, most: int, record: LearnerRecord | None
) -> Told:
    """Return the best combinations by a measure; of equals those with the lowest numbers."""
    _few(most)
    if by not in MEASURES:
        raise UnknownMeasureError(by, MEASURES)
    achievements = record.achievements if record else ()
    held = {own.credential for own in achievements if own.status in COUNTING}

    def weigh(name: CredentialId) -> int:
        if by == "held":
            return name not in held
        return found.award.listing.credits_of((name,)) if by == "credits" else 1

    best = _of_fewest_issuers(found, most) if by == "issuers" else found.lightest(weigh, most)
    items = tuple([one(found, None, own.names, held if record else None) for own in best])
    return told(found, day, Page(items, None))


def _of_fewest_issuers(found: Combinations, most: int) -> Sequence[Weighed]:
    """The combinations of fewest issuers; of equals those of fewest credentials.

    Each set of issuers is looked at by itself, small sets first, until enough are found.
    """
    known = found.award.terms.catalogue.credentials
    issuers = sorted({known[name].issuer for name in found.credentials})
    best = [*found.lightest(len, most)] if found.diagram.empty else []
    looks = 0
    for size in range(1, len(issuers) + 1):
        alike: list[Weighed] = []
        for some in combinations(issuers, size):
            looks += 1
            if looks > MOST_GROUPS:
                raise TooManyError("sets of issuers", looks, MOST_GROUPS)
            within = found.of_issuers(frozenset(some))
            # What fewer issuers are enough for was found before, and is fewer than so many.
            alike += [
                one
                for one in within.lightest(lambda _: 1, most + len(best))
                if len({known[name].issuer for name in one.names}) == size
            ]
        best += sorted(alike, key=lambda own: (own.weight, own.names))[: most - len(best)]
        if len(best) == most:
            break
    return best


def _few(count: int) -> None:
    if not 1 <= count <= MOST_BEST:
        raise BadNumberError(count, MOST_BEST)


class BadNumberError(RefusedError):
    """More or fewer combinations asked for than are given at once."""

    def __init__(self, count: int, most: int) -> None:
        """Say what would work."""
        super().__init__(f"ask for 1 to {most} combinations, not {count}", count=count, most=most)


def one(
    found: Combinations,
    number: int | None,
    names: tuple[CredentialId, ...],
    held: Iterable[CredentialId] | None = None,
) -> One:
    """Return a combination as it is told."""
    lacking = None if held is None else len(set(names).difference(held))
    return One(number, names, found.award.listing.credits_of(names), lacking)


def told(found: Combinations, day: date, items: Page[One], seed: int | None = None) -> Told:
    """Return some combinations with how many there are."""
    rule = found.award.rule
    return Told(rule.award, rule.edition, rule.unit, day, found.count, found.exact, items, seed)


def told_to_plain(found: Told) -> dict[str, Any]:
    """Return combinations as plain values; counts are text, since no size is too large for them."""
    return {
        "award": found.award,
        "edition": found.edition,
        "as_of": found.as_of.isoformat(),
        "unit": found.unit,
        "count": str(found.count),
        "exact": found.exact,
        **({} if found.seed is None else {"seed": found.seed}),
        "items": [
            {
                **({} if own.number is None else {"number": str(own.number)}),
                "credentials": list(own.credentials),
                "credits": show_credits(own.credits),
                **({} if own.lacking is None else {"lacking": own.lacking}),
            }
            for own in found.page.items
        ],
        "next": found.page.next,
    }
