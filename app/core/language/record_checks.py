"""What a catalogue and a day show to be wrong with a record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from app.core.language.credentials import CREDENTIAL, REFERRING
from app.core.language.diagnostics import (
    Collector,
    Diagnostic,
    Place,
    did_you_mean,
    listed,
    shorten,
)
from app.core.language.values import Nearest
from app.core.model.catalogue import Catalogue, is_of
from app.core.model.credential import CredentialId, Stated
from app.core.model.record import LearnerRecord
from app.core.model.source import NOWHERE

Problem: TypeAlias = tuple[Place, str, str, str]
"""Where something is wrong, the code, what is wrong, and what would work."""


def check_record(
    record: LearnerRecord,
    catalogue: Catalogue,
    as_of: date,
    foreign: Collection[CredentialId] = (),
) -> tuple[Diagnostic, ...]:
    """Return what a catalogue and a day show to be wrong with a record.

    Credentials of other institutions are graded and sized by scales and units of these.
    """
    found = Collector()
    units = catalogue.once("units", lambda: _units(catalogue))
    for place, code, message, remedy in (
        *_wrong_credentials(record, catalogue, units),
        *_wrong_achievements(record, catalogue, as_of, units, foreign),
        *_wrong_beside(record, catalogue, as_of),
    ):
        found.error(code, message, NOWHERE, path=place, remedy=remedy)
    return listed(found.sorted())


def _units(catalogue: Catalogue) -> frozenset[str]:
    rates = (pair for policy in catalogue.conversions.values() for pair in policy.rates)
    own = {one.unit for one in catalogue.credentials.values()}
    return frozenset(own.union(*rates))


def _known(record: LearnerRecord, catalogue: Catalogue) -> Collection[CredentialId]:
    """What the catalogue lists or the record describes; a catalogue is not copied for nothing."""
    own = {one.id for one in record.credentials}
    return {*catalogue.credentials, *own} if own else catalogue.credentials


def _wrong_credentials(
    record: LearnerRecord, catalogue: Catalogue, units: Collection[str]
) -> Iterator[Problem]:
    """What a record describes: only what no catalogue lists, in the catalogue's own terms."""
    if not record.credentials:
        return
    known = _known(record, catalogue)
    institutions = {name.partition("/")[0] for name in catalogue.credentials}
    nearest = Nearest(known)
    for index, one in enumerate(record.credentials):
        place: Place = ("credentials", index)
        if one.id in catalogue.credentials:
            message = f"the catalogue lists `{shorten(one.id)}`, and what it says of it counts"
            remedy = "leave it out; what is the learner's own stands on the achievement"
            yield (*place, "id"), "CN0710", message, remedy
        yield from _wrong_unit(one.unit, units, place)
        yield from _undeclared(one.attributes, catalogue, place, CREDENTIAL)
        for key, name in ((each, name) for each in REFERRING for name in getattr(one, each)):
            # What lies beyond the catalogue cannot be looked for.
            if name not in known and name.partition("/")[0] in institutions:
                message = f"the catalogue has no credential `{shorten(name)}`"
                remedy = nearest.remedy(name, "name one that it lists, or describe it here too")
                yield (*place, key), "CN0703", message, remedy


def _wrong_achievements(
    record: LearnerRecord,
    catalogue: Catalogue,
    as_of: date,
    units: Collection[str],
    foreign: Collection[CredentialId],
) -> Iterator[Problem]:
    grades = {symbol for scale in catalogue.scales.values() for symbol in scale.grades}
    known = _known(record, catalogue)
    nearest = Nearest(known)
    for index, one in enumerate(record.achievements):
        place: Place = ("achievements", index)
        if one.credential not in known:
            message = f"the catalogue has no credential `{shorten(one.credential)}`"
            remedy = nearest.remedy(
                one.credential, "name one that it lists, or describe it under `credentials`"
            )
            yield (*place, "credential"), "CN0703", message, remedy
        for fact in ("started", "earned", "awarded"):
            on = getattr(one, fact)
            if on is not None and on > as_of and one.status not in {"in-progress", "planned"}:
                message = (
                    f"`{one.id}` is {one.status} with the day {on}, after the audit's day {as_of}"
                )
                remedy = "mark it planned or in progress, or ask for a later day"
                yield (*place, fact), "CN0704", message, remedy
        yield from _undeclared(one.attributes, catalogue, (*place, "attributes"))
        if one.credential in foreign:
            continue
        if one.grade and grades and one.grade not in grades:
            message = f"no grade scale knows the grade `{shorten(one.grade)}`"
            remedy = (
                did_you_mean(one.grade, grades) or f"the grades are {', '.join(sorted(grades))}"
            )
            yield (*place, "grade"), "CN0705", message, remedy
        yield from _wrong_unit(one.unit, units, place)


def _wrong_unit(unit: str, units: Collection[str], place: Place) -> Iterator[Problem]:
    if unit and unit not in units:
        message = f"the catalogue knows no unit of credit `{shorten(unit)}`"
        remedy = did_you_mean(unit, units) or f"the units are {', '.join(sorted(units))}"
        yield (*place, "unit"), "CN0706", message, remedy


def _wrong_beside(record: LearnerRecord, catalogue: Catalogue, as_of: date) -> Iterator[Problem]:
    for index, step in enumerate(record.milestones):
        if step.on > as_of:
            message = (
                f"the milestone `{step.name}` lies on {step.on}, after the audit's day {as_of}"
            )
            yield ("milestones", index), "CN0704", message, "leave it out, or ask for a later day"
    for index, said in enumerate(record.attestations):
        if said.on > as_of:
            message = f"the attestation of `{said.requirement}` lies after the audit's day {as_of}"
            yield ("attestations", index), "CN0704", message, "ask for a later day"
    yield from _undeclared(record.attributes, catalogue, ("attributes",))


def _undeclared(
    attributes: Mapping[str, Stated],
    catalogue: Catalogue,
    place: Place,
    beside: Collection[str] = (),
) -> Iterator[Problem]:
    """What the catalogue does not declare; `beside` are keys that may stand beside attributes."""
    for name, own in attributes.items():
        kind = catalogue.attributes.get(name)
        if kind is not None and not is_of(kind, own):
            message = f"`{shorten(name)}` is not the {kind} that the catalogue declares it to be"
            yield (*place, name), "CN0709", message, f"write a {kind}"
        elif kind is None:
            message = f"the catalogue declares no attribute `{shorten(name)}`"
            remedy = did_you_mean(name, {*catalogue.attributes, *beside})
            yield (*place, name), "CN0707", message, remedy or "leave it out, or have it declared"
