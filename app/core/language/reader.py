"""The strict YAML reader: bytes to plain values, each with its place; reads JSON as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from app.core.language.diagnostics import Collector, Diagnostic, Place, shorten
from app.core.language.scalars import Misreading, join_halves, read_scalar
from app.core.language.syntax import Breakage, escape_beyond, translate
from app.core.language.text import LARGEST, decode
from app.core.model.source import NOWHERE, SourceSpan

Plain: TypeAlias = "bool | int | str | date | list[Plain] | dict[str, Plain] | None"
Spans: TypeAlias = Mapping[Place, SourceSpan]

DEEPEST = 64
MOST_VALUES = 200_000
KEY: Final = -1
"""Ends the place of a key in `Spans`; the same place without it is that of the key's value."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as plain values, and where each value and each key stands."""

    value: Plain
    spans: Spans


def read_yaml(
    source: bytes, file: str, *, largest: int = LARGEST, most: int = MOST_VALUES
) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Return the file's values, and all that is wrong with how it is written.

    A value that is refused stands as text in the document, so that the rest can be checked too;
    there is no document where nothing can be told of the rest.
    """
    found = Collector()
    text = decode(source, file, largest, found)
    document = None if text is None else _Builder(file, found, most).document(text)
    return document, found.sorted()


def span_at(spans: Spans, place: Place) -> SourceSpan:
    """Return where the value stands, or the nearest one around it whose place is known."""
    for end in range(len(place), -1, -1):
        if (span := spans.get(place[:end])) is not None:
            return span
    return NOWHERE


def key_at(spans: Spans, place: Place) -> SourceSpan:
    """Return where the key of the value stands, else the value itself."""
    return spans.get((*place, KEY)) or span_at(spans, place)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; one without a place is left out of the document."""

    value: list[Plain] | dict[str, Plain]
    place: Place | None
    key: str | None = None
    awaits_key: bool = True

    def next_place(self) -> Place | None:
        """Return the place of the value that comes next, if one comes and is kept."""
        if self.place is None:
            return None
        if isinstance(self.value, list):
            return (*self.place, len(self.value))
        return None if self.awaits_key or self.key is None else (*self.place, self.key)


