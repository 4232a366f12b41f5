"""Plain values as canonical YAML: laid out by width, quoted only where the reader needs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from app.core.language.scalars import read_scalar

WIDTH = 120
INDENT = "  "
# Text with any of these could be taken for more than text: anywhere, and in brackets.
SYNTAX = re.compile(r"\n|: | #|[: ]\Z")
BRACKETED = re.compile(rf"[,\[\]{{}}]|{SYNTAX.pattern}")

Written: TypeAlias = (
    "bool | int | str | date | Open | Sequence[Written] | Mapping[str, Written] | None"
)
Tree: TypeAlias = "Mapping[str, Written] | Sequence[Written]"


@dataclass(frozen=True, slots=True)
class Open:
    """A mapping or a list that never stands in brackets, however short it is."""

    value: Tree


def print_yaml(value: Mapping[str, Written]) -> str:
    """Return the mapping as a document; what is not `Open` stands in brackets where it fits."""
    return "\n".join(_block(value, "")) + "\n"


def _block(value: Tree, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _entry(f"{indent}{_text(key, SYNTAX)}:", part, indent + INDENT)
        return
    for item in value:
        tree = _tree(item)
        if isinstance(tree, Mapping) and _fitting(item, indent + INDENT) is None:
            first, *rest = _block(tree, indent + INDENT)
            yield f"{indent}- {first.lstrip(' ')}"
            yield from rest
        else:
            yield from _entry(f"{indent}-", item, indent + INDENT)


def _entry(head: str, value: Written, indent: str) -> Iterator[str]:
    line, tree = _fitting(value, head), _tree(value)
    if tree is None or line is not None:
        yield f"{head} {line}"
        return
    if items := _items(value, indent):
        yield from _filled(head, items, indent)
        return
    yield head
    yield from _block(tree, indent)


def _items(value: Written, indent: str) -> list[str]:
    """Return the items of a list in which some are no mappings, if each fits on a line."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    if all(isinstance(item, Mapping | Open) for item in value):
        return []
    items = [_flow(item) for item in value]
    short = [item for item in items if item and len(indent) + len(item) < WIDTH]
    return short if len(short) == len(items) else []


def _filled(head: str, items: list[str], indent: str) -> Iterator[str]:
    """Yield a list in brackets over several lines, each as full as it can be."""
    line = f"{head} [{items[0]}"
    for item in items[1:]:
        if len(line) + len(item) + len(", ,") > WIDTH:
            yield f"{line},"
            line = f"{indent}{item}"
        else:
            line = f"{line}, {item}"
    yield f"{line}]"


def _tree(value: Written) -> Tree | None:
    inner = value.value if isinstance(value, Open) else value
    if isinstance(inner, str) or not isinstance(inner, Mapping | Sequence):
        return None
    return inner


def _fitting(value: Written, head: str) -> str | None:
    """Return the value on one line, or None where it has to be spread over several."""
    tree = _tree(value)
    if tree is not None and not tree:
        return "{}" if isinstance(tree, Mapping) else "[]"
    if tree is None:
        return _scalar(value, SYNTAX)
    line = _flow(value)
    return line if line and len(head) + 1 + len(line) <= WIDTH else None


def _flow(value: Written) -> str | None:
    """Return the value in brackets, or None where a part of it is `Open`."""
    if isinstance(value, Open):
        return None
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        return _scalar(value, BRACKETED)
    parts = [_flow(part) for part in (value.values() if isinstance(value, Mapping) else value)]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    if isinstance(value, Mapping):
        pairs = zip(value, whole, strict=True)
        return f"{{{', '.join(f'{_text(key, BRACKETED)}: {part}' for key, part in pairs)}}}"
    return f"[{', '.join(whole)}]"


def _scalar(value: Written, syntax: re.Pattern[str]) -> str:
    if isinstance(value, str):
        return _text(value, syntax)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(text: str, syntax: re.Pattern[str]) -> str:
    """Return the text plain where it reads back as itself, else in double quotes."""
    plain = (
        bool(text)
        and (text[0].isalnum() or text[0] in "./_($€§")
        and not syntax.search(text)
        and read_scalar(text) == text
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
