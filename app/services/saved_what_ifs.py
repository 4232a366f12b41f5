"""What-ifs saved under a name: compared, kept as they came out, and compared again later."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.explain.difference import between
from app.interop.what_if_json import account_from_plain, comparison_to_plain, difference_to_plain
from app.services.canonical import Json, canonical_json, digest
from app.services.learners import learner_entry, log_change
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage, Unit
from app.services.stored import Note, Page, spoken_instant
from app.services.stored_what_ifs import StoredComparison, StoredWhatIf
from app.services.what_if import Comparison, WhatIfService
from app.services.what_if_errors import (
    FullError,
    NameTakenError,
    QuestionTooLongError,
    UnknownComparisonError,
    UnknownWhatIfError,
)
from app.services.what_if_question import WhatIfQuestion

ID_LENGTH = 32
MOST_BYTES = 64 * 1024
MOST_SAVED, MOST_COMPARED = 200, 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY = "[0-9]{1,16} [0-9a-f]{32}"
"""Where a list goes on, in microseconds and with an id: what stood there may be removed."""


@dataclass(frozen=True, slots=True)
class SavedWhatIf:
    """A saved what-if, and one of its comparisons: where nobody says, the latest."""

    stored: StoredWhatIf
    comparison: StoredComparison


@dataclass(frozen=True, slots=True)
class _Compared:
    """A what-if as it is kept so far, and what came of it at an instant."""

    stored: StoredWhatIf
    comparison: Comparison
    at: datetime


class SavedWhatIfService:
    """Keeps what is asked with every answer to it."""

    def __init__(self, storage: Storage, clock: Clock, what_if: WhatIfService, engine: str) -> None:
        """Keep where things are stored; `engine` names this version of the program."""
        self._storage = storage
        self._clock = clock
        self._what_if = what_if
        self._engine = engine

    def save(self, learner: str, name: str, question: WhatIfQuestion, note: Note) -> SavedWhatIf:
        """Compare, and keep the question under a name with what came of it; NameTakenError."""
        now = self._clock()
        with self._storage.reading() as unit:
            owner = learner_entry(unit, learner).id
            _refuse_taken(unit, learner, name)
        written = question.written()
        if len(written) > MOST_BYTES:
            raise QuestionTooLongError(len(written), MOST_BYTES)
        stored = StoredWhatIf(
            id=digest(f"{learner} {spoken_instant(now)} {name}".encode())[:ID_LENGTH],
            learner=owner,
            name=name,
            question=written,
            created_at=now,
        )
        found = self._compared(stored, question, now)
        with self._storage.writing() as unit:
            unit.lock(f"what-ifs of {learner}")
            _refuse_taken(unit, learner, name)
            if unit.what_ifs.count(learner) >= MOST_SAVED:
                raise FullError("what-ifs of the learner", MOST_SAVED)
            unit.what_ifs.add(stored)
            return self._keep(unit, _Compared(stored, found, now), None, note)

    def list(
        self, learner: str, cursor: str | None = None, limit: int = LISTED
    ) -> Page[StoredWhatIf]:
        """Return a learner's what-ifs, latest first."""
        with self._storage.reading() as unit:
            learner_entry(unit, learner)
            return page(
                f"what-ifs of {learner}",
                lambda after, count: unit.what_ifs.page(learner, _place(after), count),
                _key,
                cursor,
                limit,
                form=KEY,
            )

    def read(self, learner: str, what_if: str, number: int | None = None) -> SavedWhatIf:
        """Return a what-if with its latest comparison or that of a number."""
        with self._storage.reading() as unit:
            stored = stored_of(unit, learner, what_if)
            return SavedWhatIf(stored, comparison_of(unit, stored, number))

    def comparisons(
        self, learner: str, what_if: str, cursor: str | None = None, limit: int = LISTED
    ) -> Page[StoredComparison]:
        """Return the comparisons of a what-if, first to last."""
        with self._storage.reading() as unit:
            stored = stored_of(unit, learner, what_if)
            return page(
                f"comparisons of {stored.id}",
                lambda after, count: unit.what_ifs.comparisons(stored.id, int(after or 0), count),
                lambda one: str(one.number),
                cursor,
                limit,
                form=r"[0-9]{1,9}",
            )

    def compare(self, learner: str, what_if: str, note: Note) -> SavedWhatIf:
        """Compare again by what is known and in force now, and keep that, too."""
        now = self._clock()
        with self._storage.reading() as unit:
            stored = stored_of(unit, learner, what_if)
        found = self._compared(stored, WhatIfQuestion.read(stored.question), now)
        with self._storage.writing() as unit:
            unit.lock(f"what-ifs of {learner}")
            # Others may have compared it later or removed it meanwhile.
            stored = stored_of(unit, learner, what_if)
            latest = comparison_of(unit, stored, None)
            if latest.compared_at > now:
                return SavedWhatIf(stored, latest)
            if stored.compared >= MOST_COMPARED:
                raise FullError("comparisons of the what-if", MOST_COMPARED)
            return self._keep(unit, _Compared(stored, found, now), latest, note)

    def drop(self, learner: str, what_if: str, note: Note) -> None:
        """Remove a what-if with its comparisons and the links to it."""
        with self._storage.writing() as unit:
            unit.lock(f"what-ifs of {learner}")
            stored = stored_of(unit, learner, what_if)
            unit.what_ifs.drop(stored.id)
            facts = {"what_if": stored.id, "name": stored.name}
            log_change(unit, self._clock(), note, "what-if.removed", learner, facts)

    def _compared(
        self, stored: StoredWhatIf, question: WhatIfQuestion, now: datetime
    ) -> Comparison:
        return self._what_if.compare(
            stored.learner,
            question.choices,
            question.hypothesis,
            question.as_of or now.date(),
            question.wishes,
        )

    def _keep(
        self, unit: Unit, came: _Compared, earlier: StoredComparison | None, note: Note
    ) -> SavedWhatIf:
        """Keep what came of a what-if now; None where it was never compared before."""
        found, number = came.comparison, came.stored.compared + 1
        plain = comparison_to_plain(found.before, found.after, found.differences)
        plain["since"] = None if earlier is None else _since(json.loads(earlier.document), plain)
        stored = replace(came.stored, compared=number)
        comparison = StoredComparison(
            number=number,
            as_of=found.after[0].as_of,
            compared_at=came.at,
            engine=self._engine,
            document=canonical_json(plain),
        )
        unit.what_ifs.keep(stored.id, comparison)
        what = "what-if.saved" if earlier is None else "what-if.compared"
        facts: dict[str, Json] = {"what_if": stored.id, "name": stored.name, "number": number}
        log_change(unit, came.at, note, what, stored.learner, facts)
        return SavedWhatIf(stored, comparison)


