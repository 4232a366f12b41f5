"""Problems as JSON text, so that one found once is kept for ever: `{"Take": {"id": …}}`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from fractions import Fraction
from types import ModuleType
from typing import TypeAlias

from app.core.model import (
    catalogue,
    certificate,
    change,
    credential,
    credits,
    grade,
    level,
    period,
    record,
    requirement,
    rule,
    selector,
    wish,
)
from tests.properties import problem as problems
from tests.properties.problem import Problem

Plain: TypeAlias = bool | int | str | list["Plain"] | dict[str, "Plain"] | None
MODULES: tuple[ModuleType, ...] = (
    catalogue,
    certificate,
    change,
    credential,
    credits,
    grade,
    level,
    period,
    record,
    requirement,
    rule,
    selector,
    wish,
    problems,
)
KINDS: dict[str, Callable[..., object]] = {
    name: kind
    for module in MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields"))
}


def to_text(problem: Problem) -> str:
    """Return a problem as text, without what it would say anyway."""
    return json.dumps(to_plain(problem), indent=1, ensure_ascii=False) + "\n"


def from_text(text: str) -> Problem:
    """Return the problem that a text keeps."""
    found = from_plain(json.loads(text))
    if not isinstance(found, Problem):
        raise TypeError(text[:40])
    return found


def to_plain(value: object) -> Plain:
    """Return a value as JSON has it."""
    if isinstance(value, tuple) and type(value).__name__ in KINDS:
        named = zip(type(value)._fields, value, strict=True)  # type: ignore[attr-defined]
        return {type(value).__name__: {name: to_plain(own) for name, own in named}}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value):
            return {key: to_plain(each) for key, each in value.items()}
        return {"Mapping": [[to_plain(key), to_plain(each)] for key, each in value.items()]}
    if isinstance(value, Fraction | date):
        return {type(value).__name__: str(value)}
    if is_dataclass(value):
        said = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        changed = (f for f in fields(value) if f.init and said[f.name] != usual(f))
        kept = {f.name: to_plain(said[f.name]) for f in changed}
        return {type(value).__name__: kept}
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(type(value).__name__)


def from_plain(plain: Plain) -> object:
    """Return the value that JSON has."""
    if isinstance(plain, list):
        return tuple(from_plain(each) for each in plain)
    if not isinstance(plain, dict):
        return plain
    match list(plain.items()):
        case [("Fraction", str(text))]:
            return Fraction(text)
        case [("date", str(text))]:
            return date.fromisoformat(text)
        case [("Mapping", list(pairs))]:
            return {
                from_plain(pair[0]): from_plain(pair[1]) for pair in pairs if isinstance(pair, list)
            }
        case [(name, dict(said))] if name in KINDS:
            return KINDS[name](**{key: from_plain(each) for key, each in said.items()})
        case several:
            return {key: from_plain(each) for key, each in several}


def usual(field: Field[object]) -> object:
    """Return what a field is where nothing is said of it."""
    return field.default if field.default_factory is MISSING else field.default_factory()