class _Builder:
    """Builds plain values from the parser's events, without recursion."""

    def __init__(self, file: str, found: Collector, most: int) -> None:
        self._file = file
        self._found = found
        self._most = most
        self._repaired = bool(found.sorted())
        self._spans: dict[Place, SourceSpan] = {}
        self._root: Plain = None
        self._open: list[_Open] = []
        self._documents = 0
        self._values = 0
        self._given_up = False

    def document(self, text: str) -> Document | None:
        try:
            all(map(self._take, YAML(typ="safe", pure=True).parse(text)))
        except MarkedYAMLError as broken:
            self._broken(translate(broken))
        except (ValueError, OverflowError):
            # The library trips over an escape such as \UFFFFFFFF.
            self._broken(escape_beyond(text))
        if self._given_up:
            return None
        if self._root is None:
            start = SourceSpan(self._file, 1, 1)
            self._found.error("CN0114", "the file is empty", start, remedy="write `key: value`")
            return None
        return Document(self._root, self._spans)

    def _broken(self, breakage: Breakage) -> None:
        self._given_up = True
        # Where a tab has been replaced by a space, the tab may be all that is wrong.
        if not self._repaired:
            span = SourceSpan(self._file, breakage.line, breakage.column)
            self._found.error(breakage.code, breakage.message, span, remedy=breakage.remedy)

    def _error(self, code: str, message: str, span: SourceSpan, remedy: str) -> None:
        around = self._open[-1] if self._open else _Open([], None)
        path = around.next_place() or around.place or ()
        self._found.error(code, message, span, path=path, remedy=remedy)

    def _take(self, event: Event) -> bool:
        """Add what the event brings; False ends the reading."""
        if isinstance(event, CollectionEndEvent):
            self._open.pop()
            return True
        span = SourceSpan(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, NodeEvent):
            return self._node(event, span)
        if isinstance(event, DocumentStartEvent):
            return self._document_start(event, span)
        return True

    def _document_start(self, event: DocumentStartEvent, span: SourceSpan) -> bool:
        self._documents += 1
        if event.version is not None or event.tags:
            message = "a directive stands above the first key"
            self._error("CN0121", message, span, "delete the lines with `%`")
        if self._documents > 1:
            message = "a second document begins here"
            self._error("CN0110", message, span, "put it in a file of its own")
        return self._documents == 1

    def _node(self, event: NodeEvent, span: SourceSpan) -> bool:
        self._values += 1
        if self._values > self._most or len(self._open) >= DEEPEST or self._found.full:
            self._give_up(span)
            return False
        self._refuse_extras(event, span)
        mapping = self._open[-1] if self._open else None
        if mapping and mapping.awaits_key and isinstance(mapping.value, dict):
            self._key(event, span, mapping)
        elif isinstance(event, CollectionStartEvent):
            value: list[Plain] | dict[str, Plain]
            value = {} if isinstance(event, MappingStartEvent) else []
            self._open.append(_Open(value, self._put(value, span)))
        else:
            self._put(self._scalar(event, span), span)
        return True

    def _give_up(self, span: SourceSpan) -> None:
        self._given_up = True
        if self._values > self._most:
            message = f"the file holds more than {self._most} values"
            self._error("CN0117", message, span, "split it")
        elif len(self._open) >= DEEPEST:
            message = f"values are nested more than {DEEPEST} deep here"
            self._error("CN0118", message, span, "close brackets, or nest less")

    def _refuse_extras(self, event: NodeEvent, span: SourceSpan) -> None:
        if event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            message = f"`{sign}{shorten(event.anchor)}` is an anchor or an alias"
            self._error("CN0103", message, span, "write the value out, or quote text")
        elif isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            message = f"`{shorten(tag)}` is a tag"
            self._error("CN0104", message, span, "delete it, or quote text")

    def _key(self, event: NodeEvent, span: SourceSpan, mapping: _Open) -> None:
        mapping.awaits_key = False
        mapping.key = None
        if isinstance(event, ScalarEvent):
            key = self._text_of(event, span)
            if key is not None and self._is_new(key, span, mapping):
                mapping.key = key
                if (place := mapping.next_place()) is not None:
                    self._spans[(*place, KEY)] = span
            return
        self._error("CN0115", "a list or mapping stands as a key", span, "use text")
        if isinstance(event, CollectionStartEvent):
            self._open.append(_Open({} if isinstance(event, MappingStartEvent) else [], None))

    def _text_of(self, event: ScalarEvent, span: SourceSpan) -> str | None:
        key = join_halves(event.value) if event.style else read_scalar(event.value)
        if key == "<<" and not event.style:
            self._error("CN0103", "`<<` merges in another mapping", span, "write its keys out")
            return None
        if isinstance(key, str):
            return key
        if isinstance(key, Misreading) and event.style:
            self._error(key.code, key.message, span, key.remedy)
        else:
            shown = shorten(event.value)
            self._error("CN0115", f"the key `{shown}` is not text", span, f'write "{shown}"')
        return None

    def _is_new(self, key: str, span: SourceSpan, mapping: _Open) -> bool:
        if key not in mapping.value:
            return True
        first = self._spans.get((*(mapping.place or ()), key, KEY), NOWHERE)
        where = f", first on line {first.line}" if first.line else ""
        message = f"the key `{shorten(key)}` stands twice{where}"
        self._error("CN0102", message, span, "keep one of them")
        return False

    def _scalar(self, event: NodeEvent, span: SourceSpan) -> Plain:
        if not isinstance(event, ScalarEvent):
            return None
        value = join_halves(event.value) if event.style else read_scalar(event.value)
        if not isinstance(value, Misreading):
            return value
        self._error(value.code, value.message, span, value.remedy)
        return str(event.value).encode(errors="replace").decode()

    def _put(self, value: Plain, span: SourceSpan) -> Place | None:
        """Put the value where it belongs; return its place, or None where it is left out."""
        if not self._open:
            self._root = value
            self._spans[()] = span
            return ()
        around = self._open[-1]
        place = around.next_place()
        if isinstance(around.value, list):
            around.value.append(value)
        elif around.key is not None:
            around.value[around.key] = value
        around.awaits_key = True
        if place is not None:
            self._spans[place] = span
        return place
