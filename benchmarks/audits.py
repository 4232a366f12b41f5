"""Audits of the demonstration's learners: percentiles, throughput, and two comparisons."""

from __future__ import annotations

import gc
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import decide
from app.core.engine.evaluate import Level
from app.core.explain.audits import audit_record
from app.core.language.records import record_from
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from app.interop.audit_json import audit_to_bytes
from app.interop.record_json import record_to_plain
from app.services.errors import ServiceError
from app.services.made_up import made_up_learners
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from app.wiring import packs_in
from benchmarks.plain_model import plain_levels
from benchmarks.timing import at, milliseconds

DAY = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Task:
    """One audit: a compiled award and a record, and both as the bytes that come in and go out."""

    award: CompiledAward
    record: LearnerRecord
    incoming: bytes
    outgoing: object


def tasks() -> list[Task]:
    """Return every learner of the demonstration against every award of the same institution."""
    packs = packs_in(Path("rules"))
    shelf = Shelf.of(packs)
    found = []
    for record in made_up_learners(packs, DAY):
        held = {one.credential.partition("/")[0] for one in record.achievements}
        for award in (one for one in shelf.rules if one.partition("/")[0] in held):
            task = _task(shelf, AwardChoice(award), record)
            found += [task] if task else []
    return found


def _task(shelf: Shelf, choice: AwardChoice, record: LearnerRecord) -> Task | None:
    overrides = {"conversion": "convention"} if choice.award.startswith("passport/") else {}
    try:
        award = shelf.compile(shelf.choose(choice, record, DAY), overrides)
        audit = audit_record([award], record, DAY)[0]
    except (AuditError, ServiceError):
        # No edition binds this learner, or the record has an error for this award.
        return None
    incoming = json.dumps(record_to_plain(record)).encode()
    return Task(award, record, incoming, json.loads(audit_to_bytes(audit)))


def _decide(task: Task) -> object:
    return decide([task.award], task.record, DAY)


def _audit(task: Task) -> object:
    return audit_record([task.award], task.record, DAY)


def _from_bytes_to_bytes(task: Task) -> bytes:
    read = record_from(json.loads(task.incoming))
    assert read.record is not None
    return audit_to_bytes(audit_record([task.award], read.record, DAY)[0])


def _floor(task: Task) -> bytes:
    """Parsing the record and serialising the answer with the same JSON library, no more."""
    json.loads(task.incoming)
    return json.dumps(task.outgoing, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(task: Task) -> list[Level | None]:
    return plain_levels([task.award], task.record, DAY)


def main() -> dict[str, float]:
    """Measure, print, and return the figures by name."""
    every = tasks()
    # As the service does once it has read its rules.
    gc.freeze()
    fast = sum(
        one.method == "bounds"
        for task in every
        for one in decide([task.award], task.record, DAY).answers
    )
    for task in every:
        answers = decide([task.award], task.record, DAY).answers
        assert [one.level[:4] for one in answers] == [one and one[:4] for one in _plain(task)]
    found: dict[str, float] = {
        "audits": len(every),
        "share of answers proven by bounds alone, %": 100 * fast / (3 * len(every)),
    }
    times = milliseconds(
        {
            "decide": _decide,
            "audit": _audit,
            "bytes to bytes": _from_bytes_to_bytes,
            "floor": _floor,
            "plain CP-SAT": _plain,
        },
        every,
    )
    for name, own in times.items():
        found |= {
            f"{name} p50": at(own.every, 50),
            f"{name} p99": at(own.every, 99),
            f"{name} best mean": sum(own.best) / len(own.best),
        }
    found["throughput against plain CP-SAT (decide)"] = (
        found["plain CP-SAT best mean"] / found["decide best mean"]
    )
    found["throughput against plain CP-SAT (audit)"] = (
        found["plain CP-SAT best mean"] / found["audit best mean"]
    )
    for name in ("audit", "bytes to bytes"):
        found[f"{name} against the floor, p50"] = at(times[name].best, 50) / at(
            times["floor"].best, 50
        )
    print("audits of the demonstration's learners (ms)")
    for name, value in found.items():
        print(f"  {name:45} {value:9.3f}")
    return found


if __name__ == "__main__":
    main()
