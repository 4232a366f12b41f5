"""Plain values taken apart by hand: strict, quick, and every problem kept with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from app.core.language.diagnostics import LISTED, Collector, Place, did_you_mean, shorten
from app.core.language.form_values import AMOUNT_REMEDY, IDENTIFIER
from app.core.language.reader import Spans, key_at, span_at
from app.core.language.scalars import Misreading, read_day
from app.core.model.credential import Fact, Stated
from app.core.model.credits import Credits, parse_credits

Value: TypeAlias = Any
"""A decoded value of any kind: what it is has yet to be found out."""
Read = TypeVar("Read")
Reader: TypeAlias = "Callable[[Values, Value, Place], Read | None]"
Readers: TypeAlias = "Mapping[str, Reader[Any]]"

LONGEST_TEXT = 500
LONGEST_ID = 200
LARGEST_WHOLE = 1_000_000
# The same few days and amounts are written again and again; what is kept of them is short.
REMEMBERED = len("2026-02-28")
_named = lru_cache(maxsize=4096)(re.compile(IDENTIFIER).fullmatch)
_credits = lru_cache(maxsize=4096)(parse_credits)
_day = lru_cache(maxsize=4096)(read_day)


def shown(value: Value) -> str:
    """Return a value as a file writes it, short enough to stand in a sentence."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else shorten(str(value))


class Nearest:
    """Nearest names, for as many problems as are listed: searching thousands is slow."""

    def __init__(self, known: Collection[str]) -> None:
        """Search among `known`."""
        self._known = known
        self._left = LISTED

    def remedy(self, name: str, otherwise: str) -> str:
        """Return a question that offers the nearest name, or what else would work."""
        self._left -= 1
        return (did_you_mean(name, self._known) if self._left >= 0 else "") or otherwise


class Values:
    """What is wrong with some values, collected while they are taken apart."""

    def __init__(self, spans: Spans | None = None) -> None:
        """Begin with nothing found; `spans` says where the values stand in a file."""
        self.spans: Spans = spans or {}
        self.found = Collector()

    def refuse(self, code: str, place: Place, message: str, remedy: str = "") -> None:
        """Keep a problem at a place."""
        self.found.error(code, message, span_at(self.spans, place), path=place, remedy=remedy)

    def wrong(self, place: Place, expected: str, remedy: str = "") -> None:
        """Keep that a value is of another kind than expected."""
        name = place[-1] if place else None
        subject = f"entry {name + 1}" if isinstance(name, int) else f"`{shorten(str(name))}`"
        self.refuse("CN0203", place, f"{subject if place else 'it'} has to be {expected}", remedy)

    def mapping(self, value: Value, place: Place, what: str) -> dict[str, Value]:
        """Return a mapping, or an empty one where the value is none."""
        if isinstance(value, dict):
            return value
        self.wrong(place, f"{what}: keys and values")
        return {}

    def chosen(self, value: Value, place: Place, what: str) -> dict[str, Value]:
        """Return a mapping whose keys are names that its author chose; others are reported."""
        given = self.mapping(value, place, what)
        return {key: own for key, own in given.items() if any_name(self, key, place) is not None}

    @staticmethod
    def entries(value: Value) -> list[Value]:
        """Return a list; one value alone is a list of one."""
        return value if isinstance(value, list) else [value]

    @staticmethod
    def placed(value: Value, place: Place) -> list[tuple[Place, Value]]:
        """Return the entries of a list, each with its place; one value alone stands at `place`."""
        if not isinstance(value, list):
            return [(place, value)]
        return [((*place, index), one) for index, one in enumerate(value)]

    def take(
        self,
        value: Value,
        place: Place,
        readers: Readers,
        what: str,
        required: Iterable[str] = (),
    ) -> dict[str, Any]:
        """Read each key by its reader; report keys that are unknown, missing or cannot be read."""
        taken: dict[str, Any] = {}
        given = self.mapping(value, place, what)
        for key, own in given.items():
            reader = readers.get(key)
            if reader is None:
                self.unknown_key(key, place, readers, what)
            elif (read := reader(self, own, (*place, key))) is not None:
                taken[key] = read
        for key in required:
            if isinstance(value, dict) and key not in given:
                self.refuse("CN0202", place, f"{what} has no `{key}`", f"add `{key}`")
        return taken

    def unknown_key(self, key: str, place: Place, known: Collection[str], what: str) -> None:
        """Keep that a key is unknown, with the nearest one that is not."""
        # A nearest name is slow to find, and what comes after so many problems is not kept.
        if self.found.full:
            return
        message = f"unknown key `{shorten(str(key))}` in {what}"
        keys = ", ".join(known)
        remedy = did_you_mean(str(key), known) or f"the keys are {keys}"
        at = (*place, key)
        self.found.error("CN0201", message, key_at(self.spans, at), path=at, remedy=remedy)


