"""Whole numbers of any size in digits."""

from __future__ import annotations

import sys

import pytest

from app.services.digits import digits, grouped, number_of

LONG = 10 ** (sys.get_int_max_str_digits() + 700) + 1234567


def test_a_number_that_is_too_long_for_python_is_written_and_read_exactly() -> None:
    with pytest.raises(ValueError, match="limit"):
        str(LONG)
    assert digits(LONG) == "1" + "0" * 4993 + "1234567"
    assert number_of(digits(LONG)) == LONG
    assert grouped(LONG).endswith("000,001,234,567")
    assert grouped(LONG).replace(",", "") == digits(LONG)


def test_small_numbers_are_as_python_writes_them() -> None:
    for number in (0, 7, 1000, 10**30, 123 * 10**28):
        assert (digits(number), grouped(number)) == (str(number), f"{number:,}")
        assert number_of(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1.0", "NaN", "1_0", " 1", "१"])
def test_anything_else_is_no_number(text: str) -> None:
    assert number_of(text) is None
