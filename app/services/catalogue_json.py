"""A catalogue as canonical JSON and back, exactly: audits are repeated from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, Issuer
from app.core.model.credits import ConversionPolicy
from app.core.model.grade import Grade, GradeScale
from app.core.model.level import Level, LevelTable
from app.services.canonical import Json, canonical_json
from app.services.facts import stated_from_plain, stated_to_plain

Plain = dict[str, Any]

WORDS = (
    *("id", "title", "issuer", "type", "credits", "unit", "relation", "size"),
    *("assessment", "quality_assurance", "workload", "participation", "mode", "language"),
)
LISTS = ("fields", "tags", "outcomes", "skills", "prerequisites", "equivalents")
TABLES = ("scales", "conversions", "levels", "attributes")


def credential_to_plain(credential: Credential) -> Plain:
    """Return a credential as plain values; what says nothing is left out."""
    plain: Plain = {name: getattr(credential, name) for name in WORDS}
    plain |= {name: list(getattr(credential, name)) for name in LISTS}
    plain["level"] = credential.level and [credential.level.framework, credential.level.step]
    plain["retired"] = credential.retired and credential.retired.isoformat()
    plain["attributes"] = {
        name: stated_to_plain(stated) for name, stated in credential.attributes.items()
    }
    return {name: value for name, value in plain.items() if value}


def credential_from_plain(plain: Plain) -> Credential:
    """Return the credential that `credential_to_plain` wrote."""
    found: Plain = {name: plain[name] for name in WORDS if name in plain}
    found |= {name: tuple(plain[name]) for name in LISTS if name in plain}
    found.setdefault("type", "")
    if "level" in plain:
        found["level"] = Level(*plain["level"])
    if "retired" in plain:
        found["retired"] = date.fromisoformat(plain["retired"])
    if "attributes" in plain:
        found["attributes"] = {
            name: stated_from_plain(stated) for name, stated in plain["attributes"].items()
        }
    return Credential(**{"title": "", "issuer": "", **found})


def tables_to_plain(catalogue: Catalogue) -> dict[str, Json]:
    """Return the scales, conversions, levels and attributes as plain values, by kind."""
    return {
        "scales": {name: _scale(scale) for name, scale in catalogue.scales.items()},
        "conversions": {name: _conversion(one) for name, one in catalogue.conversions.items()},
        "levels": [[*key, step] for key, step in sorted(catalogue.levels.items())],
        "attributes": dict(catalogue.attributes),
    }


def tables_from_plain(plain: Mapping[str, Any]) -> Catalogue:
    """Return a catalogue of these tables alone; a table that is not there is empty."""
    return Catalogue(
        scales={name: _read_scale(name, one) for name, one in plain.get("scales", {}).items()},
        conversions={
            name: _read_conversion(name, one) for name, one in plain.get("conversions", {}).items()
        },
        levels=_read_levels(plain.get("levels", [])),
        attributes=plain.get("attributes", {}),
    )


def write_catalogue(catalogue: Catalogue) -> bytes:
    """Return the whole catalogue as canonical JSON."""
    return canonical_json(
        {
            **tables_to_plain(catalogue),
            "credentials": [
                credential_to_plain(one)
                for one in sorted(catalogue.credentials.values(), key=lambda one: one.id)
            ],
            "issuers": [
                {"id": one.id, "title": one.title, "country": one.country}
                for one in sorted(catalogue.issuers.values(), key=lambda one: one.id)
            ],
        }
    )


def read_catalogue(content: bytes) -> Catalogue:
    """Return the catalogue that `write_catalogue` wrote."""
    plain = json.loads(content)
    tables = tables_from_plain(plain)
    credentials = map(credential_from_plain, plain["credentials"])
    issuers = [Issuer(**one) for one in plain["issuers"]]
    return Catalogue(
        credentials={one.id: one for one in credentials},
        issuers={one.id: one for one in issuers},
        scales=tables.scales,
        conversions=tables.conversions,
        levels=tables.levels,
        attributes=tables.attributes,
    )


def _scale(scale: GradeScale) -> Json:
    return [[one.symbol, one.rank, one.points, one.passes] for one in scale.grades.values()]


def _read_scale(name: str, rows: list[Any]) -> GradeScale:
    return GradeScale(name, {row[0]: Grade(*row) for row in rows})


def _conversion(policy: ConversionPolicy) -> Json:
    return {
        "version": policy.version,
        "rounding": policy.rounding,
        "rates": [[*units, str(rate)] for units, rate in sorted(policy.rates.items())],
    }


def _read_conversion(name: str, plain: Plain) -> ConversionPolicy:
    rates = {(unit, into): Fraction(rate) for unit, into, rate in plain["rates"]}
    return ConversionPolicy(
        name=name, version=plain["version"], rates=rates, rounding=plain["rounding"]
    )


def _read_levels(rows: list[Any]) -> LevelTable:
    return {(framework, step, other): same for framework, step, other, same in rows}
