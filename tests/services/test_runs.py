"""Runs over a population: equal to whole audits compared, cancelled, taken over after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.explain.difference import difference
from app.core.model.audit import Audit
from app.core.model.record import LearnerId, LearnerRecord
from app.core.model.wish import Wanted
from app.persistence.storage import SqlStorage
from app.services.audits import judge
from app.services.basis import Gathering
from app.services.compiling import Compiler
from app.services.errors import (
    NoEditionInForceError,
    RecordRefusedError,
    RuleRefusedError,
    UnknownAwardError,
    UnknownEditionError,
)
from app.services.run_errors import (
    NobodyToJudgeError,
    NotInRunError,
    RunEndedError,
    SameEditionError,
    UnknownRunError,
)
from app.services.running import GIVEN_UP, MOST_TRIES, SILENT, Runner
from app.services.runs import ImpactQuestion
from app.services.stored_runs import StoredRun
from app.wiring import Services, utc_now
from tests.persistence.databases import ENGINES
from tests.services.builders import CERTIFICATE, MARCH, edition, ticking
from tests.services.population import DRAFT, NOTE, keep_draft, keep_learners

JUNE = date(2025, 6, 1)
QUESTION = ImpactQuestion("2027", as_of=JUNE)
Plain = dict[str, Any]


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return the engine that a test runs on."""
    return str(request.param)


@pytest.fixture
def drafted(services: Services) -> Services:
    """Services with a draft of the next edition."""
    keep_draft(services)
    return services


def start(services: Services, question: ImpactQuestion = QUESTION) -> StoredRun:
    return services.runs.start_impact("x/cert", question, NOTE)


def found(services: Services, run: str, change: str = "") -> list[Plain]:
    """Every result of a run, page by page."""
    results: list[Plain] = []
    cursor: str | None = None
    while True:
        page = services.runs.results(run, change, cursor, 7)
        results += map(json.loads, page.items)
        if page.next is None:
            return results
        cursor = page.next


def audited(services: Services, record: LearnerRecord) -> tuple[Audit, Audit]:
    """Both whole audits of a record, gathered as every other audit is."""
    compiler = services.compiler
    with services.storage.reading() as unit:
        gathering = Gathering(unit, compiler, record, JUNE)
        old, new = (gathering.basis([], [rule]) for rule in (CERTIFICATE.encode(), DRAFT))
    (before,) = judge(compiler, old, record, JUNE)
    (after,) = judge(compiler, new, record, JUNE, Wanted(earlier=before.certificate))
    return before, after


def expected(services: Services, record: LearnerRecord) -> Plain:
    """What two whole audits compared say of a record, in the words of a run."""
    try:
        before, after = audited(services, record)
    except RecordRefusedError as refused:
        why = {"code": refused.diagnostics[0].code, "text": str(refused)}
        nothing: Plain = {"before": None, "after": None, "moved": [], "refused": [why]}
        return {"learner": record.learner, "changes": ["not-audited"], **nothing}
    full = difference(before, after)
    sides = [_side(one) for one in (before, after)]
    short = [_short(one) for one in (before, after)]
    changes = {
        "completed": full.met_after > full.met_before,
        "no-longer-complete": full.met_after < full.met_before,
        "in-sight": after.planned.met > before.planned.met,
        "out-of-sight": after.planned.met < before.planned.met,
        "nearer": short[1] < short[0],
        "farther": short[1] > short[0],
        "moved": bool(full.placements),
    }
    return {
        "learner": record.learner,
        "changes": [name for name, so in changes.items() if so],
        "before": sides[0],
        "after": sides[1],
        "moved": sorted(one.achievement for one in full.placements),
        "refused": [],
    }


