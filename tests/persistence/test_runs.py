"""Runs in the database: who holds one, and results that are kept with how far it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.model.credential import CredentialId
from app.core.model.record import LearnerId
from app.persistence.storage import SqlStorage
from app.services.stored_runs import Members, Population, RunResult, StoredRun

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
LATER = MAY + timedelta(minutes=1)
LONG_AGO = MAY - timedelta(days=1)
RUN = StoredRun(
    id="r1",
    award=CredentialId("x/cert"),
    edition="2027",
    against="2024",
    as_of=date(2026, 5, 3),
    members="all",
    engine="cairn 1",
    inputs=b"{}",
    created_at=MAY,
    total=3,
)


@pytest.fixture
def kept(storage: SqlStorage) -> SqlStorage:
    """Storage with three learners and a run of them."""
    with storage.writing() as unit:
        for name in ("ann", "ben", "cyd"):
            unit.learners.create(LearnerId(name), LONG_AGO)
        unit.catalogue.keep_snapshot("abc", b"content")
        unit.runs.add(RUN, {"x": "abc"}, {"123": b"award: x/cert"})
    return storage


def result(learner: str, *under: str) -> RunResult:
    return RunResult(LearnerId(learner), under, f'{{"learner":"{learner}"}}'.encode())


def test_a_run_is_kept_as_it_was_asked_for(kept: SqlStorage) -> None:
    with kept.reading() as unit:
        assert unit.runs.get("r1") == RUN
        assert unit.runs.get("r2") is None
        assert unit.editions.source("123") == b"award: x/cert"


def test_runs_are_listed_latest_first(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        for name, at in (("r0", MAY), ("r2", LATER)):
            unit.runs.add(
                replace(RUN, id=name, created_at=at), {"x": "abc"}, {"123": b"award: x/cert"}
            )
    with kept.reading() as unit:
        assert [one.id for one in unit.runs.page("", 2)] == ["r2", "r1"]
        assert [one.id for one in unit.runs.page("r1", 2)] == ["r0"]


def test_only_one_holds_a_run_and_another_once_that_is_silent(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        assert unit.runs.waiting(LONG_AGO) == "r1"
        assert unit.runs.claim("r1", "one", MAY, LONG_AGO)
        assert not unit.runs.claim("r1", "two", MAY, LONG_AGO)
        assert unit.runs.waiting(LONG_AGO) is None
        assert unit.runs.beat("r1", "one", LATER)
        assert unit.runs.waiting(LATER) is None
        assert unit.runs.waiting(LATER + timedelta(seconds=1)) == "r1"
        assert unit.runs.claim("r1", "two", LATER, LATER + timedelta(seconds=1))
        assert not unit.runs.beat("r1", "one", LATER)
        held = unit.runs.get("r1")
    assert held is not None
    assert (held.state, held.tries, held.started_at) == ("running", 2, MAY)


def test_results_are_kept_by_the_holder_alone(kept: SqlStorage) -> None:
    further = replace(RUN, state="running", judged=2, cursor="ben", counts={"learners": 2})
    results = [result("ann", "completed", "nearer"), result("ben", "unchanged")]
    with kept.writing() as unit:
        assert not unit.runs.keep(further, "one", MAY, results)
        assert unit.runs.claim("r1", "one", MAY, LONG_AGO)
        assert unit.runs.keep(further, "one", MAY, results)
        assert not unit.runs.keep(further, "two", MAY, [result("cyd", "unchanged")])
    with kept.reading() as unit:
        assert [name for name, _ in unit.runs.results("r1", "", "", 9)] == ["ann", "ben"]
        assert [name for name, _ in unit.runs.results("r1", "", "ann", 9)] == ["ben"]
        assert [name for name, _ in unit.runs.results("r1", "nearer", "", 9)] == ["ann"]
        assert unit.runs.result("r1", "ben") == b'{"learner":"ben"}'
        assert unit.runs.result("r1", "cyd") is None
        found = unit.runs.get("r1")
    assert found is not None
    assert (found.judged, found.cursor, found.counts) == (2, "ben", {"learners": 2})


def test_nobody_is_kept_twice(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.runs.claim("r1", "one", MAY, LONG_AGO)
        unit.runs.keep(replace(RUN, state="running"), "one", MAY, [result("ann", "moved")])
    with pytest.raises(IntegrityError), kept.writing() as unit:
        unit.runs.keep(replace(RUN, state="running"), "one", MAY, [result("ann", "moved")])


def test_a_run_that_has_ended_is_held_by_nobody(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.runs.claim("r1", "one", MAY, LONG_AGO)
        assert unit.runs.leave(replace(RUN, state="cancelled"), None, LATER)
        assert not unit.runs.beat("r1", "one", LATER)
        assert not unit.runs.leave(replace(RUN, state="finished"), "one", LATER)
        assert not unit.runs.leave(replace(RUN, state="cancelled"), None, LATER)
        assert unit.runs.waiting(LATER + timedelta(days=1)) is None
        found = unit.runs.get("r1")
    assert found is not None
    assert (found.state, found.ended_at) == ("cancelled", LATER)


def test_a_run_that_is_given_back_waits_again(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.runs.claim("r1", "one", MAY, LONG_AGO)
        assert unit.runs.leave(replace(RUN, tries=1, problem="was away"), "one", LATER)
        assert unit.runs.waiting(LONG_AGO) == "r1"
        found = unit.runs.get("r1")
    assert found is not None
    assert (found.state, found.tries, found.problem, found.ended_at) == (
        *("queued", 1, "was away"),
        None,
    )


def test_what_a_run_found_goes_with_the_learner(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.runs.claim("r1", "one", MAY, LONG_AGO)
        unit.runs.keep(replace(RUN, state="running"), "one", MAY, [result("ann", "moved")])
    with kept.engine.begin() as connection:
        connection.execute(text("DELETE FROM learners WHERE id = 'ann'"))
        left = connection.execute(text("SELECT count(*) FROM run_changes")).scalar()
    assert left == 0
    with kept.reading() as unit:
        assert unit.runs.results("r1", "", "", 9) == ()


def test_a_catalogue_that_a_run_rests_on_stays(kept: SqlStorage) -> None:
    with pytest.raises(IntegrityError), kept.engine.begin() as connection:
        connection.execute(text("DELETE FROM catalogue_snapshots"))


@pytest.mark.parametrize(
    ("members", "expected"),
    [("all", ["ann", "ben", "cyd"]), ("declared", ["ben"]), ("audited", [])],
)
def test_a_population_is_whom_was_known_then(
    kept: SqlStorage, members: Members, expected: list[str]
) -> None:
    award = CredentialId("x/cert")
    with kept.writing() as unit:
        unit.learners.create(LearnerId("dee"), LATER)
        unit.learners.put_declared("ben", [award], LONG_AGO)
        unit.learners.put_declared("cyd", [award], LATER)
    population = Population(members, award, MAY)
    with kept.reading() as unit:
        assert unit.population.size(population) == len(expected)
        assert list(unit.population.members(population, "", 9)) == expected
        behind = [one for one in expected if one > "ben"]
        assert list(unit.population.members(population, "ben", 9)) == behind
        records = unit.population.records(["ben", "cyd"], MAY)
    assert [records[LearnerId(one)].declared for one in ("ben", "cyd")] == [(award,), ()]
