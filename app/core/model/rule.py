"""Rule editions: one award's stacking rule, as published for a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.period import Period
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Measure,
    Pair,
    Qualifiers,
    Requirement,
    Share,
)
from app.core.model.source import NOWHERE, SourceSpan

# Every named option and its answers; there is no default, an institution or a rule states them.
POLICIES: Mapping[str, tuple[str, ...]] = {
    "retakes": ("best", "last", "first", "each"),
    "caps": ("whole", "trim"),
    "level": ("at", "at-least"),
    "edition": ("admission", "first-credit", "audit"),
    "double_count": ("none", "free"),
    "late_lower_award": ("refuse", "grant"),
}
# Options whose answer is the name of something the catalogue defines.
NAMED_POLICIES = ("conversion", "grade_scale")

AwardEffect = Literal["keep", "supersede", "surrender", "bar", "open"]


@dataclass(frozen=True, slots=True)
class Reference:
    """The regulation a rule rests on."""

    title: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWith:
    """How much may count in this award and in `award` too: all of it, or up to an amount."""

    award: CredentialId
    measure: Measure = "credits"
    amount: int | Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Sharing with other awards; `awards` is how many one achievement may count in at most."""

    shared_with: tuple[SharedWith, ...] = ()
    awards: int | None = None
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Credentials that overlap; of these at most `at_most` count."""

    id: str
    credentials: tuple[CredentialId, ...]
    at_most: int = 1
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAward:
    """What conferring this award does to a lower one that is held, or that it opens another."""

    award: CredentialId
    effect: AwardEffect
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition of its own that opens something, such as the thesis."""

    id: str
    title: str
    require: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEdition:
    """What must be held to be given `award`, by this edition; immutable once published.

    `blocks` are the shared requirements as written; the tree has them filled in.
    """

    award: CredentialId
    title: str
    edition: str
    effective: Period
    total: Credits
    unit: str
    root: Requirement
    whole: Qualifiers = NO_QUALIFIERS
    framework: str = ""
    reference: Reference = Reference("")
    replaces: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)
    sharing: Sharing | None = None
    excludes: tuple[Exclusion, ...] = ()
    pairs: tuple[Pair, ...] = ()
    on_award: tuple[OnAward, ...] = ()
    admission: Requirement | None = None
    gates: tuple[Gate, ...] = ()
    blocks: Mapping[str, object] = field(default_factory=dict)
    span: SourceSpan = NOWHERE

    @property
    def lower(self) -> tuple[CredentialId, ...]:
        """The awards below this one that conferring it does something to."""
        return tuple(one.award for one in self.on_award if one.effect != "open")
