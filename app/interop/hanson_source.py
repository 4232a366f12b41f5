"""Files in the Hanson format as nodes: all scalars are text, and every node knows its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from app.core.language.diagnostics import Collector, Diagnostic, shorten
from app.core.language.syntax import translate
from app.core.language.text import LARGEST, decode
from app.core.model.source import SourceSpan

NOT_CARRIED, MISSHAPEN, NO_RULE = "CN1101", "CN1102", "CN1103"

DEEPEST = 64
MOST_NODES = 50_000

Value: TypeAlias = "str | tuple[Node, ...] | Mapping[str, Node]"


class MisshapenError(ValueError):
    """A file is not written as the format has it."""

    def __init__(self, message: str, span: SourceSpan, remedy: str = "") -> None:
        """Say what is wrong where."""
        super().__init__(message)
        self.diagnostic = Diagnostic(MISSHAPEN, "error", message, remedy, span)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file: text, a list or a mapping, and where it stands."""

    value: Value
    span: SourceSpan

    @property
    def text(self) -> str:
        """Return the text that stands here."""
        if not isinstance(self.value, str):
            raise MisshapenError("text has to stand here", self.span)
        return self.value

    @property
    def items(self) -> tuple[Node, ...]:
        """Return the list that stands here."""
        if not isinstance(self.value, tuple):
            raise MisshapenError("a list has to stand here", self.span, "write `[` and `]` around")
        return self.value

    @property
    def fields(self) -> Mapping[str, Node]:
        """Return the mapping that stands here."""
        if isinstance(self.value, str | tuple):
            raise MisshapenError("keys and values have to stand here", self.span)
        return self.value

    @property
    def words(self) -> tuple[str, ...]:
        """Return the texts of a list; one alone is a list of one."""
        if isinstance(self.value, str):
            return (self.value,)
        return tuple(item.text for item in self.items)

    @property
    def flag(self) -> bool:
        """Say whether `true` stands here."""
        words = {"true": True, "false": False, "yes": True, "no": False}
        found = words.get(self.text.lower())
        if found is None:
            raise MisshapenError(f"`{shorten(self.text)}` is neither true nor false", self.span)
        return found

    def get(self, key: str) -> Node | None:
        """Return the value of a key of a mapping, if it has one."""
        return self.fields.get(key)

    def need(self, key: str) -> Node:
        """Return the value of a key that a mapping has to have."""
        found = self.get(key)
        if found is None:
            raise MisshapenError(f"`{key}` is missing", self.span, f"add `{key}`")
        return found

    def has(self, *keys: str) -> bool:
        """Say whether it is a mapping with one of the keys."""
        return isinstance(self.value, Mapping) and any(key in self.value for key in keys)

    def without(self, *keys: str) -> Node:
        """Return the mapping without some of its keys."""
        left = {key: part for key, part in self.fields.items() if key not in keys}
        return replace(self, value=left)

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it."""
        yield self
        below = self.value if isinstance(self.value, tuple) else ()
        if isinstance(self.value, Mapping):
            below = tuple(self.value.values())
        for part in below:
            yield from part.walk()


def read_source(source: bytes, file: str) -> Node:
    """Return the mapping that a file holds; MisshapenError where it cannot be read."""
    found = Collector()
    text = decode(source, file, LARGEST, found)
    if text is None:
        raise MisshapenError(found.sorted()[0].message, SourceSpan(file))
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as broken:
        breakage = translate(broken)
        span = SourceSpan(file, breakage.line, breakage.column)
        raise MisshapenError(breakage.message, span, breakage.remedy) from None
    except (ValueError, OverflowError, RecursionError):
        raise MisshapenError("the file is not well-formed YAML", SourceSpan(file)) from None
    if not isinstance(root, MappingNode):
        raise MisshapenError("the file holds no keys and values", SourceSpan(file, 1, 1))
    return _Builder(file).node(root, 0)


class _Builder:
    """Makes nodes of what the parser composed; what is aliased is written out."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._made = 0

    def node(self, composed: ScalarNode | SequenceNode | MappingNode, depth: int) -> Node:
        mark = composed.start_mark
        span = SourceSpan(self._file, mark.line + 1, mark.column + 1)
        self._made += 1
        if depth > DEEPEST or self._made > MOST_NODES:
            raise MisshapenError("the file is nested too deep, or holds too much", span, "split it")
        if isinstance(composed, ScalarNode):
            return Node(str(composed.value), span)
        if isinstance(composed, SequenceNode):
            return Node(tuple(self.node(item, depth + 1) for item in composed.value), span)
        return Node(dict(self._pairs(composed, depth + 1)), span)

    def _pairs(self, composed: MappingNode, depth: int) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key, value in composed.value:
            name = self.node(key, depth)
            if name.text in seen:
                message = f"the key `{shorten(name.text)}` stands twice"
                raise MisshapenError(message, name.span, "keep one of them")
            seen.add(name.text)
            yield name.text, self.node(value, depth)
