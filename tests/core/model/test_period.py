"""Spans and periods, with their ends."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.model.period import Period, parse_span


@pytest.mark.parametrize(
    ("written", "start", "last"),
    [
        ("3 years", date(9998, 5, 1), date.max),
        ("90 days", date(9999, 12, 1), date.max),
        ("5 years", date(2021, 1, 12), date(2026, 1, 12)),
        ("1 year", date(2024, 2, 29), date(2025, 2, 28)),
        ("4 years", date(2024, 2, 29), date(2028, 2, 29)),
        ("1 month", date(2025, 1, 31), date(2025, 2, 28)),
        ("36 months", date(2023, 9, 1), date(2026, 9, 1)),
        ("90 days", date(2026, 1, 1), date(2026, 4, 1)),
    ],
)
def test_the_last_day_of_a_span_is_the_calendars(written: str, start: date, last: date) -> None:
    assert parse_span(written).after(start) == last


@pytest.mark.parametrize(
    "written", ["5", "five years", "-5 years", "5 decades", "5.5 years", "1000 years"]
)
def test_other_spans_are_refused_with_what_would_work(written: str) -> None:
    with pytest.raises(ValueError, match="write it as `5 years`"):
        parse_span(written)


def test_a_period_holds_its_first_day_and_not_its_last() -> None:
    period = Period(date(2026, 1, 1), date(2027, 1, 1))
    assert period.holds(date(2026, 1, 1))
    assert not period.holds(date(2027, 1, 1))
    assert Period(date(2026, 1, 1)).holds(date(2999, 1, 1))
