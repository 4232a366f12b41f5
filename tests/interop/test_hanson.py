"""The published rule files of a college, where they are at hand: none is part of this project."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.language.printer_yaml import print_yaml
from app.core.language.records import read_record
from app.interop.hanson_pack import Imported, import_areas
from app.interop.hanson_student import record_of
from app.interop.packs import Pack, read_pack
from app.services.cases import run_cases
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from tests.interop.peer.answers import AS_OF, HERE

NAMED = {"credit", "template"}
AUDITED = 24

pytestmark = pytest.mark.skipif(not (HERE / "areas").is_dir(), reason="the files are not at hand")


def imported(files: Iterable[Path]) -> Imported:
    return import_areas({str(path.relative_to(HERE)): path.read_bytes() for path in files})


def pack_of(made: Imported) -> Pack:
    return read_pack({path: text.encode() for path, text in made.files.items()}, "stolaf")


def students() -> Iterator[dict[str, Any]]:
    """Yield the first student of each of some areas."""
    seen: set[str] = set()
    with gzip.open(HERE / "students-and-verdicts.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            if row["area"] not in seen and len(seen) < AUDITED:
                seen.add(row["area"])
                yield row


def test_no_file_fails_nearly_all_are_whole_and_the_rest_is_named() -> None:
    made = imported(sorted((HERE / "areas").rglob("*.yaml")))
    assert made.failed == 0
    assert made.whole >= 0.95 * made.sources
    assert set(made.not_carried) <= NAMED
    assert all(one.span.line for one in made.diagnostics)
    assert pack_of(made).diagnostics == ()


def test_students_are_audited_by_what_was_imported() -> None:
    rows = list(students())
    pack = pack_of(imported(HERE / "areas" / f"{row['area']}.yaml" for row in rows))
    assert all(case.passed for case in run_cases([pack]))
    shelf = Shelf.of([pack])
    for row in rows:
        year, _, code = row["area"].partition("/")
        record, _ = record_of(row["student"], area=code)
        read = read_record(print_yaml(record).encode(), "student")
        assert read.record is not None
        choice = AwardChoice(f"stolaf/{code}", year)  # type: ignore[arg-type]
        (audit,) = shelf.audit(read.record, [choice], AS_OF, {})
        assert audit.now.proven
