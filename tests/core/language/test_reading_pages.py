"""What pages on records, catalogues and cases avoid is found; what they prefer is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from app.core.language.catalogues import read_catalogue
from app.core.language.diagnostics import Diagnostic
from app.core.language.reader import read_yaml
from app.core.language.record_checks import check_record
from app.core.language.records import read_record
from app.interop.packs import check_packs, read_pack

PAGES = Path(__file__).parents[3] / "docs" / "diagnostics"
EXAMPLE = re.compile(r"^```yaml\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
REST = {
    "institution": "institution: atu",
    "title": "title: University",
    "issuers": "issuers: [{id: atu, title: University}]",
    "attributes": "attributes: {route: text}",
    "grades": "grades: {letter: [{grade: B+}]}",
    "credentials": "credentials: [{id: atu/ml-1, title: ML, issuer: atu, unit: ects}]",
}
RULE = """
award: atu/award
title: Award
edition: "1"
effective: {from: 2026-01-01}
credit: {total: 5, unit: ects}
require: {take: atu/ml-1}
"""


def completed(catalogue: str = "") -> bytes:
    """Return a catalogue that has the example's keys and the usual rest."""
    rest = [
        line for key, line in REST.items() if not re.search(f"^{key}:", catalogue, re.MULTILINE)
    ]
    return "\n".join([catalogue, *rest]).encode()


def in_catalogue(example: str) -> Iterable[Diagnostic]:
    # A reference of the example leads somewhere where it is the one that is right.
    first = "credentials:\n  - {id: atu/ml-1, title: ML, issuer: atu}\n"
    alone = re.sub(r"credentials: \[(\{id: atu/ml-2.*\})\]", rf"{first}  - \1", example)
    return read_catalogue(completed(alone), "catalogue.yaml").diagnostics


def in_record(example: str) -> Iterable[Diagnostic]:
    read = read_record(example.encode(), "record.yaml")
    catalogue = read_catalogue(completed(), "catalogue.yaml").catalogue
    if read.record is None or catalogue is None:
        return read.diagnostics
    return check_record(read.record, catalogue, date(2026, 9, 1))


def in_request(example: str) -> Iterable[Diagnostic]:
    """Return what is found in the record of an example that states the audit's day."""
    document, _ = read_yaml(example.encode(), "request.yaml")
    assert document is not None
    assert isinstance(document.value, dict)
    day = document.value["as_of"]
    assert isinstance(day, date)
    record = read_record(example.partition("record: ")[2].encode(), "record.yaml").record
    catalogue = read_catalogue(completed(), "catalogue.yaml").catalogue
    assert record is not None
    assert catalogue is not None
    return check_record(record, catalogue, day)


def in_cases(example: str) -> Iterable[Diagnostic]:
    files = {"catalogue.yaml": completed(), "awards/award/1.yaml": (RULE + example).encode()}
    return read_pack(files).diagnostics


def in_packs(example: str) -> Iterable[Diagnostic]:
    return check_packs([read_pack({"catalogue.yaml": completed(example)})])


FOUND_IN: Mapping[str, Callable[[str], Iterable[Diagnostic]]] = {
    **dict.fromkeys(
        ("CN0701", "CN0703", "CN0705", "CN0706", "CN0707", "CN0709", "CN0710", "CN0711"), in_record
    ),
    "CN0704": in_request,
    **{f"CN080{number}": in_catalogue for number in range(1, 7)},
    "CN0808": in_packs,
    **dict.fromkeys(("CN0901", "CN0902"), in_cases),
}


@pytest.mark.parametrize("code", FOUND_IN)
def test_what_a_page_avoids_is_found_and_what_it_prefers_is_not(code: str) -> None:
    avoid, prefer = EXAMPLE.findall((PAGES / f"{code}.md").read_text())
    assert {one.code for one in FOUND_IN[code](avoid)} == {code}
    assert list(FOUND_IN[code](prefer)) == []
