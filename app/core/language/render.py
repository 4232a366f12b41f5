"""Diagnostics as text with the line they are about, and as plain values for JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from app.core.language.diagnostics import MORE, Diagnostic
from app.core.model.source import SourceSpan

WIDEST = 100
LINE_END = re.compile(r"\r\n|\r|\n")
# What a mark underlines: a quoted text, a plain one up to the next sign of the syntax, or one sign.
PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'|[^\s,\[\]{}:#][^,\[\]{}:#]*|.')


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, bytes]) -> str:
    """Return the findings one below the other, each with its line from `sources` and a mark."""
    lines = {file: _lines(source) for file, source in sources.items()}
    return "".join(_block(found, lines.get(found.span.file, [])) for found in diagnostics)


def render_plain(diagnostics: Iterable[Diagnostic]) -> list[dict[str, str | int]]:
    """Return the findings as values that JSON can hold; a line of nought is no line."""
    return [
        {
            "code": found.code,
            "severity": found.severity,
            "message": found.message,
            "help": found.help,
            "file": found.span.file,
            "line": found.span.line,
            "column": found.span.column,
            "path": found.path,
        }
        for found in diagnostics
    ]


def _lines(source: bytes) -> list[str]:
    return LINE_END.split(source.decode("utf-8-sig", errors="replace"))


def _block(found: Diagnostic, lines: list[str]) -> str:
    parts = [f"{_place(found)}{found.severity} {found.code}", f"  {found.message}"]
    if found.code != MORE and 0 < found.span.line <= len(lines):
        parts.extend(_marked(lines[found.span.line - 1], found.span))
    if found.help:
        parts.append(f"  help: {found.help}")
    return "\n".join(parts) + "\n"


def _place(found: Diagnostic) -> str:
    """Return the file and the line, or the path where no line is known."""
    path = "" if found.span.line or found.path == "$" else found.path
    place = " ".join(filter(None, (str(found.span), path)))
    return f"{place}: " if place else ""


def _marked(line: str, span: SourceSpan) -> list[str]:
    start = max(span.column - 1, 0)
    cut = max(0, start - WIDEST // 2) if len(line) > WIDEST else 0
    shown = "".join(char if char.isprintable() else " " for char in line[cut : cut + WIDEST])
    piece = PIECE.match(shown, start - cut)
    length = max(_cells(piece[0].rstrip()), 1) if piece else 1
    number = f"{span.line:>6} | "
    indent = " " * (_cells(shown[: start - cut]) + (1 if cut else 0))
    return [
        f"{number}{'…' if cut else ''}{shown}{'…' if len(line) > cut + WIDEST else ''}",
        f"{' ' * 7}| {indent}{'~' * (length - 1)}^",
    ]


def _cells(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
