"""What is kept beside the nouns of the core: editions, versions, audits, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from app.core.language.diagnostics import Diagnostic
from app.core.model.credential import (
    MANDATORY_ELEMENTS,
    Credential,
    CredentialId,
    Issuer,
    elements_present,
)
from app.core.model.period import Period
from app.core.model.record import Achievement, LearnerId, LearnerRecord
from app.services.canonical import Json, canonical_json

Entry = TypeVar("Entry")
EditionStatus = Literal["draft", "published"]
Outcome = Literal["created", "changed", "unchanged"]
WITH_ISSUE = frozenset({"learner", "date-of-issuing"})


@dataclass(frozen=True, slots=True)
class Note:
    """Who writes, and why."""

    who: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[Entry]):
    """A part of a list in a stable order; `next` is the cursor of what follows."""

    items: tuple[Entry, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class AwardChoice:
    """An award to judge by; without `edition` by the one that binds the learner."""

    award: CredentialId
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution whose catalogue is kept; `revision` counts the changes to it."""

    id: str
    title: str
    revision: int


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack as it was loaded last: the digest of its files, and that of each of its entries."""

    sha256: str
    entries: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A credential as the catalogue keeps it, and which mandatory elements are there or missing.

    Two of the eleven, the learner and the day, come only with issue and are not looked for here.
    """

    credential: Credential
    issuer: Issuer | None
    institution: str
    revision: str
    present: tuple[str, ...]
    missing: tuple[str, ...]

    @classmethod
    def of(
        cls, credential: Credential, issuer: Issuer | None, institution: str, revision: int
    ) -> CatalogueEntry:
        """Return the entry, with its elements looked for."""
        present = elements_present(credential, issuer, issued=False)
        missing = tuple(
            name for name in MANDATORY_ELEMENTS if name not in present and name not in WITH_ISSUE
        )
        return cls(
            credential=credential,
            issuer=issuer,
            institution=institution,
            revision=str(revision),
            present=present,
            missing=missing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialQuery:
    """What a credential must match; what is empty asks nothing. `text` stands in id or title."""

    text: str = ""
    type: str = ""
    issuer: str = ""
    institution: str = ""
    tag: str = ""
    field: str = ""
    framework: str = ""
    level: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionEntry:
    """A rule edition without its text; `in_force` ends where a later edition begins."""

    award: CredentialId
    edition: str
    title: str
    status: EditionStatus
    effective: Period
    in_force: Period
    sha256: str
    recorded_at: datetime
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """A rule edition with its text, byte for byte as written.

    `lower` names the awards of which the rule says what becomes of them.
    """

    entry: EditionEntry
    source: bytes
    lower: tuple[CredentialId, ...] = ()


@dataclass(frozen=True, slots=True)
class NestedEdition:
    """An edition that stands in another rule, and the digest of its text."""

    award: CredentialId
    edition: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AwardEntry:
    """An award that has a rule, and its editions by the day they begin."""

    award: CredentialId
    title: str
    institution: str
    editions: tuple[EditionEntry, ...]


@dataclass(frozen=True, slots=True)
class LearnerEntry:
    """A learner of whom a record is kept; `revision` changes with every change of the record."""

    id: LearnerId
    revision: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Written(Generic[Entry]):
    """What a write of a part of a record says, and the revision at which it left the record."""

    what: Entry
    revision: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """A learner's record, and the revision at which it was read."""

    record: LearnerRecord
    revision: str


@dataclass(frozen=True, slots=True)
class AchievementVersion:
    """One state of an achievement, and from when until when it was what we knew."""

    achievement: Achievement
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who changed what, when and why; `what` is such as `achievement.changed`."""

    at: datetime
    who: str
    what: str
    subject: str
    why: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineResult:
    """What happened to one line of a bulk write, counted from nought."""

    line: int
    outcome: Outcome | Literal["refused"]
    achievement: str = ""
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOutput:
    """One award's part of a stored audit: the catalogue's digest, and the audit as JSON."""

    award: CredentialId
    edition: str
    catalogue: str
    met: bool
    percent: int
    output: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAudit:
    """An audit as it was given, and everything that it was made from."""

    id: str
    learner: LearnerId
    as_of: date
    recorded_at: datetime
    engine: str
    input_hash: str
    inputs: bytes
    outputs: tuple[AuditOutput, ...]

    @property
    def body(self) -> bytes:
        """The answer as canonical JSON: the same bytes whenever it is read."""
        head = canonical_json(
            {
                "as_of": self.as_of.isoformat(),
                "engine": self.engine,
                "id": self.id,
                "input_hash": self.input_hash,
                "learner": self.learner,
                "recorded_at": spoken_instant(self.recorded_at),
            }
        )
        audits = b",".join(output.output for output in self.outputs)
        return b'{"audits":[' + audits + b"]," + head[1:]


@dataclass(frozen=True, slots=True)
class Repetition:
    """A stored audit made again from what is stored; `same` says that every byte agrees."""

    audit: StoredAudit
    same: bool
    engine_now: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to a request that carried an idempotency key."""

    status: int
    media_type: str
    body: bytes
    location: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """Which request a key belongs to, since when, and the answer; None while nobody has it yet."""

    request: str
    at: datetime
    reply: Reply | None


def spoken_instant(at: datetime) -> str:
    """Return an instant in UTC as RFC 3339 writes it, to the microsecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
