"""What goes to stdout, what goes to stderr, and with which exit code a command ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from app.core.language.diagnostics import Diagnostic

FAILED = 1
BAD_INPUT = 2
LARGEST_FILE = 2 * 1024 * 1024


class Format(StrEnum):
    """How a result is printed."""

    text = "text"
    json = "json"


Rules = Annotated[
    Path, typer.Option("--rules", help="The directory of rule packs.", envvar="CAIRN_RULES")
]
As = Annotated[Format, typer.Option("--format", help="text or json")]


def say(text: str) -> None:
    """Print a result."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def say_json(value: object) -> None:
    """Print a result as JSON."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def tell(text: str) -> None:
    """Print what is no result."""
    sys.stderr.write(text if text.endswith("\n") else f"{text}\n")


def refuse(sentence: str, remedy: str = "") -> NoReturn:
    """End as bad input or wrong use, with one sentence."""
    tell(f"cairn: {sentence}" + (f"\n  help: {remedy}" if remedy else ""))
    raise typer.Exit(BAD_INPUT)


def tell_findings(found: Sequence[Diagnostic], sources: Mapping[str, bytes]) -> None:
    """Print findings with the lines they are about."""
    from app.core.language.render import render_text

    if found:
        tell(render_text(found, sources))


def read_input(path: Path) -> bytes:
    """Return a file's bytes (`-` is standard input); what cannot be read ends the command."""
    try:
        if str(path) == "-":
            content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        refuse(f"`{path}` cannot be read: {(problem.strerror or 'unreadable').lower()}")
    if len(content) > LARGEST_FILE:
        refuse(f"`{path}` is larger than {LARGEST_FILE // 1024 // 1024} MiB", "split it")
    return content


@contextmanager
def refusals(about: str = "") -> Iterator[None]:
    """End as bad input where a use case refuses the request or a record cannot be judged.

    `about` is the file in which to look for what has no place of its own.
    """
    from app.core.model.errors import AuditError
    from app.core.model.source import NOWHERE, SourceSpan
    from app.services.errors import DiagnosedError, ServiceError

    try:
        yield
    except DiagnosedError as refused:
        elsewhere = SourceSpan(about)
        found = [
            replace(one, span=elsewhere) if one.span == NOWHERE else one
            for one in refused.diagnostics
        ]
        tell_findings(found, {})
        refuse(str(refused))
    except (ServiceError, AuditError) as refused:
        refuse(str(refused))
