"""Single values of written forms: text, names, amounts, shares, spans and days."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from app.core.language.diagnostics import shorten
from app.core.language.forms import refused, wrong
from app.core.language.scalars import Misreading, read_day
from app.core.language.text import UNSEEN
from app.core.model.credential import Fact
from app.core.model.credits import parse_credits
from app.core.model.period import Span, parse_span
from app.core.model.selector import NUMBERED

MOST = 100_000
LONGEST = 4000
LONGEST_NAME = 200

AMOUNT_REMEDY = f'write a whole number up to {MOST}, or a quoted decimal such as "7.5"'

NAME = "[a-z0-9][a-z0-9._-]*"
FACT_NAME = "[a-z][a-z0-9._-]*"
IDENTIFIER = "[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*"
PATTERN = "[A-Za-z0-9*][A-Za-z0-9._*-]*(/[A-Za-z0-9*][A-Za-z0-9._*-]*)*"
PERCENT = "[0-9]{1,3}([.][0-9]{1,3})? ?%"
PART = "[0-9]{1,4}/[1-9][0-9]{0,3}"
ADDRESS = 'https?://[^\\s<>"]+'
DECIMAL = "[0-9]{1,6}([.][0-9]{1,3}0*)?"
SPAN = "[0-9]{1,3} (year|month|day)s?"


def _text(value: object) -> str:
    if not isinstance(value, str):
        remedy = f'quote it: "{value}"' if type(value) in {int, date} else ""
        raise wrong("CN0203", "text", remedy)
    if not value.strip() or len(value) > LONGEST:
        raise wrong("CN0205", f"text of 1 to {LONGEST} characters")
    if unseen := UNSEEN.search(value):
        message = f"an escape stands for the character U+{ord(unseen[0]):04X}, which cannot be seen"
        raise refused("CN0113", message, "delete it")
    return value


def _matching(value: object, pattern: str, expected: str) -> str:
    text = _text(value)
    if len(text) > LONGEST_NAME or not re.fullmatch(pattern, text):
        raise wrong("CN0206", expected)
    return text


def _name(value: object) -> str:
    return _matching(value, NAME, "a name of small letters, digits and hyphens, such as level-7")


def _identifier(value: object) -> str:
    return _matching(value, IDENTIFIER, "an id of letters, digits, `-` and `/`, such as atu/ml-1")


def _pattern(value: object) -> str:
    text = _matching(value, PATTERN, "an id, or a pattern such as atu/ml-* or atu/math-300..399")
    if ".." not in text:
        return text
    numbered = NUMBERED.fullmatch(text)
    if numbered is None:
        message = f"`{shorten(text)}` is not a range of numbers at the end of an id"
        raise refused("CN0206", message, "write one such as atu/math-300..399, without `*`")
    if int(numbered[2]) > int(numbered[3]):
        raise refused("CN0213", f"`{shorten(text)}` ends before it begins", "exchange its ends")
    return text


def _address(value: object) -> str:
    return _matching(value, ADDRESS, "a web address that begins with https:// or http://")


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST:
        raise wrong("CN0203", f"a whole number from 0 to {MOST}")
    return value


def _amount(value: object) -> int:
    if type(value) is not int and not isinstance(value, str):
        raise wrong("CN0207", "an amount of credits", AMOUNT_REMEDY)
    try:
        return parse_credits(value)
    except ValueError as wrong_amount:
        message, _, _ = str(wrong_amount).partition(": ")
        raise refused("CN0207", message, AMOUNT_REMEDY) from None


def _points(value: object) -> int:
    try:
        return parse_credits(value if isinstance(value, str | int) else "")
    except ValueError:
        raise wrong("CN0207", 'grade points as a quoted decimal such as "3.00"') from None


def _share(value: object) -> Fraction:
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(PERCENT, text):
        part = Fraction(text.rstrip(" %")) / 100
    elif re.fullmatch(PART, text):
        part = Fraction(text)
    else:
        raise wrong("CN0208", "a share such as 20% or 1/3")
    if part > 1:
        raise wrong("CN0208", "a share of at most 100%")
    return part


def _span(value: object) -> Span:
    try:
        return parse_span(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong("CN0209", "a span of time such as 5 years, 36 months or 90 days") from None


def _day(value: object) -> date:
    day = read_day(value) if isinstance(value, str) else value
    if isinstance(day, Misreading):
        raise refused(day.code, day.message, day.remedy)
    if not isinstance(day, date):
        raise wrong("CN0203", "a date such as 2026-02-28")
    return day


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise wrong("CN0203", "true or false")
    return value


def _fact(value: object) -> Fact:
    if not isinstance(value, str | int | date):
        raise wrong("CN0203", "text, a whole number, true or false, or a date")
    # JSON has no dates; a catalogue reads such text as a date as well.
    day = read_day(value) if isinstance(value, str) else None
    return day if isinstance(day, date) else value


def _count_or_fact(value: object) -> int | str:
    if isinstance(value, str) and re.fullmatch(FACT_NAME, value):
        return value
    if type(value) is not int or not 0 <= value <= MOST:
        raise wrong("CN0203", f"a whole number from 0 to {MOST}, or a learner's attribute")
    return value


UNIQUE = Field(json_schema_extra={"uniqueItems": True})


def once_each(values: list[str]) -> list[str]:
    """Refuse a list that names the same thing twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise refused("CN0216", f"`{value}` stands twice in a list", "keep it once")
        seen.add(value)
    return values


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema(_text_schema(pattern, example))


