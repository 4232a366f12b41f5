"""The published rule files of a college, where they are at hand: none is part of this project.

`CAIRN_HANSON_DATA` names the directory; else it is looked for beside the project.
"""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from app.core.language.printer_yaml import print_yaml
from app.core.language.records import read_record
from app.interop.hanson_pack import Imported, import_areas
from app.interop.hanson_student import record_of
from app.interop.packs import read_pack
from app.services.shelf import Shelf
from app.services.stored import AwardChoice

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "hanson"
HERE = Path(os.environ.get("CAIRN_HANSON_DATA", BESIDE))
NAMED = {"at_most (of parts)", "credit", "include_failed", "template"}
AS_OF = date(2026, 12, 31)

pytestmark = pytest.mark.skipif(not (HERE / "areas").is_dir(), reason="the files are not at hand")


@pytest.fixture(scope="module")
def imported() -> Imported:
    files = sorted((HERE / "areas").rglob("*.yaml"))
    sources = {str(path.relative_to(HERE)): path.read_bytes() for path in files}
    return import_areas(sources)


def test_no_file_fails_and_nearly_all_are_whole(imported: Imported) -> None:
    assert imported.failed == 0
    assert imported.whole >= 0.95 * imported.sources


def test_what_is_not_carried_over_is_known_by_name(imported: Imported) -> None:
    assert set(imported.not_carried) <= NAMED
    assert all(one.span.line for one in imported.diagnostics)


def test_the_pack_can_be_used(imported: Imported) -> None:
    pack = read_pack({path: text.encode() for path, text in imported.files.items()}, "stolaf")
    assert pack.diagnostics == ()


def test_students_are_audited_by_what_was_imported(imported: Imported) -> None:
    pack = read_pack({path: text.encode() for path, text in imported.files.items()}, "stolaf")
    shelf = Shelf.of([pack])
    with gzip.open(HERE / "students-and-verdicts.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(60), strict=False)]
    for row in rows:
        year, _, code = row["area"].partition("/")
        record, _ = record_of(row["student"], area=code)
        read = read_record(print_yaml(record).encode(), "student")
        assert read.record is not None
        choice = AwardChoice(f"stolaf/{code}", year)  # type: ignore[arg-type]
        (audit,) = shelf.audit(read.record, [choice], AS_OF, {})
        assert audit.award == f"stolaf/{code}"
        assert audit.now.proven
