"""What-ifs under a name, and links to them, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.core.model.credential import CredentialId
from app.core.model.record import AchievementId
from app.core.model.wish import Wish
from app.persistence.storage import SqlStorage
from app.services import saved_what_ifs, shared_what_ifs
from app.services.errors import UnknownEntryError, UnknownLearnerError
from app.services.reading import achievement_of, record_of
from app.services.saved_what_ifs import SavedWhatIf, SavedWhatIfService
from app.services.shared_what_ifs import MOST_DAYS, SharedWhatIfService, link_id
from app.services.stored import AwardChoice
from app.services.wanted import Wishes
from app.services.what_if import Hypothesis
from app.services.what_if_errors import (
    BadExpiryError,
    FullError,
    LinkExpiredError,
    NameTakenError,
    QuestionTooLongError,
    UnknownComparisonError,
    UnknownLinkError,
    UnknownWhatIfError,
)
from app.services.what_if_question import WhatIfQuestion
from app.wiring import Services
from tests.persistence.databases import ENGINES
from tests.services.builders import MARCH, NOTE, ticking

CERT = AwardChoice(CredentialId("x/cert"))
CHEMISTRY = achievement_of({"credential": "x/c", "grade": "B", "earned": "2025-02-28"})
WITH_CHEMISTRY = WhatIfQuestion(choices=(CERT,), hypothesis=Hypothesis(add=(CHEMISTRY,)))


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return the engine that a test runs on."""
    return str(request.param)


@pytest.fixture
def ann(services: Services) -> Services:
    """Services with a learner who has algebra, and botany under way."""
    services.learners.create("ann", NOTE)
    plain = {
        "earned": [{"credential": "x/a", "grade": "B", "earned": "2025-01-31"}],
        "in_progress": [{"id": "b", "credential": "x/b", "started": "2026-01-10"}],
    }
    services.records.put_record(record_of(plain, "ann"), NOTE)
    return services


def save(services: Services, name: str = "chemistry") -> SavedWhatIf:
    return services.saved_what_ifs.save("ann", name, WITH_CHEMISTRY, NOTE)


def told(found: SavedWhatIf) -> dict[str, object]:
    (one,) = json.loads(found.comparison.document)["differences"]
    return {key: one[key] for key in ("met_before", "met_after", "gained")}


def test_what_is_saved_is_read_as_it_came_out(ann: Services) -> None:
    saved = save(ann)
    assert told(saved) == {"met_before": False, "met_after": False, "gained": "10"}
    assert (saved.stored.compared, saved.comparison.number) == (1, 1)
    assert json.loads(saved.comparison.document)["since"] is None
    assert ann.saved_what_ifs.read("ann", saved.stored.id) == saved
    assert ann.saved_what_ifs.list("ann").items == (saved.stored,)
    (change, *_) = reversed(ann.learners.changes("ann").items)
    assert (change.what, change.facts["name"]) == ("what-if.saved", "chemistry")


def test_compared_again_it_tells_what_has_changed_since(ann: Services) -> None:
    saved = save(ann)
    done = achievement_of({"id": "b", "credential": "x/b", "grade": "A", "earned": "2026-03-01"})
    ann.records.put_achievement("ann", done, NOTE)
    again = ann.saved_what_ifs.compare("ann", saved.stored.id, NOTE)
    assert again.comparison.number == 2
    assert told(again) == {"met_before": False, "met_after": True, "gained": "10"}
    (since,) = json.loads(again.comparison.document)["since"]
    assert (since["met_before"], since["met_after"], since["gained"]) == (False, True, "10")
    assert "Certificate would now meet the rule." in since["text"]
    assert ann.saved_what_ifs.read("ann", saved.stored.id, 1).comparison == saved.comparison
    found = ann.saved_what_ifs.comparisons("ann", saved.stored.id, limit=1)
    assert [one.number for one in found.items] == [1]
    found = ann.saved_what_ifs.comparisons("ann", saved.stored.id, found.next)
    assert [one.number for one in found.items] == [2]
    for number in (0, 3, 10**30):
        with pytest.raises(UnknownComparisonError, match="from 1 to 2"):
            ann.saved_what_ifs.read("ann", saved.stored.id, number)


