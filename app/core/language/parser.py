"""Plain values to written forms; every problem is told in the author's words, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.language.diagnostics import (
    Collector,
    Diagnostic,
    Place,
    did_you_mean,
    nearest,
    shorten,
)
from app.core.language.forms import NO_FORM, Form
from app.core.language.locate import Spot, keys_of, locate, says_nothing
from app.core.language.reader import Document, Plain, key_at, span_at
from app.core.language.scalars import read_scalar

F = TypeVar("F", bound=Form)

FEW = 12


def parse(form: type[F], document: Document) -> tuple[F | None, tuple[Diagnostic, ...]]:
    """Return the document in its written form, or all that keeps it from having it."""
    try:
        return form.model_validate(document.value), ()
    except ValidationError as failed:
        teller = _Teller(document)
        teller.tell_all(form, failed.errors(include_url=False))
        return None, teller.found.sorted()


def shown(value: Plain) -> str:
    """Return a value as it stands in a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case dict():
            return "a mapping"
        case str():
            return _shown_text(value)
    return f"`{value.isoformat() if isinstance(value, date) else value}`"


def _shown_text(text: str) -> str:
    if not text.strip():
        return "empty text"
    # Without its quotes a text such as "2" would be taken for the number.
    return f"`{shorten(text)}`" if isinstance(read_scalar(text), str) else f'`"{shorten(text)}"`'


def subject(place: Place) -> str:
    """Return what stands at a place, as a sentence begins: `take`, an item of `all`, the file."""
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    if not key:
        return "an item of the file" if place else "the file"
    return f"`{shorten(key)}`" if key == place[-1] else f"an item of `{shorten(key)}`"


def named(names: Iterable[object]) -> str:
    """Return names as they stand in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


class _Teller:
    """Turns pydantic's errors about one document into diagnostics."""

    def __init__(self, document: Document) -> None:
        self.found = Collector()
        self._document = document
        self._meant: set[Place] = set()
        self._refused: set[Place] = set()

    def tell_all(self, form: type[Form], errors: list[ErrorDetails]) -> None:
        # Unknown keys first: a key that is missing because it is misspelt is told once.
        errors.sort(key=lambda error: error["type"] != "extra_forbidden")
        for error in errors:
            if not self.found.full:
                self._tell(error, locate(form, self._document.value, error["loc"]))

    def _tell(self, error: ErrorDetails, spot: Spot) -> None:
        if self._refused_by_name(spot):
            return
        match error["type"]:
            case "extra_forbidden":
                self._unknown(spot, str(error["loc"][-1]))
            case "missing":
                self._missing(spot, str(error["loc"][-1]))
            case "literal_error":
                self._not_listed(spot, error["ctx"]["expected"])
            case code if code == NO_FORM:
                self._no_form(spot, error["msg"].split())
            case code if code.startswith("CN"):
                self._told(spot, code, error["ctx"])
            case "list_type":
                self._wrong(spot, "CN0203", "a list", "begin each item with `- `")
            case "model_type":
                keys = spot.expected.needed()
                self._wrong(spot, "CN0203", "a mapping", f"it needs {named(keys)}" if keys else "")
            case "too_short":
                least = error["ctx"]["min_length"]
                self._wrong(spot, "CN0205", f"a list of at least {least}")
            case _:
                self._wrong(spot, "CN0203", "written differently")

    def _refused_by_name(self, spot: Spot) -> bool:
        """Tell of a key or a value that says nothing where it stands; of a key once."""
        key = spot.place[-1] if spot.place else ""
        word = f"{key}: {spot.value}"
        known, message = spot.around.elsewhere, "`{}` says nothing in " + spot.around.noun
        if word in known:
            self._error(spot, "CN0204", message.format(word), known[word])
            return True
        if not says_nothing(spot.around, key):
            return False
        if spot.place not in self._refused:
            self._refused.add(spot.place)
            mapping = Spot(spot.place[:-1], None, spot.around, spot.around)
            self._at_key(mapping, str(key), "CN0201", message.format(key), known[str(key)])
        return True

    def _error(self, spot: Spot, code: str, message: str, remedy: str = "") -> None:
        span = span_at(self._document.spans, spot.place)
        self.found.error(code, message, span, path=spot.place, remedy=remedy)

    def _wrong(self, spot: Spot, code: str, expected: str, remedy: str = "") -> None:
        message = f"{subject(spot.place)} must be {expected}, not {shown(spot.value)}"
        self._error(spot, code, message, remedy)

    def _told(self, spot: Spot, code: str, about: dict[str, str]) -> None:
        if "expected" in about:
            self._wrong(spot, code, about["expected"], about["remedy"])
        elif about["key"]:
            self._at_key(spot, about["key"], code, about["sentence"], about["remedy"])
        else:
            self._error(spot, code, about["sentence"], about["remedy"])

    def _at_key(self, spot: Spot, key: str, code: str, message: str, remedy: str) -> None:
        place = (*spot.place, key)
        span = key_at(self._document.spans, place)
        self.found.error(code, message, span, path=place, remedy=remedy)

    def _unknown(self, spot: Spot, key: str) -> None:
        mapping = Spot(spot.place[:-1], None, spot.around, spot.around)
        known = keys_of(spot.around)
        self._meant.add((*mapping.place, nearest(key, known)))
        remedy = did_you_mean(key, known)
        if not remedy and len(known) <= FEW:
            remedy = f"the keys there are {named(known)}"
        message = f"unknown key `{shorten(key)}` in {spot.around.noun}"
        self._at_key(mapping, key, "CN0201", message, remedy)

    def _missing(self, spot: Spot, key: str) -> None:
        if (*spot.place, key) not in self._meant:
            self._error(spot, "CN0202", f"{spot.around.noun} lacks `{key}`", f"add `{key}:`")

    def _not_listed(self, spot: Spot, expected: str) -> None:
        allowed = [name.strip("'") for name in expected.replace(" or ", ", ").split(", ")]
        choice = named(allowed) if len(allowed) == 1 else f"one of {named(allowed)}"
        remedy = did_you_mean(spot.value, allowed) if isinstance(spot.value, str) else ""
        self._wrong(spot, "CN0204", choice, remedy)

    def _no_form(self, spot: Spot, keys: list[str]) -> None:
        noun = spot.expected.noun
        if not isinstance(spot.value, dict):
            self._wrong(spot, "CN0203", f"{noun}, a mapping with one of {named(keys)}")
            return
        present = [key for key in spot.value if key in keys]
        if present:
            both = " and ".join(f"`{key}`" for key in present)
            self._error(spot, "CN0211", f"{both} stand together in {noun}", "keep one of them")
            return
        strays = [key for key in spot.value if key not in keys_of(spot.expected)]
        remedies = [did_you_mean(key, keys) for key in strays]
        remedy = next(filter(None, remedies), f"add one of {named(keys)}")
        self._error(spot, "CN0210", f"{noun} does not say what it asks for", remedy)
