"""What the use cases ask of storage: one repository an aggregate, and a unit of work around them.

Repositories never commit. A reading unit sees one state of everything; a writing unit commits when
its block ends, and undoes everything when the block raises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Fact, Issuer, IssuerId
from app.core.model.record import (
    Achievement,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.services.stored import (
    AchievementVersion,
    CatalogueEntry,
    Change,
    CredentialQuery,
    EditionEntry,
    Institution,
    KeptReply,
    LearnerEntry,
    LoadedPack,
    Outcome,
    Reply,
    StoredAudit,
    StoredEdition,
)
from app.services.stored_runs import Population, RunResult, StoredRun
from app.services.stored_what_ifs import WhatIfRepository

Clock: TypeAlias = Callable[[], datetime]
"""Gives the instant it is, in UTC."""

EntryKind = Literal["achievement", "milestone", "attestation", "adjustment"]
"""What of a record can be ended: by its name, an attestation by its requirement and role."""


class CatalogueRepository(Protocol):
    """Credentials, issuers, tables, policies and sample records, by institution."""

    def institutions(self) -> tuple[Institution, ...]:
        """Return all, by id."""

    def institution(self, institution: str) -> Institution | None:
        """Return one, or None."""

    def put_institution(self, institution: str, title: str) -> None:
        """Keep the institution under this title."""

    def touch(self, institution: str) -> None:
        """Count a change to what the institution's audits look up."""

    def catalogue(self, institution: str) -> Catalogue:
        """Return all that the institution's catalogue holds, in the order of ids."""

    def put_tables(self, institution: str, catalogue: Catalogue) -> None:
        """Keep the scales, conversions, levels and attributes of `catalogue`."""

    def policies(self, institution: str) -> Mapping[str, str]:
        """Return the institution's answers to named options."""

    def put_policies(self, institution: str, answers: Mapping[str, str], at: datetime) -> None:
        """Keep the answers; earlier ones stay readable in the table."""

    def samples(self, institution: str) -> Mapping[str, bytes]:
        """Return the sample records that cases may begin from, by name."""

    def put_samples(self, institution: str, contents: Mapping[str, bytes]) -> None:
        """Keep exactly these sample records."""

    def entry(self, credential: str) -> CatalogueEntry | None:
        """Return one credential, or None."""

    def credentials(self, ids: Collection[str]) -> Mapping[CredentialId, Credential]:
        """Return those of `ids` that any institution's catalogue holds."""

    def ids_like(self, credential: str) -> Sequence[str]:
        """Return ids of the same institution, to suggest a spelling from."""

    def search(self, query: CredentialQuery, after: str, limit: int) -> tuple[CatalogueEntry, ...]:
        """Return at most `limit` entries that match, in the order of ids, behind `after`."""

    def put_credentials(self, institution: str, changed: Sequence[Credential]) -> None:
        """Keep credentials in the institution's catalogue, many at once."""

    def drop_credentials(self, institution: str, gone: Collection[str]) -> None:
        """Leave out these credentials of the institution's catalogue."""

    def issuers(self, after: str, limit: int) -> tuple[Issuer, ...]:
        """Return at most `limit` issuers in the order of ids, behind `after`."""

    def issuers_of(self, institution: str) -> Mapping[IssuerId, Issuer]:
        """Return the issuers that the institution's catalogue lists."""

    def put_issuer(self, institution: str, issuer: Issuer) -> None:
        """Keep the issuer in the institution's catalogue."""

    def drop_issuers(self, institution: str, gone: Collection[str]) -> None:
        """Leave out these issuers of the institution's catalogue."""

    def loaded_pack(self, institution: str) -> LoadedPack | None:
        """Return the institution's pack as it was loaded last, or None."""

    def keep_loaded_pack(self, institution: str, pack: LoadedPack) -> None:
        """Keep what the institution's pack is, now that it is loaded."""

    def snapshot(self, sha256: str) -> bytes | None:
        """Return a catalogue as it was when an audit looked things up in it, or None."""

    def keep_snapshot(self, sha256: str, content: bytes) -> None:
        """Keep a catalogue for audits to be repeated from; kept already, nothing happens."""


