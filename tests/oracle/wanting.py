"""What is wanted beside the rules, as the oracle reads it: who is to stand in which leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.core.model.certificate import AnswerName, Certificate, Placement
from app.core.model.record import AchievementId, LearnerRecord, Status
from app.core.model.wish import Wanted, Wish
from tests.oracle.bounds import State
from tests.oracle.sheet import Sheet

ADDED: Mapping[AnswerName, Status] = {
    "now": "earned",
    "projected": "in-progress",
    "planned": "planned",
}
ORDER = list(ADDED)


@dataclass(frozen=True, slots=True)
class Target:
    """An achievement that is to stand in one of some leaves of an award."""

    award: int
    leaves: frozenset[str]
    achievement: AchievementId

    def hit(self, state: State) -> bool:
        """Say whether it stands there."""
        return any(
            each.one.id == self.achievement and each.inside(self.leaves)
            for each in state[self.award]
        )


@dataclass(frozen=True, slots=True)
class Wanting:
    """What has to be, what is wished, and what was shown before."""

    forced: tuple[Target, ...] = ()
    wished: tuple[Target, ...] = ()
    shown: tuple[Target, ...] = ()

    def allows(self, state: State) -> bool:
        """Say whether all stands where it has to."""
        return all(one.hit(state) for one in self.forced)

    def heeded(self, state: State) -> tuple[int, int]:
        """Return how many wishes are heeded, and how many placements are kept."""
        return sum(one.hit(state) for one in self.wished), sum(one.hit(state) for one in self.shown)


def wanting(sheets: Sequence[Sheet], wanted: Wanted | None, answer: AnswerName) -> Wanting:
    """Return what is wanted in an answer; what has no place there is not forced."""
    if wanted is None:
        return Wanting()
    forced = [] if wanted.forced is None else list(_target(sheets, wanted.forced))
    return Wanting(
        tuple(one for one in forced if _has_a_place(sheets, one)),
        tuple(target for wish in wanted.wishes for target in _target(sheets, wish)),
        tuple(
            target
            for one in _placements(wanted.earlier, first_alike(sheets[0].view.record, answer))
            for target in _target(sheets, Wish(one.achievement, one.requirement, one.award))
        ),
    )


def first_alike(record: LearnerRecord, answer: AnswerName) -> AnswerName:
    """Return the first answer that looks at the same achievements: these are one answer."""
    held = {one.status for one in record.achievements}
    upto = ORDER[: ORDER.index(answer) + 1]
    return next((name for name in reversed(upto) if ADDED[name] in held), "now")


def _placements(earlier: Certificate | None, answer: AnswerName) -> tuple[Placement, ...]:
    """What an earlier audit placed; a part stands for the answers up to the next one."""
    placements: tuple[Placement, ...] = ()
    for part in earlier.parts if earlier else ():
        if ORDER.index(part.answer) <= ORDER.index(answer):
            placements = part.placements
    return placements


def _target(sheets: Sequence[Sheet], wish: Wish) -> Iterator[Target]:
    for sheet in sheets:
        if sheet.view.rule.award == wish.award and wish.requirement in sheet.scopes:
            yield Target(sheet.number, sheet.scopes[wish.requirement], wish.achievement)


def _has_a_place(sheets: Sequence[Sheet], target: Target) -> bool:
    sheet = sheets[target.award]
    places = sheet.places.get(target.achievement, ())
    homes = [place for place in places if sheet.at_home((place,))]
    return any(place.leaf in target.leaves and sheet.at_home((place, *homes)) for place in places)
