"""Audits: given, stored with all that they were made from, and made again from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.errors import AuditError
from app.core.model.record import Achievement, LearnerRecord
from app.core.model.wish import NOTHING_WANTED, Wanted, Wish
from app.interop.audit_json import audit_to_bytes
from app.services.basis import Basis, Gathering, WrittenRule
from app.services.canonical import Json, canonical_json, digest
from app.services.catalogue_json import credential_from_plain, credential_to_plain
from app.services.compiling import Compiler, Ground
from app.services.errors import (
    NotAuditableError,
    UnknownAuditError,
    UnknownLearnerError,
)
from app.services.grounds import ground_to_plain, stored_ground
from app.services.learners import learner_entry
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage, Unit
from app.services.record_codec import record_from_plain, record_to_plain
from app.services.stored import (
    AuditOutput,
    AwardChoice,
    Page,
    Repetition,
    StoredAudit,
    spoken_instant,
)
from app.services.wanted import (
    NO_WISHES,
    Wishes,
    wanted_from_plain,
    wanted_of,
    wanted_to_plain,
)

ID_LENGTH = 32


class AuditService:
    """Judges records by rules."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler, engine: str) -> None:
        """Keep where things are stored; `engine` names this version of the program."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler
        self._engine = engine

    def audit(
        self,
        learner: str,
        choices: Sequence[AwardChoice],
        as_of: date | None = None,
        wishes: Wishes = NO_WISHES,
    ) -> StoredAudit:
        """Audit a learner against awards together, in that order, and store the answer.

        `as_of` is today where nobody says.
        """
        now = self._clock()
        day = as_of or now.date()
        with self._storage.reading() as unit:
            record = in_view(record_of(unit, learner), day)
            basis = Gathering(unit, self._compiler, record, day).basis(choices)
            wanted = wanted_of(unit, learner, wishes)
        audits = judge(self._compiler, basis, record, day, wanted)
        said = {**_inputs(basis, record, day, self._engine), **wanted_to_plain(wanted)}
        inputs = canonical_json(said)
        stored = StoredAudit(
            id=digest(f"{learner} {spoken_instant(now)} ".encode() + inputs)[:ID_LENGTH],
            learner=record.learner,
            as_of=day,
            recorded_at=now,
            engine=self._engine,
            input_hash=digest(inputs),
            inputs=inputs,
            outputs=tuple(
                _output(one, ground) for one, ground in zip(audits, basis.awards, strict=True)
            ),
        )
        self._keep(stored, basis)
        return stored

    def _keep(self, stored: StoredAudit, basis: Basis) -> None:
        with self._storage.writing() as unit:
            for ground in (*basis.awards, *basis.higher):
                unit.catalogue.keep_snapshot(ground.view.sha256, ground.view.content)
            unit.audits.add(stored)

    def read(self, audit: str) -> StoredAudit:
        """Return a stored audit, byte for byte as it was given."""
        with self._storage.reading() as unit:
            found = unit.audits.get(audit)
        if found is None:
            raise UnknownAuditError(audit)
        return found

    def list(
        self, learner: str, cursor: str | None = None, limit: int = LISTED
    ) -> Page[StoredAudit]:
        """Return a learner's audits, latest first."""
        with self._storage.reading() as unit:
            learner_entry(unit, learner)
            return page(
                f"audits of {learner}",
                lambda after, count: unit.audits.page(learner, after, count),
                lambda one: one.id,
                cursor,
                limit,
            )

    def repeat(self, audit: str) -> Repetition:
        """Make a stored audit again from its inputs and say whether every byte agrees."""
        stored = self.read(audit)
        inputs = json.loads(stored.inputs)
        record = record_from_plain(inputs["record"])
        with self._storage.reading() as unit:
            basis = _stored_basis(unit, self._compiler, inputs)
        wanted = wanted_from_plain(inputs)
        audits = judge(self._compiler, basis, record, stored.as_of, wanted)
        outputs = [audit_to_bytes(one) for one in audits]
        same = outputs == [one.output for one in stored.outputs]
        return Repetition(stored, same, self._engine)

    def evaluate(
        self,
        record: LearnerRecord,
        choices: Sequence[AwardChoice] = (),
        rules: Sequence[WrittenRule] = (),
        as_of: date | None = None,
        policies: Mapping[str, str] | None = None,
        *,
        wishes: Sequence[Wish] = (),
    ) -> tuple[Audit, ...]:
        """Audit a record that nobody keeps, by published awards and by rules given as text."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            basis = Gathering(unit, self._compiler, record, day).basis(choices, rules, policies)
        wanted = Wanted(tuple(wishes)) if wishes else NOTHING_WANTED
        return judge(self._compiler, basis, record, day, wanted)


def record_of(unit: Unit, learner: str) -> LearnerRecord:
    """Return a learner's record as audits take it; UnknownLearnerError.

    What it describes and a catalogue lists by now is left out: the catalogue is what counts.
    """
    record = unit.learners.record(learner, None)
    if record is None:
        raise UnknownLearnerError(learner)
    if not record.credentials:
        return record
    listed = unit.catalogue.credentials({one.id for one in record.credentials})
    own = tuple(one for one in record.credentials if one.id not in listed)
    return replace(record, credentials=own)


def in_view(record: LearnerRecord, as_of: date) -> LearnerRecord:
    """Return what of a record lies on or before a day; plans lie in the future by nature.

    Decisions for later days are kept: an audit tells that they are not in force yet.
    """
    return replace(
        record,
        achievements=tuple(
            _undated_later(one, as_of) for one in record.achievements if _begun(one, as_of)
        ),
        milestones=tuple(one for one in record.milestones if one.on <= as_of),
        attestations=tuple(one for one in record.attestations if one.on <= as_of),
    )


def _begun(one: Achievement, as_of: date) -> bool:
    if one.status == "planned":
        return True
    return (one.earned or as_of) <= as_of and (one.started or as_of) <= as_of


def _undated_later(one: Achievement, as_of: date) -> Achievement:
    later = one.status != "planned" and one.awarded is not None and one.awarded > as_of
    return replace(one, awarded=None) if later else one


def judge(
    compiler: Compiler,
    basis: Basis,
    record: LearnerRecord,
    as_of: date,
    wanted: Wanted = NOTHING_WANTED,
) -> tuple[Audit, ...]:
    """Audit a record on its basis; NotAuditableError where it cannot be judged."""
    awards = [compiler.award(ground, basis.foreign) for ground in basis.awards]
    higher = [compiler.award(ground, basis.foreign) for ground in basis.higher]
    try:
        return audit_record(awards, record, as_of, higher, wanted)
    except AuditError as cause:
        raise NotAuditableError(cause) from cause


def _output(audit: Audit, ground: Ground) -> AuditOutput:
    return AuditOutput(
        award=audit.award,
        edition=audit.edition,
        catalogue=ground.view.sha256,
        met=audit.now.met,
        percent=audit.now.progress.percent,
        output=audit_to_bytes(audit),
    )


def _inputs(basis: Basis, record: LearnerRecord, as_of: date, engine: str) -> dict[str, Json]:
    return {
        "as_of": as_of.isoformat(),
        "awards": [ground_to_plain(one) for one in basis.awards],
        "engine": engine,
        "foreign": [credential_to_plain(one) for one in basis.foreign],
        "higher": [ground_to_plain(one) for one in basis.higher],
        "record": record_to_plain(record),
    }


def _stored_basis(unit: Unit, compiler: Compiler, inputs: Mapping[str, Any]) -> Basis:
    return Basis(
        tuple(stored_ground(unit, compiler, one) for one in inputs["awards"]),
        tuple(stored_ground(unit, compiler, one) for one in inputs["higher"]),
        tuple(credential_from_plain(one) for one in inputs["foreign"]),
    )
