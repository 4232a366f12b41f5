"""Catalogue files and policy files: credentials, issuers, scales, conversions, levels, options."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, get_args

from app.core.language.credentials import (
    CREDENTIAL,
    REFERRING,
    REQUIRED,
    credential_of,
    declared,
)
from app.core.language.diagnostics import (
    Diagnostic,
    Place,
    beyond,
    did_you_mean,
    is_error,
    listed,
    shorten,
)
from app.core.language.elsewhere import POLICIES as ELSEWHERE
from app.core.language.form_selectors import RESERVED, SelectorForm
from app.core.language.form_values import AMOUNT_REMEDY
from app.core.language.reader import Document, read_yaml
from app.core.language.values import (
    Nearest,
    Readers,
    Value,
    Values,
    amount,
    any_name,
    flag,
    identifier,
    one_of,
    shown,
    text,
    whole,
)
from app.core.model.catalogue import AttributeType, Catalogue
from app.core.model.credential import Credential, Issuer, IssuerId
from app.core.model.credits import ConversionPolicy, Rounding
from app.core.model.grade import Grade, GradeScale
from app.core.model.level import Level, LevelTable
from app.core.model.rule import NAMED_POLICIES, POLICIES

LARGEST_CATALOGUE = 16 * 1024 * 1024
# Some 40,000 credentials; as many values take half a minute and half a gigabyte to read.
MOST_VALUES = 1_000_000
RATE = re.compile(r"[0-9]{1,6}([./][0-9]{1,6})?")
# What selectors read otherwise could not be asked for as an attribute.
SELECTING = RESERVED | {field.alias or name for name, field in SelectorForm.model_fields.items()}


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """What a catalogue file holds; there is no catalogue where anything in it is an error."""

    institution: str
    title: str
    catalogue: Catalogue | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class PoliciesFile:
    """An institution's answers to named options."""

    policies: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def read_catalogue(source: bytes, file: str) -> CatalogueFile:
    """Return the catalogue of a file, with all that is wrong in it."""
    document, found = read_yaml(source, file, largest=LARGEST_CATALOGUE, most=MOST_VALUES)
    if document is None:
        return CatalogueFile("", "", None, listed(found))
    values = Values(document.spans)
    taken = values.take(document.value, (), CATALOGUE, "a catalogue", ("institution", "title"))
    catalogue = _catalogue(values, document, taken)
    everything = beyond(found, values.found.sorted())
    whole_file = not any(map(is_error, everything))
    return CatalogueFile(
        taken.get("institution", ""),
        taken.get("title", ""),
        catalogue if whole_file else None,
        listed(everything),
    )


def read_policies(source: bytes, file: str) -> PoliciesFile:
    """Return the policies of a file, with all that is wrong in it."""
    document, found = read_yaml(source, file)
    if document is None:
        return PoliciesFile({}, listed(found))
    values = Values(document.spans)
    taken = values.take(document.value, (), {"policies": policies}, "a policy file", ("policies",))
    return PoliciesFile(taken.get("policies", {}), listed(beyond(found, values.found.sorted())))


def policies(values: Values, value: Value, place: Place) -> dict[str, str]:
    """Read named options and their answers."""
    readers: Readers = {
        **{name: one_of(*answers) for name, answers in POLICIES.items()},
        **dict.fromkeys(NAMED_POLICIES, any_name),
    }
    given = value
    if isinstance(value, dict):
        for name in ELSEWHERE.keys() & value.keys():
            at, message = (*place, name), f"`{name}` is no policy: each rule says it in its place"
            values.refuse("CN0201", at, message, ELSEWHERE[name])
        given = {name: answer for name, answer in value.items() if name not in ELSEWHERE}
    return values.take(given, place, readers, "the policies")


def _catalogue(values: Values, document: Document, taken: Mapping[str, Any]) -> Catalogue:
    attributes = taken.get("attributes", {})
    issuers = taken.get("issuers", {})
    # Read last, because a credential may state any attribute that the file declares.
    given = document.value.get("credentials", []) if isinstance(document.value, dict) else []
    credentials = _credentials(values, given, attributes, taken.get("institution", ""))
    _check_references(values, credentials, issuers)
    return Catalogue(
        credentials={one.id: one for _, one in credentials},
        issuers=issuers,
        scales={one.name: one for one in taken.get("grades", ())},
        conversions={one.name: one for one in taken.get("conversions", ())},
        levels=taken.get("levels", {}),
        attributes=attributes,
    )


