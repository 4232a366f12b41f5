"""The published JSON Schema: fresh, valid, as tight as the language, and fit for every rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.core.language.reader import Plain, read_yaml
from app.core.language.schema import rule_schema

HERE = Path(__file__).parent
RULES = HERE.parents[2] / "rules"
VALIDATOR = Draft202012Validator(rule_schema())


def plain(path: Path) -> Plain:
    document, found = read_yaml(path.read_bytes(), path.name)
    assert document is not None, found
    loaded: Plain = json.loads(json.dumps(document.value, default=date.isoformat))
    return loaded


def mappings(schema: object) -> Iterator[dict[str, object]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from mappings(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from mappings(part)


def test_the_published_schema_is_fresh() -> None:
    published = (RULES / "schema" / "rule.v1.json").read_text()
    assert json.loads(published) == rule_schema(), "write it again: cairn rules schema"


def test_the_schema_is_itself_valid_and_the_same_every_time() -> None:
    Draft202012Validator.check_schema(rule_schema())
    assert json.dumps(rule_schema()) == json.dumps(rule_schema())


def test_every_mapping_is_closed_and_described() -> None:
    for schema in mappings(rule_schema()):
        if schema.keys() != {"type"}:
            assert "additionalProperties" in schema
            assert schema["description"]


def test_no_value_may_be_left_out_and_no_class_is_named() -> None:
    text = json.dumps(rule_schema())
    assert '"null"' not in text
    assert all(
        " " in str(schema["title"]) for schema in mappings(rule_schema()) if "title" in schema
    )


@pytest.mark.parametrize(
    "path",
    [*sorted(HERE.glob("good/*.yaml")), *sorted(RULES.glob("*/awards/*/*.yaml"))],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_every_award_file_fits_the_schema(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(plain(path))] == []


@pytest.mark.parametrize("name", ["forms", "json", "keys", "more-values", "more-forms", "values"])
def test_what_the_reader_refuses_for_its_shape_the_schema_refuses_too(name: str) -> None:
    assert not VALIDATOR.is_valid(plain(HERE / "bad" / f"{name}.yaml"))


@pytest.mark.parametrize(
    "require",
    [
        {},
        3,
        {"take": "x/a", "choose": 1, "from": "x/b"},
        {"take": "x/a", "shares_with": {"a": 1}},
        {"take": ["x/a", "x/a"]},
        {"choose": 1},
        {"choose": 1, "from": {"at_most": 3}},
        {"choose": 1, "from": {"exactly": True, "tag": "a"}},
        {"choose": 1, "from": {"level": {"at": 7, "from": 7}}},
        {"choose": 1, "from": {"earned": {}}},
        {"credits": -5, "from": {}},
        {"credits": 7.5, "from": {}},
        {"credits": "seven", "from": {}},
        {"any": []},
        {"some": {"of": []}},
        {"outcomes": ["a"]},
        {"take": "x/a", "at_most": [{"credits": 1, "share": "20%", "of": "award"}]},
        {"take": "x/a", "at_most": [{"choose": 1, "items": "trim"}]},
        {"take": "x/a", "at_most": [{"credits": 1, "items": "trim", "over": "record"}]},
        {"take": "x/a", "within": {"span": "5y", "from": "admission"}},
        {"take": "x/a", "title": None},
    ],
    ids=str,
)
def test_the_schema_is_as_tight_as_the_language(require: Plain) -> None:
    award: dict[str, Plain] = {
        "award": "x/a",
        "title": "A",
        "edition": "1",
        "effective": {"from": "2026-01-01"},
        "credit": {"total": 60, "unit": "ects"},
    }
    assert VALIDATOR.is_valid({**award, "require": {"take": "x/a"}})
    assert not VALIDATOR.is_valid({**award, "require": require})
