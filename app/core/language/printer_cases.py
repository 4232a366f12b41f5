"""Cases back to their written form: as they stand, their keys in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.language.cases import CASE, EXPECT, Case
from app.core.language.credentials import CREDENTIAL
from app.core.language.printer_yaml import Open, Written
from app.core.language.records import ACHIEVEMENT, GROUPS, RECORD
from app.core.language.values import Value

KEYS = {"credentials": CREDENTIAL, **dict.fromkeys(("achievements", *GROUPS), ACHIEVEMENT)}
"""The order of the keys of what a record lists."""
RECORD_KEYS = ("like", "without", "all", *RECORD)


def written_case(case: Case) -> Written:
    """Return the case over several lines; what it holds was read already, so its shape is known."""
    written = _ordered(case.written, CASE)
    return Open(
        {**written, "record": _record(written["record"]), "expect": _expect(written["expect"])}
    )


def _record(value: Value) -> Written:
    if isinstance(value, str):
        return value
    written = _ordered(value, RECORD_KEYS)
    return {
        key: _entries(part, KEYS[key]) if key in KEYS else part for key, part in written.items()
    }


def _entries(value: Value, order: Iterable[str]) -> Written:
    if isinstance(value, list):
        return [_entries(entry, order) for entry in value]
    return value if isinstance(value, str) else _ordered(value, order)


def _expect(value: Value) -> Written:
    written = _ordered(value, EXPECT)
    for key in ("projected", "planned"):
        if key in written:
            written[key] = _expect(value[key])
    if "awards" in written:
        written["awards"] = {award: _expect(one) for award, one in value["awards"].items()}
    return written


def _ordered(value: Value, order: Iterable[str]) -> dict[str, Written]:
    """Return the mapping with its keys in this order; keys that are not in it come last."""
    return {key: value[key] for key in (*order, *value) if key in value}
