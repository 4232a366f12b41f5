"""Units of work: what each sees, and who waits for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from app.core.model.record import LearnerId
from app.persistence import storage as storage_module
from app.persistence.storage import SqlStorage, open_engine
from app.services.errors import BusyError, NotReadyError

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)


def test_a_reading_unit_sees_one_state_of_everything(storage: SqlStorage) -> None:
    with storage.reading() as unit:
        assert unit.learners.entry("ann") is None
        with storage.writing() as other:
            other.learners.create(LearnerId("ann"), MAY)
        assert unit.learners.entry("ann") is None
    with storage.reading() as unit:
        assert unit.learners.entry("ann") is not None


def test_writers_of_one_thing_wait_for_each_other(storage: SqlStorage) -> None:
    with storage.writing() as unit:
        unit.learners.create(LearnerId("ann"), MAY)
    start = Barrier(4)

    def count_up() -> None:
        start.wait()
        for _ in range(5):
            with storage.writing() as unit:
                unit.lock("learner ann")
                entry = unit.learners.entry("ann")
                assert entry is not None
                unit.learners.touch("ann")
                again = unit.learners.entry("ann")
                assert again is not None
                assert int(again.revision) == int(entry.revision) + 1

    threads = [Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with storage.reading() as unit:
        entry = unit.learners.entry("ann")
    assert entry is not None
    assert entry.revision == "20"


def test_a_database_that_is_away_says_so(engine_name: str, tmp_path: Path) -> None:
    url = (
        f"sqlite:///{tmp_path}"
        if engine_name == "sqlite"
        else "postgresql+psycopg://nobody@127.0.0.1:1/none"
    )
    away = SqlStorage(open_engine(url))
    with pytest.raises(NotReadyError, match="the database does not answer"):
        away.check()
    with pytest.raises(BusyError), away.reading() as unit:
        unit.learners.entry("ann")


def test_sqlite_waits_for_a_writer_and_then_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "BUSY_MS", 50)
    storage = SqlStorage(open_engine(f"sqlite:///{tmp_path / 'one.db'}"))
    with (
        storage.writing(),
        pytest.raises(BusyError, match="does not answer in time"),
        storage.writing(),
    ):
        pass
    storage.close()


def test_sqlite_is_set_up_as_a_server_needs_it(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.db'}")
    with engine.connect() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert found == ["wal", 1, storage_module.BUSY_MS]
