"""The published JSON Schema of inline cases: never stricter than the reader, and closed."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.core.language.cases import CASE, CASE_RECORD, CODES, EXPECT, read_cases
from app.core.language.reader import Plain, read_yaml
from app.core.language.records import ACHIEVEMENT
from app.core.language.schema import rule_schema
from app.core.language.schema_records import record_schema

HERE = Path(__file__).parent
RULES = HERE.parents[2] / "rules"
PARTS = rule_schema()["$defs"]
VALIDATOR = Draft202012Validator({"$ref": "#/$defs/case", "$defs": PARTS})

CASE_OF_ALL: dict[str, Any] = {
    "name": "of all",
    "on": "2026-06-30",
    "with": "x/b",
    "policies": {"retakes": "best", "grade_scale": "A to F"},
    "record": {
        "like": "another",
        "without": ["x/c"],
        "all": {"status": "earned", "credits": " 7.5 ", "attributes": {"campus": True}},
        "learner": "ada",
        "achievements": ["x/d", {"credential": "x/e", "earned": "2026-01-31", "attempt": 2}],
        "milestones": {"entry": "2025-09-01"},
        "attestations": [{"requirement": "r", "role": "tutor", "by": "B", "on": "2026-01-31"}],
        "declared": "x/a",
    },
    "expect": {
        "met": True,
        "progress": {"reached": "22.5"},
        "counts": {"require": {"x/e": 15}, "core": "x/d", "none": []},
        "short": {"core": 15, "more": {"choose": 1}},
        "refused": {"x/c": "superseded"},
        "because": "missing",
        "averages": {"mean": "3.25"},
        "totals": {"core": {"of": 60}},
        "admission": "not-met",
        "gates": {"thesis": "closed"},
        "effects": {"award": "x/b", "effect": "supersede", "on": "2026-06-30"},
        "edition": "2026",
        "error": "unknown-record",
        "projected": {"planned": {"met": False}},
        "awards": {"x/b": {"short": {}}},
    },
}


def cases(path: Path) -> list[dict[str, Any]]:
    document, _ = read_yaml(path.read_bytes(), path.name)
    assert document is not None
    loaded = json.loads(json.dumps(document.value, default=date.isoformat))
    return list(loaded.get("cases", []))


SHIPPED = [case for path in sorted(RULES.glob("*/awards/*/*.yaml")) for case in cases(path)]
# What stands elsewhere in a case, and what is often written in its stead.
ODD: list[Any] = [
    *("", " ", "x/b", "met", " 7.5 ", "7.", "1e3", "2026-02-29", "2024-02-29", "a\nb", "x" * 501),
    *(0, 1, -1, 7.5, 100_001, 10**6, True, False, None, [], {}, [[]], {"": 1}, [None]),
    *(["x/b", "x/b"], {"x/b": "7.5"}, {"credits": 1, "choose": 1}, {"reached": 1}),
    *({"name": "entry", "on": "2026-01-31"}, {"credential": "x/b", "status": "planned"}),
]


def places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 -- whatever a case holds
    """Return every container with each of its keys or positions."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


def is_read(case: Plain) -> bool:
    return read_cases([case], {}, ("cases",))[1] == ()


@pytest.mark.parametrize(("part", "readers"), [("case", CASE), ("expectation", EXPECT)])
def test_the_keys_are_those_that_are_read(part: str, readers: dict[str, object]) -> None:
    assert PARTS[part]["properties"].keys() == readers.keys()


def test_a_record_of_a_case_has_the_keys_of_a_record_and_three_more() -> None:
    own = PARTS["case-record"]["properties"]
    assert own.keys() == CASE_RECORD.keys() | {"all"}
    assert own["all"]["properties"].keys() == ACHIEVEMENT.keys() - {"id", "credential"}
    assert PARTS["reason-code"]["enum"] == list(CODES)
    assert own["earned"] == {"$ref": "#/$defs/record/properties/earned"}


def test_the_published_schema_of_records_is_fresh_and_part_of_that_of_rules() -> None:
    published = json.loads((RULES / "schema" / "record.v1.json").read_text())
    assert published == record_schema(), "write it again: make schema"
    assert published["properties"] == PARTS["record"]["properties"]
    assert published["$defs"].items() <= PARTS.items()


def test_a_case_may_hold_all_that_is_read() -> None:
    assert is_read(CASE_OF_ALL)
    assert [error.message for error in VALIDATOR.iter_errors(CASE_OF_ALL)] == []


@given(data=st.data())
def test_what_the_reader_takes_the_schema_takes_too(data: st.DataObject) -> None:
    case = copy.deepcopy(data.draw(st.sampled_from([CASE_OF_ALL, *SHIPPED])))
    for _ in range(data.draw(st.integers(1, 2))):
        around, key = data.draw(st.sampled_from(places(case)))
        if isinstance(around, dict) and data.draw(st.booleans()):
            around[data.draw(st.sampled_from(["", "met", "all", "x/b", "of"]))] = around.pop(key)
        else:
            around[key] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    if is_read(case):
        assert [error.message for error in VALIDATOR.iter_errors(case)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"expects": {"met": True}},
        {"on": 20260630},
        {"name": ""},
        {"policies": {"retake": "best"}},
        {"record": ["x/a"]},
        {"record": {"likes": "first"}},
        {"record": {"all": {"grades": "B"}}},
        {"record": {"all": None}},
        {"record": {"earned": [{"credential": "x/a", "credit": 15}]}},
        {"expect": {}},
        {"expect": {"mett": True}},
        {"expect": {"met": "yes"}},
        {"expect": {"projected": {"progess": {"reached": 1}}}},
        {"expect": {"awards": {"x/b": {"met": 1}}}},
        {"expect": {"progress": {"reached": 7.5}}},
        {"expect": {"short": {"core": {"credits": 5, "choose": 1}}}},
        {"expect": {"refused": {"x/a": "in-exces"}}},
        {"expect": {"admission": "open"}},
        {"expect": {"effects": [{"award": "x/b"}]}},
    ],
    ids=str,
)
def test_what_is_misspelt_or_of_another_kind_both_refuse(change: dict[str, Any]) -> None:
    case: dict[str, Any] = {"name": "a", "on": "2026-06-30", "record": {}, "expect": {"met": True}}
    assert is_read(case)
    assert VALIDATOR.is_valid(case)
    assert not is_read({**case, **change})
    assert not VALIDATOR.is_valid({**case, **change})


@pytest.mark.parametrize("key", ["name", "on", "record", "expect"])
def test_a_case_without_what_it_needs_both_refuse(key: str) -> None:
    case = {own: value for own, value in CASE_OF_ALL.items() if own != key}
    assert not is_read(case)
    assert not VALIDATOR.is_valid(case)
