"""Audits read back for their certificates: the shape that `audit_json` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
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
    ForcedPlace,
    Placement,
    SupplyBound,
    WishClaim,
)
from app.core.model.errors import InvariantError


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


def read_certificate(value: Value) -> Certificate:
    """Return the certificate that `audit_json` wrote."""
    values = Values()
    found: Certificate | None = CERTIFICATE(values, value, ())
    if found is None or values.found.sorted():
        msg = f"a certificate that was kept cannot be read: {values.found.sorted()[:1]}"
        raise InvariantError(msg)
    return found


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


def _made(
    kind: Any,  # noqa: ANN401 -- a class
    readers: Readers,
    what: str,
    more: Readers = MappingProxyType({}),
) -> Reader[Any]:
    """A reader of one `kind`; what is of `more` may be left out."""

    def read(values: Values, value: Value, place: Place) -> Any:  # noqa: ANN401 -- one of it
        taken = values.take(value, place, {**readers, **more}, what, readers)
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
WISH = _made(
    WishClaim,
    {"award": identifier, "requirement": text, "achievement": any_name, "honoured": flag},
    "a wish",
)
FORCED = _made(
    ForcedPlace,
    {"award": identifier, "requirement": text, "achievement": any_name},
    "a forced place",
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
    {"wishes": several(WISH), "forced": several(FORCED)},
)
CERTIFICATE = _made(Certificate, {"parts": several(PART)}, "a certificate")
AUDIT: Readers = {
    "award": identifier,
    "edition": any_name,
    "as_of": day,
    "policies": _names,
    "met": flag,
    "certificate": CERTIFICATE,
}