def test_what_the_changes_need_may_be_gone_later_and_nothing_is_kept_then(ann: Services) -> None:
    question = WhatIfQuestion(
        choices=(CERT,), hypothesis=Hypothesis(grades={AchievementId("b"): "B"})
    )
    saved = ann.saved_what_ifs.save("ann", "botany", question, NOTE)
    ann.records.remove("ann", "achievement", "b", NOTE)
    with pytest.raises(UnknownEntryError):
        ann.saved_what_ifs.compare("ann", saved.stored.id, NOTE)
    assert ann.saved_what_ifs.read("ann", saved.stored.id) == saved


def test_a_name_is_taken_once(ann: Services) -> None:
    saved = save(ann)
    with pytest.raises(NameTakenError, match="choose another name"):
        save(ann)
    ann.saved_what_ifs.drop("ann", saved.stored.id, NOTE)
    assert save(ann, "chemistry").stored.id != saved.stored.id


def test_what_is_removed_is_gone_with_its_links(ann: Services) -> None:
    saved = save(ann)
    made = ann.shared_what_ifs.share("ann", saved.stored.id, 3, NOTE)
    ann.saved_what_ifs.drop("ann", saved.stored.id, NOTE)
    for call in (ann.saved_what_ifs.read, ann.shared_what_ifs.links):
        with pytest.raises(UnknownWhatIfError):
            call("ann", saved.stored.id)
    with pytest.raises(UnknownLinkError):
        ann.shared_what_ifs.shared(made.secret)


def test_a_list_goes_on_behind_what_was_removed(ann: Services) -> None:
    first, second, third = (save(ann, name).stored for name in ("one", "two", "three"))
    found = ann.saved_what_ifs.list("ann", limit=2)
    assert found.items == (third, second)
    ann.saved_what_ifs.drop("ann", second.id, NOTE)
    assert ann.saved_what_ifs.list("ann", found.next).items == (first,)


@pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_no_link_is_made_to_what_is_removed_meanwhile(
    ann: Services, storage_of: SqlStorage
) -> None:
    saved = save(ann)
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor() as pool:
        with storage_of.writing() as unit, storage_of.engine.connect() as beside:
            unit.lock("what-ifs of ann")
            unit.what_ifs.drop(saved.stored.id)
            link = pool.submit(ann.shared_what_ifs.share, "ann", saved.stored.id, 3, NOTE)
            while not beside.scalar(waiting):
                beside.rollback()
        with pytest.raises(UnknownWhatIfError):
            link.result()


def test_a_what_if_is_its_learners_alone(ann: Services) -> None:
    saved = save(ann)
    ann.learners.create("ben", NOTE)
    with pytest.raises(UnknownWhatIfError):
        ann.saved_what_ifs.read("ben", saved.stored.id)
    with pytest.raises(UnknownLearnerError):
        ann.saved_what_ifs.list("nobody")


def test_a_link_shows_the_latest_comparison_until_it_is_withdrawn(ann: Services) -> None:
    saved = save(ann)
    made = ann.shared_what_ifs.share("ann", saved.stored.id, 3, NOTE)
    assert made.link.expires_at - made.link.created_at == timedelta(days=3)
    again = ann.saved_what_ifs.compare("ann", saved.stored.id, NOTE)
    shown = ann.shared_what_ifs.shared(made.secret)
    assert (shown.saved, shown.link) == (again, made.link)
    other = ann.shared_what_ifs.share("ann", saved.stored.id, 1, NOTE)
    links, _ = ann.shared_what_ifs.links("ann", saved.stored.id)
    assert links == (other.link, made.link)
    ann.shared_what_ifs.withdraw("ann", saved.stored.id, link_id(made.link), NOTE)
    with pytest.raises(UnknownLinkError):
        ann.shared_what_ifs.shared(made.secret)
    with pytest.raises(UnknownLinkError):
        ann.shared_what_ifs.withdraw("ann", saved.stored.id, link_id(made.link), NOTE)
    assert ann.shared_what_ifs.shared(other.secret).link == other.link


