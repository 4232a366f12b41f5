"""Attribute values as JSON: a date is `{"day": …}`, several texts are a list, the rest as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from app.core.model.credential import Fact, Stated
from app.services.canonical import Json, canonical_json


def fact_to_plain(fact: Fact) -> Json:
    """Return one value so that it can be told again from text."""
    return {"day": fact.isoformat()} if isinstance(fact, date) else fact


def fact_from_plain(plain: str | int | Mapping[str, str]) -> Fact:
    """Return the value that `fact_to_plain` wrote."""
    return plain if isinstance(plain, str | int) else date.fromisoformat(plain["day"])


def stated_to_plain(stated: Stated) -> Json:
    """Return what is stated of an attribute so that it can be told again from text."""
    return list(stated) if isinstance(stated, tuple) else fact_to_plain(stated)


def stated_from_plain(plain: str | int | Mapping[str, str] | list[str]) -> Stated:
    """Return what `stated_to_plain` wrote."""
    return tuple(plain) if isinstance(plain, list) else fact_from_plain(plain)


def write_fact(fact: Fact) -> str:
    """Return one value as canonical JSON text."""
    return canonical_json(fact_to_plain(fact)).decode()


def read_fact(text: str) -> Fact:
    """Return the value that `write_fact` wrote."""
    return fact_from_plain(json.loads(text))


def write_attributes(attributes: Mapping[str, Stated]) -> str:
    """Return attributes as canonical JSON text."""
    plain = {name: stated_to_plain(stated) for name, stated in attributes.items()}
    return canonical_json(plain).decode()


def read_attributes(text: str) -> Mapping[str, Stated]:
    """Return the attributes that `write_attributes` wrote."""
    if text == "{}":
        return {}
    return {name: stated_from_plain(plain) for name, plain in json.loads(text).items()}
