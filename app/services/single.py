"""What single change would complete awards: of a kept learner, of a record, by other editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.engine.compiled import CompiledAward
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from app.core.search.single import SingleChange, complete, single_changes
from app.interop.what_if_json import single_change_to_plain
from app.services.audits import in_view, record_of
from app.services.basis import Gathering
from app.services.compiling import Compiler
from app.services.errors import NotAuditableError, ServiceError
from app.services.ports import Clock, Storage, Unit
from app.services.stored import AwardChoice


@dataclass(frozen=True, slots=True)
class SingleChanges:
    """Whether awards are complete by what is earned, and if not each change that completes them."""

    awards: tuple[CompiledAward, ...]
    as_of: date
    complete: bool
    changes: tuple[SingleChange, ...]


def single_changes_to_plain(found: SingleChanges) -> dict[str, Any]:
    """Return the answer as plain JSON values."""
    return {
        "as_of": found.as_of.isoformat(),
        "awards": [
            {"award": one.rule.award, "title": one.rule.title, "edition": one.rule.edition}
            for one in found.awards
        ],
        "complete": found.complete,
        "changes": [single_change_to_plain(one, found.awards) for one in found.changes],
    }


def found_singly(
    awards: Sequence[CompiledAward],
    others: Mapping[str, CompiledAward],
    record: LearnerRecord,
    as_of: date,
) -> SingleChanges:
    """Return each single change that completes awards; `others` are other editions of the one.

    NotAuditableError where the record cannot be judged as it is.
    """
    known = tuple([one.beside(record.credentials) for one in awards])
    try:
        if complete(awards, record, as_of):
            return SingleChanges(known, as_of, complete=True, changes=())
        changes = single_changes(awards, record, as_of)
    except AuditError as cause:
        raise NotAuditableError(cause) from cause
    editions = [
        SingleChange("edition", edition=name)
        for name, one in others.items()
        if _complete(one, record, as_of)
    ]
    return SingleChanges(known, as_of, complete=False, changes=(*changes, *editions))


def _complete(award: CompiledAward, record: LearnerRecord, as_of: date) -> bool:
    try:
        return complete([award], record, as_of)
    except AuditError:
        return False


class SingleChangeService:
    """Tries every single change; nothing is stored."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def of_learner(
        self, learner: str, choices: Sequence[AwardChoice], as_of: date | None = None
    ) -> SingleChanges:
        """Return what would complete awards for a learner; UnknownLearnerError."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            record = in_view(record_of(unit, learner), day)
            ground = self._ground(unit, record, choices, day)
        return found_singly(*ground, record, day)

    def of_record(
        self, record: LearnerRecord, choices: Sequence[AwardChoice], as_of: date | None = None
    ) -> SingleChanges:
        """Return what would complete awards for a record that nobody keeps."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            ground = self._ground(unit, record, choices, day)
        return found_singly(*ground, record, day)

    def _ground(
        self, unit: Unit, record: LearnerRecord, choices: Sequence[AwardChoice], day: date
    ) -> tuple[list[CompiledAward], dict[str, CompiledAward]]:
        """The awards by the editions asked for, and where it is one by its other editions."""
        gathering = Gathering(unit, self._compiler, record, day)
        awards = self._compiled(gathering, choices)
        if len(choices) > 1:
            return awards, {}
        award, own = choices[0].award, awards[0].rule.edition
        others = {}
        for entry in unit.editions.entries([award]):
            if entry.status != "published" or entry.edition == own:
                continue
            try:
                (other,) = self._compiled(gathering, [AwardChoice(award, entry.edition)])
            except ServiceError:
                continue
            others[entry.edition] = other
        return awards, others

    def _compiled(
        self, gathering: Gathering, choices: Sequence[AwardChoice]
    ) -> list[CompiledAward]:
        basis = gathering.basis(choices)
        return [self._compiler.award(one, basis.foreign) for one in basis.awards]
