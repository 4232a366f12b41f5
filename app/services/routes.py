"""Routes for learners who are kept, and for records in the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.engine.compiled import CompiledAward
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from app.core.search.route_asked import RouteAsked
from app.core.search.route_request import RouteError, RouteRequest
from app.core.search.routes import Routes, Swap, find_routes, swap_step
from app.services.audits import in_view, record_of
from app.services.basis import Gathering, institution_of
from app.services.compiling import Compiler
from app.services.errors import NotAuditableError, RefusedError
from app.services.ports import Clock, Storage, Unit
from app.services.stored import AwardChoice


class RouteRefusedError(RefusedError):
    """A question about routes makes no sense as it is asked."""

    def __init__(self, refused: RouteError) -> None:
        """Keep the sentence, and the code of what is wrong."""
        super().__init__(str(refused), reason=refused.code)


@dataclass(frozen=True, slots=True)
class RoutesFound:
    """The answer to a question about routes, with the question; a swap where one was asked for."""

    awards: tuple[CompiledAward, ...]
    as_of: date
    request: RouteRequest
    routes: Routes
    swap: Swap | None


class RouteService:
    """Finds routes; nothing is stored."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def find(
        self,
        learner: str,
        choices: Sequence[AwardChoice],
        asked: RouteAsked,
        as_of: date | None = None,
    ) -> RoutesFound:
        """Return the best routes of a learner to awards together."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            record = in_view(record_of(unit, learner), day)
            awards = self._awards(unit, record, choices, day)
        return routed(awards, record, asked, day)

    def find_for(
        self,
        record: LearnerRecord,
        choices: Sequence[AwardChoice],
        asked: RouteAsked,
        as_of: date | None = None,
    ) -> RoutesFound:
        """Return the best routes of a record that nobody keeps."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            awards = self._awards(unit, record, choices, day)
        return routed(awards, record, asked, day)

    def _awards(
        self, unit: Unit, record: LearnerRecord, choices: Sequence[AwardChoice], day: date
    ) -> list[CompiledAward]:
        basis = Gathering(unit, self._compiler, record, day).basis(choices)
        return [self._compiler.award(ground, basis.foreign) for ground in basis.awards]


def routed(
    awards: Sequence[CompiledAward], record: LearnerRecord, asked: RouteAsked, as_of: date
) -> RoutesFound:
    """Answer a question; RouteRefusedError, or NotAuditableError where no record can be judged."""
    try:
        _of_one_institution(awards)
        request = asked.request(awards[0].terms.catalogue)
        found = find_routes(awards, record, request, as_of)
        swap = None
        if asked.out is not None and found.routes:
            steps = found.routes[0].steps
            swap = swap_step(awards, record, request, as_of, steps, (asked.out, asked.into))
    except RouteError as refused:
        raise RouteRefusedError(refused) from refused
    except AuditError as cause:
        raise NotAuditableError(cause) from cause
    return RoutesFound(tuple(awards), as_of, request, found, swap)


def _of_one_institution(awards: Sequence[CompiledAward]) -> None:
    """Refuse awards of several institutions: steps to one are not in the catalogue of another."""
    first = awards[0].rule.award
    for one in awards:
        if institution_of(one.rule.award) != institution_of(first):
            msg = (
                f"`{first}` and `{one.rule.award}` are of two institutions: ask for each by itself"
            )
            raise RouteError("several-institutions", msg)
