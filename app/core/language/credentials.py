"""Credentials as they are described: their own facts, and the attributes that are declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from app.core.language.diagnostics import Place
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


def credential_of(taken: Mapping[str, Any], attributes: Iterable[str]) -> Credential:
    """Return the credential of what was taken apart."""
    own = {name: taken[name] for name in attributes if name in taken}
    facts = {key: fact for key, fact in taken.items() if key not in own}
    return Credential(**facts, attributes=own)
