"""Diagnostics: what is wrong in a file, as data; collected, never raised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from typing import Literal, TypeAlias

from app.core.model.source import NOWHERE, SourceSpan

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
Place: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value in a file."""

NUMBERS = re.compile(r"(\d{1,9})")
LISTED = 20
MORE = "CN0119"
KEPT = 1000
LONGEST_NAME = 60
CLOSE, CLOSER = 0.6, 0.8


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a file; sorts by place, `path` is written `$.require.all[0]`."""

    code: str
    severity: Severity
    message: str
    help: str = ""
    span: SourceSpan = NOWHERE
    path: str = "$"

    def __lt__(self, other: Diagnostic) -> bool:
        """Order by place, then by code and text; what is not listed comes last."""
        return self._order() < other._order()

    def _order(self) -> tuple[SourceSpan, list[str | int], bool, str, str]:
        # Text and numbers by turns: entry 10 of a list comes after entry 2.
        parts = enumerate(NUMBERS.split(self.path))
        path = [int(one) if at % 2 else one for at, one in parts]
        return self.span, path, self.code == MORE, self.code, self.message


class Collector:
    """Gathers the diagnostics of one file and hands them back sorted by place."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self._found: list[Diagnostic] = []

    @property
    def full(self) -> bool:
        """Say whether so much is wrong that reading on would help nobody."""
        return len(self._found) >= KEPT

    def error(
        self, code: str, message: str, span: SourceSpan, *, path: Place = (), remedy: str = ""
    ) -> None:
        """Keep an error; what comes after the first thousand is left out."""
        texts = _printable(message), _printable(remedy)
        self.keep([Diagnostic(code, "error", *texts, span, _printable(show_place(path)))])

    def keep(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep findings made elsewhere."""
        for diagnostic in diagnostics:
            if not self.full:
                self._found.append(diagnostic)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return what was found, by place, each finding once."""
        return tuple(sorted(set(self._found)))


def _printable(text: str) -> str:
    # What is quoted from a file may hold escapes that a terminal would obey.
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def is_error(diagnostic: Diagnostic) -> bool:
    """Say whether the file cannot be used because of it."""
    return diagnostic.severity == "error"


def beyond(first: Sequence[Diagnostic], later: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return `first`, and of `later` what stands elsewhere: one place is reported once."""
    places = set(map(_place, first))
    return (*first, *(diagnostic for diagnostic in later if _place(diagnostic) not in places))


def _place(diagnostic: Diagnostic) -> SourceSpan | str:
    return diagnostic.span if diagnostic.span.line else diagnostic.path


def listed(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings by place, at most twenty a file and then how many more there are.

    What is listed already stays as it is.
    """
    found = sorted(set(diagnostics))
    return tuple(
        diagnostic
        for _, of_file in groupby(found, key=lambda diagnostic: diagnostic.span.file)
        for diagnostic in _shortened(list(of_file))
    )


def _shortened(found: list[Diagnostic]) -> list[Diagnostic]:
    # One more costs a line either way, and a list that was shortened before is left alone.
    if len(found) <= LISTED + 1:
        return found
    rest = found[LISTED:]
    counted = len(found) < KEPT and all(one.code != MORE for one in rest)
    count = str(len(rest)) if counted else f"at least {len(rest)}"
    span = rest[0].span
    where = f" in this file, from line {span.line} on" if span.line else ""
    text = f"{count} more problems{where}"
    worst = max((one.severity for one in rest), key=SEVERITIES.index)
    return [*found[:LISTED], Diagnostic(MORE, worst, text, "", span, rest[0].path)]


def show_place(path: Place) -> str:
    """Return the path as it is written in a diagnostic: `$.require.all[0]`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def shorten(name: str) -> str:
    """Return `name` short enough, and on one line, to stand in a sentence."""
    plain = " ".join(name.split())
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is spelled most like `name`, or nothing.

    Ids of one institution begin alike: they are compared by the rest.
    """
    name, names = name[:LONGEST_NAME], sorted(known)
    head, slash, tail = name.rpartition("/")
    if slash:
        tails = [one.removeprefix(head + slash) for one in names if one.startswith(head + slash)]
        if found := get_close_matches(tail, tails, n=1, cutoff=CLOSE):
            return head + slash + found[0]
    found = get_close_matches(name, names, n=1, cutoff=CLOSER if slash else CLOSE)
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question that offers the nearest known name, or nothing."""
    close = nearest(name, known)
    return f"did you mean `{close}`?" if close else ""