class EditionRepository(Protocol):
    """Rule editions; a published one refuses every change."""

    def awards(self, institution: str, after: str, limit: int) -> tuple[CredentialId, ...]:
        """Return at most `limit` awards with a rule, behind `after`; no institution means all."""

    def entries(self, awards: Collection[str]) -> tuple[EditionEntry, ...]:
        """Return the editions of `awards`, by award, first day and name."""

    def published(self) -> tuple[EditionEntry, ...]:
        """Return every published edition, by award and first day."""

    def published_mark(self) -> str:
        """Return a mark that changes whenever another edition is published."""

    def above(self, awards: Collection[str], *, drafts: bool = False) -> tuple[CredentialId, ...]:
        """Return the awards with a published rule, or a draft, on what becomes of `awards`."""

    def get(self, award: str, edition: str) -> StoredEdition | None:
        """Return one edition with its text, or None."""

    def source(self, sha256: str) -> bytes | None:
        """Return the text of the edition with this digest, or None."""

    def put_draft(self, stored: StoredEdition) -> None:
        """Keep a draft in place of an earlier draft of the same edition."""

    def drop_draft(self, award: str, edition: str) -> None:
        """Forget a draft."""

    def publish(self, award: str, edition: str, at: datetime, who: str) -> None:
        """Freeze a draft."""


class LearnerRepository(Protocol):
    """Learners and what is known of them; what is replaced stays readable as it was recorded."""

    def entry(self, learner: str) -> LearnerEntry | None:
        """Return one learner, or None."""

    def page(self, after: str, limit: int) -> tuple[LearnerEntry, ...]:
        """Return at most `limit` learners in the order of ids, behind `after`."""

    def create(self, learner: LearnerId, at: datetime) -> None:
        """Keep a learner with an empty record."""

    def touch(self, learner: str) -> None:
        """Count a change to the record."""

    def record(self, learner: str, known_at: datetime | None) -> LearnerRecord | None:
        """Return the record as it is, or was at an instant; None where there is no learner."""

    def achievement(self, learner: str, achievement: str) -> Achievement | None:
        """Return one achievement as it is now, or None."""

    def put_achievement(self, learner: str, achievement: Achievement, at: datetime) -> Outcome:
        """Keep an achievement; a different earlier state of it becomes history."""

    def put_achievements(
        self, learner: str, several: Sequence[Achievement], at: datetime
    ) -> tuple[Outcome, ...]:
        """Keep achievements in turn, as `put_achievement` keeps one."""

    def put_milestone(self, learner: str, milestone: Milestone, at: datetime) -> Outcome:
        """Keep a milestone."""

    def put_attestation(self, learner: str, attestation: Attestation, at: datetime) -> Outcome:
        """Keep an attestation, one a requirement and role."""

    def put_adjustment(self, learner: str, adjustment: Adjustment, at: datetime) -> Outcome:
        """Keep an adjustment."""

    def put_attributes(self, learner: str, attributes: Mapping[str, Fact], at: datetime) -> Outcome:
        """Keep exactly these attributes."""

    def put_credentials(
        self, learner: str, described: Sequence[Credential], at: datetime
    ) -> Outcome:
        """Keep exactly these descriptions of credentials that no catalogue lists."""

    def put_declared(self, learner: str, awards: Sequence[CredentialId], at: datetime) -> Outcome:
        """Keep exactly these declared awards."""

    def end(self, learner: str, kind: EntryKind, names: Sequence[str], at: datetime) -> bool:
        """End an entry of the record; say whether there was one."""

    def history(self, learner: str, achievement: str | None) -> tuple[AchievementVersion, ...]:
        """Return every state of one achievement or of all, by id and then as recorded."""


class AuditRepository(Protocol):
    """Stored audits; they are written once and never changed."""

    def add(self, audit: StoredAudit) -> None:
        """Keep an audit."""

    def get(self, audit: str) -> StoredAudit | None:
        """Return an audit, or None."""

    def page(self, learner: str, after: str, limit: int) -> tuple[StoredAudit, ...]:
        """Return at most `limit` audits of a learner, latest first, behind the audit `after`."""


