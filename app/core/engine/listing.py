"""A catalogue's credentials in one order, and which of them a selector admits: found once.

Sets of credentials are integer bit masks over that order: by credits in the award's unit, then id.
A test looks at one fact, so it is judged once for all the credentials that state the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from app.core.engine.selectors import Judge, Terms, Verdict3, amount_of, seen_by
from app.core.model.credential import Credential, CredentialId, Fact
from app.core.model.credits import NOUGHT, SCALE, Credits
from app.core.model.errors import AuditError
from app.core.model.selector import AnyOf, Not, OneOf, RangeTest, Selector, Test, fits, is_pattern

# So many selectors and tests are kept for the rules to come.
MOST_KNOWN = 4096
# Bits are looked for in so many at a time.
STRIDE = 1024
Places: TypeAlias = list[int]
Values: TypeAlias = Callable[[Credential, str], tuple[Fact, ...]]


class Admitted(NamedTuple):
    """The credentials that are admitted for certain, left open, and not to be judged."""

    sure: int
    open: int
    failed: int

    @property
    def may(self) -> int:
        """All but those that are refused for certain."""
        return self.sure | self.open | self.failed

    def but(self, credentials: int, verdict: Verdict3) -> Admitted:
        """Return the same with another verdict on some credentials."""
        sure, open_, failed = [mask & ~credentials for mask in self]
        return Admitted(
            sure | (credentials if verdict else 0),
            open_ | (credentials if verdict is None else 0),
            failed,
        )


class _Stating(NamedTuple):
    """Credentials by what they state of one fact; `carrying` has the groups of a single value."""

    groups: Sequence[Places]
    carrying: Mapping[Hashable, Places]
    silent: Places


class Listing:
    """The credentials of a catalogue as rules with the same unit and readings see them."""

    def __init__(self, terms: Terms) -> None:
        """Bring the credentials in order."""
        known = terms.catalogue.credentials
        sizes = {name: _size(credential, terms) for name, credential in known.items()}
        order = sorted(known, key=lambda name: (sizes[name] or 0, name))
        self.terms = terms
        self.names = tuple(order)
        self.credentials = tuple([known[name] for name in order])
        self.sizes = tuple([sizes[name] or NOUGHT for name in order])
        self.place = {name: at for at, name in enumerate(order)}
        self.whole = (1 << len(order)) - 1
        self.offered = self.mask(at for at, name in enumerate(order) if known[name].retired is None)
        self.unconverted = self.mask(at for at, name in enumerate(order) if sizes[name] is None)
        self._of_size = tuple(self._sizes())
        self._stating: dict[Hashable, _Stating] = {}
        self._valued: dict[str, Mapping[tuple[Fact, ...], Places]] = {}
        self._known: dict[tuple[Selector | Test, bool], Admitted] = {}

    def _sizes(self) -> Iterator[tuple[Credits, int]]:
        """Each size with what has it, the largest first."""
        end = len(self.sizes)
        while end:
            start = bisect_left(self.sizes, self.sizes[end - 1])
            yield self.sizes[start], (1 << end) - (1 << start)
            end = start

    def mask(self, places: Iterable[int]) -> int:
        """Return the set of what stands at some places."""
        flags = bytearray(len(self.names) // 8 + 1)
        for at in places:
            flags[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(flags, "little")

    def credits_of(self, names: Iterable[CredentialId]) -> Credits:
        """Return the credits of some credentials together; what is not converted has none."""
        return Credits(sum([self.sizes[self.place[name]] for name in names]))

    def at_least(self, size: int) -> int:
        """Return the set of what has so many credits or more."""
        start = bisect_left(self.sizes, size)
        return self.whole >> start << start

    def smallest_first(self, credentials: int, short: int) -> Iterator[int]:
        """Yield the places of what is enough alone, smallest first; then of the rest, largest."""
        yield from places_of(credentials & self.at_least(short))
        for size, own in self._of_size:
            if size < short:
                yield from places_of(credentials & own)

    def commonest(self, credentials: int) -> int:
        """Return the commonest size, the smallest of these; what is not converted has one credit.

        Of nothing at all it is one credit.
        """
        found = {SCALE: (credentials & self.unconverted).bit_count()}
        for size, own in self._of_size:
            converted = (credentials & own & ~self.unconverted).bit_count()
            found[size] = found.get(size, 0) + converted
        amounts = [size for size, count in found.items() if count]
        return min(amounts, key=lambda size: (-found[size], size), default=SCALE)

    def called(self, patterns: Iterable[CredentialId]) -> int:
        """Return the set of what some ids or patterns mean, and not its equivalents."""
        named = OneOf("credential", tuple(patterns), exactly=True)
        return self.admitted(Selector((named,)), stated=True).sure

    def valued(self, by: str, values: Values, fit: Callable[[tuple[Fact, ...]], bool]) -> int:
        """Return the set of credentials whose `values` of a fact are fit."""
        groups = self._valued.get(by)
        if groups is None:
            found: dict[tuple[Fact, ...], Places] = {}
            for at, credential in enumerate(self.credentials):
                found.setdefault(values(credential, by), []).append(at)
            groups = self._valued[by] = found
        return self.mask(at for own, places in groups.items() if fit(own) for at in places)

    def admitted(self, selector: Selector, *, stated: bool) -> Admitted:
        """Return what a selector admits of credentials alone.

        An attribute that one does not state is for achievements to state, unless all is `stated`.
        """
        found = self._known.get((selector, stated))
        return found or self._keep(selector, self._all_of(selector, stated=stated), stated=stated)

    def passing(self, test: Test, *, stated: bool) -> Admitted:
        """Return what passes one test."""
        found = self._known.get((test, stated))
        return found or self._keep(test, self._test(test, stated=stated), stated=stated)

    def _keep(self, judged: Selector | Test, found: Admitted, *, stated: bool) -> Admitted:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        # Threads may race here; both write the same value.
        self._known[judged, stated] = found
        return found

    def _all_of(self, selector: Selector, *, stated: bool) -> Admitted:
        """Judge test by test: what one refuses or cannot judge is not asked the next."""
        sure = left = self.whole
        failed = 0
        for test in selector.tests:
            one = self.passing(test, stated=stated)
            failed |= left & one.failed
            left &= one.sure | one.open
            sure &= one.sure
        return Admitted(sure, left & ~sure, failed)

    def _test(self, test: Test, *, stated: bool) -> Admitted:
        match test:
            case Not():
                inner = self.admitted(test.inner, stated=stated)
                return Admitted(self.whole & ~inner.may, inner.open, inner.failed)
            case AnyOf():
                return _any([self.admitted(one, stated=stated) for one in test.options])
            case OneOf(key="credential"):
                return self._ruled(test, [[at] for at in self._named(test)], stated=stated)
            case _:
                return self._ruled(test, self._worth_judging(test), stated=stated)

    def _ruled(self, test: Test, groups: Iterable[Places], *, stated: bool) -> Admitted:
        """Judge the first of each group for all of it; what is in none is refused."""
        sure: Places = []
        open_: Places = []
        failed: Places = []
        for group in groups:
            credential = self.credentials[group[0]]
            judge = Judge(credential, None, self.terms, stated=frozenset() if stated else None)
            try:
                verdict = judge.test(test)
            except AuditError:
                failed += group
                continue
            if verdict is not False:
                into = sure if verdict else open_
                into += group
        return Admitted(*map(self.mask, (sure, open_, failed)))

    def _worth_judging(self, test: Test) -> Sequence[Places]:
        """The credentials that a test may admit, those together that state the same."""
        key = (type(test), test.key if isinstance(test, OneOf | RangeTest) else "")
        stating = self._stating.get(key)
        if stating is None:
            stating = self._stating[key] = _stating(self.credentials, seen_by(test))
        if not isinstance(test, OneOf) or test.key == "field":
            return stating.groups
        chosen = set(stating.silent)
        for value in test.values:
            chosen.update(stating.carrying.get(value, ()))
        return [stating.groups[at] for at in sorted(chosen)]

    def _named(self, test: OneOf) -> Sequence[int]:
        """The places of what a test means by id, and of its equivalents."""
        equivalents = self.terms.equivalents
        called = {*self.place, *equivalents}
        found: set[str] = set()
        for value in map(str, test.values):
            found |= {one for one in called if fits(value, one)} if is_pattern(value) else {value}
        near = {other for one in found for other in equivalents.get(CredentialId(one), ())}
        return sorted(self.place[one] for one in self.place.keys() & (found | near))


def _any(several: Sequence[Admitted]) -> Admitted:
    """What one of several admits; each is asked, so what one cannot judge is not judged."""
    sure = open_ = failed = 0
    for one in several:
        sure |= one.sure
        open_ |= one.open
        failed |= one.failed
    sure &= ~failed
    return Admitted(sure, open_ & ~sure & ~failed, failed)


def _stating(credentials: Sequence[Credential], seen: Callable[[Credential], Hashable]) -> _Stating:
    found: dict[tuple[type, Hashable], Places] = {}
    for at, credential in enumerate(credentials):
        own = seen(credential)
        # `True == 1` in Python; a flag is never a number here.
        found.setdefault((type(own), own), []).append(at)
    carrying: dict[Hashable, Places] = {}
    silent: Places = []
    for number, (_, own) in enumerate(found):
        values = own if isinstance(own, tuple) else () if own is None else (own,)
        for value in values:
            carrying.setdefault(value, []).append(number)
        if not values:
            silent.append(number)
    return _Stating(tuple(found.values()), carrying, silent)


def places_of(mask: int) -> Iterator[int]:
    """Yield the places of a set, lowest first."""
    at = 0
    while mask:
        part = mask & (1 << STRIDE) - 1
        while part:
            low = part & -part
            yield at + low.bit_length() - 1
            part ^= low
        mask >>= STRIDE
        at += STRIDE


def listing_of(terms: Terms) -> Listing:
    """Return the catalogue of some terms as they see it, made once for all that see the same."""
    conversion = terms.conversion.name if terms.conversion else None
    key = ("listing", terms.unit, conversion, terms.level_reading)
    return terms.catalogue.once(key, lambda: Listing(terms))


def _size(credential: Credential, terms: Terms) -> Credits | None:
    """A credential's credits in the award's unit; None where nothing converts them."""
    try:
        return amount_of(None, credential, terms)
    except AuditError:
        return None
