"""Plain values as canonical YAML: laid out by width, quoted only where the reader needs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from app.core.language.scalars import read_scalar

WIDTH = 100
INDENT = "  "
# Text with any of these could be taken for more than text, in brackets or out of them.
SYNTAX = re.compile(r"[,\[\]{}\n]|: | #|[: ]\Z")

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
            yield from _entry(f"{indent}{_text(key)}:", part, indent + INDENT)
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
    yield head
    yield from _block(tree, indent)


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
    line = _flow(value)
    if tree is None or line is None:
        return line
    return line if len(head) + 1 + len(line) <= WIDTH else None


def _flow(value: Written) -> str | None:
    """Return the value in brackets, or None where a part of it is `Open`."""
    if isinstance(value, Open):
        return None
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        return _scalar(value)
    parts = [_flow(part) for part in (value.values() if isinstance(value, Mapping) else value)]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    if isinstance(value, Mapping):
        pairs = zip(value, whole, strict=True)
        return f"{{{', '.join(f'{_text(key)}: {part}' for key, part in pairs)}}}"
    return f"[{', '.join(whole)}]"


def _scalar(value: bool | int | str | date | None) -> str:  # noqa: FBT001 -- any scalar
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(text: str) -> str:
    """Return the text plain where it reads back as itself, else in double quotes."""
    plain = (
        bool(text)
        and (text[0].isalnum() or text[0] in "./_($€§")
        and not SYNTAX.search(text)
        and read_scalar(text) == text
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
