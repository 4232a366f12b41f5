"""What single change would complete awards: of a kept learner, of a record, by other editions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
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
from app.services.what_if_errors import TooMuchToTryError

# Each change is an audit: more achievements than this take longer than anybody waits.
MOST_HELD = 200


@dataclass(frozen=True, slots=True)
class SingleChanges:
    """Whether awards are complete by what is earned, and if not each change that completes them.

    `proven` says that no other single change does.
    """

    awards: tuple[CompiledAward, ...]
    as_of: date
    complete: bool
    changes: tuple[SingleChange, ...]
    proven: bool


def single_changes_to_plain(found: SingleChanges) -> dict[str, Any]:
    """Return the answer as plain JSON values."""
    return {
        "as_of": found.as_of.isoformat(),
        "awards": [
            {"award": one.rule.award, "title": one.rule.title, "edition": one.rule.edition}
            for one in found.awards
        ],
        "complete": found.complete,
        "proven": found.proven,
        "changes": [single_change_to_plain(one, found.awards) for one in found.changes],
    }


def found_singly(
    awards: Sequence[CompiledAward],
    others: Mapping[str, Callable[[], CompiledAward]],
    record: LearnerRecord,
    as_of: date,
) -> SingleChanges:
    """Return each single change that completes awards; `others` gives other editions of the one.

    TooMuchToTryError; NotAuditableError where the record cannot be judged as it is.
    """
    if len(record.achievements) > MOST_HELD:
        raise TooMuchToTryError(len(record.achievements), MOST_HELD)
    known = tuple([one.beside(record.credentials) for one in awards])
    try:
        if complete(awards, record, as_of):
            return SingleChanges(known, as_of, complete=True, changes=(), proven=True)
        changes, proven = single_changes(awards, record, as_of)
    except AuditError as cause:
        raise NotAuditableError(cause) from cause
    editions = [
        SingleChange("edition", edition=name)
        for name, edition in others.items()
        if _complete(edition, record, as_of)
    ]
    return SingleChanges(known, as_of, complete=False, changes=(*changes, *editions), proven=proven)


def _complete(edition: Callable[[], CompiledAward], record: LearnerRecord, as_of: date) -> bool:
    """Say whether an edition that has begun is complete; one that cannot judge is not."""
    try:
        award = edition()
        return award.rule.effective.start <= as_of and bool(complete([award], record, as_of))
    except (AuditError, ServiceError):
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
            return found_singly(*self._ground(unit, record, choices, day), record, day)

    def of_record(
        self, record: LearnerRecord, choices: Sequence[AwardChoice], as_of: date | None = None
    ) -> SingleChanges:
        """Return what would complete awards for a record that nobody keeps."""
        day = as_of or self._clock().date()
        with self._storage.reading() as unit:
            return found_singly(*self._ground(unit, record, choices, day), record, day)

    def _ground(
        self, unit: Unit, record: LearnerRecord, choices: Sequence[AwardChoice], day: date
    ) -> tuple[list[CompiledAward], dict[str, Callable[[], CompiledAward]]]:
        """The awards by the editions asked for, and where it is one its other editions."""
        gathering = Gathering(unit, self._compiler, record, day)
        basis = gathering.basis(choices)
        awards = [self._compiler.award(one, basis.foreign) for one in basis.awards]
        if len(choices) > 1:
            return awards, {}
        award, own = choices[0].award, awards[0].rule.edition

        def compiled(edition: str) -> CompiledAward:
            other = gathering.basis([AwardChoice(award, edition)])
            return self._compiler.award(other.awards[0], other.foreign)

        entries = unit.editions.entries([award])
        published = [one.edition for one in entries if one.status == "published"]
        return awards, {name: partial(compiled, name) for name in published if name != own}
