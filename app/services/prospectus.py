"""Every published award, compiled and ready to be compared for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import TypeAlias

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.prepare import first_credit
from app.core.language.diagnostics import Diagnostic, listed, shorten
from app.core.language.record_checks import check_record
from app.core.language.values import Nearest
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.period import Period
from app.core.model.record import LearnerRecord
from app.core.search.nearest import Measured, Ranking
from app.services.basis import institution_of
from app.services.binding import anchor_day, edition_on, edition_policy, in_force
from app.services.compiling import Ground
from app.services.errors import (
    DiagnosedError,
    NoEditionInForceError,
    RecordRefusedError,
    ServiceError,
)
from app.services.measures import MeasureUnstatedError, stated_costs
from app.services.nesting import named_beyond

SUGGESTED_FROM = 500


class HoldingRefusedError(DiagnosedError):
    """Credentials that are said to be held, and that no catalogue lists."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings."""
        super().__init__("what is held cannot be used", diagnostics)


Grounds: TypeAlias = Callable[[], Sequence[Ground]]
"""Gives the grounds of an award's editions, earliest first."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An award that is not compared, and why."""

    award: CredentialId
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One award: its published editions, when each is in force, and what binds a learner."""

    award: CredentialId
    editions: Mapping[str, CompiledAward]
    periods: Mapping[str, Period]
    policy: str

    def binding(self, record: LearnerRecord, first: date, as_of: date) -> CompiledAward:
        """Return the edition that binds; what is on record happened on `first` or later."""
        on = edition_on(self.award, self.periods, as_of)
        if self.policy == "audit" or in_force(self.periods)[on].holds(first):
            return self.editions[on]
        anchor = anchor_day(
            self.policy,
            record,
            as_of,
            lambda: first_credit(self.editions.values(), record, as_of),
        )
        return self.editions[edition_on(self.award, self.periods, anchor)]


@dataclass(frozen=True, slots=True)
class Prospectus:
    """The awards of all institutions, and one catalogue of all that these list.

    `refused` are those whose rules cannot be compiled. What is found out about the awards by some
    measure is kept for the next question.
    """

    entries: tuple[Entry, ...]
    everything: Catalogue
    refused: tuple[Unjudged, ...]
    lock: Lock = field(default_factory=Lock)
    rankings: dict[Measured, Ranking] = field(default_factory=dict)

    @classmethod
    def of(cls, awards: Mapping[CredentialId, Grounds], everything: Catalogue) -> Prospectus:
        """Compile the editions of each award."""
        entries: list[Entry] = []
        refused: list[Unjudged] = []
        for award, grounds in awards.items():
            try:
                entries.append(_entry(award, grounds(), everything))
            except (AuditError, ServiceError) as wrong:
                refused.append(Unjudged(award, str(wrong)))
        return cls(tuple(entries), everything, tuple(refused))

    def bound(self, record: LearnerRecord, as_of: date) -> list[CompiledAward]:
        """Return the editions that bind a learner; awards with none in force are left out."""
        days = [day for one in record.achievements for day in (one.started, one.earned) if day]
        first = min([*days, *[one.on for one in record.milestones], as_of])
        found: list[CompiledAward] = []
        for entry in self.entries:
            try:
                found.append(entry.binding(record, first, as_of))
            except NoEditionInForceError:
                continue
        return found

    def told(
        self, record: LearnerRecord, as_of: date, holding: Iterable[CredentialId] = ()
    ) -> LearnerRecord:
        """Return a record with what is held of any institution described in it.

        RecordRefusedError where the catalogues show it to be wrong.
        """
        known = self.everything.credentials
        own = tuple(one for one in record.credentials if one.id not in known)
        plain = replace(record, credentials=own)
        held = {one.credential for one in record.achievements}
        wrong = check_record(plain, self.everything, as_of, held & set(known))
        if wrong:
            raise RecordRefusedError(wrong)
        described = tuple(known[name] for name in sorted({*held, *holding}) if name in known)
        return replace(record, credentials=(*own, *described))

    def known(self, names: Sequence[CredentialId]) -> tuple[CredentialId, ...]:
        """Return credentials that some catalogue lists, each once; HoldingRefusedError."""
        wrong = [*self._unknown(names)]
        if wrong:
            raise HoldingRefusedError(listed(wrong))
        return tuple(dict.fromkeys(names))

    def _unknown(self, names: Sequence[CredentialId]) -> Iterator[Diagnostic]:
        known = self.everything.credentials
        if known.keys() >= {*names}:
            return
        asked = {institution_of(name) for name in names}
        near = [one for one in sorted(known) if institution_of(one) in asked]
        nearest = Nearest(near[:SUGGESTED_FROM])
        for index, name in enumerate(names):
            if name not in known:
                message = f"the catalogue has no credential `{shorten(name)}`"
                remedy = nearest.remedy(name, "name one that a catalogue lists")
                yield Diagnostic("CN0703", "error", message, remedy, path=f"$.holding[{index}]")

    def ranking(self, by: Measured) -> Ranking:
        """Return what is kept about the awards by a measure; MeasureUnstatedError."""
        with self.lock:
            if by not in self.rankings:
                self.rankings[by] = self._ranking(by)
            return self.rankings[by]

    def _ranking(self, by: Measured) -> Ranking:
        if by not in {"cost", "time"}:
            return Ranking(by)
        if not stated_costs(self.everything.credentials.values(), by):
            raise MeasureUnstatedError(by)
        return Ranking(by, lambda own: stated_costs(own.credentials, by))


def _entry(award: CredentialId, grounds: Sequence[Ground], everything: Catalogue) -> Entry:
    periods = {one.rule.edition: one.rule.effective for one in grounds}
    policies = {**grounds[-1].policies, **grounds[-1].rule.policies}
    policy = edition_policy(award, periods, policies)
    editions = {one.rule.edition: _compiled(one, everything) for one in grounds}
    return Entry(award, editions, periods, policy)


def _compiled(ground: Ground, everything: Catalogue) -> CompiledAward:
    catalogue = ground.view.catalogue
    beyond = named_beyond(ground.rule, catalogue) if ground.nested else set()
    known = everything.credentials
    wider = catalogue.beside(known[name] for name in sorted(beyond) if name in known)
    return compile_rule(ground.rule, wider, ground.policies)
