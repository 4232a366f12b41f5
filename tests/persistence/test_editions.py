"""Rule editions in the database: a published one refuses every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.model.credential import CredentialId
from app.core.model.period import Period
from app.persistence.storage import SqlStorage
from app.services.canonical import digest
from app.services.errors import AlreadyPublishedError
from app.services.stored import EditionEntry, StoredEdition

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, 9, tzinfo=UTC)
AWARD = CredentialId("x/award")


def stored(edition: str, start: date, source: bytes = b"award: x/award\r\n") -> StoredEdition:
    period = Period(start)
    entry = EditionEntry(
        award=AWARD,
        edition=edition,
        title="Award",
        status="draft",
        effective=period,
        in_force=period,
        sha256=digest(source),
        recorded_at=MAY,
    )
    return StoredEdition(entry, source, (CredentialId("x/lower"),))


@pytest.fixture
def kept(storage: SqlStorage) -> SqlStorage:
    """Storage with one published edition and one draft."""
    with storage.writing() as unit:
        unit.catalogue.put_institution("x", "X")
        unit.editions.put_draft(stored("2025", date(2025, 9, 1)))
        unit.editions.publish("x/award", "2025", JUNE, "registrar")
        unit.editions.put_draft(stored("2026", date(2026, 9, 1), b"newer"))
    return storage


def test_a_text_comes_back_byte_for_byte(kept: SqlStorage) -> None:
    with kept.reading() as unit:
        found = unit.editions.get("x/award", "2025")
        assert unit.editions.source(digest(b"newer")) == b"newer"
    assert found is not None
    assert found.source == b"award: x/award\r\n"
    assert (found.entry.status, found.entry.published_at) == ("published", JUNE)


def test_editions_are_listed_by_their_first_day(kept: SqlStorage) -> None:
    with kept.reading() as unit:
        entries = unit.editions.entries(["x/award"])
        assert unit.editions.awards("", "", 10) == ("x/award",)
        assert unit.editions.awards("y", "", 10) == ()
    assert [(one.edition, one.status) for one in entries] == [
        ("2025", "published"),
        ("2026", "draft"),
    ]


def test_only_published_rules_stand_above_a_lower_award(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.editions.put_draft(
            replace(stored("1", date(2026, 1, 1)), lower=(CredentialId("x/other"),))
        )
    with kept.reading() as unit:
        assert unit.editions.above(["x/lower"]) == ("x/award",)
        assert unit.editions.above(["x/other", "x/award"]) == ()
        assert unit.editions.above(["x/other"], drafts=True) == ("x/award",)


def test_a_draft_can_be_written_again_and_dropped(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.editions.put_draft(stored("2026", date(2026, 10, 1), b"newest"))
    with kept.reading() as unit:
        found = unit.editions.get("x/award", "2026")
    assert found is not None
    assert (found.source, found.entry.effective.start) == (b"newest", date(2026, 10, 1))
    with kept.writing() as unit:
        unit.editions.drop_draft("x/award", "2026")
    with kept.reading() as unit:
        assert unit.editions.get("x/award", "2026") is None


def test_a_published_edition_is_not_written_again(kept: SqlStorage) -> None:
    with kept.writing() as unit, pytest.raises(AlreadyPublishedError, match="write a new edition"):
        unit.editions.put_draft(stored("2025", date(2025, 9, 1), b"changed"))


def test_a_published_edition_is_not_published_or_dropped_again(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        with pytest.raises(AlreadyPublishedError):
            unit.editions.publish("x/award", "2025", JUNE, "registrar")
        with pytest.raises(AlreadyPublishedError):
            unit.editions.drop_draft("x/award", "2025")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rule_editions SET title = 'other' WHERE edition = '2025'",
        "UPDATE rule_editions SET status = 'draft', published_at = NULL WHERE edition = '2025'",
        "DELETE FROM rule_editions WHERE edition = '2025'",
        "DELETE FROM rule_editions",
    ],
)
def test_the_database_itself_refuses_to_touch_a_published_edition(
    kept: SqlStorage, statement: str
) -> None:
    kept.engine.dispose()
    with (
        pytest.raises(DatabaseError, match="a published edition never changes"),
        kept.engine.begin() as connection,
    ):
        connection.execute(text(statement))


def test_the_database_lets_a_draft_go(kept: SqlStorage) -> None:
    with kept.engine.begin() as connection:
        gone = connection.execute(text("DELETE FROM rule_editions WHERE status = 'draft'"))
    assert gone.rowcount == 1


def test_two_published_editions_cannot_begin_on_one_day(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.editions.put_draft(stored("2025b", date(2025, 9, 1)))
        with pytest.raises(DatabaseError):
            unit.editions.publish("x/award", "2025b", JUNE, "registrar")


REPLACING = """
INSERT OR REPLACE INTO rule_editions
SELECT award, {edition}, institution, 'other', status, effective_from, effective_until, source,
       sha256, recorded_at, published_at, published_by
FROM rule_editions WHERE edition = '2025'
"""


@pytest.mark.parametrize("edition", ["edition", "'2025b'"])
def test_sqlite_replaces_no_published_edition(
    kept: SqlStorage, engine_name: str, edition: str
) -> None:
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL has no such statement")
    with (
        pytest.raises(DatabaseError, match="a published edition never changes"),
        kept.engine.begin() as connection,
    ):
        connection.execute(text(REPLACING.format(edition=edition)))


def test_postgres_empties_no_table_of_editions(kept: SqlStorage, engine_name: str) -> None:
    if engine_name != "postgres":
        pytest.skip("SQLite has no such statement")
    with (
        pytest.raises(DatabaseError, match="published editions are not removed"),
        kept.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE rule_editions CASCADE"))
