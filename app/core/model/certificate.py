"""Certificates: what a stranger needs to check a verdict again without the solver.

One part an answer (now, projected, planned). The placements show that the progress can be reached;
the bounds show that no more can be, where a short proof exists.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.record import AchievementId

AnswerName = Literal["now", "projected", "planned"]
Proof = Literal["bounds", "search", "none"]


class Placement(NamedTuple):
    """`achievement` counts toward `requirement` of `award` with `credits`, in the award's unit."""

    award: CredentialId
    requirement: str
    achievement: AchievementId
    credits: Credits


class SupplyBound(NamedTuple):
    """Together `requirements` of `award` cannot reach more than `limit` (in credits of progress).

    It holds because only `achievements` are eligible for any of them and `caps` (ids of caps and
    exclusions) let no more of these through, or because the demands are no larger.
    """

    award: CredentialId
    requirements: tuple[str, ...]
    limit: Credits
    achievements: tuple[AchievementId, ...]
    caps: tuple[str, ...] = ()


class AwardClaim(NamedTuple):
    """What is claimed of one award; `unmet` names the leaves and conditions not met."""

    award: CredentialId
    met: bool
    reached: Credits
    of: Credits
    unmet: tuple[str, ...]


class WishClaim(NamedTuple):
    """Whether `achievement` counts toward `requirement` of `award`, as was wished."""

    award: CredentialId
    requirement: str
    achievement: AchievementId
    honoured: bool


class ForcedPlace(NamedTuple):
    """`achievement` must count toward `requirement` of `award`: a limit beside those of rules."""

    award: CredentialId
    requirement: str
    achievement: AchievementId


class CertificatePart(NamedTuple):
    """One answer: its claims, the allocation that reaches them, and why none does better.

    With what is `forced` nothing does better that respects it.
    """

    answer: AnswerName
    claims: tuple[AwardClaim, ...]
    placements: tuple[Placement, ...]
    proof: Proof
    bounds: tuple[SupplyBound, ...] = ()
    wishes: tuple[WishClaim, ...] = ()
    forced: tuple[ForcedPlace, ...] = ()


class Certificate(NamedTuple):
    """The parts, in the order now, projected, planned; answers that are the same share one part."""

    parts: tuple[CertificatePart, ...]
