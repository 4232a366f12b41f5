"""What a search for routes rests on: what may be taken, what binds it, and the awards' problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.core.engine.ahead import dated
from app.core.engine.applying import Applied, applied
from app.core.engine.compiled import CompiledAward
from app.core.engine.posing import Posing, pose
from app.core.engine.prepare import Pool, anchor_of
from app.core.engine.prepare import pool as pool_of
from app.core.engine.problem import ConditionLimit, Problem
from app.core.engine.selectors import equivalents_of
from app.core.model.credential import Credential, CredentialId
from app.core.model.record import COUNTING, Achievement, AchievementId, LearnerRecord
from app.core.search.completion import all_met, steps_done
from app.core.search.offers import best_grade, offers_of, unused_mark
from app.core.search.route_limits import Budget, Due, Limit, Loaded, Needs, Offered, Only, Wished
from app.core.search.route_request import RouteRequest, check_request


class Step(NamedTuple):
    """A credential and the place of the term in which it is taken."""

    term: int
    credential: CredentialId


@dataclass(frozen=True, slots=True)
class Copy:
    """An item of the problem: a credential as if earned, in one term or, if that is alike, any."""

    item: int
    credential: CredentialId
    term: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """A question made ready; `exact` where its problem is never stricter than audits.

    What is asked of the whole record is left to audits. `readings` are the awards as they bind the
    learner on the day; what a route brings changes no circumstance.
    `cycles` are prerequisites that go round in circles, each told from its first id on; `besides`
    are the titles of steps without credit that no record shows yet: they are taken to be done.
    """

    awards: tuple[CompiledAward, ...]
    readings: tuple[Applied, ...]
    record: LearnerRecord
    as_of: date
    request: RouteRequest
    candidates: tuple[CredentialId, ...]
    sizes: Mapping[CredentialId, int]
    limits: tuple[Limit, ...]
    cycles: tuple[tuple[CredentialId, ...], ...]
    besides: tuple[str, ...]
    problem: Problem
    copies: tuple[Copy, ...]
    exact: bool

    def completes(self, steps: Iterable[Step]) -> bool:
        """Say whether an audit finds all awards met with some steps, planned things counted."""
        wider, _ = _with_steps(self.awards, self.record, self.request, steps)
        return all_met(steps_done(pose(_pool(self.readings, wider, self.as_of), "planned")))


def basis_of(
    awards: Sequence[CompiledAward], record: LearnerRecord, request: RouteRequest, as_of: date
) -> Basis:
    """Make a question ready; RouteError where it makes no sense, AuditError where the record."""
    catalogue = awards[0].terms.catalogue
    check_request(request, catalogue.credentials)
    held = _held(record)
    candidates = _candidates(awards, request, held)
    readings = tuple([applied(one, record, as_of) for one in awards])
    alone = _pool(readings, record, as_of)
    by_day = any(map(_by_day, alone.awards))
    terms = range(len(request.terms)) if by_day else (0,)
    steps = [Step(term, name) for name in candidates for term in terms]
    wider, ids = _with_steps(awards, record, request, steps)
    pool = _pool(readings, wider, as_of)
    place = {item.achievement.id: item.at for item in pool.items}
    copies = [
        Copy(place[own], step.credential, step.term if by_day else None)
        for step, own in zip(steps, ids, strict=True)
        if own in place
    ]
    problem = Posing(pool).problem("planned", sum(1 << copy.item for copy in copies))
    return Basis(
        awards=tuple(awards),
        readings=readings,
        record=record,
        as_of=as_of,
        request=request,
        candidates=candidates,
        sizes=sizes_of(awards[0], candidates),
        limits=tuple(_limits(awards, request, candidates, held)),
        cycles=_cycles(catalogue.credentials, candidates, held),
        besides=tuple(_besides(problem)),
        problem=_with_surplus(_left_to_audits(steps_done(problem))),
        copies=tuple(copies),
        exact=not _clock_moves(alone, pool),
    )


def sizes_of(award: CompiledAward, names: Iterable[CredentialId]) -> dict[CredentialId, int]:
    """Return the credits of credentials in an award's unit; as stated where nothing converts."""
    listing, known = award.listing, award.terms.catalogue.credentials
    return {
        name: known[name].credits
        if listing.unconverted >> listing.place[name] & 1
        else listing.sizes[listing.place[name]]
        for name in names
    }


def _with_steps(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    request: RouteRequest,
    steps: Iterable[Step],
) -> tuple[LearnerRecord, list[AchievementId]]:
    """A record with steps, earned at the end of their terms with the best grade, and their ids."""
    grade, mark, added = best_grade(awards), unused_mark(record), list[Achievement]()
    for at, name in steps:
        term = request.terms[at]
        own = Achievement(
            id=AchievementId(f"{mark}{name}@{at}"),
            credential=name,
            started=term.start,
            earned=term.end,
            term=term.name,
            grade=grade,
        )
        added.append(own)
    wider = replace(record, achievements=(*record.achievements, *added))
    return wider, [one.id for one in added]


def _pool(readings: Iterable[Applied], record: LearnerRecord, as_of: date) -> Pool:
    decided = [one.decided for one in readings]
    return pool_of([one.award for one in readings], record, as_of, decided)


def _besides(problem: Problem) -> Iterator[str]:
    """The titles of the steps without credit that are not recorded."""
    for award, met in zip(problem.awards, problem.steps_met, strict=True):
        yield from (step.title or step.id for step in award.steps if not met[step.id])


