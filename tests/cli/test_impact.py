"""The impact of a draft on records in files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_cli import RULES, cairn

DRAFT = Path(RULES) / "sqa" / "awards" / "hnc" / "2003.yaml"
DAY = "2026-11-01"
UNITS = ("earned: [{credential: sqa/m1, earned: 2026-05-20}]", "earned: []")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A draft of the next edition: what is compulsory for everybody is so no more."""
    text = DRAFT.read_text().replace('edition: "2003"', 'edition: "2030"')
    text = text.replace("from: 2003", "from: 2030").replace(
        "credits: {from: 48}", "credits: {from: 8}"
    )
    path = tmp_path / "draft.yaml"
    path.write_text(text)
    return path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A directory of records."""
    folder = tmp_path / "records"
    folder.mkdir()
    for name, text in zip(("ann", "ben"), UNITS, strict=True):
        (folder / f"{name}.yaml").write_text(text)
    return folder


def impact(draft: Path, records: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    asked = ("--award", "sqa/hnc", "--draft", str(draft), "--records", str(records))
    return cairn("impact", *asked, "--rules", RULES, "--as-of", DAY, *words)


def test_who_is_nearer_is_told_and_counted(draft: Path, records: Path) -> None:
    done = impact(draft, records, "--format", "json", "--workers", "1")
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout)
    assert (told["before"], told["after"], told["as_of"]) == ("2003", "2030", DAY)
    assert [one["learner"] for one in told["learners"]] == ["ann", "ben"]
    assert told["summary"]["learners"] == 2
    assert told["summary"]["changes"]["nearer"] == sum(
        "nearer" in one["changes"] for one in told["learners"]
    )
    text = impact(draft, records).stdout.decode()
    assert text.startswith("sqa/hnc: edition 2030 against 2003 on 2026-11-01\n2 learners: ")
    assert "2 lack fewer credits:\n  ann, ben" in text


def test_the_difference_of_one_is_told_in_words(draft: Path, records: Path) -> None:
    done = impact(draft, records, "--learner", "ben")
    says = b"ben: 0 of 96 credits before, 0 of 56 credits after (nearer)\n"
    assert (done.returncode, done.stdout) == (0, says)
    wrong = impact(draft, records, "--learner", "anna")
    assert wrong.returncode == 2
    assert b"there is no record of `anna`" in wrong.stderr
    assert b"ann" in wrong.stderr


def test_what_cannot_be_used_is_refused(draft: Path, records: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    none = impact(draft, nothing)
    assert (none.returncode, b"holds no records" in none.stderr) == (2, True)
    away = impact(draft, tmp_path / "away")
    assert (away.returncode, b"is no directory" in away.stderr) == (2, True)
    (records / "again.yaml").write_text("learner: ann\n")
    twice = impact(draft, records)
    assert (twice.returncode, b"is a second record of `ann`" in twice.stderr) == (2, True)


def test_a_draft_with_errors_and_one_of_another_award_are_refused(
    draft: Path, records: Path
) -> None:
    text = draft.read_text()
    draft.write_text(text.replace("sqa/m1", "sqa/nope"))
    wrong = impact(draft, records)
    assert (wrong.returncode, b"no credential `sqa/nope`" in wrong.stderr) == (2, True)
    draft.write_text(text.replace("award: sqa/hnc", "award: sqa/hnd"))
    other = impact(draft, records)
    assert (other.returncode, b"is a rule of `sqa/hnd`" in other.stderr) == (2, True)


def test_whoever_interrupts_it_is_told_how_far_it_was(draft: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number}.json").write_text('{"earned": ["sqa/m1"]}')
    asked = ["--award", "sqa/hnc", "--draft", str(draft), "--records", str(folder)]
    command = [str(Path(sys.executable).with_name("cairn")), "impact", *asked, "--rules", RULES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 60
        while not children(process.pid) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert b"of 200 were judged, and nothing is kept of it" in err


def children(process: int) -> list[str]:
    """The processes that a process has started."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    return listed.read_text().split() if listed.exists() else []
