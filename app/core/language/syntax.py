"""The YAML library's complaints in a rule author's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ruamel.yaml.error import MarkedYAMLError


@dataclass(frozen=True, slots=True)
class Breakage:
    """Where a file stops being YAML, in one sentence; lines and columns count from one."""

    message: str
    remedy: str
    line: int
    column: int
    code: str = "CN0101"


class _Sentence(NamedTuple):
    """What to say of a complaint that holds `words`, and at which of its two marks."""

    words: str
    message: str
    remedy: str
    at: Literal["problem", "start"] = "problem"


SENTENCES = (
    _Sentence(
        r"character '(.+)' that cannot start", "`{}` cannot begin a value", "quote the value"
    ),
    _Sentence(
        r"could not find expected ':'", "a `:` is missing after this", "write `key: value`", "start"
    ),
    _Sentence(
        r"sequence entries are not allowed",
        "a list item cannot stand here",
        "begin the list on a line of its own",
    ),
    _Sentence(r"mapping keys are not", "a `?` cannot stand here", "write `key: value`"),
    _Sentence(
        r"mapping values are not allowed|found unexpected ':'",
        "a `:` cannot stand here",
        "check the indentation, or quote text that holds a `:`",
    ),
    _Sentence(
        r"directive|expected '<document start>'|YAML document",
        "something stands here that does not belong to the file's first mapping",
        "indent it like the other keys, and close every bracket",
    ),
    _Sentence(
        r"an (?:alias|anchor)", "`&` and `*` cannot begin a value", "quote the value", "start"
    ),
    _Sentence(r"a tag|tag handle|a URI", "`!` cannot begin a value", "quote the value", "start"),
    _Sentence(
        r"a block scalar|follow up line",
        "the text after `|` or `>` cannot be read",
        "write nothing else on that line, and indent all lines of the text alike",
        "start",
    ),
    _Sentence(
        r"unexpected end of stream|unexpected document separator",
        "the quoted text that begins here does not end",
        "add the closing quote",
        "start",
    ),
    _Sentence(
        r"unknown escape character '(.+)'",
        r"`\{}` is not an escape",
        r"write `\\` for a backslash, or use single quotes",
    ),
    _Sentence(
        r"expected escape sequence",
        "the escape is cut short",
        r"write four hexadecimal digits after `\u`, two after `\x`",
    ),
    _Sentence(
        r"a flow sequence",
        "the list that begins here does not end",
        "add the missing `]` or `,`",
        "start",
    ),
    _Sentence(
        r"a flow mapping",
        "the mapping that begins here does not end",
        "add the missing `}` or `,`",
        "start",
    ),
    _Sentence(
        r"expected <block end>",
        "this does not fit the lines above it",
        "indent it like its neighbours, and begin list items with `- `",
    ),
    _Sentence(
        r"expected the node content", "a value is missing here", "write the value, or quote it"
    ),
)
BEYOND = re.compile(r"\\U(?!000|0010)")
OTHERWISE = _Sentence("", "from here on the file cannot be read as YAML", "check the line above")


def translate(broken: MarkedYAMLError) -> Breakage:
    """Return what the library found, where, and what would work."""
    complaint = f"{broken.context or ''} {broken.problem or ''}"
    for sentence in SENTENCES:
        found = re.search(sentence.words, complaint)
        if found is not None:
            return _at(broken, sentence, *found.groups())
    return _at(broken, OTHERWISE)


def _at(broken: MarkedYAMLError, sentence: _Sentence, *names: str) -> Breakage:
    mark = broken.problem_mark
    if sentence.at == "start" or mark is None:
        mark = broken.context_mark or mark
    message = sentence.message.format(*names)
    return Breakage(message, sentence.remedy, mark.line + 1, mark.column + 1)


def escape_beyond(text: str) -> Breakage:
    """Return where an escape names a character beyond the last one there is."""
    found = BEYOND.search(text)
    before = text[: found.start() if found else 0]
    column = len(before) - (before.rfind("\n") + 1) + 1
    message, remedy = "the escape names no character", r"write at most `\U0010FFFF`"
    return Breakage(message, remedy, before.count("\n") + 1, column, "CN0122")
