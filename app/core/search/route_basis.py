"""What a search for routes rests on: what may be taken, what binds it, and the awards' problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.core.engine.ahead import dated
from app.core.engine.applying import Applied, applied
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled
from app.core.engine.posing import Posing, pose
from app.core.engine.prepare import pool as pool_of
from app.core.engine.problem import Problem
from app.core.engine.selectors import equivalents_of
from app.core.model.credential import Credential, CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING, Achievement, AchievementId, LearnerRecord
from app.core.search.completion import all_met, left_to_audits, steady, steps_done
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

    What is asked of the whole record is left to audits, and so is whether the steps of a route lead
    to the circumstances for which its problem stands.
    `cycles` are prerequisites that go round in circles, each told from its first id on; `besides`
    are the titles of steps without credit that no record shows yet: they are taken to be done.
    """

    awards: tuple[CompiledAward, ...]
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
        try:
            pool = pooled(self.awards, wider, self.as_of)
        except AuditError:
            return False
        return all_met(steps_done(pose(pool, "planned")))


def bases_of(
    awards: Sequence[CompiledAward], record: LearnerRecord, request: RouteRequest, as_of: date
) -> list[Basis]:
    """Make a question ready; RouteError where it makes no sense, AuditError where the record.

    Where steps may change circumstances it is so in two: those of the day, and those with all held.
    """
    catalogue = awards[0].terms.catalogue
    check_request(request, catalogue.credentials)
    held = _held(record)
    candidates = _candidates(awards, request, held)
    terms = range(len(request.terms))
    steps = [Step(term, name) for name in candidates for term in terms]
    wider, _ = _with_steps(awards, record, request, steps)
    exact = steady(awards, record, wider, as_of)
    sizes = sizes_of(awards[0], candidates)
    limits = tuple(_limits(awards, request, candidates, held))
    cycles = _cycles(catalogue.credentials, candidates, held)
    found: list[Basis] = []
    for readings in _readings(awards, record, wider, as_of):
        problem, copies = _posed(readings, record, request, steps, as_of)
        basis = Basis(
            awards=tuple(awards),
            record=record,
            as_of=as_of,
            request=request,
            candidates=candidates,
            sizes=sizes,
            limits=limits,
            cycles=cycles,
            besides=tuple(_besides(problem)),
            problem=_with_surplus(left_to_audits(steps_done(problem))),
            copies=copies,
            exact=exact,
        )
        found.append(basis)
    return found


def _readings(
    awards: Sequence[CompiledAward], record: LearnerRecord, wider: LearnerRecord, as_of: date
) -> Iterator[list[Applied]]:
    """The awards as they are on the day and, if otherwise, as they would be with all held."""
    today = [applied(one, record, as_of) for one in awards]
    yield today
    try:
        other = [applied(one, wider, as_of) for one in awards]
    except AuditError:
        return
    if any(one.award is not own.award for one, own in zip(other, today, strict=True)):
        yield other


def _posed(
    readings: Sequence[Applied],
    record: LearnerRecord,
    request: RouteRequest,
    every: Sequence[Step],
    as_of: date,
) -> tuple[Problem, tuple[Copy, ...]]:
    """The problem of awards with every step that matters, and which items these are."""
    awards = [one.award for one in readings]
    by_day = any(map(_by_day, awards))
    steps = every if by_day else [one for one in every if one.term == 0]
    wider, ids = _with_steps(awards, record, request, steps)
    pool = pool_of(awards, wider, as_of, [one.decided for one in readings])
    place = {item.achievement.id: item.at for item in pool.items}
    copies = [
        Copy(place[own], step.credential, step.term if by_day else None)
        for step, own in zip(steps, ids, strict=True)
        if own in place
    ]
    return Posing(pool).problem("planned", sum(1 << one.item for one in copies)), tuple(copies)


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
