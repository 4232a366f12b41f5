"""Dates and spans: spans are calendar spans, and both ends of one are inside it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MONTHS_A_YEAR = 12
SHORTEST = 28
WRITTEN = re.compile(r"(\d{1,3}) (year|month|day)s?\Z")

Unit = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar span such as five years; `count` of `unit`."""

    count: int
    unit: Unit

    def after(self, start: date) -> date:
        """Return the last day that is inside the span begun on `start`; no later than year 9999."""
        if self.unit == "day":
            return start + min(timedelta(days=self.count), date.max - start)
        months = self.count * (MONTHS_A_YEAR if self.unit == "year" else 1)
        years, month = divmod(start.month - 1 + months, MONTHS_A_YEAR)
        year = start.year + years
        if year > date.max.year:
            return date.max
        if start.day <= SHORTEST:
            return date(year, month + 1, start.day)
        # 29 February has no twin in most years; the last day of the month is what registrars use.
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last))

    def __str__(self) -> str:
        """Return the span as it is written in a rule."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def parse_span(text: str) -> Span:
    """Return the span that `5 years` or `36 months` writes; ValueError says what would work."""
    found = WRITTEN.match(text.strip())
    if found is None:
        msg = (
            f"`{text[:40]}` is not a span of time: write it as `5 years`, `36 months` or `90 days`"
        )
        raise ValueError(msg)
    unit: Unit = "year" if found[2] == "year" else "month" if found[2] == "month" else "day"
    return Span(int(found[1]), unit)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to but not including `until`; no end is written None."""

    start: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether `day` lies in the period."""
        return self.start <= day and (self.until is None or day < self.until)