def text(values: Values, value: Value, place: Place) -> str | None:
    """Read text of up to 500 characters."""
    if not isinstance(value, str):
        values.wrong(place, "text", f'quote it: "{value}"' if type(value) in {int, date} else "")
        return None
    if len(value) > LONGEST_TEXT:
        values.refuse("CN0205", place, f"text of {len(value)} characters is too long", "shorten it")
        return None
    return value


def identifier(values: Values, value: Value, place: Place) -> str | None:
    """Read an id."""
    if not isinstance(value, str) or len(value) > LONGEST_ID or not _named(value):
        remedy = "write letters, digits, `-` and `/`, such as atu/ml-1"
        values.refuse("CN0206", place, f"`{shown(value)}` is not an id", remedy)
        return None
    return value


def any_name(values: Values, value: Value, place: Place) -> str | None:
    """Read a name that another system may have given: visible text, no blanks around."""
    read = text(values, value, place)
    if read is not None and (not read or read != read.strip() or not read.isprintable()):
        values.refuse(
            "CN0206", place, f"`{shorten(read)}` is not a name", "write visible characters"
        )
        return None
    return read


def amount(values: Values, value: Value, place: Place) -> Credits | None:
    """Read credits: a whole number or a quoted decimal."""
    if type(value) is not int and not isinstance(value, str):
        message = f"`{shown(value)}` is not an amount of credits"
        values.refuse("CN0207", place, message, AMOUNT_REMEDY)
        return None
    short = isinstance(value, int) or len(value) <= REMEMBERED
    try:
        return _credits(value) if short else parse_credits(value)
    except ValueError as wrong:
        message, _, _ = str(wrong).partition(": ")
        values.refuse("CN0207", place, message, AMOUNT_REMEDY)
        return None


def day(values: Values, value: Value, place: Place) -> date | None:
    """Read a date."""
    read = value
    if isinstance(value, str):
        read = _day(value) if len(value) <= REMEMBERED else read_day(value)
    if isinstance(read, Misreading):
        values.refuse(read.code, place, read.message, read.remedy)
        return None
    # A point in time is a date as well.
    if type(read) is not date:
        values.wrong(place, "a date such as 2026-02-28")
        return None
    return read


def between(least: int, most: int) -> Reader[int]:
    """Return a reader for a whole number from one to another."""

    def read(values: Values, value: Value, place: Place) -> int | None:
        if type(value) is not int or not least <= value <= most:
            values.wrong(place, f"a whole number from {least} to {most}")
            return None
        return value

    return read


whole = between(0, LARGEST_WHOLE)
"""Reads a whole number."""


def flag(values: Values, value: Value, place: Place) -> bool | None:
    """Read true or false."""
    if not isinstance(value, bool):
        values.wrong(place, "true or false")
        return None
    return value


def fact(values: Values, value: Value, place: Place) -> Fact | None:
    """Read an attribute's value: text, a whole number, true or false, or a date."""
    if isinstance(value, str):
        read = _day(value) if value[:4].isdigit() and len(value) == REMEMBERED else value
        return read if isinstance(read, date) else text(values, value, place)
    if isinstance(value, bool | date) or (type(value) is int and abs(value) <= LARGEST_WHOLE):
        return value
    values.wrong(place, "text, a whole number, true or false, or a date")
    return None


def stated(values: Values, value: Value, place: Place) -> Stated | None:
    """Read what is stated of an attribute: one value, or a list of texts."""
    if not isinstance(value, list):
        return fact(values, value, place)
    read = [(at, fact(values, one, at)) for at, one in values.placed(value, place)]
    for at, one in read:
        if one is not None and not isinstance(one, str):
            values.wrong(at, "text: only texts may be listed")
    return tuple(one for _, one in read if isinstance(one, str))


def _by_name(reader: Reader[Read]) -> Reader[dict[str, Read]]:
    """Return a reader for attributes: names and values."""

    def read(values: Values, value: Value, place: Place) -> dict[str, Read]:
        given = values.chosen(value, place, "attributes").items()
        read = {key: reader(values, own, (*place, key)) for key, own in given}
        return {key: own for key, own in read.items() if own is not None}

    return read


facts: Reader[dict[str, Fact]] = _by_name(fact)
"""Reads attributes of a learner, each with one value."""
attributes: Reader[dict[str, Stated]] = _by_name(stated)
"""Reads attributes of an achievement."""


def one_of(*words: str) -> Reader[str]:
    """Return a reader for one of some words."""

    def read(values: Values, value: Value, place: Place) -> str | None:
        if isinstance(value, str) and value in words:
            return value
        if not values.found.full:
            remedy = did_you_mean(shown(value), words) or f"write one of {', '.join(words)}"
            message = f"`{shown(value)}` is not one of the words for it"
            values.refuse("CN0204", place, message, remedy)
        return None

    return read


def several(reader: Reader[Read]) -> Reader[tuple[Read, ...]]:
    """Return a reader for a list; one value alone is a list of one."""

    def read(values: Values, value: Value, place: Place) -> tuple[Read, ...]:
        read = (reader(values, own, at) for at, own in values.placed(value, place))
        return tuple(one for one in read if one is not None)

    return read
