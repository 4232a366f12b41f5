"""What a search may choose from: credentials of the catalogue, as if they were earned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.core.engine.compiled import CompiledAward
from app.core.engine.listing import places_of
from app.core.model.credential import CredentialId
from app.core.model.grade import GradeScale
from app.core.model.record import (
    Achievement,
    AchievementId,
    LearnerId,
    LearnerRecord,
)

# Who has achieved nothing, and of whom nothing is known.
NOBODY = LearnerRecord(learner=LearnerId("nobody"))


def offers_of(award: CompiledAward) -> frozenset[CredentialId]:
    """Return the credentials, not retired, that an award may count, or its whole record needs.

    Nobody is sent to a course because it might turn out to have what the catalogue does not say.
    """
    listing = award.listing
    found = _counting(award, stated=True) & listing.offered & ~listing.unconverted
    return frozenset([listing.names[at] for at in places_of(found)])


def unconverted(award: CompiledAward) -> tuple[CredentialId, ...]:
    """Return what is not offered because nothing brings its credits to the award's unit."""
    listing = award.listing
    found = _counting(award, stated=True) & listing.offered & listing.unconverted
    return tuple([listing.names[at] for at in places_of(found)])


def undescribed(award: CompiledAward) -> tuple[CredentialId, ...]:
    """Return what is not offered because the catalogue does not state what the rule asks of it."""
    listing = award.listing
    found = _counting(award, stated=False) & ~_counting(award, stated=True)
    return tuple([listing.names[at] for at in places_of(found & listing.offered)])


def _counting(award: CompiledAward, *, stated: bool) -> int:
    """What an award may count, or its whole record needs; with all `stated`, or more to come."""
    found = 0

    def may(selector: int) -> int:
        return award.admitted(selector, stated=stated).may

    for place, selector in enumerate(award.slot_selectors):
        own = may(selector)
        for each in award.eaches:
            if each.mask >> place & 1:
                own &= ~(may(each.selector) & ~may(each.must))
        found |= own
    for condition in award.conditions:
        if condition.over_record and condition.amount:
            found |= may(condition.selector)
    return found


def one_scale(awards: Sequence[CompiledAward]) -> GradeScale | None:
    """Return the scale that all awards are on; None where there is none, or more than one."""
    scales = {award.terms.scale.name: award.terms.scale for award in awards if award.terms.scale}
    return next(iter(scales.values())) if len(scales) == 1 else None


def best_grade(awards: Sequence[CompiledAward]) -> str:
    """Return the best grade, where all awards are on one scale; of those with points, if any."""
    scale = one_scale(awards)
    if scale is None:
        return ""
    passing = [one for one in scale.grades.values() if one.passes]
    graded = [one for one in scale.grades.values() if one.points is not None]
    if graded:
        return max(graded, key=lambda one: one.points or 0).symbol
    return max(passing, key=lambda one: one.rank).symbol if passing else ""


def beside(
    record: LearnerRecord,
    names: Iterable[CredentialId],
    awards: Sequence[CompiledAward],
    as_of: date,
) -> LearnerRecord:
    """Return a record as it would be with some credentials, earned on a day with the best grade."""
    grade, mark = best_grade(awards), unused_mark(record)
    added = [
        Achievement(id=AchievementId(f"{mark}{name}"), credential=name, earned=as_of, grade=grade)
        for name in names
    ]
    return replace(record, achievements=(*record.achievements, *added))


def unused_mark(record: LearnerRecord) -> str:
    """Return what no id of a record begins with, for the ids of what is put beside it."""
    taken, mark = {one.id for one in record.achievements}, "+"
    while any(one.startswith(mark) for one in taken):
        mark += "+"
    return mark