def _credentials(
    values: Values, given: Value, attributes: Mapping[str, AttributeType], institution: str
) -> list[tuple[Place, Credential]]:
    readers = {**CREDENTIAL, **declared(attributes)}
    seen: set[str] = set()
    found: list[tuple[Place, Credential]] = []
    for place, one in values.placed(given, ("credentials",)):
        taken = values.take(one, place, readers, "a credential", REQUIRED)
        if not set(REQUIRED) <= set(taken):
            continue
        if taken["id"] in seen:
            message = f"the credential `{taken['id']}` stands twice"
            values.refuse("CN0801", (*place, "id"), message, "keep one")
        if institution and not taken["id"].startswith(f"{institution}/"):
            message = f"the id `{taken['id']}` does not begin with `{institution}/`"
            remedy = f"write `{institution}/{taken['id'].rpartition('/')[2]}`"
            values.refuse("CN0806", (*place, "id"), message, remedy)
        seen.add(taken["id"])
        found.append((place, credential_of(taken, attributes)))
    return found


def _check_references(
    values: Values,
    credentials: Sequence[tuple[Place, Credential]],
    issuers: Mapping[IssuerId, Issuer],
) -> None:
    known = {one.id for _, one in credentials}
    nearest, nearest_issuer = Nearest(known), Nearest(issuers)
    for place, one in credentials:
        if one.issuer not in issuers:
            message = f"the file lists no issuer `{shorten(one.issuer)}`"
            remedy = nearest_issuer.remedy(one.issuer, "add it under `issuers`")
            values.refuse("CN0802", (*place, "issuer"), message, remedy)
        named = [(key, name) for key in REFERRING for name in getattr(one, key)]
        for key, name in named:
            # What another institution lists is looked for when the packs are together.
            own = name.partition("/")[0] == one.id.partition("/")[0]
            if own and name not in known:
                message = f"the file lists no credential `{shorten(name)}`"
                remedy = nearest.remedy(name, "add it under `credentials`")
                values.refuse("CN0802", (*place, key), message, remedy)


def _issuers(values: Values, value: Value, place: Place) -> dict[IssuerId, Issuer]:
    readers: Readers = {"id": identifier, "title": text, "country": text}
    found: dict[IssuerId, Issuer] = {}
    for at, one in values.placed(value, place):
        taken = values.take(one, at, readers, "an issuer", ("id", "title"))
        if taken.get("id") in found:
            values.refuse("CN0801", at, f"the issuer `{taken['id']}` stands twice", "keep one")
        elif {"id", "title"} <= set(taken):
            found[taken["id"]] = Issuer(**taken)
    return found


def _attributes(values: Values, value: Value, place: Place) -> dict[str, str]:
    kind = one_of(*get_args(AttributeType))
    taken = {
        name: kind(values, own, (*place, name))
        for name, own in values.chosen(value, place, "the attributes").items()
    }
    for name in taken:
        if name in CREDENTIAL or name in SELECTING:
            whose = "every credential" if name in CREDENTIAL else "selectors"
            message = f"`{name}` is a key of {whose} already"
            values.refuse("CN0803", (*place, name), message, "choose another name")
    return {name: own for name, own in taken.items() if own is not None}


def _scales(values: Values, value: Value, place: Place) -> tuple[GradeScale, ...]:
    return tuple(
        _scale(values, name, own, (*place, name))
        for name, own in values.chosen(value, place, "the grade scales").items()
    )


def _points(values: Values, value: Value, place: Place) -> int | None:
    """Read grade points; null says that a grade has none."""
    read = None if value is None else amount(Values(), value, place)
    if read is None and value is not None:
        message = f"`{shown(value)}` is not a number of grade points"
        values.refuse("CN0207", place, message, AMOUNT_REMEDY)
    return read


GRADE: Readers = {"grade": any_name, "points": _points, "like": any_name, "passes": flag}


