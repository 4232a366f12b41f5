"""The demonstration: rule packs and made-up learners, loaded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.model.record import LearnerRecord
from app.interop.packs import Pack, check_packs
from app.services.made_up import made_up_learners
from app.services.packs import PackService
from app.services.ports import Clock, Storage, Unit
from app.services.setup_errors import PacksRefusedError
from app.services.stored import Change, Note

DEMONSTRATION = Note("cairn", "demonstration")


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What the demonstration consists of, and whether loading it changed anything."""

    packs: int
    editions: int
    learners: int
    changed: bool


class DemoService:
    """Loads the demonstration."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        packs: PackService,
        read_packs: Callable[[], Sequence[Pack]],
    ) -> None:
        """Keep where things are stored and how packs are read."""
        self._storage = storage
        self._clock = clock
        self._packs = packs
        self._read_packs = read_packs

    def load(self, note: Note = DEMONSTRATION) -> DemoLoaded:
        """Load every pack, and 200 learners; what is there already stays as it is."""
        packs = self._read_packs()
        # A pack that is broken lists nothing: what is wrong with it is told as it is loaded.
        if not any(pack.broken for pack in packs) and (clashes := check_packs(packs)):
            raise PacksRefusedError(clashes)
        changed = self._packs.load_all(packs, note)
        learners = list(made_up_learners(packs, self._clock().date()))
        added = self._add(learners, note)
        return DemoLoaded(
            packs=len(packs),
            editions=sum(len(pack.rules) for pack in packs),
            learners=len(learners),
            changed=changed or added > 0,
        )

    def _add(self, learners: Sequence[LearnerRecord], note: Note) -> int:
        with self._storage.writing() as unit:
            unit.lock("demonstration")
            new = [one for one in learners if unit.learners.entry(one.learner) is None]
            now = self._clock()
            for record in new:
                _keep(unit, record, now)
                unit.changes.add(
                    Change(
                        at=now,
                        who=note.who,
                        what="learner.created",
                        subject=record.learner,
                        why=note.why,
                    )
                )
        return len(new)


def _keep(unit: Unit, record: LearnerRecord, at: datetime) -> None:
    learner = record.learner
    unit.learners.create(learner, at)
    for achievement in record.achievements:
        unit.learners.put_achievement(learner, achievement, at)
    for milestone in record.milestones:
        unit.learners.put_milestone(learner, milestone, at)
    for attestation in record.attestations:
        unit.learners.put_attestation(learner, attestation, at)
    unit.learners.put_credentials(learner, record.credentials, at)
    unit.learners.put_attributes(learner, record.attributes, at)
    unit.learners.put_declared(learner, record.declared, at)
    unit.learners.touch(learner)
