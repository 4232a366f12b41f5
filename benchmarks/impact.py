"""The impact of a draft on many learners: a run through the store, and what a learner costs.

`python -m benchmarks.impact --count 50000` measures as many; the same seed gives the same learners.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from app.core.model.record import Achievement, LearnerId, LearnerRecord
from app.persistence.migrate import migrate
from app.persistence.storage import SqlStorage, open_engine
from app.services.comparing import stored_basis
from app.services.impact import ImpactJudge
from app.services.made_up import made_up_learners
from app.services.runs import ImpactQuestion
from app.services.stored import Note
from app.wiring import Services, join, packs_in
from benchmarks.timing import milliseconds

COUNT = 2000
WORKERS = 2
SAMPLE = 200
AWARD, OLD, NEW = "boulder/ms-cs", "2024-25", "2030"
CHANGES = {
    f"edition: {OLD}": f'edition: "{NEW}"',
    "from: 2024-08-01": "from: 2030-08-01",
    "credits: 15\n      from: {tag: breadth}": "credits: 18\n      from: {tag: breadth}",
    "credits: 15\n      from: {tag: elective}": "credits: 12\n      from: {tag: elective}",
}
DAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
NOTE = Note("benchmark", "population")


def population(count: int, seed: int = 1) -> Iterator[LearnerRecord]:
    """Yield the demonstration's learners at the award's institution, each time otherwise."""
    institution = AWARD.partition("/")[0]
    models = [
        one
        for one in made_up_learners(packs_in(Path("rules")), DAY)
        if any(held.credential.startswith(f"{institution}/") for held in one.achievements)
    ]
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        model = chance.choice(models)
        held = tuple(_otherwise(one, chance) for one in model.achievements if chance.random() < 0.9)
        yield replace(model, learner=LearnerId(f"learner-{number:06}"), achievements=held)


def _otherwise(one: Achievement, chance: random.Random) -> Achievement:
    if one.status == "earned" and chance.random() < 0.1:
        return replace(one, status="planned", grade="", earned=None, awarded=None)
    return one


def drafted(source: bytes) -> bytes:
    """Return the draft: the rule with more breadth and fewer electives."""
    text = source.decode()
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def keep(services: Services, records: Sequence[LearnerRecord]) -> None:
    """Load the packs, write the draft, and keep the learners in one transaction."""
    for pack in packs_in(Path("rules")):
        services.packs.load(pack, NOTE)
    services.publishing.put_draft(drafted(services.awards.edition(AWARD, OLD).source), NOTE)
    with services.storage.writing() as unit:
        for record in records:
            unit.learners.create(record.learner, NOW)
            unit.learners.put_achievements(record.learner, record.achievements, NOW)
            for milestone in record.milestones:
                unit.learners.put_milestone(record.learner, milestone, NOW)
            if record.attributes:
                unit.learners.put_attributes(record.learner, record.attributes, NOW)


def measured(services: Services, records: Sequence[LearnerRecord]) -> dict[str, float]:
    """Return the figures of a run over learners who are kept."""
    question = ImpactQuestion(NEW, OLD, DAY)
    run = services.runs.start_impact(AWARD, question, NOTE)
    start = perf_counter()
    services.runner.work()
    seconds = perf_counter() - start
    ended = services.runs.get(run.id)
    assert (ended.state, ended.judged) == ("finished", len(records))
    with services.storage.reading() as unit:
        basis = stored_basis(unit, services.compiler, ended.inputs)
    judge, sample = ImpactJudge(basis), records[:SAMPLE]
    times = milliseconds(
        {"decided": judge.judge, "in words": judge.explain},
        [one for one in sample if "not-audited" not in judge.judge(one).changes],
        rounds=3,
    )
    mean = {name: sum(own.best) / len(own.best) for name, own in times.items()}
    return {
        "learners": len(records),
        "workers": WORKERS,
        "run, s": seconds,
        "learners a second": len(records) / seconds,
        "changed, %": 100 * (1 - ended.counts["unchanged"] / len(records)),
        "one learner decided, ms": mean["decided"],
        "one learner in words, ms": mean["in words"],
        "of the workers' time, %": mean["decided"] * len(records) / (10 * WORKERS * seconds),
    }


def main(count: int = COUNT) -> dict[str, float]:
    """Measure, print, and return the figures by name."""
    records = list(population(count))
    with TemporaryDirectory() as directory:
        engine = open_engine(f"sqlite:///{directory}/cairn.db")
        migrate(engine)
        services = join(SqlStorage(engine), lambda: datetime.now(UTC), Path("rules"), WORKERS)
        keep(services, records)
        found = measured(services, records)
        engine.dispose()
    print(f"impact of a draft of {AWARD}")
    for name, value in found.items():
        print(f"  {name:26} {value:12.3f}")
    return found


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=COUNT, help="how many learners")
    main(reader.parse_args().count)
