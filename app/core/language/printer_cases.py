"""Cases back to their written form: as they stand, their keys in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.language.cases import CASE, EXPECT, Case
from app.core.language.printer_yaml import Open, Written
from app.core.language.reader import Plain
from app.core.language.records import ACHIEVEMENT, GROUPS, RECORD

ENTRIES = ("achievements", *GROUPS)
RECORD_KEYS = ("like", "without", "all", *RECORD)


def written_case(case: Case) -> Written:
    """Return the case over several lines."""
    written = _ordered(case.written, CASE)
    orders = {"record": _record, "expect": _expect}
    return Open({key: orders.get(key, _as_it_is)(part) for key, part in written.items()})


def _as_it_is(value: Plain) -> Written:
    return value


def _record(value: Plain) -> Written:
    if not isinstance(value, dict):
        return value
    written = _ordered(value, RECORD_KEYS)
    return {key: _entries(part) if key in ENTRIES else part for key, part in written.items()}


def _entries(value: Plain) -> Written:
    if isinstance(value, list):
        return [_entries(entry) for entry in value]
    return _ordered(value, ACHIEVEMENT) if isinstance(value, dict) else value


def _expect(value: Plain) -> Written:
    if not isinstance(value, dict):
        return value
    written: dict[str, Written] = dict(_ordered(value, EXPECT))
    for key in ("projected", "planned"):
        if key in value:
            written[key] = _expect(value[key])
    awards = value.get("awards")
    if isinstance(awards, dict):
        written["awards"] = {award: _expect(expected) for award, expected in awards.items()}
    return written


def _ordered(value: Plain, order: Iterable[str]) -> Mapping[str, Plain]:
    """Return the mapping with its keys in this order; keys that are not in it come last."""
    if not isinstance(value, dict):
        return {}
    known = [key for key in order if key in value]
    return {key: value[key] for key in (*known, *value)}
