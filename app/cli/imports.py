"""Import rules and students of other systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import (
    FAILED,
    As,
    Format,
    read_input,
    refuse,
    say,
    say_json,
    tell,
    tell_findings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.interop.hanson_pack import Imported

app = typer.Typer(help="Import rules and students of other systems.", no_args_is_help=True)

ENDINGS = (".yaml", ".yml")
MOST_FILES = 5_000


@app.command("hanson")
def hanson(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Rule files in the Hanson format, or directories with such files."),
    ],
    out: Annotated[Path, typer.Option(help="The directory to write the rule pack below.")],
    institution: Annotated[
        str, typer.Option(help="The institution's id, as all ids begin with it.")
    ] = "stolaf",
    as_: As = Format.text,
) -> None:
    """Make a rule pack of areas of study; what is not carried over is told with its place."""
    import re

    from app.core.language.form_values import NAME
    from app.interop.hanson_pack import import_areas

    if not re.fullmatch(NAME, institution):
        refuse(f"`{institution}` is no id", "write small letters, digits and hyphens")
    target = out / institution
    if target.exists():
        refuse(f"`{target}` is there already", "name another directory, or delete it")
    sources = {str(file): read_input(file) for path in paths for file in _files(path)}
    if not sources:
        refuse("there are no files to import", "they end in .yaml or .yml")
    imported = import_areas(sources, institution)
    _write(imported.files, target)
    tell_findings(imported.diagnostics, sources)
    if as_ is Format.json:
        say_json(_counts(imported))
    else:
        say(_table(imported))
    raise typer.Exit(FAILED if imported.failed else 0)


def _files(path: Path) -> list[Path]:
    """Return a file, or the files below a directory; links are not followed."""
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix in ENDINGS and file.is_file() and not file.is_symlink()
    )
    if len(found) > MOST_FILES:
        refuse(f"`{path}` holds more than {MOST_FILES} files", "import a part of it at a time")
    return found


def _write(files: Mapping[str, str], target: Path) -> None:
    """Write the pack beside its place first, so that there is all of it or nothing."""
    import shutil
    from tempfile import mkdtemp

    if not files:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, text in files.items():
            file = beside / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        beside.chmod(0o755)
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _counts(imported: Imported) -> dict[str, object]:
    return {
        "files": imported.sources,
        "whole": imported.whole,
        "partial": imported.partial,
        "failed": imported.failed,
        "not_carried": dict(imported.not_carried),
    }


def _table(imported: Imported) -> str:
    rows = [
        ("files", imported.sources),
        ("imported whole", imported.whole),
        ("imported in part", imported.partial),
        ("failed", imported.failed),
        *((f"not carried over: {name}", n) for name, n in imported.not_carried.items()),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name.ljust(width)}  {number:>5}" for name, number in rows)


@app.command("hanson-student")
def hanson_student(
    file: Annotated[Path, typer.Argument(help="A student as JSON; - reads it from the input.")],
    area: Annotated[
        str, typer.Option(help="The area from whose declaration terms are counted; else the first.")
    ] = "",
    institution: Annotated[
        str, typer.Option(help="The institution's id, as in the imported rules.")
    ] = "stolaf",
) -> None:
    """Print a student as a record that `cairn audit` reads."""
    import json

    from app.core.language.printer_yaml import print_yaml
    from app.core.language.records import read_record
    from app.interop.hanson_student import StudentError, record_of

    try:
        record, left = record_of(json.loads(read_input(file)), area=area, institution=institution)
    except (ValueError, RecursionError) as wrong:
        why = f": {wrong}" if isinstance(wrong, StudentError) else ""
        refuse(f"`{file}` is no student in the other engine's JSON{why}")
    text = print_yaml(record)
    read = read_record(text.encode(), str(file))
    if read.record is None:
        tell_findings(read.diagnostics, {str(file): text.encode()})
        refuse(f"what is made of `{file}` is no record")
    for sentence in left:
        tell(f"cairn: not carried over: {sentence}")
    say(text)
