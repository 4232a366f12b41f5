"""`cairn what-if`: changes tried, and what single change is enough."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_cli import RULES, cairn

RECORD = Path(RULES) / "sqa" / "records" / "hnc-without-graded-unit.yaml"
ASKED = ("what-if", "--award", "sqa/hnc", "--rules", RULES, "--record", str(RECORD))
DAY = ("--as-of", "2026-11-01")


def test_without_changes_each_that_is_enough_is_listed() -> None:
    done = cairn(*ASKED, *DAY)
    assert (done.returncode, done.stderr) == (0, b"")
    head, change = done.stdout.decode().splitlines()
    assert head == "Higher National Certificate: each of these would be enough."
    assert change == "- Graded Unit 1 finished."
    done = cairn(*ASKED, *DAY, "--format", "json")
    (found,) = json.loads(done.stdout)["changes"]
    assert found["kind"] == "finish"


def test_what_is_added_is_compared() -> None:
    done = cairn(*ASKED, *DAY, "--add", "sqa/g1=A")
    assert (done.returncode, done.stderr) == (0, b"")
    head, first, *_ = done.stdout.decode().splitlines()
    assert head == "Higher National Certificate, 2003"
    assert first == "Higher National Certificate would now meet the rule."


def test_several_changes_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "changes.yaml"
    file.write_text("remove: [sqa/o4]\nawards: [sqa/hnd]\n")
    done = cairn(*ASKED, *DAY, "--changes", str(file), "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert [one["award"] for one in found["after"]] == ["sqa/hnd"]
    assert "sqa/o4" not in {one["id"] for one in found["after"][0]["achievements"]}


def test_what_is_complete_needs_no_change() -> None:
    done = cairn(*ASKED, *DAY, "--grade", "sqa/m1=A", "--move", "sqa/m1=mandatory")
    assert done.returncode == 0, done.stderr


def test_an_edition_alone_is_of_the_award_that_stands_at_its_place() -> None:
    done = cairn(
        *ASKED, "--award", "sqa/hnd", *DAY, "--to", "@2003", "--to", "@2003", "--format", "json"
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [one["award"] for one in json.loads(done.stdout)["after"]] == ["sqa/hnc", "sqa/hnd"]


def test_other_editions_are_told_by_when_they_begin(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(Path(RULES) / "sqa", rules / "sqa")
    first = rules / "sqa" / "awards" / "hnc" / "2003.yaml"
    begun = "{from: 2003-08-01"
    first.write_text(first.read_text().replace(f"{begun}}}", f"{begun}, until: 2020-07-31}}"))
    for name, year, end in (
        ("z", 2020, 2021),
        ("y", 2021, 2022),
        ("x", 2022, 2030),
        ("w", 2030, 0),
    ):
        until = f", until: {end}-07-31" if end else ""
        first.with_name(f"{name}.yaml").write_text(
            f"award: sqa/hnc\ntitle: HNC\nedition: {name}\n"
            f"effective: {{from: {year}-08-01{until}}}\n"
            "credit: {total: 96, unit: points}\nrequire: {take: sqa/m1}\n"
            "cases: [{name: m1, on: 2031-01-01, record: {earned: [sqa/m1]}, expect: {met: true}}]\n"
        )
    record = rules / "sqa" / "records" / "hnc-without-graded-unit.yaml"
    asked = ("what-if", "--award", "sqa/hnc", "--rules", str(rules), "--record", str(record))
    done = cairn(*asked, *DAY, "--edition", "2003", "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    found = [one.get("edition") for one in json.loads(done.stdout)["changes"]]
    assert found == [None, "z", "y", "x"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--add", "sqa/nope"), "$.achievements[9].credential: error CN0703"),
        (("--remove", "zz"), "has no achievement `zz`"),
        (("--grade", "x"), "`x` is no ACHIEVEMENT=GRADE"),
        (("--move", "x"), "`x` is no ACHIEVEMENT=REQUIREMENT"),
        (("--to", "@1999"), "`sqa/hnc` has no edition `1999`: there are `2003`"),
        (("--to", "sqa/hnd", "--to", "sqa/hnc"), "name as many, in the same order"),
        (("--changes", "README.md"), "the changes `README.md` cannot be used"),
        (("--award", "sqa/hnd", "--edition", "1"), "`--edition` goes with one `--award`"),
    ],
)
def test_wrong_changes_are_refused(words: tuple[str, ...], told: str) -> None:
    done = cairn(*ASKED, *DAY, *words)
    assert done.returncode == 2
    assert told in done.stderr.decode()
