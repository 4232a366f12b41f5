"""The comments of a rule file: those at its head, which the canonical form keeps, and others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from ruamel.yaml import YAML
from ruamel.yaml.tokens import ScalarToken

from app.core.language.diagnostics import Collector
from app.core.language.text import LARGEST, decode

COMMENT = re.compile("#.*")


def comments_of(source: bytes) -> tuple[str, tuple[int, ...]]:
    """Return the lines of comment above the first key, and the numbers of other commented lines.

    The file has to be one that could be read.
    """
    text = decode(source, "", LARGEST, Collector()) or ""
    written = text.split("\n")
    above = list(takewhile(lambda line: not line or line[0] == "#", written))
    # To find where values stand takes most of the time of reading the file.
    signs = any("#" in line for line in written[len(above) :])
    lines = tuple(line for line in _commented(text) if line > len(above)) if signs else ()
    return "".join(f"{line.rstrip()}\n" for line in above if line), lines


def _commented(text: str) -> Iterator[int]:
    """Yield the lines with a `#` outside of every value."""
    at = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        if isinstance(token, ScalarToken):
            yield from _between(text, at, token.start_mark.index)
            at = token.end_mark.index
    yield from _between(text, at, len(text))


def _between(text: str, start: int, end: int) -> Iterator[int]:
    for found in COMMENT.finditer(text, start, end):
        yield text.count("\n", 0, found.start()) + 1
