"""The combinations of an award: how many there are, which, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import shake_256
from itertools import count as _count

from app.core.engine.compiled import CompiledAward
from app.core.search.combinations import ALL, Combinations, Filters
from app.core.search.offers import NOBODY
from app.services.audits import in_view, record_of
from app.services.basis import Gathering
from app.services.bounded import Bounded
from app.services.combination_errors import (
    StaleCursorError,
)
from app.services.combining import One, Told, few, find, one, sorted_of, told
from app.services.compiling import Compiler
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage
from app.services.ranking import measure_of, ranked, stating
from app.services.stored import AwardChoice, Page

KEPT = 64
DIGEST = 16
"""So many digits tell a list from what it was before."""


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
    few(size)
    return told(found, day, Page(_from(found, first, size), None))


def _from(found: Combinations, first: int, size: int) -> tuple[One, ...]:
    pages = enumerate(found.page(first, size), first)
    return tuple([one(found, at, names) for at, names in pages])


def sampled(found: Combinations, day: date, size: int, seed: int) -> Told:
    """Return so many different combinations, drawn evenly; a seed always draws the same ones."""
    few(size)
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
