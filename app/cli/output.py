"""What goes to stdout, what goes to stderr, and with which exit code a command ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

if TYPE_CHECKING:
    from app.core.language.diagnostics import Diagnostic
    from app.core.language.records import RecordFile
    from app.core.model.record import LearnerRecord

FAILED = 1
BAD_INPUT = 2
LARGEST_FILE = 2 * 1024 * 1024
RECORD = (
    "name a file, YAML or JSON, that says what a learner has achieved, such as earned: [sqa/m1]"
)


class Format(StrEnum):
    """How a result is printed."""

    text = "text"
    json = "json"


Rules = Annotated[
    Path, typer.Option("--rules", help="The directory of rule packs.", envvar="CAIRN_RULES")
]
As = Annotated[Format, typer.Option("--format", help="text or json")]


def say(text: str) -> None:
    """Print a result; a reader that has gone away has had what it wanted."""
    if sys.stdout is None:  # closed before the start
        refuse("there is no output to print to")
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Nothing is said either when the interpreter flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


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


def read_input(path: Path, remedy: str = "") -> bytes:
    """Return a file's bytes (`-` is standard input); what cannot be read ends the command."""
    try:
        if str(path) == "-":
            content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        refuse(f"`{path}` cannot be read: {(problem.strerror or 'unreadable').lower()}", remedy)
    if len(content) > LARGEST_FILE:
        refuse(f"`{path}` is larger than {LARGEST_FILE // 1024 // 1024} MiB", "split it")
    return content


def read_form(path: Path, what: str) -> dict[str, Any]:
    """Return the keys and values of a YAML or JSON file; what is wrong with it ends the command."""
    from app.core.language.reader import read_yaml

    source = read_input(path)
    document, found = read_yaml(source, str(path))
    if document is None or found or not isinstance(document.value, dict):
        tell_findings(found, {str(path): source})
        refuse(f"{what} `{path}` cannot be used", "write keys and values")
    return document.value


class Learner(NamedTuple):
    """A record, the file that it was read from, and the file's bytes by its name."""

    record: LearnerRecord
    file: RecordFile
    sources: Mapping[str, bytes]


def read_learner(path: Path) -> Learner:
    """Return the record in a file; what is wrong with it ends the command."""
    from app.core.language.records import read_record

    source = read_input(path, RECORD)
    file = read_record(source, str(path))
    if file.record is None:
        tell_findings(file.diagnostics, {str(path): source})
        refuse(f"the record `{path}` cannot be used")
    return Learner(file.record, file, {str(path): source})


@contextmanager
def refusals(learner: Learner | None = None) -> Iterator[None]:
    """End as bad input where a use case refuses the request or a record cannot be judged.

    What is found in the record of `learner` is told with its place in the file.
    """
    from app.core.model.errors import AuditError
    from app.services.errors import DiagnosedError, RecordRefusedError, ServiceError

    try:
        yield
    except DiagnosedError as refused:
        found: Sequence[Diagnostic] = refused.diagnostics
        if learner and isinstance(refused, RecordRefusedError):
            found = sorted(map(learner.file.located, found))
        tell_findings(found, learner.sources if learner else {})
        refuse(str(refused))
    except (ServiceError, AuditError) as refused:
        refuse(str(refused))
