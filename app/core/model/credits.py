"""Credits: exact amounts as whole thousandths, and named conversions between units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NewType

Credits = NewType("Credits", int)
"""An amount in thousandths of a credit, so that sums and comparisons are exact."""

NOUGHT = Credits(0)
SCALE = 1000
LARGEST = 100_000 * SCALE
DECIMALS = 3
WHOLE_DIGITS = 6

Rounding = Literal["down", "up", "exact"]


def parse_credits(text: str | int) -> Credits:
    """Return the amount that a decimal such as `7.5` writes; ValueError says what is wrong."""
    written = str(text).strip()
    whole, point, part = written.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (
        point and not (part.isascii() and part.isdigit())
    ):
        msg = f"`{written[:40]}` is not an amount of credits: write a plain decimal such as 7.5"
        raise ValueError(msg)
    if len(whole) > WHOLE_DIGITS or len(part.rstrip("0")) > DECIMALS:
        msg = f"`{written[:40]}` is out of range: at most 100000 credits with {DECIMALS} decimals"
        raise ValueError(msg)
    amount = int(whole) * SCALE + int(part.rstrip("0").ljust(DECIMALS, "0") or "0")
    if amount > LARGEST:
        msg = f"`{written[:40]}` is out of range: at most 100000 credits"
        raise ValueError(msg)
    return Credits(amount)


@lru_cache(maxsize=8192)
def show_credits(amount: int) -> str:
    """Return the amount as the shortest exact decimal: 7.5, 60, 0.125."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), SCALE)
    return f"{sign}{whole}.{part:03d}".rstrip("0") if part else f"{sign}{whole}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionPolicy:
    """A named, versioned table of exact rates between units; the remainder is rounded as stated."""

    name: str
    version: str
    rates: Mapping[tuple[str, str], Fraction]
    rounding: Rounding = "down"

    def rate(self, unit: str, into: str) -> Fraction | None:
        """Return how many `into` one `unit` makes, or None where the policy does not say."""
        if unit == into:
            return Fraction(1)
        return self.rates.get((unit, into))

    def convert(self, amount: Credits, unit: str, into: str) -> Credits | None:
        """Return `amount` brought to `into`; None where no rate is stated or may not be rounded."""
        rate = self.rate(unit, into)
        if rate is None:
            return None
        exact = amount * rate
        if self.rounding == "exact" and exact.denominator > 1:
            return None
        if self.rounding == "up":
            return Credits(-(-exact.numerator // exact.denominator))
        return Credits(exact.numerator // exact.denominator)
