"""Audits read back for their certificates: the shape that `audit_json` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.language.diagnostics import Diagnostic, Place, listed
from app.core.language.values import (
    Reader,
    Readers,
    Value,
    Values,
    amount,
    any_name,
    day,
    flag,
    identifier,
    one_of,
    several,
    text,
)
from app.core.model.certificate import (
    AwardClaim,
    Certificate,
    CertificatePart,
    Placement,
    SupplyBound,
)


@dataclass(frozen=True, slots=True)
class ClaimedAudit:
    """What an audit says of itself: by which rule, on which day, with which result and proof."""

    award: str
    edition: str
    as_of: date
    policies: Mapping[str, str]
    met: bool
    certificate: Certificate


def read_claims(
    value: Value,
) -> tuple[tuple[ClaimedAudit, ...], tuple[Diagnostic, ...]]:
    """Return the audits of a decoded file, one or several under `audits`, or what is wrong."""
    values = Values()
    several_ = value.get("audits") if isinstance(value, dict) else None
    place: Place = ("audits",) if several_ is not None else ()
    claims = [
        _claimed(values, one, at)
        for at, one in values.placed(several_ if several_ is not None else value, place)
    ]
    found = values.found.sorted()
    return (() if found else tuple(one for one in claims if one), listed(found))


def _claimed(values: Values, value: Value, place: Place) -> ClaimedAudit | None:
    known = values.mapping(value, place, "an audit")
    # An audit says much more than its certificate is about.
    own = {key: known[key] for key in AUDIT if key in known}
    taken = values.take(own, place, AUDIT, "an audit", AUDIT)
    return ClaimedAudit(**taken) if AUDIT.keys() <= taken.keys() else None


def _names(values: Values, value: Value, place: Place) -> dict[str, str]:
    chosen = values.chosen(value, place, "policies").items()
    read = {key: any_name(values, own, (*place, key)) for key, own in chosen}
    return {key: own for key, own in read.items() if own is not None}


def _made(kind: Any, readers: Readers, what: str) -> Reader[Any]:  # noqa: ANN401 -- a class
    def read(values: Values, value: Value, place: Place) -> Any:  # noqa: ANN401 -- one of it
        taken = values.take(value, place, readers, what, readers)
        return kind(**taken) if readers.keys() <= taken.keys() else None

    return read


PLACEMENT = _made(
    Placement,
    {"award": identifier, "requirement": text, "achievement": any_name, "credits": amount},
    "a placement",
)
BOUND = _made(
    SupplyBound,
    {
        "award": identifier,
        "requirements": several(text),
        "limit": amount,
        "achievements": several(any_name),
        "caps": several(text),
    },
    "a bound",
)
CLAIM = _made(
    AwardClaim,
    {"award": identifier, "met": flag, "reached": amount, "of": amount, "unmet": several(text)},
    "a claim",
)
PART = _made(
    CertificatePart,
    {
        "answer": one_of("now", "projected", "planned"),
        "proof": one_of("bounds", "search", "none"),
        "claims": several(CLAIM),
        "placements": several(PLACEMENT),
        "bounds": several(BOUND),
    },
    "a part",
)
AUDIT: Readers = {
    "award": identifier,
    "edition": any_name,
    "as_of": day,
    "policies": _names,
    "met": flag,
    "certificate": _made(Certificate, {"parts": several(PART)}, "a certificate"),
}
