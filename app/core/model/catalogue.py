"""A catalogue: credentials with the scales, tables and policies that judge them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.core.model.credential import Credential, CredentialId, Issuer, IssuerId
from app.core.model.credits import ConversionPolicy
from app.core.model.grade import GradeScale
from app.core.model.level import LevelTable

AttributeType = Literal["text", "number", "flag", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What an audit may look up; `attributes` are the declared ones, by name."""

    credentials: Mapping[CredentialId, Credential] = field(default_factory=dict)
    issuers: Mapping[IssuerId, Issuer] = field(default_factory=dict)
    scales: Mapping[str, GradeScale] = field(default_factory=dict)
    conversions: Mapping[str, ConversionPolicy] = field(default_factory=dict)
    levels: LevelTable = field(default_factory=dict)
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)
