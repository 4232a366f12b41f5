"""The combinations of an award: how many there are, which, and the best of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import shake_256
from itertools import combinations
from itertools import count as _count
from typing import Any, Literal, get_args

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits, show_credits
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, LearnerRecord
from app.core.search.combinations import ALL, Combinations, Filters, combinations_of
from app.core.search.layout import UncountableError
from app.core.search.numbering import Weigh, Weighed
from app.core.search.offers import NOBODY, offers_of
from app.services.audits import in_view, record_of
from app.services.basis import Gathering
from app.services.bounded import Bounded
from app.services.combination_errors import (
    BadNumberError,
    ContradictoryFiltersError,
    NoSuchFilterValueError,
    StaleCursorError,
    UncountableRuleError,
    UnknownMeasureError,
)
from app.services.compiling import Compiler
from app.services.digits import digits
from app.services.errors import NotAuditableError, TooManyError, UnknownCredentialError
from app.services.measures import MeasureUnstatedError, Stated, stated_costs
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage
from app.services.stored import AwardChoice, Page

KEPT = 64
DIGEST = 16
"""So many digits tell a list from what it was before."""
MOST_BEST = 100
MOST_GROUPS = 40
"""So many sets of issuers are looked at to find out how few are enough."""
By = Literal["credits", "credentials", "cost", "time", "held", "issuers"]
"""What is best: the least credit, cost or time; the fewest credentials, not held yet, issuers."""
MEASURES: tuple[By, ...] = get_args(By)


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
        found = self._combinations(self._award(choice, day), filters, day)
        return told(found, day, listed(found, filters, cursor, limit))

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
        found = self._combinations(self._award(choice, day), filters, day)
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
        measure, day = measure_of(by), as_of or self._clock().date()
        award = self._award(choice, day)
        found = self._combinations(award, stating(award, measure, filters), day)
        record = None
        if learner is not None:
            with self._storage.reading() as unit:
                record = in_view(record_of(unit, learner), day)
        return ranked(found, day, measure, most, record)

    def _award(self, choice: AwardChoice, day: date) -> CompiledAward:
        with self._storage.reading() as unit:
            basis = Gathering(unit, self._compiler, NOBODY, day).basis([choice])
        return self._compiler.award(basis.awards[0], basis.foreign)

    def _combinations(self, award: CompiledAward, filters: Filters, day: date) -> Combinations:
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


def listed(found: Combinations, filters: Filters, cursor: str | None, limit: int) -> Page[One]:
    """Return a page of combinations; StaleCursorError where a cursor is of a list as it was."""
    award, digest = found.award.rule.award, found.diagram.digest()[:DIGEST]

    def fetch(after: str, count: int) -> tuple[One, ...]:
        list_, _, number = after.partition(".")
        if after and list_ != digest:
            raise StaleCursorError(award)
        return _from(found, int(number, 16) + 1 if after else 0, count)

    of = f"combinations of {award} {sorted_of(filters)}"
    form = rf"[0-9a-f]{{{DIGEST}}}\.[0-9a-f]+"
    return page(of, fetch, lambda own: f"{digest}.{own.number:x}", cursor, limit, form)


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


def ranked(found: Combinations, day: date, by: By, most: int, record: LearnerRecord | None) -> Told:
    """Return the best combinations by a measure; of equals those with the lowest numbers.

    By cost or time they are found among those of filters that are `stating` it.
    """
    _few(most)
    achievements = record.achievements if record else ()
    held = {own.credential for own in achievements if own.status in COUNTING}
    if by == "issuers":
        best = _of_fewest_issuers(found, most)
    else:
        best = found.lightest(_weighing(found.award, by, held), most)
    items = tuple([_ranked(found, by, own, held if record else None) for own in best])
    return told(found, day, Page(items, None))


def best_of(
    award: CompiledAward,
    day: date,
    by: By,
    most: int,
    filters: Filters,
    record: LearnerRecord | None,
) -> Told:
    """Find the combinations of an award, and return the best of them."""
    return ranked(find(award, day, stating(award, by, filters)), day, by, most, record)


def _weighing(award: CompiledAward, by: By, held: Container[CredentialId]) -> Weigh:
    """What each credential weighs by a measure."""
    if by == "credits":
        return lambda name: award.listing.credits_of((name,))
    if by == "held":
        return lambda name: name not in held
    if by in {"cost", "time"}:
        return stated_costs(award.listing.credentials, by).__getitem__
    return lambda _: 1


def _ranked(found: Combinations, by: By, best: Weighed, held: Iterable[CredentialId] | None) -> One:
    """Return one of the best as it is told."""
    plain = one(found, None, best.names, held)
    return replace(plain, stated={by: best.weight}) if by in {"cost", "time"} else plain


def measure_of(by: str) -> By:
    """Return the measure of a name; UnknownMeasureError."""
    for own in MEASURES:
        if own == by:
            return own
    raise UnknownMeasureError(by, MEASURES)


def stating(award: CompiledAward, by: By, filters: Filters) -> Filters:
    """Return filters that leave out what does not state its cost or time, if these are compared.

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
    return replace(filters, without=filters.without | left_out)


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
    }