def _side(audit: Audit) -> Plain:
    now = audit.now.progress
    return {
        "met": audit.now.met,
        "reached": str(now.reached // 1000),
        "of": str(now.of // 1000),
        "missing": str(_short(audit) // 1000),
        "planned": audit.planned.met,
        "proven": audit.now.proven,
    }


def _short(audit: Audit) -> int:
    now = audit.now.progress
    return 0 if audit.now.met else now.of - now.reached


def test_a_run_equals_two_whole_audits_of_everybody_compared(drafted: Services) -> None:
    records = keep_learners(drafted, 50)
    run = start(drafted)
    assert (run.state, run.total, run.edition, run.against) == ("queued", 50, "2027", "2024")
    drafted.runner.work()
    results = found(drafted, run.id)
    assert results == [expected(drafted, record) for record in records]
    ended = drafted.runs.get(run.id)
    assert (ended.state, ended.judged, ended.cursor) == ("finished", 50, records[-1].learner)
    assert ended.ended_at is not None
    for change in ("completed", "nearer", "moved", "not-audited"):
        named = [one["learner"] for one in results if change in one["changes"]]
        assert named
        assert [one["learner"] for one in found(drafted, run.id, change)] == named
        assert ended.counts[change] == len(named)
    assert ended.counts["learners"] == 50
    assert ended.counts["complete_before"] == sum(
        one["before"]["met"] for one in results if one["before"]
    )


def test_the_difference_of_one_learner_is_told_in_words(drafted: Services) -> None:
    records = {one.learner: one for one in keep_learners(drafted, 40)}
    run = start(drafted)
    drafted.runner.work()
    completed = found(drafted, run.id, "completed")[0]["learner"]
    told = drafted.runs.of_learner(run.id, completed)
    before, after = audited(drafted, records[completed])
    assert told.difference == difference(before, after)
    assert "would now meet the rule" in told.difference.text
    refused = found(drafted, run.id, "not-audited")[0]
    told = drafted.runs.of_learner(run.id, refused["learner"])
    assert (told.difference, json.loads(told.document)) == (None, refused)
    assert "no credential `x/zoology`" in refused["refused"][0]["text"]


def test_what_becomes_known_later_changes_nothing_of_a_run(drafted: Services) -> None:
    keep_learners(drafted, 12)
    run = start(drafted)
    drafted.learners.create("learner-99999", NOTE)
    held = drafted.learners.record("learner-00000").record.achievements
    for one in held:
        drafted.records.remove("learner-00000", "achievement", one.id, NOTE)
    drafted.publishing.drop_draft("x/cert", "2027", NOTE)
    drafted.runner.work()
    assert drafted.runs.get(run.id).judged == 12
    keep_draft(drafted)
    again = start(drafted)
    drafted.runner.work()
    assert again.total == 13
    first, second = (found(drafted, one.id) for one in (run, again))
    assert [one["learner"] for one in second] == [
        *(one["learner"] for one in first),
        "learner-99999",
    ]


def test_a_run_waits_for_whoever_began_to_write_before_it(drafted: Services) -> None:
    keep_learners(drafted, 3)
    with ThreadPoolExecutor(1) as beside:
        with drafted.storage.writing() as unit:
            unit.lock("learner late")
            asked = beside.submit(start, drafted)
            assert not wait([asked], timeout=0.3).done
            unit.learners.create(LearnerId("late"), MARCH)
        run = asked.result()
    drafted.runner.work()
    assert run.total == drafted.runs.get(run.id).judged == 4


def test_only_those_who_declared_the_award_are_judged(drafted: Services) -> None:
    keep_learners(drafted, 5)
    drafted.records.declare("learner-00003", ["x/cert"], NOTE)  # type: ignore[list-item]
    run = start(drafted, ImpactQuestion("2027", as_of=JUNE, members="declared"))
    drafted.runner.work()
    assert [one["learner"] for one in found(drafted, run.id)] == ["learner-00003"]
    with pytest.raises(NobodyToJudgeError, match="no learner has a stored audit of `x/cert`"):
        start(drafted, ImpactQuestion("2027", as_of=JUNE, members="audited"))


def test_what_cannot_be_asked_is_refused_at_once(drafted: Services) -> None:
    with pytest.raises(NobodyToJudgeError, match="no learner is kept"):
        start(drafted)
    keep_learners(drafted, 1)
    with pytest.raises(UnknownAwardError):
        drafted.runs.start_impact("x/nope", QUESTION, NOTE)
    with pytest.raises(UnknownEditionError):
        start(drafted, ImpactQuestion("2099", as_of=JUNE))
    with pytest.raises(UnknownEditionError):
        start(drafted, ImpactQuestion("2027", "2099", JUNE))
    with pytest.raises(SameEditionError, match="is the one to compare with"):
        start(drafted, ImpactQuestion("2024", as_of=JUNE))
    with pytest.raises(NoEditionInForceError):
        start(drafted, ImpactQuestion("2027", as_of=date(2020, 1, 1)))
    wrong = edition("2028", "2028-01-01", CERTIFICATE.replace("x/a}", "x/nope}"))
    _, problems = drafted.publishing.put_draft(wrong, NOTE)
    assert any(one.severity == "error" for one in problems)
    with pytest.raises(RuleRefusedError, match="x/nope"):
        start(drafted, ImpactQuestion("2028", as_of=JUNE))
    with pytest.raises(UnknownRunError, match="no run `nope`"):
        drafted.runs.get("nope")
    assert drafted.runs.list().items == ()


def test_a_run_that_is_cancelled_keeps_what_it_found(drafted: Services) -> None:
    keep_learners(drafted, 3)
    queued = start(drafted)
    assert drafted.runs.cancel(queued.id, NOTE).state == "cancelled"
    assert drafted.runs.cancel(queued.id, NOTE).state == "cancelled"
    drafted.runner.work()
    assert found(drafted, queued.id) == []
    with pytest.raises(NotInRunError, match="not among those that were judged"):
        drafted.runs.of_learner(queued.id, "learner-00000")
    finished = start(drafted)
    with pytest.raises(NotInRunError, match="ask again"):
        drafted.runs.of_learner(finished.id, "learner-00000")
    drafted.runner.work()
    with pytest.raises(RunEndedError, match="the run is finished already"):
        drafted.runs.cancel(finished.id, NOTE)
    assert [one.id for one in drafted.runs.list().items] == [finished.id, queued.id]


def test_whoever_cancels_at_the_same_time_is_told_the_same(drafted: Services) -> None:
    keep_learners(drafted, 3)
    run = start(drafted)
    with ThreadPoolExecutor(8) as several:
        told = list(several.map(lambda _: drafted.runs.cancel(run.id, NOTE), range(8)))
    assert told == [drafted.runs.get(run.id)] * 8
    assert told[0].state == "cancelled"


def test_a_run_is_cancelled_between_two_batches(drafted: Services) -> None:
    keep_learners(drafted, 30)
    run = start(drafted)
    reads = 0

    def clock() -> datetime:
        """Cancel as soon as something is kept: the clock is read before each batch is kept."""
        nonlocal reads
        reads += 1
        if drafted.runs.get(run.id).judged == 5:
            drafted.runs.cancel(run.id, NOTE)
        return MARCH + timedelta(seconds=60 + reads)

    Runner(drafted.storage, clock, Compiler(), "me", 1, batch=5).work()
    ended = drafted.runs.get(run.id)
    assert (ended.state, ended.judged) == ("cancelled", 5)
    assert len(found(drafted, run.id)) == 5


KILLED = """
import sys
from app.persistence.storage import SqlStorage, open_engine
from app.services.compiling import Compiler
from app.services.running import Runner
from app.wiring import utc_now

if __name__ == "__main__":
    storage = SqlStorage(open_engine(sys.argv[1]))
    Runner(storage, utc_now, Compiler(), "killed", 1, batch=1).work()
"""


def test_a_run_that_is_killed_half_way_loses_nothing_and_judges_nobody_twice(
    drafted: Services, database_url: str, tmp_path: Path
) -> None:
    keep_learners(drafted, 60)
    run = start(drafted)
    script = tmp_path / "work.py"
    script.write_text(KILLED)
    process = subprocess.Popen([sys.executable, str(script), database_url])
    wait_until(lambda: drafted.runs.get(run.id).judged >= 6 or process.poll() is not None)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    half = drafted.runs.get(run.id)
    assert half.state == "running"
    assert 6 <= half.judged < 60
    kept = found(drafted, run.id)
    assert len(kept) == half.judged
    Runner(drafted.storage, utc_now, Compiler(), "early", 1).work()
    assert drafted.runs.get(run.id) == half
    later = ticking(utc_now() + 2 * SILENT)
    Runner(drafted.storage, later, Compiler(), "next", 2).work()
    ended = drafted.runs.get(run.id)
    assert (ended.state, ended.judged) == ("finished", 60)
    results = found(drafted, run.id)
    assert results[: len(kept)] == kept
    untouched = start(drafted)
    drafted.runner.work()
    assert results == found(drafted, untouched.id)
    assert ended.counts == drafted.runs.get(untouched.id).counts


def test_a_service_that_ends_gives_its_run_back(drafted: Services) -> None:
    keep_learners(drafted, 60)
    run = start(drafted)
    runner = Runner(drafted.storage, utc_now, Compiler(), "one", 1, batch=1)
    with runner.working():
        wait_until(lambda: drafted.runs.get(run.id).judged > 0)
    left = drafted.runs.get(run.id)
    assert (left.state, left.tries) == ("queued", 0)
    assert 0 < left.judged < 60
    drafted.runner.work()
    assert len(found(drafted, run.id)) == 60


def test_a_run_that_goes_wrong_is_tried_again_and_then_given_up(drafted: Services) -> None:
    keep_learners(drafted, 1)
    run = start(drafted)
    drafted.publishing.drop_draft("x/cert", "2027", NOTE)
    assert isinstance(drafted.storage, SqlStorage)
    with drafted.storage.engine.begin() as connection:
        connection.execute(text("DELETE FROM rule_texts"))
    runner = Runner(drafted.storage, utc_now, Compiler(), "one", 1)
    for tries in range(1, MOST_TRIES):
        runner.work()
        left = drafted.runs.get(run.id)
        assert (left.state, left.tries) == ("queued", tries)
        assert "is tried again" in left.problem
    runner.work()
    ended = drafted.runs.get(run.id)
    assert (ended.state, ended.problem) == ("failed", GIVEN_UP)
    runner.work()
    assert drafted.runs.get(run.id) == ended


def wait_until(so: Callable[[], bool]) -> None:
    """Wait until something is so; a minute is taken for never."""
    until = time.monotonic() + 60
    while not so():
        assert time.monotonic() < until
        time.sleep(0.005)
