"""Units of work: what each sees, and who waits for whom."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from app.core.model.record import LearnerId
from app.persistence import storage as storage_module
from app.persistence.migrate import migrate
from app.persistence.storage import SqlStorage, open_engine
from app.services.errors import BusyError, NotReadyError, UnstorableError
from app.services.stored import CredentialQuery

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)


def test_a_reading_unit_sees_one_state_of_everything(storage: SqlStorage) -> None:
    with storage.reading() as unit:
        assert unit.learners.entry("ann") is None
        with storage.writing() as other:
            other.learners.create(LearnerId("ann"), MAY)
        assert unit.learners.entry("ann") is None
    with storage.reading() as unit:
        assert unit.learners.entry("ann") is not None


def test_another_process_has_connections_of_its_own_to_the_same_database(
    storage: SqlStorage,
) -> None:
    with storage.writing() as unit:
        unit.learners.create(LearnerId("ann"), MAY)
    other = pickle.loads(pickle.dumps(storage))  # noqa: S301 -- of our own
    assert other.engine is not storage.engine
    with other.reading() as unit:
        assert unit.learners.entry("ann") is not None
    other.close()


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


def test_nobody_locks_a_name_beside_who_has_locked_them_all(storage: SqlStorage) -> None:
    def lock() -> None:
        with storage.writing() as unit:
            unit.lock("learner ann")
            # Whoever has locked a name may lock another.
            unit.lock("learner bob")

    with ThreadPoolExecutor(1) as beside:
        with storage.writing() as unit:
            unit.lock(None)
            other = beside.submit(lock)
            assert not wait([other], timeout=0.3).done
        other.result()


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


def test_two_writers_of_one_snapshot_are_both_content(storage: SqlStorage) -> None:
    start = Barrier(4)
    failures: list[Exception] = []

    def keep() -> None:
        start.wait()
        try:
            with storage.writing() as unit:
                unit.catalogue.keep_snapshot("abc", b"content")
        except Exception as failure:  # noqa: BLE001 -- whatever it is, the test fails with it
            failures.append(failure)

    threads = [Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with storage.reading() as unit:
        assert unit.catalogue.snapshot("abc") == b"content"


def test_a_number_that_no_database_takes_is_refused(storage: SqlStorage) -> None:
    with (
        pytest.raises(UnstorableError, match="cannot be stored"),
        storage.reading() as unit,
    ):
        unit.catalogue.search(CredentialQuery(level=10**30), "", 10)


def test_a_character_that_the_database_does_not_take_is_refused(
    storage: SqlStorage, engine_name: str
) -> None:
    def search(sought: str) -> tuple[object, ...]:
        with storage.reading() as unit:
            return unit.catalogue.search(CredentialQuery(text=sought), "", 10)

    with pytest.raises(UnstorableError):
        search("\ud800")
    if engine_name == "postgres":
        with pytest.raises(UnstorableError):
            search("\x00")
    else:
        assert search("\x00") == ()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "oracle://u:secret@h/d"],
)
def test_what_is_no_database_of_ours_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(NotReadyError, match="names no database that can be used") as refused:
        open_engine(url)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    with pytest.raises(NotReadyError, match="does not answer or is none"):
        migrate(open_engine(f"sqlite:///{tmp_path / 'text.db'}"))


def test_a_database_of_a_later_version_is_refused(storage: SqlStorage) -> None:
    with storage.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotReadyError, match="made by a later version"):
        migrate(storage.engine)
    with pytest.raises(NotReadyError, match="is at schema `9999`"):
        storage.check()


def test_sqlite_is_set_up_as_a_server_needs_it(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.db'}")
    with engine.connect() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert found == ["wal", 1, storage_module.BUSY_MS]
