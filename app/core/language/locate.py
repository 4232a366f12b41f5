"""From pydantic's locations back to places in a file, and to the forms there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import Tag

from app.core.language.diagnostics import Place
from app.core.language.forms import TAG, Form
from app.core.language.reader import Plain


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, the value there, the form around it, and the one that it should have."""

    place: Place
    value: Plain
    around: type[Form]
    expected: type[Form]


def locate(root: type[Form], value: Plain, location: tuple[str | int, ...]) -> Spot:
    """Follow pydantic's location, passing over tags and over brackets that were left out.

    What is wrong with the value of a key that says nothing there leads to that key.
    """
    place: Place = ()
    form = root
    annotation: object = root
    misplaced = False
    for part in location:
        if misplaced:
            break
        if isinstance(part, str):
            form = _form_in(annotation) or form
            misplaced = says_nothing(form, part)
            annotation = _tagged(annotation, part) or keys_of(form).get(part) or _other(form)
        if isinstance(part, int) and isinstance(value, list) and part < len(value):
            value, place = value[part], (*place, part)
        elif isinstance(value, dict) and part in value:
            value, place = value[str(part)], (*place, part)
    return Spot(place, value, form, _form_in(annotation) or form)


def says_nothing(form: type[Form], key: object) -> bool:
    """Say whether a key is one that a form names only to say where else it belongs."""
    return key in form.elsewhere and key not in keys_of(form)


@cache
def keys_of(form: type[Form]) -> Mapping[str, Any]:
    """Return what each key of the form holds, by the name that authors write."""
    hints = get_type_hints(form, include_extras=True)
    return {field.alias or name: hints[name] for name, field in form.model_fields.items()}


def _other(form: type[Form]) -> object:
    """Return what the keys hold that a form does not name."""
    return get_type_hints(form, include_extras=True).get("__pydantic_extra__")


def _within(annotation: object) -> Iterator[object]:
    waiting = [annotation]
    while waiting:
        item = waiting.pop()
        yield item
        waiting.extend(reversed(get_args(item)))


def _form_in(annotation: object) -> type[Form] | None:
    for item in _within(annotation):
        if isinstance(item, type) and issubclass(item, Form):
            return item
    return None


def _tagged(annotation: object, tag: str) -> object:
    if tag.startswith(TAG):
        for item in _within(annotation):
            if Tag(tag) in getattr(item, "__metadata__", ()):
                return item
    return None
