"""A catalogue: credentials with the scales, tables and policies that judge them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, TypeVar

from app.core.model.credential import Credential, CredentialId, Issuer, IssuerId, Stated
from app.core.model.credits import ConversionPolicy
from app.core.model.grade import GradeScale
from app.core.model.level import LevelTable

AttributeType = Literal["text", "number", "flag", "date"]
Made = TypeVar("Made")
# So many things that were made of a catalogue are kept with it.
MOST_KEPT = 16
TYPES: Mapping[AttributeType, type] = {"text": str, "number": int, "flag": bool, "date": date}


def is_of(kind: AttributeType, stated: Stated) -> bool:
    """Say whether an attribute of a kind may be so stated; only texts may be several."""
    return kind == "text" if isinstance(stated, tuple) else type(stated) is TYPES[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What an audit may look up; `attributes` are the declared ones, by name."""

    credentials: Mapping[CredentialId, Credential] = field(default_factory=dict)
    issuers: Mapping[IssuerId, Issuer] = field(default_factory=dict)
    scales: Mapping[str, GradeScale] = field(default_factory=dict)
    conversions: Mapping[str, ConversionPolicy] = field(default_factory=dict)
    levels: LevelTable = field(default_factory=dict)
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)
    kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def beside(self, several: Iterable[Credential]) -> Catalogue:
        """Return the catalogue with some credentials that it lacks; itself where there are none."""
        added = {one.id: one for one in several}
        return replace(self, credentials={**self.credentials, **added}) if added else self

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of the catalogue alone: made once, and kept as long as it is."""
        found: Made | None = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            # Threads may race here; both make the same.
            found = self.kept[key] = make()
        return found
