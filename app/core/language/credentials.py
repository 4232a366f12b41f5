"""Credentials as they are described: their own facts, and the attributes that are declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from app.core.language.diagnostics import Place, shorten
from app.core.language.values import (
    Reader,
    Readers,
    Value,
    Values,
    amount,
    any_name,
    day,
    identifier,
    one_of,
    several,
    stated,
    text,
    whole,
)
from app.core.model.catalogue import AttributeType, is_of
from app.core.model.credential import Credential, Relation, Size, Stated
from app.core.model.level import Level


def _level(values: Values, value: Value, place: Place) -> Level | None:
    taken = values.take(value, place, {"framework": any_name, "at": whole}, "a level", LEVEL)
    return Level(taken["framework"], taken["at"]) if len(taken) == len(LEVEL) else None


LEVEL = ("framework", "at")
CREDENTIAL: Readers = {
    "id": identifier,
    "title": text,
    "issuer": identifier,
    "type": text,
    "credits": amount,
    "unit": any_name,
    "level": _level,
    "relation": one_of(*get_args(Relation)),
    "size": one_of(*get_args(Size)),
    "fields": several(any_name),
    "tags": several(any_name),
    "outcomes": several(text),
    "skills": several(text),
    "assessment": text,
    "quality_assurance": text,
    "workload": text,
    "participation": text,
    "mode": text,
    "language": text,
    "prerequisites": several(identifier),
    "equivalents": several(identifier),
    "retired": day,
}


REQUIRED = ("id", "title", "issuer")
REFERRING = ("prerequisites", "equivalents")
MOST_DESCRIBED = 2000


def declared(attributes: Mapping[str, AttributeType]) -> dict[str, Reader[Stated]]:
    """Return a reader for each attribute, which keeps to its declared type."""
    return {name: _of(kind) for name, kind in attributes.items()}


def _of(kind: AttributeType) -> Reader[Stated]:
    def read(values: Values, value: Value, place: Place) -> Stated | None:
        own = stated(values, value, place)
        if own is not None and not is_of(kind, own):
            values.wrong(place, f"a {kind}, as the catalogue declares it")
        return own

    return read


def described(values: Values, value: Value, place: Place) -> tuple[Credential, ...]:
    """Read credentials as a record describes them: written as in a catalogue.

    Which other keys are attributes, the catalogue says that the record is held against.
    """
    entries = values.placed(value, place)
    if len(entries) > MOST_DESCRIBED:
        message = f"{len(entries)} credentials are more than the {MOST_DESCRIBED} of a record"
        values.refuse("CN0702", place, message, "leave out those that no achievement is of")
        return ()
    found: dict[str, Credential] = {}
    for at, one in entries:
        own = [key for key in one if key not in CREDENTIAL] if isinstance(one, dict) else []
        for key in own:
            any_name(values, key, at)
        readers = {**CREDENTIAL, **dict.fromkeys(own, stated)}
        taken = values.take(one, at, readers, "a credential", REQUIRED)
        if not set(REQUIRED) <= set(taken):
            continue
        if taken["id"] in found:
            message = f"the credential `{shorten(taken['id'])}` is described twice"
            values.refuse("CN0701", (*at, "id"), message, "keep one")
        found[taken["id"]] = credential_of(taken, own)
    return tuple(found.values())


def credential_of(taken: Mapping[str, Any], attributes: Iterable[str]) -> Credential:
    """Return the credential of what was taken apart."""
    own = {name: taken[name] for name in attributes if name in taken}
    facts = {key: fact for key, fact in taken.items() if key not in own}
    return Credential(**facts, attributes=own)
