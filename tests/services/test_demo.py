"""The demonstration: eight packs and 200 learners, at every stage, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.interop.packs import Pack, read_pack
from app.persistence.pack_files import read_packs
from app.persistence.storage import SqlStorage, open_engine
from app.services.demo import DemoService
from app.services.made_up import made_up_learners
from app.services.setup_errors import PacksRefusedError
from app.services.stored import AwardChoice
from app.wiring import Services, join
from tests.persistence.databases import Templates, migrated
from tests.services.builders import pack, ticking

RULES = Path(__file__).parents[2] / "rules"
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def packs() -> list[Pack]:
    return [read_pack(files, name) for name, files in read_packs(RULES).items()]


@pytest.fixture(scope="module")
def demo(templates: Templates) -> Iterator[Services]:
    """Services with the demonstration loaded."""
    with templates.copy("sqlite", "migrated", migrated) as url:
        storage = SqlStorage(open_engine(url))
        services = join(storage, ticking(START), RULES)
        loaded = services.demo.load()
        assert (loaded.learners, loaded.changed) == (200, True)
        yield services
        storage.close()


def test_a_second_load_changes_nothing(demo: Services) -> None:
    def state() -> object:
        with demo.storage.reading() as unit:
            learners = unit.learners.page("", 1000)
            return learners, unit.editions.published(), unit.catalogue.institutions()

    before = state()
    again = demo.demo.load()
    assert not again.changed
    assert state() == before
    assert again.editions == len(before[1])  # type: ignore[index]


def test_every_learner_can_be_audited_and_all_stages_are_there(demo: Services) -> None:
    met: dict[str, set[bool]] = {}
    statuses: set[str] = set()
    sources: set[str] = set()
    cursor: str | None = None
    while True:
        page = demo.learners.list(cursor, 100)
        for entry in page.items:
            record = demo.learners.record(entry.id).record
            (award,) = record.declared
            stored = demo.audits.audit(entry.id, [AwardChoice(award)])
            met.setdefault(award, set()).add(stored.outputs[0].met)
            statuses |= {one.status for one in record.achievements}
            sources |= {one.source for one in record.achievements}
        cursor = page.next
        if cursor is None:
            break
    assert {"earned", "in-progress", "planned", "failed"} <= statuses
    assert "transferred" in sources
    assert len(met) >= 16
    assert all(found == {True, False} for found in met.values())


def test_the_same_packs_and_day_give_the_same_learners(packs: list[Pack]) -> None:
    assert list(made_up_learners(packs, DAY)) == list(made_up_learners(packs, DAY))


def test_made_up_learners_have_ids_and_nothing_that_names_a_person(packs: list[Pack]) -> None:
    learners = list(made_up_learners(packs, DAY, count=20))
    assert [one.learner for one in learners] == [f"demo-{n:03d}" for n in range(1, 21)]
    assert all(len({a.id for a in one.achievements}) == len(one.achievements) for one in learners)


def test_packs_that_contradict_one_another_are_not_loaded(empty: Services) -> None:
    twins = [pack(), pack()]
    demo = DemoService(empty.storage, ticking(), empty.packs, lambda: twins)
    with pytest.raises(PacksRefusedError, match="two packs list the credential `x/a`"):
        demo.load()
    with empty.storage.reading() as unit:
        assert unit.catalogue.institutions() == ()


def test_without_packs_there_are_no_learners() -> None:
    assert list(made_up_learners([], DAY)) == []