def _with_surplus(problem: Problem) -> Problem:
    """The problem without the rule that nothing counts beyond need, which only places depend on.

    What is spare can be left out of a placement that meets the awards, and they stay met, unless
    something else looks at it: a mean, a pair, or what counts only where it counts elsewhere.
    """
    kinds = {one.condition.kind for own in problem.conditions for one in own}
    if "average" in kinds or problem.pairs or problem.views:
        return problem
    return replace(problem, slots=tuple([replace(one, minimal=False) for one in problem.slots]))


def _left_to_audits(problem: Problem) -> Problem:
    """The problem without what is asked of the whole record, judged as if all offers were held."""
    conditions = [tuple(map(_kindly, own)) for own in problem.conditions]
    return replace(problem, conditions=tuple(conditions))


def _kindly(limit: ConditionLimit) -> ConditionLimit:
    """A condition that is only judged too kindly: what asks for much is so with more held."""
    much = limit.condition.kind in {"floor", "breadth"} and limit.condition.high is None
    return limit if limit.met is None or much else limit._replace(met=True)


def _held(record: LearnerRecord) -> dict[CredentialId, date]:
    """What a record has or will have, each with the day from which it is there.

    What is to come without a day is taken to be there already.
    """
    found: dict[CredentialId, date] = {}
    for one in record.achievements:
        if one.status in COUNTING:
            day = date.min if one.status == "earned" else one.earned or date.min
            found[one.credential] = min(found.get(one.credential, day), day)
    return found


def _first_term(request: RouteRequest, day: date, *, same: bool) -> int:
    """The first term before which something is there on a day, or in the same one at the latest."""
    return sum(term.end < day if same else term.start <= day for term in request.terms)


def _candidates(
    awards: Sequence[CompiledAward], request: RouteRequest, held: Mapping[CredentialId, date]
) -> tuple[CredentialId, ...]:
    """What may be taken: what counts, what is wished for, and all that has to come before."""
    known = awards[0].terms.catalogue.credentials
    left = {*request.take}.union(*map(offers_of, awards))
    found: set[CredentialId] = set()
    while left:
        name = left.pop()
        if name in held or name in found or name not in known:
            continue
        found.add(name)
        left |= {*known[name].prerequisites, *request.together.get(name, ())}
    return tuple(sorted(found))


def _limits(
    awards: Sequence[CompiledAward],
    request: RouteRequest,
    candidates: Sequence[CredentialId],
    held: Mapping[CredentialId, date],
) -> Iterator[Limit]:
    catalogue, every = awards[0].terms.catalogue, frozenset(range(len(request.terms)))
    twins, there = equivalents_of(catalogue), set(candidates)
    for name in candidates:
        credential = catalogue.credentials[name]
        terms = request.offered.get(name, every) if credential.retired is None else frozenset()
        if terms != every:
            yield Offered(name, terms)
        if name in request.due:
            yield Due(name, request.due[name])
        for same, others in enumerate((credential.prerequisites, request.together.get(name, ()))):
            for other in dict.fromkeys(others):
                ways = (other, *sorted(twins.get(other, ())))
                days = [held[way] for way in ways if way in held]
                ready = _first_term(request, min(days), same=bool(same)) if days else None
                yield Needs(name, other, ways, ready, same=bool(same))
    yield from map(Loaded, request.loads)
    yield from (Wished(name, take=True) for name in sorted(request.take - held.keys()))
    yield from (Wished(name, take=False) for name in sorted(request.avoid & there))
    if request.only is not None:
        yield Only(request.only)
    if request.budget is not None:
        yield Budget(request.budget)


def _cycles(
    known: Mapping[CredentialId, Credential],
    candidates: Iterable[CredentialId],
    held: Mapping[CredentialId, date],
) -> tuple[tuple[CredentialId, ...], ...]:
    """Prerequisites that come back to where they began; of several ways round one is told."""
    found: dict[frozenset[CredentialId], tuple[CredentialId, ...]] = {}
    for start in candidates:
        way = _round(known, start, held)
        found.setdefault(frozenset(way), way)
    return tuple(way for way in found.values() if way)


def _round(
    known: Mapping[CredentialId, Credential], start: CredentialId, held: Mapping[CredentialId, date]
) -> tuple[CredentialId, ...]:
    """The shortest way from a credential by prerequisites back to it; none is empty."""
    ways: dict[CredentialId, tuple[CredentialId, ...]] = {start: (start,)}
    left = [start]
    for name in left:
        for before in known[name].prerequisites if name in known else ():
            if before == start:
                return ways[name]
            if before not in ways and before not in held:
                ways[before] = (*ways[name], before)
                left.append(before)
    return ()


def _by_day(award: CompiledAward) -> bool:
    """Say whether it matters in which term something is earned."""
    by_term = {*(slot.by for slot in award.slots), *(top.by for top in award.ceilings)}
    by_term |= {condition.by for condition in award.conditions}
    return (
        bool(award.windows or award.orders or "term" in by_term)
        or any(cap.trim for cap in award.caps)
        or any(condition.kind in {"latest", "window"} for condition in award.conditions)
        or dated(award.selectors)
    )


def _clock_moves(alone: Pool, wider: Pool) -> bool:
    """Say whether some window opens only, or sooner, with what is going to be taken."""
    return any(
        anchor_of(award, plan, alone.record, alone.days)
        != anchor_of(award, plan, wider.record, wider.days)
        for award in alone.awards
        for plan in award.windows
    )
