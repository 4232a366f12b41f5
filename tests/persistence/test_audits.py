"""Stored audits, the change log and kept replies in the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.model.credential import CredentialId
from app.core.model.period import Period
from app.core.model.record import LearnerId
from app.persistence.storage import SqlStorage
from app.services.stored import (
    AuditOutput,
    Change,
    EditionEntry,
    KeptReply,
    Reply,
    StoredAudit,
    StoredEdition,
)

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
AWARD = CredentialId("x/award")


def audit(name: str, at: datetime) -> StoredAudit:
    outputs = [
        AuditOutput(
            award=AWARD,
            edition="1",
            catalogue="cat",
            met=met,
            percent=40,
            output=f'{{"met":{str(met).lower()},"title":"é"}}'.encode(),
        )
        for met in (False, True)
    ]
    return StoredAudit(
        id=name,
        learner=LearnerId("ann"),
        as_of=date(2026, 5, 1),
        recorded_at=at,
        engine="cairn 1",
        input_hash="abc",
        inputs=b"{}",
        outputs=tuple(outputs),
    )


@pytest.fixture
def kept(storage: SqlStorage) -> SqlStorage:
    """Storage with what an audit refers to."""
    period = Period(date(2025, 1, 1))
    entry = EditionEntry(
        award=AWARD,
        edition="1",
        title="Award",
        status="draft",
        effective=period,
        in_force=period,
        sha256="sha",
        recorded_at=MAY,
    )
    with storage.writing() as unit:
        unit.catalogue.put_institution("x", "X")
        unit.catalogue.keep_snapshot("cat", b"{}")
        unit.editions.put_draft(StoredEdition(entry, b"text"))
        unit.learners.create(LearnerId("ann"), MAY)
    return storage


def test_an_audit_comes_back_byte_for_byte(kept: SqlStorage) -> None:
    given = audit("one", MAY)
    with kept.writing() as unit:
        unit.audits.add(given)
        unit.audits.add(given)
    with kept.reading() as unit:
        found = unit.audits.get("one")
        assert unit.audits.get("two") is None
    assert found == given
    assert found is not None
    assert found.body == (
        b'{"audits":[{"met":false,"title":"\xc3\xa9"},{"met":true,"title":"\xc3\xa9"}],'
        b'"as_of":"2026-05-01","engine":"cairn 1","id":"one","input_hash":"abc","learner":"ann",'
        b'"recorded_at":"2026-05-03T12:00:00.000000Z"}'
    )


def test_audits_are_listed_latest_first(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        for number, name in enumerate(("b", "a", "c", "d")):
            unit.audits.add(audit(name, MAY + timedelta(seconds=number // 2)))
    with kept.reading() as unit:
        first = unit.audits.page("ann", "", 3)
        rest = unit.audits.page("ann", first[-1].id, 3)
    assert [one.id for one in (*first, *rest)] == ["d", "c", "b", "a"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audits SET engine = 'other'",
        "UPDATE audit_outputs SET met = NOT met",
        "UPDATE catalogue_snapshots SET content = ''",
        "DELETE FROM audits",
        "DELETE FROM audit_outputs",
        "DELETE FROM catalogue_snapshots",
    ],
)
def test_the_database_refuses_to_change_a_stored_audit_and_its_catalogue(
    kept: SqlStorage, statement: str
) -> None:
    with kept.writing() as unit:
        unit.audits.add(audit("one", MAY))
    refuse(kept, statement)


@pytest.mark.parametrize("table", ["audits", "audit_outputs", "catalogue_snapshots"])
def test_stored_audits_and_their_catalogues_are_not_emptied_or_replaced(
    kept: SqlStorage, engine_name: str, table: str
) -> None:
    with kept.writing() as unit:
        unit.audits.add(audit("one", MAY))
    empty = f"TRUNCATE {table} CASCADE"
    replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608
    refuse(kept, empty if engine_name == "postgres" else replace)


def refuse(kept: SqlStorage, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"(stored audit|audits rest on) never changes"),
        kept.engine.begin() as connection,
    ):
        connection.execute(text(statement))


ERASE_ANN = (
    "INSERT INTO erasures VALUES ('ann')",
    "DELETE FROM audit_outputs WHERE audit IN (SELECT id FROM audits WHERE learner = 'ann')",
    "DELETE FROM audits WHERE learner = 'ann'",
    "DELETE FROM erasures WHERE learner = 'ann'",
    "DELETE FROM learners WHERE id = 'ann'",
    "DELETE FROM catalogue_snapshots",
)


def test_audits_go_with_a_learner_who_is_erased(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.audits.add(audit("one", MAY))
    with kept.engine.begin() as connection:
        for statement in ERASE_ANN:
            connection.execute(text(statement))
    with kept.reading() as unit:
        assert unit.audits.get("one") is None
        assert unit.learners.entry("ann") is None


def test_audits_of_others_stay_while_a_learner_is_erased(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.learners.create(LearnerId("bob"), MAY)
        unit.audits.add(audit("one", MAY))
    with kept.engine.begin() as connection:
        connection.execute(text("INSERT INTO erasures VALUES ('bob')"))
    for table in ("audit_outputs", "audits"):
        refuse(kept, f"DELETE FROM {table}")  # noqa: S608


def test_changes_are_read_as_they_came(storage: SqlStorage) -> None:
    changes = [
        Change(at=MAY, who="r1", what="x.changed", subject="ann", why="é", facts={"n": number})
        for number in range(3)
    ]
    with storage.writing() as unit:
        for change in changes:
            unit.changes.add(change)
        unit.changes.add(Change(at=MAY, who="r1", what="x.changed", subject="bob"))
    with storage.reading() as unit:
        first = unit.changes.page("ann", "", 2)
        rest = unit.changes.page("ann", first[-1][0], 2)
    assert [change for _, change in (*first, *rest)] == changes


def test_the_first_reply_to_what_was_claimed_stays(storage: SqlStorage) -> None:
    reply, june = Reply(201, "application/json", b"{}", "/v1/x", '"1"'), MAY + timedelta(days=31)
    with storage.writing() as unit:
        unit.replies.claim("client", "key", "hash", MAY)
        assert unit.replies.get("client", "key") == KeptReply("hash", MAY, None)
        unit.replies.settle("client", "key", june, Reply(200, "", b""))
        unit.replies.settle("client", "key", MAY, reply)
        unit.replies.settle("client", "key", MAY, None)
    with storage.reading() as unit:
        assert unit.replies.get("client", "key") == KeptReply("hash", MAY, reply)
        assert unit.replies.get("other", "key") is None


def test_a_key_that_is_given_back_is_free(storage: SqlStorage) -> None:
    with storage.writing() as unit:
        for request in ("hash", "other"):
            unit.replies.claim("client", "key", request, MAY)
            unit.replies.settle("client", "key", MAY, None)
            assert unit.replies.get("client", "key") is None