def _text_schema(pattern: str, example: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$", "examples": [example]}


PATTERN_SCHEMA = _text_schema(PATTERN, "atu/ml-*")
AMOUNT_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": MOST},
        # Blanks around a decimal are passed over.
        {"type": "string", "pattern": f"^\\s*{DECIMAL}\\s*$"},
    ]
}
FACT_SCHEMA = {"type": ["string", "integer", "boolean"]}

Text: TypeAlias = Annotated[
    str, PlainValidator(_text), WithJsonSchema({"type": "string", "pattern": "\\S"})
]
Name: TypeAlias = Annotated[str, PlainValidator(_name), _schema(NAME, "level-7")]
Identifier: TypeAlias = Annotated[str, PlainValidator(_identifier), _schema(IDENTIFIER, "atu/ml-1")]
Pattern: TypeAlias = Annotated[str, PlainValidator(_pattern), WithJsonSchema(PATTERN_SCHEMA)]
Address: TypeAlias = Annotated[
    str, PlainValidator(_address), _schema(ADDRESS, "https://example.org/rules")
]
Count: TypeAlias = Annotated[
    int,
    PlainValidator(_count),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST}),
]
CountOrFact: TypeAlias = Annotated[
    int | str,
    PlainValidator(_count_or_fact),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": MOST},
                _text_schema(FACT_NAME, "terms-since-declaring"),
            ]
        }
    ),
]
Amount: TypeAlias = Annotated[int, PlainValidator(_amount), WithJsonSchema(AMOUNT_SCHEMA)]
"""Credits; in thousandths once read."""
Points: TypeAlias = Annotated[int, PlainValidator(_points), WithJsonSchema(AMOUNT_SCHEMA)]
"""Grade points; in thousandths once read."""
Share: TypeAlias = Annotated[
    Fraction, PlainValidator(_share), _schema(f"({PERCENT}|{PART})", "20%")
]
Length: TypeAlias = Annotated[Span, PlainValidator(_span), _schema(SPAN, "5 years")]
Day: TypeAlias = Annotated[
    date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Flag: TypeAlias = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
FactValue: TypeAlias = Annotated[Fact, PlainValidator(_fact), WithJsonSchema(FACT_SCHEMA)]
