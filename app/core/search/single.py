"""Single changes: what one thing, done or otherwise than it is, would complete awards.

An award is complete once what is earned meets it. Every change is judged by itself, in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from app.core.engine.applying import applied
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled, settle
from app.core.engine.posing import pose
from app.core.language.checker_places import circumstances
from app.core.language.plain_words import spoken
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import (
    Achievement,
    AchievementId,
    Attestation,
    LearnerRecord,
    Milestone,
)
from app.core.model.requirement import Attest, MilestoneStep
from app.core.model.selector import Recorded
from app.core.search.alike import interchangeable, tells_apart
from app.core.search.completion import Asked
from app.core.search.offers import beside, best_grade, offers_of
from app.core.search.telling import Grades, only_grows

Kind = Literal["record", "attest", "finish", "grade", "take", "leave-out", "edition"]
# Deterministic seconds of CP-SAT to find out whether one credential may be enough.
LOOK = 0.1
UNFINISHED = frozenset({"in-progress", "planned"})


class SingleChange(NamedTuple):
    """One change; what it names depends on its kind.

    A milestone to `record`; a requirement to `attest`, in a `role`; an achievement to `finish`, to
    have a better `grade` or to `leave-out`; a credential to `take`, perhaps `again`; another
    `edition` to go by.
    """

    kind: Kind
    milestone: str = ""
    requirement: str = ""
    role: str = ""
    achievement: AchievementId | None = None
    credential: CredentialId | None = None
    grade: str = ""
    edition: str = ""
    again: bool = False


class Singly(NamedTuple):
    """The changes of which each completes the awards; `proven` says that no other one does."""

    changes: tuple[SingleChange, ...]
    proven: bool


def complete(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> bool | None:
    """Say whether what is earned meets all awards; None where no end of the search says so.

    AuditError where the record cannot be judged.
    """
    found = settle(pose(pooled(awards, record, as_of), "now"), "now")
    if all(standing.met for standing in found.standings):
        return True
    return False if found.proven else None


def single_changes(awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> Singly:
    """Return every single change that completes awards that are not complete, by its kind.

    What is taken or finished has the best grade; of better grades the lowest that does is told.
    """
    changing = _Changing(awards, record, as_of)
    found = tuple(changing.found())
    return Singly(found, changing.proven)


class _Changing:
    """Each change in turn."""

    def __init__(self, awards: Sequence[CompiledAward], record: LearnerRecord, as_of: date) -> None:
        self.awards = awards
        self.record = record
        self.as_of = as_of
        self.grades = Grades(awards, record)
        self.proven = True

    def found(self) -> Iterator[SingleChange]:
        yield from self._recorded()
        yield from self._attested()
        for one in self.record.achievements:
            yield from self._finished(one)
        for one in self.record.achievements:
            yield from self._graded(one)
        yield from self._taken()
        if len(self.awards) > 1 or not only_grows(self.awards[0], self.record):
            for one in self.record.achievements:
                yield from self._left_out(one)

    def _does(self, record: LearnerRecord) -> bool:
        """Say whether a changed record completes the awards; one that cannot be judged does not."""
        try:
            found = complete(self.awards, record, self.as_of)
        except AuditError:
            return False
        self.proven = self.proven and found is not None
        return bool(found)

    def _recorded(self) -> Iterator[SingleChange]:
        known = {one.name for one in self.record.milestones if one.on <= self.as_of}
        for name in self._milestones():
            if name not in known:
                added = (*self.record.milestones, Milestone(name=name, on=self.as_of))
                if self._does(replace(self.record, milestones=added)):
                    yield SingleChange("record", milestone=name)

    def _milestones(self) -> list[str]:
        """The milestones that awards ask for, and those that decide what they ask."""
        steps = [step for award in self.awards for step in award.steps]
        asked = [test for award in self.awards for _, test in circumstances(award.rule)]
        both = [one for one in (*steps, *asked) if isinstance(one, MilestoneStep | Recorded)]
        return [*dict.fromkeys(one.milestone for one in both)]

    def _attested(self) -> Iterator[SingleChange]:
        steps = [step for award in self.awards for step in award.steps]
        asked = dict.fromkeys((one.id, one.role) for one in steps if isinstance(one, Attest))
        for requirement, role in asked:
            one = Attestation(requirement=requirement, role=role, by="", on=self.as_of)
            added = (*self.record.attestations, one)
            if self._does(replace(self.record, attestations=added)):
                yield SingleChange("attest", requirement=requirement, role=role)

    def _finished(self, one: Achievement) -> Iterator[SingleChange]:
        if one.status not in UNFINISHED:
            return
        grade = one.grade or best_grade(self.awards)
        if self._does(self._with(replace(one, status="earned", earned=self.as_of, grade=grade))):
            yield _of(one, "finish")

    def _graded(self, one: Achievement) -> Iterator[SingleChange]:
        if one.status not in {"earned", "failed"}:
            return
        for grade in self.grades.better(one):
            if self._does(self._with(replace(one, status="earned", grade=grade))):
                yield _of(one, "grade", grade)
                return

    def _taken(self) -> Iterator[SingleChange]:
        known = {one.credential for one in self.record.achievements}
        begun = {one.credential for one in self.record.achievements if one.status in UNFINISHED}
        offers = frozenset().union(self._allowed(), *map(offers_of, self.awards)) - begun
        fresh = sorted(offers - known)
        tried: list[Sequence[CredentialId]] = [(name,) for name in offers & known]
        if self._one_may_complete(fresh):
            tried += self._alike(fresh)
        found: list[CredentialId] = []
        for names in tried:
            if self._does(beside(self.record, names[:1], self.awards, self.as_of)):
                found += names
        for name in sorted(found):
            yield SingleChange("take", credential=name, again=name in known)

    def _one_may_complete(self, fresh: Sequence[CredentialId]) -> bool:
        """Say whether one credential may complete the awards; most lack more than one."""
        every = self.record.achievements
        earned = tuple([one for one in every if one.status not in UNFINISHED])
        asked = Asked(self.awards, replace(self.record, achievements=earned), self.as_of)
        try:
            found = asked.completion(fresh, [dict.fromkeys(fresh, 1)], LOOK)
        except AuditError:
            return True
        if found.credentials is None:
            return not found.proven
        return found.least[0] <= 1

    def _alike(self, fresh: Sequence[CredentialId]) -> list[Sequence[CredentialId]]:
        """What may be taken, in sets of which all do if one does."""
        award = self.awards[0]
        ordered = any(one.kind == "latest" for one in award.conditions)
        if len(self.awards) > 1 or ordered or tells_apart(award, self.record):
            return [(name,) for name in fresh]
        bound = applied(award, self.record, self.as_of).award
        # What the record describes may be equivalent to one of them alone.
        return [*interchangeable(bound.beside(self.record.credentials), fresh).values()]

    def _allowed(self) -> Iterator[CredentialId]:
        """What a decision lets in beside what the rules do, and its equivalents, if not retired."""
        named = {one.credential for one in self.record.adjustments if one.kind == "also-allow"}
        for award in self.awards:
            listing, known = award.listing, award.terms.equivalents
            for name in named.union(*[known.get(one, ()) for one in named if one is not None]):
                if name in listing.place and listing.offered >> listing.place[name] & 1:
                    yield name

    def _left_out(self, one: Achievement) -> Iterator[SingleChange]:
        others = tuple([other for other in self.record.achievements if other is not one])
        if self._does(replace(self.record, achievements=others)):
            yield _of(one, "leave-out")

    def _with(self, changed: Achievement) -> LearnerRecord:
        every = [changed if one.id == changed.id else one for one in self.record.achievements]
        return replace(self.record, achievements=tuple(every))


def _of(one: Achievement, kind: Kind, grade: str = "") -> SingleChange:
    return SingleChange(kind, achievement=one.id, credential=one.credential, grade=grade)


def said(change: SingleChange, awards: Sequence[CompiledAward]) -> str:
    """Say what is to be done."""
    title = _title(change, awards)
    match change.kind:
        case "record":
            return f"{title} recorded."
        case "attest":
            return f"{title} confirmed by {change.role}."
        case "finish":
            return f"{title} finished."
        case "grade":
            return f"{title} with grade {change.grade}."
        case "take":
            return f"{title} taken{' again' if change.again else ''}."
        case "leave-out":
            return f"Without {title}."
        case "edition":
            return f"By the edition {change.edition}."


def _title(change: SingleChange, awards: Sequence[CompiledAward]) -> str:
    if change.credential is not None:
        return _achieved(change, change.credential, awards)
    steps = [step for award in awards for step in award.steps]
    own = (one.title for one in steps if _asked_for(one) == (change.requirement, change.milestone))
    return next(own, f"The step “{spoken(change.milestone)}”")


def _achieved(
    change: SingleChange, credential: CredentialId, awards: Sequence[CompiledAward]
) -> str:
    """The title of a credential, with the id of the achievement where it has one of its own."""
    listed = (award.credential(credential) for award in awards)
    title = next((one.title for one in listed if one is not None), credential)
    one = change.achievement
    return title if one is None or str(one) == credential else f"{title} ({one})"


def _asked_for(step: MilestoneStep | Attest) -> tuple[str, str]:
    """The requirement that a step has confirmed, or the milestone that it has recorded."""
    return ("", step.milestone) if isinstance(step, MilestoneStep) else (step.id, "")
