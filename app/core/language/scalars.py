"""Plain scalars: what an unquoted word in a file stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from app.core.language.diagnostics import shorten

Scalar: TypeAlias = bool | int | str | date | None

DIGITS = 18
WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
UNUSUAL_WORDS = frozenset({"Null", "NULL", "True", "TRUE", "False", "FALSE"})
# No other word can begin with these, so that most text is told from numbers by its first letter.
NUMERIC = frozenset("+-.0123456789")

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\Z")
FULL_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
HALF = re.compile("[\ud800-\udfff]")
# What looks like a number or a time and is none that a rule can hold: pattern, code, why, remedy.
REFUSED = (
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ ]+)[0-9]{1,2}:[0-9]{2}"),
        "CN0109",
        "`{}` is a time of day",
        "write the date alone: 2026-02-28",
    ),
    (
        re.compile(
            r"[-+]?(0[0-9]+|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9]+(_[0-9]*)+|[0-9]+)\Z"
        ),
        "CN0106",
        "`{}` is not a plain whole number",
        'write it in digits without leading zeros, or quote it if it is a code: "{}"',
    ),
    (
        re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z"),
        "CN0105",
        "`{}` is no number",
        "write a whole number, or a quoted decimal",
    ),
    (
        re.compile(r"[-+]?(\.[0-9_]+|[0-9][0-9_]*\.[0-9_]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?\Z"),
        "CN0105",
        "`{}` is not a whole number",
        'quote it to keep it exact: "{}"',
    ),
)


@dataclass(frozen=True, slots=True)
class Misreading:
    """Why an unquoted word is refused, and what to write instead."""

    code: str
    message: str
    remedy: str


def read_scalar(text: str) -> Scalar | Misreading:
    """Return what the unquoted `text` stands for, or why it is refused."""
    if text in WORDS:
        return WORDS[text]
    if text[0] in NUMERIC:
        return _number_or_text(text)
    if text in UNUSUAL_WORDS:
        return Misreading(
            "CN0120",
            f"`{text}` is neither text nor a flag",
            f"write `{text.lower()}`, or quote it if it is text",
        )
    return text


def _number_or_text(text: str) -> Scalar | Misreading:
    if WHOLE.match(text):
        return _whole(text)
    if DAY.match(text):
        return read_day(text)
    for pattern, code, message, remedy in REFUSED:
        if pattern.match(text):
            shown = shorten(text)
            return Misreading(code, message.format(shown), remedy.format(shown))
    return text


def _whole(text: str) -> int | Misreading:
    if len(text.lstrip("-")) <= DIGITS:
        return int(text)
    return Misreading(
        "CN0107",
        f"`{shorten(text)}` is longer than {DIGITS} digits",
        "quote it if it is a code; no amount is as large",
    )


def read_day(text: str) -> date | Misreading:
    """Return the day that `2026-02-28` writes, or why there is none."""
    try:
        return date(*map(int, text.split("-"))) if FULL_DAY.match(text) else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> Misreading:
    return Misreading(
        "CN0108",
        f"`{shorten(text)}` is not a date",
        "write an existing day as year-month-day: 2026-02-28",
    )


def join_halves(text: str) -> str | Misreading:
    r"""Return the quoted text; the halves of a JSON escape (`\ud83d\ude00`) become one."""
    if not HALF.search(text):
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return Misreading(
            "CN0122", "the quoted text holds half a character", "write both halves of the escape"
        )
