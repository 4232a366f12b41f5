"""Many made-up learners of the small institution, and a draft that changes much for them."""

from __future__ import annotations

from datetime import date
from random import Random

from app.core.model.credential import CredentialId
from app.core.model.record import Achievement, AchievementId, LearnerId, LearnerRecord, Status
from app.persistence.storage import SqlStorage
from app.services.stored import Note
from app.wiring import Services
from tests.services.builders import CERTIFICATE, MARCH, edition

NAMES = "abcd"
NOTE = Note("registrar", "test")
DRAFT = edition(
    "2027",
    "2027-01-01",
    CERTIFICATE.replace("take: x/a", "credits: 10, from: {type: unit}").replace(
        "credits: 20\n", "credits: 10\n"
    ),
)


def made_record(number: int, seed: int = 1) -> LearnerRecord:
    """Return a learner's record; some of them cannot be audited."""
    chance = Random(f"{seed}/{number}")
    statuses: list[Status] = ["earned", "earned", "earned", "in-progress", "planned", "failed"]
    held = []
    for name in chance.sample(NAMES, chance.randrange(len(NAMES) + 1)):
        status = chance.choice(statuses)
        held.append(
            Achievement(
                id=AchievementId(name),
                credential=CredentialId(f"x/{name}"),
                status=status,
                grade=chance.choice("AABBF") if status == "earned" else "",
                earned=date(2025, 1, 31) if status == "earned" else None,
            )
        )
    if chance.random() < 0.1:
        held.append(
            Achievement(
                id=AchievementId("z"),
                credential=CredentialId("x/zoology"),
                status="earned",
                earned=date(2025, 1, 31),
            )
        )
    return LearnerRecord(learner=LearnerId(f"learner-{number:05}"), achievements=tuple(held))


def keep_learners(services: Services, count: int) -> list[LearnerRecord]:
    """Keep learners, past what would refuse a wrong record, and return them."""
    assert isinstance(services.storage, SqlStorage)
    records = [made_record(number) for number in range(count)]
    with services.storage.writing() as unit:
        for record in records:
            unit.learners.create(record.learner, MARCH)
            unit.learners.put_achievements(record.learner, record.achievements, MARCH)
    return records


def keep_draft(services: Services) -> None:
    """Keep the draft."""
    services.publishing.put_draft(DRAFT, NOTE)
