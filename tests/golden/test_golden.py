"""Whole explanations, compared word by word; REFRESH_GOLDEN=1 writes them anew, to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.core.language.cases import case_record
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from app.wiring import packs_in

HERE = Path(__file__).parent
SHELF = Shelf.of(packs_in(HERE.parents[1] / "rules"))
ROWS = [
    "C1.2",
    "C1.8",
    "C2.1",
    "C3.2",
    "C3.3",
    "C4.1",
    "C4.4",
    "C4.5",
    "C4.8",
    "C5.1",
    "C5.3",
    "C5.5",
    "C6.3",
    "C6.5",
    "C6.7",
    "C7.4",
    "C7.6",
    "C8.3",
    "C8.4",
]


def told(row: str) -> str:
    pack, rule, case = next(
        (pack, rule, case)
        for pack in SHELF.packs
        for rule in pack.rules.values()
        for case in rule.cases
        if case.name.startswith(f"{row} ")
    )
    assert rule.edition is not None
    record = case_record(case, {one.name: one for one in rule.cases}, pack.samples)
    choices = [
        AwardChoice(rule.edition.award, rule.edition.edition),
        *map(AwardChoice, case.together),
    ]
    audits = SHELF.audit(record, choices, case.on, case.policies)
    return "\n".join(audit.text for audit in audits)


@pytest.mark.parametrize("row", ROWS)
def test_an_explanation_reads_as_it_was_approved(row: str) -> None:
    file = HERE / f"{row}.txt"
    if os.environ.get("REFRESH_GOLDEN"):
        file.write_text(told(row), encoding="utf-8")
    assert told(row) == file.read_text(encoding="utf-8")