def stored_of(unit: Unit, learner: str, what_if: str) -> StoredWhatIf:
    """Return a learner's what-if; UnknownWhatIfError."""
    found = unit.what_ifs.get(what_if)
    if found is None or found.learner != learner:
        raise UnknownWhatIfError(learner, what_if)
    return found


def comparison_of(unit: Unit, stored: StoredWhatIf, number: int | None) -> StoredComparison:
    """Return the comparison of a number, else the latest; UnknownComparisonError."""
    wanted = stored.compared if number is None else number
    if not 1 <= wanted <= stored.compared:
        raise UnknownComparisonError(wanted, stored.compared)
    (found,) = unit.what_ifs.comparisons(stored.id, wanted - 1, 1)
    return found


def _key(one: StoredWhatIf) -> str:
    return f"{(one.created_at - EPOCH) // timedelta(microseconds=1)} {one.id}"


def _place(key: str) -> tuple[datetime, str] | None:
    if not key:
        return None
    at, _, what_if = key.partition(" ")
    return EPOCH + timedelta(microseconds=int(at)), what_if


def _since(earlier: dict[str, Any], later: dict[str, Any]) -> list[dict[str, Any]]:
    """What has changed in how it comes out; the awards are the same ones in the same order."""
    pairs = zip(earlier["after"], later["after"], strict=True)
    return [
        difference_to_plain(between(account_from_plain(old), account_from_plain(new)))
        for old, new in pairs
    ]


def _refuse_taken(unit: Unit, learner: str, name: str) -> None:
    taken = unit.what_ifs.named(learner, name)
    if taken is not None:
        raise NameTakenError(name, taken)