def test_a_link_expires(ann: Services, storage_of: SqlStorage) -> None:
    saved = save(ann)
    made = ann.shared_what_ifs.share("ann", saved.stored.id, 1, NOTE)
    later = SharedWhatIfService(storage_of, ticking(MARCH + timedelta(days=2)), str)
    with pytest.raises(LinkExpiredError, match=r"expired on 2026-03-03"):
        later.shared(made.secret)


@pytest.fixture
def storage_of(services: Services) -> SqlStorage:
    """Return the storage of the services."""
    assert isinstance(services.storage, SqlStorage)
    return services.storage


def test_the_secret_of_a_link_is_kept_nowhere(ann: Services, storage_of: SqlStorage) -> None:
    saved = save(ann)
    made = ann.shared_what_ifs.share("ann", saved.stored.id, 1, NOTE)
    with storage_of.engine.connect() as connection:
        kept = [
            str(row)
            for table in ("what_if_links", "what_ifs", "changes")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert kept
    assert not any(made.secret in row for row in kept)


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_a_link_lasts_a_day_at_least_and_not_for_ever(ann: Services, days: int) -> None:
    saved = save(ann)
    with pytest.raises(BadExpiryError, match="from 1 to 366 days"):
        ann.shared_what_ifs.share("ann", saved.stored.id, days, NOTE)


def test_a_question_is_read_back_as_it_was_asked() -> None:
    move = Wish(AchievementId("x/a"), "core", CredentialId("x/cert"))
    asked = WhatIfQuestion(
        choices=(CERT, AwardChoice(CredentialId("x/dip"), "1")),
        hypothesis=Hypothesis(
            add=(CHEMISTRY,),
            remove=(AchievementId("x/a"),),
            replace=(CHEMISTRY,),
            grades={AchievementId("b"): "A"},
            choices=(CERT, CERT),
            move=move,
        ),
        as_of=date(2026, 5, 3),
        wishes=Wishes((move, Wish(AchievementId("b"), "electives", None)), "audit-1"),
    )
    assert WhatIfQuestion.read(asked.written()) == asked
    assert WhatIfQuestion.read(WITH_CHEMISTRY.written()) == WITH_CHEMISTRY


def test_what_is_saved_goes_with_its_learner(ann: Services, storage_of: SqlStorage) -> None:
    saved = save(ann)
    ann.shared_what_ifs.share("ann", saved.stored.id, 1, NOTE)
    with storage_of.engine.begin() as connection:
        for table in ("achievements", "learner_attributes"):
            connection.execute(text(f"DELETE FROM {table} WHERE learner = 'ann'"))  # noqa: S608
        connection.execute(text("DELETE FROM learners WHERE id = 'ann'"))
        for table in ("what_ifs", "what_if_comparisons", "what_if_links"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608


def test_no_more_is_kept_than_may_be(ann: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_what_ifs, "MOST_SAVED", 1)
    monkeypatch.setattr(saved_what_ifs, "MOST_COMPARED", 1)
    monkeypatch.setattr(shared_what_ifs, "MOST_LINKS", 1)
    saved = save(ann)
    ann.shared_what_ifs.share("ann", saved.stored.id, 1, NOTE)
    calls: list[Callable[[], object]] = [
        lambda: save(ann, "another"),
        lambda: ann.saved_what_ifs.compare("ann", saved.stored.id, NOTE),
        lambda: ann.shared_what_ifs.share("ann", saved.stored.id, 1, NOTE),
    ]
    for call in calls:
        with pytest.raises(FullError, match="remove one first"):
            call()
    monkeypatch.setattr(saved_what_ifs, "MOST_BYTES", 10)
    with pytest.raises(QuestionTooLongError, match="at most 10 are kept"):
        save(ann, "long")


def test_what_was_compared_later_stays_the_latest(ann: Services, storage_of: SqlStorage) -> None:
    saved = save(ann)
    slow = SavedWhatIfService(
        storage_of, ticking(MARCH - timedelta(days=1)), ann.what_if, "cairn 1"
    )
    assert slow.compare("ann", saved.stored.id, NOTE) == saved
