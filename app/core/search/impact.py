"""What a change of a rule does to a learner: two decisions of one record compared, and counted.

A decision and its placement are enough here; an audit with its words costs several times as much
and is made for one learner at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple, TypeAlias, get_args

from app.core.engine.aims import aimed
from app.core.engine.certify import certify, part_of
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide, settle
from app.core.explain.audits import audit_record
from app.core.explain.difference import Difference, difference
from app.core.model.audit import Audit
from app.core.model.credits import NOUGHT, Credits
from app.core.model.errors import AuditError
from app.core.model.record import AchievementId, LearnerRecord
from app.core.model.wish import Wanted

Change = Literal[
    "completed",
    "no-longer-complete",
    "in-sight",
    "out-of-sight",
    "nearer",
    "farther",
    "moved",
    "not-audited",
]
CHANGES: tuple[Change, ...] = get_args(Change)
UNCHANGED = "unchanged"
Places: TypeAlias = Mapping[AchievementId, tuple[str, ...]]
"""The requirements that an achievement counts toward by what is earned, sorted."""


class Judged(NamedTuple):
    """How a record stands by one edition: by what is earned, and `planned` with all else too."""

    met: bool
    reached: Credits
    of: Credits
    planned: bool
    proven: bool
    places: Places

    @property
    def missing(self) -> Credits:
        """The credits that lie between the record and the award."""
        return NOUGHT if self.met else Credits(self.of - self.reached)


class Refusal(NamedTuple):
    """Why a record cannot be judged by an edition; `code` is stable."""

    code: str
    text: str


class Impact(NamedTuple):
    """How one record stands by both editions, what that changes, and what counts elsewhere."""

    before: Judged | Refusal
    after: Judged | Refusal
    changes: tuple[Change, ...]
    moved: tuple[AchievementId, ...] = ()


def impact_on(old: CompiledAward, new: CompiledAward, record: LearnerRecord, as_of: date) -> Impact:
    """Judge a record by two editions of an award; what need not move stays where it was."""
    shown, found = _decided(old, record, as_of), _decided(new, record, as_of)
    if isinstance(shown, Refusal) or isinstance(found, Refusal):
        return impact_of(
            *(one if isinstance(one, Refusal) else _told(one) for one in (shown, found))
        )
    before, after = _told(shown), _told(found)
    if before.places != after.places:
        # Of equally good placements the one nearest to what was shown: only what must move moves.
        wanted = Wanted(earlier=certify(shown))
        after = _told(_staying(found, wanted) or decide([new], record, as_of, wanted))
    return impact_of(before, after)


def impact_in_full(
    old: CompiledAward, new: CompiledAward, record: LearnerRecord, as_of: date
) -> tuple[Audit, Audit, Difference]:
    """Audit a record by two editions of an award, and tell the difference; AuditError."""
    (before,) = audit_record([old], record, as_of)
    (after,) = audit_record([new], record, as_of, wanted=Wanted(earlier=before.certificate))
    return before, after, difference(before, after)


def impact_of(before: Judged | Refusal, after: Judged | Refusal) -> Impact:
    """Compare how one record stands by two editions; what cannot be judged is not compared."""
    if isinstance(before, Refusal) or isinstance(after, Refusal):
        return Impact(before, after, ("not-audited",))
    moved = tuple(
        name
        for name in sorted({*before.places, *after.places})
        if before.places.get(name) != after.places.get(name)
    )
    found: Mapping[Change, bool] = {
        "completed": after.met and not before.met,
        "no-longer-complete": before.met and not after.met,
        "in-sight": after.planned and not before.planned,
        "out-of-sight": before.planned and not after.planned,
        "nearer": after.missing < before.missing,
        "farther": after.missing > before.missing,
        "moved": bool(moved),
    }
    return Impact(before, after, tuple(name for name, so in found.items() if so), moved)


def count_changes(impacts: Iterable[Impact]) -> Counter[str]:
    """Count learners, each change, who stands complete before and after, and what is unproven."""
    found: Counter[str] = Counter()
    for one in impacts:
        found.update(["learners", *(one.changes or (UNCHANGED,))])
        if isinstance(one.before, Judged) and isinstance(one.after, Judged):
            found["complete_before"] += one.before.met
            found["complete_after"] += one.after.met
            found["unproven"] += not (one.before.proven and one.after.proven)
    return found


def _decided(award: CompiledAward, record: LearnerRecord, as_of: date) -> Verdict | Refusal:
    try:
        return decide([award], record, as_of)
    except AuditError as refused:
        return Refusal(refused.code, str(refused))


def _staying(found: Verdict, wanted: Wanted) -> Verdict | None:
    """Return a verdict whose first answer, the one that tells places, heeds what is wanted.

    A wish changes nothing of what is told of the others, unless they are not proven: then None.
    """
    if not (found.projected.proven and found.planned.proven):
        return None
    problem = aimed(found.pool, found.now.problem, "now", wanted)
    return replace(found, now=settle(problem, "now"))


def _told(found: Verdict) -> Judged:
    earned = part_of(found.now)
    (claim,) = earned.claims
    places: dict[AchievementId, tuple[str, ...]] = {}
    for one in sorted(earned.placements):
        places[one.achievement] = (*places.get(one.achievement, ()), one.requirement)
    return Judged(
        met=claim.met,
        reached=claim.reached,
        of=claim.of,
        planned=found.planned.standings[0].met,
        proven=all(answer.proven for answer in found.answers),
        places=places,
    )
