"""The large run is the same however it is shared out, and its report can be gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.engine import small
from tests.properties import large
from tests.properties.large import arguments, begun, main, trials
from tests.properties.numbered import Trial
from tests.properties.tally import Tally, from_page, to_page


@pytest.fixture(autouse=True)
def _looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the run sets for its own process is set back."""
    monkeypatch.setattr(small, "MOST_LOOKS", small.MOST_LOOKS)


def test_what_comes_out_is_the_same_however_many_processes_share_it() -> None:
    alone, shared = trials(1, range(25), workers=1), trials(1, range(25), workers=2)
    assert list(alone) == list(shared)


def test_a_tally_is_read_from_the_page_that_it_is_written_to() -> None:
    tally = Tally(3, 40, ("abc", "abd-dirty"), seconds=7)
    tally.add(Trial(40, "equal", frozenset({"credit cap", "met now"})))
    tally.add(Trial(41, "not proven", None))
    tally.add(Trial(42, "equal", frozenset({"credit cap"})))
    assert from_page(to_page(tally)) == tally
    assert "- problem 41: not proven" in to_page(tally)


def test_a_run_goes_on_where_its_report_stops(tmp_path: Path) -> None:
    report, whole = tmp_path / "report.md", tmp_path / "whole.md"
    assert main(["--count", "3", "--report", str(report)]) == 0
    assert main(["--first", "3", "--count", "2", "--report", str(report)]) == 0
    assert main(["--count", "5", "--report", str(whole)]) == 0
    parts, once = from_page(report.read_text()), from_page(whole.read_text())
    assert replace(parts, seconds=0) == replace(once, seconds=0)
    assert parts.tried == 5


def test_a_report_that_stops_elsewhere_is_not_gone_on_with(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text(to_page(Tally(1, 0, ("abc",), tried=3)))
    with pytest.raises(SystemExit, match="stops before problem 3 of seed 1"):
        begun(1, 4, report)
    with pytest.raises(SystemExit, match="stops before problem 3 of seed 1"):
        begun(2, 3, report)


@pytest.mark.parametrize("first", ["0", "4"])
def test_what_is_no_report_is_neither_gone_on_with_nor_lost(tmp_path: Path, first: str) -> None:
    page = tmp_path / "report.md"
    page.write_text("# Another page\n")
    with pytest.raises(SystemExit, match="is not the report of a run: name another page"):
        main(["--first", first, "--count", "1", "--report", str(page)])
    assert page.read_text() == "# Another page\n"


def test_a_report_that_is_there_is_not_begun_anew(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    page = to_page(Tally(1, 0, ("abc",), tried=3))
    report.write_text(page)
    with pytest.raises(SystemExit, match="go on with --seed 1 --first 3, or name another page"):
        main(["--count", "1", "--report", str(report)])
    assert report.read_text() == page


@pytest.mark.parametrize(
    "command", ["--workers 0", "--count -3", "--first x", "--report no/such/place.md"]
)
def test_what_cannot_be_done_is_refused_before_anything_is_tried(command: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        arguments(command.split())


def test_what_an_earlier_run_found_is_not_kept_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.md"
    report.write_text(to_page(Tally(1, 0, ("abc",), tried=1, failures={0: "crashed"})))
    monkeypatch.setattr(large, "CORPUS", tmp_path)
    monkeypatch.setattr(large, "described_commit", lambda: "abc")
    assert main(["--first", "1", "--count", "1", "--report", str(report)]) == 1
    assert list(tmp_path.glob("*.json")) == []
