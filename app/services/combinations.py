"""The combinations of an award: how many there are, which, and the best of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import shake_256
from itertools import count as _count
from typing import TypeAlias

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.combinations import ALL, Combinations, Filters
from app.core.search.offers import NOBODY
from app.services.audits import in_view, record_of
from app.services.basis import Gathering
from app.services.bounded import Bounded
from app.services.combination_errors import NoSuchNumberError, StaleCursorError
from app.services.combining import One, Told, few, find, held_in, one, sorted_of, told
from app.services.compiling import Compiler
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage
from app.services.ranking import measure_of, ranked, stating
from app.services.stored import AwardChoice, Page

KEPT = 64
DIGEST = 16
"""So many digits tell a list from what it was before."""
Stated: TypeAlias = tuple[tuple[tuple[str, str], ...], tuple[CredentialId, ...]]


class CombinationService:
    """Counts, lists, samples and ranks the combinations of published awards."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler
        self._found: Bounded[tuple[int, date, Filters, Stated], Combinations] = Bounded(KEPT)

    def list(
        self,
        choice: AwardChoice,
        filters: Filters = ALL,
        as_of: date | None = None,
        cursor: str | None = None,
        limit: int = LISTED,
        learner: str | None = None,
    ) -> Told:
        """Return a page of the combinations, in the order of their numbers."""
        day = as_of or self._clock().date()
        award, record = self._asked(choice, learner, day)
        found = self._combinations(award, record, filters, day)
        return told(found, day, listed(found, filters, cursor, limit, record))

    def sample(
        self,
        choice: AwardChoice,
        size: int,
        seed: int = 0,
        filters: Filters = ALL,
        as_of: date | None = None,
        learner: str | None = None,
    ) -> Told:
        """Return so many different combinations, each as likely as any other."""
        day = as_of or self._clock().date()
        award, record = self._asked(choice, learner, day)
        found = self._combinations(award, record, filters, day)
        return sampled(found, day, size, seed, record)

    def best(
        self,
        choice: AwardChoice,
        by: str,
        most: int,
        learner: str | None = None,
        filters: Filters = ALL,
        as_of: date | None = None,
    ) -> Told:
        """Return the best combinations: of all where the count is exact, else of those counted."""
        measure = measure_of(by, for_whom=learner is not None)
        day = as_of or self._clock().date()
        award, record = self._asked(choice, learner, day)
        found = self._combinations(award, record, stating(award, measure, filters), day)
        return ranked(found, day, measure, most, record)

    def _asked(
        self, choice: AwardChoice, learner: str | None, day: date
    ) -> tuple[CompiledAward, LearnerRecord | None]:
        """The award, by the edition that binds the learner if there is one, and their record."""
        with self._storage.reading() as unit:
            record = None if learner is None else in_view(record_of(unit, learner), day)
            basis = Gathering(unit, self._compiler, record or NOBODY, day).basis([choice])
        return self._compiler.award(basis.awards[0], basis.foreign), record

    def _combinations(
        self, award: CompiledAward, record: LearnerRecord | None, filters: Filters, day: date
    ) -> Combinations:
        asks = award.questions or award.facts or award.owns
        who = record if record and asks else NOBODY
        # The award is kept with what was found of it, so that no other has its number.
        key = (id(award), day, filters, _stated(who))
        return self._found.get(key, lambda: find(award, day, filters, who))


def _stated(record: LearnerRecord) -> Stated:
    """What a record states of the learner; the number 1 and the flag `true` are told apart."""
    own = [(name, repr(value)) for name, value in sorted(record.attributes.items())]
    return (tuple(own), record.declared)


def listed(
    found: Combinations,
    filters: Filters,
    cursor: str | None,
    limit: int,
    record: LearnerRecord | None = None,
) -> Page[One]:
    """Return a page of combinations; StaleCursorError where a cursor is of a list as it was."""
    award, digest = found.award.rule.award, found.diagram.digest()[:DIGEST]

    def fetch(after: str, count: int) -> tuple[One, ...]:
        list_, _, number = after.partition(".")
        if after and list_ != digest:
            raise StaleCursorError(award)
        return _from(found, int(number, 16) + 1 if after else 0, count, record)

    of = f"combinations of {award} {sorted_of(filters)}"
    form = rf"[0-9a-f]{{{DIGEST}}}\.[0-9a-f]+"
    return page(of, fetch, lambda own: f"{digest}.{own.number:x}", cursor, limit, form)


def numbered(
    found: Combinations, day: date, first: int, size: int, record: LearnerRecord | None = None
) -> Told:
    """Return combinations from a number on; NoSuchNumberError past the last one."""
    few(size)
    if first >= max(found.count, 1):
        raise NoSuchNumberError(first, found.count)
    return told(found, day, Page(_from(found, first, size, record), None))


def _from(
    found: Combinations, first: int, size: int, record: LearnerRecord | None
) -> tuple[One, ...]:
    pages, held = enumerate(found.page(first, size), first), held_in(record)
    return tuple([one(found, at, names, held) for at, names in pages])


def sampled(
    found: Combinations, day: date, size: int, seed: int, record: LearnerRecord | None = None
) -> Told:
    """Return so many different combinations, drawn evenly; a seed always draws the same ones."""
    few(size)
    numbers: dict[int, None] = {}
    draws = drawn(seed, found.count)
    while len(numbers) < min(size, found.count):
        numbers[next(draws)] = None
    held = held_in(record)
    items = tuple([one(found, at, found.numbered(at), held) for at in numbers])
    return told(found, day, Page(items, None), seed)


def drawn(seed: int, count: int) -> Iterator[int]:
    """Yield numbers below a count, each as likely as any other, the same ones for a seed."""
    size = count.bit_length()
    for at in _count():
        digest = shake_256(f"{seed}/{at}".encode()).digest(-(-size // 8))
        number = int.from_bytes(digest) >> (-size % 8)
        if number < count:
            yield number
