"""What an asker wants beside the rules, and how it is kept with an audit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.model.certificate import Certificate, CertificatePart
from app.core.model.wish import NOTHING_WANTED, Wanted, Wish
from app.interop.audit_json import certificate_to_plain
from app.interop.certificate_json import read_certificate
from app.services.canonical import Json
from app.services.errors import UnknownAuditError
from app.services.ports import Unit


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where achievements shall count, and the stored audit whose placement shall stay."""

    places: tuple[Wish, ...] = ()
    stay_with: str | None = None


NO_WISHES = Wishes()


def wanted_of(unit: Unit, learner: str, wishes: Wishes) -> Wanted:
    """Return what is wanted; UnknownAuditError where the learner has no such earlier audit."""
    if wishes == NO_WISHES:
        return NOTHING_WANTED
    return Wanted(wishes.places, _placement(unit, learner, wishes.stay_with))


def _placement(unit: Unit, learner: str, audit: str | None) -> Certificate | None:
    """The placements of a stored audit: of its certificate no more is needed."""
    if audit is None:
        return None
    stored = unit.audits.get(audit)
    if stored is None or stored.learner != learner:
        raise UnknownAuditError(audit)
    return placements_in(read_certificate(json.loads(stored.outputs[0].output)["certificate"]))


def placements_in(certificate: Certificate) -> Certificate:
    """Return a certificate with nothing but its placements."""
    parts = certificate.parts
    return Certificate(
        tuple(CertificatePart(one.answer, (), one.placements, "none") for one in parts)
    )


def wanted_to_plain(wanted: Wanted) -> dict[str, Json]:
    """Return what is wanted as plain values; nothing where nothing is."""
    plain: dict[str, Json] = {}
    if wanted.wishes:
        plain["wishes"] = [one._asdict() for one in wanted.wishes]
    if wanted.earlier is not None:
        plain["earlier"] = certificate_to_plain(wanted.earlier)
    return plain


def wanted_from_plain(plain: Mapping[str, Any]) -> Wanted:
    """Return what was wanted of an audit, by its inputs."""
    if "wishes" not in plain and "earlier" not in plain:
        return NOTHING_WANTED
    wishes = tuple(Wish(**one) for one in plain.get("wishes", ()))
    earlier = read_certificate(plain["earlier"]) if "earlier" in plain else None
    return Wanted(wishes, earlier)
