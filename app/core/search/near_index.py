"""Which of many awards may be near: what is found once for a catalogue, and what for a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from app.core.engine.ahead import plan
from app.core.engine.applying import applied
from app.core.engine.bind import asks_holdings
from app.core.engine.compiled import CompiledAward
from app.core.engine.listing import Listing, places_of
from app.core.engine.selectors import amount_of
from app.core.model.credential import Credential, CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import ANY_AWARD, COUNTING, Achievement, LearnerRecord
from app.core.model.requirement import Measure
from app.core.search.alike import Alike, alike
from app.core.search.covering import Cover, Offer
from app.core.search.least import NOTHING_OWN, Floor, Outline, Own, floors_of
from app.core.search.offers import offers_of
from app.core.search.placing import closer

# More readings of awards than this are not kept.
MOST_READINGS = 20_000
Pricing = Callable[[Listing], Sequence[int | None]]
"""The price of each credential of a listing; None where it has none and cannot be offered."""


class Listed:
    """A listing with prices, and the sets of credentials that slots look at, each once."""

    def __init__(self, listing: Listing, prices: Sequence[int | None]) -> None:
        """Begin with no sets."""
        self.listing = listing
        self.prices = prices
        self.priced = listing.mask(at for at, one in enumerate(prices) if one is not None)
        self.sets: dict[int, int] = {}
        self._free = count()
        self._numbers: dict[int, int] = {}
        self._covers: dict[tuple[int, Measure, int], Cover] = {}

    def number(self, credentials: int) -> int:
        """Return the number of a set."""
        found = self._numbers.get(credentials)
        if found is None:
            # Threads may race here; then one set has two numbers, and no number two sets.
            number = next(self._free)
            self.sets[number] = credentials
            found = self._numbers.setdefault(credentials, number)
        return found

    def covering(self, offered: int, measure: Measure, most: int) -> Cover:
        """Return the prices of needs out of some credentials; kept for whoever asks the same."""
        key = (offered, measure, most)
        found = self._covers.get(key)
        if found is None:
            sizes, prices = self.listing.sizes, self.prices
            offers = [
                Offer(sizes[at] if measure == "credits" else 1, prices[at] or 0, at)
                for at in places_of(offered)
            ]
            found = self._covers[key] = Cover.of(offers, most, choosing=False)
        return found


@dataclass(slots=True, eq=False)
class Reading:
    """One award as it is for some learners: its outline, and the numbers of the sets it looks at.

    `looked` is all that any of these holds. `least` is what it needs at least of who holds nothing
    that may count; None where nothing that is offered completes it.
    """

    award: CompiledAward
    listed: Listed
    outline: Outline
    slots: tuple[int, ...]
    floors: tuple[int, ...]
    looked: int
    offered: int
    least: int | None = None
    alike: Sequence[Alike] | None = None

    @property
    def offers(self) -> Sequence[Alike]:
        """What is offered, in sets of what the award cannot tell apart."""
        if self.alike is None:
            listing, prices = self.listed.listing, self.listed.prices
            names = [listing.names[at] for at in places_of(self.offered)]
            # Threads may race here; both write the same.
            self.alike = alike(self.award, names, lambda one: prices[listing.place[one]] or 0)
        return self.alike


class Index:
    """Awards by what completes them, at one price a credential; fills itself, and is kept."""

    def __init__(self, pricing: Pricing) -> None:
        """Begin empty."""
        self._pricing = pricing
        self._listed: dict[Listing, Listed] = {}
        self._readings: dict[CompiledAward, Reading] = {}

    def reading(self, award: CompiledAward) -> Reading:
        """Return an award's reading, made once."""
        found = self._readings.get(award)
        if found is None:
            if len(self._readings) >= MOST_READINGS:
                self._readings.clear()
            # Threads may race here; both make the same.
            found = self._readings[award] = self._read(award)
        return found

    def listed(self, listing: Listing) -> Listed:
        """Return a listing with its prices, made once."""
        found = self._listed.get(listing)
        if found is None:
            # Threads may race here; what one of them made is kept.
            found = self._listed.setdefault(listing, Listed(listing, self._pricing(listing)))
        return found

    def _read(self, award: CompiledAward) -> Reading:
        listed = self.listed(award.listing)
        listing = listed.listing
        may = [award.admitted(one, stated=False).may for one in award.slot_selectors]
        offered = listing.mask([listing.place[one] for one in offers_of(award)]) & listed.priced
        floors = []
        looked = []
        for at in floors_of(award):
            inside = 0
            condition = award.conditions[at]
            for place in places_of(condition.mask):
                inside |= may[place]
            inside &= award.admitted(condition.selector, stated=False).may
            looked.append(inside)
            floors.append(Floor(at, inside & offered))
        outline = Outline(award, [one & offered for one in may], floors, listed.covering)
        every = 0
        for one in may:
            every |= one
        found = Reading(
            award=award,
            listed=listed,
            outline=outline,
            slots=tuple(map(listed.number, may)),
            floors=tuple(map(listed.number, looked)),
            looked=every,
            offered=offered,
        )
        found.least = outline.least(
            [NOTHING_OWN] * len(may), [NOTHING_OWN] * len(floors), lambda _: NOTHING_OWN
        )
        return found


