"""Covering a need with what is offered, at the lowest price: a knapsack turned round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from typing import NamedTuple

# A table of more steps than this is not filled: its floor is a bound, and what is taken a guess.
MOST_STEPS = 60_000


class Offer(NamedTuple):
    """What may be taken once: how much it brings, its price, and which it is."""

    size: int
    price: int
    at: int


@dataclass(slots=True)
class Cover:
    """The lowest price of each need up to `most`, out of some offers."""

    offers: tuple[Offer, ...]
    most: int
    supply: int
    unit: int = 1
    exact: bool = True
    prices: list[int] = field(default_factory=list)
    takes: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, offers: Iterable[Offer], most: int, *, choosing: bool = True) -> Cover:
        """Fill the table; of each size only so many as could ever be needed, the cheapest.

        Without `choosing` it tells prices and not what is taken for them.
        """
        offers = tuple(offers)
        supply = sum([one.size for one in offers])
        useful = _useful(offers, most)
        unit = gcd(most, *[one.size for one in useful]) or 1
        made = cls(tuple(useful), most, supply, unit)
        if len(useful) * (most // unit + 1) > MOST_STEPS:
            made.exact = False
        else:
            made._fill()
            if not choosing:
                made.offers, made.takes = (), []
        return made

    def _fill(self) -> None:
        whole = sum([one.price for one in self.offers]) + 1
        steps = self.most // self.unit
        prices = [0] + [whole] * steps
        for size, price, _ in self.offers:
            width, taken = size // self.unit, 0
            for need in range(steps, 0, -1):
                other = (prices[need - width] if need > width else 0) + price
                if other < prices[need]:
                    prices[need] = other
                    taken |= 1 << need
            self.takes.append(taken)
        self.prices = prices

    def price(self, need: int) -> int | None:
        """Return what a need costs at least; None where the offers do not reach."""
        if need <= 0:
            return 0
        if need > self.supply:
            return None
        need = min(need, self.most)
        return self.prices[-(-need // self.unit)] if self.exact else self._floor(need)

    def _floor(self, need: int) -> int:
        """The price of a need where offers could be taken in part: never above the true one."""
        found = 0
        for size, price, _ in sorted(self.offers, key=_rate):
            if need <= size:
                return found + price * need // size
            need -= size
            found += price
        return found

    def taken(self, need: int) -> list[int]:
        """Return what covers a need that is in reach: at the lowest price, if it is `exact`."""
        if not self.exact:
            return self._guess(need)
        left, found = -(-need // self.unit), []
        for offer, takes in zip(reversed(self.offers), reversed(self.takes), strict=True):
            if left > 0 and takes >> left & 1:
                found.append(offer.at)
                left -= offer.size // self.unit
        return found

    def _guess(self, need: int) -> list[int]:
        found = []
        for size, _, at in sorted(self.offers, key=_rate):
            if need <= 0:
                break
            found.append(at)
            need -= size
        return found


def _rate(offer: Offer) -> Fraction:
    return Fraction(offer.price, offer.size)


def _useful(offers: Sequence[Offer], most: int) -> list[Offer]:
    """The cheapest offers of each size, as many as `most` could need; the smallest sizes first."""
    found: list[Offer] = []
    size = number = 0
    for one in sorted(offers):
        if one.size <= 0:
            continue
        if one.size != size:
            size, number = one.size, -(-most // one.size)
        if number > 0:
            found.append(one)
            number -= 1
    return found
