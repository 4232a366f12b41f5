"""Rules and students of other systems, imported from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import cairn
from tests.interop.hanson import HEAD
from tests.interop.test_hanson_student import student

RULE = f"{HEAD}result: {{all: [LAKE 201, {{crsid: '0000000043'}}]}}\n"


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    folder = tmp_path / "areas"
    (folder / "2020-21").mkdir(parents=True)
    (folder / "2020-21" / "900.yaml").write_text(RULE)
    return folder


def imported(areas: Path, *more: str) -> dict[str, object]:
    out = str(areas.parent / "rules")
    done = cairn("import", "hanson", str(areas), "--out", out, "--format", "json", *more)
    return {"code": done.returncode, "told": done.stderr.decode(), **json.loads(done.stdout)}


def test_files_are_counted(areas: Path) -> None:
    assert imported(areas) == {
        "code": 0,
        "told": "",
        "files": 1,
        "whole": 1,
        "partial": 0,
        "failed": 0,
        "not_carried": {},
    }


def test_what_is_not_carried_over_is_told_with_its_place(areas: Path) -> None:
    (areas / "2020-21" / "901.yaml").write_text(
        HEAD.replace("900", "901") + "result: {all: [{template: own_courses}]}\n"
    )
    found = imported(areas)
    assert (found["partial"], found["not_carried"]) == (1, {"template": 1})
    assert "901.yaml:5:16: warning CN1101" in str(found["told"])


def test_a_file_that_fails_ends_with_one_and_the_rest_is_written(areas: Path) -> None:
    (areas / "2020-21" / "901.yaml").write_text("name: [\n")
    found = imported(areas)
    assert (found["code"], found["failed"], found["whole"]) == (1, 1, 1)
    written = areas.parent / "rules" / "stolaf" / "awards"
    assert [path.name for path in written.iterdir()] == ["900"]


def test_where_all_fails_nothing_is_written(areas: Path) -> None:
    (areas / "2020-21" / "900.yaml").write_text("name: [\n")
    assert imported(areas)["code"] == 1
    assert not (areas.parent / "rules").exists()


def test_the_counts_are_a_table(areas: Path) -> None:
    out = str(areas.parent / "rules")
    done = cairn("import", "hanson", str(areas / "2020-21" / "900.yaml"), "--out", out)
    assert done.returncode == 0
    assert [line.split()[-1] for line in done.stdout.decode().splitlines()] == ["1", "1", "0", "0"]


def test_what_is_there_stays(areas: Path) -> None:
    imported(areas)
    out = str(areas.parent / "rules")
    done = cairn("import", "hanson", str(areas), "--out", out)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"is there already" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere", "--out", "rules"),
        (".", "--out", "rules", "--institution", "St Olaf"),
        (".", "--out", "rules"),
    ],
)
def test_wrong_use_ends_with_two(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cairn("import", "hanson", *words)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_student_is_audited_by_imported_rules(areas: Path, tmp_path: Path) -> None:
    imported(areas)
    file = tmp_path / "student.json"
    file.write_text(json.dumps(student({}, {"clbid": "8", "crsid": "0000000043"})))
    record = tmp_path / "record.yaml"
    printed = cairn("import", "hanson-student", str(file))
    assert (printed.returncode, printed.stderr) == (0, b"")
    record.write_bytes(printed.stdout)
    rules = str(tmp_path / "rules")
    words = ("--award", "stolaf/900", "--record", str(record), "--rules", rules)
    done = cairn("audit", *words, "--as-of", "2026-01-01", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["met"] is True


def test_what_is_left_of_a_student_is_told() -> None:
    given = json.dumps(student({"grade_code": "AU"})).encode()
    done = cairn("import", "hanson-student", "-", given=given)
    assert done.returncode == 0
    assert b"not carried over: LAKE 201 Lake Ice was audited" in done.stderr


@pytest.mark.parametrize("given", [b"", b"[]", b"{", b'{"courses": 1}'])
def test_what_is_no_student_ends_with_two(given: bytes) -> None:
    done = cairn("import", "hanson-student", "-", given=given)
    assert (done.returncode, done.stdout) == (2, b"")
