"""Every published award, compiled and ready to be compared for whoever asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import TypeAlias

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.listing import Listing
from app.core.engine.prepare import first_credit
from app.core.language.record_checks import check_record
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId
from app.core.model.errors import AuditError
from app.core.model.period import Period
from app.core.model.record import LearnerRecord
from app.core.search.completion import Cost
from app.core.search.nearest import Measured, Ranking
from app.services.binding import anchor_day, edition_on, edition_policy, in_force
from app.services.compiling import Ground
from app.services.errors import (
    NoEditionInForceError,
    RecordRefusedError,
    RefusedError,
    ServiceError,
    UnknownCredentialError,
)
from app.services.nesting import named_beyond

# What credentials state of their cost and of the hours that they take.
PRICE = "price"
HOURS = re.compile(r"([0-9]{1,6}) hours?")
SUGGESTED_FROM = 500


Grounds: TypeAlias = Callable[[], Sequence[Ground]]
"""Gives the grounds of an award's editions, earliest first."""


class MeasureUnstatedError(RefusedError):
    """No credential states what awards are to be compared by."""

    def __init__(self, by: Measured) -> None:
        """Say where it would have to be stated."""
        where = (
            f"declare a number attribute `{PRICE}` and state it of credentials"
            if by == "cost"
            else "state a `workload` such as `150 hours` of credentials"
        )
        super().__init__(
            f"no credential of the catalogue states its {by}: {where}, or compare by credits",
            by=by,
        )


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

    `refused` are those whose rules cannot be compiled. One thread compares at a time: what is found
    out about the awards is kept for the next.
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

    def known(self, names: Iterable[CredentialId]) -> tuple[CredentialId, ...]:
        """Return credentials that some catalogue lists, each once; UnknownCredentialError."""
        found = tuple(dict.fromkeys(names))
        for name in found:
            if name not in self.everything.credentials:
                near = sorted(self.everything.credentials)[:SUGGESTED_FROM]
                raise UnknownCredentialError(name, near)
        return found

    def ranking(self, by: Measured) -> Ranking:
        """Return what is kept about the awards by a measure; MeasureUnstatedError."""
        if by not in self.rankings:
            if by in {"cost", "time"}:
                if not any(_stated(one, by) for one in self.everything.credentials.values()):
                    raise MeasureUnstatedError(by)
                self.rankings[by] = Ranking(by, lambda listing: _costs(listing, by))
            else:
                self.rankings[by] = Ranking(by)
        return self.rankings[by]


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


def _costs(listing: Listing, by: Measured) -> Cost:
    pairs: Iterator[tuple[CredentialId, int | None]] = (
        (one.id, _stated(one, by)) for one in listing.credentials
    )
    return {name: cost for name, cost in pairs if cost is not None}


def _stated(credential: Credential, by: Measured) -> int | None:
    """What a credential states of its cost or of the hours that it takes."""
    if by == "cost":
        price = credential.attributes.get(PRICE)
        return price if type(price) is int and price >= 0 else None
    hours = HOURS.fullmatch(credential.workload)
    return None if hours is None else int(hours[1])
