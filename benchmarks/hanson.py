"""A college's published rules and the students made for them, where they are at hand.

Nothing of them is part of this project: `CAIRN_HANSON_DATA` names the directory, else it is looked
for beside the project. What another engine took for the same students is recorded with them.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.language.records import record_from
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId
from app.core.model.record import LearnerRecord
from app.interop.hanson_facts import COLLEGE
from app.interop.hanson_pack import import_areas
from app.interop.hanson_student import record_of
from app.interop.packs import Pack, read_pack
from benchmarks.sets import Case

BESIDE = Path(__file__).parents[2] / "shared" / "data" / "hanson"
HERE = Path(os.environ.get("CAIRN_HANSON_DATA", BESIDE))
AS_OF = date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the other engine took for a student, in milliseconds, and whether it gave up."""

    milliseconds: float
    capped: bool


@dataclass(frozen=True, slots=True)
class Real:
    """The audits with classes listed by the catalogue, or described by the record; and theirs."""

    listed: tuple[Case, ...]
    described: tuple[Case, ...]
    recorded: tuple[Recorded, ...]


def real() -> Real | None:
    """Return the audits of every student against the area they were made for; None without data."""
    students = HERE / "students-and-verdicts.jsonl.gz"
    if not students.is_file():
        return None
    with gzip.open(students, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    pack = _pack()
    records = [_record(row) for row in rows]
    catalogue, listed = _listed(pack.catalogue, records)
    return Real(
        tuple(_cases(pack, catalogue, rows, listed)),
        tuple(_cases(pack, pack.catalogue, rows, records)),
        tuple(Recorded(row["ms"], row["capped"]) for row in rows),
    )


def areas() -> Iterator[CompiledAward]:
    """Yield every rule of the college, compiled against the classes that the students took."""
    students = HERE / "students-and-verdicts.jsonl.gz"
    if not students.is_file():
        return
    with gzip.open(students, "rt") as lines:
        records = [_record(json.loads(line)) for line in lines]
    pack = _pack()
    catalogue, _ = _listed(pack.catalogue, records)
    for one in pack.rules.values():
        if one.edition is not None:
            yield compile_rule(one.edition, catalogue, pack.policies)


def _pack() -> Pack:
    paths = sorted((HERE / "areas").rglob("*.yaml"))
    made = import_areas({str(path.relative_to(HERE)): path.read_bytes() for path in paths})
    return read_pack({path: text.encode() for path, text in made.files.items()}, COLLEGE)


def _record(row: dict[str, Any]) -> LearnerRecord:
    plain, _ = record_of(row["student"], area=row["area"].partition("/")[2])
    read = record_from(plain)
    assert read.record is not None, row["area"]
    return read.record


def _cases(
    pack: Pack,
    catalogue: Catalogue,
    rows: Sequence[dict[str, Any]],
    records: Sequence[LearnerRecord],
) -> Iterator[Case]:
    editions = (one.edition for one in pack.rules.values() if one.edition is not None)
    rules = {(one.edition, one.award): one for one in editions}
    asked = {row["area"] for row in rows}
    compiled = {}
    for area in asked:
        year, _, code = area.partition("/")
        rule = rules[year, CredentialId(f"{COLLEGE}/{code}")]
        compiled[area] = compile_rule(rule, catalogue, pack.policies)
    for row, record in zip(rows, records, strict=True):
        yield Case(f"{row['area']} {row['profile']}", (compiled[row["area"]],), record, AS_OF)


def _listed(
    catalogue: Catalogue, records: Iterable[LearnerRecord]
) -> tuple[Catalogue, list[LearnerRecord]]:
    """The catalogue with every class that a record describes, and records that describe none.

    Students were made apart from each other: where two describe a class of the same id differently,
    each has its own.
    """
    known = dict(catalogue.credentials)
    found = []
    for record in records:
        ids = {one.id: _filed(one, known) for one in record.credentials}
        held = tuple(
            replace(one, credential=ids.get(one.credential, one.credential))
            for one in record.achievements
        )
        found.append(replace(record, credentials=(), achievements=held))
    return replace(catalogue, credentials=known), found


def _filed(one: Credential, known: dict[CredentialId, Credential]) -> CredentialId:
    """File a class under its id, or under the first variant of it that is free or the same."""
    number, own = 1, one
    while known.setdefault(own.id, own) != own:
        number += 1
        own = replace(one, id=CredentialId(f"{one.id}-{number}"))
    return own.id