class ChangeRepository(Protocol):
    """Who changed what, when and why."""

    def add(self, *several: Change) -> None:
        """Keep changes."""

    def page(self, subject: str, after: str, limit: int) -> tuple[tuple[str, Change], ...]:
        """Return at most `limit` changes as they came, each with its cursor, behind `after`."""


class ReplyRepository(Protocol):
    """Answers kept under the idempotency keys of their requests."""

    def get(self, client: str, key: str) -> KeptReply | None:
        """Return what is kept under a key, or None."""

    def claim(self, client: str, key: str, request: str, at: datetime) -> None:
        """Keep that a request, by its digest, is being answered; the key has to be locked."""

    def settle(self, client: str, key: str, at: datetime, reply: Reply | None) -> None:
        """Keep the answer to what was claimed at `at`, or give the key back where there is none."""


class PopulationRepository(Protocol):
    """Many learners at once."""

    def size(self, population: Population) -> int:
        """Return how many learners there are."""

    def members(self, population: Population, after: str, limit: int) -> tuple[LearnerId, ...]:
        """Return at most `limit` learners in the order of ids, behind `after`."""

    def records(
        self, learners: Sequence[str], known_at: datetime
    ) -> Mapping[LearnerId, LearnerRecord]:
        """Return the records of learners as they were known at an instant."""


class RunRepository(Protocol):
    """Runs and what they found. Who works on one holds it, and says so time and again."""

    def add(
        self, run: StoredRun, catalogues: Mapping[str, str], texts: Mapping[str, bytes]
    ) -> None:
        """Keep a run with what it rests on.

        These are the digests of catalogues, by institution, and the texts of rules, by digest.
        """

    def get(self, run: str) -> StoredRun | None:
        """Return a run, or None."""

    def page(self, after: str, limit: int) -> tuple[StoredRun, ...]:
        """Return at most `limit` runs, latest first, behind the run `after`."""

    def waiting(self, silent_since: datetime) -> str | None:
        """Return the earliest run that is queued, or whose holder has been silent so long."""

    def claim(self, run: str, holder: str, at: datetime, silent_since: datetime) -> bool:
        """Hold a run that waits; say whether it still did."""

    def beat(self, run: str, holder: str, at: datetime) -> bool:
        """Say that the holder is at work; False where it holds the run no more."""

    def keep(self, run: StoredRun, holder: str, at: datetime, results: Sequence[RunResult]) -> bool:
        """Keep results and how far `run` is with them; False where the holder holds it no more."""

    def leave(self, run: StoredRun, holder: str | None, at: datetime) -> bool:
        """End a run or give it back, in the state that `run` has; None is whoever holds it."""

    def results(
        self, run: str, change: str, after: str, limit: int
    ) -> tuple[tuple[LearnerId, bytes], ...]:
        """Return at most `limit` results by learner, behind `after`; of one change, or of all."""

    def result(self, run: str, learner: str) -> bytes | None:
        """Return what a run found of a learner, or None."""


class Unit(Protocol):
    """One piece of work on storage."""

    @property
    def catalogue(self) -> CatalogueRepository:
        """The catalogue."""

    @property
    def editions(self) -> EditionRepository:
        """Rule editions."""

    @property
    def learners(self) -> LearnerRepository:
        """Learners and records."""

    @property
    def audits(self) -> AuditRepository:
        """Stored audits."""

    @property
    def changes(self) -> ChangeRepository:
        """The change log."""

    @property
    def replies(self) -> ReplyRepository:
        """Kept answers."""

    @property
    def population(self) -> PopulationRepository:
        """Many learners at once."""

    @property
    def runs(self) -> RunRepository:
        """Runs over a population."""

    @property
    def what_ifs(self) -> WhatIfRepository:
        """Saved what-ifs."""

    def lock(self, name: str | None) -> None:
        """Let nobody else past the same name, or any if it is None, before this unit ends."""


class Storage(Protocol):
    """Where units of work come from; it can be sent to other processes."""

    def reading(self) -> AbstractContextManager[Unit]:
        """Open a unit that only reads, on one state of everything."""

    def writing(self) -> AbstractContextManager[Unit]:
        """Open a unit that may write; it commits unless its block raises."""

    def check(self) -> None:
        """Raise NotReadyError where the database cannot be used."""
