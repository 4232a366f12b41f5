"""Nearest awards: of all that are published, those that a record lacks least of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.nearest import Measured, Nearest, Sought, nearest
from app.core.search.offers import NOBODY
from app.interop.nearest_json import nearest_to_plain
from app.interop.packs import merge_catalogues
from app.services.audits import in_view, record_of
from app.services.basis import institution_of
from app.services.bounded import Bounded
from app.services.compiling import Compiler, Ground, Mark, mark_of
from app.services.errors import BadLimitError, NotAuditableError, TooManyError
from app.services.nesting import StoredRules
from app.services.ports import Clock, Storage, Unit
from app.services.prospectus import Prospectus, Unjudged
from app.services.stored import EditionEntry

KEPT = 2
USUAL, MOST_NEAR = 10, 50
MOST_HOLDING = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: by which measure, how many awards, those that are held too.

    What is `holding` is held beside the record, with the best grade.
    """

    by: Measured = "credits"
    limit: int = USUAL
    held_too: bool = False
    holding: tuple[CredentialId, ...] = ()


@dataclass(frozen=True, slots=True)
class NearestAwards:
    """The answer, with the catalogue that its titles are in."""

    question: Question
    as_of: date
    found: Nearest
    unjudged: tuple[Unjudged, ...]
    catalogue: Catalogue


def nearest_awards_to_plain(answer: NearestAwards) -> dict[str, Any]:
    """Return the answer as plain JSON values."""
    return {
        "as_of": answer.as_of.isoformat(),
        **nearest_to_plain(answer.found, answer.question.by, answer.catalogue),
        "unjudged": [{"award": one.award, "why": one.why} for one in answer.unjudged],
    }


class NearestService:
    """Ranks the awards by what lacks; they are made ready anew when the catalogue has changed."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler
        self._kept: Bounded[Mark, Prospectus] = Bounded(KEPT)

    def of_learner(
        self, learner: str, question: Question, as_of: date | None = None
    ) -> NearestAwards:
        """Return the awards nearest to a learner; UnknownLearnerError."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            record = in_view(record_of(unit, learner), day)
            prospectus = self._prospectus(unit)
        return ranked(prospectus, record, question, day)

    def of_record(
        self, record: LearnerRecord | None, question: Question, as_of: date | None = None
    ) -> NearestAwards:
        """Return the awards nearest to a record that nobody keeps."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            prospectus = self._prospectus(unit)
        return ranked(prospectus, record or NOBODY, question, day)

    def _prospectus(self, unit: Unit) -> Prospectus:
        return self._kept.get(mark_of(unit), lambda: self._build(unit))

    def _build(self, unit: Unit) -> Prospectus:
        views = {one.id: self._compiler.view(unit, one.id) for one in unit.catalogue.institutions()}
        policies = {name: unit.catalogue.policies(name) for name in views}
        rules = StoredRules(unit, self._compiler)

        def grounds(entries: Sequence[EditionEntry]) -> Sequence[Ground]:
            several = []
            for one in entries:
                rule = self._compiler.rule(unit, one.award, one.edition, one.sha256)
                own = institution_of(one.award)
                several.append(rules.ground(rule, one.sha256, views[own], policies[own]))
            return several

        published = groupby(unit.editions.published(), lambda one: one.award)
        awards = {award: partial(grounds, [*entries]) for award, entries in published}
        everything = merge_catalogues([one.catalogue for one in views.values()])
        return Prospectus.of(awards, everything)


def ranked(
    prospectus: Prospectus, record: LearnerRecord, question: Question, as_of: date
) -> NearestAwards:
    """Return the awards nearest to a record."""
    if not 1 <= question.limit <= MOST_NEAR:
        raise BadLimitError(question.limit, MOST_NEAR)
    if len(question.holding) > MOST_HOLDING:
        raise TooManyError("credentials", len(question.holding), MOST_HOLDING)
    holding = prospectus.known(question.holding)
    told = prospectus.told(record, as_of, holding)
    awards = prospectus.bound(told, as_of)
    sought = Sought(
        ranking=prospectus.ranking(question.by),
        limit=question.limit,
        as_of=as_of,
        held_too=question.held_too,
        holding=holding,
    )
    found = nearest(awards, told, sought)
    refused = [Unjudged(one.award, str(NotAuditableError(one.why))) for one in found.refused]
    unjudged = tuple(sorted([*prospectus.refused, *refused], key=lambda one: one.award))
    return NearestAwards(question, as_of, found, unjudged, prospectus.everything)
