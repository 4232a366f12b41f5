"""Members of a run judged where their records are read: between processes go ids and results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.model.record import LearnerId
from app.core.search.impact import UNCHANGED, Impact, count_changes
from app.interop.audit_json import to_bytes
from app.interop.impact_json import impact_to_plain
from app.services.comparing import as_judged
from app.services.impact import ImpactBasis, ImpactJudge
from app.services.ports import Storage
from app.services.stored_runs import RunResult


@dataclass(frozen=True, slots=True)
class Judging:
    """Where records are, as they were known at an instant, and what they are judged by."""

    storage: Storage
    known_at: datetime
    basis: ImpactBasis


@dataclass(frozen=True, slots=True)
class JudgedMembers:
    """What became of some members, in their order, and how many there are of each kind."""

    results: Sequence[RunResult]
    counts: Counter[str]


class MemberJudge:
    """Judges members of a population by their ids."""

    def __init__(self, judging: Judging) -> None:
        """Compile what they are judged by; NotAuditableError."""
        self._judging = judging
        self._judge = ImpactJudge(judging.basis)

    def __call__(self, members: Sequence[LearnerId]) -> JudgedMembers:
        """Return what becomes of some members."""
        judging = self._judging
        with judging.storage.reading() as unit:
            records = unit.population.records(members, judging.known_at)
        found = self._judge([as_judged(records[one], judging.basis) for one in members])
        counts = count_changes(impact for _, impact in found)
        return JudgedMembers([_result(*one) for one in found], counts)


def _result(learner: LearnerId, impact: Impact) -> RunResult:
    plain = impact_to_plain(learner, impact)
    return RunResult(learner, impact.changes or (UNCHANGED,), to_bytes(plain))
