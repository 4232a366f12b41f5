"""Credentials as published, and who issues them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NewType, TypeAlias

from app.core.model.credits import Credits
from app.core.model.level import Level

CredentialId = NewType("CredentialId", str)
IssuerId = NewType("IssuerId", str)

Relation = Literal["additional", "alternate", "complementary", "component"]
"""How it stands to formal awards: beside one, instead of one, rounding one off, part of one."""

Size = Literal["micro", "mini", "meso", "macro"]
Fact = str | int | bool | date
"""One value of a declared attribute: text, whole number, flag or date."""
Stated: TypeAlias = Fact | tuple[str, ...]
"""What is stated of an attribute: one value, or several texts."""


def each_of(stated: Stated | None) -> tuple[Fact, ...]:
    """Return the values of an attribute one by one; nothing stated is none."""
    if isinstance(stated, tuple):
        return stated
    return () if stated is None else (stated,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A body that awards credentials; `country` is its ISO 3166 code."""

    id: IssuerId
    title: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Any certified learning, from a badge to a degree, as its issuer publishes it."""

    id: CredentialId
    title: str
    issuer: IssuerId
    type: str = "micro-credential"
    credits: Credits = Credits(0)
    unit: str = ""
    level: Level | None = None
    relation: Relation | None = None
    size: Size | None = None
    fields: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    assessment: str = ""
    quality_assurance: str = ""
    workload: str = ""
    participation: str = ""
    mode: str = ""
    language: str = ""
    prerequisites: tuple[CredentialId, ...] = ()
    equivalents: tuple[CredentialId, ...] = ()
    attributes: Mapping[str, Stated] = field(default_factory=dict)
    retired: date | None = None


# Council Recommendation of 16 June 2022 on micro-credentials (2022/C 243/02), Annex I.
MANDATORY_ELEMENTS = (
    "learner",
    "title",
    "country",
    "awarding-body",
    "date-of-issuing",
    "learning-outcomes",
    "workload",
    "level",
    "assessment",
    "participation",
    "quality-assurance",
)


def elements_present(
    credential: Credential, issuer: Issuer | None, *, issued: bool
) -> tuple[str, ...]:
    """Return which of the eleven elements are there; two come only with issue to a learner."""
    present = {
        "learner": issued,
        "title": bool(credential.title),
        "country": bool(issuer and issuer.country),
        "awarding-body": bool(issuer and issuer.title),
        "date-of-issuing": issued,
        "learning-outcomes": bool(credential.outcomes),
        "workload": bool(credential.workload or credential.credits),
        "level": credential.level is not None,
        "assessment": bool(credential.assessment),
        "participation": bool(credential.participation),
        "quality-assurance": bool(credential.quality_assurance),
    }
    return tuple(name for name in MANDATORY_ELEMENTS if present[name])
