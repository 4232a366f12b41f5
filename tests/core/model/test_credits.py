"""Credits and conversions are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.model.credits import (
    LARGEST,
    ConversionPolicy,
    Credits,
    Rounding,
    parse_credits,
    show_credits,
)


@pytest.mark.parametrize(
    ("written", "thousandths"),
    [("7.5", 7500), ("60", 60_000), (60, 60_000), ("0.125", 125), ("2.50", 2500), ("0", 0)],
)
def test_a_plain_decimal_is_read_exactly(written: str | int, thousandths: int) -> None:
    assert parse_credits(written) == thousandths


@pytest.mark.parametrize(
    "written",
    [
        "-3",
        "NaN",
        "1e3",
        "",
        ".",
        ".5",
        "5.",
        "1_000",
        "1,5",
        "0.0001",
        "12345678901234567890",
        "१",
    ],
)
def test_anything_else_is_refused_with_what_would_work(written: str) -> None:
    with pytest.raises(ValueError, match=r"write a plain decimal|at most 100000 credits"):
        parse_credits(written)


@given(st.integers(0, LARGEST))
def test_what_is_shown_reads_back(amount: int) -> None:
    assert parse_credits(show_credits(amount)) == amount


def policy(rate: str, rounding: Rounding = "down") -> ConversionPolicy:
    return ConversionPolicy(
        name="hours-30",
        version="1",
        rates={("cats", "ects"): Fraction(rate)},
        rounding=rounding,
    )


def test_ten_cats_at_thirty_hours_are_three_and_a_third_ects_rounded_as_stated() -> None:
    ten = parse_credits(10)
    assert policy("1/3").convert(ten, "cats", "ects") == 3333
    assert policy("1/3", "up").convert(ten, "cats", "ects") == 3334


def test_an_exact_policy_converts_only_what_leaves_no_remainder() -> None:
    assert policy("1/3", "exact").convert(parse_credits(9), "cats", "ects") == 3000
    assert policy("1/3", "exact").convert(parse_credits(10), "cats", "ects") is None


def test_a_rate_that_the_policy_does_not_state_converts_nothing() -> None:
    assert policy("1/3").convert(Credits(1000), "ects", "cats") is None


def test_a_unit_is_itself_under_every_policy() -> None:
    assert policy("1/3").convert(Credits(1500), "ects", "ects") == 1500
