"""Bytes to text: what has to be in order before a file can be read as YAML."""

from __future__ import annotations

import codecs
import re

from app.core.language.diagnostics import Collector
from app.core.model.source import SourceSpan

LARGEST = 2 * 1024 * 1024

OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
LINE_END = re.compile(r"\r\n?")
# Besides control characters: the line and paragraph separators (some readers break lines there) and
# the byte-order mark inside a text.
UNSEEN = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def decode(source: bytes, file: str, largest: int, found: Collector) -> str | None:
    """Return the text, its line ends plain and unseen characters gone; None where there is none."""
    if len(source) > largest:
        _too_large(len(source), file, largest, found)
        return None
    for mark, name in OTHER_MARKS.items():
        if source.startswith(mark):
            found.error(
                "CN0111",
                f"the file is written in {name}, not in UTF-8",
                SourceSpan(file, 1, 1),
                remedy="save it as UTF-8",
            )
            return None
    try:
        text = source.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as broken:
        _not_text(source, broken.start, file, found)
        return None
    text = LINE_END.sub("\n", text)
    if UNSEEN.search(text):
        _unseen(text, file, found)
        return UNSEEN.sub(" ", text)
    return text


def _too_large(size: int, file: str, largest: int, found: Collector) -> None:
    found.error(
        "CN0116",
        f"the file has {size} bytes, more than the {largest} that are read",
        SourceSpan(file),
        remedy="split it, or leave out what is not part of it",
    )


def _not_text(source: bytes, at: int, file: str, found: Collector) -> None:
    before = source[:at].removeprefix(codecs.BOM_UTF8).decode()
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    found.error(
        "CN0111",
        f"the byte {source[at]:02X} (hexadecimal) does not belong to UTF-8 text",
        SourceSpan(file, line, column),
        remedy="save the file as UTF-8",
    )


def _unseen(text: str, file: str, found: Collector) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        first = UNSEEN.search(line)
        if first is None or found.full:
            continue
        span = SourceSpan(file, number, first.start() + 1)
        if first[0] == "\t":
            found.error("CN0112", "a tab stands here", span, remedy="write spaces")
        else:
            message = f"the character U+{ord(first[0]):04X} stands here and cannot be seen"
            found.error("CN0113", message, span, remedy="delete it")