def _scale(values: Values, name: str, value: Value, place: Place) -> GradeScale:
    grades: dict[str, Grade] = {}
    rows = values.placed(value, place)
    for index, (at, row) in enumerate(rows):
        taken = values.take(row, at, GRADE, "a grade", ("grade",))
        symbol, like = taken.get("grade"), taken.get("like")
        if symbol is None:
            continue
        if symbol in grades:
            values.refuse("CN0801", at, f"the grade `{symbol}` stands twice", "keep one")
        if like is not None and like not in grades:
            message = f"`{symbol}` ranks like `{like}`, which does not stand above it"
            remedy = did_you_mean(like, grades) or "name a grade that stands above it"
            values.refuse("CN0804", (*at, "like"), message, remedy)
        rank = grades[like].rank if like in grades else len(rows) - index
        grades[symbol] = Grade(symbol, rank, taken.get("points"), taken.get("passes", True))
    return GradeScale(name, grades)


def _conversions(values: Values, value: Value, place: Place) -> tuple[ConversionPolicy, ...]:
    return tuple(
        _conversion(values, name, own, (*place, name))
        for name, own in values.chosen(value, place, "the conversions").items()
    )


def _conversion(values: Values, name: str, value: Value, place: Place) -> ConversionPolicy:
    readers: Readers = {
        "version": any_name,
        "rates": _rates,
        "rounding": one_of(*get_args(Rounding)),
    }
    taken = values.take(value, place, readers, "a conversion", ("version", "rates", "rounding"))
    return ConversionPolicy(
        name=name,
        version=taken.get("version", ""),
        rates=taken.get("rates", {}),
        rounding=taken.get("rounding", "down"),
    )


def _rates(values: Values, value: Value, place: Place) -> dict[tuple[str, str], Fraction]:
    readers: Readers = {"from": any_name, "to": any_name, "rate": _fraction}
    found: dict[tuple[str, str], Fraction] = {}
    for at, one in values.placed(value, place):
        taken = values.take(one, at, readers, "a rate", tuple(readers))
        pair = taken.get("from", ""), taken.get("to", "")
        if pair in found:
            message = f"the rate from `{pair[0]}` to `{pair[1]}` stands twice"
            values.refuse("CN0801", at, message, "keep one")
        elif len(taken) == len(readers):
            found[pair] = taken["rate"]
    return found


def _fraction(values: Values, value: Value, place: Place) -> Fraction | None:
    written = str(value) if type(value) is int or isinstance(value, str) else ""
    number = Fraction(written) if RATE.fullmatch(written) and not written.endswith("/0") else None
    if not number:
        message = f"`{shown(value)}` is not a rate above nought"
        remedy = 'write a whole number, or a quoted decimal or fraction such as "2.5" or "10/3"'
        values.refuse("CN0805", place, message, remedy)
    return number or None


def _levels(values: Values, value: Value, place: Place) -> LevelTable:
    """Read a table of levels that are the same.

    It holds both ways, but no way back where several steps of a framework are the same as one.
    """
    step: Readers = {"framework": any_name, "step": whole}
    readers: Readers = {
        **step,
        "same": lambda v, own, at: v.take(own, at, step, "a level", tuple(step)),
    }
    there: dict[tuple[str, int, str], int] = {}
    back: dict[tuple[str, int, str], set[int]] = {}
    for at, one in values.placed(value, place):
        taken = values.take(one, at, readers, "a pair of levels", tuple(readers))
        same = taken.get("same", {})
        if len(taken) < len(readers) or len(same) < len(step):
            continue
        own, other = (
            Level(taken["framework"], taken["step"]),
            Level(same["framework"], same["step"]),
        )
        if there.setdefault((own.framework, own.step, other.framework), other.step) != other.step:
            message = f"`{own}` stands twice, as different levels of `{other.framework}`"
            values.refuse("CN0801", at, message, "keep one")
        back.setdefault((other.framework, other.step, own.framework), set()).add(own.step)
    return {**{key: min(steps) for key, steps in back.items() if len(steps) == 1}, **there}


def _unread(values: Values, value: Value, place: Place) -> None:
    """Credentials are read once the attributes are known."""


CATALOGUE: Readers = {
    "institution": identifier,
    "title": text,
    "issuers": _issuers,
    "attributes": _attributes,
    "grades": _scales,
    "conversions": _conversions,
    "levels": _levels,
    "credentials": _unread,
}
