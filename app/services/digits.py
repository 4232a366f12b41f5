"""Whole numbers of any size in digits.

Python refuses to write or read an int of more than some thousand digits, for the whole process; a
Decimal of the same value is exact and has no such limit.
"""

from __future__ import annotations

from decimal import Decimal


def digits(number: int) -> str:
    """Return a number in digits."""
    return format(Decimal(number), "f")


def grouped(number: int) -> str:
    """Return a number in digits, the thousands apart."""
    return format(Decimal(number), ",f")


def number_of(text: str) -> int | None:
    """Return the number that digits say; None where there is anything else."""
    return int(Decimal(text)) if text.isascii() and text.isdigit() else None
