"""The oracle: every allocation of a small problem is tried, and the best of them returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from app.core.model.catalogue import Catalogue
from app.core.model.certificate import AnswerName
from app.core.model.record import Achievement, AchievementId, LearnerRecord
from app.core.model.rule import RuleEdition
from tests.oracle.bounds import (
    State,
    bounds_hold,
    can_stand_together,
    counted_credits,
    pairs_hold,
    sharing_holds,
)
from tests.oracle.facts import View
from tests.oracle.sheet import Place, Sheet, Standing
from tests.oracle.wanting import Wanting
from tests.oracle.weighing import Worth, weigh

Objective = tuple[tuple[bool, ...], int, int, int, tuple[int, ...]]
"""Levels 1 to 5 of section 7, higher is better: met, progress, fulfilled, conditions, losses."""

NOTHING = Wanting()
Key = tuple[int, tuple[tuple[str, tuple[Place, ...]], ...]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The best that any allocation reaches; `state` is one that reaches it.

    `allowed` says that all stands where it has to; `heeded` are levels 6 and 7.
    """

    objective: Objective
    awards: tuple[Worth, ...]
    state: State
    allowed: bool = True
    heeded: tuple[int, int] = (0, 0)


def judge(
    rules: Sequence[RuleEdition],
    catalogue: Catalogue,
    policies: Sequence[Mapping[str, str]],
    record: LearnerRecord,
    as_of: date,
    answer: AnswerName,
) -> Judgement:
    """Return the best allocation of one answer, all allocations having been tried."""
    return best(sheets_of(rules, catalogue, policies, record, as_of, answer))


def sheets_of(
    rules: Sequence[RuleEdition],
    catalogue: Catalogue,
    policies: Sequence[Mapping[str, str]],
    record: LearnerRecord,
    as_of: date,
    answer: AnswerName,
) -> list[Sheet]:
    """Return the awards laid out."""
    views = (
        View(
            rule=rule, catalogue=catalogue, policies=said, record=record, as_of=as_of, answer=answer
        )
        for rule, said in zip(rules, policies, strict=True)
    )
    return [Sheet(number, view) for number, view in enumerate(views)]


def best(sheets: Sequence[Sheet], asked: Wanting = NOTHING) -> Judgement:
    """Return the best of all allocations; of equals the first found."""
    known: dict[Key, Worth] = {}
    found: Judgement | None = None
    for state in allocations(sheets):
        worths = tuple(weighed(sheet, state[sheet.number], known) for sheet in sheets)
        objective = objective_of(worths)
        own = Judgement(objective, worths, state, asked.allows(state), asked.heeded(state))
        if found is None or merit(own) > merit(found):
            found = own
    if found is None:
        msg = "nothing placed is always an allocation"
        raise AssertionError(msg)
    return found


def merit(judged: Judgement) -> tuple[bool, Objective, tuple[int, int]]:
    """Return by what the best is found: what has to be, levels 1 to 5, what is wanted."""
    return judged.allowed, judged.objective, judged.heeded


def weighed(sheet: Sheet, standings: Sequence[Standing], known: dict[Key, Worth]) -> Worth:
    """Return what an allocation is worth for one award, from memory where it was met before."""
    key = (sheet.number, tuple((each.one.id, each.places) for each in standings))
    if key not in known:
        known[key] = weigh(sheet, standings)
    return known[key]


def objective_of(worths: Sequence[Worth]) -> Objective:
    """Return levels 1 to 5."""
    behind = [worth.behind for worth in worths]
    return (
        tuple(worth.met for worth in worths),
        sum(worth.reached for worth in worths),
        sum(len(worth.fulfilled) for worth in worths),
        sum(worth.conditions for worth in worths),
        (
            -sum(worth.planned for worth in worths),
            -sum(worth.in_progress for worth in worths),
            *(-sum(several) for several in zip_longest(*behind, fillvalue=0)),
        ),
    )


def allocations(sheets: Sequence[Sheet]) -> Iterator[State]:
    """Yield every allocation; what breaks a bound is followed no further."""
    items = {one.id: one for sheet in sheets for one in sheet.items.values()}
    order = sorted(items.values(), key=trimming_order)
    choices = [(one, tuple(standing_choices(sheets, one.id))) for one in order]
    for state in extended(sheets, tuple(() for _ in sheets), choices):
        if all(
            pairs_hold(sheet, standings) for sheet, standings in zip(sheets, state, strict=True)
        ):
            yield state


def trimming_order(one: Achievement) -> tuple[bool, date, str]:
    """Return the key by which trimming caps take achievements, so that none is trimmed again."""
    return (one.earned is None, one.earned or date.max, one.id)


def standing_choices(sheets: Sequence[Sheet], one: AchievementId) -> Iterator[tuple[Place, ...]]:
    """Yield each set of places where one achievement may stand at once, the empty set first."""
    chosen: list[tuple[Place, ...]] = [()]
    for place in (place for sheet in sheets for place in sheet.places.get(one, ())):
        chosen += [
            (*several, place)
            for several in chosen
            if all(can_stand_together(sheets, other, place) for other in several)
        ]
    # Whether it has a home is asked of all its places at once: that may be chosen last.
    return (several for several in chosen if all(sheet.at_home(several) for sheet in sheets))


def extended(
    sheets: Sequence[Sheet],
    state: State,
    choices: Sequence[tuple[Achievement, tuple[tuple[Place, ...], ...]]],
) -> Iterator[State]:
    """Yield every way to go on from `state` with the achievements that are left."""
    if not choices:
        yield state
        return
    (one, several), *left = choices
    for places in several:
        after = with_placed(sheets, state, one, places)
        if after is not None:
            yield from extended(sheets, after, left)


def with_placed(
    sheets: Sequence[Sheet], state: State, one: Achievement, places: tuple[Place, ...]
) -> State | None:
    """Return `state` with one achievement more, or None where that breaks a bound."""
    if not places:
        return state
    after = list(state)
    for sheet in sheets:
        own = tuple(place for place in places if place.award == sheet.number)
        if not own:
            continue
        counted = counted_credits(sheet, state[sheet.number], one, own)
        after[sheet.number] = (*state[sheet.number], Standing(one, own, counted))
        if counted < 0 or not bounds_hold(sheet, after[sheet.number]):
            return None
    return tuple(after) if sharing_holds(sheets, tuple(after)) else None
