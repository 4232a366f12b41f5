"""Attribute values as JSON: text, whole numbers and flags as they are, a date as `{"day": …}`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from app.core.model.credential import Fact
from app.services.canonical import Json, canonical_json


def fact_to_plain(fact: Fact) -> Json:
    """Return one value so that it can be told again from text."""
    return {"day": fact.isoformat()} if isinstance(fact, date) else fact


def fact_from_plain(plain: str | int | Mapping[str, str]) -> Fact:
    """Return the value that `fact_to_plain` wrote."""
    return plain if isinstance(plain, str | int) else date.fromisoformat(plain["day"])


def write_fact(fact: Fact) -> str:
    """Return one value as canonical JSON text."""
    return canonical_json(fact_to_plain(fact)).decode()


def read_fact(text: str) -> Fact:
    """Return the value that `write_fact` wrote."""
    return fact_from_plain(json.loads(text))


def write_facts(facts: Mapping[str, Fact]) -> str:
    """Return attributes as canonical JSON text."""
    return canonical_json({name: fact_to_plain(fact) for name, fact in facts.items()}).decode()


def read_facts(text: str) -> Mapping[str, Fact]:
    """Return the attributes that `write_facts` wrote."""
    if text == "{}":
        return {}
    return {name: fact_from_plain(plain) for name, plain in json.loads(text).items()}