class Weighed:
    """What a record holds of one listing: all that is held of each set that slots look at."""

    def __init__(
        self, listed: Listed, plain: Sequence[Achievement], described: Sequence[Credential]
    ) -> None:
        """Weigh the sets; `plain` says nothing of its credentials that the listing does not.

        What is `described` by the record may be equivalent to what is listed.
        """
        self.listed = listed
        self.credits: dict[int, int] = {}
        self.numbers: dict[int, int] = {}
        listing, held = listed.listing, 0
        for one in plain:
            at = listing.place[one.credential]
            held |= 1 << at
            self.credits[at] = self.credits.get(at, 0) + listing.sizes[at]
            self.numbers[at] = self.numbers.get(at, 0) + 1
        # What nothing converts, and whose equivalents nobody has looked for, makes all uncertain.
        alike = any(one.equivalents for one in described if one.id not in listing.place)
        self.unsure = alike or bool(held & listing.unconverted)
        self.held = held
        self._known: dict[int, Own] = {0: NOTHING_OWN}
        self._own: dict[int, Own] = {}

    def own(self, number: int) -> Own:
        """Return what is held of a set, by its number."""
        found = self._own.get(number)
        if found is None:
            found = self._own[number] = self.weigh(self.listed.sets[number] & self.held)
        return found

    def add(self, credits: int) -> int:
        """Put something beside the listing; return it as a set."""
        at = len(self.listed.listing.names) + len(self.credits)
        self.credits[at], self.numbers[at] = credits, 1
        return 1 << at

    def weigh(self, held: int) -> Own:
        """Weigh a set of what is held."""
        found = self._known.get(held)
        if found is None:
            credits = number = 0
            for at in places_of(held):
                credits += self.credits[at]
                number += self.numbers[at]
            found = self._known[held] = Own(held, credits, number)
        return found


class Bounds:
    """The least that each award needs of one record; what is not known of it makes that less."""

    def __init__(self, index: Index, record: LearnerRecord, as_of: date) -> None:
        """Take the record apart."""
        self.index = index
        self.record = record
        self.as_of = as_of
        self._counting = [one for one in record.achievements if one.status in COUNTING]
        self._described = {one.id: one for one in record.credentials}
        self._weighed: dict[Listed, tuple[Weighed, list[Achievement]]] = {}
        self._apart: dict[tuple[int, int], int | None] = {}
        self._changed = {one.award for one in record.adjustments}

    def least(self, award: CompiledAward, *, close: bool = False) -> int | None:
        """Return what an award needs at least; None where nothing that is offered completes it.

        It is `close` to what it does need where all ways to place what is held are looked at.
        """
        if self._changed and (award.rule.award in self._changed or ANY_AWARD in self._changed):
            return 0
        if award.questions or award.facts or award.owns:
            if asks_holdings(award.questions):
                return 0
            award = applied(award, self.record, self.as_of).award
        reading = self.index.reading(award)
        weighed, apart = self._weighed.get(reading.listed) or self._weigh(reading.listed)
        if weighed.unsure:
            return 0
        if not apart and not reading.looked & weighed.held:
            return reading.least
        slots = [*map(weighed.own, reading.slots)]
        floors = [*map(weighed.own, reading.floors)]
        if apart and not self._beside(reading, weighed, apart, slots, floors):
            return 0
        found = reading.outline.least(slots, floors, weighed.weigh)
        if found is None or not close:
            return found
        return closer(reading.outline, found, slots, weighed.weigh)

    def _weigh(self, listed: Listed) -> tuple[Weighed, list[Achievement]]:
        place = listed.listing.place
        plain: list[Achievement] = []
        apart: list[Achievement] = []
        for one in self._counting:
            own = one.credits is not None or one.attributes
            (apart if own or one.credential not in place else plain).append(one)
        found = self._weighed[listed] = (Weighed(listed, plain, self.record.credentials), apart)
        return found

    def _beside(
        self,
        reading: Reading,
        weighed: Weighed,
        apart: Sequence[Achievement],
        own: list[Own],
        floors: list[Own],
    ) -> bool:
        """Add what says of its credential what the catalogue does not; say whether that went."""
        award = reading.award
        for one in apart:
            credential = award.credential(one.credential) or self._described.get(one.credential)
            if credential is None:
                return False
            admits = self._admits(award, one, credential)
            if not admits:
                continue
            item = self._item(weighed, one, credential, award)
            if item is None:
                return False
            for at, selector in enumerate(award.slot_selectors):
                if admits >> selector & 1:
                    own[at] = weighed.weigh(own[at].held | item)
            for at, floor in enumerate(reading.outline.floors):
                if admits >> award.conditions[floor.number].selector & 1:
                    floors[at] = weighed.weigh(floors[at].held | item)
        return True

    def _admits(self, award: CompiledAward, one: Achievement, credential: Credential) -> int:
        """The selectors that may admit an achievement, whatever else it says."""
        if credential.id in award.terms.catalogue.credentials:
            found = award.plan(credential.id, award.stated(one))
        else:
            found = plan(credential, award.tests, award.terms, award.stated(one), None)
        return 0 if found is None else found.decided | found.open

    def _item(
        self, weighed: Weighed, one: Achievement, credential: Credential, award: CompiledAward
    ) -> int | None:
        """An achievement beside the listing; None where nothing converts its credits."""
        key = (id(weighed), id(one))
        if key not in self._apart:
            try:
                self._apart[key] = weighed.add(amount_of(one, credential, award.terms))
            except AuditError:
                self._apart[key] = None
        return self._apart[key]


def prices_of(
    listing: Listing, costs: Mapping[CredentialId, int] | None, whole: int
) -> list[int | None]:
    """Return what each credential costs, with one more for itself, so that fewer go first."""
    if costs is None:
        return [size * whole + 1 for size in listing.sizes]
    found: list[int | None] = []
    for name in listing.names:
        own = costs.get(name)
        found.append(None if own is None else own * whole + 1)
    return found
